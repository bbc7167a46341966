#!/usr/bin/env python3
"""Plays a report's page without a browser: its own script, in V8, against what the program played.

Takes the page and a trace for each of its players, in their order. Prints one JSON document; exit status 1 where
an episode differs that two logits close to each other do not explain.
"""

import json
import sys

from py_mini_racer import MiniRacer
from traces import PLAY, differences, read, starts

CHUNK = 50


def element(page, name):
    """The text of the script with this id."""
    return page.split(f' id="{name}">', 1)[1].split("</script>", 1)[0]


def main():
    """The command."""
    path, traces = sys.argv[1], sys.argv[2:]
    with open(path, encoding="utf-8") as file:
        page = file.read()
    players = json.loads(element(page, "players"))
    if len(players) != len(traces):
        sys.exit(f"error: {len(players)} players and {len(traces)} traces")
    engine, found = MiniRacer(), []
    engine.eval(element(page, "engine") + PLAY)
    for player, trace in zip(players, traces):
        episodes = read(trace)
        begins, played = starts(episodes), []
        engine.eval(f"var player = {json.dumps(player)}")
        for first in range(0, len(begins), CHUNK):
            call = f"JSON.stringify(playAll(player, {json.dumps(begins[first : first + CHUNK])}))"
            played += json.loads(engine.eval(call))
        found.append({"player": player["label"], **differences(episodes, played)})
    print(json.dumps(found))
    return 1 if any(row["different"] > row["ties"] for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())

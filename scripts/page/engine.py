#!/usr/bin/env python3
"""Replays with a report's page, without a browser: its own script, in V8, takes the steps that the program took.

Prints one JSON document; exit status 1 where a step differs by more than rounding.
"""

import argparse
import json
import sys

from py_mini_racer import MiniRacer
from replay import REPLAY, check


def element(page, name):
    """Gives the text of the script with this id."""
    return page.split(f' id="{name}">', 1)[1].split("</script>", 1)[0]


def main():
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Replays what the program played with the engine of a page.")
    parser.add_argument("page", help="what `gridworld report` wrote")
    files = {"nargs": "+", "metavar": "FILE", "required": True}
    parser.add_argument("--player", action="append", help="a checkpoint, then documents of `watch --json`", **files)
    options = parser.parse_args()
    with open(options.page, encoding="utf-8") as file:
        page = file.read()
    players = json.loads(element(page, "players"))
    if len(players) != len(options.player):
        sys.exit(f"error: {len(players)} players, and {len(options.player)} are to be compared")
    engine, found = MiniRacer(), []
    engine.eval(element(page, "engine") + REPLAY)
    for player, (checkpoint, *watched) in zip(players, options.player):
        engine.eval(f"var player = {json.dumps(player)}, agent = new Agent(player)")
        call = "JSON.stringify(replay(agent, player.environment, {}))".format
        replay = lambda episodes: json.loads(engine.eval(call(json.dumps(episodes))))
        found.append(check(checkpoint, watched, player["label"], replay))
    print(json.dumps(found))
    return 1 if any(player["wrong"] for player in found) else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Opens a report's page in a real headless Chromium, and uses it as people do.

Takes the page and a trace for each of its players, in their order. Prints one JSON document; exit status 1 where
something is wrong, 3 where there is no Chromium.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from chromium import Chromium, find
from traces import PLAY, differences, read, starts

CHUNK = 100
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


class Check:
    """What was looked at, and what was wrong."""

    def __init__(self, browser):
        self.browser, self.wrong, self.passed = browser, [], 0

    def that(self, holds, what):
        """Notes whether something holds."""
        self.passed += bool(holds)
        if not holds:
            self.wrong.append(what)

    def part(self, name, field="textContent"):
        """A property of one of the player's elements."""
        return self.browser.evaluate(f"document.getElementById('player-{name}').{field}")

    def choose(self, name, value):
        """Chooses a value, as a person would with the pointer."""
        target = f"document.getElementById('player-{name}')"
        self.browser.evaluate(f"{target}.value = {json.dumps(value)}; {target}.dispatchEvent(new Event('change'))")

    def wait(self, expression, seconds=10):
        """Whether an expression comes to hold in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.browser.evaluate(expression):
                return True
            time.sleep(0.05)
        return False


def play(check, traces):
    """Plays what the program played, in the page itself."""
    found = []
    check.browser.evaluate(PLAY + "; 0")
    labels = check.browser.evaluate("PLAYERS.map((player) => player.label)")
    check.that(len(labels) == len(traces), f"{len(labels)} players and {len(traces)} traces")
    for index, (label, trace) in enumerate(zip(labels, traces)):
        episodes = read(trace)
        begins, played = starts(episodes), []
        for first in range(0, len(begins), CHUNK):
            played += check.browser.evaluate(f"playAll(PLAYERS[{index}], {json.dumps(begins[first : first + CHUNK])})")
        row = {"player": label, **differences(episodes, played)}
        check.that(row["different"] == row["ties"], f"it does not play as the program does: {row}")
        found.append(row)
    return found


def controls(check, traces):
    """Chooses, plays, pauses and scrubs; with the keyboard where there are keys."""
    browser = check.browser
    for index, trace in enumerate(traces):
        line = read(trace)[0]
        check.choose("agent", str(index))
        check.choose("from", str(line["start"] // 25))
        check.choose("to", str(line["start"] % 25))
        check.choose("wait", str(starts([line])[0][3]))
        browser.evaluate("document.getElementById('player-T').select(); document.getElementById('player-T').focus()")
        browser.call("Input.insertText", text=str(line["T"]))
        check.that(check.part("clock-T") == str(line["T"]), "a T that is typed is not the one that is shown")
        check.choose("speed", "100")
        browser.evaluate("document.getElementById('player-play').focus()")
        browser.key(" ", " ")
        over = f"document.getElementById('player-clock').textContent == '{len(line['actions'])}'"
        check.that(check.wait(over), f"trace {index}: it did not play to step {len(line['actions'])}")
        on_time = check.part("outcome", "dataset.kind")
        check.that(on_time == ("success" if line["success"] else "failure"), f"trace {index}: the outcome is {on_time}")
        check.that(check.part("said") == check.part("outcome") != "", "the outcome was not said")
        browser.key("Home")
        check.that(check.part("clock") == "0", "Home does not go to the start")
        browser.key("ArrowRight")
        check.that(check.part("clock") == "1", "the right arrow is not a step on")
        browser.key("ArrowLeft")
        check.that(check.part("clock") == "0" and check.part("said").startswith("Step 1:"), "the left arrow is not a step back")
        browser.key("End")
        check.that(check.part("clock") == str(len(line["actions"])), "End does not go to the end")
        before = int(check.part("clock-T"))
        browser.key("+", "+")
        check.that(check.part("clock-T") == str(before + 1), "+ is not another T")
    check.choose("T", "0")
    check.that(not check.part("T-problem", "hidden") and check.part("clock-T") != "0", "T = 0 is not refused")
    check.choose("T", "1000")
    check.that(check.part("T-problem", "hidden") and check.part("clock-T") == "1,000", "T = 1000 is not taken")
    browser.evaluate("document.getElementById('player-T').blur()")


def closed(check):
    """Nothing gets out, and no foreign script runs."""
    refused = check.browser.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'refused')")
    check.that(refused == "refused", "the page can reach the network")
    script = "const s = document.createElement('script'); s.textContent = 'window.foreign = 1'; document.body.append(s); window.foreign"
    check.that(check.browser.evaluate(f"(() => {{ {script} }})(); window.foreign") is None, "a foreign script runs")


def named(check):
    """Everything that can be used has a name for a screen reader, and there is one live region."""
    nodes = check.browser.call("Accessibility.getFullAXTree")["nodes"]
    usable = {"button", "combobox", "slider", "spinbutton", "link", "image", "region", "textbox"}
    found = [node for node in nodes if not node["ignored"] and node["role"]["value"] in usable]
    check.that(len(found) > 15, f"only {len(found)} things can be used")
    nameless = [node["role"]["value"] for node in found if not node.get("name", {}).get("value")]
    check.that(not nameless, f"without a name: {nameless}")
    live = [node for node in nodes if node.get("role", {}).get("value") == "status"]
    check.that(len(live) == 1, f"{len(live)} live regions")


def looks(check, folder):
    """Each size in light and dark: nothing wider than the window; pictures, if a folder is named."""
    browser = check.browser
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            browser.appear(width, height, prefers_color_scheme=scheme, prefers_reduced_motion="no-preference")
            wide = browser.evaluate("document.documentElement.scrollWidth")
            check.that(wide <= width, f"{size}: the page is {wide} pixels wide")
            if folder:
                pictures(check, folder, f"{size}-{scheme}")
    browser.appear(*SIZES["desktop"], prefers_reduced_motion="reduce")
    calm(check)


def calm(check):
    """Who wishes for little motion sees two pictures a second at most."""
    check.choose("T", "300")
    check.choose("speed", "100")
    watch = """new Promise((resolve) => {
      let pictures = 0;
      const observer = new MutationObserver(() => { pictures += 1; });
      observer.observe(document.getElementById('player-clock'), { childList: true });
      document.getElementById('player-play').click();
      setTimeout(() => { document.getElementById('player-play').click(); observer.disconnect(); resolve(pictures); }, 1800);
    })"""
    pictures = check.browser.evaluate(watch)
    check.that(1 <= pictures <= 6, f"{pictures} pictures in 1.8 seconds although little motion is wished for")


def pictures(check, folder, name):
    """The top, and the player at the start, in the middle and at the end of episodes."""
    browser = check.browser
    browser.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = false; }); scrollTo(0, 0)")
    browser.screenshot(folder / f"{name}-page.png", whole=True)
    players = browser.evaluate("PLAYERS.map((player) => player.label)")
    for index, label in enumerate(players):
        check.choose("agent", str(index))
        for T, key, moment in ((12, "Home", "start"), (12, None, "middle"), (12, "End", "end"), (1000, "End", "end")):
            check.choose("T", str(T))
            browser.evaluate("document.getElementById('player-play').focus()")
            for pressed in [key] if key else ["ArrowRight"] * 6:
                browser.key(pressed)
            browser.evaluate("document.getElementById('player').scrollIntoView({ behavior: 'instant' })")
            plain = "".join(letter if letter.isalnum() or letter == "-" else "-" for letter in label)
            browser.screenshot(folder / f"{name}-{plain}-T{T}-{moment}.png")


def main():
    """The command."""
    parser = argparse.ArgumentParser(description="Uses a report's page in a headless Chromium.")
    parser.add_argument("page", type=Path)
    parser.add_argument("traces", nargs="+")
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="write pictures of it into this folder")
    options = parser.parse_args()
    program = find()
    if program is None:
        print("no Chromium was found", file=sys.stderr)
        return 3
    if options.screenshots:
        options.screenshots.mkdir(parents=True, exist_ok=True)
    with Chromium(program) as browser:
        browser.appear(*SIZES["desktop"], prefers_color_scheme="light")
        browser.open(options.page.absolute().as_uri())
        check = Check(browser)
        played = play(check, options.traces)
        controls(check, options.traces)
        named(check)
        looks(check, options.screenshots)
        complaints = browser.complaints()
        check.that(not complaints, f"complaints: {complaints}")
        # Last, as the browser complains of what it refuses.
        closed(check)
    print(json.dumps({"browser": program, "played": played, "passed": check.passed, "wrong": check.wrong}))
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

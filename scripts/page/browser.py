#!/usr/bin/env python3
"""Opens a report's page in a real headless Chromium, and uses it as people do.

Takes what engine.py takes. Prints one JSON document; exit status 1 where something is wrong, 3 where there is no
Chromium.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from chromium import Chromium, find
from replay import REPLAY, check as check_steps, read, start

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


class Check:
    """Checks of a page: the number of those that passed, and descriptions of those that failed."""

    def __init__(self, browser):
        self.browser, self.wrong, self.passed = browser, [], 0

    def that(self, holds, what):
        """Counts a check that holds, and keeps the description of one that does not."""
        self.passed += bool(holds)
        if not holds:
            self.wrong.append(what)

    def part(self, name, field="textContent"):
        """Gives a property of one of the player's elements."""
        return self.browser.evaluate(f"document.getElementById('player-{name}').{field}")

    def choose(self, name, value):
        """Chooses a value, as a person would with the pointer."""
        target = f"document.getElementById('player-{name}')"
        self.browser.evaluate(f"{target}.value = {json.dumps(value)}; {target}.dispatchEvent(new Event('change'))")

    def wait(self, expression, seconds=10):
        """Waits until an expression holds, and tells if it does in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.browser.evaluate(expression):
                return True
            time.sleep(0.05)
        return False


def play(check, players):
    """Takes the steps that the program took, in the page itself."""
    found = []
    check.browser.evaluate(REPLAY + "; 0")
    labels = check.browser.evaluate("PLAYERS.map((player) => player.label)")
    check.that(len(labels) == len(players), f"{len(labels)} players, and {len(players)} are to be compared")
    for index, (label, (checkpoint, *watched)) in enumerate(zip(labels, players)):
        check.browser.evaluate(f"var agent = new Agent(PLAYERS[{index}]); 0")
        call = f"replay(agent, PLAYERS[{index}].environment, {{}})".format
        replay = lambda episodes: check.browser.evaluate(call(json.dumps(episodes)))
        found.append(check_steps(checkpoint, watched, label, replay))
        check.wrong += found[-1]["wrong"]
    return found


def controls(check, players):
    """Chooses, plays, pauses and scrubs; with the keyboard where there are keys."""
    browser = check.browser
    for index, (_, *watched) in enumerate(players):
        begin = start(read(watched)[0])
        # What the page shows is compared with its engine's own episode: play() compares the engine with the program.
        episode = f"playEpisode(new Agent(PLAYERS[{index}]), PLAYERS[{index}].environment, {json.dumps(begin)})"
        expected = browser.evaluate(f"(({{ steps, success }}) => ({{ steps: steps.length, success }}))({episode})")
        check.choose("agent", str(index))
        check.choose("from", str(begin["agent"]))
        check.choose("to", str(begin["target"]))
        check.choose("wait", str(begin["wait"]))
        browser.evaluate("document.getElementById('player-T').select(); document.getElementById('player-T').focus()")
        browser.call("Input.insertText", text=str(begin["T"]))
        check.that(check.part("clock-T") == str(begin["T"]), "a T that is typed is not the one that is shown")
        check.choose("speed", "100")
        browser.evaluate("document.getElementById('player-play').focus()")
        browser.key(" ", " ")
        over = f"document.getElementById('player-clock').textContent == '{expected['steps']}'"
        check.that(check.wait(over, 60), f"player {index}: it did not play to step {expected['steps']}")
        on_time = check.part("outcome", "dataset.kind")
        check.that(on_time == ("success" if expected["success"] else "failure"), f"player {index}: it ends as {on_time}")
        check.that(check.part("said") == check.part("outcome") != "", "the outcome was not said")
        browser.key("Home")
        check.that(check.part("clock") == "0", "Home does not go to the start")
        browser.key("ArrowRight")
        check.that(check.part("clock") == "1", "the right arrow is not a step on")
        browser.key("ArrowLeft")
        check.that(check.part("clock") == "0" and check.part("said").startswith("Step 1:"), "the left arrow is not a step back")
        browser.key("End")
        check.that(check.part("clock") == str(expected["steps"]), "End does not go to the end")
        before = int(check.part("clock-T"))
        browser.key("+", "+")
        check.that(check.part("clock-T") == str(before + 1), "+ is not another T")
    check.choose("T", "0")
    check.that(not check.part("T-problem", "hidden") and check.part("clock-T") != "0", "T = 0 is not refused")
    check.choose("T", "1000")
    check.that(check.part("T-problem", "hidden") and check.part("clock-T") == "1,000", "T = 1000 is not taken")
    browser.evaluate("document.getElementById('player-T').blur()")


def closed(check):
    """Checks that the page cannot reach the network, and that no foreign script runs."""
    refused = check.browser.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'refused')")
    check.that(refused == "refused", "the page can reach the network")
    script = "const s = document.createElement('script'); s.textContent = 'window.foreign = 1'; document.body.append(s); window.foreign"
    check.that(check.browser.evaluate(f"(() => {{ {script} }})(); window.foreign") is None, "a foreign script runs")


def named(check):
    """Checks that everything that can be used has a name for a screen reader, and that there is one live region."""
    nodes = check.browser.call("Accessibility.getFullAXTree")["nodes"]
    usable = {"button", "combobox", "slider", "spinbutton", "link", "image", "region", "textbox"}
    found = [node for node in nodes if not node["ignored"] and node["role"]["value"] in usable]
    check.that(len(found) > 15, f"only {len(found)} things can be used")
    nameless = [node["role"]["value"] for node in found if not node.get("name", {}).get("value")]
    check.that(not nameless, f"without a name: {nameless}")
    live = [node for node in nodes if node.get("role", {}).get("value") == "status"]
    check.that(len(live) == 1, f"{len(live)} live regions")


def looks(check, folder):
    """Checks each size in light and dark: nothing is wider than the window; saves pictures, if a folder is named."""
    browser = check.browser
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            browser.appear(width, height, prefers_color_scheme=scheme, prefers_reduced_motion="no-preference")
            wide = browser.evaluate("document.documentElement.scrollWidth")
            check.that(wide <= width, f"{size}: the page is {wide} pixels wide")
            if size == "phone":
                readable(check)
            if folder:
                pictures(check, folder, f"{size}-{scheme}")
    browser.appear(*SIZES["desktop"], prefers_reduced_motion="reduce")
    calm(check)


def readable(check):
    """Checks on a phone that the board is wide, and that text and cards fit: figures alone are scrolled sideways."""
    browser = check.browser
    board = browser.evaluate("document.querySelector('.board').getBoundingClientRect().width")
    check.that(board >= 300, f"phone: the board is {board} pixels wide")
    browser.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    cut = "[...document.querySelectorAll('.scroll')].filter((part) => part.querySelector('.cards, .text') && part.scrollWidth > part.clientWidth)"
    names = browser.evaluate(f"{cut}.map((part) => part.getAttribute('aria-label'))")
    check.that(not names, f"phone: these are cut: {names}")
    browser.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = false; })")


def calm(check):
    """Checks that the page shows two pictures a second at most to people who wish for little motion."""
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
    """Saves pictures of the top, and of the player at the start, in the middle and at the end of episodes."""
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
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Uses a report's page in a headless Chromium.")
    parser.add_argument("page", type=Path)
    files = {"nargs": "+", "metavar": "FILE", "required": True}
    parser.add_argument("--player", action="append", help="a checkpoint, then documents of `watch --json`", **files)
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
        played = play(check, options.player)
        controls(check, options.player)
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

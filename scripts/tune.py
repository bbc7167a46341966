#!/usr/bin/env python3
"""Trains with one setting at a time changed, and tells how long each takes to mastery.

Each trial ends when 99 % of the feasible is held at every T, or at its last step. The settings take
turns seed by seed, so that whatever else the machine does meets all of them. What is finished is kept
and not run again. Only the standard library is needed.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

VARIATIONS = {
    "envs": ["32", "128", "256"],
    "rollout": ["10", "40"],
    "learning-rate": ["0.004", "0.016"],
    "schedule": ["constant"],
    "entropy": ["0.1", "0.4"],
    "lambda": ["0.8", "0.9"],
    "clip": ["0.25", "1"],
    "gain": ["0.1", "1"],
    "features": ["32"],
    "advantages": ["raw"],
    "optimizer": ["rmsprop"],
}
"""The values of each flag that are tried beside its default."""


PAGE = """# The training's settings

Written by `make tune`; not to be edited by hand.

Seconds from the first step to mastery, at least 99 % of the feasible at every T in two evaluations in a
row: each line is the default training of `{agent}` with one flag changed, evaluated every 100,000 steps
and ended when mastery was held; seeds 1 to {seeds}, one training at a time with two workers.

{table}"""


def trial(program: Path, runs: Path, agent: str, flags: list[str], seed: int) -> dict:
    """Runs one training to mastery, and gives its document; from the disk if it was run before."""
    name = "__".join([agent, *(flag.lstrip("-") for flag in flags), f"seed{seed}"])
    kept = runs / f"{name}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    print(name, file=sys.stderr)
    command = [program, "train", "--agent", agent, "--seed", str(seed), "--stop-at", "0.99"]
    # Without a name each attempt has a folder of its own, also after one that was interrupted.
    done = subprocess.run([*command, *flags, "--runs", runs, "--quiet", "--json"], stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"{name}: exit status {done.returncode}")
    partial = kept.with_suffix(".partial")
    partial.write_bytes(done.stdout)
    partial.rename(kept)
    return json.loads(done.stdout)


def row(setting: str, documents: list[dict]) -> str:
    """Writes a line of the table; a training without mastery counts as longer than any."""
    held = [document["mastery"] for document in documents]
    seconds = [mastery["seconds"] if mastery else float("inf") for mastery in held]
    steps = [mastery["steps"] if mastery else float("inf") for mastery in held]
    rate = median(document["steps_per_second"] for document in documents)

    def shown(value: float, form: str) -> str:
        return "–" if value == float("inf") else format(value, form)

    cells = [
        setting,
        f"{sum(mastery is not None for mastery in held)} of {len(held)}",
        shown(median(seconds), ".1f"),
        shown(max(seconds), ".1f"),
        shown(median(steps) / 1e6, ".2f"),
        f"{rate / 1000:.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Runs what is missing, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gridworld", type=Path, default=Path("target/release/gridworld"), help="the program")
    parser.add_argument("--runs", type=Path, default=Path("runs/tuning"), help="folder of the runs")
    parser.add_argument("--page", type=Path, default=Path("docs/tuning.md"), help="where the table goes")
    parser.add_argument("--agent", default="lstm-nac", help="the agent")
    parser.add_argument("--seeds", type=int, default=3, help="seeds 1 to this one")
    parser.add_argument("--only", nargs="*", choices=VARIATIONS, default=list(VARIATIONS), help="flags to vary")
    options = parser.parse_args()
    options.runs.mkdir(parents=True, exist_ok=True)
    settings = {"default": []}
    for flag in options.only:
        settings |= {f"{flag} {value}": [f"--{flag}={value}"] for value in VARIATIONS[flag]}
    found = {setting: [] for setting in settings}
    for seed in range(1, options.seeds + 1):
        for setting, flags in settings.items():
            found[setting].append(trial(options.gridworld, options.runs, options.agent, flags, seed))
    lines = [
        f"| {options.agent} | mastered | seconds, median | longest | 10⁶ steps, median | 1,000 steps/s |",
        "|---|--:|--:|--:|--:|--:|",
        *(row(setting, documents) for setting, documents in found.items()),
    ]
    table = "\n".join(lines) + "\n"
    options.page.write_text(PAGE.format(agent=options.agent, seeds=options.seeds, table=table))
    print(table, end="")


if __name__ == "__main__":
    main()

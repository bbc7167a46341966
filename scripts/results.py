#!/usr/bin/env python3
"""Trains each agent with several seeds, evaluates all of them, and writes docs/results.md.

What is finished already (a run folder with its evaluation) is not run again, so that an interrupted
series goes on where it stopped. Only the standard library is needed.
"""

import argparse
import json
import platform
import subprocess
import sys
from pathlib import Path
from statistics import mean, median

AGENTS = ["lstm", "lstm-nac"]
BOUNDS = ["oracle", "random"]
"""The ceiling and the floor of every table."""


def gridworld(program: Path, *arguments: str) -> dict:
    """Runs the program with `--json` and gives its document."""
    done = subprocess.run([program, *arguments, "--json"], stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"{program} {' '.join(arguments)}: exit status {done.returncode}")
    return json.loads(done.stdout)


def series(program: Path, runs: Path, agent: str, seed: int, values: str, episodes: int) -> dict:
    """One seed of one agent: how its training went, and how it did at each T."""
    name = f"{agent}-{seed}"
    kept = runs / f"{name}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    run = runs / name
    if run.exists():
        sys.exit(f"{run}: begun and not finished; go on with `gridworld train --resume {run}` or remove it")
    print(f"{agent}, seed {seed}", file=sys.stderr)
    command = ["train", "--agent", agent, "--seed", str(seed), "--runs", str(runs), "--name", name, "--quiet"]
    training = gridworld(program, *command)
    evaluation = gridworld(program, "evaluate", str(run), "--T", values, "--episodes", str(episodes))
    document = {"training": training, "results": evaluation["results"]}
    partial = kept.with_suffix(".partial")
    partial.write_text(json.dumps(document, indent=1) + "\n")
    partial.rename(kept)
    return document


def per_cent(value: float) -> str:
    """A share as the tables show it."""
    return f"{100 * value:.1f}"


def extrapolation(learned: dict[str, list[dict]], bounds: dict[str, dict]) -> list[str]:
    """Success of the feasible at each T: mean over the seeds, and from the worst seed to the best."""
    lines = ["| T | " + " | ".join([*learned, *bounds]) + " |", "|" + "--:|" * (1 + len(learned) + len(bounds))]
    for index, row in enumerate(bounds["oracle"]["results"]):
        trained = learned[AGENTS[0]][0]["results"][index]["trained"]
        cells = [f"{row['T']}" + ("\\*" if trained else "")]
        for documents in learned.values():
            shares = [document["results"][index]["success_of_feasible"] for document in documents]
            cells.append(f"{per_cent(mean(shares))} ({per_cent(min(shares))}–{per_cent(max(shares))})")
        cells += [per_cent(bound["results"][index]["success_of_feasible"]) for bound in bounds.values()]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def trainings(learned: dict[str, list[dict]]) -> list[str]:
    """Each training's length, and when it first held 99 % of the feasible at every T."""
    lines = ["| agent | seed | steps | seconds | steps/s | mastery: steps | seconds |", "|---|--:|--:|--:|--:|--:|--:|"]
    for agent, documents in learned.items():
        for document in documents:
            run = document["training"]
            mastery = run["mastery"] or {"steps": "–", "seconds": None}
            seconds = "–" if mastery["seconds"] is None else f"{mastery['seconds']:.1f}"
            rate = f"{run['steps_per_second']:.0f}"
            cells = [agent, run["seed"], run["steps"], f"{run['seconds']:.1f}", rate, mastery["steps"], seconds]
            lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def sweep(tuning: Path) -> list[str]:
    """The tables of `make tune`, as far as it was run."""
    tables = sorted(tuning.glob("*.md"))
    if not tables:
        return []
    lines = [
        "",
        "## One setting changed at a time",
        "",
        "Seconds from the first step to mastery, written by `make tune`: each line is the default training",
        "with one flag changed, evaluated every 100,000 steps and ended when mastery was held.",
    ]
    for table in tables:
        lines += ["", table.read_text().rstrip()]
    return lines


def document(options: argparse.Namespace, learned: dict[str, list[dict]], bounds: dict[str, dict]) -> str:
    """The whole of docs/results.md."""
    version = learned[AGENTS[0]][0]["training"]["version"]
    held = [run["training"]["mastery"] for run in learned["lstm-nac"]]
    times = [mastery["seconds"] for mastery in held if mastery]
    summary = f"`lstm-nac` reached mastery in {len(times)} of {len(held)} runs"
    if times:
        summary += f", after {median(times):.1f} s in the median and {max(times):.1f} s at most"
    lines = [
        "# Results",
        "",
        "Written by `make results`; not to be edited by hand.",
        "",
        f"gridworld {version} on {processor()}. Agents trained on T ∈ 5..12 with default settings, seeds 1 to",
        f"{options.seeds}; the best checkpoint of each, greedy, {options.episodes} episodes for each T.",
        "",
        "## How far the agents count",
        "",
        "Success in per cent of the feasible episodes: the mean over seeds and, in brackets, the worst and",
        "the best seed. `oracle` is the ceiling, `random` the floor; `*` marks values of T in training.",
        "",
        *extrapolation(learned, bounds),
        "",
        "## How long they trained",
        "",
        "Mastery is the first of two evaluations in a row with at least 99 % of the feasible at every T of",
        f"the training. {summary}.",
        "",
        *trainings(learned),
        *sweep(options.tuning),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Runs what is missing, and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gridworld", type=Path, default=Path("target/release/gridworld"), help="the program")
    parser.add_argument("--runs", type=Path, default=Path("runs/results"), help="folder of the runs")
    parser.add_argument("--seeds", type=int, default=5, help="seeds 1 to this one")
    parser.add_argument("--T", dest="values", default="5..30,50,100", help="values of T to evaluate")
    parser.add_argument("--episodes", type=int, default=1000, help="episodes for each T")
    parser.add_argument("--out", type=Path, default=Path("docs/results.md"), help="the page")
    parser.add_argument("--tuning", type=Path, default=Path("runs/tuning"), help="folder of the sweep's tables")
    options = parser.parse_args()
    options.runs.mkdir(parents=True, exist_ok=True)
    seeds = range(1, options.seeds + 1)
    learned = {agent: [] for agent in AGENTS}
    for seed in seeds:
        for agent in AGENTS:
            one = series(options.gridworld, options.runs, agent, seed, options.values, options.episodes)
            learned[agent].append(one)
    play = ["--T", options.values, "--episodes", str(options.episodes)]
    bounds = {bound: gridworld(options.gridworld, "evaluate", bound, *play) for bound in BOUNDS}
    options.out.write_text(document(options, learned, bounds))


if __name__ == "__main__":
    main()

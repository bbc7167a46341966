"""Measures gridworld and its peers in rounds that take turns, and prints how they compare.

Run by `make bench-peers`. Every figure is the median of the rounds. Agents: environment steps a second
that were trained on; the peers' environments are as many as those of gridworld's workers together.
Arithmetic: updates a second over all seeds of one experiment.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
OURS = "gridworld lstm, pixels"
PACKAGES = ["gymnasium", "numpy", "sb3-contrib", "stable-baselines3", "torch", "jax", "jaxlib"]
BUSY = 0.5
"""Processes that want to run, above which measuring is of little use."""

Rates = dict[int, float]
"""Steps a second by number of environments."""


class Failure(Exception):
    """What went wrong, in one line."""


@dataclass(frozen=True)
class Peer:
    """Another system."""

    name: str
    command: tuple[str, ...]
    bar: float | None = None
    """How many times as fast gridworld should be, best against best."""
    environment: dict[str, str] = field(default_factory=dict)


# At some sizes PyTorch spends half of its time on memory that the C library gives back to the system
# after every step and asks for again.
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(2**40)}

PEERS = [
    Peer("sb3-contrib RecurrentPPO", ("sb3_recurrent_ppo.py",), 100),
    Peer("PyTorch A2C-LSTM", ("torch_a2c_lstm.py",), 50),
    Peer("the same, tuned", ("torch_a2c_lstm.py", "--single-pass"), environment=KEEP_MEMORY),
    Peer("JAX A2C-LSTM, pixels", ("jax_a2c_lstm.py",)),
    Peer("JAX A2C-LSTM, symbols", ("jax_a2c_lstm.py", "--symbols"), 2),
]


SEEDS, UPDATES = 100, 50_000
"""What gridworld's arithmetic is measured with."""
JOB = SEEDS * 200_000
"""Updates that times are told for: a hundred seeds of 200,000."""
OUR_ARITHMETIC = "gridworld, 100 seeds"

ARITHMETIC = [
    Peer("PyTorch, seed after seed", ("torch_static_arithmetic.py",), 50),
    Peer("PyTorch, 100 in a batch", ("torch_static_arithmetic.py", "--seeds", "100", "--threads", "2")),
]


def last_json(process: subprocess.CompletedProcess[str], what: str) -> dict:
    """The document that a finished program printed."""
    if process.returncode != 0:
        said = (process.stderr or "").strip().splitlines()
        raise Failure(f"{what}: exit status {process.returncode}" + (f": {said[-1]}" if said else ""))
    try:
        return json.loads(process.stdout)
    except ValueError:
        raise Failure(f"{what}: it printed no JSON") from None


def measure_ours(cargo: str) -> Rates:
    """One round of gridworld's own benchmark; where two settings have as many environments, the faster one."""
    command = [*cargo.split(), "bench", "--locked", "--bench", "speed"]
    flags = ["--json", "--rounds", "1", "--only", "training, lstm, LSTM 64"]
    # Standard error is cargo's, who may have to build first.
    process = subprocess.run([*command, "--", *flags], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    rates: Rates = {}
    for row in last_json(process, " ".join(command))["rows"]:
        trained = row["trained"]
        if trained and (trained["agent"], trained["hidden"]) == ("lstm", 64):
            envs = trained["workers"] * trained["envs"]
            rates[envs] = max(rates.get(envs, 0), row["median"])
    return rates


def run_peer(peer: Peer, flags: list[str]) -> dict:
    """What a peer prints."""
    command = [sys.executable, *peer.command, *flags]
    environment = os.environ | peer.environment
    process = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True)
    return last_json(process, " ".join([*peer.command, *flags]))


def measure_peer(peer: Peer, envs: int, seconds: float) -> float:
    """One run of a peer, in a process of its own."""
    return run_peer(peer, ["--envs", str(envs), "--seconds", str(seconds)])["steps_per_second"]


def measure_our_arithmetic(cargo: str) -> float:
    """Updates a second of a whole command, its start and its checks included."""
    run = [*cargo.split(), "run", "--release", "--locked", "--quiet", "--"]
    # Standard error is cargo's, who may have to build first.
    subprocess.run([*run, "--version"], cwd=PROJECT, stdout=subprocess.PIPE, check=False)
    with TemporaryDirectory() as runs:
        task = ["numeracy", "static", "--op", "add", "--cell", "nau", "--seeds", str(SEEDS)]
        flags = ["--iterations", str(UPDATES), "--runs", runs, "--quiet", "--json"]
        started = perf_counter()
        process = subprocess.run([*run, *task, *flags], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        elapsed = perf_counter() - started
    last_json(process, " ".join(task))
    return SEEDS * UPDATES / elapsed


def measure_arithmetic(options: argparse.Namespace) -> dict[str, list[float]]:
    """Updates a second of every system in each round."""
    rounds: dict[str, list[float]] = {name: [] for name in [OUR_ARITHMETIC, *(peer.name for peer in ARITHMETIC)]}
    for number in range(1, options.rounds + 1):
        rounds[OUR_ARITHMETIC].append(measure_our_arithmetic(options.cargo))
        for peer in ARITHMETIC:
            flags = ["--seconds", str(options.seconds)]
            rounds[peer.name].append(run_peer(peer, flags)["updates_per_second"])
        rates = ", ".join(f"{name}: {found[-1]:,.0f} updates/s" for name, found in rounds.items())
        print(f"round {number} of {options.rounds}: {rates}", file=sys.stderr)
    return rounds


def compare_arithmetic(rounds: dict[str, list[float]]) -> dict:
    """Medians and ratios, as the JSON document has them."""

    def system(name: str) -> dict:
        rate = median(rounds[name])
        return {"name": name, "updates_per_second": rate, "seconds": JOB / rate}

    ours = system(OUR_ARITHMETIC)
    peers = []
    for peer in ARITHMETIC:
        theirs = system(peer.name)
        ratio = ours["updates_per_second"] / theirs["updates_per_second"]
        peers.append(theirs | {"ratio": ratio, "bar": peer.bar, "holds": None if peer.bar is None else ratio >= peer.bar})
    return {"gridworld": ours, "peers": peers, "rounds": rounds}


def arithmetic_table(document: dict) -> str:
    """The comparison of arithmetic for people."""
    lines = [f"{'a + b of sums, NAU':<26}{'updates/s':>12}{'100 seeds':>12}  "]
    for system in [document["gridworld"], *document["peers"]]:
        ratio = f"  {system['ratio']:.1f}× {verdict(system)}" if "ratio" in system else ""
        lines.append(f"{system['name']:<26}{system['updates_per_second']:>12,.0f}{system['seconds']:>10,.0f} s{ratio}")
    notes = "Seconds: of a hundred seeds of 200,000 updates each, checks included, at that rate."
    return "\n".join([line.rstrip() for line in lines] + ["", notes])


def verdict(peer: dict) -> str:
    """Whether gridworld is as much faster as it should be."""
    return {None: "", True: f"at least {peer['bar']}×: yes", False: f"at least {peer['bar']}×: no"}[peer["holds"]]


def measure(options: argparse.Namespace) -> dict[str, list[Rates]]:
    """The rates of every system in each round."""
    rounds: dict[str, list[Rates]] = {name: [] for name in [OURS, *(peer.name for peer in PEERS)]}
    for number in range(1, options.rounds + 1):
        say: Callable[[str], None] = lambda what: print(f"round {number} of {options.rounds}: {what}", file=sys.stderr)
        say(OURS)
        ours = measure_ours(options.cargo)
        missing = [envs for envs in options.envs if envs not in ours]
        if missing:
            raise Failure(f"--envs {missing[0]}: gridworld's benchmark has {', '.join(map(str, sorted(ours)))}")
        rounds[OURS].append({envs: ours[envs] for envs in options.envs})
        for peer in PEERS:
            rates: Rates = {}
            for envs in options.envs:
                rates[envs] = measure_peer(peer, envs, options.seconds)
                say(f"{peer.name}, {envs} environments: {rates[envs]:,.0f} steps/s")
            rounds[peer.name].append(rates)
    return rounds


def medians(rounds: list[Rates]) -> Rates:
    """Over the rounds, for each number of environments."""
    return {envs: median(rates[envs] for rates in rounds) for envs in rounds[0]}


def compare(rounds: dict[str, list[Rates]]) -> dict:
    """Medians and ratios, as the JSON document has them."""
    ours = medians(rounds[OURS])
    peers = []
    for peer in PEERS:
        rates = medians(rounds[peer.name])
        best_ratio = max(ours.values()) / max(rates.values())
        peers.append({
            "name": peer.name,
            "steps_per_second": rates,
            "ratio": {envs: ours[envs] / rates[envs] for envs in rates},
            "best": max(rates.values()),
            "best_ratio": best_ratio,
            "bar": peer.bar,
            "holds": None if peer.bar is None else best_ratio >= peer.bar,
        })
    return {
        "gridworld": {"name": OURS, "steps_per_second": ours, "best": max(ours.values())},
        "peers": peers,
        "rounds": rounds,
    }


def table(document: dict) -> str:
    """The comparison for people: steps a second, and in brackets how many times as fast gridworld is."""

    def line(name: str, cells: list[str], bar: str) -> str:
        return (f"{name:<26}" + "".join(f"{cell:>17}" for cell in cells) + f"  {bar}").rstrip()

    ours, peers = document["gridworld"], document["peers"]
    lines = [line("environments", [*map(str, ours["steps_per_second"]), "best"], "")]
    own_rates = [*ours["steps_per_second"].values(), ours["best"]]
    lines.append(line(ours["name"], [f"{rate:,.0f}         " for rate in own_rates], ""))
    for peer in peers:
        rates = [*peer["steps_per_second"].values(), peer["best"]]
        ratios = [*peer["ratio"].values(), peer["best_ratio"]]
        cells = [f"{rate:,.0f} ({f'{ratio:.1f}×)':<7}" for rate, ratio in zip(rates, ratios)]
        lines.append(line(peer["name"], cells, verdict(peer)))
    rounds = len(document["rounds"][OURS])
    notes = [
        f"Trained environment steps a second, medians of {rounds} round(s); in brackets how many times as fast",
        "gridworld is with as many environments, and its best against the peer's best.",
    ]
    return "\n".join([*lines, "", *notes])


def numbers(text: str) -> list[int]:
    """A list with commas."""
    return [int(number) for number in text.split(",")]


def main() -> int:
    """The command; one line on standard error and status 1 where something fails."""
    parser = argparse.ArgumentParser(description="Measures gridworld and its peers, and prints how they compare.")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of everything (default 3)")
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement of a peer (default 5)")
    parser.add_argument("--envs", type=numbers, default=[128, 512, 2048], help="environments (default 128,512,2048)")
    parser.add_argument("--only", choices=["agents", "arithmetic"], help="one of the two comparisons (default both)")
    parser.add_argument("--cargo", default="cargo", help="the program that runs gridworld's own benchmark")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    load = os.getloadavg()[0]
    if load > BUSY:
        print(f"the machine is busy (load {load:.1f}): figures will be low, PyTorch's most of all", file=sys.stderr)
    document = {"versions": {package: version(package) for package in PACKAGES}}
    tables = []
    try:
        if options.only != "arithmetic":
            document["agents"] = compare(measure(options))
            tables.append(table(document["agents"]))
        if options.only != "agents":
            document["arithmetic"] = compare_arithmetic(measure_arithmetic(options))
            tables.append(arithmetic_table(document["arithmetic"]))
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    versions = ", ".join(f"{package} {number}" for package, number in document["versions"].items())
    print(json.dumps(document, indent=1) if options.json else "\n\n".join([*tables, f"{versions}."]))
    return 0


if __name__ == "__main__":
    sys.exit(main())

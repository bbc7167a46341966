#!/usr/bin/env python3
"""Checks trainings on a CUDA device, and measures their steps per second; one table and one JSON document.

A training to mastery and its success beside the processor's; trainings that each device goes on with from the
other's checkpoint; the rate at several numbers of environments. Without a CUDA device it says so, and exits with 77.
Only the standard library is needed. Fails with status 1 if a check fails.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

SKIPPED = 77
AGENTS = ["lstm", "lstm-nac", "lstm-nalu", "lstm-nau"]
ENVIRONMENTS = [1024, 4096, 16384]
ROLLOUT = 20
UPDATES = 30
"""Updates whose rate is measured; the first records, in which kernels are loaded, are left out."""
RECORDS_LEFT_OUT = 3
MASTERY = 0.99


class Program:
    """The program, with a folder for its runs."""

    def __init__(self, path: Path, runs: Path):
        self.path, self.runs = path, runs

    def document(self, *arguments: str) -> dict:
        """Runs a command, and gives the JSON document that it prints."""
        done = subprocess.run([self.path, *arguments, "--json"], stdout=subprocess.PIPE, check=False)
        if done.returncode != 0:
            sys.exit(f"gridworld {' '.join(map(str, arguments))}: exit status {done.returncode}")
        return json.loads(done.stdout)

    def train(self, *arguments: str) -> dict:
        """Runs a training, and gives its document."""
        return self.document("train", "--quiet", *map(str, arguments))

    def begin(self, name: str, *arguments: str) -> dict:
        """Runs a new training in a folder of this name, and gives its document."""
        return self.train("--runs", self.runs, "--name", name, *arguments)

    def success(self, run: str, device: str) -> dict[str, float]:
        """Evaluates a run on a device, and gives the success of the feasible by T."""
        found = self.document("evaluate", run, "--T", "5..12,19", "--device", device)
        return {str(row["T"]): row["success_of_feasible"] for row in found["results"]}


def mastery(program: Program, steps: int) -> dict:
    """Trains to mastery on the device, and evaluates on both."""
    done = program.begin("mastery", "--device", "cuda", "--stop-at", MASTERY, "--steps", steps)
    there, here = (program.success(done["run"], device) for device in ("cuda", "cpu"))
    return {
        "steps": done["steps"],
        "seconds": done["seconds"],
        "steps_per_second": done["steps_per_second"],
        "mastery": done["mastery"],
        "success_cuda": there,
        "success_cpu": here,
        "passed": done["mastery"] is not None and all(abs(there[t] - here[t]) <= 0.01 for t in here),
    }


def resumption(program: Program, agent: str) -> dict:
    """Goes on with a training on the other device, and back."""
    devices = ["cuda", "cpu", "cuda"]
    done = program.begin(f"resumed-{agent}", "--agent", agent, "--device", "cuda", "--steps", 20_000)
    taken = [done["steps"]]
    for part, device in enumerate(devices[1:], start=2):
        done = program.train("--resume", done["run"], "--steps", 20_000 * part, "--device", device)
        taken.append(done["steps"])
    passed = all(steps >= 20_000 * part for part, steps in enumerate(taken, start=1))
    return {"devices": devices, "steps": taken, "passed": passed}


def rate(program: Program, environments: int, device: str) -> dict:
    """Measures the steps per second of lstm-nac with one worker: the median over records."""
    update = environments * ROLLOUT
    name = f"rate-{environments}-{device}"
    flags = ["--workers", 1, "--envs", environments, "--rollout", ROLLOUT, "--eval-episodes", 1]
    steps = ["--steps", update * UPDATES, "--eval-interval", update * UPDATES]
    done = program.begin(name, "--device", device, *flags, *steps)
    lines = (Path(done["run"]) / "metrics.jsonl").read_text().splitlines()
    rates = [found["charts/SPS"] for found in map(json.loads, lines) if "charts/SPS" in found]
    return {"device": device, "environments": environments, "steps_per_second": median(rates[RECORDS_LEFT_OUT:])}


def card() -> str:
    """Gives the first device's name and driver."""
    if shutil.which("nvidia-smi") is None:
        return "unknown"
    query = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
    done = subprocess.run(query, stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.splitlines()[0] if done.returncode == 0 else "unknown"


PAGE = """# Trainings on CUDA

Written by `scripts/cuda.py --page` from `runs/reference/cuda.json`; not to be edited by hand.

`make test-cuda` checks trainings on a CUDA device and measures them. This is what it found on one {card},
driver {driver}, beside {threads} threads of that machine's processor, with libtorch
{libtorch} and revision {revision}.

**Checks.** For {agents}: the gradients of twelve updates were
those of the processor to 10⁻³ of their greatest component, with keyed and with drawn frames; a training
went on {resumption}, each time from the checkpoint of the other device.

Trained on the device alone, `lstm-nac` mastered T from 5 to 12 in {seconds:.0f} s ({steps:.1f} M steps, two workers of 64
environments). Greedy success of the feasible, where the device and where the processor plays the same
checkpoint, in 1,000 episodes for each T:

| T | cuda | cpu |
|--:|--:|--:|
{success}

**Rates.** Trained environment steps per second of `lstm-nac`, one worker, rollouts of {rollout} steps; median over records:

| environments | cuda | cpu | ratio |
|--:|--:|--:|--:|
{rates}

With 64 environments a worker the device is slower than the processor: the time of a step is then the time of starting its
operations. Settings that learn at thousands of environments have not been looked for. Trainings on the device are not
reproducible bit for bit, in sync mode neither, as its sums are taken in any order.
"""


def page(document: dict) -> str:
    """Writes the document as a page of docs/."""
    trained = document["mastery"]
    rates = {(row["environments"], row["device"]): row["steps_per_second"] for row in document["rates"]}
    name, driver = document["card"].split(", ")
    devices = {" then ".join(found["devices"]) for found in document["resumption"].values()}
    success = (trained["success_cuda"], trained["success_cpu"])
    return PAGE.format(
        card=name,
        driver=driver,
        threads=document["threads"],
        libtorch=document["libtorch"],
        revision=document["revision"],
        agents=", ".join(f"`{agent}`" for agent in document["resumption"]),
        resumption=" and ".join(sorted(devices)),
        seconds=trained["mastery"]["seconds"],
        steps=trained["mastery"]["steps"] / 1e6,
        success="\n".join(f"| {t} | {100 * there:.1f} % | {100 * success[1][t]:.1f} % |" for t, there in success[0].items()),
        rollout=ROLLOUT,
        rates="\n".join(
            f"| {count:,} | {rates[count, 'cuda']:,.0f} | {rates[count, 'cpu']:,.0f} "
            f"| {rates[count, 'cuda'] / rates[count, 'cpu']:.1f} |"
            for count in ENVIRONMENTS
        ),
    )


def main() -> None:
    """Runs the checks in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, default=Path("target/release/gridworld"))
    parser.add_argument("--steps", type=int, default=4_000_000, help="most steps of the training to mastery")
    parser.add_argument("--out", type=Path, help="file for the JSON document")
    parser.add_argument("--page", type=Path, help="file for the page that is made of it")
    arguments = parser.parse_args()

    runs = Path(tempfile.mkdtemp())
    program = Program(arguments.program, runs)
    doctor = program.document("doctor")
    if not doctor["cuda_devices"]:
        print("no CUDA device, or a libtorch without CUDA: nothing was checked")
        sys.exit(SKIPPED)
    about = {"revision": doctor["revision"], "libtorch": doctor["libtorch"]["version"], "threads": doctor["threads"]}
    document = {"card": card(), **about, "resumption": {}, "rates": []}
    print(document["card"], flush=True)

    def keep() -> None:
        if arguments.out:
            arguments.out.write_text(json.dumps(document, indent=2) + "\n")

    for agent in AGENTS:
        found = document["resumption"][agent] = resumption(program, agent)
        print(f"{agent:<10} goes on on cuda, cpu, cuda   {'ok' if found['passed'] else found}", flush=True)
    keep()
    for environments in ENVIRONMENTS:
        for device in ("cuda", "cpu"):
            found = rate(program, environments, device)
            document["rates"].append(found)
            print(f"{environments:>6} environments on {device:<5} {found['steps_per_second']:>12,.0f} steps/s", flush=True)
            keep()
    found = document["mastery"] = mastery(program, arguments.steps)
    keep()
    print(f"mastery: {json.dumps(found)}", flush=True)
    if arguments.page and found["mastery"]:
        arguments.page.write_text(page(document))
    shutil.rmtree(runs)
    checks = [document["mastery"], *document["resumption"].values()]
    sys.exit(0 if all(check["passed"] for check in checks) else 1)


if __name__ == "__main__":
    main()

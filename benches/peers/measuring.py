"""What the peers share: their sizes, their command line, and the clock."""

import argparse
import json
import math
import time
from collections.abc import Callable
from statistics import fmean

ROLLOUT = 20
"""Steps of each environment in an update."""
FEATURES = 64
HIDDEN = 64
INSTRUCTION_SCALE = 0.1
"""What T is multiplied by before the LSTM reads it."""

DISCOUNT = 0.99
LAMBDA = 0.95
LEARNING_RATE = 2e-3
ENTROPY_WEIGHT = 0.05
VALUE_WEIGHT = 0.5
CLIP = 0.5
"""The greatest global norm of a gradient."""


def parser(description: str) -> argparse.ArgumentParser:
    """The flags that every peer has."""
    result = argparse.ArgumentParser(description=description.splitlines()[0])
    result.add_argument("--envs", type=int, default=256, help="environments, all together (default 256)")
    result.add_argument("--seconds", type=float, default=5, help="how long to measure (default 5)")
    result.add_argument("--seed", type=int, default=1, help="of parameters and environments (default 1)")
    return result


def report(options: argparse.Namespace, update: Callable[[], float]) -> None:
    """Trains for `options.seconds` and prints one line of JSON.

    `update` takes a rollout, applies its gradient, and gives the mean return of the episodes that
    ended in it. The first call, where things are compiled and allocated, is not on the clock.
    """
    returns = [update()]
    started = time.perf_counter()
    while (elapsed := time.perf_counter() - started) < options.seconds or len(returns) < 2:
        returns.append(update())
    updates = len(returns) - 1
    tenth = math.ceil(len(returns) / 10)
    line = {
        "envs": options.envs,
        "steps_per_second": updates * ROLLOUT * options.envs / elapsed,
        "updates": updates,
        "return_first": fmean(returns[:tenth]),
        "return_last": fmean(returns[-tenth:]),
    }
    print(json.dumps(line))

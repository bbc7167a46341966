#!/usr/bin/env python3
"""Takes with scripts/outsider.py the steps that the program took, and plays on its own from where it began.

Prints one JSON document; exit status 1 where a step differs by more than rounding.
"""

import argparse
import json
import sys

import numpy as np

from comparison import Steps, compare, read
from outsider import Agent, load, play


def led(agent, steps):
    """Gives the state after each step and the choice in it, begun in the program's state."""
    agent.h, agent.c, agent.n = (steps.before(part).astype(np.float32) for part in ("h", "c", "n"))
    agent.phase = steps.phases
    logits = agent.step([divmod(int(frame), 25) for frame in steps.frames], steps.T[:, None], steps.first)
    weight, bias = agent.layer("heads.value")
    found = {"logits": logits, "phase_logit": agent.phase_logit, "value": agent.h @ weight.T + bias, "n": agent.n, "h": agent.h, "c": agent.c}
    return found, logits.argmax(1)


def freely(tensors, metadata, episodes, time_limit):
    """Counts the greedy episodes, and those that differ from the program's."""
    greedy, different = [episode for episode in episodes if episode["policy"] == "greedy"], 0
    for seed, T in sorted({(episode["seed"], episode["T"]) for episode in greedy}):
        ours = [episode for episode in greedy if (episode["seed"], episode["T"]) == (seed, T)]
        theirs, _ = play(tensors, metadata, T, len(ours), seed, time_limit)
        for one, other in zip(ours, theirs, strict=True):
            actions = [step["action"] for step in one["steps"]]
            same = actions == other["actions"] and one["outcome"] == other["outcome"] and one["lane"] == other["lane"]
            different += not (same and one["steps"][0]["frame"] == other["start"])
    return {"episodes": len(greedy), "different": different}


def main():
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Compares scripts/outsider.py with the program, step by step.")
    parser.add_argument("checkpoint", help="a file such as runs/NAME/checkpoints/best.safetensors")
    parser.add_argument("watched", nargs="+", help="documents of `gridworld watch --json` of this checkpoint")
    parser.add_argument("--time-limit", type=int, default=20, help="the training's, from config.json (20)")
    options = parser.parse_args()
    tensors, metadata = load(options.checkpoint)
    episodes = read(options.watched)
    steps = Steps(episodes)
    found, choices = led(Agent(tensors, metadata, len(steps.frames)), steps)
    report = compare(steps, steps.exactly(tensors, metadata), "the outsider", found, choices)
    report["played_freely"] = freely(tensors, metadata, episodes, options.time_limit)
    print(json.dumps(report))
    return 1 if report["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Measures how far 32-bit and 64-bit floats part in the episodes of TimedArrival-v1, and prints one JSON document.

From each placement of agent and target, one greedy episode is played with the step of scripts/outsider.py, in 32 bits,
and one with that of scripts/exact.py, in 64 bits, each in its own state throughout.
"""

import argparse
import json
import struct
import sys

import numpy as np

import exact
import outsider

PLACEMENTS = [(agent, target) for agent in range(25) for target in range(25) if agent != target]


class Rounded:
    """The agent in 32-bit floats."""

    def __init__(self, tensors, metadata):
        self.agent = outsider.Agent(tensors, metadata, len(PLACEMENTS))

    def logits(self, places, T, first):
        """Gives the logits of a step in all lanes."""
        return self.agent.step(places, T, first)


class Precise:
    """The agent in 64-bit floats."""

    def __init__(self, tensors, metadata):
        self.agent = exact.Network({name: value for name, value in tensors.items() if name.startswith("model.")}, metadata)
        images = np.stack([outsider.image(*place) for place in PLACEMENTS])
        self.features = dict(zip(PLACEMENTS, self.agent.vision(images, np.float64, exact.product), strict=True))
        outside = outsider.Agent(tensors, metadata, len(PLACEMENTS))
        self.state = [part.astype(np.float64) for part in (outside.h, outside.c, outside.n)]

    def logits(self, places, T, first):
        """Gives the logits of a step in all lanes."""
        features = exact.Near(np.stack([self.features[place] for place in places]))
        found = self.agent.step(features, np.full(len(places), T), first, *self.state, np.zeros(len(places), int))
        self.state = [found[part].value for part in ("h", "c", "n")]
        return found["logits"].value


def play(agent, T, limit):
    """Plays an episode from each placement; gives the logits and actions of each step, and the steps that each took."""
    places, steps, ended = list(PLACEMENTS), np.zeros(len(PLACEMENTS), int), np.zeros(len(PLACEMENTS), bool)
    arrivals, logits, actions = np.zeros(len(PLACEMENTS), int), [], []
    for t in range(1, limit + 1):
        logits.append(agent.logits(places, T, np.full(len(places), t == 1)))
        actions.append(logits[-1].argmax(1))
        steps += ~ended
        for lane in np.flatnonzero(~ended):
            cell = outsider.move(places[lane][0], actions[-1][lane])
            if cell == places[lane][1]:
                ended[lane], arrivals[lane] = True, t
            else:
                places[lane] = cell, places[lane][1]
        if ended.all():
            break
    return np.array(logits), np.array(actions), steps, arrivals


def compare(agents, T, limit):
    """Compares the episodes of both precisions at T."""
    played = [play(agent, T, max(T + 8, limit)) for agent in agents]
    (logits, actions, steps, arrivals), (others, other_actions, other_steps, other_arrivals) = played
    same, apart = 0, 0.0
    for lane in range(len(PLACEMENTS)):
        common = min(steps[lane], other_steps[lane])
        differs = np.flatnonzero(actions[:common, lane] != other_actions[:common, lane])
        same += not differs.size and steps[lane] == other_steps[lane]
        # As long as the actions were the same, both saw the same images.
        together = differs[0] + 1 if differs.size else common
        apart = max(apart, abs(logits[:together, lane] - others[:together, lane]).max())
    on_time = [int((found == T).sum()) for found in (arrivals, other_arrivals)]
    return {"T": T, "episodes": len(PLACEMENTS), "same_actions": int(same), "on_time": on_time, "logits": float(apart)}


def main():
    """Runs the command; one line on standard error where it fails."""
    parser = argparse.ArgumentParser(description="Compares greedy episodes in 32-bit and in 64-bit floats.")
    parser.add_argument("checkpoints", nargs="+", help="files such as runs/NAME/checkpoints/best.safetensors")
    parser.add_argument("--T", type=int, nargs="+", required=True, help="values of T")
    parser.add_argument("--time-limit", type=int, default=20, help="the training's, from config.json (20)")
    options = parser.parse_args()
    agents = []
    for path in options.checkpoints:
        try:
            tensors, metadata = outsider.load(path)
        except (OSError, ValueError, KeyError, struct.error) as error:
            sys.exit(f"error: {path}: {error}")
        both = [kind(tensors, metadata) for kind in (Rounded, Precise)]
        results = [compare(both, T, options.time_limit) for T in sorted(options.T)]
        config = metadata["config"]
        agents.append({"agent": config["agent"], "seed": config["training"]["seed"], "results": results})
        print(f"{path}: done", file=sys.stderr)
    print(json.dumps({"agents": agents}, indent=2))


if __name__ == "__main__":
    main()

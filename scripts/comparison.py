"""The steps that `gridworld watch --json` tells of, and whether another program takes the same ones.

Both are held against exact.py, step by step: each step begins in the program's state and goes on with the program's
action, so that what two programs make of the same network differs by one step's rounding and never by the course of an
episode. Where two logits are closer to each other than that, either choice is right.
"""

import json

import numpy as np

from exact import Network
from outsider import image

# What a step leaves.
PARTS = ["logits", "phase_logit", "value", "n", "h", "c"]
PLACEMENTS = 625


def read(paths):
    """Reads the episodes of documents of `gridworld watch --json`, each with its seed and policy."""
    episodes = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        episodes += [{**episode, "seed": document["seed"], "policy": document["policy"]} for episode in document["episodes"]]
    return episodes


def render(frame):
    """Draws the image of a frame's key; lines are white where there is a flash (IntervalReproduction-v1)."""
    flash, placement = divmod(frame, PLACEMENTS)
    pixels = image(*divmod(placement, 25))
    if flash:
        pixels[::11] = pixels[:, ::11] = 255
    return pixels


class Steps:
    """All steps of some episodes, one after the other, as arrays, [steps, …]."""

    def __init__(self, episodes):
        steps = [step for episode in episodes for step in episode["steps"]]
        field = lambda name: np.array([step[name] for step in steps])
        # Only an agent that tells phases apart has any.
        given = lambda name: np.array([step.get(name, []) for step in steps])
        self.frames, self.T, self.actions = field("frame"), field("instruction"), field("action")
        self.first = np.concatenate([np.arange(len(episode["steps"])) == 0 for episode in episodes])
        self.phases = np.array([step.get("phase", 0) for step in steps])
        self.after = {part: given(part).reshape(len(steps), -1) for part in PARTS}

    def before(self, part):
        """Gives the state before each step; in an episode's first step it is another's, and is to be forgotten."""
        return np.roll(self.after[part], 1, axis=0)

    def exactly(self, tensors, metadata):
        """Gives the exact state after each step of a checkpoint, and the greatest error of 32-bit floats."""
        network = Network({name: value for name, value in tensors.items() if name.startswith("model.")}, metadata)
        keys, rows = np.unique(self.frames, return_inverse=True)
        features = network.see(np.stack([render(key) for key in keys]))
        return network.step(features[rows], self.T, self.first, *(self.before(part) for part in ("h", "c", "n")), self.phases)


def compare(steps, exact, name, found, choices):
    """Compares the program, and `name`, which found these numbers and chose these actions, with the exact numbers."""
    wrong, shares = [], {}
    for who, numbers in (("the program", steps.after), (name, found)):
        for part in filter(lambda part: exact[part].value.size, PARTS):
            near, own = exact[part], np.reshape(numbers[part], exact[part].value.shape)
            # A count of events has no error at all.
            error = np.maximum(near.error, np.finfo(np.float64).tiny)
            share = np.nan_to_num(abs(own - near.value) / error, nan=np.inf)
            shares[f"{who}: {part}"] = round(float(share.max()), 4)
            if share.max() > 1:
                step, unit = np.unravel_index(share.argmax(), share.shape)
                pair = f"{own[step, unit]} for {near.value[step, unit]} ± {near.error[step, unit]:.1e}"
                wrong.append(f"{who}: {part}[{unit}] of step {step} is {pair}; {(share > 1).sum()} such numbers")
    ordered = np.sort(steps.after["logits"], 1)
    decided = ordered[:, -1] - ordered[:, -2] > 2 * exact["logits"].error.max(1)
    other = decided & (steps.after["logits"].argmax(1) != choices)
    if other.any():
        wrong.append(f"{name}: another choice in {other.sum()} steps, first in step {other.argmax()}")
    return {"steps": len(decided), "decided": int(decided.sum()), "wrong": wrong, "shares_of_bounds": shares}

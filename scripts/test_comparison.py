"""Tests that the comparison of steps passes differences by rounding, and fails differences by a mistake."""

import sys
import unittest
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from comparison import Steps, compare
from compare_outsider import led
from outsider import Agent

HIDDEN, FEATURES, UNITS, STEPS, EPISODES = 12, 10, 4, 12, 20
CONVOLUTIONS = [{"channels": 4, "kernel": 8, "stride": 4}, {"channels": 6, "kernel": 4, "stride": 2}]
INPUTS = {
    "additive": 2,
    "additive-state": 2 + HIDDEN,
    "recurrent": 1 + HIDDEN + UNITS,
    "state": 1 + HIDDEN,
    "instruction": 1,
}
CELLS = [(cell, reading) for cell in ("nac", "nalu", "nau") for reading in INPUTS]
FEEDBACKS = [*CELLS, *((cell, "additive") for cell in ("elapsed", "remaining")), None]


def network(feedback, random):
    """Makes tensors and metadata as outsider.load gives them."""
    shapes = {
        "vision.conv1.weight": (4, 8, 8, 3),
        "vision.conv1.bias": (4,),
        "vision.conv2.weight": (6, 4, 4, 4),
        "vision.conv2.bias": (6,),
        "vision.linear.weight": (FEATURES, 150),
        "vision.linear.bias": (FEATURES,),
        "core.lstm.weight_features": (4 * HIDDEN, FEATURES),
        "core.lstm.weight_recurrent": (4 * HIDDEN, HIDDEN),
        "core.lstm.weight_instruction": (4 * HIDDEN, 1),
        "core.lstm.bias": (4 * HIDDEN,),
        "heads.policy.weight": (5, HIDDEN),
        "heads.policy.bias": (5,),
        "heads.value.weight": (1, HIDDEN),
        "heads.value.bias": (1,),
    }
    model = {"convolutions": CONVOLUTIONS, "hidden": HIDDEN, "told": "always", "instruction_scale": 0.1, "feedback": None}
    if feedback:
        cell, reading = feedback
        model["feedback"] = {"cell": cell, "reading": reading, "units": UNITS, "gain": 0.3}
        shapes["core.lstm.weight_feedback"] = (4 * HIDDEN, UNITS)
        parts = {"nac": ["w_hat", "m_hat"], "nalu": ["w_hat", "m_hat", "gate"], "nau": ["weight"]}.get(cell, [])
        shapes.update({f"core.{cell}.{part}": (UNITS, INPUTS[reading]) for part in parts})
        if cell in ("elapsed", "remaining"):
            model["feedback"]["read"] = "linear"
    draw = lambda shape: random.normal(0, 1.5 / np.sqrt(np.prod(shape[1:])), shape).astype(np.float32)
    tensors = {f"model.{name}": draw(shape) for name, shape in shapes.items()}
    # No unit is dead or saturated: every weight has something to say.
    for name in ("conv1", "conv2"):
        tensors[f"model.vision.{name}.bias"] = np.full_like(tensors[f"model.vision.{name}.bias"], 0.5)
    if feedback and feedback[0] in ("elapsed", "remaining"):
        tensors[f"model.core.{feedback[0]}.weight"] = np.ones((UNITS, INPUTS[feedback[1]]), np.float32)
    tensors["model.vision.linear.weight"] *= np.float32(0.5)
    tensors["model.core.lstm.weight_instruction"] *= np.float32(0.5)
    return tensors, {"config": {"model": model}}


def played(tensors, metadata, random, agent=Agent):
    """Plays episodes of a program in 32-bit floats, which walks at random, as `watch --json` tells of them."""
    frames = random.integers(0, 625, (STEPS, EPISODES))
    T, first = random.integers(5, 13, (EPISODES, 1)), np.zeros(EPISODES, bool)
    agent, episodes = agent(tensors, metadata, EPISODES), [[] for _ in range(EPISODES)]
    for t in range(STEPS):
        first[:] = t == 0
        logits = agent.step([divmod(int(frame), 25) for frame in frames[t]], T, first)
        weight, bias = agent.layer("heads.value")
        value = (agent.h @ weight.T + bias)[:, 0]
        for lane, steps in enumerate(episodes):
            left = {"logits": logits, "h": agent.h, "c": agent.c, "n": agent.n}
            step = {part: numbers[lane].copy() for part, numbers in left.items()}
            action = int(logits[lane].argmax())
            steps.append({**step, "value": value[lane], "frame": int(frames[t, lane]), "instruction": T[lane, 0], "action": action})
    return Steps([{"steps": steps} for steps in episodes])


def report(steps, tensors, metadata, other=None):
    """Compares a program's steps with a checkpoint, and with the steps of `other` tensors."""
    found, choices = led(Agent(other or tensors, metadata, len(steps.frames)), steps)
    return compare(steps, steps.exactly(tensors, metadata), "the other", found, choices)


class Rounding(unittest.TestCase):
    """Tests with differences that the comparison allows."""

    def test_steps_of_every_cell_and_reading_are_within_the_bounds(self):
        for feedback in FEEDBACKS:
            with self.subTest(feedback):
                random = np.random.default_rng(1)
                tensors, metadata = network(feedback, random)
                found = report(played(tensors, metadata, random), tensors, metadata)
                self.assertEqual(found["wrong"], [])
                self.assertGreater(found["decided"], 0.5 * found["steps"])

    def test_last_bits_of_the_parameters_make_no_difference(self):
        for feedback in FEEDBACKS:
            with self.subTest(feedback):
                random = np.random.default_rng(2)
                tensors, metadata = network(feedback, random)
                nudge = lambda x: np.nextafter(x, np.float32(np.inf) * random.choice(np.float32([-1, 1]), x.shape))
                nudged = {name: nudge(tensor) for name, tensor in tensors.items()}
                self.assertTrue(all((nudged[name] != tensor).all() for name, tensor in tensors.items()))
                steps = played(nudged, metadata, random)
                self.assertEqual(report(steps, tensors, metadata, nudged)["wrong"], [])


class Forgetful(Agent):
    """An agent that begins an episode in the state that another left."""

    def step(self, placements, instruction, first):
        return super().step(placements, instruction, np.zeros_like(first))


class Swapped(Agent):
    """An agent that takes the input gate for the forget gate."""

    def __init__(self, tensors, metadata, lanes):
        swap = lambda x: np.concatenate([x[HIDDEN : 2 * HIDDEN], x[:HIDDEN], x[2 * HIDDEN :]])
        super().__init__({name: swap(x) if ".lstm." in name else x for name, x in tensors.items()}, metadata, lanes)


class Mistakes(unittest.TestCase):
    """Tests with differences that the comparison finds."""

    def test_a_weight_that_is_off_by_a_hundredth_is_found(self):
        for feedback in FEEDBACKS:
            random = np.random.default_rng(3)
            tensors, metadata = network(feedback, random)
            steps = played(tensors, metadata, random)
            exact = steps.exactly(tensors, metadata)
            for name, tensor in tensors.items():
                with self.subTest(feedback=feedback, tensor=name):
                    # A weight of a saturated unit has nothing to say: one of four at random does.
                    for place in random.integers(tensor.size, size=4):
                        spoiled = {**tensors, name: tensor.copy()}
                        spoiled[name].flat[place] += np.float32(1e-2)
                        found, choices = led(Agent(spoiled, metadata, len(steps.frames)), steps)
                        wrong = compare(steps, exact, "the other", found, choices)["wrong"]
                        if wrong:
                            break
                    self.assertTrue(wrong)
                    self.assertTrue(all(line.startswith("the other: ") for line in wrong), wrong)

    def test_wrong_gates_and_a_state_that_stays_are_found_in_either(self):
        for mistaken in (Swapped, Forgetful):
            with self.subTest(mistaken.__name__):
                random = np.random.default_rng(4)
                tensors, metadata = network(("nac", "additive"), random)
                steps = played(tensors, metadata, random)
                found, choices = led(mistaken(tensors, metadata, len(steps.frames)), steps)
                wrong = compare(steps, steps.exactly(tensors, metadata), "the other", found, choices)["wrong"]
                self.assertTrue(wrong)
                self.assertTrue(all(line.startswith("the other: ") for line in wrong), wrong)
        steps = played(tensors, metadata, random, Swapped)
        wrong = report(steps, tensors, metadata)["wrong"]
        self.assertTrue(any(line.startswith("the program: ") for line in wrong), wrong)


if __name__ == "__main__":
    unittest.main()

"""Episodes worked out by hand, played by all three forms of the environment; and the images."""

import unittest
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import jax_a2c_lstm
from timed_arrival import ACTIONS, AGENT, ATLAS, BACKGROUND, CELLS, GRID_LINE, TARGET, TimedArrival, TimedArrivalVector

UP, DOWN, LEFT, RIGHT, PASS = range(len(ACTIONS))
Outcome = tuple[float, bool, bool]
"""Reward, terminated, truncated."""


class Worked(NamedTuple):
    """An episode: how it begins, what is done, and how its last step ends; all steps before pay nothing."""

    agent: int
    target: int
    instruction: int
    actions: list[int]
    ending: Outcome


EPISODES = [
    # From the upper left corner to the lower right one, in the eight steps that it takes, on time.
    Worked(0, 24, 8, [DOWN] * 4 + [RIGHT] * 4, (1.0, True, False)),
    # The same, three steps after T.
    Worked(0, 24, 5, [RIGHT] * 4 + [DOWN] * 4, (0.7, True, False)),
    # Against the walls first, which is waiting; then a step to the left. Two steps early.
    Worked(4, 3, 6, [UP, RIGHT, PASS, LEFT], (0.8, True, False)),
    # One step, eleven too early: a reward below zero.
    Worked(12, 7, 12, [UP], (-0.1, True, False)),
    # On the bottom row, left of the target, until the time is over.
    Worked(20, 21, 12, [DOWN, LEFT] * 10, (0.0, False, True)),
    # Arriving with the last step is arriving.
    Worked(20, 21, 12, [PASS] * 19 + [RIGHT], (0.2, True, False)),
]


def play_single(episode: Worked) -> list[Outcome]:
    """In the environment for one."""
    environment = TimedArrival()
    environment.reset(options=episode._asdict())
    return [environment.step(action)[1:4] for action in episode.actions]


def play_vector(episode: Worked) -> list[Outcome]:
    """In three at once, of which all do the same; gives the last."""
    environments = TimedArrivalVector(3)
    environments.reset(options=episode._asdict())
    steps = [environments.step(np.full(3, action))[1:4] for action in episode.actions]
    return [tuple(part[-1].item() for part in step) for step in steps]


def play_jax(episode: Worked) -> list[Outcome]:
    """In JAX, where an end is an end: what is arrival is seen from the reward."""
    start = (episode.agent, episode.target, episode.instruction, 0)
    episodes = jax_a2c_lstm.Episodes(*(jnp.array([number]) for number in start))
    outcomes = []
    for action in episode.actions:
        episodes, rewards, ends = jax_a2c_lstm.step(episodes, jnp.array([action]), jax.random.key(0))
        reward, ended = rewards.item(), ends.item()
        outcomes.append((reward, ended and reward != 0, ended and reward == 0))
    return outcomes


class Rules(unittest.TestCase):
    def test_worked_episodes(self):
        for play in (play_single, play_vector, play_jax):
            for episode in EPISODES:
                with self.subTest(play=play.__name__, episode=episode):
                    outcomes = play(episode)
                    self.assertEqual(outcomes[:-1], [(0.0, False, False)] * (len(episode.actions) - 1))
                    self.assertAlmostEqual(outcomes[-1][0], episode.ending[0], places=6)
                    self.assertEqual(outcomes[-1][1:], episode.ending[1:])

    def test_what_is_shown_follows_the_moves(self):
        environment = TimedArrival()
        environment.reset(options={"agent": 12, "target": 0, "instruction": 9})
        for action, cell in [(UP, 7), (RIGHT, 8), (DOWN, 13), (LEFT, 12), (PASS, 12)]:
            observation = environment.step(action)[0]
            np.testing.assert_array_equal(observation["frame"], ATLAS[cell, 0])
            self.assertEqual(observation["instruction"], [9])

    def test_episodes_begin_anywhere_on_two_cells(self):
        lanes = 20_000
        environments = TimedArrivalVector(lanes)
        environments.reset(seed=1)
        begun = jax_a2c_lstm.begin(jax.random.key(1), lanes)
        vector = environments.agents, environments.targets, environments.instructions
        for agents, targets, instructions in (vector, begun[:3]):
            pairs = set(zip(np.asarray(agents).tolist(), np.asarray(targets).tolist()))
            self.assertEqual(len(pairs), CELLS * (CELLS - 1))
            self.assertTrue(all(agent != target for agent, target in pairs))
            self.assertEqual(set(np.asarray(instructions).tolist()), set(range(5, 13)))

    def test_the_next_episode_follows_in_the_same_step(self):
        environments = TimedArrivalVector(2)
        environments.reset(seed=1, options={"agent": 0, "target": 1, "instruction": 5})
        observation, _, terminated, _, _ = environments.step(np.array([RIGHT, PASS]))
        self.assertEqual(terminated.tolist(), [True, False])
        self.assertEqual(environments.times.tolist(), [0, 1])
        agent, target = environments.agents[0], environments.targets[0]
        self.assertNotEqual(agent, target)
        np.testing.assert_array_equal(observation["frame"][0], ATLAS[agent, target])
        np.testing.assert_array_equal(observation["frame"][1], ATLAS[0, 1])


class Images(unittest.TestCase):
    def test_cells_and_lines_are_where_they_should_be(self):
        # The agent in row 1, column 2; the target in the lower right corner.
        expected = np.full((56, 56, 3), BACKGROUND, np.uint8)
        expected[12:22, 23:33] = AGENT
        expected[45:55, 45:55] = TARGET
        for line in (0, 11, 22, 33, 44, 55):
            expected[line] = expected[:, line] = GRID_LINE
        np.testing.assert_array_equal(ATLAS[7, 24], expected)

    def test_the_agent_hides_the_target(self):
        self.assertFalse((ATLAS[3, 3] == TARGET).all(-1).any())

    def test_no_two_images_are_the_same(self):
        self.assertEqual(len({image.tobytes() for image in ATLAS.reshape(CELLS**2, -1)}), CELLS**2)


if __name__ == "__main__":
    unittest.main()

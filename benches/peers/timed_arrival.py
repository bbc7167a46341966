"""TimedArrival-v1 for Gymnasium: one environment, and many side by side.

The rules and the images are those of `envs/src/environments/timed_arrival`. All 625 images are drawn once, into an
atlas; from then on a frame is a row of it or a copy of one, so that drawing is nobody's bottleneck.
"""

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces
from gymnasium.vector.utils import batch_space

SIDE = 5
"""Rows of cells, and cells in a row."""
CELLS = SIDE * SIDE
"""Cells are numbered row by row from the upper left one."""
PITCH = 11
"""Pixels from one grid line to the next."""
FRAME_SHAPE = (SIDE * PITCH + 1, SIDE * PITCH + 1, 3)

ACTIONS = ("up", "down", "left", "right", "pass")
INSTRUCTIONS = (5, 12)
"""The least and the greatest T."""
TIME_LIMIT = INSTRUCTIONS[1] + 2 * (SIDE - 1)
"""Steps after which an episode is truncated."""

BACKGROUND = (0, 0, 0)
GRID_LINE = (64, 64, 64)
AGENT = (128, 128, 128)
TARGET = (255, 0, 0)


def destinations() -> np.ndarray:
    """The cell that `[action, cell]` leads to; a move off the board stays."""
    row, column = np.divmod(np.arange(CELLS), SIDE)
    up, down = np.maximum(row - 1, 0), np.minimum(row + 1, SIDE - 1)
    left, right = np.maximum(column - 1, 0), np.minimum(column + 1, SIDE - 1)
    moves = [(up, column), (down, column), (row, left), (row, right), (row, column)]
    return np.stack([SIDE * row + column for row, column in moves])


def draw_atlas() -> np.ndarray:
    """Every image, `[agent, target, row, column, channel]` in bytes; the agent hides the target."""
    atlas = np.empty((CELLS, CELLS, *FRAME_SHAPE), np.uint8)
    atlas[:] = BACKGROUND
    for cell in range(CELLS):
        top, left = PITCH * (cell // SIDE), PITCH * (cell % SIDE)
        rows, columns = slice(top, top + PITCH), slice(left, left + PITCH)
        atlas[:, cell, rows, columns] = TARGET
    for cell in range(CELLS):
        top, left = PITCH * (cell // SIDE), PITCH * (cell % SIDE)
        atlas[cell, :, top : top + PITCH, left : left + PITCH] = AGENT
    atlas[:, :, ::PITCH] = GRID_LINE
    atlas[:, :, :, ::PITCH] = GRID_LINE
    return atlas


DESTINATIONS = destinations()
ATLAS = draw_atlas()

OBSERVATION_SPACE = spaces.Dict(
    frame=spaces.Box(0, 255, FRAME_SHAPE, np.uint8), instruction=spaces.Box(*INSTRUCTIONS, (1,), np.float32)
)
ACTION_SPACE = spaces.Discrete(len(ACTIONS))


class TimedArrival(gymnasium.Env):
    """One environment."""

    observation_space = OBSERVATION_SPACE
    action_space = ACTION_SPACE

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None):
        """Begins an episode on two different cells, or with the `agent`, `target` and `instruction` of `options`."""
        super().reset(seed=seed)
        self.agent, self.target = map(int, self.np_random.choice(CELLS, 2, replace=False))
        self.instruction = int(self.np_random.integers(*INSTRUCTIONS, endpoint=True))
        if options:
            self.agent, self.target, self.instruction = (options[key] for key in ("agent", "target", "instruction"))
        self.time = 0
        return self.observe(), {}

    def step(self, action: int):
        """Moves; arriving terminates and pays 1 − 0.1·|t − T|, the time limit truncates and pays nothing."""
        self.time += 1
        self.agent = int(DESTINATIONS[action, self.agent])
        arrived = self.agent == self.target
        reward = 1 - 0.1 * abs(self.time - self.instruction) if arrived else 0.0
        return self.observe(), reward, arrived, not arrived and self.time >= TIME_LIMIT, {}

    def observe(self) -> dict[str, np.ndarray]:
        """The image, which is the caller's own as Gymnasium has it, and T."""
        return {"frame": ATLAS[self.agent, self.target].copy(), "instruction": np.array([self.instruction], np.float32)}


class TimedArrivalVector(gymnasium.vector.VectorEnv):
    """Many environments as arrays; where an episode ends, the same step shows the next one's beginning.

    The last observation of an episode is not given: none of the peers here reads it.
    """

    metadata = {"autoreset_mode": gymnasium.vector.AutoresetMode.SAME_STEP}

    def __init__(self, num_envs: int):
        self.num_envs = num_envs
        self.single_observation_space, self.single_action_space = OBSERVATION_SPACE, ACTION_SPACE
        self.observation_space = batch_space(OBSERVATION_SPACE, num_envs)
        self.action_space = batch_space(ACTION_SPACE, num_envs)
        self.agents, self.targets, self.instructions, self.times = np.zeros((4, num_envs), np.int64)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None):
        """Begins all episodes; `options` as those of `TimedArrival`, for every environment."""
        super().reset(seed=seed)
        self.begin(np.arange(self.num_envs))
        if options:
            self.agents[:], self.targets[:] = options["agent"], options["target"]
            self.instructions[:] = options["instruction"]
        return self.observe(), {}

    def step(self, actions: np.ndarray):
        """The rules of `TimedArrival`, for all at once."""
        self.times += 1
        self.agents = DESTINATIONS[actions, self.agents]
        arrived = self.agents == self.targets
        rewards = np.where(arrived, 1 - 0.1 * np.abs(self.times - self.instructions), 0).astype(np.float32)
        truncated = ~arrived & (self.times >= TIME_LIMIT)
        self.begin(np.flatnonzero(arrived | truncated))
        return self.observe(), rewards, arrived, truncated, {}

    def begin(self, lanes: np.ndarray) -> None:
        """New episodes in these lanes."""
        self.agents[lanes] = self.np_random.integers(CELLS, size=lanes.size)
        # One of the 24 other cells: those from the agent's on move up by one.
        others = self.np_random.integers(CELLS - 1, size=lanes.size)
        self.targets[lanes] = others + (others >= self.agents[lanes])
        self.instructions[lanes] = self.np_random.integers(*INSTRUCTIONS, size=lanes.size, endpoint=True)
        self.times[lanes] = 0

    def observe(self) -> dict[str, np.ndarray]:
        """The images and the values of T."""
        instructions = self.instructions[:, None].astype(np.float32)
        return {"frame": ATLAS[self.agents, self.targets], "instruction": instructions}

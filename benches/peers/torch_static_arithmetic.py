"""Static arithmetic in PyTorch: the sum of two subsets of a hundred inputs, by two NAUs.

Madsen & Johansen's experiment (2020, §4.1) as gridworld has it: batches of 128 from U[1, 2], Adam, the
sparsity regularizer, and every thousand updates both errors over 10,112 examples. `--seeds 1` is how
the published experiment runs, one seed after another; more are one batched computation.
"""

import json
import time
from collections.abc import Iterator

import torch
from torch import Tensor

import measuring

INPUTS = 100
SUBSET = 25
OVERLAP = 12
BATCH = 128
CHECK_EVERY = 1000
CHECK_BATCHES = 79
LEARNING_RATE = 1e-3
SPARSITY = 0.01
RAMP = (5_000, 50_000)
"""Updates between which the regularizer grows."""
TRAINED = (1.0, 2.0)
BEYOND = (2.0, 6.0)
EPSILON = 1e-5
"""How far off a solution may be that counts."""


def subsets(start: int) -> Tensor:
    """Which inputs are in the first and in the second sum: `[2, input]`."""
    weights = torch.zeros(2, INPUTS)
    weights[0, start : start + SUBSET] = 1
    second = start + SUBSET - OVERLAP
    weights[1, second : second + SUBSET] = 1
    return weights


def threshold() -> float:
    """The mean squared error on U[2, 6] of sums whose weights are each off by ε towards ½, worked out.

    With n inputs whose deviations are d_i (2ε in neither sum, 0 in one, −2ε in both), it is the square of
    the mean Σ d_i · 4 and the variance Σ d_i² · 4/3 of x.
    """
    deviations = EPSILON * (2 - 2 * subsets(0).double().sum(0))
    return float((4 * deviations.sum()) ** 2 + 4 / 3 * (deviations**2).sum())


class Nau(torch.nn.Module):
    """`y = W x`, W in [−1, 1], for each of some seeds (equations 7 and 8)."""

    def __init__(self, seeds: int, inputs: int, outputs: int) -> None:
        super().__init__()
        reach = min(0.5, (6 / (inputs + outputs)) ** 0.5)
        self.weight = torch.nn.Parameter(torch.empty(seeds, outputs, inputs).uniform_(-reach, reach))

    def forward(self, x: Tensor) -> Tensor:
        """`[seed, example, input]` to `[seed, example, output]`."""
        return torch.bmm(x, self.weight.transpose(1, 2))

    def sparsity(self) -> Tensor:
        """How far weights are from −1, 0 and 1, on average, summed over seeds."""
        size = self.weight.abs()
        return torch.minimum(size, 1 - size).mean((1, 2)).sum()

    @torch.no_grad()
    def constrain(self) -> None:
        """Brings weights back into [−1, 1]."""
        self.weight.clamp_(-1, 1)


def ramp(update: int) -> float:
    """The regularizer's weight at an update."""
    first, last = RAMP
    return SPARSITY * min(max((update - first) / (last - first), 0), 1)


class Experiment:
    """Seeds that learn."""

    def __init__(self, seeds: int) -> None:
        self.sums = torch.stack([subsets((17 * seed) % 63) for seed in range(seeds)])
        self.layers = torch.nn.Sequential(Nau(seeds, INPUTS, 2), Nau(seeds, 2, 1))
        self.optimizer = torch.optim.Adam(self.layers.parameters(), lr=LEARNING_RATE)
        self.update = 0

    def draw(self, low: float, high: float) -> tuple[Tensor, Tensor]:
        """Inputs and answers: `[seed, example, input]` and `[seed, example, 1]`."""
        x = torch.empty(len(self.sums), BATCH, INPUTS).uniform_(low, high)
        return x, torch.bmm(x, self.sums.transpose(1, 2)).sum(2, keepdim=True)

    def learn(self) -> None:
        """One update of every seed."""
        x, targets = self.draw(*TRAINED)
        loss = (self.layers(x) - targets).square().mean((1, 2)).sum()
        weight = ramp(self.update)
        if weight > 0:
            loss = loss + weight * sum(layer.sparsity() for layer in self.layers)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        for layer in self.layers:
            layer.constrain()
        self.update += 1

    @torch.no_grad()
    def errors(self, low: float, high: float) -> Tensor:
        """The mean squared error of each seed: `[seed]`."""
        total = torch.zeros(len(self.sums))
        for _ in range(CHECK_BATCHES):
            x, targets = self.draw(low, high)
            total += (self.layers(x) - targets).square().mean((1, 2))
        return total / CHECK_BATCHES

    def checks(self) -> Iterator[Tensor]:
        """Learns on and on; every thousand updates gives the error beyond the trained range."""
        while True:
            self.errors(*TRAINED)
            yield self.errors(*BEYOND)
            for _ in range(CHECK_EVERY):
                self.learn()


def main() -> None:
    """Trains for some seconds, and prints updates a second, over all seeds, as one line of JSON."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="in one batch (default 1)")
    parser.add_argument("--threads", type=int, default=1, help="PyTorch's (default 1)")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    experiment = Experiment(options.seeds)
    for _ in range(10):
        experiment.learn()
    checks = experiment.checks()
    started = time.perf_counter()
    next(checks)
    first = experiment.update
    while (elapsed := time.perf_counter() - started) < options.seconds or experiment.update == first:
        error = next(checks)
    updates = (experiment.update - first) * options.seeds
    solved = int((error < threshold()).sum())
    print(json.dumps({"updates_per_second": updates / elapsed, "updates": experiment.update, "solved": solved}))


if __name__ == "__main__":
    main()

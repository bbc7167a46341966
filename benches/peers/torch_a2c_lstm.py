"""A2C with an LSTM in PyTorch, in one file and CleanRL's manner.

As there, the rollout is taken without gradients and then replayed for the loss, its images in one
batch. With --single-pass the graph of the acting is differentiated in place of a replay, which is the
same gradient for less work. The environments step as arrays, and images are channels-last.
"""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Categorical

import measuring
from measuring import DISCOUNT, FEATURES, HIDDEN, LAMBDA, ROLLOUT
from timed_arrival import ACTIONS, TimedArrivalVector

State = tuple[Tensor, Tensor]
"""The LSTM's hidden state and cell, `[env, unit]`."""


def initialized(layer: nn.Module, gain: float = 2**0.5) -> nn.Module:
    """Orthogonal weights and no biases."""
    for name, parameter in layer.named_parameters():
        if "bias" in name:
            nn.init.zeros_(parameter)
        else:
            nn.init.orthogonal_(parameter, gain)
    return layer


class Agent(nn.Module):
    """Convnet, LSTM, and heads."""

    def __init__(self) -> None:
        super().__init__()
        self.vision = nn.Sequential(
            initialized(nn.Conv2d(3, 16, 8, stride=4)),
            nn.ReLU(),
            initialized(nn.Conv2d(16, 32, 4, stride=2)),
            nn.ReLU(),
            nn.Flatten(),
            initialized(nn.Linear(32 * 5 * 5, FEATURES)),
            nn.ReLU(),
        ).to(memory_format=torch.channels_last)
        self.lstm = initialized(nn.LSTMCell(FEATURES + 1, HIDDEN), 1)
        self.actor = initialized(nn.Linear(HIDDEN, len(ACTIONS)), 0.01)
        self.critic = initialized(nn.Linear(HIDDEN, 1), 1)

    def inputs(self, frames: np.ndarray, instructions: np.ndarray) -> Tensor:
        """What the LSTM reads of images and values of T."""
        images = torch.from_numpy(frames).permute(0, 3, 1, 2).float() / 255
        return torch.cat([self.vision(images), torch.from_numpy(instructions) * measuring.INSTRUCTION_SCALE], 1)

    def core(self, inputs: Tensor, state: State, first: Tensor) -> State:
        """The next state; where an episode is at its first step, it begins anew."""
        kept = (~first).float()[:, None]
        return self.lstm(inputs, (state[0] * kept, state[1] * kept))

    def heads(self, hidden: Tensor) -> tuple[Categorical, Tensor]:
        """Policy and value."""
        return Categorical(logits=self.actor(hidden)), self.critic(hidden).squeeze(-1)


@dataclass
class Rollout:
    """What was seen and done: a list entry for each step."""

    start: State
    frames: list[np.ndarray] = field(default_factory=list)
    instructions: list[np.ndarray] = field(default_factory=list)
    first: list[Tensor] = field(default_factory=list)
    hidden: list[Tensor] = field(default_factory=list)
    actions: list[Tensor] = field(default_factory=list)
    rewards: list[Tensor] = field(default_factory=list)
    ends: list[Tensor] = field(default_factory=list)


class Training:
    """An agent in its environments."""

    def __init__(self, envs: int, seed: int, single_pass: bool) -> None:
        torch.manual_seed(seed)
        self.single_pass = single_pass
        self.environments = TimedArrivalVector(envs)
        self.observation, _ = self.environments.reset(seed=seed)
        self.first = torch.ones(envs, dtype=torch.bool)
        self.state = (torch.zeros(envs, HIDDEN), torch.zeros(envs, HIDDEN))
        self.agent = Agent()
        self.optimizer = torch.optim.Adam(self.agent.parameters(), measuring.LEARNING_RATE)

    def update(self) -> float:
        """One rollout and one step of the optimizer; gives the mean return of the episodes that ended."""
        with torch.set_grad_enabled(self.single_pass):
            rollout = self.collect()
        hidden = torch.stack(rollout.hidden) if self.single_pass else self.replay(rollout)
        policy, values = self.agent.heads(hidden)
        with torch.no_grad():
            returns = lambda_returns(rollout.rewards, rollout.ends, values, self.bootstrap())
            advantages = returns - values
            advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        policy_loss = -(advantages * policy.log_prob(torch.stack(rollout.actions))).mean()
        value_loss = 0.5 * (values - returns).square().mean()
        entropy = policy.entropy().mean()
        loss = policy_loss + measuring.VALUE_WEIGHT * value_loss - measuring.ENTROPY_WEIGHT * entropy
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.agent.parameters(), measuring.CLIP)
        self.optimizer.step()
        # Rewards come only at an episode's end.
        return float(torch.stack(rollout.rewards).sum() / torch.stack(rollout.ends).sum())

    def collect(self) -> Rollout:
        """Acts for a rollout."""
        self.state = tuple(part.detach() for part in self.state)
        rollout = Rollout(self.state)
        for _ in range(ROLLOUT):
            rollout.frames.append(self.observation["frame"])
            rollout.instructions.append(self.observation["instruction"])
            rollout.first.append(self.first)
            self.state = self.agent.core(self.agent.inputs(*self.observation.values()), self.state, self.first)
            policy = Categorical(logits=self.agent.actor(self.state[0]))
            action = policy.sample()
            self.observation, reward, terminated, truncated, _ = self.environments.step(action.numpy())
            self.first = torch.from_numpy(terminated | truncated)
            rollout.hidden.append(self.state[0])
            rollout.actions.append(action)
            rollout.rewards.append(torch.from_numpy(reward))
            rollout.ends.append(self.first)
        return rollout

    def replay(self, rollout: Rollout) -> Tensor:
        """The hidden states `[time, env, unit]` once more, this time with gradients."""
        inputs = self.agent.inputs(np.concatenate(rollout.frames), np.concatenate(rollout.instructions))
        state, hidden = rollout.start, []
        for inputs_t, first in zip(inputs.unflatten(0, (ROLLOUT, -1)), rollout.first):
            state = self.agent.core(inputs_t, state, first)
            hidden.append(state[0])
        return torch.stack(hidden)

    def bootstrap(self) -> Tensor:
        """The value of what is seen after the last step."""
        inputs = self.agent.inputs(*self.observation.values())
        hidden, _ = self.agent.core(inputs, self.state, self.first)
        return self.agent.critic(hidden).squeeze(-1)


def lambda_returns(rewards: list[Tensor], ends: list[Tensor], values: Tensor, bootstrap: Tensor) -> Tensor:
    """G_t = r_t + γ ((1 − λ) v_tp1 + λ G_tp1), and only r_t where the episode ends."""
    returns = []
    v_tp1 = g_tp1 = bootstrap
    for r_t, end_t, v_t in zip(reversed(rewards), reversed(ends), values.flip(0)):
        g_tp1 = r_t + DISCOUNT * ~end_t * ((1 - LAMBDA) * v_tp1 + LAMBDA * g_tp1)
        v_tp1 = v_t
        returns.append(g_tp1)
    return torch.stack(returns[::-1])


def main() -> None:
    """The command."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--single-pass", action="store_true", help="differentiate the acting, replay nothing")
    options = parser.parse_args()
    torch.set_num_threads(2)
    training = Training(options.envs, options.seed, options.single_pass)
    measuring.report(options, training.update)


if __name__ == "__main__":
    main()

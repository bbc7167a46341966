"""RecurrentPPO of stable-baselines3-contrib, with A2C's single epoch over each rollout."""

from statistics import fmean

import torch
from sb3_contrib import RecurrentPPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from torch import Tensor, nn

import measuring
from measuring import FEATURES, HIDDEN, ROLLOUT
from timed_arrival import TimedArrival

MINIBATCH = 320
"""The fastest of 128, 320, 640, 1,280 and whole rollouts."""


class Vision(BaseFeaturesExtractor):
    """The convnet, and T beside its features; the library has scaled the images to 0..1 before."""

    def __init__(self, space) -> None:
        super().__init__(space, FEATURES + 1)
        self.convnet = nn.Sequential(
            nn.Conv2d(3, 16, 8, stride=4),
            nn.ReLU(),
            nn.Conv2d(16, 32, 4, stride=2),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(32 * 5 * 5, FEATURES),
            nn.ReLU(),
        )

    def forward(self, observation: dict[str, Tensor]) -> Tensor:
        """`[batch, features + 1]`."""
        instruction = observation["instruction"] * measuring.INSTRUCTION_SCALE
        return torch.cat([self.convnet(observation["frame"]), instruction], 1)


def make(envs: int, seed: int) -> RecurrentPPO:
    """The library's agent: one LSTM for policy and value, and no layer between it and the heads."""
    policy = {
        "features_extractor_class": Vision,
        "lstm_hidden_size": HIDDEN,
        "shared_lstm": True,
        "enable_critic_lstm": False,
        "net_arch": [],
    }
    return RecurrentPPO(
        "MultiInputLstmPolicy",
        make_vec_env(TimedArrival, envs),
        n_steps=ROLLOUT,
        n_epochs=1,
        batch_size=MINIBATCH,
        gamma=measuring.DISCOUNT,
        gae_lambda=measuring.LAMBDA,
        learning_rate=measuring.LEARNING_RATE,
        ent_coef=measuring.ENTROPY_WEIGHT,
        vf_coef=measuring.VALUE_WEIGHT,
        max_grad_norm=measuring.CLIP,
        policy_kwargs=policy,
        seed=seed,
        device="cpu",
    )


def main() -> None:
    """The command."""
    options = measuring.parser(__doc__).parse_args()
    torch.set_num_threads(2)
    model = make(options.envs, options.seed)

    def update() -> float:
        model.learn(ROLLOUT * options.envs, reset_num_timesteps=False)
        # Of the last hundred episodes.
        return fmean(episode["r"] for episode in model.ep_info_buffer)

    measuring.report(options, update)


if __name__ == "__main__":
    main()

"""A2C with an LSTM in JAX: environment, rollout, loss, gradient and optimizer in one jitted function.

Acting and learning share one pass: the gradient is taken through the rollout itself. With --symbols
the agent sees one-hot cells in place of images and has no convnet, which is JAX's best case.
"""

import argparse
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

import measuring
from measuring import DISCOUNT, FEATURES, HIDDEN, LAMBDA, ROLLOUT
from timed_arrival import ACTIONS, ATLAS, CELLS, DESTINATIONS, INSTRUCTIONS, TIME_LIMIT

Parameters = dict[str, Array]


class Episodes(NamedTuple):
    """The environments' state, `[env]`."""

    agents: Array
    targets: Array
    instructions: Array
    times: Array


def begin(key: Array, envs: int) -> Episodes:
    """New episodes, on two different cells each."""
    keys = jax.random.split(key, 3)
    agents = jax.random.randint(keys[0], (envs,), 0, CELLS)
    others = jax.random.randint(keys[1], (envs,), 0, CELLS - 1)
    instructions = jax.random.randint(keys[2], (envs,), INSTRUCTIONS[0], INSTRUCTIONS[1] + 1)
    return Episodes(agents, others + (others >= agents), instructions, jnp.zeros(envs, jnp.int32))


def step(episodes: Episodes, actions: Array, key: Array) -> tuple[Episodes, Array, Array]:
    """The rules; gives the reward and whether the episode ended, and in that case begins the next one."""
    times = episodes.times + 1
    agents = jnp.asarray(DESTINATIONS)[actions, episodes.agents]
    arrived = agents == episodes.targets
    rewards = jnp.where(arrived, 1 - 0.1 * jnp.abs(times - episodes.instructions), 0.0)
    ends = arrived | (times >= TIME_LIMIT)
    moved = episodes._replace(agents=agents, times=times)
    following = jax.tree.map(partial(jnp.where, ends), begin(key, actions.size), moved)
    return following, rewards, ends


def initialize(key: Array, symbols: bool) -> Parameters:
    """Orthogonal weights and no biases."""
    orthogonal = jax.nn.initializers.orthogonal
    keys = jax.random.split(key, 6)
    inputs = 2 * CELLS if symbols else FEATURES
    lstm = [orthogonal()(keys[0], (inputs + 1, 4 * HIDDEN)), orthogonal()(keys[1], (HIDDEN, 4 * HIDDEN))]
    heads = [orthogonal(0.01)(keys[2], (HIDDEN, len(ACTIONS))), orthogonal()(keys[3], (HIDDEN, 1))]
    parameters = {
        "lstm": jnp.concatenate(lstm),
        "lstm_bias": jnp.zeros(4 * HIDDEN),
        "heads": jnp.concatenate(heads, 1),
        "heads_bias": jnp.zeros(len(ACTIONS) + 1),
    }
    if not symbols:
        shapes = {"conv1": (8 * 8 * 3, 16), "conv2": (4 * 4 * 16, 32), "linear": (5 * 5 * 32, FEATURES)}
        for (name, shape), layer_key in zip(shapes.items(), jax.random.split(keys[4], len(shapes))):
            parameters[name] = orthogonal(2**0.5)(layer_key, shape)
            parameters[f"{name}_bias"] = jnp.zeros(shape[1])
    return parameters


def convolution(parameters: Parameters, name: str, images: Array, stride: int) -> Array:
    """A convolution whose kernel is twice its stride, with ReLU, as a product of matrices.

    XLA's own convolutions on the CPU are many times slower, above all their gradients. Blocks of
    stride × stride pixels become channels, and a position reads 2 × 2 blocks.
    """
    batch, side, _, channels = images.shape
    blocks = side // stride
    images = images[:, : blocks * stride, : blocks * stride]
    images = images.reshape(batch, blocks, stride, blocks, stride, channels).transpose(0, 1, 3, 2, 4, 5)
    images = images.reshape(batch, blocks, blocks, -1)
    corners = [images[:, y : y + blocks - 1, x : x + blocks - 1] for y in (0, 1) for x in (0, 1)]
    fields = jnp.concatenate(corners, -1)
    return jax.nn.relu(fields @ parameters[name] + parameters[f"{name}_bias"])


@partial(jax.checkpoint, static_argnums=2)
def features(parameters: Parameters, episodes: Episodes, symbols: bool) -> Array:
    """What the agent sees, besides T. Its gradient computes it anew: that is faster than to store images as floats."""
    if symbols:
        return jnp.concatenate([jax.nn.one_hot(cells, CELLS) for cells in (episodes.agents, episodes.targets)], 1)
    images = jnp.asarray(ATLAS)[episodes.agents, episodes.targets].astype(jnp.float32) / 255
    images = convolution(parameters, "conv1", images, 4)
    images = convolution(parameters, "conv2", images, 2)
    return jax.nn.relu(images.reshape(len(images), -1) @ parameters["linear"] + parameters["linear_bias"])


def core(parameters: Parameters, inputs: Array, hidden: Array, cell: Array) -> tuple[Array, Array]:
    """An LSTM's step."""
    gates = jnp.concatenate([inputs, hidden], 1) @ parameters["lstm"] + parameters["lstm_bias"]
    i, f, g, o = jnp.split(gates, 4, 1)
    cell = jax.nn.sigmoid(f) * cell + jax.nn.sigmoid(i) * jnp.tanh(g)
    return jax.nn.sigmoid(o) * jnp.tanh(cell), cell


class Carry(NamedTuple):
    """What one step leaves to the next."""

    episodes: Episodes
    hidden: Array
    cell: Array


def act(parameters: Parameters, carry: Carry, symbols: bool) -> tuple[Array, Array, Array, Array]:
    """The logits and the value of what is seen, and the core's next state."""
    scaled = measuring.INSTRUCTION_SCALE * carry.episodes.instructions[:, None]
    inputs = jnp.concatenate([features(parameters, carry.episodes, symbols), scaled], 1)
    hidden, cell = core(parameters, inputs, carry.hidden, carry.cell)
    outputs = hidden @ parameters["heads"] + parameters["heads_bias"]
    return outputs[:, :-1], outputs[:, -1], hidden, cell


def rollout_loss(parameters: Parameters, carry: Carry, key: Array, symbols: bool) -> tuple[Array, Any]:
    """The loss of a rollout that is taken here; and where it led, and the mean return of its episodes."""

    def advance(carry: Carry, key: Array):
        action_key, reset_key = jax.random.split(key)
        logits, value, hidden, cell = act(parameters, carry, symbols)
        log_policy = jax.nn.log_softmax(logits)
        actions = jax.random.categorical(action_key, lax.stop_gradient(logits))
        log_prob = jnp.take_along_axis(log_policy, actions[:, None], 1)[:, 0]
        entropy = -(jnp.exp(log_policy) * log_policy).sum(1)
        episodes, rewards, ends = step(carry.episodes, actions, reset_key)
        kept = ~ends[:, None]
        return Carry(episodes, hidden * kept, cell * kept), (log_prob, entropy, value, rewards, ends)

    carry, (log_probs, entropies, values, rewards, ends) = lax.scan(advance, carry, jax.random.split(key, ROLLOUT))
    _, bootstrap, _, _ = act(parameters, carry, symbols)
    returns = lambda_returns(rewards, ends, *lax.stop_gradient((values, bootstrap)))
    advantages = returns - lax.stop_gradient(values)
    advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
    policy_loss = -(advantages * log_probs).mean()
    value_loss = 0.5 * jnp.square(values - returns).mean()
    loss = policy_loss + measuring.VALUE_WEIGHT * value_loss - measuring.ENTROPY_WEIGHT * entropies.mean()
    # Rewards come only at an episode's end.
    return loss, (lax.stop_gradient(carry), rewards.sum() / ends.sum())


def lambda_returns(rewards: Array, ends: Array, values: Array, bootstrap: Array) -> Array:
    """G_t = r_t + γ ((1 − λ) v_tp1 + λ G_tp1), and only r_t where the episode ends."""

    def backward(following: tuple[Array, Array], at: tuple[Array, Array, Array]):
        (v_tp1, g_tp1), (r_t, end_t, v_t) = following, at
        g_t = r_t + DISCOUNT * ~end_t * ((1 - LAMBDA) * v_tp1 + LAMBDA * g_tp1)
        return (v_t, g_t), g_t

    return lax.scan(backward, (bootstrap, bootstrap), (rewards, ends, values), reverse=True)[1]


class Training(NamedTuple):
    """Everything that an update changes."""

    parameters: Parameters
    moments: tuple[Parameters, Parameters]
    updates: Array
    carry: Carry
    key: Array


def start(envs: int, seed: int, symbols: bool) -> Training:
    """Fresh parameters and environments."""
    key, parameter_key, reset_key = jax.random.split(jax.random.key(seed), 3)
    parameters = initialize(parameter_key, symbols)
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    carry = Carry(begin(reset_key, envs), jnp.zeros((envs, HIDDEN)), jnp.zeros((envs, HIDDEN)))
    return Training(parameters, (zeros, zeros), jnp.int32(0), carry, key)


@partial(jax.jit, static_argnames="symbols")
def update(training: Training, symbols: bool) -> tuple[Training, Array]:
    """One rollout and one step of Adam (Kingma & Ba 2015), the gradient's norm clipped."""
    key, rollout_key = jax.random.split(training.key)
    differentiate = jax.grad(rollout_loss, has_aux=True)
    gradient, (carry, mean_return) = differentiate(training.parameters, training.carry, rollout_key, symbols)
    norm = jnp.sqrt(sum(jnp.square(leaf).sum() for leaf in jax.tree.leaves(gradient)))
    gradient = jax.tree.map(lambda g: g * jnp.minimum(1, measuring.CLIP / (norm + 1e-6)), gradient)
    updates = training.updates + 1
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, training.moments[0], gradient)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, training.moments[1], gradient)

    def moved(parameter: Array, m: Array, v: Array) -> Array:
        m, v = m / (1 - 0.9**updates), v / (1 - 0.999**updates)
        return parameter - measuring.LEARNING_RATE * m / (jnp.sqrt(v) + 1e-8)

    parameters = jax.tree.map(moved, training.parameters, first, second)
    return Training(parameters, (first, second), updates, carry, key), mean_return


def train(options: argparse.Namespace) -> None:
    """Measures as the flags say."""
    training = start(options.envs, options.seed, options.symbols)

    def one_update() -> float:
        nonlocal training
        training, mean_return = update(training, options.symbols)
        return float(mean_return)

    measuring.report(options, one_update)


def main() -> None:
    """The command."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--symbols", action="store_true", help="one-hot cells in place of images")
    train(parser.parse_args())


if __name__ == "__main__":
    main()

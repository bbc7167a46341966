#!/usr/bin/env python3
"""Plays TimedArrival-v1 from a checkpoint, in NumPy, and prints what it did as one JSON document.

Written from docs/checkpoint.md alone: it shares no code with the program, so that where both choose
the same actions, the page is right and so is the program. `gridworld evaluate --trace` gives the
actions to compare with.
"""

import argparse
import hashlib
import json
import struct
import sys

import numpy as np

KINDS = {"F32": "<f4", "F64": "<f8", "I64": "<i8", "U64": "<u8", "U32": "<u4", "U8": "<u1"}
EVALUATION = 1
MOST_LANES = 256


def load(path):
    """Reads the tensors by name, and the metadata; ValueError if the file is damaged."""
    with open(path, "rb") as file:
        contents = file.read()
    (n,) = struct.unpack("<Q", contents[:8])
    header = json.loads(contents[8 : 8 + n])
    data = contents[8 + n :]
    text = header.pop("__metadata__")["gridworld"]
    document = json.loads(text)
    if document["format_version"] != 1:
        raise ValueError(f"format version {document['format_version']}")

    def word(number):
        return struct.pack("<Q", number)

    def piece(part):
        return word(len(part)) + part

    digest, tensors = hashlib.sha256(), {}
    for name in sorted(header):
        kind, shape, (begin, end) = (header[name][key] for key in ("dtype", "shape", "data_offsets"))
        digest.update(piece(name.encode()) + piece(kind.encode()) + word(len(shape)))
        digest.update(b"".join(map(word, shape)) + piece(data[begin:end]))
        tensors[name] = np.frombuffer(data[begin:end], KINDS[kind]).reshape(shape)
    digest.update(piece(text.replace(document["sha256"], "0" * 64, 1).encode()))
    if digest.hexdigest() != document["sha256"]:
        raise ValueError("the checksum is wrong")
    return tensors, document["metadata"]


def philox(counter, key):
    """Computes Philox4x32-10: four words of a counter of four words and a key of two."""
    x, k = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * x[0], 0xCD9E8D57 * x[2]
        x = [second >> 32 ^ x[1] ^ k[0], second & 0xFFFFFFFF, first >> 32 ^ x[3] ^ k[1], first & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return x


def start(seed, T, lane, episode):
    """Draws the cells of agent and target in an episode of an evaluation at T."""
    counter = [episode >> 32 << 24, episode & 0xFFFFFFFF, EVALUATION << 24 | lane, T]
    words = philox(counter, [seed & 0xFFFFFFFF, seed >> 32])
    agent, other = words[0] * 25 >> 32, words[1] * 24 >> 32
    return agent, other + (other >= agent)


def move(cell, action):
    """Gives the cell that up, down, left, right or pass leads to."""
    row, column = divmod(cell, 5)
    if action == 0:
        row = max(row - 1, 0)
    elif action == 1:
        row = min(row + 1, 4)
    elif action == 2:
        column = max(column - 1, 0)
    elif action == 3:
        column = min(column + 1, 4)
    return 5 * row + column


def image(agent, target):
    """Draws a placement in 56 × 56 pixels of red, green and blue."""
    pixels = np.zeros((56, 56, 3), np.uint8)
    for cell, colour in ((target, (255, 0, 0)), (agent, (128, 128, 128))):
        row, column = divmod(cell, 5)
        pixels[11 * row : 11 * row + 11, 11 * column : 11 * column + 11] = colour
    pixels[::11] = pixels[:, ::11] = 64
    return pixels


def sigmoid(x):
    """Gives 1 / (1 + e^-x) in the precision of x, without overflow."""
    return (np.float32(0.5) * (np.float32(1) + np.tanh(np.float32(0.5) * x))).astype(np.float32)


def convolve(images, weight, bias, stride):
    """Gives relu(conv(images)), channels last: [batch, rows, columns, channels]."""
    kernel = weight.shape[1:3]
    patches = np.lib.stride_tricks.sliding_window_view(images, kernel, axis=(1, 2))[:, ::stride, ::stride]
    # [batch, row, column, channel, kernel row, kernel column] · [output, kernel row, kernel column, channel]
    patches = np.moveaxis(patches, 3, 5).reshape(*patches.shape[:3], -1)
    return np.maximum(patches @ weight.reshape(len(weight), -1).T + bias, np.float32(0))


class Agent:
    """The network, with one state for each lane."""

    def __init__(self, tensors, metadata, lanes):
        model = metadata["config"]["model"]
        self.model, self.feedback = model, model["feedback"]
        self.tensors = {name.removeprefix("model."): value for name, value in tensors.items()}
        self.h = np.zeros((lanes, model["hidden"]), np.float32)
        self.core = model.get("core", "lstm")
        self.c = np.zeros((lanes, {"lstm": model["hidden"], "latch": model["hidden"], "feed-forward": 1}.get(self.core, 0)), np.float32)
        self.n = np.zeros((lanes, self.feedback["units"] if self.feedback else 0), np.float32)
        self.phases, self.phase = model.get("phases", 1), np.zeros(lanes, int)
        self.phase_logit = np.zeros((lanes, 0), np.float32)
        self.features = {}

    def see(self, placements):
        """Gives the features of each placement's image, computed once for each image."""
        fresh = sorted(set(placements) - self.features.keys())
        if fresh:
            x = np.stack([image(*placement) for placement in fresh]).astype(np.float32) / np.float32(255)
            for number, layer in enumerate(self.model["convolutions"], 1):
                x = convolve(x, *self.layer(f"vision.conv{number}"), layer["stride"])
            weight, bias = self.layer("vision.linear")
            self.features.update(zip(fresh, x.reshape(len(x), -1) @ weight.T + bias))
        return np.stack([self.features[placement] for placement in placements])

    def layer(self, name):
        return self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]

    def cell(self, y):
        """Gives the output of the loop's cell."""
        name = self.feedback["cell"]
        tensor = lambda part: self.tensors[f"core.{name}.{part}"]
        if name == "nau":
            return y @ tensor("weight").T
        if name == "ternary":
            return y @ np.rint(np.clip(tensor("weight"), -1, 1)).T
        if name == "nmu":
            product = np.ones((len(y), len(tensor("weight"))), np.float32)
            for x, w in zip(y.T, tensor("weight").T):
                factor = (x[:, None] - np.float32(1)) * w + np.float32(1)
                product = np.clip(product * factor, np.float32(-1e6), np.float32(1e6))
            return product
        if name in ("elapsed", "remaining"):
            given = np.zeros(y.shape[1], np.float32)
            given[:2] = [0, 1] if name == "elapsed" else [1, -1]
            return y @ (given * tensor("weight")).T
        weight = np.tanh(tensor("w_hat")) * sigmoid(tensor("m_hat"))
        if name == "nac":
            return y @ weight.T
        exponent = np.log(np.abs(y) + np.float32(1e-7)) @ weight.T
        g = sigmoid(y @ tensor("gate").T)
        return g * (y @ weight.T) + (1 - g) * np.exp(np.minimum(exponent, np.float32(20)))

    def count(self, T, first):
        """Gives the counters n_t, from T and the marks of the first step, 1 or 0, [lanes, 1] each."""
        one, at_first = np.ones_like(T), T * first
        inputs = {
            "additive": [at_first, one],
            "additive-state": [at_first, one, self.h],
            "events": [at_first, (self.h[:, : self.feedback.get("bits", 2)] >= 0).astype(np.float32)],
            "phases": [at_first, first, self.told_phase()],
            "recurrent": [at_first, self.h, self.n],
            "state": [T, self.h],
            "instruction": [T],
        }[self.feedback["reading"]]
        made = self.cell(np.concatenate(inputs, 1))
        return self.n + made if self.feedback["reading"].startswith(("additive", "events", "phases")) else made

    def told_phase(self):
        """Gives the phase in the form that the network reads: 1 in the column of the present one, which the first has not."""
        return (self.phase[:, None] == np.arange(1, self.phases)).astype(np.float32)

    def remember(self, a, core):
        """h_t and c_t, from what the core makes of its inputs, without its bias."""
        if self.core == "lstm":
            i, f, g, o = np.split(a + self.h @ core("weight_recurrent").T + core("bias"), 4, 1)
            self.c = sigmoid(f) * self.c + sigmoid(i) * np.tanh(g)
            self.h = sigmoid(o) * np.tanh(self.c)
        elif self.core == "gru":
            state, bias = np.split(self.h @ core("weight_recurrent").T, 3, 1), np.split(core("bias"), 4)
            r, z, n = (part + b for part, b in zip(np.split(a, 3, 1), bias))
            r, z = sigmoid(r + state[0]), sigmoid(z + state[1])
            n = np.tanh(n + r * (state[2] + bias[3]))
            self.h = (1 - z) * n + z * self.h
        elif self.core == "latch":
            i, f, g, o = np.split(a + core("bias"), 4, 1)
            c = sigmoid(f) * self.c + sigmoid(i) * np.tanh(g)
            self.h, self.c = sigmoid(o) * np.tanh(c), np.rint(np.clip(c, -1, 1))
        elif self.core == "gated":
            gate, candidate = np.split(a + core("bias"), 2, 1)
            self.h = sigmoid(gate) * np.tanh(candidate)
        elif self.core == "mingru":
            z, candidate = np.split(a + core("bias"), 2, 1)
            self.h = (1 - sigmoid(z)) * self.h + sigmoid(z) * candidate
        else:
            clock = np.float32(0.1) * self.c @ core("weight_clock").T
            self.c = self.c + np.float32(1)
            self.h = np.tanh(a + clock + core("bias"))

    def step(self, placements, instruction, first):
        """Gives the logits in each lane; the instruction is one for all, or [lanes, 1]."""
        self.h[first], self.c[first], self.n[first], self.phase[first] = 0, 0, 0, 0
        T = np.broadcast_to(np.float32(instruction), (len(first), 1))
        begins = first[:, None].astype(np.float32)
        core = lambda part: self.tensors[f"core.{self.core}.{part}"]
        a = self.see(placements) @ core("weight_features").T
        if self.feedback:
            self.n = self.count(T, begins)
            read = np.float32(self.feedback["gain"]) * self.n
            if self.feedback.get("read", "tanh") == "tanh":
                read = np.tanh(read)
            a += read @ core("weight_feedback").T
        if self.model["told"] != "never":
            told = T if self.model["told"] == "always" else T * begins
            a += np.float32(self.model["instruction_scale"]) * told @ core("weight_instruction").T
        if self.phases > 1:
            a += self.told_phase() @ core("weight_phase").T
        self.remember(a, core)
        if self.phases > 1:
            weight, bias = self.layer("heads.phase")
            self.phase_logit = self.h @ weight.T + bias
            self.phase = np.minimum(self.phase + (self.phase_logit[:, 0] >= 0), self.phases - 1)
        weight, bias = self.layer("heads.policy")
        return self.h @ weight.T + bias


def play(tensors, metadata, T, episodes, seed, time_limit):
    """Plays an evaluation at T: episodes, by lane and number, and the gap of the two greatest logits in each step."""
    lanes, limit = min(episodes, MOST_LANES), max(time_limit, T + 8)
    agent = Agent(tensors, metadata, lanes)
    left = [episodes // lanes + (lane < episodes % lanes) for lane in range(lanes)]
    begin = lambda lane, number: {"T": T, "lane": lane, "episode": number, "actions": []}
    running = [begin(lane, 0) for lane in range(lanes)]
    places = [start(seed, T, lane, 0) for lane in range(lanes)]
    ended, gaps, first = [], [], np.ones(lanes, bool)
    while any(left):
        logits = agent.step(places, T, first)
        assert logits.dtype == np.float32
        greatest = np.sort(logits, 1)
        for lane in filter(left.__getitem__, range(lanes)):
            gaps.append(greatest[lane, -1] - greatest[lane, -2])
            action, (cell, target), episode = int(np.argmax(logits[lane])), places[lane], running[lane]
            episode.setdefault("start", 25 * cell + target)
            episode["actions"].append(action)
            places[lane] = move(cell, action), target
            t, arrived = len(episode["actions"]), places[lane][0] == target
            first[lane] = arrived or t == limit
            if first[lane]:
                ended.append({**episode, "outcome": "terminated" if arrived else "truncated"})
                left[lane] -= 1
                running[lane] = begin(lane, episode["episode"] + 1)
                places[lane] = start(seed, T, lane, episode["episode"] + 1)
    return sorted(ended, key=lambda episode: (episode["lane"], episode["episode"])), gaps


def main():
    """Runs the command; one line on standard error where it fails."""
    parser = argparse.ArgumentParser(description="Plays TimedArrival-v1 greedily from a checkpoint, in NumPy.")
    parser.add_argument("checkpoint", help="a file such as runs/NAME/checkpoints/best.safetensors")
    parser.add_argument("--T", type=int, nargs="+", required=True, help="values of T")
    parser.add_argument("--episodes", type=int, default=1000, help="episodes at each T (1000)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the episodes (0)")
    parser.add_argument("--time-limit", type=int, default=20, help="the training's, from config.json (20)")
    options = parser.parse_args()
    try:
        tensors, metadata = load(options.checkpoint)
    except (OSError, ValueError, KeyError, struct.error) as error:
        sys.exit(f"error: {options.checkpoint}: {error}")
    played, gaps = [], []
    for T in sorted(options.T):
        episodes, new = play(tensors, metadata, T, options.episodes, options.seed, options.time_limit)
        played += episodes
        gaps += new
    gaps = np.array(gaps)
    close = {f"{bound:.0e}": int((gaps < bound).sum()) for bound in (1e-3, 1e-4, 1e-5, 1e-6)}
    json.dump({"steps": len(gaps), "least_gap": float(gaps.min()), "gaps_below": close, "episodes": played}, sys.stdout)


if __name__ == "__main__":
    main()

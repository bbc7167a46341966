"""The step of docs/checkpoint.md in 64-bit floats, with a bound on how far a program in 32-bit floats is from it.

The bound follows from the arithmetic. It holds on every processor, whatever the order of the additions, and whether
they are fused with the products or not. U = 2^-24 is half the distance from 1 to the next 32-bit float.

- One operation is off by at most U of its result.
- A sum of k products is off by at most k U / (1 - k U) times the sum of their magnitudes (Higham, Accuracy and
  Stability of Numerical Algorithms, section 3.1). Here k is two more than that, for the last bit of each weight.
- tanh and sigmoid are off by at most 8 U, exp and log by at most 8 U of their result. The program's
  (kernels/src/lib.rs), and those of libtorch, NumPy and V8 are off by half of that or less.
- Errors of what goes in are carried on: through products by the other factor's magnitude, through tanh, sigmoid, exp
  and log by their values at both ends, which is exact, as they are monotone.

The state that a step begins with is given, as the program has it. So the bound is that of one step: it grows neither
with the length of an episode nor with the gain of its loop.

The features of an image are the exception. There this bound is forty thousand times what happens, as three layers of
hundreds of terms each follow one another, and would hide a wrong weight. Their error is measured: four times the
largest difference that 32-bit sums in random orders make.
"""

import numpy as np

U = 2.0**-24
# Weights of T at the first step and of the 1 of each step, of the cells that are given.
GIVEN = {"elapsed": (0.0, 1.0), "remaining": (1.0, -1.0)}
ELEMENTARY = 8 * U
LAST_BIT = 2
ORDERS = 3
MEASURED_ON = 32
MARGIN = 4.0


class Near:
    """Numbers in 64 bits, and how far at most a program in 32 bits is from each."""

    def __init__(self, value, error=0.0):
        self.value = np.asarray(value, np.float64)
        self.error = np.broadcast_to(error, self.value.shape)

    def __add__(self, other):
        return rounded(self.value + other.value, self.error + other.error)

    def __sub__(self, other):
        return rounded(self.value - other.value, self.error + other.error)

    def __mul__(self, other):
        carried = abs(self.value) * other.error + abs(other.value) * self.error + self.error * other.error
        return rounded(self.value * other.value, carried)

    def __getitem__(self, index):
        return Near(self.value[index], self.error[index])


def rounded(value, error):
    """Gives the result of one operation on numbers with this error."""
    return Near(value, error + U * (abs(value) + error))


def joined(parts):
    """Joins numbers side by side, [batch, …]."""
    return Near(np.concatenate([p.value for p in parts], 1), np.concatenate([p.error for p in parts], 1))


def monotone(function, x, relative=True):
    """Applies an elementary function that is monotone."""
    value, low, high = function(x.value), function(x.value - x.error), function(x.value + x.error)
    carried = np.maximum(abs(high - value), abs(value - low))
    return Near(value, carried + ELEMENTARY * (np.maximum(abs(low), abs(high)) if relative else 1.0))


def tanh(x):
    """Gives the hyperbolic tangent."""
    return monotone(np.tanh, x, relative=False)


def sigmoid(x):
    """Gives 1 / (1 + e^-x)."""
    return monotone(lambda x: 0.5 * (1.0 + np.tanh(0.5 * x)), x, relative=False)


def linear(products, bias=None):
    """Gives the sum of x W^T over pairs (x, W), plus a bias: one sum of as many products, in whatever order."""
    terms = sum(x.value.shape[-1] for x, _ in products) + (bias is not None) + LAST_BIT
    value = sum(x.value @ weight.value.T for x, weight in products)
    size = sum((abs(x.value) + x.error) @ (abs(weight.value) + weight.error).T for x, weight in products)
    carried = sum(x.error @ (abs(weight.value) + weight.error).T + abs(x.value) @ weight.error.T for x, weight in products)
    if bias is not None:
        value, size = value + bias.value, size + abs(bias.value)
    return Near(value, carried + terms * U / (1 - terms * U) * size)


class Network:
    """The agent of a checkpoint: its tensors and metadata, as outsider.load gives them."""

    def __init__(self, tensors, metadata):
        self.model = metadata["config"]["model"]
        self.feedback = self.model["feedback"]
        self.tensors = {name.removeprefix("model."): Near(value) for name, value in tensors.items()}

    def layer(self, name):
        """Gives weight and bias of a layer."""
        return self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]

    def see(self, images):
        """Gives the features of images of bytes, [count, rows, columns, colours]."""
        value, random = self.vision(images, np.float64, product), np.random.default_rng(0)
        few = slice(None, None, max(1, len(images) // MEASURED_ON))
        shuffled = lambda x, weight, bias: product_in_random_order(x, weight, bias, random)
        rounded_ones = [self.vision(images[few], np.float32, shuffled) for _ in range(ORDERS)]
        return Near(value, MARGIN * max(abs(features - value[few]).max() for features in rounded_ones))

    def vision(self, images, kind, linear_):
        """Gives the features in this kind of floats, with this way to multiply and add."""
        layer = lambda name: (part.value.astype(kind) for part in self.layer(f"vision.{name}"))
        x = images.astype(kind) / kind(255)
        for number, convolution in enumerate(self.model["convolutions"], 1):
            weight, bias = layer(f"conv{number}")
            seen = patches(x, convolution["kernel"], convolution["stride"])
            x = np.maximum(linear_(seen, weight.reshape(len(weight), -1), bias), kind(0))
        return linear_(x.reshape(len(images), -1), *layer("linear"))

    def cell(self, y):
        """Gives the output of the loop's cell."""
        tensor = lambda part: self.tensors[f"core.{self.feedback['cell']}.{part}"]
        if self.feedback["cell"] == "nau":
            return linear([(y, tensor("weight"))])
        if self.feedback["cell"] == "ternary":
            return linear([(y, constant(np.rint(np.clip(tensor("weight").value, -1, 1))))])
        if self.feedback["cell"] in GIVEN:
            given = np.zeros((1, y.value.shape[1]))
            given[0, :2] = GIVEN[self.feedback["cell"]]
            return linear([(y, constant(given) * tensor("weight"))])
        if self.feedback["cell"] == "nmu":
            weight, one = tensor("weight"), Near(np.ones((1, 1)))
            product = Near(np.ones((len(y.value), len(weight.value))))
            for i in range(y.value.shape[1]):
                column = Near(weight.value[:, i][None], weight.error[:, i][None])
                product = product * ((y[:, i : i + 1] - one) * column + one)
                product = Near(np.clip(product.value, -1e6, 1e6), product.error)
            return product
        weight = tanh(tensor("w_hat")) * sigmoid(tensor("m_hat"))
        made = linear([(y, weight)])
        if self.feedback["cell"] == "nac":
            return made
        size = rounded(abs(y.value) + 1e-7, y.error + U * 1e-7)
        exponent = linear([(monotone(np.log, size), weight)])
        multiplied = monotone(lambda x: np.exp(np.minimum(x, 20.0)), exponent)
        g = sigmoid(linear([(y, tensor("gate"))]))
        return g * made + (Near(np.ones_like(g.value)) - g) * multiplied

    def count(self, T, first, h, n, told_phase):
        """Gives the counters after this step."""
        one, at_first = Near(np.ones_like(T.value)), Near(T.value * first)
        inputs = {
            "additive": [at_first, one],
            "additive-state": [at_first, one, h],
            "events": [at_first, constant(h.value[:, : self.feedback.get("bits", 2)] >= 0)],
            "phases": [at_first, constant(first), told_phase],
            "recurrent": [at_first, h, n],
            "state": [T, h],
            "instruction": [T],
        }[self.feedback["reading"]]
        made = self.cell(joined(inputs))
        return n + made if self.feedback["reading"].startswith(("additive", "events", "phases")) else made

    def step(self, features, T, first, h, c, n, phases):
        """Gives the results of a step, from features, T, the beginnings of episodes, the state before it, and the phases."""
        T = Near(np.asarray(T, np.float64)[:, None])
        begins = np.asarray(first, bool)[:, None]
        h, c, n = (Near(np.where(begins, 0.0, state)) for state in (h, c, n))
        kind = self.model.get("core", "lstm")
        core = lambda part: self.tensors[f"core.{kind}.{part}"]
        told_phase = constant(np.asarray(phases)[:, None] == np.arange(1, self.model.get("phases", 1)))
        products = [(features, core("weight_features"))]
        if self.feedback:
            n = self.count(T, begins, h, n, told_phase)
            read = constant(self.feedback["gain"]) * n
            if self.feedback.get("read", "tanh") == "tanh":
                read = tanh(read)
            products.append((read, core("weight_feedback")))
        if self.model["told"] != "never":
            told = constant(self.model["instruction_scale"]) * (T if self.model["told"] == "always" else Near(T.value * begins))
            products.append((told, core("weight_instruction")))
        if told_phase.value.size:
            products.append((told_phase, core("weight_phase")))
        h, c = getattr(self, kind.replace("-", "_"))(products, core, h, c)
        head = lambda name: linear([(h, self.layer(f"heads.{name}")[0])], self.layer(f"heads.{name}")[1])
        phase_logit = head("phase") if told_phase.value.size else Near(np.zeros((len(T.value), 0)))
        return {"logits": head("policy"), "phase_logit": phase_logit, "value": head("value"), "n": n, "h": h, "c": c}


    def lstm(self, products, core, h, c):
        """h_t and c_t of an LSTM, from the products with its inputs."""
        i, f, g, o = split(linear([*products, (h, core("weight_recurrent"))], core("bias")), 4)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        return sigmoid(o) * tanh(c), c

    def latch(self, products, core, h, c):
        """Gives h and c after a step of a latch; near a half, a cell may be rounded either way."""
        i, f, g, o = split(linear(products, core("bias")), 4)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        whole = lambda value: np.rint(np.clip(value, -1, 1))
        ends = whole(c.value - c.error), whole(c.value + c.error)
        error = np.maximum(abs(ends[0] - whole(c.value)), abs(ends[1] - whole(c.value)))
        return sigmoid(o) * tanh(c), Near(whole(c.value), error)

    def gated(self, products, core, h, c):
        """Gives h and c after a step of a gated layer."""
        gate, candidate = split(linear(products, core("bias")), 2)
        return sigmoid(gate) * tanh(candidate), c

    def gru(self, products, core, h, c):
        """Gives h and c after a step of a GRU; a block of the sums has more terms than it needs, which are zero."""
        hidden = self.model["hidden"]
        rows = lambda weight, block: weight[block * hidden : (block + 1) * hidden]
        bias, weight = core("bias"), core("weight_recurrent")
        inputs = lambda block: [(x, rows(w, block)) for x, w in products]
        both = lambda block: linear([*inputs(block), (h, rows(weight, block))], rows(bias, block))
        r, z = sigmoid(both(0)), sigmoid(both(1))
        n = tanh(linear(inputs(2), rows(bias, 2)) + r * linear([(h, rows(weight, 2))], rows(bias, 3)))
        return n + z * (h - n), c

    def mingru(self, products, core, h, c):
        """Gives h and c after a step of a minGRU."""
        z, candidate = split(linear(products, core("bias")), 2)
        return h + sigmoid(z) * (candidate - h), c

    def feed_forward(self, products, core, h, c):
        """Gives h and c after a step of a layer that reads a tenth of the number of steps so far."""
        clock = (constant(0.1) * c, core("weight_clock"))
        return tanh(linear([*products, clock], core("bias"))), c + Near(np.ones_like(c.value))


def split(a, count):
    """Columns in as many equal parts."""
    width = a.value.shape[1] // count
    return [a[:, part * width : (part + 1) * width] for part in range(count)]


def product(x, weight, bias):
    """Multiplies by a matrix, and adds a bias."""
    return x @ weight.T + bias


def product_in_random_order(x, weight, bias, random):
    """Multiplies by a matrix and adds a bias, term after term in a random order, each sum rounded."""
    sum_ = np.zeros((*x.shape[:-1], len(bias)), x.dtype)
    for term in random.permutation(x.shape[-1] + 1):
        sum_ += bias if term == x.shape[-1] else x[..., term, None] * weight[:, term]
    return sum_


def constant(number):
    """Gives a setting, as a 32-bit float."""
    return Near(np.float64(np.float32(number)))


def patches(images, kernel, stride):
    """Gives the inputs of a convolution, channels last: [count, rows, columns, kernel · kernel · channels]."""
    windows = np.lib.stride_tricks.sliding_window_view(images, (kernel, kernel), axis=(1, 2))[:, ::stride, ::stride]
    return np.moveaxis(windows, 3, 5).reshape(*windows.shape[:3], -1)

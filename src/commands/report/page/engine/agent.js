/** Weights with this many rows, times a vector, added to a sum from its number `start` on. */
function addRows(sum, start, rows, weight, vector) {
  addProduct(sum.subarray(start, start + rows), weight, vector);
}

/**
 * The cores: how many blocks of units their sums have, how many of these begin with the weights of what is seen and told,
 * and what comes of the sums a: new h and c. `gate(k, unit)` is one of the sums.
 */
const CORES = {
  "lstm": {
    title: "LSTM", blocks: 4, input: 4, memory: (hidden) => hidden,
    addState: (sum, weight, h) => addProduct(sum, weight, h),
    step(gate, h, c) {
      const next = c.map((c, unit) => sigmoid(gate(1, unit)) * c + sigmoid(gate(0, unit)) * Math.tanh(gate(2, unit)));
      return [next.map((c, unit) => sigmoid(gate(3, unit)) * Math.tanh(c)), next];
    },
  },
  "gru": {
    title: "GRU", blocks: 4, input: 3, memory: () => 0,
    addState(sum, weight, h) {
      addRows(sum, 0, 2 * h.length, weight.subarray(0, 2 * h.length ** 2), h);
      addRows(sum, 3 * h.length, h.length, weight.subarray(2 * h.length ** 2), h);
    },
    step(gate, h, c) {
      const one = (before, unit) => {
        const z = sigmoid(gate(1, unit)), n = Math.tanh(gate(2, unit) + sigmoid(gate(0, unit)) * gate(3, unit));
        return (1 - z) * n + z * before;
      };
      return [h.map(one), c];
    },
  },
  "mingru": {
    title: "minGRU", blocks: 2, input: 2, memory: () => 0,
    step: (gate, h, c) => [h.map((before, unit) => before + sigmoid(gate(0, unit)) * (gate(1, unit) - before)), c],
  },
  "latch": {
    title: "latch", blocks: 4, input: 4, memory: (hidden) => hidden,
    step(gate, h, c) {
      const next = c.map((c, unit) => sigmoid(gate(1, unit)) * c + sigmoid(gate(0, unit)) * Math.tanh(gate(2, unit)));
      // Between one half and minus one half a cell is 0; beyond, it is 1 or −1.
      return [
        next.map((c, unit) => sigmoid(gate(3, unit)) * Math.tanh(c)),
        next.map((c) => (c > 0.5 ? 1 : c < -0.5 ? -1 : 0)),
      ];
    },
  },
  "gated": {
    title: "gated layer", blocks: 2, input: 2, memory: () => 0,
    step: (gate, h, c) => [h.map((_, unit) => sigmoid(gate(0, unit)) * Math.tanh(gate(1, unit))), c],
  },
  "feed-forward": {
    title: "feed-forward layer", blocks: 1, input: 1, memory: () => 1,
    step: (gate, h, c) => [h.map((_, unit) => Math.tanh(gate(0, unit))), c.map((steps) => steps + 1)],
  },
};

/** The trained network: vision, a core with or without a feedback loop, policy and value. */
class Agent {
  /** From one of the page's players: its configuration, and its tensors as text. */
  constructor({ model, tensors }) {
    const decoded = Object.entries(tensors).map(([name, text]) => [name, decodeFloats(text)]);
    this.model = model;
    this.core = CORES[model.core];
    this.tensors = Object.fromEntries(decoded);
    this.vision = new Vision(model.convolutions, this.tensors);
    this.feedback = model.feedback && new Feedback(model.feedback, this.tensors);
    this.reset();
  }

  /** Forgets the episode. */
  reset() {
    this.h = new Float32Array(this.model.hidden);
    this.c = new Float32Array(this.core.memory(this.model.hidden));
    this.feedback?.reset();
    this.first = true;
    this.phase = 0;
    this.goesOn = false;
  }

  /** Sees a frame and the instruction T, and gives what goes on in the network. */
  step(frame, T) {
    const first = this.first;
    this.first = false;
    // The last step decided whether this one is in the next phase.
    if (this.goesOn) this.phase = Math.min(this.phase + 1, this.model.phases - 1);
    this.feedback?.step(T, first, this.h, this.phases());
    this.remember(this.sums(this.vision.features(frame), T, first ? T : 0));
    const head = (name) => linear(this.tensors[`heads.${name}.weight`], this.tensors[`heads.${name}.bias`], this.h);
    const logits = head("policy");
    return {
      logits, probabilities: softmax(logits), value: head("value")[0], h: this.h, n: this.feedback ? this.feedback.n : [],
      phase: this.phase, phaseLogit: this.model.phases > 1 ? head("phase")[0] : -Infinity,
    };
  }

  /** The phase as the core reads it: a number for each but the first, 1 for the present one. */
  phases() {
    return Array.from({ length: this.model.phases - 1 }, (_, before) => (this.phase === before + 1 ? 1 : 0));
  }

  /** The sums a of the core, [blocks · hidden]. */
  sums(features, T, atFirst) {
    const part = (name) => this.tensors[`core.${this.model.core}.${name}`], rows = this.core.input * this.model.hidden;
    const sum = Float64Array.from(part("bias")), add = (name, vector) => addRows(sum, 0, rows, part(name), vector);
    add("weight_features", features);
    this.core.addState?.(sum, part("weight_recurrent"), this.h);
    if (this.feedback) add("weight_feedback", this.feedback.read());
    if (part("weight_clock")) add("weight_clock", [Math.fround(Math.fround(0.1) * this.c[0])]);
    if (part("weight_phase")) add("weight_phase", this.phases());
    const told = { always: T, first: atFirst, never: 0 }[this.model.told];
    if (told !== 0) add("weight_instruction", [Math.fround(this.model.instruction_scale) * told]);
    return sum;
  }

  remember(sums) {
    const hidden = this.model.hidden;
    [this.h, this.c] = this.core.step((index, unit) => sums[index * hidden + unit], this.h, this.c);
  }
}

function softmax(logits) {
  const greatest = Math.max(...logits), powers = logits.map((x) => Math.exp(x - greatest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

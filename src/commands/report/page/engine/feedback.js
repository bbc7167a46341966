/** The loop beside the LSTM: accumulators n, whose cell is a NAC, a NALU, a NAU, an NMU, a ternary NAC, or given: t, or T - t. */
class Feedback {
  constructor(config, tensors) {
    const tensor = (part) => tensors[`core.${config.cell}.${part}`];
    this.config = config;
    this.gate = config.cell === "nalu" ? tensor("gate") : null;
    const squash = (w, i) => Math.tanh(w) * sigmoid(tensor("m_hat")[i]);
    const given = { elapsed: [0, 1], remaining: [1, -1] }[config.cell];
    const ternary = (w) => Math.round(Math.min(Math.max(w, -1), 1));
    if (given) this.weight = tensor("weight").map((w, i) => w * (given[i % (tensor("weight").length / config.units)] || 0));
    else if (config.cell === "ternary") this.weight = tensor("weight").map(ternary);
    else this.weight = ["nau", "nmu"].includes(config.cell) ? tensor("weight") : tensor("w_hat").map(squash);
    this.reset();
  }

  reset() {
    this.n = new Float32Array(this.config.units);
  }

  /** Counts one step; `first` tells if it is the first one of an episode; `phases` is the agent's phase. */
  step(T, first, h, phases) {
    const atFirst = first ? T : 0;
    const inputs = {
      "additive": () => [atFirst, 1],
      "additive-state": () => [atFirst, 1, ...h],
      "events": () => [atFirst, ...Array.from(h.slice(0, this.config.bits), (x) => x >= 0 ? 1 : 0)],
      "phases": () => [atFirst, first ? 1 : 0, ...phases],
      "recurrent": () => [atFirst, ...h, ...this.n],
      "state": () => [T, ...h],
      "instruction": () => [T],
    }[this.config.reading]();
    const made = this.cell(inputs), adds = /^additive|^events|^phases/.test(this.config.reading);
    // Rounded where the program rounds: over a thousand steps of 0.97 it makes a difference.
    this.n = this.n.map((n, unit) => (adds ? n : 0) + Math.fround(made[unit]));
  }

  /** What the cell makes of its inputs. */
  cell(inputs) {
    if (this.config.cell === "nmu") return this.products(inputs);
    const sum = new Float64Array(this.config.units);
    addProduct(sum, this.weight, inputs);
    if (this.gate === null) return sum;
    const exponent = new Float64Array(sum.length), opening = new Float64Array(sum.length);
    addProduct(exponent, this.weight, inputs.map((x) => Math.log(Math.fround(Math.abs(x) + 1e-7))));
    addProduct(opening, this.gate, inputs);
    return sum.map((a, unit) => {
      const g = sigmoid(opening[unit]);
      return g * a + (1 - g) * Math.exp(Math.min(exponent[unit], 20));
    });
  }

  /** What an NMU makes of them: for each unit the product of w x + 1 - w, rounded and held where the program does so. */
  products(inputs) {
    const factor = (w, x) => Math.fround(Math.fround(Math.fround(x - 1) * w) + 1);
    const next = (product, factor) => Math.min(Math.max(Math.fround(product * factor), -1e6), 1e6);
    const product = (_, unit) => inputs.reduce((made, x, i) => next(made, factor(this.weight[unit * inputs.length + i], x)), 1);
    return Float64Array.from({ length: this.config.units }, product);
  }

  /** What the LSTM reads: tanh(gain · n), or gain · n. */
  read() {
    const gain = Math.fround(this.config.gain), squash = this.config.read === "linear" ? (x) => x : Math.tanh;
    return this.n.map((n) => squash(gain * n));
  }
}

/** The trained network: vision, an LSTM with or without a feedback loop, policy and value. */
class Agent {
  /** From one of the page's players: its configuration, and its tensors as text. */
  constructor({ model, tensors }) {
    const decoded = Object.entries(tensors).map(([name, text]) => [name, decodeFloats(text)]);
    this.model = model;
    this.tensors = Object.fromEntries(decoded);
    this.vision = new Vision(model.convolutions, this.tensors);
    this.feedback = model.feedback && new Feedback(model.feedback, this.tensors);
    this.reset();
  }

  /** Forgets the episode. */
  reset() {
    this.h = new Float32Array(this.model.hidden);
    this.c = new Float32Array(this.model.hidden);
    this.feedback?.reset();
    this.first = true;
  }

  /** Sees a frame and the instruction T, and gives what goes on in the network. */
  step(frame, T) {
    const atFirst = this.first ? T : 0;
    this.first = false;
    this.feedback?.step(T, atFirst, this.h);
    this.remember(this.preactivation(this.vision.features(frame), T, atFirst));
    const head = (name) => linear(this.tensors[`heads.${name}.weight`], this.tensors[`heads.${name}.bias`], this.h);
    const logits = head("policy");
    return { logits, probabilities: softmax(logits), value: head("value")[0], h: this.h, n: this.feedback ? this.feedback.n : [] };
  }

  /** The gates i, f, g, o before their non-linearities, [4 · hidden]. */
  preactivation(features, T, atFirst) {
    const lstm = (part) => this.tensors[`core.lstm.${part}`];
    const sum = linear(lstm("weight_features"), lstm("bias"), features);
    addProduct(sum, lstm("weight_recurrent"), this.h);
    if (this.feedback) addProduct(sum, lstm("weight_feedback"), this.feedback.read());
    const told = { always: T, first: atFirst, never: 0 }[this.model.told];
    if (told !== 0) addProduct(sum, lstm("weight_instruction"), [Math.fround(this.model.instruction_scale) * told]);
    return sum;
  }

  remember(gates) {
    const hidden = this.model.hidden, gate = (index, unit) => gates[index * hidden + unit];
    this.c = this.c.map((c, unit) => sigmoid(gate(1, unit)) * c + sigmoid(gate(0, unit)) * Math.tanh(gate(2, unit)));
    this.h = this.c.map((c, unit) => sigmoid(gate(3, unit)) * Math.tanh(c));
  }
}

function softmax(logits) {
  const greatest = Math.max(...logits), powers = logits.map((x) => Math.exp(x - greatest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

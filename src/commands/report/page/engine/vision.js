/** From an image to its features: convolutions with ReLU, then a linear layer. */
class Vision {
  /** `convolutions` as the configuration has them; `tensors` by name. */
  constructor(convolutions, tensors) {
    const layer = (name) => ({ weight: tensors[`vision.${name}.weight`], bias: tensors[`vision.${name}.bias`] });
    this.layers = convolutions.map((convolution, i) => ({ ...convolution, ...layer(`conv${i + 1}`) }));
    this.last = layer("linear");
    this.seen = new Map();
  }

  /** The features of a frame; each is computed once. */
  features(frame) {
    const key = frameKey(frame);
    if (!this.seen.has(key)) {
      let image = { side: IMAGE_SIDE, channels: 3, values: Float32Array.from(renderFrame(frame), (byte) => byte / 255) };
      for (const layer of this.layers) image = convolve(image, layer);
      this.seen.set(key, Float32Array.from(linear(this.last.weight, this.last.bias, image.values)));
    }
    return this.seen.get(key);
  }
}

/** relu(conv(image)), channels last, square, without padding. */
function convolve(image, { channels, kernel, stride, weight, bias }) {
  const side = Math.floor((image.side - kernel) / stride) + 1;
  const values = new Float32Array(side * side * channels);
  const width = kernel * image.channels; // of a kernel's row, which lies in one piece in both
  let at = 0;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = bias[channel];
        for (let row = 0; row < kernel; row++) {
          const from = ((y * stride + row) * image.side + x * stride) * image.channels;
          const by = (channel * kernel + row) * width;
          for (let i = 0; i < width; i++) sum += image.values[from + i] * weight[by + i];
        }
        values[at++] = Math.max(sum, 0);
      }
    }
  }
  return { side, channels, values };
}

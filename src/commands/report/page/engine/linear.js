/**
 * Adds `weight` times `input` to `sum`. The weight has a row of `input.length` numbers for each entry
 * of the sum. Sums are of 64 bits: the program adds in another order, in 32 bits, and both stay as
 * close to the truth as they can.
 */
function addProduct(sum, weight, input) {
  const columns = input.length;
  for (let row = 0; row < sum.length; row++) {
    let total = 0;
    for (let column = 0, at = row * columns; column < columns; column++, at++) total += weight[at] * input[column];
    sum[row] += total;
  }
}

/** `weight` times `input`, plus the bias. */
function linear(weight, bias, input) {
  const sum = Float64Array.from(bias);
  addProduct(sum, weight, input);
  return sum;
}

function sigmoid(x) {
  return 1 / (1 + Math.exp(-x));
}

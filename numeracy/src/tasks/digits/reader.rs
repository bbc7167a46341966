//! Convnet that reads a digit.

use gridworld_agents::{Bound, Layout, Slot, fill_uniform};
use rand::Rng;
use tch::{Kind, Tensor};

use super::DigitsOperation;

/// Numbers of channels of the two convolutions, and of units of the layer after them.
const CHANNELS: [usize; 2] = [8, 16];
const UNITS: usize = 64;
/// Number of positions that the second convolution leaves: 28 / 2 / 2 along each side.
const POSITIONS: usize = 7 * 7;
const CLASSES: usize = 10;

/// Convnet of two convolutions that halve the sides, with ReLU, a layer of units, and a distribution over ten classes.
///
/// To count, a cell is given the distribution; to add or multiply, its mean, where class k is worth k. So the scale of
/// what is read is fixed, and which image belongs to which class is left to be learned from counts and sums. Madsen & Johansen's
/// programs have this reading as an option (`softmax-transform`); a linear one learned more slowly from sums alone.
#[derive(Clone, Debug)]
pub struct Reader {
    layers: [(Slot, Slot); 4],
    operation: DigitsOperation,
}

impl Reader {
    /// Lays the reader's parameters out under `reader.`.
    pub fn new(operation: DigitsOperation, layout: &mut Layout) -> Reader {
        let shapes: [(&str, Vec<usize>); 4] = [
            ("conv1", vec![CHANNELS[0], 1, 5, 5]),
            ("conv2", vec![CHANNELS[1], CHANNELS[0], 3, 3]),
            ("linear1", vec![UNITS, CHANNELS[1] * POSITIONS]),
            ("linear2", vec![CLASSES, UNITS]),
        ];
        let layers = shapes.map(|(name, shape)| {
            let weight = layout.add(&format!("reader.{name}.weight"), &shape);
            (weight, layout.add(&format!("reader.{name}.bias"), &shape[..1]))
        });
        Reader { layers, operation }
    }

    /// Draws weights as He et al. 2015 do before a ReLU, and small ones at the end: every image begins as each of the
    /// digits with nearly the same probability. There is no bias.
    pub fn initialize(&self, flat: &mut [f32], layout: &Layout, rng: &mut impl Rng) {
        for (index, &(weight, _)) in self.layers.iter().enumerate() {
            let inputs: i64 = layout.parameter(weight).shape[1..].iter().product();
            let gain = if index + 1 < self.layers.len() { 6.0_f64 } else { 0.03 };
            fill_uniform(layout.slice(flat, weight), (gain / inputs as f64).sqrt(), rng);
        }
    }

    /// Reads images `[n, 1, 28, 28]`; gives `[n, outputs]`.
    pub fn read(&self, parameters: &Bound, images: &Tensor) -> Tensor {
        let [(w_1, b_1), (w_2, b_2), (w_3, b_3), (w_4, b_4)] = self.layers;
        let bias = |slot| Some(&parameters[slot]);
        let x = images.conv2d(&parameters[w_1], bias(b_1), 2, 2, 1, 1).relu();
        let x = x.conv2d(&parameters[w_2], bias(b_2), 2, 1, 1, 1).relu();
        let x = x.flatten(1, -1).linear(&parameters[w_3], bias(b_3)).relu();
        let classes = x.linear(&parameters[w_4], bias(b_4)).softmax(-1, Kind::Float);
        match self.operation {
            DigitsOperation::Count => classes,
            DigitsOperation::Sum | DigitsOperation::Product => {
                let worth = Tensor::arange(CLASSES as i64, (Kind::Float, classes.device()));
                classes.matmul(&worth.view([-1, 1]))
            }
        }
    }
}

//! Errors of a network on sequences longer than those in training.

use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};

use super::cell::{Cell, Weights};
use super::images::{Augmentation, draw, tensor};
use super::{DigitsOperation, Labelled};

/// Number of images that are read at once.
const READ: usize = 500;

/// Errors on sequences of one length.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LengthErrors {
    /// Number of digits in a sequence.
    pub length: usize,
    /// Mean squared error over sequences and outputs; none where it is not finite.
    pub mse: Option<f64>,
    /// Mean absolute error; none where it is not finite.
    pub mae: Option<f64>,
    /// Mean of the absolute error's share in the right answer, for products alone, which are never 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<f64>,
    /// Share of sequences in which every output is right when it is rounded.
    pub exact: f64,
}

/// Computes the errors at all lengths that the operation is tested at. Each image is read once; the sequences, drawn
/// from all images with replacement, are the same for every seed and cell.
pub(super) fn evaluate(
    digits: &Labelled,
    operation: DigitsOperation,
    cell: &Cell,
    weights: &Weights,
    read: impl Fn(&Tensor) -> Tensor,
) -> Vec<LengthErrors> {
    let all: Vec<usize> = (0..digits.len()).collect();
    let plain = |indices: &[usize]| tensor::<ChaCha8Rng>(digits, indices, Augmentation::None);
    let readings = Tensor::cat(&all.chunks(READ).map(|indices| read(&plain(indices))).collect::<Vec<_>>(), 0);
    let errors_at = |(length, sequences): (usize, usize)| {
        let indices = draw(length as u32, length * sequences, digits.len());
        let labels: Vec<u8> = indices.iter().map(|&index| digits.labels[index]).collect();
        // Step by step, so that each step's readings lie together.
        let step = |t: usize| {
            let at_t: Vec<i64> = indices.iter().skip(t).step_by(length).map(|&index| index as i64).collect();
            readings.index_select(0, &Tensor::from_slice(&at_t))
        };
        let mut state = cell.start(sequences as i64);
        for t in 0..length {
            cell.step(weights, &step(t), &mut state);
        }
        let targets = operation.targets(&labels, length).to_kind(Kind::Double);
        let error = cell.answer(weights, &state).to_kind(Kind::Double) - &targets;
        let finite = |value: Tensor| Some(value.double_value(&[])).filter(|value| value.is_finite());
        let right = error.abs().amax([1_i64].as_slice(), false).lt(0.5);
        LengthErrors {
            length,
            mse: finite(error.square().mean(Kind::Double)),
            mae: finite(error.abs().mean(Kind::Double)),
            relative: (operation == DigitsOperation::Product)
                .then(|| finite((&error / &targets).abs().mean(Kind::Double)))
                .flatten(),
            exact: right.to_kind(Kind::Double).mean(Kind::Double).double_value(&[]),
        }
    };
    operation.tests().iter().copied().map(errors_at).collect()
}

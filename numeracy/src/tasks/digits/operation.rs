//! What is asked of a sequence of digits.

use serde::{Deserialize, Serialize};
use tch::Tensor;

/// What is asked of a sequence of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DigitsOperation {
    /// How often each of the ten digits occurs.
    Count,
    /// The sum of the digits.
    Sum,
}

impl DigitsOperation {
    /// All, with their names.
    pub const ALL: [(DigitsOperation, &'static str); 2] =
        [(DigitsOperation::Count, "count"), (DigitsOperation::Sum, "sum")];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        DigitsOperation::ALL.iter().find(|(other, _)| *other == self).map_or("", |(_, name)| name)
    }

    /// How many numbers are asked for, and read from each image.
    pub fn outputs(self) -> usize {
        match self {
            DigitsOperation::Count => 10,
            DigitsOperation::Sum => 1,
        }
    }

    /// The answers, `[sequences, outputs]`, to sequences of `length` digits each, one after another in `labels`.
    pub fn targets(self, labels: &[u8], length: usize) -> Tensor {
        let mut targets = vec![0.0_f32; labels.len() / length * self.outputs()];
        for (target, sequence) in targets.chunks_exact_mut(self.outputs()).zip(labels.chunks_exact(length)) {
            for &digit in sequence {
                match self {
                    DigitsOperation::Count => target[usize::from(digit)] += 1.0,
                    DigitsOperation::Sum => target[0] += f32::from(digit),
                }
            }
        }
        Tensor::from_slice(&targets).view([-1, self.outputs() as i64])
    }

    /// Mean and standard deviation of an answer to `length` digits, each of the ten as likely as the others.
    pub fn moments(self, length: usize) -> (f64, f64) {
        let (mean, variance) = match self {
            DigitsOperation::Count => (0.1, 0.09),
            DigitsOperation::Sum => (4.5, 8.25),
        };
        (length as f64 * mean, (length as f64 * variance).sqrt())
    }
}

impl std::fmt::Display for DigitsOperation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

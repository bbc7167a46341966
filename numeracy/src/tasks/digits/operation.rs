//! Operations on a sequence of digits.

use serde::{Deserialize, Serialize};
use tch::Tensor;

/// An operation on a sequence of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DigitsOperation {
    /// The number of times that each of the ten digits occurs.
    Count,
    /// The sum of all digits.
    Sum,
    /// The product of all digits. A single 0 would decide it, so digits are 1 to 9, as published (Madsen & Johansen
    /// 2020, §4.2).
    Product,
}

impl DigitsOperation {
    /// All operations, with their names.
    pub const ALL: [(DigitsOperation, &'static str); 3] =
        [(DigitsOperation::Count, "count"), (DigitsOperation::Sum, "sum"), (DigitsOperation::Product, "product")];

    /// Gives the operation's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        DigitsOperation::ALL.iter().find(|(other, _)| *other == self).map_or("", |(_, name)| name)
    }

    /// Gives the number of outputs: the numbers in an answer, and in the reading of each image.
    #[must_use]
    pub fn outputs(self) -> usize {
        match self {
            DigitsOperation::Count => 10,
            DigitsOperation::Sum | DigitsOperation::Product => 1,
        }
    }

    /// Gives the answer to no digits at all, with which the state of arithmetic begins.
    #[must_use]
    pub fn identity(self) -> f32 {
        match self {
            DigitsOperation::Count | DigitsOperation::Sum => 0.0,
            DigitsOperation::Product => 1.0,
        }
    }

    /// Tells if this digit occurs in sequences.
    #[must_use]
    pub fn asks_about(self, digit: u8) -> bool {
        self != DigitsOperation::Product || digit != 0
    }

    /// Gives the number of digits in a sequence, in training: as published.
    #[must_use]
    pub fn length(self) -> usize {
        match self {
            DigitsOperation::Count | DigitsOperation::Sum => 10,
            DigitsOperation::Product => 2,
        }
    }

    /// Gives the number of sequences in a batch, in training: eighty digits whatever is asked.
    #[must_use]
    pub fn batch(self) -> usize {
        80 / self.length()
    }

    /// Gives the lengths of the sequences that are tested, and how many there are of each. Products of forty nines are
    /// the longest that a number of 32 bits holds.
    #[must_use]
    pub fn tests(self) -> &'static [(usize, usize)] {
        match self {
            DigitsOperation::Count | DigitsOperation::Sum => &[(1, 1000), (10, 1000), (100, 500), (1000, 200)],
            DigitsOperation::Product => &[(1, 1000), (2, 1000), (5, 1000), (10, 1000), (20, 1000), (40, 1000)],
        }
    }

    /// Gives the answers, `[sequences, outputs]`, to sequences of `length` digits each, one after another in `labels`.
    pub fn targets(self, labels: &[u8], length: usize) -> Tensor {
        let mut targets = vec![self.identity(); labels.len() / length * self.outputs()];
        for (target, sequence) in targets.chunks_exact_mut(self.outputs()).zip(labels.chunks_exact(length)) {
            for &digit in sequence {
                match self {
                    DigitsOperation::Count => target[usize::from(digit)] += 1.0,
                    DigitsOperation::Sum => target[0] += f32::from(digit),
                    DigitsOperation::Product => target[0] *= f32::from(digit),
                }
            }
        }
        Tensor::from_slice(&targets).view([-1, self.outputs() as i64])
    }

    /// Gives mean and standard deviation of an answer to `length` digits, each as likely as the others.
    #[must_use]
    pub fn moments(self, length: usize) -> (f64, f64) {
        let n = length as f64;
        match self {
            DigitsOperation::Count => (0.1 * n, (0.09 * n).sqrt()),
            DigitsOperation::Sum => (4.5 * n, (8.25 * n).sqrt()),
            DigitsOperation::Product => {
                // Of one digit from 1 to 9, and of its square.
                let (mean, square) = (5.0_f64, 285.0_f64 / 9.0);
                (mean.powf(n), (square.powf(n) - mean.powf(2.0 * n)).sqrt())
            }
        }
    }
}

impl std::fmt::Display for DigitsOperation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives the answers to sequences of two digits.
    fn answers(operation: DigitsOperation, labels: &[u8]) -> Vec<f32> {
        Vec::try_from(operation.targets(labels, 2).view([-1])).unwrap()
    }

    #[test]
    fn answers_are_those_worked_by_hand() {
        assert_eq!(answers(DigitsOperation::Sum, &[3, 4, 9, 9]), [7.0, 18.0]);
        assert_eq!(answers(DigitsOperation::Product, &[3, 4, 9, 9]), [12.0, 81.0]);
        assert_eq!(answers(DigitsOperation::Count, &[3, 3]), [0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn the_greatest_product_is_finite() {
        let longest = DigitsOperation::Product.tests().iter().map(|(length, _)| *length).max().unwrap();
        let greatest = DigitsOperation::Product.targets(&vec![9; longest], longest).double_value(&[0, 0]);
        assert!((greatest / 9_f64.powi(longest as i32) - 1.0).abs() < 1e-5, "{greatest}");
    }

    #[test]
    fn moments_are_those_of_all_pairs_of_digits() {
        for (operation, _) in DigitsOperation::ALL {
            let digits: Vec<u8> = (0..10).filter(|&digit| operation.asks_about(digit)).collect();
            let pairs: Vec<u8> = digits.iter().flat_map(|&a| digits.iter().flat_map(move |&b| [a, b])).collect();
            let answers = operation.targets(&pairs, 2).to_kind(tch::Kind::Double);
            let (mean, deviation) = operation.moments(2);
            assert!((answers.mean(None).double_value(&[]) - mean).abs() < 1e-6, "{operation}");
            assert!((answers.std(false).double_value(&[]) - deviation).abs() < 1e-6, "{operation}");
        }
    }
}

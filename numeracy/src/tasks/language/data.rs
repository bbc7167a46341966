//! Examples of number words for training, validation and test.

use super::words::{LONGEST, NUMBERS, WORDS, words};
use crate::engine::{BATCH, Purpose, Random, Real, Row};

/// Numbers of examples of training, validation and test: 169, 200 and 631, as published.
pub const SPLIT: [usize; 3] = [169, 200, 631];
/// Limit of the numbers that are all examples of training.
const BELOW: u32 = 20;

/// A partition of 0, 1, … 999 into training, validation and test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Examples of training: all below 20, and random ones so that each word occurs.
    pub training: Vec<u32>,
    /// Examples of validation, which a model is chosen by.
    pub validation: Vec<u32>,
    /// Examples of the test, which a model is judged by.
    pub test: Vec<u32>,
}

impl Split {
    /// Makes the split of a seed. Of the numbers from 20 on, in random order, those with a word that has not occurred
    /// are learned from; the rest, in that order, go to test, validation and training until each is full.
    #[must_use]
    pub fn new(seed: u64) -> Split {
        let mut random = Random::new(seed, Purpose::Problem);
        let mut order: Vec<u32> = (BELOW..NUMBERS).collect();
        random.shuffle(&mut order);
        let mut met = [false; WORDS];
        let mut training: Vec<u32> = (0..BELOW).collect();
        training.iter().flat_map(|&number| words(number)).for_each(|word| met[word] = true);
        let (news, rest): (Vec<u32>, Vec<u32>) = order.into_iter().partition(|&number| {
            let words = words(number);
            let news = words.iter().any(|&word| !met[word]);
            words.into_iter().for_each(|word| met[word] = true);
            news
        });
        training.extend(news);
        let (test, rest) = rest.split_at(SPLIT[2]);
        let (validation, rest) = rest.split_at(SPLIT[1]);
        training.extend(rest);
        Split { training, validation: validation.to_vec(), test: test.to_vec() }
    }
}

/// Writes the words of up to [`BATCH`] numbers, the last word last; `x` has [`LONGEST`] rows. In places without a number
/// there are no words.
pub fn write<T: Real>(numbers: &[u32], x: &mut [Row<T>]) {
    assert!(numbers.len() <= BATCH && x.len() == LONGEST, "a batch");
    x.as_flattened_mut().fill(T::ZERO);
    for (lane, &number) in numbers.iter().enumerate() {
        let words = words(number);
        let start = LONGEST - words.len();
        for (x, word) in x[start..].iter_mut().zip(words) {
            x[lane] = T::from_f64((word + 1) as f64);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::engine::zeros;

    #[test]
    fn every_split_is_a_partition_in_which_each_word_is_learned() {
        for seed in 0..50 {
            let split = Split::new(seed);
            let sizes = [split.training.len(), split.validation.len(), split.test.len()];
            assert_eq!(sizes, SPLIT);
            let all: HashSet<u32> =
                [&split.training[..], &split.validation, &split.test].concat().into_iter().collect();
            assert_eq!(all, (0..NUMBERS).collect());
            assert!((0..BELOW).all(|number| split.training.contains(&number)));
            let met: HashSet<usize> = split.training.iter().flat_map(|&number| words(number)).collect();
            assert_eq!(met.len(), WORDS);
        }
        assert_ne!(Split::new(1), Split::new(2));
    }

    #[test]
    fn the_last_word_is_read_last() {
        let mut x = vec![[7.0_f64; BATCH]; LONGEST];
        write(&[721, 3], &mut x);
        // Indices from 1: seven 8, hundred 29, and 30, twenty 21, one 2; three 4.
        assert_eq!([0, 1, 2, 3, 4].map(|t| x[t][0]), [8.0, 29.0, 30.0, 21.0, 2.0]);
        assert_eq!([0, 1, 2, 3, 4].map(|t| x[t][1]), [0.0, 0.0, 0.0, 0.0, 4.0]);
        assert_eq!(x[4][2..], zeros::<f64>()[2..]);
    }
}

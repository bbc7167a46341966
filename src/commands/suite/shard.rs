//! A part of a suite, for one of several machines.

use std::cmp::Reverse;

use super::seeds::Seeds;

/// The `index`-th of `count` parts, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Number of the part, from 1.
    pub index: usize,
    /// Number of parts.
    pub count: usize,
}

impl Shard {
    /// Shard that is the whole suite.
    pub const WHOLE: Shard = Shard { index: 1, count: 1 };

    /// Returns the trainings of this part, seed by seed: each as a variant's index and one of `seeds`.
    ///
    /// The trainings are dealt out like cards, variant after variant, those with the most of `steps` first. So the
    /// parts differ by one training of each variant at most, by one training altogether, and by the steps of the
    /// longest one.
    pub fn trainings(self, steps: &[u64], seeds: Seeds) -> Vec<(usize, u64)> {
        let mut variants: Vec<usize> = (0..steps.len()).collect();
        variants.sort_by_key(|&variant| Reverse(steps[variant]));
        let all = variants.iter().flat_map(|&variant| seeds.each().map(move |seed| (variant, seed)));
        let mut own: Vec<(usize, u64)> = all.skip(self.index - 1).step_by(self.count).collect();
        own.sort_by_key(|&(variant, seed)| (seed, variant));
        own
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Shard { index, count }),
            _ => Err("must be I/N with I from 1 to N, such as 2/4".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Divides the trainings of a suite into parts.
    fn parts(steps: &[u64], seeds: u64, count: usize) -> Vec<Vec<(usize, u64)>> {
        (1..=count).map(|index| Shard { index, count }.trainings(steps, Seeds::up_to(seeds))).collect()
    }

    /// Gives the greatest value less the least.
    fn spread(values: impl Iterator<Item = u64> + Clone) -> u64 {
        values.clone().max().unwrap() - values.min().unwrap()
    }

    #[test]
    fn parts_are_disjoint_together_everything_and_even_in_every_respect() {
        let mut suites = 0;
        // Each variant has 1, 2 or 5 million steps.
        for variants in 1..=4 {
            for kinds in 0..3_usize.pow(variants) {
                let steps: Vec<u64> = (0..variants).map(|at| [1, 2, 5][kinds / 3_usize.pow(at) % 3]).collect();
                let longest = *steps.iter().max().unwrap();
                for (seeds, count) in (1..=7).flat_map(|seeds| (1..=9).map(move |count| (seeds, count))) {
                    let parts = parts(&steps, seeds, count);
                    let case = format!("{steps:?} steps, {seeds} seeds, {count} parts: {parts:?}");
                    let mut together = parts.concat();
                    together.sort_unstable();
                    let all = (0..steps.len()).flat_map(|variant| (1..=seeds).map(move |seed| (variant, seed)));
                    assert_eq!(together, all.collect::<Vec<_>>(), "{case}");

                    assert!(spread(parts.iter().map(|part| part.len() as u64)) <= 1, "{case}");
                    for variant in 0..steps.len() {
                        let of_variant = |part: &Vec<(usize, u64)>| part.iter().filter(|job| job.0 == variant).count();
                        assert!(spread(parts.iter().map(|part| of_variant(part) as u64)) <= 1, "{case}");
                    }
                    let work = |part: &Vec<(usize, u64)>| part.iter().map(|job| steps[job.0]).sum::<u64>();
                    assert!(spread(parts.iter().map(work)) <= longest, "{case}");
                    suites += 1;
                }
            }
        }
        assert_eq!(suites, (3 + 9 + 27 + 81) * 63);
    }

    #[test]
    fn a_part_goes_seed_by_seed_and_the_whole_is_a_part() {
        assert_eq!(Shard::WHOLE.trainings(&[1, 2], "4..5".parse().unwrap()), [(0, 4), (1, 4), (0, 5), (1, 5)]);
        assert_eq!(parts(&[4, 4], 2, 2), [[(0, 1), (1, 1)], [(0, 2), (1, 2)]]);
        // The longer ones are dealt first.
        assert_eq!(parts(&[1, 4], 1, 2), [[(1, 1)], [(0, 1)]]);
    }

    #[test]
    fn a_shard_is_a_part_of_a_whole() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, count: 4 }));
        for wrong in ["0/4", "5/4", "1/0", "1", "/", "a/b", "-1/2", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}

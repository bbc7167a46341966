//! Names of the numbers that an experiment measures: its tags in TensorBoard, and its keys in `metrics.jsonl`.

/// Number of the seed that is done.
pub const SEED: &str = "seeds/seed";
/// Share of the solved seeds among those that are done. It has the name that a training's share of successes has, so
/// that one chart and one display of progress show either.
pub const SUCCESS: &str = "charts/success";
/// Mark of a solved seed: 1 where it is solved, else 0.
pub const SOLVED: &str = "seeds/solved";
/// Updates before the first check at which the seed was solved.
pub const SOLVED_AT: &str = "seeds/solved_at";
/// Mean squared error of the seed on the training range.
pub const INTERPOLATION: &str = "seeds/interpolation_error";
/// Mean squared error of the seed beyond the training range.
pub const EXTRAPOLATION: &str = "seeds/extrapolation_error";
/// Greatest distance of the seed's weights from whole numbers.
pub const SPARSITY: &str = "seeds/sparsity_error";

/// Meaning of each number in a sentence or two, for those who look at it in TensorBoard.
pub const DESCRIPTIONS: [(&str, &str); 7] = [
    (SEED, "Number of the seed that this point is about. The horizontal axis counts the updates of all seeds so far."),
    (SUCCESS, "Share of solved seeds among those trained so far; the run's summary states the threshold."),
    (SOLVED, "1 if the seed is solved, else 0."),
    (SOLVED_AT, "Updates before the first check at which the seed was solved."),
    (INTERPOLATION, "Error of the seed on the training range."),
    (EXTRAPOLATION, "Error of the seed outside the training range; for sequences, at the greatest length tested."),
    (SPARSITY, "Sparsity error of the seed: largest distance of a weight from the nearest of −1, 0 and 1."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_contract() {
        let names = [SEED, SUCCESS, SOLVED, SOLVED_AT, INTERPOLATION, EXTRAPOLATION, SPARSITY];
        let expected = [
            "seeds/seed",
            "charts/success",
            "seeds/solved",
            "seeds/solved_at",
            "seeds/interpolation_error",
            "seeds/extrapolation_error",
            "seeds/sparsity_error",
        ];
        assert_eq!(names, expected);
        assert_eq!(DESCRIPTIONS.map(|(name, _)| name), expected);
        assert!(DESCRIPTIONS.iter().all(|(_, text)| text.ends_with('.')));
    }
}

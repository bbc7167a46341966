//! The names of the numbers that an experiment measures: its tags in TensorBoard, and its keys in `metrics.jsonl`.

/// A seed of the experiment.
pub const SEED: &str = "seeds/seed";
/// Share of the seeds so far that have learned what they were to learn. It has the name that a training's share of
/// successes has, so that one chart and one display of progress show either.
pub const SUCCESS: &str = "charts/success";
/// 1 where the seed is solved, else 0.
pub const SOLVED: &str = "seeds/solved";
/// The first update after which the seed was solved.
pub const SOLVED_AT: &str = "seeds/solved_at";
/// The seed's mean squared error on the range that is trained on.
pub const INTERPOLATION: &str = "seeds/interpolation_error";
/// The seed's mean squared error beyond that range.
pub const EXTRAPOLATION: &str = "seeds/extrapolation_error";
/// Greatest distance of the seed's weights from whole numbers.
pub const SPARSITY: &str = "seeds/sparsity_error";

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
    }
}

//! Names of the metrics that the display of a training shows.

/// Environment steps per second.
pub const RATE: &str = "charts/SPS";
/// Share of successes among the episodes of the training, or of the seeds of an experiment.
pub const SUCCESS: &str = "charts/success";
/// Greedy success on the feasible episodes of the training range.
pub const EVALUATION: &str = "eval/success_train";
/// Beginning of the names of all results of an evaluation.
pub const EVALUATIONS: &str = "eval/";

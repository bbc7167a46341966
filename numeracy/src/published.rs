//! Published results, for comparison with ours, with their sources.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::cells::CellName;
use crate::tasks::Operation;
use crate::tasks::language::LanguageModel;

/// Published results, with their sources.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Published {
    /// Source of [`successes`](Self::successes).
    #[serde(rename = "static_source")]
    pub successes_source: String,
    /// Success rates of static arithmetic, by operation and cell.
    #[serde(rename = "static")]
    pub successes: Vec<Success>,
    /// Source of [`relative`](Self::relative).
    pub relative_source: String,
    /// Errors relative to that of an untrained network.
    pub relative: Vec<Relative>,
    /// Source of the article's part of [`language`](Self::language).
    pub language_article: String,
    /// Source of the reproduction's part of [`language`](Self::language).
    pub language_reproduction: String,
    /// Mean absolute errors of language to number.
    pub language: Vec<Words>,
}

/// Share of seeds that succeed, for one operation and cell.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Success {
    /// Operation that is learned.
    pub operation: Operation,
    /// Cell that learns it.
    pub cell: CellName,
    /// Share of seeds that succeed, in per cent.
    pub success: f64,
    /// 95 % interval of the share, in per cent.
    pub ci95: (f64, f64),
    /// Update after which a successful seed is solved, median.
    pub solved_at: Option<f64>,
    /// Sparsity error of a successful seed, mean.
    pub sparsity_error: Option<f64>,
}

/// Relative errors of one operation and cell.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Relative {
    /// Operation that is learned.
    pub operation: Operation,
    /// Cell that learns it.
    pub cell: CellName,
    /// Error on the training range, in per cent of an untrained network's.
    pub interpolation: f64,
    /// Error beyond the training range, in per cent of an untrained network's.
    pub extrapolation: f64,
}

/// Mean absolute errors of training, validation and test of a model of language, where there are any.
#[derive(Clone, Copy, Debug, Deserialize)]
#[non_exhaustive]
pub struct Words {
    /// Model of this project that is closest to the published one.
    #[serde(deserialize_with = "model")]
    pub model: LanguageModel,
    /// Errors of the article.
    pub article: Option<[f64; 3]>,
    /// Errors of a public reproduction.
    pub reproduction: Option<[f64; 3]>,
}

/// Reads a model by its name.
fn model<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LanguageModel, D::Error> {
    let name = String::deserialize(deserializer)?;
    let found = LanguageModel::ALL.into_iter().find(|(_, other)| *other == name);
    found.map(|(model, _)| model).ok_or_else(|| D::Error::custom(format!("there is no model `{name}`")))
}

impl Published {
    /// Reads all published figures.
    ///
    /// # Panics
    /// Never: a test reads them.
    #[must_use]
    pub fn all() -> Published {
        serde_json::from_str(include_str!("published.json")).expect("the file is part of the program, and tested")
    }

    /// Finds the success of this operation and cell.
    #[must_use]
    pub fn success(&self, operation: Operation, cell: CellName) -> Option<&Success> {
        self.successes.iter().find(|success| success.operation == operation && success.cell == cell)
    }

    /// Finds the errors of this model of language.
    #[must_use]
    pub fn words(&self, model: LanguageModel) -> Option<&Words> {
        self.language.iter().find(|words| words.model == model)
    }

    /// Finds the relative errors of this operation and cell.
    #[must_use]
    pub fn relative(&self, operation: Operation, cell: CellName) -> Option<&Relative> {
        self.relative.iter().find(|relative| relative.operation == operation && relative.cell == cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::Activation;
    use gridworld_statistics::wilson95;

    #[test]
    fn published_intervals_are_those_of_a_hundred_seeds() {
        let published = Published::all();
        assert_eq!((published.successes.len(), published.relative.len()), (48, 24));
        for success in &published.successes {
            let (low, high) = wilson95(success.success as u64, 100);
            let (from, to) = success.ci95;
            assert!((100.0 * low - from).abs() < 1.0 && (100.0 * high - to).abs() < 1.0, "{success:?}: {low} {high}");
        }
        assert_eq!(published.language.len(), 4);
        let linear = CellName::Dense(Activation::Linear);
        assert_eq!(published.success(Operation::Sub, linear).map(|s| s.success), Some(7.0));
        assert_eq!(published.relative(Operation::Div, CellName::Nalu).map(|r| r.extrapolation), Some(0.7));
    }
}

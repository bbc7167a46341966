//! The published figures that ours are held against: constants, with where they come from.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::cells::CellName;
use crate::tasks::Operation;
use crate::tasks::language::LanguageModel;

/// Published figures.
#[derive(Clone, Debug, Deserialize)]
pub struct Published {
    /// Where [`successes`](Self::successes) come from.
    #[serde(rename = "static_source")]
    pub successes_source: String,
    /// How many seeds succeed.
    #[serde(rename = "static")]
    pub successes: Vec<Success>,
    /// Where [`relative`](Self::relative) comes from.
    pub relative_source: String,
    /// Errors relative to that of an untrained network.
    pub relative: Vec<Relative>,
    /// Where the article's part of [`language`](Self::language) comes from.
    pub language_article: String,
    /// Where the reproduction's part comes from.
    pub language_reproduction: String,
    /// Mean absolute errors of language to number.
    pub language: Vec<Words>,
}

/// How many seeds of one operation and cell succeed.
#[derive(Clone, Debug, Deserialize)]
pub struct Success {
    /// What is computed.
    pub operation: Operation,
    /// By what.
    pub cell: CellName,
    /// Per cent of the seeds.
    pub success: f64,
    /// Its 95 % interval.
    pub ci95: (f64, f64),
    /// The update after which a successful seed is solved, median.
    pub solved_at: Option<f64>,
    /// Its sparsity error, mean.
    pub sparsity_error: Option<f64>,
}

/// Errors of one operation and cell.
#[derive(Clone, Debug, Deserialize)]
pub struct Relative {
    /// What is computed.
    pub operation: Operation,
    /// By what.
    pub cell: CellName,
    /// On the range that is trained on, in per cent of an untrained network's.
    pub interpolation: f64,
    /// Beyond it.
    pub extrapolation: f64,
}

/// Mean absolute errors of training, validation and test of a model of language, where there are any.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Words {
    /// The model that comes nearest.
    #[serde(deserialize_with = "model")]
    pub model: LanguageModel,
    /// The article's.
    pub article: Option<[f64; 3]>,
    /// A public reproduction's.
    pub reproduction: Option<[f64; 3]>,
}

/// A model by its name.
fn model<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LanguageModel, D::Error> {
    let name = String::deserialize(deserializer)?;
    let found = LanguageModel::ALL.into_iter().find(|(_, other)| *other == name);
    found.map(|(model, _)| model).ok_or_else(|| D::Error::custom(format!("there is no model `{name}`")))
}

impl Published {
    /// All of them.
    ///
    /// # Panics
    /// Never: a test reads them.
    pub fn all() -> Published {
        serde_json::from_str(include_str!("published.json")).expect("the file is part of the program, and tested")
    }

    /// How many seeds of this operation and cell succeed.
    pub fn success(&self, operation: Operation, cell: CellName) -> Option<&Success> {
        self.successes.iter().find(|success| success.operation == operation && success.cell == cell)
    }

    /// The errors of this model of language.
    pub fn words(&self, model: LanguageModel) -> Option<&Words> {
        self.language.iter().find(|words| words.model == model)
    }

    /// The errors of this operation and cell.
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

//! Language to number: `seven hundred and twenty one` → 721 (Trask et al. 2018, arXiv:1808.00508, §4.3).

mod data;
mod model;
mod outcome;
mod training;
mod words;

pub use data::{SPLIT, Split};
pub use model::LanguageModel;
pub use outcome::{Check, LanguageOutcome, LanguageSummary};
pub use training::{Language, LanguageConfig};
pub use words::{NUMBERS, phrase};

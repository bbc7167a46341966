//! Language to number: `seven hundred and twenty one` → 721 (Trask et al. 2018, arXiv:1808.00508, §4.3).

mod config;
mod data;
mod model;
mod outcome;
mod report;
mod task;
mod training;
mod words;

pub use config::LanguageConfig;
pub use data::{SPLIT, Split};
pub use model::LanguageModel;
pub use outcome::{Check, LanguageOutcome, LanguageSummary};
pub use report::LanguageEntry;
pub use training::Language;
pub use words::{NUMBERS, phrase};

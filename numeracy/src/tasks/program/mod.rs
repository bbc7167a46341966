//! Program evaluation: `12+345.` → 357, character by character (Zaremba & Sutskever 2014, arXiv:1410.4615; Trask et al.
//! 2018, arXiv:1808.00508, §4.4).

mod code;
mod config;
mod model;
mod outcome;
mod report;
mod task;
mod training;

pub use code::{Kind, Program, Size};
pub use config::ProgramConfig;
pub use model::ProgramModel;
pub use outcome::{ProgramCheck, ProgramError, ProgramOutcome, ProgramSummary, SizeSummary};
pub use report::ProgramEntry;
pub use training::Evaluation;

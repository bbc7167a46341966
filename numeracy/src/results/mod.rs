//! The table of results: the experiments that it is of, the figures behind it, and its text.

mod markdown;
mod page;
pub mod plan;
mod reference;
mod sequences;

pub use markdown::Picture;
pub use page::text;
pub use reference::{Reference, SingleEntry, StaticEntry};
pub use sequences::{
    LanguageEntry, ProgramEntry, RecurrentEntry, language_name, program_name, program_plan, recurrent_name,
    recurrent_plan,
};

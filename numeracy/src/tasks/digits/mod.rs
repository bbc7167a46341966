//! Sequences of handwritten digits, to be counted, added or multiplied (Trask et al. 2018, §4.3; Madsen & Johansen
//! 2020, §4.2 and appendix D).
//!
//! A convnet reads each image, a recurrent cell counts, adds or multiplies what is read, and both learn from nothing but
//! the answer to sequences of ten, or of two to multiply. They are judged by sequences of up to a thousand, or of up to
//! forty, of images that nobody was trained on.

mod cell;
mod completion;
mod config;
mod dataset;
mod error;
mod evaluation;
mod idx;
mod images;
mod multiplication;
mod name;
mod operation;
mod outcome;
mod path_in_json;
mod reader;
mod reference;
mod report;
mod source;
mod summary;
mod task;
mod training;

pub use config::DigitsConfig;
pub use dataset::Dataset;
pub use error::DigitsError;
pub use evaluation::LengthErrors;
pub use idx::Labelled;
pub use name::DigitsCell;
pub use operation::DigitsOperation;
pub use outcome::DigitsOutcome;
pub use reference::Reference;
pub use report::DigitsEntry;
pub use source::Source;
pub use summary::{DigitsSummary, LengthSummary};
pub use training::Digits;

/// Number of pixels along an image's side.
pub const SIDE: usize = 28;

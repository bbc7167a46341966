//! Training: workers that act and learn, the hub where their gradients meet, and the trainer that
//! runs them from one milestone to the next.

mod calibration;
mod error;
mod hub;
mod observer;
mod pending;
mod progress;
mod record;
mod sight;
mod snapshot;
mod tag;
mod trainer;
mod wholeness;
mod worker;

pub use error::{Quantity, TrainError};
pub use observer::{Observer, Saved};
pub use progress::{MASTERY, Progress};
pub use record::Record;
pub use snapshot::model_parameters;
pub use tag::Tag;
pub use trainer::{MOST_ROLLBACKS, Summary, Trainer};
pub use wholeness::Wholeness;
pub use worker::{UpdateStatistics, Worker};

//! Training: workers that act and learn, the hub where their gradients meet, and the trainer that
//! runs them from one milestone to the next.

mod calibration;
mod error;
mod hub;
mod metrics_window;
mod observer;
mod progress;
mod record;
mod sight;
mod snapshot;
mod tag;
mod trainer;
mod validation;
mod weight_constraint;
mod worker;

pub use error::{Quantity, TrainError};
pub use observer::{CheckpointKind, Observer};
pub use progress::{MASTERY, Progress};
pub use record::Record;
pub use snapshot::model_parameters;
pub use tag::Tag;
pub use trainer::{MOST_ROLLBACKS, Summary, Trainer};
use weight_constraint::WeightConstraint;
pub use worker::{UpdateStatistics, Worker};

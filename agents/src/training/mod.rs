//! Training: workers that act and learn, the hub where their gradients meet, and the trainer that
//! runs them from one milestone to the next.

mod error;
mod hub;
mod pending;
mod sampler;
mod snapshot;
mod trainer;
mod wholeness;
mod worker;

pub use error::TrainError;
pub use sampler::Sampler;
pub(crate) use sampler::greedy;
pub use snapshot::model_parameters;
pub use trainer::{Observer, Progress, Saved, Summary, Trainer};
pub use wholeness::Wholeness;
pub(crate) use worker::see;
pub use worker::{UpdateStatistics, Worker};

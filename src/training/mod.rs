//! Trainings into a run's folder, with metrics, checkpoints and TensorBoard: new ones and those that go on.

mod media;
mod observer;
mod resumption;
mod session;

pub use resumption::{Changes, Resumption};
pub use session::{Finished, Running, Session};

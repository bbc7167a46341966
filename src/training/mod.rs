//! Training runs that write metrics, checkpoints and TensorBoard events into a run folder: [`Session`] for new ones,
//! [`Resumption`] for those that are resumed.

mod media;
mod observer;
mod resumption;
mod session;

pub use resumption::{Changes, Resumption};
pub use session::{Finished, Running, Session};

//! Identity: errors of autoencoders of a number, in and beyond the training range (Trask et al. 2018, §1.1 and its
//! first figure).

mod config;
mod outcome;
mod report;
mod task;
mod training;

pub use config::IdentityConfig;
pub use outcome::{IdentityCurve, IdentityOutcome, TRAINED, curves, is_trained, means, points};

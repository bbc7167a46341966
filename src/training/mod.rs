//! Trainings into a run's folder.

pub mod exhibits;
pub mod observer;
pub mod plan;

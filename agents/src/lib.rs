//! Agents that count.

pub mod cells;
pub mod checkpoint;
pub mod config;
pub mod evaluation;
pub mod feedback;
pub mod loss;
pub mod model;
pub mod optimizer;
pub mod parameters;
pub mod records;
pub mod returns;
pub mod training;
pub mod unroll;
pub mod vision;

//! The pages of results: their experiments, the document behind them, and their text.

pub mod columns;
pub mod numbers;
mod pages;
pub mod plan;
mod reference;

pub use pages::{Pages, Picture, Written};
pub use reference::{Reference, pages};

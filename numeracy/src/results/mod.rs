//! The pages of results: the experiments that they are of, the document behind them, and their text.

pub mod numbers;
mod pages;
pub mod plan;
mod reference;

pub use pages::{Pages, Picture, Written};
pub use reference::{Reference, pages};

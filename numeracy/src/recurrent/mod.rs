//! Cells with a state, over sequences.

mod accumulated;
mod calculator;
mod embedding;
mod gru;
mod lstm;
mod masked;
mod pairs;
mod reader;
mod register;
mod running_sum;
mod unroll;

pub use accumulated::Accumulated;
pub use calculator::{Calculator, SYMBOL};
pub use embedding::{Embedding, Start};
pub use gru::Gru;
pub use lstm::Lstm;
pub use masked::Masked;
pub use pairs::Pairs;
pub use reader::Reader;
pub use register::{OPERANDS, Register};
pub use running_sum::RunningSum;
pub use unroll::{FirstState, Unroll};

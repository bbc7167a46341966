//! What the commands that take over the terminal share: the board, colours, bars, and the loop.

pub mod bars;
pub mod board;
pub mod palette;
pub mod terminal;

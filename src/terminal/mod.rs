//! The terminal: colours, columns of text, the progress of a training, and programs that take the whole screen.

pub mod bars;
pub mod colour;
pub mod columns;
pub mod full_screen;
pub mod palette;
pub mod progress;

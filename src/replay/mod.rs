//! Episodes that were played, ready to be shown.

pub mod board;
pub mod ending;
pub mod reel;

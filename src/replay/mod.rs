//! Episodes that were played, ready to be shown.

pub mod animation;
pub mod board;
pub mod ending;
pub mod reel;

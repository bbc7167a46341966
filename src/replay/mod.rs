//! Episodes that were played, ready to be shown.

pub mod animation;
pub mod board;
pub mod episode_result;
pub mod renderer;

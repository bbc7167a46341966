//! From images to features.
//!
//! The convnet is the usual one; how it is computed is not. In a gridworld most of an image repeats
//! within the image and between images, and a convolution gives equal inputs equal outputs. So each
//! *distinct* receptive field of each layer is computed once ([`Atlas`]), which is exact and, on
//! timed arrival's 600 frames, ten times less work.

mod atlas;
mod convnet;
mod table;

pub use atlas::{Atlas, AtlasTensors};
pub use convnet::Convnet;
pub use table::FrameTable;

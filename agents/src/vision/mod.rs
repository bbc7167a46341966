//! Vision, from images to features.
//!
//! The convnet is the usual one; how it is computed is not. In a gridworld most of an image repeats
//! within the image and between images, and a convolution gives equal inputs equal outputs. So each
//! *distinct* receptive field of each layer is computed once ([`PatchIndex`](gridworld_kernels::PatchIndex)), and so is each field's part
//! in the linear layer at each position, which is exact and, on timed arrival's 600 frames, ten times
//! less work.
//!
//! Two encoders compute the same: [`Plain`] in tensor operations with automatic differentiation, on
//! any device, and [`Fused`] with a derivative written out by hand, on the processor.
//!
//! Where images do not repeat, to look for what does costs more than it saves: there [`ImageEncoder`]s
//! take whole images.

mod convnet;
mod encoder;
mod for_device;
mod fused;
mod images;
mod table;

use convnet::Affine;
pub use convnet::{Convnet, FieldTensors};
pub use encoder::{Encoder, Plain};
pub use for_device::encoder_for_device;
pub use fused::Fused;
pub use gridworld_kernels::FrameList;
pub use images::{FusedImages, Gradient, ImageEncoder, PlainImages, image_encoder_for_device};
pub use table::FrameTable;
pub(crate) use table::patch_index;

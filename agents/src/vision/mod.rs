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
mod fused;
mod images;

use tch::Device;

use convnet::Affine;
pub use convnet::{Convnet, FieldTensors};
pub use encoder::{Encoder, Plain};
pub use fused::Fused;
pub use gridworld_kernels::{FrameList, FrameTable};
pub(crate) use images::image_encoder_for_device;
pub use images::{FusedImages, Gradient, ImageEncoder, PlainImages};

/// Makes the encoder that is fast on `device`.
pub(crate) fn encoder_for_device(convnet: &Convnet, device: Device) -> Box<dyn Encoder> {
    match device {
        Device::Cpu => Box::new(Fused::new(convnet)),
        _ => Box::new(Plain::new(convnet)),
    }
}

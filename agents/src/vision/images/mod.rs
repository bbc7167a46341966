//! Vision where images do not repeat: each is encoded, whole, and nothing is looked up.
//!
//! Two encoders compute the same, and the same as those that know what repeats: [`PlainImages`] in
//! tensor operations with automatic differentiation, on any device, and [`FusedImages`] with a
//! derivative written out by hand, on the processor.

mod contract;
mod fused;
mod plain;

use tch::Device;

pub use contract::{Gradient, ImageEncoder};
pub use fused::FusedImages;
pub use plain::PlainImages;

use super::Convnet;

/// The encoder of images that is fast on `device`.
pub(crate) fn image_encoder_for_device(convnet: &Convnet, device: Device) -> Box<dyn ImageEncoder> {
    match device {
        Device::Cpu => Box::new(FusedImages::new(convnet)),
        _ => Box::new(PlainImages::new(convnet)),
    }
}

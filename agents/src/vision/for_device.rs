//! The choice between the encoders.

use tch::Device;

use super::{Convnet, Encoder, Fused, Plain};

/// Makes the encoder that is fast on `device`.
pub fn encoder_for_device(convnet: &Convnet, device: Device) -> Box<dyn Encoder> {
    match device {
        Device::Cpu => Box::new(Fused::new(convnet)),
        _ => Box::new(Plain::new(convnet)),
    }
}

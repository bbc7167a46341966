//! The core and the heads, unrolled over time: forward one step at a time while acting, backward
//! over the whole rollout while learning. A3C learns on the data that it has just acted on, so one
//! forward pass serves both.
//!
//! Two implementations compute the same: [`Plain`] in tensor operations with automatic
//! differentiation, on any device, and [`Fused`] with a derivative written out by hand, on the
//! processor.

mod contract;
mod fused;
mod plain;

use tch::Device;

pub use contract::{CoreState, Input, Sizes, Unroll};
pub use fused::Fused;
pub use plain::Plain;

use crate::wiring::Wiring;

/// Makes the unroll that is fast on `device`.
pub(crate) fn for_device(sizes: Sizes, wiring: Wiring, device: Device) -> Box<dyn Unroll> {
    match device {
        Device::Cpu => Box::new(Fused::new(sizes, wiring)),
        _ => Box::new(Plain::new(sizes, wiring, device)),
    }
}

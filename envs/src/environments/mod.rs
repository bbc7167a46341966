//! The environments of this crate: a module each, and a line in the registry.

pub mod interval_reproduction;
pub mod timed_arrival;

use crate::registry::Registry;

impl Registry {
    /// The environments of this crate.
    pub fn standard() -> Registry {
        Registry::empty()
            .with::<timed_arrival::TimedArrivalConfig>()
            .with::<interval_reproduction::IntervalReproductionConfig>()
    }
}

//! The environments of this crate: a module each, and a line in the registry.

mod interval_reproduction;
mod timed_arrival;

use crate::registry::Registry;

pub use interval_reproduction::{
    IntervalReproduction, IntervalReproductionConfig, IntervalReproductionError, IntervalReproductionOracle,
    IntervalReproductionTask,
};
pub use timed_arrival::{
    TimedArrival, TimedArrivalBatch, TimedArrivalConfig, TimedArrivalError, TimedArrivalOracle, TimedArrivalTask,
};

impl Registry {
    /// The environments of this crate.
    #[must_use]
    pub fn standard() -> Registry {
        Registry::empty()
            .with::<timed_arrival::TimedArrivalConfig>()
            .with::<interval_reproduction::IntervalReproductionConfig>()
    }
}

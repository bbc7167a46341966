//! A training that is ready to start.

use gridworld_agents::checkpoint::Checkpoint;
use gridworld_records::{Beginning, RunFolder, RunLock};

use crate::run::configuration::RunConfig;

/// A training that is ready to start: everything is checked, and nobody else trains in its folder.
pub struct Plan {
    /// Where.
    pub folder: RunFolder,
    /// What.
    pub config: RunConfig,
    /// From where: a new run has none.
    pub checkpoint: Option<Checkpoint>,
    /// How the records begin.
    pub beginning: Beginning,
    /// Where it computes.
    pub device: tch::Device,
    /// The right to train there.
    pub lock: RunLock,
}

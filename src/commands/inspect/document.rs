//! Findings in an agent's parameters.

use std::path::PathBuf;

use gridworld_agents::cells::Cell;
use gridworld_agents::{AgentName, Config, InstructionInput, Read};
use serde::Serialize;

use crate::run::accumulators::counters::Counter;
use crate::run::intervention::Intervened;
use crate::run::probe::Probed;

/// Findings in an agent's parameters: the document of `--json`.
#[derive(Debug, Serialize)]
pub struct Document {
    #[serde(serialize_with = "gridworld_terminal::output::json_path::path")]
    pub run: PathBuf,
    pub agent: AgentName,
    pub environment: &'static str,
    /// The values of T that it was trained on, as `--T` takes them.
    #[serde(rename = "T")]
    pub instructions: String,
    /// Largest of these values, in steps.
    #[serde(skip)]
    pub longest: Option<u32>,
    pub checkpoint: String,
    pub steps: u64,
    pub config: Config,
    pub told: Told,
    pub feedback: Option<Loop>,
    pub parameters: Vec<Parameter>,
    /// Number of elements of all parameters.
    pub count: usize,
    /// Arrivals with changed counters, where they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interventions: Vec<Intervened>,
    /// Errors of a linear probe of T − t, where it was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub probe: Vec<Probed>,
}

/// Instruction T as the core itself is shown it, beside the loop.
#[derive(Debug, Serialize)]
pub struct Told {
    pub when: InstructionInput,
    /// Norm of the weights through which the core reads T.
    pub read: f64,
    /// True if the environment tells T at all.
    pub shown: bool,
}

/// Feedback loop of the agent.
#[derive(Debug, Serialize)]
pub struct Loop {
    pub cell: Cell,
    pub equation: String,
    pub gain: f32,
    /// Form in which the core reads a counter.
    pub read: Read,
    pub counters: Vec<Counter>,
    /// Sparsity error: mean(min(|w|, 1 − |w|)) over all effective weights.
    pub sparsity_error: f64,
}

/// One parameter, by the name that it has in the checkpoint.
#[derive(Debug, Serialize)]
pub struct Parameter {
    pub name: String,
    pub shape: Vec<i64>,
    pub count: usize,
}

//! Errors that stop a training.

use std::fmt;

use crate::config::ConfigError;
use gridworld_checkpoint::CheckpointError;
use gridworld_envs::contract::ContractViolation;

/// Reason why a training ended before its time. Nothing of the update that failed was applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A number of the update is NaN or infinite.
    #[error("{quantity} is {value} after {steps} steps; the update was not applied{}", tried(*.rollbacks))]
    NotFinite {
        /// Number that is not finite.
        quantity: Quantity,
        /// Value of the number.
        value: f64,
        /// Environment steps so far.
        steps: u64,
        /// Number of times that the training had gone back for such a reason.
        rollbacks: u32,
    },
    /// The configuration cannot be trained.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An environment broke its contract.
    #[error(transparent)]
    ContractViolation(#[from] ContractViolation),
    /// The checkpoint is damaged, or was made by another training: of another agent, network or seed, or with another
    /// number of workers or environments.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The state of the environments in the checkpoint does not fit those of this training.
    #[error("the checkpoint's environments cannot go on: {0}")]
    Environment(#[from] gridworld_envs::RestoreError),
    /// A record or checkpoint could not be written.
    #[error("{0}")]
    Observer(Box<dyn std::error::Error + Send + Sync>),
    /// The system did not give a thread to a worker.
    #[error(
        "cannot start the thread of worker {} of {workers}: {source}; use fewer --workers, or let the system give more \
         threads (ulimit -u, or a container's limit)", worker + 1
    )]
    Thread {
        /// Index of the worker.
        worker: usize,
        /// Number of workers that are to be started.
        workers: usize,
        /// Error of the system.
        source: std::io::Error,
    },
    /// A worker panicked, in code that is not the environment's.
    #[error("worker {worker} panicked: {message}")]
    Panic {
        /// Index of the worker.
        worker: usize,
        /// Message of the panic.
        message: String,
    },
}

/// A number that must be finite in every update.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quantity {
    /// Loss of the policy.
    PolicyLoss,
    /// Loss of the value.
    ValueLoss,
    /// Entropy of the policy.
    Entropy,
    /// The gradient, with the name of the first parameter whose gradient is not finite, or `None` if only the norm over
    /// all parameters is not.
    Gradient(Option<String>),
    /// The parameter, by name, that the update would have made NaN or infinite.
    Parameter(String),
}

impl fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quantity::PolicyLoss => formatter.write_str("the policy's loss"),
            Quantity::ValueLoss => formatter.write_str("the value's loss"),
            Quantity::Entropy => formatter.write_str("the policy's entropy"),
            Quantity::Gradient(Some(parameter)) => write!(formatter, "the gradient of `{parameter}`"),
            Quantity::Gradient(None) => formatter.write_str("the gradient's norm"),
            Quantity::Parameter(parameter) => write!(formatter, "the parameter `{parameter}`"),
        }
    }
}

fn tried(rollbacks: u32) -> String {
    match rollbacks {
        0 => String::new(),
        1 => "; a rollback did not help".to_owned(),
        _ => format!("; {rollbacks} rollbacks did not help"),
    }
}

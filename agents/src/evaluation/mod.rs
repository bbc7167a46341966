//! Evaluation: plays episodes with a network, by the forward pass of training, and counts their outcomes.

mod activations;
mod actor;
mod episode_record;
mod episodes;
mod intervention;

pub use activations::{Activations, PhaseActivation};
pub use actor::{Actor, AgentActor, Choice, PolicyActor};
pub use episode_record::{EpisodeRecord, Picture, StepRecord, record_episodes};
pub use episodes::{Exact, Moment, Tally, evaluate, evaluate_exactly, lanes_for, play, play_starts};
pub use intervention::{IntervenedActor, Intervention};

//! The agents that play in the page, with all that they need for it.

use std::collections::BTreeMap;
use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine};
use gridworld_agents::ModelConfig;
use gridworld_agents::cells::Output;
use gridworld_envs::{Configured, Instructions};
use gridworld_terminal::output::numbers::grouped;
use gridworld_terminal::program::CliError;
use serde::Serialize;

use super::group::{self, Group};
use super::html;
use crate::replay::renderer::unnamed;
use crate::run::accumulators::counter_words;
use crate::run::trained_agent::Trained;

/// An agent as the page has it.
#[derive(Serialize)]
pub struct PagePlayer {
    /// Name by which the agent is chosen.
    label: String,
    /// Name of the agent's run.
    pub run: String,
    /// Origin of the agent, in a sentence.
    origin: String,
    environment: Configured,
    model: ModelConfig,
    /// Contents of the counters in words, or their names.
    counters: Vec<String>,
    /// The parameters by name, as little-endian 32-bit floats in base64.
    tensors: BTreeMap<String, String>,
}

impl PagePlayer {
    /// Makes the player of the best run of a group, from its best checkpoint.
    pub fn of(group: &Group, environments: usize) -> Result<PagePlayer, CliError> {
        let run = group.best();
        let named = |failure: CliError| CliError::usage(format!("{}: {failure}", run.path.display()));
        let checkpoint = group::checkpoint(run).unwrap_or(Path::new("best"));
        let trained = run.trained(checkpoint).map_err(named)?;
        let tensors = trained.model.layout().parameters().iter().map(|parameter| {
            let numbers = &trained.parameters[parameter.offset..parameter.offset + parameter.len()];
            let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
            (parameter.name.clone(), BASE64_STANDARD.encode(bytes))
        });
        let (name, id) = (group.name(), run.config.environment.id());
        Ok(PagePlayer {
            label: if environments > 1 { format!("{name}, {id}") } else { name.to_owned() },
            run: group::name(run),
            origin: origin(group, &trained),
            environment: run.config.environment.clone(),
            model: run.config.config.model.clone(),
            counters: counters(&trained),
            tensors: tensors.collect(),
        })
    }
}

/// Names the counters by their contents, if words can say that. They cannot for a cell that multiplies as well as it
/// adds: the words are those of its sum.
fn counters(trained: &Trained) -> Vec<String> {
    let adds = trained.config.config.agent.cell().is_some_and(|cell| cell.about().output == Output::Sum);
    let words = counter_words(trained).into_iter().map(|words| words.filter(|_| adds));
    words.enumerate().map(|(index, words)| words.unwrap_or_else(|| unnamed(index))).collect()
}

/// Writes which run the agent is from, and why this one was chosen.
fn origin(group: &Group, trained: &Trained) -> String {
    let (name, steps, checkpoint) = (trained.folder.name(), grouped(trained.steps), &trained.checkpoint);
    let range = format!(", on T = {} only", Instructions::written(group.environment().instructions()));
    let chosen = match group.runs().len() {
        1 => String::new(),
        seeds => format!(", the best of {seeds} seeds"),
    };
    format!("Shown: {name}, trained for {steps} steps{range} (checkpoint {checkpoint}{chosen}).")
}

/// Writes the document of as many players as fit in `room` bytes, in their order; gives these players, and those that
/// do not fit.
pub fn document(players: &[PagePlayer], room: usize) -> Result<(String, Vec<&PagePlayer>, Vec<&PagePlayer>), CliError> {
    let (mut written, mut fitting, mut left, mut used) = (Vec::new(), Vec::new(), Vec::new(), 2);
    for player in players {
        let json = html::json(player).map_err(CliError::failed)?;
        if used + json.len() < room {
            used += json.len() + 1;
            written.push(json);
            fitting.push(player);
        } else {
            left.push(player);
        }
    }
    Ok((format!("[{}]", written.join(",")), fitting, left))
}

//! `gridworld list`.

use clap::Args;
use gridworld_agents::cells::Cell;
use gridworld_agents::cores::CoreName;
use gridworld_agents::{AgentName, FeedbackInput, TrainingConfig};
use serde_json::json;

use gridworld_envs::{Description, Registry};
use gridworld_terminal::output;
use gridworld_terminal::program::{CliError, message, shell};

/// Arguments of `list`.
#[derive(Args)]
#[command(after_help = "Examples:\n  gridworld list\n  gridworld list --json")]
pub struct Arguments {
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// Runs the command `list`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    let settings = |known: &Description| registry.settings(known.id).unwrap_or_default();
    if arguments.json {
        let agents = AgentName::ALL
            .map(|agent| json!({"name": agent.as_str(), "learns": agent.learns(), "summary": agent.summary()}));
        let environments = registry
            .descriptions()
            .map(|known| json!({"id": known.id, "summary": known.summary, "settings": settings(known)}))
            .collect::<Vec<_>>();
        let readings =
            FeedbackInput::ALL.map(|reading| json!({"name": reading.as_str(), "equation": reading.equation()}));
        let cells = Cell::ALL.iter().map(|cell| json!({"name": cell.name(), "equation": cell.about().equation}));
        let cells = cells.collect::<Vec<_>>();
        let cores = CoreName::ALL.map(|core| json!({"name": core.as_str(), "equation": core.about().equation}));
        return output::print_json(&json!({
            "agents": agents, "environments": environments, "cores": cores, "readings": readings, "cells": cells,
        }));
    }
    let mut text = section("Agents (--agent)", AgentName::ALL.map(|agent| (agent.as_str(), agent.summary())));
    text.truncate(text.trim_end().len());
    text += "\nNAC: neural accumulator; NALU: neural arithmetic logic unit; NAU: neural addition unit; NMU: neural \
             multiplication unit (docs/words.md).\n\n";
    text += &section("Environments (--env)", registry.descriptions().map(|known| (known.id, known.summary)));
    for known in registry.descriptions() {
        text += &format!("Settings of {} (--set NAME=VALUE): {}\n", known.id, settings(known).join(", "));
    }
    text += "\n";
    let cores = CoreName::ALL.map(|core| (core.as_str(), core.about().equation));
    text += &section("Cores, in place of the LSTM (--core)", cores);
    text.truncate(text.trim_end().len());
    text += "\nx: inputs; h: output; c: state of a cell; f, i, o, r, z: gates; g, n: candidates for the new state; W, V, b: \
             weights.\n\n";
    let readings = FeedbackInput::ALL.map(|reading| (reading.as_str(), reading.equation()));
    text += &section("Inputs of the feedback loop (--feedback-input)", readings);
    let cells = Cell::ALL.iter().map(|cell| (cell.name(), cell.about().equation));
    text += &section("Cells of the feedback loop, from their inputs x", cells);
    text += "n: the counters, in steps (--units of them); h: the last output of the core; 1: the step itself.\n";
    text += "The core reads tanh(GAIN · n) of each counter (--gain).\n";
    for agent in AgentName::ALL.into_iter().filter(|agent| agent.learns()) {
        let TrainingConfig { steps, learning_rate, lambda, entropy, .. } = TrainingConfig::of(agent);
        text += &format!(
            "Defaults of {agent}: --steps {steps} --learning-rate {learning_rate} --lambda {lambda} --entropy {entropy}\n"
        );
    }
    output::print(&text)?;
    message::suggest(&shell::command_here(["train", "--help"]));
    Ok(())
}

fn section<'a>(title: &str, entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let entries: Vec<_> = entries.into_iter().collect();
    let width = entries.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max(16);
    let lines: String = entries.iter().map(|(name, summary)| format!("  {name:<width$} {summary}\n")).collect();
    format!("{title}\n{}\n", lines)
}

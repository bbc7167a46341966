//! `gridworld inspect`: what an agent has learned, read from its parameters.

mod causes;
mod document;
mod report;
mod table;

use std::path::PathBuf;

use clap::{Args, ValueHint};
use gridworld_agents::cells::nau::sparsity;
use gridworld_agents::{AgentName, Config};
use gridworld_envs::{Instructions, Registry};
use tch::Tensor;

use crate::run::accumulators::counters::counters;
use crate::run::accumulators::{loop_weights, norms};
use crate::run::intervention::{Intervened, intervene};
use crate::run::probe::{Probed, probe};
use crate::run::trained_agent::Trained;
use document::{Document, Loop, Parameter, Told};
use gridworld_terminal::output;
use gridworld_terminal::program::{CliError, message, shell};

/// Arguments of `inspect`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Folder of a run
    #[arg(value_hint = ValueHint::DirPath)]
    run: PathBuf,
    /// Checkpoint of the run: last, best, or a file
    #[arg(long, value_name = "last|best|FILE", default_value = "best")]
    checkpoint: PathBuf,
    /// Change each counter while the agent plays, and measure how its arrivals shift; read T − t from the core's state by a
    /// linear probe
    #[arg(long)]
    intervene: bool,
    /// Values of T for --intervene [default: the largest one trained on, 1.6 and 4 times that]
    #[arg(long = "T", value_name = "LIST", allow_hyphen_values = true, requires = "intervene")]
    instructions: Option<Instructions>,
    /// Steps of an episode before --intervene changes its counters
    #[arg(long, value_name = "STEPS", default_value_t = 3, requires = "intervene", value_parser = clap::value_parser!(u32).range(1..))]
    after: u32,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld inspect runs/TimedArrival-v1__lstm-nau__seed1__20261123-120000
  gridworld inspect runs/mine --checkpoint last
  gridworld inspect runs/mine --intervene --T 12,100
  gridworld inspect runs/mine --json";

/// Runs the command `inspect`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    if let Some(agent) = AgentName::ALL.into_iter().find(|agent| arguments.run.as_os_str() == agent.as_str())
        && !agent.learns()
    {
        return Err(CliError::usage(format!(
            "{agent}: it does not learn, so it has no parameters; give the folder of a run"
        )));
    }
    let trained = Trained::load(&arguments.run, &arguments.checkpoint, registry)?;
    let mut document = document(&trained);
    if arguments.intervene {
        (document.interventions, document.probe) = causes(arguments, trained)?;
    }
    if arguments.json {
        return output::print_json(&document);
    }
    output::print(&report::render(&document))?;
    let longest = document.longest.map_or(String::new(), |longest| format!("--T {longest}"));
    message::suggest(&shell::command_on("watch", &document.run, &longest));
    Ok(())
}

/// Plays with changed counters, and fits the probe where the environment tells T.
fn causes(arguments: &Arguments, trained: Trained) -> Result<(Vec<Intervened>, Vec<Probed>), CliError> {
    let environment = &trained.config.environment;
    let longest = environment.instructions().iter().copied().max().unwrap_or(1);
    let values = match &arguments.instructions {
        Some(given) => given.values().to_vec(),
        None => vec![longest, longest * 8 / 5, longest * 4],
    };
    if let Some(short) = values.iter().find(|&&value| value <= arguments.after) {
        let after = arguments.after;
        return Err(CliError::usage(format!(
            "--after {after}: an episode with T = {short} is over then; give a smaller number"
        )));
    }
    let is_told = environment.description().tells_instruction;
    let intervened = values.iter().filter(|_| trained.model.wiring().feedback.is_some()).map(|&instruction| {
        message::tell(&format!("playing with changed counters at T = {instruction}"));
        intervene(&trained, instruction, arguments.after)
    });
    let intervened = intervened.collect::<Result<_, CliError>>()?;
    let probed = if is_told { probe(trained, &values)? } else { Vec::new() };
    Ok((intervened, probed))
}

fn document(trained: &Trained) -> Document {
    let environment = &trained.config.environment;
    let values = environment.instructions();
    let ends = (values.iter().copied().min().unwrap_or(1), values.iter().copied().max().unwrap_or(1));
    let model = &trained.model;
    let parameters = model.layout().parameters().iter().map(|parameter| Parameter {
        name: format!("model.{}", parameter.name),
        shape: parameter.shape.clone(),
        count: parameter.len(),
    });
    let bound = model.layout().bind(&Tensor::from_slice(&trained.parameters));
    // The effective weights, as the agent acts by them.
    let weights = tch::no_grad(|| model.weights(&bound, None));
    let wiring = model.wiring();
    let (read, shown) = (norms(&weights.instruction.view([-1, 1]))[0], environment.description().tells_instruction);
    let told = Told { when: wiring.told, read, shown };
    let feedback = wiring.feedback.map(|(cell, feedback)| {
        let weights = loop_weights(&wiring, &feedback, &weights);
        Loop {
            cell,
            equation: equation(&trained.config.config),
            gain: feedback.gain,
            read: feedback.read,
            counters: counters(cell, &feedback, &weights, shown.then_some(ends)),
            sparsity_error: sparsity(&weights.effective[0].iter().map(|&w| w as f32).collect::<Vec<_>>()),
        }
    });
    Document {
        run: trained.folder.path().to_owned(),
        agent: trained.config.config.agent,
        environment: environment.id(),
        instructions: Instructions::written(values),
        longest: values.iter().copied().max(),
        checkpoint: trained.checkpoint.clone(),
        steps: trained.steps,
        config: trained.config.config.clone(),
        told,
        feedback,
        parameters: parameters.collect(),
        count: model.layout().len(),
        interventions: Vec::new(),
        probe: Vec::new(),
    }
}

/// The reading's equation with the cell's own name.
fn equation(config: &Config) -> String {
    let looped = config.model.feedback.map(|looped| (looped.reading.equation(), looped.cell.about().title));
    looped.map_or(String::new(), |(equation, title)| equation.replace("cell", title))
}

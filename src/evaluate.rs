//! `gridworld evaluate`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use gridworld_agents::config::AgentName;
use gridworld_agents::evaluation::{Actor, AgentActor, Choice, PolicyActor, Tally, play as play_episodes};
use gridworld_agents::model::Model;
use gridworld_agents::records::{RunFolder, write_json};
use gridworld_agents::statistics::wilson95;
use gridworld_envs::timed_arrival::Reward;
use gridworld_envs::{Domain, RandomPolicy, StreamId, Task};
use serde::Serialize;
use tch::{Device, Tensor};

use crate::arguments::{count, environments, rewards};
use crate::device::DeviceChoice;
use crate::environment::{EnvironmentConfig, EnvironmentName, Settings};
use crate::failure::Failure;
use crate::instructions::Instructions;
use crate::run_config::RunConfig;
use crate::trace::{Episode, Trace, TraceFile};
use crate::trained::Trained;
use crate::{output, table};

/// Most environments side by side: beyond this many, more of them are no faster.
const MOST_LANES: usize = 256;

/// What `evaluate` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A run's folder, or an agent that needs no training: oracle, random
    run: PathBuf,
    /// Values of T to evaluate: a range, both ends included, or a list such as 5..30,50,100
    #[arg(long = "T", value_name = "LIST", default_value = "5..30", allow_hyphen_values = true)]
    instructions: Instructions,
    /// Episodes for each T
    #[arg(long, value_name = "N", value_parser = count, default_value_t = 1000)]
    episodes: usize,
    /// The most probable action, or a draw from the probabilities
    #[arg(long, value_enum, default_value_t = PolicyChoice::Greedy)]
    policy: PolicyChoice,
    /// Which checkpoint: last, best, or a file
    #[arg(long, value_name = "last|best|FILE", default_value = "best")]
    checkpoint: PathBuf,
    /// Seed of the episodes; they are never those of a training, whatever the seeds
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// The environment, for agents without a run [default: TimedArrival-v1]
    #[arg(long, value_parser = environments())]
    env: Option<EnvironmentName>,
    /// What arriving is worth, for agents without a run
    #[arg(long, value_parser = rewards(), default_value = "graded")]
    reward: Reward,
    /// Steps by which a success may be early or late, in IntervalReproduction-v1 without a run [default: 1]
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(u32).range(..=10_000))]
    tolerance: Option<u32>,
    /// Where to compute: cpu, cuda, cuda:N or auto
    #[arg(long, value_name = "DEVICE", default_value_t = DeviceChoice::Cpu)]
    device: DeviceChoice,
    /// Write each episode's actions into this file: a line of JSON for each, by T, lane and episode
    /// (docs/checkpoint.md describes the fields)
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld evaluate runs/TimedArrival-v1__lstm-nac__seed1__20261123-120000 --T 5..30,50,100
  gridworld evaluate oracle --T 5..12
  gridworld evaluate random --env IntervalReproduction-v1
  gridworld evaluate runs/mine --checkpoint last --policy sample --json
  gridworld evaluate runs/mine --T 12 --episodes 5 --trace actions.jsonl";

/// How actions are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
enum PolicyChoice {
    /// The most probable action
    Greedy,
    /// A draw from the probabilities
    Sample,
}

/// What an evaluation found: the document of `--json` and of `evaluation.json`.
#[derive(Debug, Serialize)]
pub struct Document {
    run: Option<PathBuf>,
    agent: AgentName,
    environment: &'static str,
    checkpoint: Option<String>,
    steps: Option<u64>,
    policy: PolicyChoice,
    seed: u64,
    /// One entry for each T.
    pub results: Vec<Row>,
}

/// What was found at one T.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The instruction, in steps.
    #[serde(rename = "T")]
    pub instruction: u32,
    /// Whether it was trained on.
    pub trained: bool,
    /// Episodes played.
    pub episodes: u64,
    /// Share that was on time, as the task has it.
    pub success: f64,
    /// Share in which that was possible.
    pub feasible: f64,
    /// Successes as a share of the feasible.
    pub success_of_feasible: f64,
    /// Wilson's 95 % interval of `success`.
    pub ci95: (f64, f64),
    /// Wilson's 95 % interval of `success_of_feasible`.
    pub success_of_feasible_ci95: (f64, f64),
    /// Mean of the time that the task judges, over the episodes that have one: the step of arrival,
    /// or the response.
    pub arrival_mean: Option<f64>,
    /// Its standard deviation.
    pub arrival_sd: Option<f64>,
    /// Share that ran out of time.
    pub timeouts: f64,
    /// Mean sum of rewards.
    pub reward_mean: f64,
    /// Steps after which an episode was cut short.
    pub time_limit: Option<u32>,
}

/// Who plays, and what.
struct Subject {
    agent: AgentName,
    folder: Option<RunFolder>,
    environment: EnvironmentConfig,
    checkpoint: Option<(String, u64)>,
    network: Option<(Arc<Model>, Tensor)>,
    device: Device,
}

/// Evaluates.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let subject = subject(arguments)?;
    let trace = arguments.trace.as_deref().map(TraceFile::new).transpose()?;
    let task = subject.environment.task()?;
    let game = Game { arguments, agent: subject.agent, device: subject.device, task: &*task };
    let (rows, episodes) = play(game, subject.network.as_ref());
    if let Some(trace) = &trace {
        trace.write(&episodes)?;
    }
    let document = Document {
        run: subject.folder.as_ref().map(|folder| folder.path().to_owned()),
        agent: subject.agent,
        environment: subject.environment.id(),
        checkpoint: subject.checkpoint.as_ref().map(|(name, _)| name.clone()),
        steps: subject.checkpoint.as_ref().map(|&(_, steps)| steps),
        policy: arguments.policy,
        seed: arguments.seed,
        results: rows,
    };
    if arguments.json {
        output::print_json(&document)?;
    } else {
        let heading = heading(arguments, &subject, &document.results);
        output::print(&table::render(&heading, subject.environment.timing(), &document.results))?;
    }
    // Last, so that a folder that cannot be written to does not hide what was found.
    match &subject.folder {
        Some(folder) => write_json(&folder.evaluation(), &document).map_err(Failure::failed),
        None => Ok(()),
    }
}

/// Finds out who is meant, and reads the network if it has one.
fn subject(arguments: &Arguments) -> Result<Subject, Failure> {
    let device = arguments.device.resolve()?;
    let untrained =
        AgentName::ALL.into_iter().find(|agent| !agent.learns() && arguments.run == Path::new(agent.as_str()));
    if let Some(agent) = untrained {
        // The paper's training range, so that the table marks the same rows for every agent.
        let trained = "5..12".parse().map_err(Failure::usage)?;
        let (reward, tolerance) = (arguments.reward, arguments.tolerance);
        let settings = Settings { instructions: &trained, time_limit: None, reward, tolerance };
        let name = arguments.env.unwrap_or(EnvironmentName::TimedArrival);
        let environment = EnvironmentConfig::new(name, settings)?;
        return Ok(Subject { agent, folder: None, environment, checkpoint: None, network: None, device });
    }
    let trained = Trained::load(&arguments.run, &arguments.checkpoint)?;
    let RunConfig { environment, config, .. } = trained.config;
    if let Some(other) = arguments.env.filter(|&env| env != environment.name()) {
        let (other, own) = (other.as_str(), environment.id());
        return Err(Failure::usage(format!("--env {other}: the run is one of {own}; leave it out")));
    }
    let network = Some((trained.model, Tensor::from_slice(&trained.parameters).to_device(device)));
    let checkpoint = Some((trained.checkpoint, trained.steps));
    Ok(Subject { agent: config.agent, folder: Some(trained.folder), environment, checkpoint, network, device })
}

/// What is played, as threads can share it.
#[derive(Clone, Copy)]
struct Game<'a> {
    arguments: &'a Arguments,
    agent: AgentName,
    device: Device,
    task: &'a dyn Task,
}

/// Plays every T, on all cores: each T's episodes depend on nothing but the seed and T. The episodes
/// themselves are kept only if they are to be traced.
fn play(game: Game<'_>, network: Option<&(Arc<Model>, Tensor)>) -> (Vec<Row>, Vec<Episode>) {
    let values = game.arguments.instructions.values();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(values.len());
    // The greatest T takes longest: it goes first.
    let left = &AtomicUsize::new(values.len());
    let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).ok();
    let mut played: Vec<(Row, Vec<Episode>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| {
                // A tensor may move between threads and not be shared by them.
                let network = network.map(|(model, flat)| (Arc::clone(model), flat.copy()));
                scope.spawn(move || {
                    tch::set_num_threads(1);
                    std::iter::from_fn(take)
                        .map(|after| game.play_one(network.as_ref(), values[after - 1]))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("playing does not panic")).collect()
    });
    played.sort_by_key(|(row, _)| row.instruction);
    let (rows, episodes): (Vec<Row>, Vec<Vec<Episode>>) = played.into_iter().unzip();
    (rows, episodes.concat())
}

impl Game<'_> {
    fn play_one(self, network: Option<&(Arc<Model>, Tensor)>, instruction: u32) -> (Row, Vec<Episode>) {
        let Game { arguments, task, .. } = self;
        let posed = task.posed(instruction);
        let lanes = arguments.episodes.min(MOST_LANES);
        let stream = |domain| StreamId { seed: arguments.seed, domain, index: instruction };
        let choice = match arguments.policy {
            PolicyChoice::Greedy => Choice::Greedy,
            PolicyChoice::Sample => Choice::Sample(stream(Domain::Actions)),
        };
        let mut actor: Box<dyn Actor> = match (network, posed.oracle(lanes)) {
            (Some((model, flat)), _) => Box::new(AgentActor::new(model, flat, lanes, self.device, choice)),
            (None, Some(policy)) if self.agent == AgentName::Oracle => Box::new(PolicyActor { policy, lanes }),
            (None, _) => {
                let policy = Box::new(RandomPolicy::new(posed.spec().actions.len(), stream(Domain::Actions)));
                Box::new(PolicyActor { policy, lanes })
            }
        };
        let mut tally = Tally::default();
        let mut trace = arguments.trace.is_some().then(|| Trace::new(instruction, lanes));
        play_episodes(&*posed, &mut *actor, arguments.episodes, stream(Domain::Evaluation), |moment| {
            tally.add(&moment);
            trace.iter_mut().for_each(|trace| trace.note(&moment));
        });
        let trained = task.instructions().contains(&instruction);
        let row = row(instruction, trained, posed.time_limit(), &tally);
        (row, trace.map_or(Vec::new(), Trace::episodes))
    }
}

fn row(instruction: u32, trained: bool, time_limit: Option<u32>, tally: &Tally) -> Row {
    let episodes = tally.episodes as f64;
    let timing = tally.timing();
    Row {
        instruction,
        trained,
        episodes: tally.episodes,
        success: tally.success(),
        feasible: tally.feasible as f64 / episodes,
        success_of_feasible: tally.success_of_feasible(),
        ci95: wilson95(tally.successes, tally.episodes),
        success_of_feasible_ci95: wilson95(tally.successes, tally.feasible),
        arrival_mean: timing.map(|(mean, _)| mean),
        arrival_sd: timing.map(|(_, deviation)| deviation),
        timeouts: tally.truncations as f64 / episodes,
        reward_mean: tally.reward / episodes,
        time_limit,
    }
}

/// What stands above the table.
fn heading(arguments: &Arguments, subject: &Subject, rows: &[Row]) -> String {
    let who = match (&subject.folder, &subject.checkpoint) {
        (Some(folder), Some((name, steps))) => {
            format!("{} ({}, checkpoint {name} at step {steps})", subject.agent, folder.name())
        }
        _ => subject.agent.to_string(),
    };
    let policy = match arguments.policy {
        PolicyChoice::Greedy => "greedy",
        PolicyChoice::Sample => "sampled",
    };
    format!(
        "{who} on {}, {policy}, {} episodes each T, seed {}; {}",
        subject.environment.id(),
        arguments.episodes,
        arguments.seed,
        limits(rows),
    )
}

/// What the time limits were: how they grow with T is the environment's business.
fn limits(rows: &[Row]) -> String {
    let limits = || rows.iter().filter_map(|row| row.time_limit);
    match (limits().min(), limits().max()) {
        (Some(least), Some(most)) if least < most => format!("the time limit is {least} to {most} steps, by T"),
        (Some(limit), _) => format!("the time limit is {limit} steps"),
        (None, _) => "there is no time limit".to_owned(),
    }
}

//! `gridworld evaluate`.

use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use gridworld_agents::conduct::Misconduct;
use gridworld_agents::config::AgentName;
use gridworld_agents::evaluation::{Tally, play as play_episodes};
use gridworld_agents::records::{RunError, RunFolder, read_json, write_json};
use gridworld_envs::Task;
use gridworld_statistics::{MASTERY, furthest, wilson95};
use serde::{Deserialize, Serialize};

use crate::arguments::count;
use crate::failure::Failure;
use crate::instructions::Instructions;
use crate::subject::{MOST_LANES, PolicyChoice, Subject, SubjectArguments};
use crate::trace::{Episode, Trace, TraceFile};
use crate::{output, table};

/// What `evaluate` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    subject: SubjectArguments,
    /// Values of T to evaluate: a range, both ends included, or a list such as 5..30,50,100
    #[arg(long = "T", value_name = "LIST", default_value = "5..30", allow_hyphen_values = true)]
    instructions: Instructions,
    /// Episodes for each T
    #[arg(long, value_name = "N", value_parser = count, default_value_t = 1000)]
    episodes: usize,
    /// Write each episode's actions into this file: a line of JSON for each, by T, lane and episode
    /// (docs/checkpoint.md describes the fields)
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld evaluate runs/mine --T 5..30,50,100
  gridworld evaluate oracle --T 5..12
  gridworld evaluate random --env IntervalReproduction-v1
  gridworld evaluate runs/mine --checkpoint last --policy sample --json
  gridworld evaluate runs/mine --T 12 --episodes 5 --trace actions.jsonl";

/// What an evaluation found: the document of `--json` and of `evaluation.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    /// The run's folder; none for an agent that needs no training, and so below.
    #[serde(serialize_with = "crate::json_path::optional")]
    pub run: Option<PathBuf>,
    /// Who played.
    pub agent: AgentName,
    /// In which environment.
    pub environment: String,
    /// Which checkpoint played, if it was one.
    pub checkpoint: Option<String>,
    /// Environment steps that it was trained for.
    pub steps: Option<u64>,
    /// How actions were chosen.
    pub policy: PolicyChoice,
    /// The seed of the episodes.
    pub seed: u64,
    /// One entry for each T.
    pub results: Vec<Row>,
}

/// What was found at one T.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

impl Document {
    /// What the last evaluation of a run found; nothing where there was none.
    pub fn of(folder: &RunFolder) -> Result<Option<Document>, RunError> {
        match read_json(&folder.evaluation()) {
            Err(RunError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }

    /// Success over the values of T in `trained`, as a share of the feasible, and the furthest T with 99 %; nothing where
    /// one of those values was not played, so that it would be another range's.
    pub fn summary(&self, trained: &[u32]) -> Option<Reached> {
        let rows: Vec<&Row> = self.results.iter().filter(|row| trained.contains(&row.instruction)).collect();
        if rows.len() != trained.len() {
            return None;
        }
        let sum = |share: fn(&Row) -> f64| rows.iter().map(|row| share(row) * row.episodes as f64).sum::<f64>();
        let feasible = sum(|row| row.feasible);
        let success = if feasible > 0.0 { sum(|row| row.success) / feasible } else { 1.0 };
        let possible = self.results.iter().filter(|row| row.feasible > 0.0);
        let shares: Vec<(u32, f64)> = possible.map(|row| (row.instruction, row.success_of_feasible)).collect();
        let first = trained.iter().copied().min()?;
        Some(Reached { success, furthest: furthest(&shares, first, MASTERY).ok()? })
    }
}

/// How far an agent counts, in two numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// Success over the training range, as a share of the feasible.
    pub success: f64,
    /// The furthest T such that it and every smaller one from the training range on has at least 99 %.
    pub furthest: Option<u32>,
}

/// Evaluates.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let subject = Subject::find(&arguments.subject)?;
    let trace = arguments.trace.as_deref().map(TraceFile::new).transpose()?;
    if let Some(trace) = &trace {
        trace.file().share_with_json(arguments.json)?;
    }
    let task = subject.environment.task()?;
    let (instructions, count) = (arguments.instructions.values(), arguments.episodes);
    let keep = if trace.is_some() { Keep::Episodes } else { Keep::Counts };
    let (rows, episodes) = play(Game { subject: &subject, task: &*task, instructions, count, keep })?;
    if let Some(trace) = &trace {
        trace.write(&episodes)?;
    }
    let trained = subject.trained.as_ref();
    let document = Document {
        run: trained.map(|trained| trained.folder.path().to_owned()),
        agent: subject.agent,
        environment: subject.environment.id().to_owned(),
        checkpoint: trained.map(|trained| trained.checkpoint.clone()),
        steps: trained.map(|trained| trained.steps),
        policy: subject.policy,
        seed: subject.seed,
        results: rows,
    };
    if arguments.json {
        output::print_json(&document)?;
    } else {
        let heading = heading(arguments, &subject, &document.results);
        let table = table::render(&heading, subject.environment.timing(), &document.results);
        match &trace {
            Some(trace) => trace.file().print_beside(&table)?,
            None => output::print(&table)?,
        }
    }
    // Last, so that a folder that cannot be written to does not hide what was found.
    match trained {
        Some(trained) => write_json(&trained.folder.evaluation(), &document).map_err(Failure::failed),
        None => Ok(()),
    }
}

/// What is played, as threads can share it.
#[derive(Clone, Copy)]
struct Game<'a> {
    subject: &'a Subject,
    task: &'a dyn Task,
    instructions: &'a [u32],
    /// Episodes for each T.
    count: usize,
    keep: Keep,
}

/// What is kept of what is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    /// What the rows say.
    Counts,
    /// Each action, too.
    Episodes,
}

/// Plays `count` episodes at each T, and says what came of them.
pub fn rows(subject: &Subject, instructions: &[u32], count: usize) -> Result<Vec<Row>, Failure> {
    let task = subject.environment.task()?;
    Ok(play(Game { subject, task: &*task, instructions, count, keep: Keep::Counts })?.0)
}

/// Plays every T, on all cores: each T's episodes depend on nothing but the seed and T.
fn play(game: Game<'_>) -> Result<(Vec<Row>, Vec<Episode>), Failure> {
    let values = game.instructions;
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(values.len());
    // The greatest T takes longest: it goes first.
    let left = &AtomicUsize::new(values.len());
    let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).ok();
    let played: Result<Vec<(Row, Vec<Episode>)>, Failure> = std::thread::scope(|scope| {
        let play_some = move || {
            tch::set_num_threads(1);
            std::iter::from_fn(take).map(|after| game.play_one(values[after - 1])).collect::<Vec<_>>()
        };
        let start = |_| std::thread::Builder::new().spawn_scoped(scope, play_some);
        let started: std::io::Result<Vec<_>> = (0..threads).map(start).collect();
        let threads = started.map_err(|error| {
            // Those that are there have nothing to do any more.
            left.store(0, Ordering::Relaxed);
            Failure::failed(format!(
                "cannot start a thread to play in: {error}; let the system give more threads (ulimit -u, or a container's \
                 limit)"
            ))
        })?;
        let joined = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.flatten().map(|played| played.map_err(Failure::failed)).collect()
    });
    let mut played = played?;
    played.sort_by_key(|(row, _)| row.instruction);
    let (rows, episodes): (Vec<Row>, Vec<Vec<Episode>>) = played.into_iter().unzip();
    Ok((rows, episodes.concat()))
}

impl Game<'_> {
    fn play_one(self, instruction: u32) -> Result<(Row, Vec<Episode>), Misconduct> {
        let Game { subject, task, count, keep, .. } = self;
        let posed = task.posed(instruction);
        let lanes = count.min(MOST_LANES);
        let mut actor = subject.actor(&*posed, lanes, instruction);
        let mut tally = Tally::default();
        let mut trace = (keep == Keep::Episodes).then(|| Trace::new(instruction, lanes));
        play_episodes(&*posed, &mut *actor, count, subject.episodes(instruction), |moment| {
            tally.add(&moment);
            trace.iter_mut().for_each(|trace| trace.note(&moment));
        })?;
        let trained = task.instructions().contains(&instruction);
        let row = row(instruction, trained, posed.time_limit(), &tally);
        Ok((row, trace.map_or(Vec::new(), Trace::episodes)))
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
    format!(
        "{} on {}, {}, {} episodes each T, seed {}; {}",
        subject.name(),
        subject.environment.id(),
        subject.policy.word(),
        arguments.episodes,
        subject.seed,
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

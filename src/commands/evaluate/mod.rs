//! `gridworld evaluate`.

mod table;
mod trace;

use std::io::ErrorKind;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use gridworld_agents::conduct::Misconduct;
use gridworld_agents::config::AgentName;
use gridworld_agents::evaluation::{Tally, play as play_episodes};
use gridworld_agents::records::{RunError, RunFolder};
use gridworld_envs::Instructions;
use gridworld_envs::Task;
use gridworld_statistics::{MASTERY, furthest, wilson95};
use serde::{Deserialize, Serialize};

use crate::commands::evaluate::trace::{Episode, Trace, TraceFile};
use crate::options::arguments::count;
use crate::options::device;
use crate::output;
use crate::program::failure::Failure;
use crate::program::message;
use crate::run::evaluations;
use crate::run::subject::{MOST_LANES, PolicyChoice, Subject, SubjectArguments};
use crate::run::trained::Trained;
use crate::terminal::columns;

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
  gridworld evaluate runs/mine --T 12 --episodes 5 --trace actions.jsonl

A run's own evaluation is of its best checkpoint, greedy, with seed 0: runs, compare, plot, report and \
suites show it. At other T it is added to; at one T the most episodes count. Any other is kept beside \
it, in RUN/evaluations/, and takes no place.";

/// What an evaluation found: the document of `--json`, and of the files in which it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The run's folder; none for an agent that needs no training, and so below.
    #[serde(serialize_with = "crate::output::json_path::optional")]
    pub run: Option<PathBuf>,
    /// Who played.
    pub agent: AgentName,
    /// In which environment.
    pub environment: String,
    /// Which checkpoint played, if it was one: `best`, `last`, or a file.
    pub checkpoint: Option<String>,
    /// Environment steps that it was trained for.
    pub steps: Option<u64>,
    /// How actions were chosen.
    pub policy: PolicyChoice,
    /// The seed of the episodes.
    pub seed: u64,
    /// Where it was computed.
    #[serde(default = "processor")]
    pub device: String,
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

/// Where evaluations were computed before they said it.
fn processor() -> String {
    "cpu".to_owned()
}

impl Document {
    /// How far the agent counts, which was trained on the values of T in `trained`.
    pub fn reached(&self, trained: &[u32]) -> Reached {
        Reached { success: self.success(trained), furthest: reach(&self.results, trained) }
    }

    /// Success over the values of T in `trained`, as a share of the feasible; nothing where one of them was not played,
    /// so that it would be another range's.
    fn success(&self, trained: &[u32]) -> Option<f64> {
        let rows: Vec<&Row> = self.results.iter().filter(|row| trained.contains(&row.instruction)).collect();
        let sum = |share: fn(&Row) -> f64| rows.iter().map(|row| share(row) * row.episodes as f64).sum::<f64>();
        let feasible = sum(|row| row.feasible);
        let success = if feasible > 0.0 { sum(|row| row.success) / feasible } else { 1.0 };
        (rows.len() == trained.len()).then_some(success)
    }
}

/// The furthest T in the rows of an evaluation: [`furthest`], where being on time was possible at all.
pub fn reach(rows: &[Row], trained: &[u32]) -> Option<u32> {
    let possible = rows.iter().filter(|row| row.feasible > 0.0);
    let shares: Vec<(u32, f64)> = possible.map(|row| (row.instruction, row.success_of_feasible)).collect();
    furthest(&shares, trained, MASTERY).ok().flatten()
}

/// How far an agent counts, in two numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reached {
    /// Success over the training range, as a share of the feasible.
    pub success: Option<f64>,
    /// The end of the longest stretch of evaluated T with at least 99 % each that touches the training range.
    pub furthest: Option<u32>,
}

/// What the furthest T is, below tables that have one.
pub const FURTHEST: &str =
    "furthest T: the end of the longest stretch of evaluated T with 99 % each that touches those trained on";

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
        checkpoint: trained.map(|trained| checkpoint_name(trained, &arguments.subject.checkpoint)),
        steps: trained.map(|trained| trained.steps),
        policy: subject.policy,
        seed: subject.seed,
        device: device::name(subject.device),
        results: rows,
    };
    if arguments.json {
        output::print_json(&document)?;
    } else {
        let heading = heading(arguments, &subject, &document.results);
        let table = table::render(&heading, subject.environment.timing(), &document.results, columns::width());
        match &trace {
            Some(trace) => trace.file().print_beside(&table)?,
            None => output::print(&table)?,
        }
    }
    // Last, so that a folder that cannot be written to does not hide what was found.
    trained.map_or(Ok(()), |trained| put_on_record(&trained.folder, &document, task.instructions()))
}

/// The name of the checkpoint that plays: `best` and `last` also where the run's own file is named.
fn checkpoint_name(trained: &Trained, named: &Path) -> String {
    let own = [("best", trained.folder.best_checkpoint()), ("last", trained.folder.last_checkpoint())];
    let real = named.canonicalize().ok();
    let found = own.into_iter().find(|(_, path)| real.is_some() && path.canonicalize().ok() == real);
    found.map_or(trained.checkpoint.clone(), |(name, _)| name.to_owned())
}

/// Keeps an evaluation in its run, and says so where it does not become the run's own. A run that may only be read is no
/// failure.
fn put_on_record(folder: &RunFolder, document: &Document, trained: &[u32]) -> Result<(), Failure> {
    match evaluations::keep(folder, document, trained) {
        Ok(path) if path == folder.evaluation() => Ok(()),
        Ok(path) => {
            let why = if document.is_own() { "the run's own has more episodes" } else { "it is not the run's own" };
            message::tell(&format!("note: kept in {}: {why}", path.display()));
            Ok(())
        }
        Err(error) => match read_only(&error) {
            Some(reason) => {
                message::tell(&format!("note: not kept, cannot write {}: {reason}", folder.evaluation().display()));
                Ok(())
            }
            None => Err(Failure::failed(error)),
        },
    }
}

/// Why a folder may only be read, where that is what is wrong.
fn read_only(error: &RunError) -> Option<&'static str> {
    let RunError::Io { source, .. } = error else { return None };
    match source.kind() {
        ErrorKind::PermissionDenied => Some("Permission denied"),
        ErrorKind::ReadOnlyFilesystem => Some("Read-only file system"),
        _ => None,
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

//! `gridworld evaluate`.

mod table;
mod trace_file;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;
use gridworld_envs::{Instructions, Registry};
use gridworld_records::{RunError, RunFolder};
use gridworld_terminal::program::{CliError, message, shell};
use gridworld_terminal::{Countdown, Progress, columns, output};

use crate::options::arguments::count;
use crate::options::device;
use crate::options::player::PlayerArguments;
use crate::run::evaluation::{Document, Row, evaluated};
use crate::run::evaluations::{self, played};
use crate::run::player::Player;
use crate::run::playing::{Episodes, Keep, play, steps};
use crate::run::trained_agent::Trained;
use trace_file::TraceFile;

/// Arguments of `evaluate`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    player: PlayerArguments,
    /// Values of T to evaluate: a range with both ends included, or a list such as 5..30,50,100 [default: 5..30, or a range
    /// that includes the values trained on]
    #[arg(long = "T", value_name = "LIST", allow_hyphen_values = true)]
    instructions: Option<Instructions>,
    /// Episodes per T, drawn with --seed [default: greedy one from each start, so that shares are exact; 1000 with
    /// --policy sample, for random, and where starts cannot be enumerated]
    #[arg(long, value_name = "N", value_parser = count)]
    episodes: Option<usize>,
    /// Write the actions of every episode to this file, one line of JSON per episode (docs/checkpoint.md describes the
    /// fields)
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

The standard evaluation of a run is of its best checkpoint, greedy, with seed 0. It is saved in \
RUN/evaluation.json, and runs, compare, plot, report and suite show it; results at other T are added to it unless \
they have fewer episodes than the T trained on and fewer than 1,000, and of two results at the same T the one of more \
episodes is kept. Any other evaluation is saved in RUN/evaluations/, \
and is shown only where there is no standard one.";

/// Runs the command `evaluate`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    let player = arguments.player.find(registry)?;
    let trace = arguments.trace.as_deref().map(TraceFile::new).transpose()?;
    if let Some(trace) = &trace {
        trace.file().share_with_json(arguments.json)?;
    }
    let instructions = arguments.instructions.clone().unwrap_or_else(|| evaluated(player.environment.instructions()));
    let instructions = instructions.values();
    let keep = if trace.is_some() { Keep::Episodes } else { Keep::Counts };
    let episodes = arguments.episodes.map_or(Episodes::EachStart, Episodes::Drawn);
    let progress = if arguments.json { Progress::Quiet } else { Progress::detect() };
    let countdown = Countdown::new("evaluating", progress, steps(&player, instructions, episodes));
    let played = play(&player, instructions, episodes, keep, &|steps| countdown.add(steps));
    countdown.finish();
    let (rows, episodes) = played?;
    if let Some(trace) = &trace {
        trace.write(&episodes)?;
    }
    let trained = player.trained.as_ref();
    let document = Document {
        run: trained.map(|trained| trained.folder.path().to_owned()),
        agent: player.agent,
        environment: player.environment.id().to_owned(),
        checkpoint: trained.map(|trained| checkpoint_name(trained, &arguments.player.checkpoint)),
        steps: trained.map(|trained| trained.steps),
        policy: player.policy,
        // Where nothing is drawn, every seed gives the same.
        seed: if rows.iter().all(|row| row.exact) { 0 } else { player.seed },
        device: device::name(player.device),
        results: rows,
    };
    if arguments.json {
        output::print_json(&document)?;
    } else {
        let heading = heading(&player, &document.results);
        let (description, learns) = (player.environment.description(), player.agent.learns());
        let table = table::render(&heading, description, learns, &document.results, columns::width());
        match &trace {
            Some(trace) => trace.file().print_beside(&table)?,
            None => output::print(&table)?,
        }
    }
    // Last, so that a folder that cannot be written to does not hide what was found.
    if let Some(trained) = trained {
        put_on_record(&trained.folder, &document, player.environment.instructions(), arguments.json)?;
    }
    if !arguments.json {
        message::suggest(&next(arguments, &player));
    }
    Ok(())
}

/// The command that shows why the results are so: the counters of an agent that has some, else its episodes.
fn next(arguments: &Arguments, player: &Player) -> String {
    match (&player.trained, player.agent.cell()) {
        (Some(trained), Some(_)) => shell::command_on("inspect", trained.folder.path(), ""),
        (Some(trained), None) => shell::command_on("watch", trained.folder.path(), ""),
        (None, _) => {
            let environment = arguments.player.environment.env.iter().flat_map(|env| ["--env", env]);
            shell::command_here(["watch", player.agent.as_str()].into_iter().chain(environment))
        }
    }
}

/// The name of the checkpoint that plays: `best` and `last` also where the run's own file is named.
fn checkpoint_name(trained: &Trained, named: &Path) -> String {
    let own = [("best", trained.folder.best_checkpoint()), ("last", trained.folder.last_checkpoint())];
    let real = named.canonicalize().ok();
    let found = own.into_iter().find(|(_, path)| real.is_some() && path.canonicalize().ok() == real);
    found.map_or(trained.checkpoint.clone(), |(name, _)| name.to_owned())
}

/// Keeps an evaluation in its run, and says where; if `quietly`, only where it does not become the run's own. A run that
/// may only be read is no failure.
fn put_on_record(folder: &RunFolder, document: &Document, trained: &[u32], quietly: bool) -> Result<(), CliError> {
    match evaluations::keep(folder, document, trained) {
        Ok(path) if path == folder.evaluation() => {
            if !quietly {
                message::tell(&format!("saved in {}", path.display()));
            }
            Ok(())
        }
        Ok(path) => {
            let why = match document.is_own() {
                true => "the standard evaluation of this run has more episodes",
                false => "the standard evaluation is of the best checkpoint, greedy, seed 0, on the cpu",
            };
            message::tell(&format!("note: saved separately in {}: {why}", path.display()));
            Ok(())
        }
        Err(error) => match read_only(&error) {
            Some(reason) => {
                message::tell(&format!("note: not saved, cannot write {}: {reason}", folder.evaluation().display()));
                Ok(())
            }
            None => Err(CliError::failed(error)),
        },
    }
}

/// Explains that a folder may only be read, where that is the fault.
fn read_only(error: &RunError) -> Option<&'static str> {
    let RunError::Io { source, .. } = error else { return None };
    match source.kind() {
        ErrorKind::PermissionDenied => Some("Permission denied"),
        ErrorKind::ReadOnlyFilesystem => Some("Read-only file system"),
        _ => None,
    }
}

/// Writes the heading of the table.
fn heading(player: &Player, rows: &[Row]) -> String {
    format!(
        "{}, {} per T{}, {}",
        player.introduction(),
        played(rows.iter()),
        if rows.iter().all(|row| row.exact) { String::new() } else { format!(", seed {}", player.seed) },
        limits(rows),
    )
}

/// Writes the time limits of the episodes: their growth with T is the environment's business.
fn limits(rows: &[Row]) -> String {
    let limits = || rows.iter().filter_map(|row| row.time_limit);
    match (limits().min(), limits().max()) {
        (Some(least), Some(most)) if least < most => {
            format!("time limit {least} to {most} steps (longer for larger T)")
        }
        (Some(limit), _) => format!("time limit {limit} steps"),
        (None, _) => "no time limit".to_owned(),
    }
}

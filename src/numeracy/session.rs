//! The work on an experiment: its folder, its seeds side by side, and what it comes to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use clap::{Args, ValueHint};
use gridworld_agents::records::{Progress, RecordError, Reporter, RunFolder, RunLock, write_json};
use gridworld_numeracy::crew::{Experiment, News, work};
use gridworld_numeracy::journal::{Journal, read_outcomes};
use serde::Serialize;
use serde_json::json;

use super::task::{ExperimentConfig, TaskConfig};
use crate::arguments::{count, positive};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{self, tell};

/// Flags of every experiment.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// How many seeds of each range, cell or the like [default: the published number]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub seeds: Option<u64>,
    /// Seeds side by side [default: one a core]
    #[arg(long, value_name = "N", value_parser = count)]
    pub workers: Option<usize>,
    /// Folder of the runs
    #[arg(long, value_name = "DIR", default_value = "runs", value_hint = ValueHint::DirPath, help_heading = "Records")]
    pub runs: PathBuf,
    /// Name of this run's folder [default: made of task, cell and time]
    #[arg(long, help_heading = "Records")]
    pub name: Option<String>,
    /// Go on with this run: with the seeds that are missing; --seeds may be greater than before
    #[arg(long, value_name = "RUN", value_hint = ValueHint::DirPath, help_heading = "Records")]
    pub resume: Option<PathBuf>,
    /// Print one JSON document at the end, and nothing else, on standard output
    #[arg(long, help_heading = "Records")]
    pub json: bool,
    /// Show no progress
    #[arg(long, short, help_heading = "Records")]
    pub quiet: bool,
}

impl Options {
    /// How progress is shown.
    fn display(&self) -> Progress {
        if self.quiet { Progress::Quiet } else { Progress::detect() }
    }
}

/// Who works, and how it is shown.
pub struct Crew {
    /// Seeds side by side, if not one a core.
    pub workers: Option<usize>,
    /// How progress is shown.
    pub display: Progress,
    /// Set when the work is to stop.
    pub stop: &'static AtomicBool,
}

/// How much there is to do for each seed.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// Trainings: one for each range, cell or the like, which take turns.
    pub turns: u64,
    /// Updates of each training at most.
    pub steps: u64,
}

/// Refuses a flag that contradicts what the run has.
pub fn agree<T: PartialEq + std::fmt::Display>(flag: &str, given: Option<T>, has: T) -> Result<(), Failure> {
    match given {
        Some(given) if given != has => {
            Err(Failure::usage(format!("{flag} {given}: the run has {has}; leave the flag out, or start a new run")))
        }
        _ => Ok(()),
    }
}

/// An experiment's folder, and the right to work there.
pub struct Session {
    folder: RunFolder,
    config: ExperimentConfig,
    _lock: RunLock,
}

impl Session {
    /// The run to go on with, if the options name one, which must be of the task called `task`; else a new one, called
    /// after the words that `new` gives and the time, with its settings.
    pub fn open(
        options: &Options,
        task: &str,
        seeds: u64,
        new: impl FnOnce() -> (String, TaskConfig),
    ) -> Result<Session, Failure> {
        if let Some(path) = &options.resume {
            return Session::resumed(options, task, path);
        }
        let (what, config) = new();
        Session::fresh(options, &what, config, seeds)
    }

    /// A new run of `task`, called after `what` and the time.
    pub fn fresh(options: &Options, what: &str, task: TaskConfig, seeds: u64) -> Result<Session, Failure> {
        let seeds = options.seeds.unwrap_or(seeds);
        let folder = RunFolder::create_for(&options.runs, options.name.as_deref(), what, SystemTime::now())
            .map_err(|error| Failure::usage(format!("--runs: {error}")))?;
        Session::begin(folder, task, seeds)
    }

    /// The run in `path`, to go on with; it must be of this task.
    pub fn resumed(options: &Options, task: &str, path: &Path) -> Result<Session, Failure> {
        let refuse = |reason: String| Failure::usage(format!("--resume {}: {reason}", path.display()));
        let folder = RunFolder::open(path).map_err(|error| Failure::usage(format!("--resume: {error}")))?;
        let lock = folder.lock().map_err(Failure::usage)?;
        let mut config = ExperimentConfig::read(&folder)?;
        if config.task.name() != task {
            return Err(refuse(format!("it is of the task `{0}`: gridworld numeracy {0}", config.task.name())));
        }
        if let Some(name) = &options.name {
            return Err(refuse(format!("it has a name; leave --name {name} out")));
        }
        if let Some(seeds) = options.seeds {
            if seeds < config.seeds {
                return Err(refuse(format!("it has {} seeds, and --seeds {seeds} is less", config.seeds)));
            }
            config.seeds = seeds;
        }
        config.commands.push(crate::run_config::command());
        Ok(Session { folder, config, _lock: lock })
    }

    /// The experiment that is worked on.
    pub fn task(&self) -> &TaskConfig {
        &self.config.task
    }

    /// The run `name` in the folder `runs`, which is made if it is not there, and else must be of the same experiment.
    pub fn named(runs: &Path, name: &str, task: TaskConfig, seeds: u64) -> Result<Session, Failure> {
        let path = runs.join(name);
        if !path.join("config.json").exists() {
            let folder = RunFolder::create_for(runs, Some(name), "", SystemTime::now()).map_err(Failure::usage)?;
            return Session::begin(folder, task, seeds);
        }
        let folder = RunFolder::open(&path).map_err(Failure::usage)?;
        let lock = folder.lock().map_err(Failure::usage)?;
        let mut config = ExperimentConfig::of(&folder, &task)?;
        config.seeds = config.seeds.max(seeds);
        Ok(Session { folder, config, _lock: lock })
    }

    fn begin(folder: RunFolder, task: TaskConfig, seeds: u64) -> Result<Session, Failure> {
        let lock = folder.lock().map_err(Failure::failed)?;
        let config = ExperimentConfig::new(task, seeds);
        // At once, so that what is killed from here on is a run that can be resumed.
        config.write(&folder)?;
        Ok(Session { folder, config, _lock: lock })
    }

    /// Works on what is not done, and says what all comes to: `summarize` gives it for the program and for people.
    pub fn run<E: Experiment, S: Serialize>(
        self,
        options: &Options,
        experiment: &E,
        work: Work,
        summarize: impl Fn(&BTreeMap<u64, E::Outcome>) -> (S, String),
    ) -> Result<(), Failure> {
        if !options.quiet {
            tell(&format!("run folder: {}", self.folder.path().display()));
        }
        let stop = interrupt::listen()?;
        let crew = Crew { workers: options.workers, display: options.display(), stop };
        let outcomes = self.work(&crew, experiment, work)?;
        if outcomes.is_empty() {
            return Err(Failure::Interrupted(format!("no seed is done; go on with: {}", self.command())));
        }
        let (summary, text) = summarize(&outcomes);
        let document = self.report(&summary)?;
        if options.json {
            output::print_json(&document)?;
        } else {
            output::print(&text)?;
        }
        let (done, all) = (outcomes.len() as u64, self.config.seeds * work.turns);
        if done < all {
            return Err(Failure::Interrupted(format!(
                "{done} of {all} seeds are done; go on with: {}",
                self.command()
            )));
        }
        Ok(())
    }

    /// Works on what is not done; gives what is, by seed.
    pub fn work<E: Experiment>(
        &self,
        crew: &Crew,
        experiment: &E,
        Work { turns, steps }: Work,
    ) -> Result<BTreeMap<u64, E::Outcome>, Failure> {
        let all = self.config.seeds * turns;
        let mut journal = Journal::open(&self.folder, steps, |step| Reporter::new(crew.display, step, all * steps))
            .map_err(Failure::failed)?;
        // A resumed run's commands and seeds: only now, when nothing can refuse it any more.
        self.config.write(&self.folder)?;
        let missing: Vec<u64> = (1..=all).filter(|seed| !journal.finished().contains_key(seed)).collect();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let worked = work(experiment, &missing, crew.workers.unwrap_or(cores), crew.stop, |news| {
            match news {
                News::Progress(seeds) => journal.progress(seeds),
                News::Finished { seed, outcome } => journal.record(experiment, seed, outcome)?,
            }
            Ok::<(), RecordError>(())
        });
        let outcomes = journal.finish().map_err(Failure::failed)?;
        worked.map_err(|error| Failure::failed(format!("{error}; go on with: {}", self.command())))?;
        Ok(outcomes)
    }

    /// What is done, if everything is.
    pub fn finished<E: Experiment>(&self, turns: u64) -> Result<Option<BTreeMap<u64, E::Outcome>>, Failure> {
        let outcomes = read_outcomes::<E::Outcome>(&self.folder).map_err(Failure::failed)?;
        Ok(Some(outcomes).filter(|outcomes| outcomes.len() as u64 >= self.config.seeds * turns))
    }

    /// Writes what the seeds come to into `results.json`, and gives it.
    pub fn report(&self, summary: &impl Serialize) -> Result<serde_json::Value, Failure> {
        let document = json!({"run": self.folder.path(), "config": self.config, "summary": summary});
        write_json(&self.folder.path().join("results.json"), &document).map_err(Failure::failed)?;
        Ok(document)
    }

    /// What goes on with it.
    fn command(&self) -> String {
        format!("gridworld numeracy {} --resume {}", self.config.task.name(), self.folder.path().display())
    }
}

/// What the `all` seeds of the run `name` in the folder `runs` come to, if they are done. The run is only read, and must
/// be of the same experiment.
pub fn finished<E: Experiment>(
    runs: &Path,
    name: &str,
    task: &TaskConfig,
    all: u64,
) -> Result<Option<BTreeMap<u64, E::Outcome>>, Failure> {
    let path = runs.join(name);
    if !path.join("config.json").exists() {
        return Ok(None);
    }
    let folder = RunFolder::open(&path).map_err(Failure::usage)?;
    ExperimentConfig::of(&folder, task)?;
    let outcomes = read_outcomes::<E::Outcome>(&folder).map_err(Failure::failed)?;
    Ok(Some(outcomes).filter(|outcomes| outcomes.len() as u64 >= all))
}

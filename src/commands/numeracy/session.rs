//! Work on one experiment: its folder, its seeds in parallel, and its summary.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use clap::{Args, ValueHint};
use gridworld_numeracy::seed_log::{SeedLog, read_outcomes};
use gridworld_numeracy::tasks::flag::{Flag, Given, Takes};
use gridworld_numeracy::tasks::{Listed, Outcomes, Surroundings, TaskError};
use gridworld_records::{RunFolder, RunLock, write_json};
use gridworld_terminal::program::message::{suggest, tell};
use gridworld_terminal::program::{CliError, cache_folder, shell};
use gridworld_terminal::{Progress, Reporter, Words, output};
use serde_json::json;

use crate::options::arguments::{count, seeds};
use crate::run::argument;
use crate::run::experiment::ExperimentConfig;

/// Words of the display: progress is counted in updates of the networks, and success in seeds that are solved.
const WORDS: Words = Words { step: "update", steps: "updates", success: "solved" };

/// Flags of every experiment.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Seeds per setting
    #[arg(long, value_name = "N", value_parser = seeds)]
    pub seeds: Option<u64>,
    /// Seeds in parallel [default: one per core]
    #[arg(long, value_name = "N", value_parser = count)]
    pub workers: Option<usize>,
    /// Folder of the runs
    #[arg(long, value_name = "DIR", default_value = "runs", value_hint = ValueHint::DirPath, help_heading = "Records")]
    pub runs: PathBuf,
    /// Name of this run's folder [default: task, cell and time]
    #[arg(long, help_heading = "Records")]
    pub name: Option<String>,
    /// Resume this run: train the missing seeds; --seeds may be larger than before
    #[arg(long, value_name = "RUN", value_hint = ValueHint::DirPath, help_heading = "Records")]
    pub resume: Option<PathBuf>,
    /// Print one JSON document at the end, and nothing else, on standard output
    #[arg(long, help_heading = "Records")]
    pub json: bool,
    /// No progress output
    #[arg(long, short, help_heading = "Records")]
    pub quiet: bool,
}

impl Options {
    /// Gives the display of progress.
    fn display(&self) -> Progress {
        if self.quiet { Progress::Quiet } else { Progress::detect() }
    }
}

/// Workers of an experiment, and the display of their progress.
pub struct Runner {
    /// Number of seeds in parallel, if not one per core.
    pub workers: Option<usize>,
    /// Display of progress.
    pub display: Progress,
    /// Flag that is set when the work is to stop.
    pub stop: &'static AtomicBool,
}

/// An experiment's folder, and the right to work there.
pub struct Session<T> {
    folder: RunFolder,
    config: ExperimentConfig,
    task: T,
    lock: RunLock,
}

/// Runs the task with these flags, or goes on with the run that the options name, until `stop` is set.
pub fn run<T: Listed>(given: &Given, options: &Options, stop: &'static AtomicBool) -> Result<(), CliError> {
    let resumed = options.resume.as_ref().map(|path| Session::<T>::resumed(options, path)).transpose()?;
    let task = match &resumed {
        Some(session) => session.task.clone(),
        None => completed(given)?,
    };
    if let Some((flag, given, has)) = given.contradiction(&task.values()) {
        let (flag, advice) = (format!("--{flag} {given}"), "drop the flag, or start a new run");
        return Err(CliError::usage(format!("{flag}: the run has {has}; {advice}")));
    }
    let criterion = task.criterion();
    let experiment = task.prepare(&criterion, given).map_err(|error| match (error, &options.resume) {
        (TaskError::Refused(reason), Some(path)) => CliError::usage(format!("--resume {}: {reason}", path.display())),
        (error, _) => with_flag::<T>(error),
    })?;
    resumed.map_or_else(|| Session::fresh(options, task), Ok)?.run(options, stop, &criterion, &experiment)
}

/// Completes the settings of a new run.
fn completed<T: Listed>(given: &Given) -> Result<T, CliError> {
    for Flag { name, .. } in T::flags().iter().filter(|flag| matches!(flag.takes, Takes::Run)) {
        if let Some(path) = given.path(name) {
            let about = |failure: CliError| failure.about(&format!("--{name}"));
            ExperimentConfig::read(&argument::open(path).map_err(about)?).map_err(about)?;
        }
    }
    let cache = cache_folder();
    let surroundings = Surroundings { given, cache: cache.as_deref(), table: None, recorded: None };
    T::configure(given).complete(&surroundings).map_err(with_flag::<T>)
}

/// Makes the failure of a task that cannot begin; where something is missing, it names the flag for the folder of it.
fn with_flag<T: Listed>(error: TaskError) -> CliError {
    let folder = T::flags().into_iter().find(|flag| matches!(flag.takes, Takes::Folder));
    match (error, folder) {
        (TaskError::Missing(reason), Some(Flag { name, .. })) => {
            CliError::usage(format!("{reason}, or give --{name} DIR"))
        }
        (error, _) => failure(error),
    }
}

/// Makes the failure of a task that cannot begin.
pub fn failure(error: TaskError) -> CliError {
    match error {
        TaskError::Refused(_) | TaskError::Missing(_) => CliError::usage(error),
        TaskError::Failed(_) => CliError::failed(error),
    }
}

impl<T: Listed> Session<T> {
    /// Makes a new run of `task`, called after it and the time.
    fn fresh(options: &Options, task: T) -> Result<Session<T>, CliError> {
        let new = RunFolder::create_for(&options.runs, options.name.as_deref(), &task.folder(), SystemTime::now())
            .map_err(argument::not_made)?;
        Session::begin(new, task, options.seeds.unwrap_or(T::SEEDS))
    }

    /// Opens the run in `path`, to go on with; it must be of this task.
    pub fn resumed(options: &Options, path: &Path) -> Result<Session<T>, CliError> {
        let refuse = |reason: String| CliError::usage(format!("--resume {}: {reason}", path.display()));
        let folder = argument::open(path).map_err(|failure| failure.about("--resume"))?;
        let lock = folder.lock().map_err(CliError::usage)?;
        let mut config = ExperimentConfig::read(&folder).map_err(|failure| failure.about("--resume"))?;
        let Some(task) = T::of(&config.task).cloned() else {
            let task = config.task.name();
            let command = shell::command_on(&format!("numeracy {task} --resume"), path, "");
            return Err(refuse(format!("it is a run of task {task}; use: {command}")));
        };
        if let Some(name) = &options.name {
            return Err(refuse(format!("the run has a name already; drop --name {name}")));
        }
        if let Some(seeds) = options.seeds {
            if seeds < config.seeds {
                return Err(refuse(format!("the run has {} seeds already; --seeds {seeds} is fewer", config.seeds)));
            }
            config.seeds = seeds;
        }
        config.commands.push(crate::run::configuration::command());
        Ok(Session { folder, config, task, lock })
    }

    /// Opens the run `name` in the folder `runs`, which is made if it is not there, and else must be of the same
    /// experiment.
    pub fn named(runs: &Path, name: &str, task: T, seeds: u64) -> Result<Session<T>, CliError> {
        let path = runs.join(name);
        if !path.join("config.json").exists() {
            let new = RunFolder::create_for(runs, Some(name), "", SystemTime::now()).map_err(CliError::usage)?;
            return Session::begin(new, task, seeds);
        }
        let folder = RunFolder::open(&path).map_err(CliError::usage)?;
        let lock = folder.lock().map_err(CliError::usage)?;
        let mut config = ExperimentConfig::of(&folder, &task.clone().into())?;
        config.seeds = config.seeds.max(seeds);
        Ok(Session { folder, config, task, lock })
    }

    fn begin((folder, lock): (RunFolder, RunLock), task: T, seeds: u64) -> Result<Session<T>, CliError> {
        let config = ExperimentConfig::new(task.clone().into(), seeds);
        // At once, so that what is killed from here on is a run that can be resumed.
        config.write(&folder)?;
        Ok(Session { folder, config, task, lock })
    }

    /// Gives the number of trainings in all.
    fn all(&self) -> u64 {
        self.config.seeds * self.config.task.work().turns
    }

    /// Works on what is not done until `stop` is set, and prints the summary, for the program or for people.
    fn run(
        self,
        options: &Options,
        stop: &'static AtomicBool,
        criterion: &T::Criterion,
        experiment: &T::Experiment,
    ) -> Result<(), CliError> {
        if !options.quiet {
            tell(&format!("run folder: {}", self.folder.path().display()));
        }
        let runner = Runner { workers: options.workers, display: options.display(), stop };
        let outcomes = self.work(&runner, experiment)?;
        if outcomes.is_empty() {
            return Err(CliError::Interrupted(format!("no seed is done; to resume: {}", self.command())));
        }
        let summary = self.task.summarize(criterion, &outcomes);
        let document = self.report(&summary)?;
        if options.json {
            output::print_json(&document)?;
        } else {
            output::print(&self.task.text(&summary))?;
        }
        let (done, all) = (outcomes.len() as u64, self.all());
        let networks = if self.task.work().turns == 1 { "seeds" } else { "networks" };
        if done < all {
            return Err(CliError::Interrupted(format!(
                "{done} of {all} {networks} are done; to resume: {}",
                self.command()
            )));
        }
        if !options.json && !options.quiet {
            suggest(&shell::command_on("plot", self.folder.path(), ""));
        }
        Ok(())
    }

    /// Works on what is not done; gives the outcomes of all that is.
    fn work(&self, runner: &Runner, experiment: &T::Experiment) -> Result<Outcomes<T>, CliError> {
        let (all, steps) = (self.all(), self.config.task.work().steps);
        let mut seed_log = SeedLog::open(&self.folder, steps, |step| {
            Reporter::new(runner.display, step, all.saturating_mul(steps)).with_words(WORDS)
        })
        .map_err(CliError::failed)?;
        // A resumed run's commands and seeds: only now, when nothing can refuse it any more.
        self.config.write(&self.folder)?;
        let worked = seed_log.work(experiment, all, runner.workers, runner.stop, || self.lock.keep());
        let outcomes = seed_log.finish().map_err(CliError::failed)?;
        worked.map_err(|error| match self.lock.is_kept() {
            true => CliError::failed(format!("{error}; to resume: {}", self.command())),
            // Nothing was begun, and nothing of it stays.
            false => CliError::failed(error),
        })?;
        self.lock.keep();
        Ok(outcomes)
    }

    /// Reads the outcomes, if everything is done.
    pub fn finished(&self) -> Result<Option<Outcomes<T>>, CliError> {
        let outcomes: Outcomes<T> = read_outcomes(&self.folder).map_err(CliError::failed)?;
        Ok(Some(outcomes).filter(|outcomes| outcomes.len() as u64 >= self.all()))
    }

    /// Works on what is not done, after a line that says so; gives the outcomes, if now everything is done.
    pub fn complete(&self, runner: &Runner, experiment: &T::Experiment) -> Result<Option<Outcomes<T>>, CliError> {
        if runner.display != Progress::Quiet {
            tell(&format!("run folder: {}", self.folder.path().display()));
        }
        let outcomes = self.work(runner, experiment)?;
        Ok(Some(outcomes).filter(|outcomes| outcomes.len() as u64 >= self.all()))
    }

    /// Writes the summary of the seeds into `results.json`, and gives it.
    pub fn report(&self, summary: &T::Summary) -> Result<serde_json::Value, CliError> {
        let document = json!({"run": self.folder.path().to_string_lossy(), "config": self.config, "summary": summary});
        write_json(&self.folder.path().join("results.json"), &document).map_err(CliError::failed)?;
        Ok(document)
    }

    /// Gives the command that resumes the run.
    fn command(&self) -> String {
        let task = format!("numeracy {} --resume", self.config.task.name());
        shell::command_on(&task, self.folder.path(), "")
    }
}

//! One training of a suite: what is left to do for it, and the process that does it.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;

use gridworld_agents::training::Progress;
use gridworld_records::{FileLock, RunFolder, last_metrics};
use gridworld_terminal::program::this_program;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::variant::{Asked, Variant};
use crate::run::checkpoint_file;
use crate::run::configuration;
use crate::run::evaluation::Row;
use crate::run::evaluations::own_rows;
use crate::run::status::Training;

/// A variant and a seed, and the folder of their run.
#[derive(Clone, Debug)]
pub struct Job {
    /// Variant that is trained.
    pub variant: Arc<Variant>,
    /// Seed of the training.
    pub seed: u64,
    /// Environment steps of its training.
    pub length: u64,
    asked: Arc<Asked>,
    runs: PathBuf,
}

/// Next stage of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The run is to be trained from the beginning.
    Train,
    /// The run is to go on with its training.
    Resume,
    /// The run is to be evaluated.
    Evaluate,
    /// To be left alone, until the process that trains there has ended.
    Busy,
    /// The run needs nothing more.
    Done,
}

impl Job {
    /// The run of `variant` and `seed` in the folder `runs`, of `length` steps, of which its evaluation is `asked`
    /// something.
    pub fn new(variant: &Arc<Variant>, seed: u64, length: u64, asked: &Arc<Asked>, runs: &Path) -> Job {
        let (variant, asked) = (Arc::clone(variant), Arc::clone(asked));
        Job { variant, seed, length, asked, runs: runs.to_owned() }
    }

    /// Gives the name of the run's folder.
    pub fn name(&self) -> String {
        format!("{}__seed{}", self.variant.name, self.seed)
    }

    /// Gives the path of the run's folder.
    pub fn path(&self) -> PathBuf {
        self.runs.join(self.name())
    }

    /// Gives the stage that the run needs next.
    ///
    /// # Errors
    /// If the folder cannot be read, in one line.
    pub fn stage(&self) -> Result<Stage, String> {
        let path = self.path();
        if !path.exists() {
            return Ok(Stage::Train);
        }
        // A training of a suite that was killed may be saving still.
        let lock = path.join(".lock");
        if FileLock::is_held(&lock).map_err(|error| format!("cannot lock {}: {error}", lock.display()))? {
            return Ok(Stage::Busy);
        }
        // A link is something, also one to a disk that is not there now.
        let is_there = |file: &str| path.join(file).symlink_metadata().is_ok();
        if !is_there("config.json") && !is_there("checkpoints/last.safetensors") {
            return Ok(Stage::Train);
        }
        let folder = RunFolder::open(&path).map_err(|error| error.to_string())?;
        let training = configuration::training(&folder).map_err(|error| error.to_string())?;
        if !folder.last_checkpoint().exists() {
            return Ok(Stage::Resume);
        }
        let checkpoint = checkpoint_file::load(&folder.last_checkpoint()).map_err(|error| error.to_string())?;
        let steps: u64 = checkpoint.field("steps").map_err(|error| error.to_string())?;
        let progress: Progress = checkpoint.field("progress").map_err(|error| error.to_string())?;
        let enough = training.until.is_some_and(|share| progress.has_held(share));
        if steps < training.steps && !enough {
            return Ok(Stage::Resume);
        }
        Ok(if self.rows()?.is_some() { Stage::Done } else { Stage::Evaluate })
    }

    /// Gives the results of the evaluation, if there is one of all that the suite asks.
    ///
    /// # Errors
    /// If an evaluation cannot be read, in one line.
    pub fn rows(&self) -> Result<Option<Vec<Row>>, String> {
        let folder = RunFolder::open(&self.path()).map_err(|error| error.to_string())?;
        own_rows(&folder, &self.asked.instructions, self.asked.rank)
    }

    /// Gives the status of the training, once it is finished.
    ///
    /// # Errors
    /// If a file of the run cannot be read, in one line.
    pub fn training(&self) -> Result<Training, String> {
        Training::of(&RunFolder::open(&self.path()).map_err(|error| error.to_string())?)
    }

    /// The last step of the training that is on record.
    pub fn steps(&self) -> u64 {
        last_metrics(&self.path().join("metrics.jsonl")).map_or(0, |line| line.step)
    }
}

/// A process at work on a job.
pub struct Process {
    /// Job that the process works on.
    pub job: Job,
    /// Stage that the process works on.
    pub stage: Stage,
    child: Child,
    said: File,
    /// True if the process was asked to save and end.
    is_asked: bool,
}

impl Process {
    /// Starts what `stage` asks for: a training with the flags `train`, or an evaluation with the
    /// flags `evaluate`. A folder in which a training was killed before it began holds nothing and is removed.
    ///
    /// # Errors
    /// If there can be no such process, in one line.
    pub fn start(job: &Job, stage: Stage, train: &[String], evaluate: &[String]) -> Result<Process, String> {
        let path = job.path();
        if stage == Stage::Train && path.exists() {
            fs::remove_dir_all(&path).map_err(|error| format!("cannot remove {}: {error}", path.display()))?;
        }
        Process::spawn(job, stage, train, evaluate).map_err(|error| format!("cannot start: {error}"))
    }

    fn spawn(job: &Job, stage: Stage, train: &[String], evaluate: &[String]) -> io::Result<Process> {
        let mut command = this_program()?;
        match stage {
            Stage::Train => command
                .args(["train", "--quiet", "--seed", &job.seed.to_string(), "--name", &job.name(), "--runs"])
                .arg(&job.runs)
                .args(job.variant.flags_of_training(train)),
            Stage::Resume => command.args(["train", "--quiet", "--resume"]).arg(job.path()),
            Stage::Evaluate | Stage::Busy | Stage::Done => command.arg("evaluate").arg(job.path()).args(evaluate),
        };
        let said = tempfile::tempfile()?;
        // In a group of its own, so that Ctrl-C reaches it once, through us.
        command.process_group(0).stdout(Stdio::null()).stderr(said.try_clone()?);
        Ok(Process { job: job.clone(), stage, child: command.spawn()?, said, is_asked: false })
    }

    /// Returns how it ended, once it has: well, or with a line that says why not.
    pub fn ended(&mut self) -> Option<Result<(), String>> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) if status.success() => Some(Ok(())),
            Ok(Some(_)) => Some(Err(self.last_words())),
            // Nobody can say any more how it ends; without a parent it saves.
            Err(error) => Some(Err(format!("cannot wait for it: {error}"))),
        }
    }

    /// Tells if the process has ended well, and its results are not on record: then the same again would come to the
    /// same.
    pub fn is_stuck(&self) -> bool {
        self.stage == Stage::Evaluate && self.job.stage() == Ok(Stage::Evaluate)
    }

    /// Asks it to save and end, once: a second time would mean at once.
    pub fn interrupt(&mut self) {
        if !std::mem::replace(&mut self.is_asked, true) {
            // It may have ended by itself.
            let _ = kill(Pid::from_raw(self.child.id() as i32), Signal::SIGTERM);
        }
    }

    /// The last line that it wrote on standard error.
    pub fn last_words(&mut self) -> String {
        let mut text = String::new();
        let read = self.said.seek(SeekFrom::Start(0)).and_then(|_| self.said.read_to_string(&mut text));
        // What could be done next is no reason.
        let said = text.lines().rfind(|line| !line.starts_with("next: "));
        let line = said.unwrap_or("it wrote no message");
        read.map_or_else(|error| error.to_string(), |_| line.trim_start_matches("error: ").to_owned())
    }
}

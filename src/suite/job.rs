//! One training of a suite: what is left to do for it, and the process that does it.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;

use gridworld_agents::checkpoint::Checkpoint;
use gridworld_agents::records::{RunFolder, last_metrics, read_json};
use gridworld_agents::training::Progress;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::plan::Variant;
use crate::run_config::RunConfig;
use crate::training_record::Training;

/// A variant and a seed, and the folder of their run.
#[derive(Clone, Debug)]
pub struct Job {
    /// What is trained.
    pub variant: Arc<Variant>,
    /// Its seed.
    pub seed: u64,
    runs: PathBuf,
}

/// What a run needs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// To be trained from the beginning.
    Train,
    /// To go on with its training.
    Resume,
    /// To be evaluated.
    Evaluate,
    /// Nothing.
    Done,
}

impl Job {
    /// The run of `variant` and `seed` in the folder `runs`.
    pub fn new(variant: &Arc<Variant>, seed: u64, runs: &Path) -> Job {
        Job { variant: Arc::clone(variant), seed, runs: runs.to_owned() }
    }

    /// The name of its folder.
    pub fn name(&self) -> String {
        format!("{}__seed{}", self.variant.name, self.seed)
    }

    /// Its folder.
    pub fn path(&self) -> PathBuf {
        self.runs.join(self.name())
    }

    /// What is left to do. A folder in which a training was killed before it began holds nothing and is
    /// removed.
    ///
    /// # Errors
    /// If the folder cannot be read, in one line.
    pub fn stage(&self) -> Result<Stage, String> {
        let path = self.path();
        if !path.exists() {
            return Ok(Stage::Train);
        }
        if !path.join("config.json").exists() && !path.join("checkpoints/last.safetensors").exists() {
            fs::remove_dir_all(&path).map_err(|error| format!("cannot remove {}: {error}", path.display()))?;
            return Ok(Stage::Train);
        }
        let folder = RunFolder::open(&path).map_err(|error| error.to_string())?;
        let config: RunConfig = read_json(&folder.config()).map_err(|error| error.to_string())?;
        if !folder.last_checkpoint().exists() {
            return Ok(Stage::Resume);
        }
        let training = config.config.training;
        let checkpoint = Checkpoint::load(&folder.last_checkpoint()).map_err(|error| error.to_string())?;
        let steps: u64 = checkpoint.field("steps").map_err(|error| error.to_string())?;
        let progress: Progress = checkpoint.field("progress").map_err(|error| error.to_string())?;
        let enough = training.until.is_some_and(|share| progress.has_held(share));
        Ok(match folder.evaluation().exists() {
            _ if steps < training.steps && !enough => Stage::Resume,
            false => Stage::Evaluate,
            true => Stage::Done,
        })
    }

    /// How the training went, once it is finished.
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
    /// Which job.
    pub job: Job,
    child: Child,
    said: File,
    /// Whether it was asked to save and end.
    is_asked: bool,
}

impl Process {
    /// Starts what `stage` asks for: a training with the flags `train`, or an evaluation with the
    /// flags `evaluate`.
    pub fn start(job: &Job, stage: Stage, train: &[String], evaluate: &[String]) -> std::io::Result<Process> {
        let mut command = Command::new(std::env::current_exe()?);
        match stage {
            Stage::Train => command
                .args(["train", "--quiet", "--agent", job.variant.agent.as_str(), "--seed", &job.seed.to_string()])
                .args(["--name", &job.name(), "--runs"])
                .arg(&job.runs)
                .args(job.variant.over(train)),
            Stage::Resume => command.args(["train", "--quiet", "--resume"]).arg(job.path()),
            Stage::Evaluate | Stage::Done => command.arg("evaluate").arg(job.path()).args(evaluate),
        };
        let said = tempfile::tempfile()?;
        // In a group of its own, so that Ctrl-C reaches it once, through us.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(said.try_clone()?);
        Ok(Process { job: job.clone(), child: command.spawn()?, said, is_asked: false })
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> std::io::Result<Option<ExitStatus>> {
        self.child.try_wait()
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
        let line = text.lines().last().unwrap_or("it said nothing");
        read.map_or_else(|error| error.to_string(), |_| line.trim_start_matches("error: ").to_owned())
    }
}

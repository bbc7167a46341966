//! The state of a run, and its age.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde::Serialize;

/// Status of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// A process trains there now.
    Running,
    /// The run has all its steps, or the success that was to end it.
    Finished,
    /// The run was interrupted or killed, and can go on.
    Stopped,
    /// The run was ended by an error.
    Failed,
    /// A file that the run needs cannot be read.
    Damaged,
}

impl Status {
    /// All statuses, in the order in which they are counted.
    pub const ALL: [Status; 5] = [Status::Running, Status::Finished, Status::Stopped, Status::Failed, Status::Damaged];

    /// Gives the status as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Running => "running",
            Status::Finished => "finished",
            Status::Stopped => "stopped",
            Status::Failed => "failed",
            Status::Damaged => "damaged",
        }
    }
}

/// Seconds since the last record, or since the beginning where there is none.
pub fn age(path: &Path, now: SystemTime) -> Option<f64> {
    let changed = |file: &str| fs::metadata(path.join(file)).and_then(|file| file.modified()).ok();
    let changed = changed("metrics.jsonl").or_else(|| changed("config.json"))?;
    Some(now.duration_since(changed).unwrap_or_default().as_secs_f64())
}

//! Records of a training or an experiment: run folders and their locks, metrics, TensorBoard's events.
//!
//! This crate keeps the numbers of a training where TensorBoard and scripts find them, also when the process is killed
//! or the disk is full.
//!
//! A [`RunFolder`] holds one run; only the process that has its [`RunLock`] may write there. A [`Recorder`] writes each
//! [`Record`] to `metrics.jsonl` and to TensorBoard's event file, and passes it to a [`Listener`]; a [`Media`], such as
//! a picture, goes to TensorBoard only. The names of the numbers come from the caller: there is no list of them here.
//! [`atomic`] replaces files in one go. Every disk error comes back as a value that names the file; nothing here
//! panics, and time is passed in. Nothing here knows agents, libtorch or a terminal.
//!
//! ```
//! use std::time::{Instant, SystemTime};
//!
//! use gridworld_records::{Beginning, Nobody, Origin, Record, Recorder, RunFolder, read_metrics, write_json};
//!
//! # let temporary = tempfile::tempdir()?;
//! # let runs = temporary.path();
//! // The lock goes at the end of the scope, and with it a new folder that is not kept.
//! let (run, lock) = RunFolder::create(runs, Some("mine"), "TimedArrival-v1", "my-agent", 1, SystemTime::now())?;
//! write_json(&run.config(), &"anything that was chosen")?;
//! lock.keep();
//!
//! let now = SystemTime::now();
//! let mut recorder = Recorder::open(&run, Beginning::Fresh, &Origin::here(), Nobody, now)?;
//! let started = Instant::now();
//! for step in [1_000, 2_000, 3_000] {
//!     let record = Record::at(step, started.elapsed().as_secs_f64())
//!         .with("charts/success", step as f64 / 4_000.0)
//!         .with("mine/counts", (step / 1_000) as f64);
//!     recorder.record(&record, SystemTime::now())?;
//! }
//! recorder.finish()?;
//!
//! let lines = read_metrics(&RunFolder::open(run.path())?.metrics())?;
//! assert_eq!(lines.len(), 3);
//! assert_eq!(lines[2].scalars["mine/counts"], Some(3.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod append;
pub mod atomic;
mod calendar;
mod charts;
mod error;
mod events;
mod hparams;
mod json_file;
mod listener;
mod lock;
mod media;
mod metrics;
mod record;
mod recorder;
mod run_folder;
#[cfg(test)]
mod tests;
mod visible;

pub use append::Appender;
pub use charts::{Category, Chart};
pub use error::{RecordError, RunError};
pub use events::Origin;
pub use hparams::{Column, HParamValue, HParams, Place, Score};
pub use json_file::{read_json, without_mark, write_json};
pub use listener::{Listener, Nobody};
pub use lock::{Attempt, FileLock, RunLock, Sharing, on_missing_locks};
pub use media::{Media, Picture};
pub use metrics::{MetricsLine, last_metrics, read_metrics};
pub use record::Record;
pub use recorder::{Beginning, Recorder};
pub use run_folder::RunFolder;
pub use visible::{is_hidden, push_visible, visible};

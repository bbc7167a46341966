//! Records of a training or an experiment: its run folder, its metrics and TensorBoard's events.
//!
//! A [`Record`] goes to one [`Recorder`], which writes it to `metrics.jsonl` and to TensorBoard's events, and lets a
//! [`Listener`] hear it; an [`Exhibit`] goes to TensorBoard alone. Every disk error comes back as a value; nothing here
//! panics, and time is passed in.

mod append;
pub mod atomic;
mod calendar;
mod charts;
mod error;
mod events;
mod exhibit;
mod json_file;
mod listener;
mod lock;
mod metrics;
mod profile;
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
pub use exhibit::{Exhibit, Picture};
pub use json_file::{read_json, without_mark, write_json};
pub use listener::{Listener, Nobody};
pub use lock::{Attempt, FileLock, RunLock, Sharing, on_missing_locks};
pub use metrics::{MetricsLine, last_metrics, read_metrics};
pub use profile::{Column, Place, Profile, Score, Setting};
pub use record::Record;
pub use recorder::{Beginning, Recorder};
pub use run_folder::RunFolder;
pub use visible::{is_hidden, push_visible, visible};

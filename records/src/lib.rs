//! What a training leaves behind: its run folder, its metrics and its progress on the terminal.
//!
//! A [`Record`] goes to one [`Recorder`], which writes it to `metrics.jsonl`, to TensorBoard's events and to the
//! progress display; an [`Exhibit`] goes to TensorBoard alone. Every disk error comes back as a value; nothing here panics, and time is passed in.

mod append;
pub mod atomic;
mod bar;
mod calendar;
mod error;
mod events;
mod exhibit;
pub mod figures;
mod glyphs;
mod json_file;
mod known;
mod lock;
mod metrics;
mod profile;
mod progress;
mod record;
mod recorder;
mod run_folder;
mod sparkline;
mod tag;
#[cfg(test)]
mod tests;
mod visible;

pub use append::Appender;
pub use error::{RecordError, RunError};
pub use events::Origin;
pub use exhibit::{Exhibit, Picture};
pub use figures::grouped;
pub use glyphs::Glyphs;
pub use json_file::{read_json, without_mark, write_json};
pub use lock::{Attempt, FileLock, RunLock, Sharing};
pub use metrics::{MetricsLine, last_metrics, read_metrics};
pub use profile::{Column, Place, Profile, Setting};
pub use progress::{Progress, Reporter};
pub use record::Record;
pub use recorder::{Beginning, Recorder};
pub use run_folder::RunFolder;
pub use tag::Tag;
pub use visible::{is_hidden, push_visible, visible};

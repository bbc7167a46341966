//! TensorBoard's event file.
//!
//! Events and their framing come from `tensorboard-rs` and `tensorboard-proto`, the file is ours: that crate's own
//! writer panics where a folder cannot be written, aborts the process from inside its thread on a full disk, does not
//! wait when it flushes, and overwrites a file of the same second.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use protobuf::{Message, RepeatedField};
use tensorboard_proto::event::{Event, SessionLog, SessionLog_SessionStatus};
use tensorboard_proto::summary::{Summary, Summary_Value};
use tensorboard_rs::record_writer::RecordWriter;

use super::append::Appender;
use super::{HParams, Media, Record, RecordError, calendar, hparams};

/// The beginning of the names of event files: TensorBoard looks for it.
const PREFIX: &str = "events.out.tfevents.";

/// The writer of an event file. It is part of the file's name, as is usual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The machine's name.
    pub host: String,
    /// The process's number.
    pub process: u32,
}

impl Origin {
    /// Returns this machine and this process.
    #[must_use]
    pub fn here() -> Origin {
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let host = if host.trim().is_empty() { "localhost" } else { host.trim() };
        Origin { host: host.to_owned(), process: std::process::id() }
    }
}

/// An event file, while records are added to it.
#[derive(Debug)]
pub(super) struct EventFile {
    file: Appender,
    /// Names of the numbers that are in the file.
    named: BTreeSet<String>,
}

impl EventFile {
    /// Begins an event file in `folder`.
    pub fn create(folder: &Path, origin: &Origin, now: SystemTime) -> Result<EventFile, RecordError> {
        let mut file = EventFile { file: create_file(folder, origin, now)?, named: BTreeSet::new() };
        let mut version = event(0, now);
        version.set_file_version("brain.Event:2".to_owned());
        file.append(&version)?;
        Ok(file)
    }

    /// An event file that cannot grow, or whatever else is at `path`.
    #[cfg(test)]
    pub fn at(path: &Path) -> EventFile {
        EventFile { file: Appender::extend(path).unwrap(), named: BTreeSet::new() }
    }

    /// Begins another event file after those in `folder`, and makes TensorBoard forget what they say after `step`.
    pub fn resume(folder: &Path, step: u64, origin: &Origin, now: SystemTime) -> Result<EventFile, RecordError> {
        let mut file = EventFile::create(folder, origin, now)?;
        let mut log = SessionLog::new();
        log.set_status(SessionLog_SessionStatus::START);
        // TensorBoard discards the step of this event, too; `step` itself is to stay, as it does in metrics.jsonl.
        let mut restart = event(step.saturating_add(1), now);
        restart.set_session_log(log);
        file.append(&restart)?;
        Ok(file)
    }

    /// Appends a record as one event. TensorBoard keeps numbers as 32-bit floats, and shows the description that the first
    /// event of a number has: `descriptions` are by name.
    pub fn append_record(
        &mut self,
        record: &Record,
        descriptions: &BTreeMap<String, String>,
        now: SystemTime,
    ) -> Result<(), RecordError> {
        let mut summary = Summary::new();
        for (name, number) in &record.scalars {
            let mut value = Summary_Value::new();
            value.set_tag(name.to_string());
            value.set_simple_value(*number as f32);
            let is_first = self.named.insert(name.to_string());
            if let Some(description) = descriptions.get(&**name).filter(|_| is_first) {
                value.mut_metadata().set_summary_description(description.clone());
            }
            summary.mut_value().push(value);
        }
        self.append_summary(record.step, summary, now)
    }

    /// Appends exhibits as one event.
    pub fn append_exhibits(&mut self, step: u64, media: &[Media], now: SystemTime) -> Result<(), RecordError> {
        self.append_values(step, media.iter().map(Media::value).collect(), now)
    }

    /// Appends a description of the run, before its first step.
    pub fn append_opening(&mut self, hparams: &HParams, now: SystemTime) -> Result<(), RecordError> {
        let values = hparams::opening(hparams, now).map_err(|error| self.cannot_encode(&error))?;
        self.append_values(0, values, now)
    }

    /// Appends an event that says that the training is complete. It stands one step later, so that a run that is
    /// resumed with more steps takes it back.
    pub fn append_ending(&mut self, step: u64, now: SystemTime) -> Result<(), RecordError> {
        let value = hparams::ending(now).map_err(|error| self.cannot_encode(&error))?;
        self.append_values(step.saturating_add(1), vec![value], now)
    }

    fn append_values(&mut self, step: u64, values: Vec<Summary_Value>, now: SystemTime) -> Result<(), RecordError> {
        let mut summary = Summary::new();
        summary.set_value(RepeatedField::from_vec(values));
        self.append_summary(step, summary, now)
    }

    fn append_summary(&mut self, step: u64, summary: Summary, now: SystemTime) -> Result<(), RecordError> {
        let mut event = event(step, now);
        event.set_summary(summary);
        self.append(&event)
    }

    /// Waits until everything is on the disk.
    pub fn sync(&self) -> Result<(), RecordError> {
        self.file.sync()
    }

    fn append(&mut self, event: &Event) -> Result<(), RecordError> {
        let encoded = event.write_to_bytes().map_err(|error| self.cannot_encode(&error))?;
        let mut framed = Vec::with_capacity(encoded.len() + 16);
        RecordWriter::new(&mut framed).write(&encoded).map_err(|error| self.cannot_encode(&error))?;
        self.file.append(&framed)
    }

    fn cannot_encode(&self, error: &dyn std::error::Error) -> RecordError {
        RecordError::Encode { path: self.file.path().to_owned(), reason: error.to_string() }
    }
}

fn event(step: u64, now: SystemTime) -> Event {
    let mut event = Event::new();
    event.set_wall_time(calendar::since_1970(now).as_secs_f64());
    event.set_step(i64::try_from(step).unwrap_or(i64::MAX));
    event
}

/// TensorBoard reads a folder's event files in the order of their names, and names begin with the second. So a new file
/// is given a later second than every other, also where two start in one second or a clock was set back.
fn create_file(folder: &Path, origin: &Origin, now: SystemTime) -> Result<Appender, RecordError> {
    let host: String =
        origin.host.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    let latest = latest_second(folder).map_err(|source| RecordError::Read { path: folder.to_owned(), source })?;
    let mut second = calendar::since_1970(now).as_secs().max(latest.map_or(0, |second| second.saturating_add(1)));
    loop {
        match Appender::create(&folder.join(format!("{PREFIX}{second:010}.{host}.{}.0", origin.process))) {
            Err(RecordError::Write { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {
                second = second.saturating_add(1);
            }
            settled => return settled,
        }
    }
}

/// The second in the name of the last event file of `folder`.
fn latest_second(folder: &Path) -> io::Result<Option<u64>> {
    let mut latest = None;
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let second = name.to_str().and_then(|name| name.strip_prefix(PREFIX)).and_then(|rest| rest.split('.').next());
        latest = latest.max(second.and_then(|second| second.parse().ok()));
    }
    Ok(latest)
}

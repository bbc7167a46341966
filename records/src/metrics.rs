//! `metrics.jsonl`: one JSON object a line.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use serde::Deserialize;

use super::append::Appender;
use super::{Record, RecordError, without_mark};
use crate::atomic;

/// Bytes at the end of a file among which its last line is looked for.
const TAIL: u64 = 1 << 18;

/// A line that was read from `metrics.jsonl`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct MetricsLine {
    /// Environment steps so far, over all workers.
    pub step: u64,
    /// Seconds of training so far, over all resumptions.
    pub seconds: f64,
    /// The numbers by name; nothing where a number was not finite.
    #[serde(flatten)]
    pub scalars: BTreeMap<String, Option<f64>>,
}

/// Reads the lines of a `metrics.jsonl`. A tail that is not a whole line, as a crash leaves it, is left out.
///
/// # Errors
/// If the file cannot be read, or a whole line of it is no record; the error names the line.
pub fn read_metrics(path: &Path) -> Result<Vec<MetricsLine>, RecordError> {
    let text = read(path)?;
    Ok(lines(&text, path, u64::MAX)?.into_iter().map(|(_, line)| line).collect())
}

/// Returns the last line of a `metrics.jsonl` that is whole, without reading what is long before it.
#[must_use]
pub fn last_metrics(path: &Path) -> Option<MetricsLine> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).ok()?;
    let mut text = Vec::new();
    file.read_to_end(&mut text).ok()?;
    text.rsplit(|byte| *byte == b'\n').find_map(|line| serde_json::from_slice(without_mark(line)).ok())
}

/// The file, while records are added to it.
#[derive(Debug)]
pub(super) struct MetricsFile {
    file: Appender,
    /// Seconds of training at the last line that was there when it was opened.
    seconds: f64,
}

impl MetricsFile {
    /// Begins a file, which must not exist.
    pub fn create(path: &Path) -> Result<MetricsFile, RecordError> {
        Ok(MetricsFile { file: Appender::create(path)?, seconds: 0.0 })
    }

    /// Goes on with a file after `step`, and returns the lines that are there: those of later steps are removed, and so
    /// is a torn tail.
    ///
    /// The remaining lines replace the file in one go, so that no interruption can lose them. A link is replaced by a
    /// file: what it leads to is not written.
    pub fn resume(path: &Path, step: u64) -> Result<(MetricsFile, Vec<MetricsLine>), RecordError> {
        let mut earlier = Vec::new();
        if path.exists() {
            let text = read(path)?;
            let mut kept = Vec::with_capacity(text.len());
            for (line, said) in lines(&text, path, step)? {
                kept.extend_from_slice(line);
                kept.push(b'\n');
                earlier.push(said);
            }
            if kept != text || path.is_symlink() {
                let failed = |source| RecordError::Write { path: path.to_owned(), source };
                atomic::write(path, &kept).map_err(failed)?;
            }
        }
        let seconds = earlier.last().map_or(0.0, |line: &MetricsLine| line.seconds);
        Ok((MetricsFile { file: Appender::extend(path)?, seconds }, earlier))
    }

    /// Seconds of training at the last line that was there when the file was opened.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Appends a record as one line. A record that could not be read again is refused.
    pub fn append(&mut self, record: &Record) -> Result<(), RecordError> {
        if let Some(name) = record.misnamed() {
            let reason = format!("`{name}` is the name of something else in it");
            return Err(RecordError::Encode { path: self.file.path().to_owned(), reason });
        }
        self.file.append(format!("{}\n", record.to_json()).as_bytes())
    }

    /// Waits until everything is on the disk.
    pub fn sync(&self) -> Result<(), RecordError> {
        self.file.sync()
    }
}

fn read(path: &Path) -> Result<Vec<u8>, RecordError> {
    fs::read(path).map_err(|source: io::Error| RecordError::Read { path: path.to_owned(), source })
}

/// The lines up to `last_step`, as bytes and as what they say.
///
/// Lines that cannot be understood are left out at the end, where a crash or a loss of power leaves them; before a line
/// that is kept they are an error, because something else must have happened to the file. That the last line has no end
/// does not matter: its closing brace tells that it is whole.
fn lines<'a>(text: &'a [u8], path: &Path, last_step: u64) -> Result<Vec<(&'a [u8], MetricsLine)>, RecordError> {
    let mut kept = Vec::new();
    let mut bad: Option<(usize, serde_json::Error)> = None;
    for (number, bytes) in (1..).zip(without_mark(text).split(|byte| *byte == b'\n')) {
        if bytes.is_empty() {
            continue; // after the last end of a line
        }
        match serde_json::from_slice::<MetricsLine>(bytes) {
            Ok(line) if line.step > last_step => break,
            Ok(line) => match bad.take() {
                None => kept.push((bytes, line)),
                Some((line, error)) => {
                    return Err(RecordError::Damaged { path: path.to_owned(), line, reason: error.to_string() });
                }
            },
            Err(error) => {
                bad.get_or_insert((number, error));
            }
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(step: u64) -> Record {
        let success = 1.0 / (step as f64 + 3.0);
        Record::at(step, step as f64 / 7.0).with("charts/success", success).with("losses/entropy", f64::NAN)
    }

    fn written(path: &Path, steps: &[u64]) -> String {
        let _ = fs::remove_file(path);
        let mut file = MetricsFile::create(path).unwrap();
        steps.iter().for_each(|step| file.append(&record(*step)).unwrap());
        file.sync().unwrap();
        fs::read_to_string(path).unwrap()
    }

    fn resumed(path: &Path, step: u64) -> String {
        drop(MetricsFile::resume(path, step).unwrap());
        fs::read_to_string(path).unwrap()
    }

    #[test]
    fn numbers_come_back_exactly() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        let steps: Vec<u64> = (0..1000).map(|n| n * 1280).collect();
        written(&path, &steps);
        let lines = read_metrics(&path).unwrap();
        assert_eq!(lines.len(), steps.len());
        for (line, step) in lines.iter().zip(steps) {
            let record = record(step);
            assert_eq!((line.step, line.seconds), (record.step, record.seconds));
            assert_eq!(line.scalars["charts/success"], record.get("charts/success"));
            assert_eq!(line.scalars["losses/entropy"], None);
            assert_eq!(line.scalars.len(), 2);
        }
    }

    #[test]
    fn a_record_that_could_not_be_read_again_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        let mut file = MetricsFile::create(&path).unwrap();
        for name in ["step", "seconds", "charts/success"] {
            let error = file.append(&record(10).with(name, 1.0)).unwrap_err();
            assert!(matches!(&error, RecordError::Encode { reason, .. } if reason.contains(name)), "{error}");
        }
        file.append(&record(20)).unwrap();
        assert_eq!(read_metrics(&path).unwrap().len(), 1);
    }

    #[test]
    fn the_last_line_is_found_behind_many_and_before_a_torn_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        assert_eq!(last_metrics(&path), None);
        let text = written(&path, &(0..5000).collect::<Vec<u64>>());
        assert!(text.len() as u64 > TAIL);
        for torn in ["", "{\"step\":5"] {
            fs::write(&path, text.clone() + torn).unwrap();
            assert_eq!(last_metrics(&path).map(|line| line.step), Some(4999));
        }
    }

    #[test]
    fn resuming_drops_later_steps_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        for (checkpoint, kept) in [(0, 0), (10, 1), (25, 2), (30, 3), (99, 3)] {
            written(&path, &[10, 20, 30]);
            let expected = written(&folder.path().join("expected"), &[10, 20, 30][..kept]);
            assert_eq!(resumed(&path, checkpoint), expected);
        }
        written(&path, &[10, 20, 30]);
        let (mut file, earlier) = MetricsFile::resume(&path, 20).unwrap();
        assert_eq!(earlier.iter().map(|line| line.step).collect::<Vec<_>>(), [10, 20]);
        assert_eq!(file.seconds(), record(20).seconds);
        file.append(&record(25)).unwrap();
        let steps: Vec<u64> = read_metrics(&path).unwrap().iter().map(|line| line.step).collect();
        assert_eq!(steps, [10, 20, 25]);
    }

    #[test]
    fn a_torn_line_is_dropped_wherever_it_is_torn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        let two = written(&path, &[10, 20]);
        let three = written(&path, &[10, 20, 30]);
        assert!(three.len() - two.len() > 10);
        for length in two.len()..three.len() - 1 {
            fs::write(&path, &three[..length]).unwrap();
            assert_eq!(read_metrics(&path).unwrap().len(), 2);
            assert_eq!(resumed(&path, 99), two);
        }
        fs::write(&path, &three[..three.len() - 1]).unwrap();
        assert_eq!(resumed(&path, 99), three, "only the end of the last line is missing");
        fs::write(&path, format!("\u{feff}{two}")).unwrap();
        assert_eq!(
            (last_metrics(&path).map(|line| line.step), resumed(&path, 99)),
            (Some(20), two.clone()),
            "an editor"
        );
        fs::write(&path, [two.as_bytes(), &[0; 50], b"\n", &[0; 9]].concat()).unwrap();
        assert_eq!(resumed(&path, 99), two, "a loss of power leaves zeros");
    }

    #[test]
    fn damage_before_a_good_line_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.jsonl");
        let good = written(&path, &[10, 20, 30]);
        let damaged = good.replacen("\"step\":20", "\"step\":-2", 1);
        fs::write(&path, &damaged).unwrap();
        let error = MetricsFile::resume(&path, 30).unwrap_err();
        assert!(matches!(error, RecordError::Damaged { line: 2, .. }), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged, "nothing is touched");
        assert_eq!(resumed(&path, 10).lines().count(), 1, "what is cut off anyway may be damaged");
    }
}

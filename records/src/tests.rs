//! The recorder as a whole; event files are read back by a reader written from the formats' definitions.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use super::*;

/// CRC-32C by its definition, bit by bit.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0x82F6_3B78 } else { crc >> 1 })
    })
}

/// TFRecord's masked checksum.
fn masked(bytes: &[u8]) -> u32 {
    crc32c(bytes).rotate_right(15).wrapping_add(0xA282_EAD8)
}

/// The parts of an event that the tests need.
#[derive(Debug, Default, PartialEq)]
struct Event {
    wall_time: f64,
    step: u64,
    version: Option<String>,
    session: Option<u64>,
    scalars: Vec<(String, f32)>,
}

/// A field of a Protocol Buffers message: its number and its contents.
#[derive(Debug)]
enum Field<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(&'a [u8]),
    Fixed32([u8; 4]),
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..).step_by(7) {
        let (first, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        number |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            break;
        }
    }
    number
}

fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let field = match key & 7 {
            0 => Field::Varint(varint(&mut bytes)),
            1 => Field::Fixed64(bytes.split_off(..8).unwrap().try_into().unwrap()),
            2 => {
                let length = varint(&mut bytes) as usize;
                Field::Bytes(bytes.split_off(..length).unwrap())
            }
            5 => Field::Fixed32(bytes.split_off(..4).unwrap().try_into().unwrap()),
            other => panic!("wire type {other}"),
        };
        fields.push((key >> 3, field));
    }
    fields
}

fn scalar(bytes: &[u8]) -> (String, f32) {
    let (mut tag, mut number) = (String::new(), f32::INFINITY);
    for field in fields(bytes) {
        match field {
            (1, Field::Bytes(bytes)) => tag = String::from_utf8(bytes.to_vec()).unwrap(),
            (2, Field::Fixed32(bytes)) => number = f32::from_le_bytes(bytes),
            other => panic!("{other:?}"),
        }
    }
    (tag, number)
}

fn event(bytes: &[u8]) -> Event {
    let mut event = Event::default();
    for field in fields(bytes) {
        match field {
            (1, Field::Fixed64(bytes)) => event.wall_time = f64::from_le_bytes(bytes),
            (2, Field::Varint(step)) => event.step = step,
            (3, Field::Bytes(bytes)) => event.version = Some(String::from_utf8(bytes.to_vec()).unwrap()),
            (5, Field::Bytes(summary)) => {
                event.scalars = fields(summary)
                    .into_iter()
                    .map(|value| match value {
                        (1, Field::Bytes(bytes)) => scalar(bytes),
                        other => panic!("{other:?}"),
                    })
                    .collect();
            }
            (7, Field::Bytes(log)) => match fields(log)[..] {
                [(1, Field::Varint(status))] => event.session = Some(status),
                ref other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }
    event
}

/// The events of a file: length, its checksum, contents, their checksum, over and over.
fn events(path: &Path) -> Vec<Event> {
    let file = fs::read(path).unwrap();
    let mut rest = &file[..];
    let mut events = Vec::new();
    while !rest.is_empty() {
        let length = rest.split_off(..8).unwrap();
        assert_eq!(rest.split_off(..4).unwrap(), masked(length).to_le_bytes());
        let contents = rest.split_off(..u64::from_le_bytes(length.try_into().unwrap()) as usize).unwrap();
        assert_eq!(rest.split_off(..4).unwrap(), masked(contents).to_le_bytes());
        events.push(event(contents));
    }
    events
}

fn event_files(run: &RunFolder) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(run.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("events.out.tfevents."))
        .collect();
    names.sort();
    names
}

fn noon(seconds_after: f64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_435_200) + Duration::from_secs_f64(seconds_after)
}

fn run(runs: &Path) -> RunFolder {
    let (run, lock) = RunFolder::create(runs, None, "TimedArrival-v1", "lstm", 7, noon(0.0)).unwrap();
    lock.keep();
    run
}

fn open(run: &RunFolder, beginning: Beginning, now: SystemTime) -> Result<Recorder, RecordError> {
    let origin = Origin { host: "a.host/name".to_owned(), process: 42 };
    Recorder::open(run, beginning, &origin, Nobody, now)
}

fn record(step: u64) -> Record {
    Record::at(step, step as f64 / 8.0).with("charts/success", 0.1).with("eval/success_T05", f64::NAN)
}

fn steps(run: &RunFolder) -> Vec<u64> {
    read_metrics(&run.metrics()).unwrap().iter().map(|line| line.step).collect()
}

#[test]
fn checksums_have_their_known_values() {
    assert_eq!(crc32c(b"123456789"), 0xE306_9283);
    // From RFC 3720, B.4.
    assert_eq!(crc32c(&[0; 32]), 0x8A91_36AA);
    assert_eq!(crc32c(&[0xff; 32]), 0x62A8_AB43);
    assert_eq!(masked(b"123456789"), tensorboard_rs::masked_crc32c::masked_crc32c(b"123456789"));
}

#[test]
fn a_record_reaches_both_files() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path());
    let mut recorder = open(&run, Beginning::Fresh, noon(0.0)).unwrap();
    recorder.record(&record(1 << 40), noon(1.5)).unwrap();
    // Not finished, and not even dropped: everything is there.
    assert_eq!(steps(&run), [1 << 40]);
    assert_eq!(event_files(&run), ["events.out.tfevents.1795435200.a_host_name.42.0"]);
    let events = events(&run.path().join(&event_files(&run)[0]));
    assert_eq!(events.len(), 2);
    let version = Some("brain.Event:2".to_owned());
    assert_eq!(events[0], Event { wall_time: 1_795_435_200.0, version, ..Event::default() });
    assert_eq!((events[1].wall_time, events[1].step), (1_795_435_201.5, 1 << 40));
    assert_eq!(events[1].scalars[0], ("charts/success".to_owned(), 0.1));
    assert_eq!(events[1].scalars[1].0, "eval/success_T05");
    assert!(events[1].scalars[1].1.is_nan());
    assert_eq!(events[1].scalars.len(), 2);
    recorder.finish().unwrap();
}

#[test]
fn a_resumed_run_forgets_what_came_after_the_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path());
    let mut recorder = open(&run, Beginning::Fresh, noon(0.0)).unwrap();
    [10, 20, 30].iter().for_each(|step| recorder.record(&record(*step), noon(0.0)).unwrap());
    drop(recorder);
    let mut recorder = open(&run, Beginning::Resumed { step: 20 }, noon(60.0)).unwrap();
    assert_eq!(steps(&run), [10, 20]);
    recorder.record(&record(28), noon(61.0)).unwrap();
    recorder.finish().unwrap();
    assert_eq!(steps(&run), [10, 20, 28]);

    let files = event_files(&run);
    assert_eq!(files.len(), 2);
    let events = events(&run.path().join(&files[1]));
    assert_eq!(events.len(), 3);
    // TensorBoard discards steps from this event's on, so 20 stays.
    assert_eq!((events[1].session, events[1].step), (Some(1), 21));
    assert_eq!(events[2].step, 28);
}

#[test]
fn event_files_never_meet_and_stay_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path());
    drop(open(&run, Beginning::Fresh, noon(0.0)).unwrap());
    let mut files = event_files(&run);
    assert_eq!(files.len(), 1);
    for (number, seconds) in [0.0, 0.5, 100.0].into_iter().enumerate() {
        drop(open(&run, Beginning::Resumed { step: 0 }, noon(seconds)).unwrap());
        let now = event_files(&run);
        assert_eq!(now[..=number], files, "a new file is the last one");
        assert_eq!(now.len(), number + 2);
        files = now;
    }
    drop(open(&run, Beginning::Resumed { step: 0 }, SystemTime::UNIX_EPOCH).unwrap());
    assert_eq!(event_files(&run)[..4], files, "also when the clock was set back");
}

#[test]
fn a_fresh_recorder_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path());
    drop(open(&run, Beginning::Fresh, noon(0.0)).unwrap());
    let error = open(&run, Beginning::Fresh, noon(0.0)).unwrap_err();
    assert!(matches!(error, RecordError::Write { path, .. } if path == run.metrics()));
}

#[test]
fn a_folder_that_is_gone_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path());
    fs::remove_dir_all(run.path()).unwrap();
    for beginning in [Beginning::Fresh, Beginning::Resumed { step: 1 }] {
        let error = open(&run, beginning, noon(0.0)).unwrap_err();
        assert!(error.to_string().contains("metrics.jsonl"), "{error}");
    }
}

/// Listener that keeps a few letters of all that it is told.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn note(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }
}

impl Listener for Heard {
    fn remember(&mut self, line: &MetricsLine) {
        self.note(format!("remember {}", line.step));
    }
    fn record(&mut self, record: &Record, _now: SystemTime) {
        self.note(format!("record {}", record.step));
    }
    fn advance(&mut self, step: u64) {
        self.note(format!("advance {step}"));
    }
    fn rewind(&mut self, step: u64) {
        self.note(format!("rewind {step}"));
    }
    fn warn(&mut self, text: &str) {
        self.note(format!("warn {text}"));
    }
    fn news(&mut self, text: &str) {
        self.note(format!("news {text}"));
    }
    fn finish(&mut self) {
        self.note("finish".to_owned());
    }
}

#[test]
fn a_listener_hears_what_was_recorded_before_and_everything_since() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(folder.path());
    let mut recorder = open(&run, Beginning::Fresh, noon(0.0)).unwrap();
    [10, 20, 30].iter().for_each(|step| recorder.record(&record(*step), noon(0.0)).unwrap());
    drop(recorder);
    let (heard, origin) = (Heard::default(), Origin { host: "host".to_owned(), process: 1 });
    let beginning = Beginning::Resumed { step: 20 };
    let mut recorder = Recorder::open(&run, beginning, &origin, heard.clone(), noon(60.0)).unwrap();
    recorder.advance(25);
    recorder.record(&record(28), noon(61.0)).unwrap();
    recorder.rewind(&run, 20, &origin, noon(62.0)).unwrap();
    recorder.news("back");
    recorder.warn("careful");
    recorder.finish().unwrap();
    let expected =
        ["remember 10", "remember 20", "advance 25", "record 28", "rewind 20", "news back", "warn careful", "finish"];
    assert_eq!(*heard.0.lock().unwrap(), expected);
}

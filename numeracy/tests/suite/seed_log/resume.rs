//! Going on from records: after an interrupt, with gaps, and from files that are damaged.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::run_context::RunContext;
use gridworld_numeracy::runner::Experiment;
use gridworld_numeracy::seed_log::{SeedLog, read_outcomes};
use gridworld_numeracy::tasks::static_arithmetic::{StaticArithmetic, StaticConfig};
use gridworld_numeracy::tasks::{Operation, Outcome};
use gridworld_records::{Listener, Nobody, RecordError, RunFolder, read_metrics};

use super::{STEPS, Square, Squares, folder, seeds, worked};

/// An addition unit that is told to stop as soon as a seed begins.
struct Interrupted<'a> {
    experiment: StaticArithmetic,
    at: Option<u64>,
    stop: &'a AtomicBool,
}

impl Experiment for Interrupted<'_> {
    type Outcome = Outcome;

    fn run(&self, seed: u64, watch: &RunContext<'_>) -> Option<Outcome> {
        self.stop.store(self.at == Some(seed), Ordering::Relaxed);
        self.experiment.run(seed, watch)
    }

    fn is_success(&self, outcome: &Outcome) -> bool {
        self.experiment.is_success(outcome)
    }

    fn scalars(&self, outcome: &Outcome) -> Vec<(&'static str, f64)> {
        self.experiment.scalars(outcome)
    }
}

/// Trains those of four seeds that are missing with so many workers; gives the number of seeds that are done.
fn trained(folder: &RunFolder, workers: usize, at: Option<u64>) -> usize {
    let stop = AtomicBool::new(false);
    let config = StaticConfig::published(Operation::Add, CellName::Nau, 3000);
    let experiment = Interrupted { experiment: StaticArithmetic::new(config), at, stop: &stop };
    let mut log = SeedLog::<Outcome>::open(folder, 3000, |_| Nobody).expect("records");
    log.work(&experiment, 4, Some(workers), &stop, || {}).expect("it works");
    log.finish().expect("it is on the disk").len()
}

fn lines(folder: &RunFolder) -> BTreeSet<String> {
    seeds(folder).lines().map(str::to_owned).collect()
}

#[test]
fn an_interrupted_experiment_comes_to_what_it_would_have_come_to() {
    let runs = tempfile::tempdir().expect("a folder");
    let [whole, parallel, parts] = ["whole", "parallel", "parts"].map(|name| folder(&runs.path().join(name)));
    assert_eq!(trained(&whole, 1, None), 4);
    assert_eq!(trained(&parallel, 3, None), 4);
    assert_eq!(trained(&parts, 1, Some(3)), 2);
    assert_eq!(seeds(&parts), seeds(&whole).split_inclusive('\n').take(2).collect::<String>());
    assert_eq!(trained(&parts, 2, None), 4);
    // To the last bit, whoever worked on a seed and whenever; the order alone may differ.
    assert_eq!(lines(&parallel), lines(&whole));
    assert_eq!(lines(&parts), lines(&whole));
    let steps = |folder: &RunFolder| -> Vec<u64> {
        read_metrics(&folder.metrics()).expect("metrics").iter().map(|line| line.step).collect()
    };
    assert_eq!(steps(&parts), [3000, 6000, 9000, 12_000], "records go on where they ended");
    assert_eq!(trained(&parts, 2, None), 4);
    assert_eq!(steps(&parts), steps(&whole), "what is done is not recorded again");
}

#[test]
fn missing_seeds_are_worked_on_wherever_they_are() {
    let runs = tempfile::tempdir().expect("a folder");
    let folder = folder(runs.path());
    let before = "{\"seed\":4,\"square\":16}\n{\"seed\":2,\"square\":400}\n";
    fs::write(folder.path().join("seeds.jsonl"), before).expect("seeds");
    assert_eq!(worked(&folder, 5, &Squares { never: None }), 3);
    // What is on record is believed.
    let after = "{\"seed\":1,\"square\":1}\n{\"seed\":3,\"square\":9}\n{\"seed\":5,\"square\":25}\n";
    assert_eq!(seeds(&folder), format!("{before}{after}"));
    let metrics = read_metrics(&folder.metrics()).expect("metrics");
    assert_eq!(metrics.iter().map(|line| line.step).collect::<Vec<_>>(), [150, 200, 250]);
    // Of three, four and five seeds, two are even squares.
    let shares: Vec<f64> = metrics.iter().filter_map(|line| line.scalars["charts/success"]).collect();
    assert_eq!(shares, [2.0 / 3.0, 2.0 / 4.0, 2.0 / 5.0]);
    // Fewer seeds than there are need nothing.
    assert_eq!(worked(&folder, 2, &Squares { never: None }), 0);
}

#[test]
fn progress_and_seconds_go_on_from_what_was_there() {
    struct Steps(Arc<Mutex<Vec<u64>>>);
    impl Listener for Steps {
        fn advance(&mut self, step: u64) {
            self.0.lock().expect("one thread").push(step);
        }
    }
    let runs = tempfile::tempdir().expect("a folder");
    let folder = folder(runs.path());
    worked(&folder, 3, &Squares { never: None });
    let steps = Arc::default();
    let mut begins = None;
    let mut log = SeedLog::<Square>::open(&folder, STEPS, |step| {
        begins = Some(step);
        Steps(Arc::clone(&steps))
    })
    .expect("records");
    assert_eq!(log.finished().keys().copied().collect::<Vec<_>>(), [1, 2, 3]);
    let earlier = read_metrics(&folder.metrics()).expect("metrics").last().map(|line| line.seconds);
    assert!(log.seconds() >= earlier.expect("three lines"));
    log.progress(0.5);
    log.progress(2.0);
    assert_eq!((begins, &**steps.lock().expect("one thread")), (Some(150), &[175, 250][..]));
}

#[test]
fn damaged_lines_are_refused_with_file_and_line_and_left_as_they_are() {
    let good = "{\"seed\":1,\"square\":1}\n";
    let damages: [(&[u8], usize); 8] = [
        (b"nonsense\n", 2),
        (b"\n", 2),
        (b"[2, 4]\n", 2),
        (b"{\"square\":4}\n", 2),
        (b"{\"seed\":-2,\"square\":4}\n", 2),
        (b"{\"seed\":2,\"square\":\"4\"}\n", 2),
        (b"{\"seed\":2,\"square\":4} {\"seed\":3,\"square\":9}\n", 2),
        (b"{\"seed\":2,\"square\":4}\n\xFF\xFE\n", 3),
    ];
    for (damage, expected) in damages {
        let runs = tempfile::tempdir().expect("a folder");
        let folder = folder(runs.path());
        let path = folder.path().join("seeds.jsonl");
        let text = [good.as_bytes(), damage, b"{\"seed\":9,\"square\":81}\n"].concat();
        fs::write(&path, &text).expect("a file");
        let open = SeedLog::<Square>::open(&folder, STEPS, |_| Nobody).map(drop);
        for result in [open, read_outcomes::<Square>(&folder).map(drop)] {
            let error = result.expect_err("a damaged line");
            let RecordError::Damaged { path: named, line, .. } = &error else { panic!("{error}") };
            assert_eq!((named, *line), (&path, expected), "{error}");
            assert!(error.to_string().contains("seeds.jsonl is damaged in line"), "{error}");
        }
        assert_eq!(fs::read(&path).expect("the file"), text);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let runs = tempfile::tempdir().expect("a folder");
    let folder = folder(runs.path());
    let path = folder.path().join("seeds.jsonl");
    fs::create_dir(&path).expect("a folder in its place");
    let error = read_outcomes::<Square>(&folder).expect_err("a folder is no file");
    assert!(matches!(&error, RecordError::Read { path: named, .. } if *named == path), "{error}");
    assert!(SeedLog::<Square>::open(&folder, STEPS, |_| Nobody).is_err());
}

#[test]
fn marks_of_editors_and_torn_lines_are_no_damage() {
    let runs = tempfile::tempdir().expect("a folder");
    let folder = folder(runs.path());
    let path = folder.path().join("seeds.jsonl");
    fs::write(&path, "\u{FEFF}{\"seed\":1,\"square\":1}\r\n{\"seed\":2,\"square\":4}").expect("a file");
    // The second line has all but its end: it may be half of a greater number.
    assert_eq!(read_outcomes::<Square>(&folder).expect("outcomes").keys().copied().collect::<Vec<_>>(), [1]);
    assert_eq!(worked(&folder, 2, &Squares { never: None }), 1);
    assert_eq!(seeds(&folder), "\u{FEFF}{\"seed\":1,\"square\":1}\r\n{\"seed\":2,\"square\":4}\n");
}

/// An experiment whose number is not finite.
struct Diverges;

impl Experiment for Diverges {
    type Outcome = Square;

    fn run(&self, seed: u64, _watch: &RunContext<'_>) -> Option<Square> {
        Some(Square { square: seed * seed })
    }

    fn is_success(&self, _outcome: &Square) -> bool {
        false
    }

    fn scalars(&self, outcome: &Square) -> Vec<(&'static str, f64)> {
        vec![("seeds/square", if outcome.square == 4 { f64::NAN } else { f64::INFINITY })]
    }
}

#[test]
fn a_number_that_diverged_is_recorded_once_as_none() {
    let runs = tempfile::tempdir().expect("a folder");
    let folder = folder(runs.path());
    let mut log = SeedLog::open(&folder, STEPS, |_| Nobody).expect("records");
    log.work(&Diverges, 3, Some(1), &AtomicBool::new(false), || {}).expect("it works");
    assert_eq!(log.finish().expect("it is on the disk").len(), 3);
    let metrics = read_metrics(&folder.metrics()).expect("metrics");
    let of = |name: &str| metrics.iter().map(|line| line.scalars[name]).collect::<Vec<_>>();
    assert_eq!(of("seeds/square"), [None; 3]);
    assert_eq!(of("charts/success"), [Some(0.0); 3]);
}

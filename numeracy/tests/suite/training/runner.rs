//! Workers, seen by an experiment that writes down what is asked of it.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use gridworld_numeracy::run_context::RunContext;
use gridworld_numeracy::runner::{CrewError, Event, Experiment, work};

/// An experiment in which the outcome of a seed is three times the seed.
#[derive(Default)]
struct Triples {
    /// Seeds that were begun, in their order.
    begun: Mutex<Vec<u64>>,
    /// Seed that tells its workers to stop, and then watches for it.
    stops: Option<u64>,
    stop: AtomicBool,
    /// Time that each seed takes.
    takes: Duration,
    /// Reports that were heard of a quarter of a seed, for which each seed waits where there is a count.
    heard: Option<AtomicU32>,
}

impl Experiment for Triples {
    type Outcome = u64;

    fn run(&self, seed: u64, watch: &RunContext<'_>) -> Option<u64> {
        self.begun.lock().expect("no worker panics").push(seed);
        if self.stops == Some(seed) {
            self.stop.store(true, Ordering::Relaxed);
        }
        let goes_on = watch.goes_on(0.25);
        std::thread::sleep(self.takes);
        let asked = Instant::now();
        while self.heard.as_ref().is_some_and(|heard| u64::from(heard.load(Ordering::Relaxed)) < seed) {
            assert!(asked.elapsed() < Duration::from_secs(60), "a quarter of seed {seed} is not reported");
            std::thread::sleep(Duration::from_millis(2));
        }
        goes_on.then_some(3 * seed)
    }

    fn is_success(&self, _outcome: &u64) -> bool {
        true
    }

    fn scalars(&self, _outcome: &u64) -> Vec<(&'static str, f64)> {
        Vec::new()
    }
}

/// Works on seeds; gives those that are done with their outcomes, in the order in which they finished, and all reports of progress.
fn worked(experiment: &Triples, seeds: &[u64], workers: usize) -> (Vec<(u64, u64)>, Vec<f64>) {
    let (mut finished, mut progress) = (Vec::new(), Vec::new());
    let listen = |event| {
        match event {
            Event::Finished { seed, outcome } => finished.push((seed, outcome)),
            Event::Progress(done) => {
                progress.push(done);
                let quarter = (done.fract() - 0.25).abs() < 1e-6;
                if let Some(heard) = experiment.heard.as_ref().filter(|_| quarter) {
                    heard.fetch_add(1, Ordering::Relaxed);
                }
            }
            other => panic!("{other:?}"),
        }
        Ok::<(), Infallible>(())
    };
    work(experiment, seeds, workers, &experiment.stop, listen).expect("nothing can fail");
    (finished, progress)
}

#[test]
fn each_seed_is_begun_once_and_told_once_by_any_number_of_workers() {
    let seeds = [9, 2, 7, 4, 30, 1];
    for workers in [0, 1, 2, 5, 6, 40] {
        let experiment = Triples::default();
        let (finished, _) = worked(&experiment, &seeds, workers);
        let told: BTreeSet<(u64, u64)> = finished.iter().copied().collect();
        assert_eq!(told, seeds.map(|seed| (seed, 3 * seed)).into(), "{workers}");
        assert_eq!(finished.len(), seeds.len(), "{workers}");
        let begun = experiment.begun.lock().expect("no worker panics");
        assert_eq!(begun.len(), seeds.len(), "{workers}");
        // One worker takes them as they are given, and no workers are one.
        assert!(workers > 1 || *begun == seeds, "{begun:?}");
    }
    assert_eq!(worked(&Triples::default(), &[], 3), (Vec::new(), Vec::new()), "no seeds, no news");
}

#[test]
fn progress_counts_seeds_that_are_done_and_parts_of_those_that_are_not() {
    let experiment = Triples { heard: Some(AtomicU32::new(0)), ..Triples::default() };
    let (finished, progress) = worked(&experiment, &[1, 2], 1);
    assert_eq!(finished, [(1, 3), (2, 6)]);
    for quarter in [0.25, 1.25] {
        assert!(progress.iter().any(|done| (done - quarter).abs() < 1e-6), "{progress:?}");
    }
    assert!(progress.iter().all(|done| (0.0..=2.0).contains(done)), "{progress:?}");
}

#[test]
fn no_seed_is_begun_after_workers_were_told_to_stop() {
    let experiment = Triples { stops: Some(3), ..Triples::default() };
    let (finished, _) = worked(&experiment, &[1, 2, 3, 4, 5], 1);
    // The third saw it in the middle, and came to nothing.
    assert_eq!(finished, [(1, 3), (2, 6)]);
    assert_eq!(*experiment.begun.lock().expect("no worker panics"), [1, 2, 3]);
}

#[test]
fn a_listener_that_fails_ends_the_work() {
    let experiment = Triples { takes: Duration::from_millis(5), ..Triples::default() };
    let mut told = 0;
    let result = work(&experiment, &(1..=2000).collect::<Vec<_>>(), 2, &experiment.stop, |event| {
        told += u32::from(matches!(event, Event::Finished { .. }));
        if told == 3 { Err("the disk is full") } else { Ok(()) }
    });
    assert!(matches!(result, Err(CrewError::Listener("the disk is full"))), "{result:?}");
    assert_eq!(told, 3, "and hears nothing more");
    assert!(experiment.begun.lock().expect("no worker panics").len() < 2000);
    assert!(!experiment.stop.load(Ordering::Relaxed), "others who share the flag go on");
}

#[test]
fn a_share_is_stored_and_the_flag_heeded() {
    let (stop, done) = (AtomicBool::new(false), AtomicU32::new(7));
    let watch = RunContext::new(&stop, &done);
    for (share, parts) in [(0.0, 0), (0.5, 500_000_000), (1.0, 1_000_000_000)] {
        assert!(watch.goes_on(share));
        assert_eq!(done.load(Ordering::Relaxed), parts);
    }
    stop.store(true, Ordering::Relaxed);
    assert!(!watch.goes_on(0.25));
    assert_eq!(done.load(Ordering::Relaxed), 250_000_000, "how far it came is known");
}

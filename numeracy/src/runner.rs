//! Work on many seeds in parallel.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::run_context::{RunContext, share};

/// Work that is done once for each seed.
pub trait Experiment: Sync {
    /// Result of a seed: a function of the experiment and the seed alone.
    type Outcome: Serialize + DeserializeOwned + Send;

    /// [Trains](crate::training::train) a seed; nothing where `watch` said that it is not to go on.
    fn run(&self, seed: u64, watch: &RunContext<'_>) -> Option<Self::Outcome>;

    /// Tells if a seed is solved.
    fn is_success(&self, outcome: &Self::Outcome) -> bool;

    /// Gives the numbers of a seed, by their names in the records: those of [`metrics`](crate::metrics), or names of
    /// its own.
    fn scalars(&self, outcome: &Self::Outcome) -> Vec<(&'static str, f64)>;
}

/// News from the work on seeds.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<O> {
    /// Progress: the number of seeds that are done, parts of seeds included.
    Progress(f64),
    /// A seed is done.
    Finished {
        /// Seed that is done.
        seed: u64,
        /// Outcome of the seed.
        outcome: O,
    },
}

/// Reason for which the work ended before it was done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CrewError<F> {
    /// The system did not give a thread to a worker. No seed was worked on.
    #[error(
        "cannot start the thread of worker {worker} of {workers}: {source}; use fewer --workers, or let the system give \
         more threads (ulimit -u, or a container's limit)"
    )]
    Thread {
        /// Number of the worker, counted from 1.
        worker: usize,
        /// Number of workers that were to be started.
        workers: usize,
        /// Error of the system.
        source: std::io::Error,
    },
    /// The listener failed.
    #[error("{0}")]
    Listener(F),
}

/// Interval between two reports of progress while no seed is done.
const TICK: Duration = Duration::from_millis(200);

/// Works on `seeds` with so many threads, and tells `listen` what happens, on this thread. Ends when all are done, when
/// `stop` is set, when a thread cannot be started, or when `listen` fails. The outcomes are the same with any number of
/// threads; the order in which they are told is not.
///
/// # Errors
/// If the system gives a worker no thread, before any seed is worked on, or if `listen` fails, with its error.
pub fn work<E: Experiment, F>(
    experiment: &E,
    seeds: &[u64],
    workers: usize,
    stop: &AtomicBool,
    mut listen: impl FnMut(Event<E::Outcome>) -> Result<(), F>,
) -> Result<(), CrewError<F>> {
    let workers = workers.clamp(1, seeds.len().max(1));
    let next = AtomicUsize::new(0);
    let shares: Vec<AtomicU32> = (0..workers).map(|_| AtomicU32::new(0)).collect();
    // A failure stops these workers, and nothing else.
    let failed = AtomicBool::new(false);
    // None begins before all have a thread: where the system gives too few, nothing is worked on.
    let start = Mutex::new(());
    std::thread::scope(|scope| {
        let (send, receive) = channel();
        let waiting = locked(&start);
        for (worker, done) in (1..).zip(&shares) {
            let (send, next, failed, start) = (send.clone(), &next, &failed, &start);
            let thread = move || {
                drop(locked(start));
                let watch = RunContext::new(stop, done);
                while let Some(&seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if stop.load(Ordering::Relaxed) || failed.load(Ordering::Relaxed) {
                        break;
                    }
                    let Some(outcome) = experiment.run(seed, &watch) else { break };
                    done.store(0, Ordering::Relaxed);
                    if send.send((seed, outcome)).is_err() {
                        break;
                    }
                }
            };
            let started = std::thread::Builder::new().spawn_scoped(scope, thread);
            started.map_err(|source| {
                failed.store(true, Ordering::Relaxed);
                CrewError::Thread { worker, workers, source }
            })?;
        }
        drop((waiting, send));
        let mut finished = 0;
        loop {
            let news = match receive.recv_timeout(TICK) {
                Ok((seed, outcome)) => {
                    finished += 1;
                    Event::Finished { seed, outcome }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let parts: f64 = shares.iter().map(share).sum();
                    Event::Progress(f64::from(finished) + parts)
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            };
            if let Err(failure) = listen(news) {
                failed.store(true, Ordering::Relaxed);
                return Err(CrewError::Listener(failure));
            }
        }
    })
}

fn locked(start: &Mutex<()>) -> MutexGuard<'_, ()> {
    start.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives the outcome of one seed.
#[cfg(test)]
pub(crate) fn outcome_of<E: Experiment>(experiment: &E, seed: u64) -> E::Outcome {
    let (stop, done) = (AtomicBool::new(false), AtomicU32::new(0));
    experiment.run(seed, &RunContext::new(&stop, &done)).expect("nobody stops it")
}

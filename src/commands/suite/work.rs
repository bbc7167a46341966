//! The processes of a suite, side by side.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gridworld_terminal::Glyphs;
use gridworld_terminal::output::numbers::duration;
use gridworld_terminal::program::message::tell;
use gridworld_terminal::program::{CliError, interrupt};
use indicatif::{ProgressBar, ProgressStyle};

use super::job::{Job, Process, Stage};
use super::plan::Plan;

/// Time between two looks at the processes.
const TICK: Duration = Duration::from_millis(100);

/// Number of ticks between two looks at the steps of the trainings.
const TICKS_OF_DISPLAY: u64 = 10;

/// Does what is left of `jobs`, and gives a line for each that failed. One that cannot be started has failed, and the
/// others go on; for one that another process is at work on, the rest goes first.
pub fn work(plan: &Plan, jobs: Vec<Job>, places: usize) -> Result<Vec<String>, CliError> {
    let interrupt = interrupt::listen()?;
    let mut display = Display::new(&jobs);
    let mut failed = Vec::new();
    let mut waiting: VecDeque<Job> = jobs.into();
    let mut running: Vec<Process> = Vec::new();
    let mut ticks = 0;
    loop {
        let mut busy = VecDeque::new();
        while running.len() < places && !interrupt.load(Ordering::Relaxed) {
            let Some(job) = waiting.pop_front() else { break };
            match job.stage() {
                Err(reason) => failed.push(format!("{}: {reason}", job.name())),
                Ok(Stage::Done) => display.finished(&job),
                Ok(Stage::Busy) => busy.push_back(job),
                Ok(stage) => match Process::start(&job, stage, &plan.train, &plan.evaluate) {
                    Ok(process) => {
                        display.worked_on.insert(process.job.name());
                        running.push(process);
                    }
                    Err(reason) => failed.push(format!("{}: {reason}", job.name())),
                },
            }
        }
        waiting.extend(display.waits_for(busy));
        if running.is_empty() && (waiting.is_empty() || interrupt.load(Ordering::Relaxed)) {
            break;
        }
        await_some(&mut running, interrupt, |mut process, ending| match ending {
            Ok(()) if process.is_stuck() => failed.push(format!("{}: {}", process.job.name(), process.last_words())),
            // Whatever is left of it comes next.
            Ok(()) => waiting.push_front(process.job),
            Err(_) if interrupt.load(Ordering::Relaxed) => {}
            Err(reason) => failed.push(format!("{}: {reason}", process.job.name())),
        });
        if ticks % TICKS_OF_DISPLAY == 0 {
            display.show(&running);
        }
        ticks += 1;
    }
    display.close();
    if interrupt.load(Ordering::Relaxed) {
        return Err(CliError::Interrupted("all runs are saved; rerun the same command to resume them".to_owned()));
    }
    Ok(failed)
}

/// Waits a tick, and hands over each process that has ended, with how it did.
fn await_some(
    running: &mut Vec<Process>,
    interrupt: &AtomicBool,
    mut hand_over: impl FnMut(Process, Result<(), String>),
) {
    std::thread::sleep(TICK);
    if interrupt.load(Ordering::Relaxed) {
        running.iter_mut().for_each(Process::interrupt);
    }
    for mut process in std::mem::take(running) {
        match process.ended() {
            Some(ending) => hand_over(process, ending),
            None => running.push(process),
        }
    }
}

/// Display of a suite: one bar for all trainings on a terminal; else a line for each that is finished.
struct Display {
    bar: ProgressBar,
    /// The runs of which was said that another process trains there.
    busy: HashSet<String>,
    /// The runs that this process has worked on and that are not finished.
    worked_on: HashSet<String>,
    /// Environment steps of the finished runs that this process has worked on.
    worked: u64,
    started: Instant,
    /// Number of finished runs, and of all.
    count: usize,
    all: usize,
}

impl Display {
    fn new(jobs: &[Job]) -> Display {
        let bar = ProgressBar::new(jobs.iter().map(|job| job.length).sum());
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {elapsed} so far, {eta} left  {wide_msg}");
        bar.set_style(style.expect("the template is valid").progress_chars(Glyphs::detect().bar()));
        Display {
            bar,
            busy: HashSet::new(),
            worked_on: HashSet::new(),
            worked: 0,
            started: Instant::now(),
            count: 0,
            all: jobs.len(),
        }
    }

    fn finished(&mut self, job: &Job) {
        self.bar.inc(job.length);
        self.count += 1;
        if !self.worked_on.remove(&job.name()) {
            return self.say(&format!("{}: already finished ({} of {})", job.name(), self.count, self.all));
        }
        self.worked += job.length;
        let left = self.bar.length().unwrap_or(0).saturating_sub(self.bar.position());
        let left = duration(self.started.elapsed().as_secs_f64() / self.worked as f64 * left as f64);
        self.say(&format!("{}: finished ({} of {}, about {left} left)", job.name(), self.count, self.all));
    }

    /// Says once of each of these that another process is at work on it, and gives them back.
    fn waits_for(&mut self, jobs: VecDeque<Job>) -> VecDeque<Job> {
        for job in &jobs {
            if self.busy.insert(job.name()) {
                self.say(&format!("{}: another process is training it; waiting for that to end", job.name()));
            }
        }
        jobs
    }

    fn say(&self, line: &str) {
        if self.bar.is_hidden() { tell(line) } else { self.bar.println(line) }
    }

    fn show(&self, running: &[Process]) {
        let states = running.iter().map(|process| format!("{} at {}k", process.job.name(), process.job.steps() / 1000));
        self.bar.set_message(states.collect::<Vec<_>>().join(", "));
        self.bar.tick();
    }

    fn close(&self) {
        self.bar.finish_and_clear();
    }
}

//! The processes of a suite, side by side.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gridworld_agents::records::Glyphs;
use indicatif::{ProgressBar, ProgressStyle};

use super::job::{Job, Process, Stage};
use super::plan::Plan;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::tell;

/// How often the processes are looked at.
const TICK: Duration = Duration::from_millis(100);

/// How many ticks lie between two looks at how far the trainings are.
const TICKS_OF_DISPLAY: u64 = 10;

/// Does what is left of `jobs`, and gives a line for each that failed.
pub fn work(plan: &Plan, jobs: Vec<Job>, places: usize) -> Result<Vec<String>, Failure> {
    let interrupt = interrupt::listen()?;
    let display = Display::new(plan, &jobs);
    let mut failed = Vec::new();
    let mut waiting: VecDeque<Job> = jobs.into();
    let mut running: Vec<Process> = Vec::new();
    let mut ticks = 0;
    loop {
        while running.len() < places && !interrupt.load(Ordering::Relaxed) {
            let Some(job) = waiting.pop_front() else { break };
            match job.stage() {
                Err(reason) => failed.push(format!("{}: {reason}", job.name())),
                Ok(Stage::Done) => display.finished(&job),
                Ok(stage) => {
                    let process = Process::start(&job, stage, &plan.train, &plan.evaluate);
                    running
                        .push(process.map_err(|error| Failure::failed(format!("cannot start a training: {error}")))?);
                }
            }
        }
        if running.is_empty() {
            break;
        }
        await_some(&mut running, interrupt, |mut process, well| {
            match well {
                // Whatever is left of it comes next.
                true => waiting.push_front(process.job),
                false if interrupt.load(Ordering::Relaxed) => {}
                false => failed.push(format!("{}: {}", process.job.name(), process.last_words())),
            }
        })?;
        if ticks % TICKS_OF_DISPLAY == 0 {
            display.show(&running);
        }
        ticks += 1;
    }
    display.close();
    if interrupt.load(Ordering::Relaxed) {
        return Err(Failure::Interrupted("all trainings are saved; the same command goes on with them".to_owned()));
    }
    Ok(failed)
}

/// Waits a tick, and hands over each process that has ended, with whether it ended well.
fn await_some(
    running: &mut Vec<Process>,
    interrupt: &AtomicBool,
    mut hand_over: impl FnMut(Process, bool),
) -> Result<(), Failure> {
    std::thread::sleep(TICK);
    if interrupt.load(Ordering::Relaxed) {
        running.iter_mut().for_each(Process::interrupt);
    }
    for mut process in std::mem::take(running) {
        match process.ended().map_err(|error| Failure::failed(format!("cannot wait for a training: {error}")))? {
            Some(status) => hand_over(process, status.success()),
            None => running.push(process),
        }
    }
    Ok(())
}

/// One bar for all trainings on a terminal; else a line for each that is finished.
struct Display<'a> {
    bar: ProgressBar,
    plan: &'a Plan,
}

impl<'a> Display<'a> {
    fn new(plan: &'a Plan, jobs: &[Job]) -> Display<'a> {
        let bar = ProgressBar::new(jobs.iter().map(|job| plan.steps(&job.variant)).sum());
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {elapsed} + {eta}  {wide_msg}");
        bar.set_style(style.expect("the template is valid").progress_chars(Glyphs::detect().bar()));
        Display { bar, plan }
    }

    fn finished(&self, job: &Job) {
        self.bar.inc(self.plan.steps(&job.variant));
        let line = format!("{}: finished", job.name());
        if self.bar.is_hidden() { tell(&line) } else { self.bar.println(line) }
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

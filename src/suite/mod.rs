//! `gridworld suite`: many trainings side by side, each evaluated, and one table of all.

mod job;
mod lock;
mod summary;

use std::collections::VecDeque;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use gridworld_agents::config::{AgentName, Config};
use gridworld_agents::records::{read_json, write_json};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use crate::arguments::{agents, count, environments, positive};
use crate::environment::EnvironmentName;
use crate::failure::Failure;
use crate::instructions::Instructions;
use crate::{interrupt, output};
use job::{Job, Process, Stage};

/// How often the processes are looked at.
const TICK: Duration = Duration::from_millis(100);

/// How many ticks lie between two looks at how far the trainings are.
const TICKS_OF_DISPLAY: u64 = 10;

/// What `suite` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The agents, separated by commas
    #[arg(long, value_parser = agents(), value_delimiter = ',', default_value = "lstm,lstm-nac")]
    agents: Vec<AgentName>,
    /// The environment (`gridworld list` describes them)
    #[arg(long, value_parser = environments(), default_value = EnvironmentName::TimedArrival.as_str())]
    env: EnvironmentName,
    /// How many seeds of each: 1, 2, … N
    #[arg(long, value_name = "N", value_parser = positive, default_value_t = 10)]
    seeds: u64,
    /// Values of T to train on
    #[arg(long = "T", value_name = "LIST", default_value = "5..12", allow_hyphen_values = true)]
    instructions: Instructions,
    /// Values of T to evaluate
    #[arg(long = "eval-T", value_name = "LIST", default_value = "5..30", allow_hyphen_values = true)]
    evaluated: Instructions,
    /// Episodes for each T in the evaluation
    #[arg(long, value_name = "N", value_parser = count, default_value_t = 1000)]
    episodes: usize,
    /// Environment steps of each training [default: the agent's]
    #[arg(long, value_name = "N", value_parser = positive)]
    steps: Option<u64>,
    /// Trainings side by side [default: one a core]
    #[arg(long, value_name = "N", value_parser = count)]
    jobs: Option<usize>,
    /// Only the I-th of N parts of the trainings, for example 2/4: the parts can run on different
    /// machines that share the folder
    #[arg(long, value_name = "I/N", default_value = "1/1")]
    shard: Shard,
    /// Folder of the runs; what is finished there is kept, what was interrupted goes on
    #[arg(long, value_name = "DIR", default_value = "runs/suite")]
    runs: PathBuf,
    /// Print one JSON document at the end, and nothing else, on standard output
    #[arg(long)]
    json: bool,
    /// Further flags of `gridworld train`, for every training
    #[arg(last = true, value_name = "TRAIN FLAGS")]
    train: Vec<String>,
}

const EXAMPLES: &str = "Examples:
  gridworld suite --agents lstm,lstm-nac --seeds 10
  gridworld suite --agents lstm-nac --seeds 5 --runs runs/small -- --hidden 32
  gridworld suite --env IntervalReproduction-v1 --seeds 5 --runs runs/interval
  gridworld suite --seeds 10 --shard 1/4";

/// A part of a whole: the `index`-th of `count`, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shard {
    index: usize,
    count: usize,
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Shard { index, count }),
            _ => Err("is not a part such as 2/4, from 1/4 to 4/4".to_owned()),
        }
    }
}

/// What must be the same each time that a suite goes on: the contents of `suite.json`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Recipe {
    /// The flags of each training, and of each evaluation.
    train: Vec<String>,
    evaluate: Vec<String>,
}

/// Runs the suite.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    if let Some(agent) = arguments.agents.iter().find(|agent| !agent.learns()) {
        return Err(Failure::usage(format!("--agents {agent}: it does not learn; it is in the table without asking")));
    }
    if arguments.train.iter().any(|flag| flag.split('=').next() == Some("--env")) {
        // The ceiling and the floor must be of the same environment, so the suite must know it.
        return Err(Failure::usage("--env: it is a flag of the suite; write it before the `--`"));
    }
    let recipe = recipe(arguments);
    let shown = arguments.runs.display();
    fs::create_dir_all(&arguments.runs).map_err(|error| Failure::usage(format!("--runs {shown}: {error}")))?;
    let _lock = lock::take(&arguments.runs, arguments.shard)?;
    let path = arguments.runs.join("suite.json");
    if path.exists() {
        let known: Recipe = read_json(&path).map_err(Failure::usage)?;
        if known != recipe {
            let (train, evaluate) = (known.train.join(" "), known.evaluate.join(" "));
            return Err(Failure::usage(format!(
                "--runs {shown}: its trainings have the flags `{train}` and its evaluations `{evaluate}`; \
                 use those, or another folder"
            )));
        }
    } else {
        write_json(&path, &recipe).map_err(Failure::failed)?;
    }
    let jobs = jobs(arguments);
    let failed = work(arguments, &recipe, shard(&jobs, arguments.shard))?;
    let summary = summary::Summary::collect(&jobs, arguments.env, &recipe.evaluate)?;
    if arguments.json {
        output::print_json(&summary)?;
    } else {
        output::print(&summary.table())?;
    }
    match failed.as_slice() {
        [] => Ok(()),
        [first, ..] => Err(Failure::failed(format!("{} training(s) failed; the first: {first}", failed.len()))),
    }
}

fn recipe(arguments: &Arguments) -> Recipe {
    // One worker a training: side by side they use all cores, and no gradient waits for another.
    let mut train = vec!["--T".to_owned(), arguments.instructions.to_string()];
    // The default is not named, so that a suite from before there was a choice goes on.
    if arguments.env != EnvironmentName::TimedArrival {
        train.extend(["--env".to_owned(), arguments.env.as_str().to_owned()]);
    }
    train.extend(["--workers".to_owned(), "1".to_owned()]);
    train.extend(arguments.steps.map(|steps| format!("--steps={steps}")));
    train.extend(arguments.train.iter().cloned());
    let episodes = arguments.episodes.to_string();
    let evaluate = ["--T", &arguments.evaluated.to_string(), "--episodes", &episodes].map(str::to_owned).to_vec();
    Recipe { train, evaluate }
}

/// All trainings, seed by seed, so that an early look at the table compares all agents.
fn jobs(arguments: &Arguments) -> Vec<Job> {
    let agents = || arguments.agents.iter();
    (1..=arguments.seeds).flat_map(|seed| agents().map(move |&agent| Job::new(agent, seed, &arguments.runs))).collect()
}

/// Every N-th training, beginning with the I-th.
fn shard(jobs: &[Job], shard: Shard) -> Vec<Job> {
    jobs.iter().skip(shard.index - 1).step_by(shard.count).cloned().collect()
}

/// Does what is left of `jobs`, and gives a line for each that failed.
fn work(arguments: &Arguments, recipe: &Recipe, jobs: Vec<Job>) -> Result<Vec<String>, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let places = arguments.jobs.unwrap_or(cores);
    let interrupt = interrupt::listen()?;
    let display = Display::new(arguments, &jobs);
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
                    let process = Process::start(&job, stage, &recipe.train, &recipe.evaluate);
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
    let before = interrupt.load(Ordering::Relaxed);
    std::thread::sleep(TICK);
    if interrupt.load(Ordering::Relaxed) && !before {
        running.iter().for_each(Process::interrupt);
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
struct Display {
    bar: ProgressBar,
    steps: Option<u64>,
}

impl Display {
    fn new(arguments: &Arguments, jobs: &[Job]) -> Display {
        let steps = |job: &Job| arguments.steps.unwrap_or(Config::of(job.agent).training.steps);
        let bar = ProgressBar::new(jobs.iter().map(steps).sum());
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {elapsed} + {eta}  {msg}");
        bar.set_style(style.expect("the template is valid"));
        Display { bar, steps: arguments.steps }
    }

    fn finished(&self, job: &Job) {
        self.bar.inc(self.steps.unwrap_or(Config::of(job.agent).training.steps));
        let line = format!("{}: finished", job.name());
        if self.bar.is_hidden() { output::tell(&line) } else { self.bar.println(line) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_disjoint_and_together_everything() {
        let jobs: Vec<Job> = (0..11).map(|seed| Job::new(AgentName::Lstm, seed, "runs".as_ref())).collect();
        for count in 1..13 {
            let parts = (1..=count).map(|index| shard(&jobs, Shard { index, count }));
            let mut seeds: Vec<u64> = parts.flatten().map(|job| job.seed).collect();
            seeds.sort_unstable();
            assert_eq!(seeds, (0..11).collect::<Vec<u64>>(), "{count} parts");
        }
    }

    #[test]
    fn a_shard_is_a_part_of_a_whole() {
        assert_eq!("2/4".parse(), Ok(Shard { index: 2, count: 4 }));
        for wrong in ["0/4", "5/4", "1/0", "1", "/", "a/b", "-1/2", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}

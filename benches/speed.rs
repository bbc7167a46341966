//! Speed of environments, agents and training, in one table: `make bench`, or `cargo bench --bench speed`.
//!
//! Each figure is the median of several rounds, and the rounds of all measurements take turns, so that
//! whatever else the machine does meets all of them. `--json` prints one JSON document instead;
//! `--only TEXT` measures what has the text in its name, and `--rounds N` as often:
//! `cargo bench --bench speed -- --only 'training, lstm-nau' --rounds 3`.

use std::error::Error;
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gridworld_agents::evaluation::{Actor, AgentActor, Choice};
use gridworld_agents::training::{CheckpointKind, Observer, Record, Trainer};
use gridworld_agents::{AgentName, Config, Model, ModelConfig};
use gridworld_checkpoint::Checkpoint;
use gridworld_envs::{Batch, Domain, Policy, RandomPolicy, StreamId, Task, TimedArrivalConfig, TimedArrivalTask};
use gridworld_kernels::{Matrix, Write, multiply};
use gridworld_statistics::ordered::{ascending, median};
use nix::sys::resource::{UsageWho, getrusage};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use serde_json::json;
use tch::{Device, Kind, Tensor};

/// Rounds of each measurement, unless asked otherwise.
const ROUNDS: usize = 5;
/// Approximate time of a round.
const ROUND: Duration = Duration::from_secs(1);
/// Environment steps of a training before the clock starts: by then nearly all frames have been met.
const WARM_UP: u64 = 100_000;
/// Environment steps of a training before the clock starts, where images never repeat: by then a table of them has
/// been full, and is filled again.
const WARM_UP_OF_NOISE: u64 = 10_000;
/// Environments side by side where only one number of them is measured.
const LANES: usize = 1024;

mod flicker;

use flicker::{FlickerTask, Noise};

type Failure = Box<dyn Error + Send + Sync>;

/// Measurement of one part of the program.
#[derive(Clone, Copy)]
enum Part {
    /// Matrix products in so many threads, in floating-point operations: what no training exceeds.
    Products(usize),
    /// Steps of the environment alone.
    Symbols,
    /// Steps of the environment with each frame drawn.
    Frames,
    /// Steps of an agent that only acts.
    Acting(AgentName),
    /// Steps of a training.
    Trained(Setting),
    /// The program from its start to the end of a training of one update, in seconds.
    StartUp,
}

/// A training's settings.
#[derive(Clone, Copy)]
struct Setting {
    agent: AgentName,
    hidden: usize,
    workers: usize,
    envs: usize,
    /// Timed arrival under noise; nothing stands for timed arrival itself.
    noise: Option<Noise>,
}

impl Part {
    fn all() -> Vec<Part> {
        let mut parts = vec![Part::StartUp, Part::Products(1), Part::Products(2), Part::Symbols, Part::Frames];
        let agents = AgentName::ALL.into_iter().filter(|agent| agent.learns());
        parts.extend(agents.clone().map(Part::Acting));
        for agent in agents {
            for hidden in [64, 128] {
                for envs in [64, 256, 1024] {
                    parts.extend(
                        [1, 2].map(|workers| Part::Trained(Setting { agent, hidden, workers, envs, noise: None })),
                    );
                }
            }
        }
        let noisy = |noise, workers| {
            let noise = Some(noise);
            Part::Trained(Setting { agent: AgentName::LstmNac, hidden: 64, workers, envs: 64, noise })
        };
        parts.extend([noisy(Noise::Drawn, 1), noisy(Noise::Drawn, 2), noisy(Noise::Keyed, 2)]);
        parts
    }

    fn name(self) -> String {
        match self {
            Part::Products(threads) => format!("matrix products, {threads} thread(s), FLOP"),
            Part::Symbols => format!("environment, {LANES} lanes"),
            Part::Frames => format!("environment and frames, {LANES} lanes"),
            Part::Acting(agent) => format!("acting, {agent}, {LANES} lanes"),
            Part::Trained(Setting { agent, hidden, workers, envs, noise }) => {
                let noise = match noise {
                    None => "",
                    Some(Noise::Drawn) => ", noise, drawn",
                    Some(Noise::Keyed) => ", noise, keyed",
                };
                format!("training, {agent}, LSTM {hidden}, {workers} × {envs} envs{noise}")
            }
            Part::StartUp => "start, one update, end: s".to_owned(),
        }
    }

    /// Measures one round: a rate per second, or seconds.
    fn measure(self) -> Result<f64, Failure> {
        match self {
            Part::Products(threads) => Ok(product_rate(threads)),
            Part::Symbols => environment_rate(false),
            Part::Frames => environment_rate(true),
            Part::Acting(agent) => acting_rate(agent),
            Part::Trained(setting) => trained_rate(setting),
            Part::StartUp => {
                let start = Instant::now();
                program(&["--steps", "1", "--eval-episodes", "1"])?;
                Ok(start.elapsed().as_secs_f64())
            }
        }
    }

    /// Floating-point operations of a step: the product of the core's state with its weights, once
    /// forward and twice backward.
    fn operations(self) -> Option<(f64, usize)> {
        let product = |hidden: usize| (2 * hidden * 4 * hidden) as f64;
        match self {
            Part::Trained(setting) => Some((3.0 * product(setting.hidden), setting.workers)),
            Part::Acting(_) => Some((product(64), 1)),
            _ => None,
        }
    }
}

/// Options of the command line.
struct Options {
    json: bool,
    only: Option<String>,
    rounds: usize,
}

impl Options {
    /// Reads the options from the words of the command line; cargo adds a `--bench` of its own.
    fn parse() -> Result<Options, Failure> {
        let mut options = Options { json: false, only: None, rounds: ROUNDS };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word}: a value is missing"));
            match word.as_str() {
                "--bench" => {}
                "--json" => options.json = true,
                "--only" => options.only = Some(value()?),
                "--rounds" => options.rounds = value()?.parse::<std::num::NonZeroUsize>()?.get(),
                _ => return Err(format!("{word}: the options are --json, --only TEXT and --rounds N").into()),
            }
        }
        Ok(options)
    }

    /// The parts whose names have the text.
    fn parts(&self) -> Vec<Part> {
        let wanted = |part: &Part| self.only.as_ref().is_none_or(|text| part.name().contains(text));
        Part::all().into_iter().filter(wanted).collect()
    }
}

/// Rounds of one part, and their median.
struct Found {
    part: Part,
    rounds: Vec<f64>,
    median: f64,
}

/// Measures every part in turn, round by round.
fn measure(options: &Options) -> Result<Vec<Found>, Failure> {
    let mut found: Vec<Found> =
        options.parts().into_iter().map(|part| Found { part, rounds: Vec::new(), median: f64::NAN }).collect();
    for round in 1..=options.rounds {
        eprintln!("round {round} of {}", options.rounds);
        for found in &mut found {
            found.rounds.push(found.part.measure()?);
        }
    }
    found
        .iter_mut()
        .for_each(|found| found.median = median(&ascending(found.rounds.clone())).expect("there is a round"));
    Ok(found)
}

/// Gives a rate as a share of the machine's matrix products; nothing if these were not measured.
fn share(all: &[Found], one: &Found) -> Option<f64> {
    let (flop, threads) = one.part.operations()?;
    let roof = all.iter().find(|found| matches!(found.part, Part::Products(count) if count == threads))?;
    Some(one.median * flop / roof.median)
}

fn main() -> Result<(), Failure> {
    let options = Options::parse()?;
    tch::set_num_threads(1);
    let memory = match options.only {
        Some(_) => None,
        None => {
            // The greatest of all children; so it comes before those that train for less.
            program(&["--steps", "300000"])?;
            Some(getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss() as f64 / 1024.0)
        }
    };
    let found = measure(&options)?;
    if options.json {
        println!("{:#}", document(&found, memory));
    } else {
        print!("{}", table(&found, memory));
    }
    Ok(())
}

fn document(found: &[Found], memory: Option<f64>) -> serde_json::Value {
    let row = |one: &Found| {
        let setting = match one.part {
            Part::Trained(Setting { agent, hidden, workers, envs, noise }) => {
                let noise = noise.map(|noise| if noise == Noise::Drawn { "drawn" } else { "keyed" });
                json!({"agent": agent, "hidden": hidden, "workers": workers, "envs": envs, "noise": noise})
            }
            _ => json!(null),
        };
        json!({
            "name": one.part.name(),
            "trained": setting,
            "median": one.median,
            "rounds": one.rounds,
            "share_of_products": share(found, one),
        })
    };
    json!({"resident_mib": memory, "rows": found.iter().map(row).collect::<Vec<_>>()})
}

fn table(found: &[Found], memory: Option<f64>) -> String {
    let mut text = format!("{:<58}{:>14}{:>20}{:>16}\n", "", "per second", "share of products", "2 workers : 1");
    for (index, one) in found.iter().enumerate() {
        let value = one.median;
        let shown = if value < 100.0 { format!("{value:.3}") } else { format!("{value:.4e}") };
        let share = share(found, one).map_or(String::new(), |share| format!("{:.1} %", 100.0 * share));
        let ratio = match one.part {
            // The one before has one worker, unless it was left out.
            Part::Trained(Setting { workers: 2, noise: None | Some(Noise::Drawn), .. }) | Part::Products(2)
                if index > 0 && found[index - 1].part.operations().is_none_or(|(_, threads)| threads == 1) =>
            {
                format!("{:.2}", value / found[index - 1].median)
            }
            _ => String::new(),
        };
        text += &format!("{:<58}{shown:>14}{share:>20}{ratio:>16}\n", one.part.name());
    }
    if let Some(memory) = memory {
        text += &format!("{:<58}{memory:>14.0}\n", "resident at most, default training: MiB");
    }
    text
}

/// Runs `gridworld train` with `flags` in a folder that is removed.
fn program(flags: &[&str]) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridworld"));
    command.args(["train", "--quiet", "--runs"]).arg(folder.path()).args(flags).stdout(Stdio::null());
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("gridworld train {}: {status}", flags.join(" ")).into()) }
}

fn task() -> Result<TimedArrivalTask, Failure> {
    Ok(TimedArrivalTask::new(TimedArrivalConfig::default())?)
}

fn stream(domain: Domain) -> StreamId {
    StreamId { seed: 1, domain, index: 0 }
}

/// Environment steps per second on one core; the actions are drawn beforehand.
fn environment_rate(draw: bool) -> Result<f64, Failure> {
    let task = task()?;
    let mut batch = task.batch(LANES, stream(Domain::Training));
    let mut pixels = vec![0; task.spec().frame.bytes()];
    let mut policy = RandomPolicy::new(task.spec().actions.len(), stream(Domain::Actions));
    let mut rows = vec![vec![0; LANES]; 64];
    rows.iter_mut().for_each(|row| policy.act(batch.observe(), &[false; LANES], row));
    let (start, mut steps) = (Instant::now(), 0);
    while start.elapsed() < ROUND {
        for row in &rows {
            black_box(batch.step(black_box(row)));
            steps += LANES;
            if draw {
                for &key in batch.observe().frames {
                    batch.render(key, &mut pixels);
                    black_box(&pixels);
                }
            }
        }
    }
    Ok(steps as f64 / start.elapsed().as_secs_f64())
}

/// Steps per second of an untrained agent that acts and does not learn.
fn acting_rate(agent: AgentName) -> Result<f64, Failure> {
    let task = task()?;
    let model = Arc::new(Model::new(&ModelConfig::of(agent), &task.spec()));
    let parameters = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(1)));
    let choice = Choice::Sample(stream(Domain::Actions));
    let mut actor = AgentActor::new(&model, &parameters, LANES, Device::Cpu, choice);
    let mut batch = task.batch(LANES, stream(Domain::Training));
    let (mut first, mut actions) = (vec![true; LANES], vec![0; LANES]);
    let mut act = |batch: &mut dyn Batch| {
        actor.act(batch, &first, &mut actions);
        let outcomes = batch.step(&actions).outcomes;
        first.iter_mut().zip(outcomes).for_each(|(first, outcome)| *first = outcome.ends());
    };
    for _ in 0..WARM_UP as usize / LANES {
        act(&mut *batch);
    }
    let (start, mut steps) = (Instant::now(), 0);
    while start.elapsed() < ROUND {
        act(&mut *batch);
        steps += LANES;
    }
    Ok(steps as f64 / start.elapsed().as_secs_f64())
}

/// Keeps only the time between the end of the warming up and the last step.
struct Clock<'a> {
    warm_up: u64,
    started: Option<(u64, Instant)>,
    last: (u64, Instant),
    enough: &'a AtomicBool,
}

impl Observer for Clock<'_> {
    fn seconds(&self) -> f64 {
        0.0
    }

    fn advance(&mut self, steps: u64) {
        let now = Instant::now();
        if steps >= self.warm_up {
            let (_, started) = *self.started.get_or_insert((steps, now));
            if now - started >= ROUND && !self.enough.load(Ordering::Relaxed) {
                self.last = (steps, now);
                self.enough.store(true, Ordering::Relaxed);
            }
        }
    }

    fn record(&mut self, _: &Record) -> Result<(), Failure> {
        Ok(())
    }

    fn save(&mut self, _: CheckpointKind, _: &Checkpoint) -> Result<(), Failure> {
        Ok(())
    }
}

/// Trained environment steps per second.
fn trained_rate(setting: Setting) -> Result<f64, Failure> {
    match setting.noise {
        None => rate_of(&task()?, setting, WARM_UP),
        Some(noise) => rate_of(&FlickerTask { task: task()?, noise }, setting, WARM_UP_OF_NOISE),
    }
}

fn rate_of(task: &dyn Task, setting: Setting, warm_up: u64) -> Result<f64, Failure> {
    let mut config = Config::of(setting.agent);
    config.model.hidden = setting.hidden;
    config.training.workers = setting.workers;
    config.training.envs = setting.envs;
    // An interrupt ends the round; no evaluation is due before it.
    config.training.steps = u64::MAX / 2;
    config.training.eval_interval = u64::MAX / 2;
    let enough = AtomicBool::new(false);
    let mut clock = Clock { warm_up, started: None, last: (0, Instant::now()), enough: &enough };
    Trainer::new(task, &config, Device::Cpu)?.run(&mut clock, &enough)?;
    let (first, started) = clock.started.ok_or("the round was too short")?;
    let (last, ended) = clock.last;
    Ok((last - first) as f64 / (ended - started).as_secs_f64())
}

/// Floating-point operations per second of the three products of a block of 256 environments with 64
/// units (the gates from the state, and back to the state and to the weights) in each of `threads`
/// threads: by libtorch or by the product that the training uses, whichever is faster on this machine.
fn product_rate(threads: usize) -> f64 {
    let together = |run: fn() -> f64| -> f64 {
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no thread panics")).sum()
        })
    };
    together(products_of_libtorch).max(together(products_of_our_own))
}

/// Environments of a block, units and gates.
const BLOCK: [usize; 3] = [256, 64, 256];

fn products_of_our_own() -> f64 {
    let [lanes, units, gates] = BLOCK;
    let (weights, z, d) = (vec![0.01; gates * units], vec![1.0; lanes * units], vec![1.0; lanes * gates]);
    let (mut a, mut dz, mut d_weights) = (vec![0.0; lanes * gates], vec![0.0; lanes * units], weights.clone());
    product_rate_of(|| {
        let (weights, d) = (Matrix::new(&weights, gates, units), Matrix::new(&d, lanes, gates));
        let z = Matrix::new(&z, lanes, units);
        multiply(&mut a, Write::Accumulate, z, weights.transposed());
        multiply(&mut dz, Write::Overwrite, d, weights);
        multiply(&mut d_weights, Write::Accumulate, d.transposed(), z);
        black_box((&mut a, &mut dz, &mut d_weights));
    })
}

fn products_of_libtorch() -> f64 {
    tch::set_num_threads(1);
    let [lanes, units, gates] = BLOCK.map(|size| size as i64);
    let ones = |rows: i64, columns: i64| Tensor::ones([rows, columns], (Kind::Float, Device::Cpu));
    let (weights, z, d) = (ones(gates, units), ones(lanes, units), ones(lanes, gates));
    let (a, dz, d_weights) = (ones(lanes, gates), ones(lanes, units), ones(gates, units));
    product_rate_of(|| {
        let _ = black_box(z.f_matmul_out(&a, &weights.tr()).expect("the sizes fit"));
        let _ = black_box(d.f_matmul_out(&dz, &weights).expect("the sizes fit"));
        let _ = black_box(d.tr().f_matmul_out(&d_weights, &z).expect("the sizes fit"));
    })
}

/// Floating-point operations per second of such rounds of three products.
fn product_rate_of(mut products: impl FnMut()) -> f64 {
    let (start, mut rounds) = (Instant::now(), 0);
    while start.elapsed() < ROUND / 2 {
        products();
        rounds += 1;
    }
    let [lanes, units, gates] = BLOCK;
    f64::from(rounds) * 6.0 * (lanes * units * gates) as f64 / start.elapsed().as_secs_f64()
}

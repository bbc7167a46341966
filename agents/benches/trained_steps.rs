//! How many environment steps a second are trained, from pixels: `cargo bench -p gridworld-agents`.
//!
//! Each figure is the median of several rounds, and the rounds of all settings take turns, so that
//! whatever else the machine does meets all of them. `--json` prints one JSON document instead.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gridworld_agents::checkpoint::Checkpoint;
use gridworld_agents::config::{AgentName, Config};
use gridworld_agents::records::Record;
use gridworld_agents::training::{Observer, Saved, Trainer};
use gridworld_envs::{TimedArrivalConfig, TimedArrivalTask};
use serde_json::json;
use tch::{Device, Kind, Tensor};

/// Rounds of each setting.
const ROUNDS: usize = 5;
/// About so long is a round.
const ROUND: Duration = Duration::from_secs(2);
/// Environment steps before the clock starts: by then nearly all frames have been met.
const WARM_UP: u64 = 100_000;
/// Floating-point operations of a trained step at 64 units: forward and backward of the product of
/// the core's state with its weights, 3 · 2 · 64 · 256.
const FLOPS: f64 = 98_304.0;

/// What is measured.
#[derive(Clone, Copy)]
struct Setting {
    agent: AgentName,
    workers: usize,
    envs: usize,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Keeps only the time between the end of the warming up and the last step.
struct Clock<'a> {
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
        if steps >= WARM_UP {
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

    fn save(&mut self, _: Saved, _: &Checkpoint) -> Result<(), Failure> {
        Ok(())
    }
}

fn main() {
    let json = std::env::args().any(|argument| argument == "--json");
    tch::set_num_threads(1);
    let mut settings = Vec::new();
    for agent in [AgentName::LstmNac, AgentName::Lstm] {
        for envs in [64, 256, 1024] {
            settings.extend([1, 2].map(|workers| Setting { agent, workers, envs }));
        }
    }
    let mut rates = vec![Vec::new(); settings.len()];
    let mut roofs = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        for (roofs, threads) in roofs.iter_mut().zip([1, 2]) {
            roofs.push(product_rate(threads));
        }
        for (rates, &setting) in rates.iter_mut().zip(&settings) {
            rates.push(trained_rate(setting));
        }
    }
    let medians: Vec<f64> = rates.iter_mut().map(|rates| median(rates)).collect();
    let roofs = roofs.map(|mut roofs| median(&mut roofs));
    if json { print_json(&settings, &medians, roofs) } else { print_table(&settings, &medians, roofs) }
}

/// Trained environment steps per second in one round.
fn trained_rate(setting: Setting) -> f64 {
    let task = TimedArrivalTask::new(TimedArrivalConfig::default()).expect("the default settings are valid");
    let mut config = Config::of(setting.agent);
    config.training.workers = setting.workers;
    config.training.envs = setting.envs;
    // An interrupt ends the round; no evaluation is due before it.
    config.training.steps = u64::MAX / 2;
    config.training.eval_interval = u64::MAX / 2;
    let enough = AtomicBool::new(false);
    let mut clock = Clock { started: None, last: (0, Instant::now()), enough: &enough };
    Trainer::new(&task, &config, Device::Cpu).run(&mut clock, &enough).expect("the training runs");
    let (first, started) = clock.started.expect("the round was long enough");
    let (last, ended) = clock.last;
    (last - first) as f64 / (ended - started).as_secs_f64()
}

/// Floating-point operations per second of matrix products of the size of a step's, 1,024
/// environments by 64 units by 256 gates, in each of `threads` threads: what no training can exceed.
fn product_rate(threads: usize) -> f64 {
    let run = || {
        tch::set_num_threads(1);
        let left = Tensor::ones([1024, 64], (Kind::Float, Device::Cpu));
        let right = Tensor::ones([64, 256], (Kind::Float, Device::Cpu));
        let result = Tensor::zeros([1024, 256], (Kind::Float, Device::Cpu));
        let start = Instant::now();
        let mut products = 0;
        while start.elapsed() < ROUND / 4 {
            let _ = black_box(left.f_matmul_out(&result, &right).expect("the sizes fit"));
            products += 1;
        }
        f64::from(products) * 2.0 * 1024.0 * 64.0 * 256.0 / start.elapsed().as_secs_f64()
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).sum()
    })
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The share of the matrix-product rate that a rate of training stands for.
fn share(setting: Setting, rate: f64, roofs: [f64; 2]) -> f64 {
    rate * FLOPS / roofs[setting.workers - 1]
}

fn print_table(settings: &[Setting], medians: &[f64], roofs: [f64; 2]) {
    println!("matrix products: {:.1} GFLOP/s in one thread, {:.1} in two", roofs[0] / 1e9, roofs[1] / 1e9);
    println!(
        "{:<10}{:>8}{:>8}{:>16}{:>12}{:>10}",
        "agent", "workers", "envs", "trained steps/s", "of products", "2 : 1"
    );
    for (index, (&setting, &rate)) in settings.iter().zip(medians).enumerate() {
        let ratio = if setting.workers == 2 { format!("{:.2}", rate / medians[index - 1]) } else { String::new() };
        println!(
            "{:<10}{:>8}{:>8}{:>16.0}{:>11.1}%{:>10}",
            setting.agent.as_str(),
            setting.workers,
            setting.envs,
            rate,
            100.0 * share(setting, rate, roofs),
            ratio
        );
    }
}

fn print_json(settings: &[Setting], medians: &[f64], roofs: [f64; 2]) {
    let rows = settings.iter().zip(medians).map(|(&setting, &rate)| {
        let share = share(setting, rate, roofs);
        json!({
            "agent": setting.agent,
            "workers": setting.workers,
            "envs": setting.envs,
            "trained_steps_per_second": rate,
            "share_of_products": share,
        })
    });
    let rows: Vec<_> = rows.collect();
    let products = json!({"one_thread": roofs[0], "two_threads": roofs[1]});
    println!("{:#}", json!({"products_per_second": products, "trained": rows}));
}

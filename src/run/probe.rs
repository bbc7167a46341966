//! A linear probe: how well the remaining time can be read from the core's state.

use gridworld_agents::evaluation::{EpisodeRecord, StepRecord};
use gridworld_terminal::program::CliError;
use serde::Serialize;
use tch::{Device, Kind, Tensor};

use super::accumulators::numbers;
use super::player::{Player, PolicyChoice};
use super::trained_agent::Trained;

/// Episodes at each T that the probe is fitted on, and as many others that it is tested on.
const EPISODES: usize = 128;
/// Weight of the ridge penalty for each sample: it only keeps the equations solvable.
const RIDGE: f64 = 1e-6;

/// Errors of the probe at one T, in episodes that it was not fitted on.
#[derive(Debug, Serialize)]
pub struct Probed {
    /// Value of T, in steps.
    #[serde(rename = "T")]
    pub instruction: u32,
    /// True if the probe was fitted on episodes with this T.
    pub fitted: bool,
    /// Number of steps of these episodes.
    pub steps: usize,
    /// Mean absolute error, in steps.
    pub error: f64,
    /// Coefficient of determination R² over these steps: 1 is perfect, 0 no better than their mean.
    pub r2: f64,
}

/// Fits T − t, in steps, as a linear function of the core's state after step t (h, and c where there is one) by least
/// squares, on greedy episodes at the T trained on, and tests it there and at `beyond` (Alain & Bengio 2016,
/// arXiv:1610.01644).
///
/// # Errors
/// If the agent or the environment breaks their contract.
pub fn probe(trained: Trained, beyond: &[u32]) -> Result<Vec<Probed>, CliError> {
    let fitted = trained.config.environment.instructions().to_vec();
    let mut player = Player::trained(trained, PolicyChoice::Greedy, 1, Device::Cpu);
    let mut rows = Vec::new();
    for &instruction in &fitted {
        rows.extend(states(&player.record_episodes(instruction, 0..EPISODES)?, instruction));
    }
    let weights = fit(&rows);
    player.seed = 2;
    let others = beyond.iter().copied().filter(|value| !fitted.contains(value));
    let tested = fitted.iter().copied().chain(others);
    let test = |instruction| {
        let episodes = player.record_episodes(instruction, 0..EPISODES)?;
        Ok(errors(instruction, fitted.contains(&instruction), &states(&episodes, instruction), &weights))
    };
    tested.map(test).collect()
}

/// The core's state after a step with a 1 behind it, and the time that then remains.
type Row = (Vec<f64>, f64);

fn states(episodes: &[EpisodeRecord], instruction: u32) -> Vec<Row> {
    let rows = episodes.iter().flat_map(|episode| (1_u32..).zip(&episode.step_records));
    let row = |(step, record): (u32, &StepRecord)| {
        let activations = record.activations.as_ref()?;
        let state = activations.h.iter().chain(&activations.c).map(|&x| f64::from(x));
        Some((state.chain([1.0]).collect(), f64::from(instruction) - f64::from(step)))
    };
    rows.filter_map(row).collect()
}

fn fit(rows: &[Row]) -> Vec<f64> {
    let (states, times) = tensors(rows);
    let columns = states.size()[1];
    let ridge = Tensor::eye(columns, (Kind::Double, Device::Cpu)) * (RIDGE * rows.len() as f64);
    let normal = states.tr().matmul(&states) + ridge;
    numbers(&Tensor::linalg_solve(&normal, &states.tr().matmul(&times), true))
}

fn errors(instruction: u32, fitted: bool, rows: &[Row], weights: &[f64]) -> Probed {
    let (states, times) = tensors(rows);
    let distances = states.matmul(&Tensor::from_slice(weights)) - &times;
    let error = distances.abs().mean(Kind::Double).double_value(&[]);
    let spread = (&times - times.mean(Kind::Double)).square().sum(Kind::Double);
    let r2 = 1.0 - (distances.square().sum(Kind::Double) / spread).double_value(&[]);
    Probed { instruction, fitted, steps: rows.len(), error, r2 }
}

fn tensors(rows: &[Row]) -> (Tensor, Tensor) {
    let states: Vec<f64> = rows.iter().flat_map(|(state, _)| state).copied().collect();
    let times: Vec<f64> = rows.iter().map(|(_, time)| *time).collect();
    (Tensor::from_slice(&states).view([rows.len() as i64, -1]), Tensor::from_slice(&times))
}

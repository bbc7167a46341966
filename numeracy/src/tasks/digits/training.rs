//! Training on sequences of digits.

use std::ops::ControlFlow;
use std::sync::Arc;

use gridworld_agents::cells::nau;
use gridworld_agents::{Layout, Optimizer, OptimizerConfig};
use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};
use tch::{Kind, Tensor};

use super::cell::Cell;
use super::evaluation::evaluate;
use super::images::{Augmentation, tensor};
use super::outcome::DigitsOutcome;
use super::reader::Reader;
use super::{Dataset, DigitsConfig};
use crate::engine::Descent;
use crate::run_context::RunContext;
use crate::runner::Experiment;
use crate::schedule::Sparsity;
use crate::training::{End, Rate, Schedule, Training, train};

/// Number of updates in which the cell learns alone, before the reader does: answers are then of the right size, and
/// what is left to learn is which digit is which. A reader that learns from the first update on finds that every sum is
/// too small, calls every image a nine, and does not recover.
const ALONE: u64 = 100;
/// Factor on the step size while the cell learns alone: weights of arithmetic have far to go.
const ALONE_RATE: f64 = 10.0;
/// Fractions of the training between which the sparsity regularizer grows.
const RAMP: (f64, f64) = (0.3, 0.6);
/// Fraction of the training after which the weights of some cells are rounded.
const ROUND: f64 = 0.6;
/// Number of losses that the last one is the mean of.
const LAST: usize = 100;
/// Number of updates between two looks at whether to go on.
const LOOK_EVERY: u64 = 10;

/// An experiment with digits, ready to run.
#[derive(Debug)]
pub struct Digits {
    config: DigitsConfig,
    dataset: Arc<Dataset>,
}

/// Part of the network that learns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Learner {
    /// The cell alone learns.
    Cell,
    /// Reader and cell learn.
    Both,
}

/// Network of a reader and a cell.
struct Network {
    layout: Layout,
    reader: Reader,
    cell: Cell,
}

impl Network {
    fn new(config: &DigitsConfig) -> Network {
        let mut layout = Layout::default();
        let reader = Reader::new(config.operation, &mut layout);
        let cell = Cell::new(config.cell, config.operation, config.length, &mut layout);
        Network { layout, reader, cell }
    }

    fn initialize(&self, rng: &mut impl Rng) -> Tensor {
        let mut flat = vec![0.0; self.layout.len()];
        self.reader.initialize(&mut flat, &self.layout, rng);
        self.cell.initialize(&mut flat, &self.layout, rng);
        Tensor::from_slice(&flat)
    }

    fn optimizer(&self, flat: &Tensor) -> Optimizer {
        Optimizer::new(OptimizerConfig::ADAM, flat, &self.layout.rates())
    }
}

impl Digits {
    /// Prepares the experiment with the digits that the operation [asks about](Dataset::asked_about).
    #[must_use]
    pub fn new(config: DigitsConfig, dataset: impl Into<Arc<Dataset>>) -> Digits {
        Digits { config, dataset: dataset.into() }
    }

    /// Computes the mean squared error of a batch of sequences.
    fn loss(&self, network: &Network, flat: &Tensor, images: &Tensor, targets: &Tensor, learner: Learner) -> Tensor {
        let parameters = network.layout.bind(flat);
        let read = match learner {
            Learner::Cell => tch::no_grad(|| network.reader.read(&parameters, images)),
            Learner::Both => network.reader.read(&parameters, images),
        };
        let weights = network.cell.weights(&parameters);
        let mut state = network.cell.start(targets.size()[0]);
        let length = self.config.length as i64;
        for x_t in read.view([-1, length, targets.size()[1]]).unbind(1) {
            network.cell.step(&weights, &x_t, &mut state);
        }
        (network.cell.answer(&weights, &state) - targets).square().mean(Kind::Float)
    }

    /// Computes λ · mean(min(|W|, 1 − |W|)) of a NAU or NMU.
    fn regularizer(&self, network: &Network, flat: &Tensor, share: f64) -> Option<Tensor> {
        let weight = self.config.sparsity * nau::ramp(share, RAMP);
        let (slot, _) = network.cell.regularized().filter(|_| weight > 0.0)?;
        let size = network.layout.narrow(flat, slot).abs();
        Some(size.minimum(&(1.0 - &size)).mean(Kind::Float) * weight)
    }

    /// Brings weights back into their permitted range after an update.
    fn constrain(network: &Network, flat: &mut Tensor, share: f64) {
        if let Some((slot, range)) = network.cell.regularized() {
            let _ = network.layout.narrow(flat, slot).clamp_(*range.start(), *range.end());
        }
        if let Some((slot, inputs)) = network.cell.rounded().filter(|_| share >= ROUND) {
            let mut weights = network.layout.narrow(flat, slot);
            let mut whole = Vec::<f32>::try_from(&weights).expect("weights are floats");
            nau::discretize(&mut whole, inputs);
            weights.copy_(&Tensor::from_slice(&whole));
        }
    }
}

/// A seed in training.
pub struct SeedTraining<'a> {
    task: &'a Digits,
    network: Network,
    optimizer: Optimizer,
    deck: ShuffledIndices,
    rng: ChaCha8Rng,
    flat: Tensor,
    /// Loss of each update.
    losses: Vec<f64>,
}

impl SeedTraining<'_> {
    /// Gives the number of updates in which the cell learns alone.
    fn alone(&self) -> u64 {
        ALONE.min(self.task.config.steps / 4)
    }
}

impl Training for SeedTraining<'_> {
    type Outcome = DigitsOutcome;

    fn schedule(&self) -> Schedule {
        let DigitsConfig { steps, learning_rate, .. } = self.task.config;
        Schedule {
            updates: steps,
            evaluate_every: LOOK_EVERY,
            rate: Rate::Cosine { rate: learning_rate, warm: self.alone(), factor: ALONE_RATE },
            // The loss has it, by the share of the updates.
            sparsity: Sparsity::NONE,
            clip: None,
        }
    }

    fn evaluate(&mut self, _iteration: u64) -> ControlFlow<End> {
        ControlFlow::Continue(())
    }

    fn update(&mut self, iteration: u64, descent: &Descent) -> ControlFlow<End> {
        let Digits { config, dataset } = self.task;
        let share = iteration as f64 / config.steps as f64;
        let learner = if iteration < self.alone() { Learner::Cell } else { Learner::Both };
        if iteration == self.alone() {
            // Its moments are those of a reader that did not learn.
            self.optimizer = self.network.optimizer(&self.flat);
        }
        let indices = self.deck.deal(config.batch * config.length, &mut self.rng);
        let images = tensor(&dataset.train, &indices, Augmentation::Shifted(&mut self.rng));
        let labels: Vec<u8> = indices.iter().map(|&index| dataset.train.labels[index]).collect();
        let targets = config.operation.targets(&labels, config.length);
        let leaf = self.flat.detach().set_requires_grad(true);
        if learner == Learner::Cell && config.cell.is_ready() {
            return ControlFlow::Continue(());
        }
        let loss = self.task.loss(&self.network, &leaf, &images, &targets, learner);
        self.losses.push(loss.double_value(&[]));
        match self.task.regularizer(&self.network, &leaf, share) {
            Some(regularizer) => (loss + regularizer).backward(),
            None => loss.backward(),
        }
        if self.optimizer.step(&mut self.flat, &leaf.grad(), descent.rate).is_err() {
            return ControlFlow::Break(End::Diverged { iteration });
        }
        tch::no_grad(|| Digits::constrain(&self.network, &mut self.flat, share));
        ControlFlow::Continue(())
    }

    fn outcome(self, end: End) -> DigitsOutcome {
        let SeedTraining { network, flat, losses, .. } = self;
        let last = &losses[losses.len().saturating_sub(LAST)..];
        let loss = last.iter().sum::<f64>() / last.len() as f64;
        tch::no_grad(|| {
            let parameters = network.layout.bind(&flat);
            let weights = network.cell.weights(&parameters);
            let read = |images: &Tensor| network.reader.read(&parameters, images);
            let sparsity = network.cell.arithmetic(&weights).map(|w| sparsity_error(&w));
            DigitsOutcome {
                loss: Some(loss).filter(|loss| loss.is_finite()),
                diverged_at: if let End::Diverged { iteration } = end { Some(iteration) } else { None },
                sparsity: sparsity.filter(|error| error.is_finite()),
                errors: evaluate(&self.task.dataset.test, self.task.config.operation, &network.cell, &weights, read),
            }
        })
    }
}

impl Experiment for Digits {
    type Outcome = DigitsOutcome;

    fn run(&self, seed: u64, watch: &RunContext<'_>) -> Option<DigitsOutcome> {
        // libtorch would start threads of its own in each worker.
        tch::set_num_threads(1);
        let network = Network::new(&self.config);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let flat = network.initialize(&mut rng);
        let seed_training = SeedTraining {
            task: self,
            optimizer: network.optimizer(&flat),
            network,
            deck: ShuffledIndices::new(self.dataset.train.len()),
            rng,
            flat,
            losses: Vec::new(),
        };
        train(seed_training, watch)
    }

    fn is_success(&self, outcome: &DigitsOutcome) -> bool {
        self.config.reference.as_ref().is_some_and(|reference| reference.is_met_by(outcome))
    }

    fn scalars(&self, outcome: &DigitsOutcome) -> Vec<(&'static str, f64)> {
        outcome.scalars()
    }
}

/// Computes the greatest distance of weights from whole numbers: `max min(|w|, |1 − |w||)`.
fn sparsity_error(weights: &Tensor) -> f64 {
    let size = weights.abs();
    let from_one: Tensor = 1.0 - &size;
    size.minimum(&from_one.abs()).max().double_value(&[])
}

/// Indices in random order, each once before any comes again.
struct ShuffledIndices {
    order: Vec<usize>,
    dealt: usize,
}

impl ShuffledIndices {
    fn new(size: usize) -> ShuffledIndices {
        ShuffledIndices { order: (0..size).collect(), dealt: size }
    }

    /// Gives the next `count` indices.
    fn deal(&mut self, count: usize, rng: &mut impl Rng) -> Vec<usize> {
        let mut hand = Vec::with_capacity(count);
        while hand.len() < count {
            if self.dealt == self.order.len() {
                for last in (1..self.order.len()).rev() {
                    self.order.swap(last, rng.random_range(0..=last));
                }
                self.dealt = 0;
            }
            hand.push(self.order[self.dealt]);
            self.dealt += 1;
        }
        hand
    }
}

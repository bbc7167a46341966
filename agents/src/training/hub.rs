//! Exchange of the workers' gradients and the shared parameters.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tch::Tensor;

use super::{Quantity, TrainError, UpdateStatistics, WeightConstraint};
use crate::config::{Mode, TrainingConfig};
use crate::loss::Losses;
use crate::model::Model;
use crate::optimizer::{Optimizer, clip_by_global_norm, first_not_finite};

/// State that all workers share.
#[derive(Debug)]
pub struct Shared {
    /// Parameters, in one vector.
    pub parameters: Tensor,
    /// Optimizer with its statistics.
    pub optimizer: Optimizer,
    /// Environment steps so far, over all workers.
    pub steps: u64,
    /// Number of times that the training went back to a checkpoint because of a number that was not finite.
    pub rollbacks: u32,
}

/// Measurements of one applied gradient.
#[derive(Clone, Copy, Debug)]
pub struct Applied {
    /// Environment steps after the update.
    pub steps: u64,
    /// The worker's, or in sync mode all workers', statistics, in the order of the workers.
    pub statistics: UpdateStatistics,
    /// Norm of the gradient before clipping.
    pub norm: f64,
    /// Learning rate of the update.
    pub learning_rate: f64,
    /// Number of gradients that were applied since the parameters of this one were copied: 0 in sync mode.
    pub staleness: u64,
}

/// State of the training when a worker copied the parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pulled {
    /// Fraction of the training that was done.
    pub share: f64,
    /// Number of gradients that had been applied.
    pub updates: u64,
}

/// Decision if a worker goes on or returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// The worker takes another rollout.
    Continue,
    /// The worker returns.
    Stop,
}

/// Lets workers exchange gradients until a milestone is reached.
///
/// The modes differ only in [`push`](Self::push): `async` applies a gradient at once, `sync` waits
/// for all and applies their mean, summed in the workers' order.
pub struct Hub<'a> {
    config: &'a TrainingConfig,
    model: &'a Model,
    weight_constraint: Option<WeightConstraint>,
    milestone: u64,
    interrupt: &'a AtomicBool,
    inner: Mutex<Inner<'a>>,
    turned: Condvar,
}

struct Inner<'a> {
    shared: &'a mut Shared,
    /// Sync mode: what has arrived for this round, a place for each worker.
    arrived: Vec<Option<(Tensor, UpdateStatistics)>>,
    /// Number of rounds that were completed in sync mode.
    round: u64,
    flow: Flow,
}

impl<'a> Hub<'a> {
    /// A hub that stops the workers at `milestone` environment steps, or when `interrupt` is set, and keeps the weights to
    /// their `weight_constraint`.
    pub fn new(
        shared: &'a mut Shared,
        config: &'a TrainingConfig,
        model: &'a Model,
        weight_constraint: Option<WeightConstraint>,
        milestone: u64,
        interrupt: &'a AtomicBool,
    ) -> Hub<'a> {
        let arrived = (0..config.workers).map(|_| None).collect();
        let inner = Mutex::new(Inner { shared, arrived, round: 0, flow: Flow::Continue });
        Hub { config, model, weight_constraint, milestone, interrupt, inner, turned: Condvar::new() }
    }

    /// Copies the shared parameters, and tells how far the training is.
    pub fn pull(&self, into: &mut Tensor) -> Pulled {
        let inner = self.lock();
        tch::no_grad(|| into.copy_(&inner.shared.parameters));
        Pulled { share: self.config.share(inner.shared.steps), updates: inner.shared.optimizer.updates() }
    }

    /// Gives a gradient of the parameters that were `pulled`; says whether to go on, and what was applied if this call
    /// applied something.
    ///
    /// # Errors
    /// If a loss, the gradient or a parameter is not finite: nothing is applied and all workers stop.
    pub fn push(
        &self,
        worker: usize,
        pulled: Pulled,
        mut gradient: Tensor,
        statistics: UpdateStatistics,
    ) -> Result<(Flow, Option<Applied>), TrainError> {
        let mut inner = self.lock();
        if self.config.mode == Mode::Async {
            let applied = self.apply(&mut inner, pulled, &mut gradient, statistics)?;
            return Ok((inner.flow, Some(applied)));
        }
        inner.arrived[worker] = Some((gradient, statistics));
        if inner.arrived.iter().all(Option::is_some) {
            let (mut mean, statistics) = combine(&mut inner.arrived);
            let applied = self.apply(&mut inner, pulled, &mut mean, statistics)?;
            inner.round += 1;
            self.turned.notify_all();
            return Ok((inner.flow, Some(applied)));
        }
        let round = inner.round;
        while inner.round == round && inner.flow == Flow::Continue {
            inner = self.turned.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        Ok((inner.flow, None))
    }

    /// Makes every worker stop at its next push.
    pub fn stop(&self) {
        self.lock().flow = Flow::Stop;
        self.turned.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Inner<'a>> {
        // A panicking worker leaves the parameters whole: updates are applied in one call.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn apply(
        &self,
        inner: &mut Inner<'_>,
        pulled: Pulled,
        gradient: &mut Tensor,
        statistics: UpdateStatistics,
    ) -> Result<Applied, TrainError> {
        if let Some(weight_constraint) = &self.weight_constraint {
            weight_constraint.prepare(&inner.shared.parameters, gradient, self.config.share(inner.shared.steps));
        }
        let norm =
            self.check(gradient, &statistics).map_err(|(quantity, value)| self.refuse(inner, quantity, value))?;
        let shared = &mut *inner.shared;
        let staleness = shared.optimizer.updates() - pulled.updates;
        let rate = self.config.schedule.value(self.config.learning_rate, self.config.share(shared.steps))
            * 0.5_f64.powi(shared.rollbacks as i32);
        if let Err((index, value)) = shared.optimizer.step(&mut shared.parameters, gradient, rate) {
            let parameter = self.model.layout().name_at(index).expect("an element of the parameters");
            return Err(self.refuse(inner, Quantity::Parameter(parameter.to_owned()), value));
        }
        shared.steps += statistics.steps;
        if let Some(weight_constraint) = &self.weight_constraint {
            weight_constraint.restrict(&mut shared.parameters, self.config.share(shared.steps));
        }
        if shared.steps >= self.milestone || self.interrupt.load(Ordering::Relaxed) {
            inner.flow = Flow::Stop;
        }
        Ok(Applied { steps: inner.shared.steps, statistics, norm, learning_rate: rate, staleness })
    }

    /// Clips the gradient and gives its norm, or the first number that is not finite.
    fn check(&self, gradient: &mut Tensor, statistics: &UpdateStatistics) -> Result<f64, (Quantity, f64)> {
        let Losses { policy, value, entropy } = statistics.losses;
        let losses = [(Quantity::PolicyLoss, policy), (Quantity::ValueLoss, value), (Quantity::Entropy, entropy)];
        if let Some(unsound) = losses.into_iter().find(|(_, loss)| !loss.is_finite()) {
            return Err(unsound);
        }
        let norm = clip_by_global_norm(gradient, self.config.clip);
        if norm.is_finite() {
            return Ok(norm);
        }
        match first_not_finite(gradient) {
            Some(index) => {
                let parameter = self.model.layout().name_at(index).map(str::to_owned);
                Err((Quantity::Gradient(parameter), gradient.double_value(&[index as i64])))
            }
            None => Err((Quantity::Gradient(None), norm)),
        }
    }

    /// Stops all workers because of a number that is not finite.
    fn refuse(&self, inner: &mut Inner<'_>, quantity: Quantity, value: f64) -> TrainError {
        inner.flow = Flow::Stop;
        self.turned.notify_all();
        TrainError::NotFinite { quantity, value, steps: inner.shared.steps, rollbacks: inner.shared.rollbacks }
    }
}

/// The mean gradient and the joint statistics, summed in the workers' order.
fn combine(arrived: &mut [Option<(Tensor, UpdateStatistics)>]) -> (Tensor, UpdateStatistics) {
    let workers = arrived.len() as f64;
    let mut parts = arrived.iter_mut().filter_map(Option::take);
    let (mut sum, mut joint) = parts.next().expect("there is a worker");
    for (gradient, statistics) in parts {
        sum += gradient;
        joint = joint.joined(&statistics);
    }
    (sum / workers, joint)
}

impl UpdateStatistics {
    /// Joins two statistics; the losses are means over as many samples as each has steps.
    pub(crate) fn joined(&self, other: &UpdateStatistics) -> UpdateStatistics {
        let (here, there) = (self.steps as f64, other.steps as f64);
        let mean = |a: f64, b: f64| (a * here + b * there) / (here + there);
        UpdateStatistics {
            steps: self.steps + other.steps,
            episodes: self.episodes + other.episodes,
            successes: self.successes + other.successes,
            returns: self.returns + other.returns,
            losses: Losses {
                policy: mean(self.losses.policy, other.losses.policy),
                value: mean(self.losses.value, other.losses.value),
                entropy: mean(self.losses.entropy, other.losses.entropy),
            },
        }
    }
}

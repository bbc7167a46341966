//! The trainer: from milestone to milestone, with an evaluation and a checkpoint at each.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gridworld_envs::{Instructions, Task};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use tch::{Device, Kind, Tensor};

use super::calibration::calibrate;
use super::hub::{Applied, Flow, Hub, Shared};
use super::metrics_window::{MetricsWindow, collect};
use super::observer::{CheckpointKind, Observer};
use super::progress::Progress;
use super::validation::Validation;
use super::{Record, Tag, TrainError, WeightConstraint, Worker, snapshot};
use crate::config::{Config, OnNan, Rounding, SparsityConfig};
use crate::evaluation::{AgentActor, Choice, Tally};
use crate::model::Model;
use crate::optimizer::Optimizer;
use gridworld_checkpoint::Checkpoint;
use gridworld_envs::panics::{caught, message};

/// Greatest number of times that a training goes back: half the learning rate each time, a thirty-second in the end.
pub const MOST_ROLLBACKS: u32 = 5;

/// Result of a training.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// Environment steps that were taken.
    pub steps: u64,
    /// State of the training at its end.
    pub progress: Progress,
    /// True if the training was interrupted before its last step.
    pub interrupted: bool,
    /// Number of times that the training went back to a checkpoint because of a number that was not finite.
    pub rollbacks: u32,
}

/// A training that can be run, interrupted and saved.
pub struct Trainer<'a> {
    task: &'a dyn Task,
    config: Config,
    model: Arc<Model>,
    shared: Shared,
    workers: Vec<Worker>,
    progress: Progress,
    device: Device,
    pending: MetricsWindow,
    /// Last checkpoint that was saved, if the training may go back to it.
    kept: Option<Checkpoint>,
}

impl<'a> Trainer<'a> {
    /// Makes a training from the beginning.
    ///
    /// # Errors
    /// If the configuration cannot be trained on this task, or an environment misbehaves already.
    pub fn new(task: &'a dyn Task, config: &Config, device: Device) -> Result<Trainer<'a>, TrainError> {
        let mut trainer = Trainer::uninitialized(task, config, device)?;
        let mut rng = ChaCha8Rng::seed_from_u64(config.training.seed);
        trainer.shared.parameters.copy_(&Tensor::from_slice(&trainer.model.initialize(&mut rng)));
        calibrate(&trainer.model, task, config, &trainer.shared.parameters)?;
        Ok(trainer)
    }

    /// Everything but the parameters, which are zero.
    fn uninitialized(task: &'a dyn Task, config: &Config, device: Device) -> Result<Trainer<'a>, TrainError> {
        config.check(&task.spec())?;
        let model = Arc::new(Model::new(&config.model, &task.spec()));
        let parameters = Tensor::zeros([model.layout().len() as i64], (Kind::Float, device));
        let optimizer = Optimizer::new(config.training.optimizer, &parameters, &model.layout().rates());
        let workers = (0..config.training.workers as u32)
            .map(|index| Worker::new(&model, task, &config.training, index, device))
            .collect::<Result<_, _>>()?;
        Ok(Trainer {
            task,
            config: config.clone(),
            model,
            shared: Shared { parameters, optimizer, steps: 0, rollbacks: 0 },
            workers,
            progress: Progress::default(),
            device,
            pending: MetricsWindow::default(),
            kept: None,
        })
    }

    /// A training that goes on from `checkpoint`; `config` may name more steps than it was made with.
    ///
    /// # Errors
    /// If the checkpoint is not one of this agent, task and number of environments.
    pub fn resume(
        task: &'a dyn Task,
        config: &Config,
        device: Device,
        checkpoint: &Checkpoint,
    ) -> Result<Trainer<'a>, TrainError> {
        let mut trainer = Trainer::uninitialized(task, config, device)?;
        trainer.progress =
            snapshot::restore(checkpoint, config, &trainer.model, &mut trainer.shared, &mut trainer.workers)?;
        trainer.pending = MetricsWindow::restore(checkpoint, trainer.shared.steps)?;
        Ok(trainer)
    }

    /// Trains until the last step, until the success [`TrainingConfig::until`](crate::config::TrainingConfig::until) is
    /// reached, or until `interrupt` is set. A checkpoint [`CheckpointKind::Last`] has been saved when it returns
    /// without an error.
    ///
    /// # Errors
    /// If a number is not finite, an environment misbehaves, a worker panics or gets no thread, or the observer fails.
    pub fn run(&mut self, observer: &mut dyn Observer, interrupt: &AtomicBool) -> Result<Summary, TrainError> {
        let total = self.config.training.steps;
        self.pending.start(self.shared.steps, observer.seconds());
        // Before the first step, so that there is always something to go on from, and so that a
        // place that cannot be written to is known at once.
        self.save(CheckpointKind::Last, observer)?;
        while !self.is_complete() && !interrupt.load(Ordering::Relaxed) {
            let interval = self.config.training.eval_interval;
            let milestone = (self.shared.steps / interval + 1).saturating_mul(interval).min(total);
            match self.run_until(milestone, observer, interrupt) {
                Err(why @ TrainError::NotFinite { rollbacks: ..MOST_ROLLBACKS, .. }) if self.kept.is_some() => {
                    self.rollback(&why, observer)?;
                    continue;
                }
                other => other?,
            }
            if self.shared.steps >= milestone {
                self.evaluate(observer)?;
            }
            self.save(CheckpointKind::Last, observer)?;
        }
        let interrupted = !self.is_complete();
        let (steps, rollbacks) = (self.shared.steps, self.shared.rollbacks);
        Ok(Summary { steps, progress: self.progress.clone(), interrupted, rollbacks })
    }

    /// Makes an actor that plays `lanes` episodes side by side with a copy of the present parameters.
    #[must_use]
    pub fn actor(&self, lanes: usize, choice: Choice) -> AgentActor {
        AgentActor::new(&self.model, &self.shared.parameters, lanes, self.device, choice)
    }

    /// Goes back to the last checkpoint, with half the learning rate, as if it were resumed from there:
    /// workers, tables and streams are new, so that a process that died at any moment of this would
    /// have gone on in the same way.
    fn rollback(&mut self, why: &TrainError, observer: &mut dyn Observer) -> Result<(), TrainError> {
        let rollbacks = self.shared.rollbacks + 1;
        if let Some(checkpoint) = self.kept.take() {
            *self = Trainer::resume(self.task, &self.config, self.device, &checkpoint)?;
        }
        self.shared.rollbacks = rollbacks;
        self.pending.start(self.shared.steps, observer.seconds());
        // Before the records: of a process that dies in between, the resumption mends those.
        self.save(CheckpointKind::Last, observer)?;
        let (step, seconds) = (self.shared.steps, observer.seconds());
        observer.rewind(step, why).map_err(TrainError::Observer)?;
        let scalars = vec![(Tag::Rollbacks, f64::from(rollbacks))];
        observer.record(&Record { step, seconds, scalars }).map_err(TrainError::Observer)
    }

    /// Tells if the last step was taken, or the success reached that is enough.
    fn is_complete(&self) -> bool {
        let training = &self.config.training;
        self.shared.steps >= training.steps || training.until.is_some_and(|share| self.progress.has_held(share))
    }

    /// Lets the workers run to `milestone`, and records what they report.
    fn run_until(
        &mut self,
        milestone: u64,
        observer: &mut dyn Observer,
        interrupt: &AtomicBool,
    ) -> Result<(), TrainError> {
        let training = &self.config.training;
        let weight_constraint = WeightConstraint::new(training.sparsity, &self.model, self.progress.validated);
        let hub = Hub::new(&mut self.shared, training, &self.model, weight_constraint, milestone, interrupt);
        let pending = &mut self.pending;
        let workers = self.workers.len();
        // None begins before all have a thread: where the system gives too few, nothing is trained.
        let are_all_there = Mutex::new(false);
        std::thread::scope(|scope| {
            let (sender, receiver) = channel();
            let (hub, are_all_there) = (&hub, &are_all_there);
            let mut answer = locked(are_all_there);
            let mut threads = Vec::with_capacity(workers);
            for (index, worker) in self.workers.iter_mut().enumerate() {
                let sender = sender.clone();
                let thread = move || if *locked(are_all_there) { work(index, worker, hub, &sender) } else { Ok(()) };
                let started = std::thread::Builder::new().spawn_scoped(scope, thread);
                threads.push(started.map_err(|source| TrainError::Thread { worker: index, workers, source })?);
            }
            *answer = true;
            drop((answer, sender));
            let recorded = collect(&receiver, pending, training.log_interval, observer);
            if recorded.is_err() {
                hub.stop();
            }
            let mut result = recorded;
            for (worker, thread) in threads.into_iter().enumerate() {
                let ended = thread
                    .join()
                    .unwrap_or_else(|payload| Err(TrainError::Panic { worker, message: message(&*payload) }));
                result = result.and(ended);
            }
            result
        })
    }

    /// Evaluates on the training range, records it, and saves `best` if it is.
    fn evaluate(&mut self, observer: &mut dyn Observer) -> Result<(), TrainError> {
        let values = self.task.instructions();
        let instructions: Vec<Option<u32>> =
            if values.is_empty() { vec![None] } else { values.iter().copied().map(Some).collect() };
        let beyond = beyond(values);
        let all: Vec<Option<u32>> = instructions.iter().copied().chain(beyond.map(Some)).collect();
        let training = &self.config.training;
        let validation = Validation {
            task: self.task,
            device: self.device,
            seed: training.seed,
            round: (self.shared.steps / training.eval_interval) as u32,
            episodes: training.eval_episodes,
        };
        let play = |parameters: &Tensor| -> Result<(Vec<Tally>, Option<Tally>), TrainError> {
            let mut tallies = validation.tallies((&self.model, parameters), training.workers, &all);
            // Nothing depends on the T beyond the range: a task that has no such T, or breaks its contract there, goes on
            // without.
            let beyond = beyond.and_then(|_| tallies.pop()).and_then(Result::ok);
            Ok((tallies.into_iter().collect::<Result<_, _>>()?, beyond))
        };
        let joint = |tallies: &[Tally]| tallies.iter().fold(Tally::default(), |joint, tally| joint.joined(tally));
        let success = |tallies: &[Tally]| joint(tallies).success_of_feasible();
        let (mut tallies, mut beyond) = play(&self.shared.parameters)?;
        let share = training.share(self.shared.steps);
        let is_awaited = |sparsity: SparsityConfig| sparsity.awaits_validation(share, self.progress.validated);
        let constraint =
            WeightConstraint::new(training.sparsity.filter(|&sparsity| is_awaited(sparsity)), &self.model, false);
        let before = success(&tallies);
        let candidates = constraint.map(|constraint| constraint.rounded(&self.shared.parameters));
        for rounded in candidates.into_iter().flatten() {
            let played = play(&rounded)?;
            let after = success(&played.0);
            // The better one of two good ones stays.
            if Rounding::is_good(before, after) && !(self.progress.validated && after <= success(&tallies)) {
                self.shared.parameters.copy_(&rounded);
                self.progress.validated = true;
                (tallies, beyond) = played;
            }
        }
        let lowest = tallies.iter().map(Tally::success_of_feasible).fold(f64::INFINITY, f64::min);
        let of_each = instructions.iter().zip(&tallies);
        let mut scalars: Vec<(Tag, f64)> = of_each
            .filter_map(|(instruction, tally)| Some((Tag::EvalSuccess((*instruction)?), tally.success_of_feasible())))
            .collect();
        let success = success(&tallies);
        scalars.push((Tag::EvalSuccessTrain, success));
        scalars.extend(beyond.map(|tally| (Tag::EvalSuccessBeyond, tally.success_of_feasible())));
        let (step, seconds) = (self.shared.steps, observer.seconds());
        observer.record(&Record { step, seconds, scalars }).map_err(TrainError::Observer)?;
        let validated = self.progress.validated;
        let is_settled = training.sparsity.is_none_or(|sparsity| sparsity.is_settled(share, validated));
        if !self.progress.settled && is_settled {
            self.progress.settle(training.sparsity.is_some_and(|sparsity| sparsity.is_whole(share, validated)));
        }
        self.progress.note(success, lowest, step);
        if self.progress.improves(success) {
            self.save(CheckpointKind::Best, observer)?;
        }
        Ok(())
    }

    fn save(&mut self, saved: CheckpointKind, observer: &mut dyn Observer) -> Result<(), TrainError> {
        let mut checkpoint = snapshot::save(&self.config, &self.model, &self.shared, &self.workers, &self.progress);
        self.pending.save(&mut checkpoint);
        observer.save(saved, &checkpoint).map_err(TrainError::Observer)?;
        if saved == CheckpointKind::Last && self.config.training.on_nan == OnNan::Rollback {
            self.kept = Some(checkpoint);
        }
        Ok(())
    }
}

/// The T beyond the range `trained` at which each evaluation looks, in steps: 1.6 times the largest one, as 19 is to 12,
/// and no more than may be asked for.
fn beyond(trained: &[u32]) -> Option<u32> {
    let largest = *trained.iter().max()?;
    let beyond = (1.6 * f64::from(largest)).round().min(f64::from(Instructions::GREATEST)) as u32;
    Some(beyond).filter(|&beyond| beyond > largest)
}

fn locked(answer: &Mutex<bool>) -> MutexGuard<'_, bool> {
    answer.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs one worker's thread: rollouts until the hub says stop.
fn work(index: usize, worker: &mut Worker, hub: &Hub<'_>, reports: &Sender<Applied>) -> Result<(), TrainError> {
    // Workers are the parallelism; libtorch's own threads would only fight with them.
    tch::set_num_threads(1);
    let _guard = StopOthers(hub);
    loop {
        let pulled = hub.pull(worker.parameters());
        let updated =
            caught(|| worker.update(pulled.share)).map_err(|message| TrainError::Panic { worker: index, message })?;
        let (gradient, statistics) = updated?;
        let (flow, applied) = hub.push(index, pulled, gradient, statistics)?;
        if let Some(applied) = applied {
            // The receiver is gone only if recording failed; then the hub is stopping anyway.
            let _ = reports.send(applied);
        }
        if flow == Flow::Stop {
            return Ok(());
        }
    }
}

/// Keeps the other workers from waiting for one that failed, however it did.
struct StopOthers<'a, 'b>(&'a Hub<'b>);

impl Drop for StopOthers<'_, '_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::beyond;

    #[test]
    fn the_t_beyond_the_range_is_larger_than_all_of_it() {
        assert_eq!(
            [&[5, 12][..], &[3, 8], &[1], &[900_000]].map(beyond),
            [Some(19), Some(13), Some(2), Some(1_000_000)]
        );
        assert_eq!([&[][..], &[1_000_000]].map(beyond), [None, None]);
    }
}

//! A worker: environments, an unroll, and from one rollout one gradient.

use std::sync::Arc;

use gridworld_envs::{Domain, Outcome, RestoreError, StreamId, Task};
use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

use super::sight::{Scene, Sight};
use crate::config::{Advantages, TrainingConfig};
use crate::loss::{Coefficients, Losses, Samples, actor_critic};
use crate::model::Model;
use crate::parameters::Bound;
use crate::phases::Phases;
use crate::returns::{Trajectory, lambda_returns, normalize};
use crate::sampler::{Decisions, Sampler};
use crate::unroll::{self, CoreState, Input, Sizes, Unroll};
use gridworld_envs::contract::{Caller, CheckedBatch, ContractViolation};

/// A thread's share of the training: it acts in its own environments and differentiates what it did.
pub struct Worker {
    model: Arc<Model>,
    config: TrainingConfig,
    batch: CheckedBatch,
    sight: Sight,
    unroll: Box<dyn Unroll>,
    sampler: Sampler,
    /// True for each lane that begins an episode.
    first: Vec<bool>,
    phases: Phases,
    /// The sum of rewards of each lane's episode so far.
    returns_so_far: Vec<f32>,
    /// The worker's copy of the parameters; its gradient is the rollout's.
    parameters: Tensor,
    tape: Tape,
}

/// Steps of a rollout: `[time, lane]`.
struct Tape {
    outputs: Vec<f32>,
    values: Vec<f32>,
    actions: Vec<u8>,
    advances: Vec<bool>,
    rewards: Vec<f32>,
    outcomes: Vec<Outcome>,
    final_values: Vec<f32>,
    returns: Vec<f32>,
    advantages: Vec<f32>,
    gradient: Vec<f32>,
}

/// Measurements of an update beyond its gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UpdateStatistics {
    /// Environment steps that were taken.
    pub steps: u64,
    /// Number of episodes that ended.
    pub episodes: u64,
    /// Number of episodes that succeeded.
    pub successes: u64,
    /// Sum of the returns of the episodes that ended.
    pub returns: f64,
    /// Terms of the loss.
    pub losses: Losses,
}

/// State that a worker needs to go on exactly, between two rollouts.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkerState {
    /// State of the environments, in words.
    pub environment: Vec<u64>,
    /// State of the core.
    pub core: CoreState,
    /// 1 for each lane that begins an episode, or 0.
    pub first: Vec<u8>,
    /// Phases of the lanes; empty for an agent without phases.
    pub phases: Vec<u8>,
    /// Sums of rewards so far, lane by lane.
    pub returns: Vec<f32>,
    /// The keys of the frames in the table, in the order of their rows. The order decides in which
    /// order gradients are summed, and so their last bits. None where frames are drawn from the state.
    pub frames: Vec<u64>,
    /// Number of time steps that were sampled.
    pub time: u64,
}

impl Worker {
    /// Worker `index` of a training, with fresh environments.
    ///
    /// # Errors
    /// If the environments are not what the task says.
    pub fn new(
        model: &Arc<Model>,
        task: &dyn Task,
        config: &TrainingConfig,
        index: u32,
        device: Device,
    ) -> Result<Worker, ContractViolation> {
        let stream = |domain| StreamId { seed: config.seed, domain, index };
        let (lanes, width) = (config.envs, model.heads().width());
        let count = lanes * config.rollout;
        Ok(Worker {
            model: Arc::clone(model),
            config: config.clone(),
            batch: CheckedBatch::new(task, lanes, stream(Domain::Training), Caller::Worker(index))?,
            sight: Sight::new(model, device),
            unroll: unroll::for_device(Sizes::new(model, lanes, config.rollout), model.wiring(), device),
            sampler: Sampler::new(stream(Domain::Actions)),
            first: vec![true; lanes],
            phases: Phases::new(lanes, model.config().phases),
            returns_so_far: vec![0.0; lanes],
            parameters: Tensor::zeros([model.layout().len() as i64], (tch::Kind::Float, device))
                .set_requires_grad(true),
            tape: Tape {
                outputs: vec![0.0; count * width],
                values: vec![0.0; count],
                actions: vec![0; count],
                advances: vec![false; count],
                rewards: vec![0.0; count],
                outcomes: vec![Outcome::Running; count],
                final_values: vec![0.0; count],
                returns: vec![0.0; count],
                advantages: vec![0.0; count],
                gradient: vec![0.0; count * width],
            },
        })
    }

    /// The worker's copy of the parameters, to be filled before [`update`](Self::update).
    pub fn parameters(&mut self) -> &mut Tensor {
        &mut self.parameters
    }

    /// Takes one rollout under the present parameters, when the fraction `share` of the training is done, and gives the
    /// loss's gradient on them, a vector as long as they are.
    ///
    /// # Errors
    /// If an environment breaks its contract; the worker is then of no further use.
    pub fn update(&mut self, share: f64) -> Result<(Tensor, UpdateStatistics), ContractViolation> {
        self.parameters.zero_grad();
        let bound = self.model.layout().bind(&self.parameters);
        let features = self.sight.load(&bound);
        let weights = self.model.weights(&bound, features.as_ref());
        self.unroll.load(weights);
        let mut statistics = self.collect(&bound)?;
        statistics.losses = self.differentiate(share);
        self.unroll.rewind();
        let mut gradient = self.parameters.grad().copy();
        self.sight.backward(self.model.layout(), &mut gradient);
        Ok((gradient, statistics))
    }

    /// Acts for a rollout, and writes the tape up to the returns.
    fn collect(&mut self, bound: &Bound) -> Result<UpdateStatistics, ContractViolation> {
        let (lanes, columns) = (self.config.envs, self.model.heads());
        let width = columns.width();
        let mut statistics = UpdateStatistics { steps: (lanes * self.config.rollout) as u64, ..Default::default() };
        let mut rows = Vec::with_capacity(lanes);
        for t in 0..self.config.rollout {
            let at = t * lanes;
            let shown = self.batch.observe()?;
            if let Some(features) = self.sight.look(&self.batch, Scene::Now(shown.frames), &mut rows)? {
                self.unroll.extend(self.model.table(bound, &features));
            }
            let input =
                Input { rows: &rows, instructions: shown.instructions, first: &self.first, phases: &self.phases.now };
            let outputs = self.unroll.step(input);
            self.tape.outputs[at * width..][..lanes * width].copy_from_slice(outputs);
            let actions = &mut self.tape.actions[at..][..lanes];
            let advances = &mut self.tape.advances[at..][..lanes];
            self.sampler.sample(outputs, columns, Decisions { actions: &mut *actions, advances: &mut *advances });
            self.phases.go_on(advances);

            let transitions = self.batch.step(actions)?;
            self.tape.rewards[at..][..lanes].copy_from_slice(transitions.rewards);
            self.tape.outcomes[at..][..lanes].copy_from_slice(transitions.outcomes);
            let mut truncated = Vec::new();
            let (mut final_frames, mut final_instructions) = (Vec::new(), Vec::new());
            for (lane, &outcome) in transitions.outcomes.iter().enumerate() {
                self.returns_so_far[lane] += transitions.rewards[lane];
                self.first[lane] = outcome.ends();
                if outcome.ends() {
                    statistics.episodes += 1;
                    statistics.successes += u64::from(transitions.infos[lane].success);
                    statistics.returns += f64::from(std::mem::take(&mut self.returns_so_far[lane]));
                }
                if outcome == Outcome::Truncated {
                    truncated.push(lane);
                    final_frames.push(transitions.finals.frames[lane]);
                    final_instructions.push(transitions.finals.instructions[lane]);
                }
            }
            if !truncated.is_empty() {
                let scene = Scene::Last(&truncated, &final_frames);
                if let Some(features) = self.sight.look(&self.batch, scene, &mut rows)? {
                    self.unroll.extend(self.model.table(bound, &features));
                }
                let first = vec![false; truncated.len()];
                let phases: Vec<u8> = truncated.iter().map(|&lane| self.phases.now[lane]).collect();
                let input = Input { rows: &rows, instructions: &final_instructions, first: &first, phases: &phases };
                for (&lane, value) in truncated.iter().zip(self.unroll.peek(&truncated, input)) {
                    self.tape.final_values[at + lane] = value;
                }
            }
            self.phases.begin(&self.first);
        }
        self.compute_advantages(bound, &mut rows)?;
        Ok(statistics)
    }

    /// Values, returns and advantages of the rollout that was just taken.
    fn compute_advantages(&mut self, bound: &Bound, rows: &mut Vec<u32>) -> Result<(), ContractViolation> {
        let columns = self.model.heads();
        let lanes: Vec<usize> = (0..self.config.envs).collect();
        let shown = self.batch.observe()?;
        if let Some(features) = self.sight.look(&self.batch, Scene::Next(shown.frames), rows)? {
            self.unroll.extend(self.model.table(bound, &features));
        }
        let input = Input { rows, instructions: shown.instructions, first: &self.first, phases: &self.phases.now };
        let bootstrap = self.unroll.peek(&lanes, input);
        let tape = &mut self.tape;
        for (value, output) in tape.values.iter_mut().zip(tape.outputs.chunks_exact(columns.width())) {
            *value = columns.value(output);
        }
        let trajectory = Trajectory {
            lanes: self.config.envs,
            rewards: &tape.rewards,
            outcomes: &tape.outcomes,
            values: &tape.values,
            final_values: &tape.final_values,
            bootstrap: &bootstrap,
        };
        lambda_returns(&trajectory, self.config.discount, self.config.lambda, &mut tape.returns);
        for (advantage, (g, v)) in tape.advantages.iter_mut().zip(tape.returns.iter().zip(&tape.values)) {
            *advantage = g - v;
        }
        if self.config.advantages == Advantages::Normalized {
            normalize(&mut tape.advantages, self.config.advantage_floor);
        }
        Ok(())
    }

    /// The loss over the tape; its gradient goes to the parameters.
    fn differentiate(&mut self, share: f64) -> Losses {
        let tape = &mut self.tape;
        let samples = Samples {
            actions: &tape.actions,
            advances: &tape.advances,
            advantages: &tape.advantages,
            returns: &tape.returns,
        };
        let entropy = self.config.entropy_schedule.value(self.config.entropy.into(), share) as f32;
        let coefficients = Coefficients { value: self.config.value, entropy };
        let losses = actor_critic(&tape.outputs, self.model.heads(), &samples, coefficients, &mut tape.gradient);
        self.unroll.backward(&tape.gradient);
        losses
    }

    /// Everything that the next rollout depends on, besides the parameters.
    #[must_use]
    pub fn save(&self) -> WorkerState {
        WorkerState {
            environment: self.batch.save(),
            core: self.unroll.state(),
            first: self.first.iter().map(|&first| u8::from(first)).collect(),
            phases: if self.model.heads().phases { self.phases.now.clone() } else { Vec::new() },
            returns: self.returns_so_far.clone(),
            frames: self.sight.keys(),
            time: self.sampler.time,
        }
    }

    /// Restores the state that [`save`](Self::save) gave.
    ///
    /// # Errors
    /// If the environments do not take their words back, or do not know a frame.
    pub fn restore(&mut self, state: &WorkerState) -> Result<(), RestoreError> {
        self.batch.restore(&state.environment)?;
        self.unroll.set_state(&state.core);
        self.first = state.first.iter().map(|&first| first != 0).collect();
        if self.model.heads().phases {
            self.phases.now.clone_from(&state.phases);
        }
        self.returns_so_far.clone_from(&state.returns);
        self.sight.restore(&self.batch, &state.frames).map_err(|violation| RestoreError {
            environment: violation.environment,
            reason: violation.violation.to_string(),
        })?;
        self.sampler.time = state.time;
        self.batch.steps = state.time;
        Ok(())
    }
}

//! Actors that are evaluated: a policy as it is, or an agent with its network.

use std::ops::Range;
use std::sync::Arc;

use gridworld_envs::{Batch, FrameKey, Frames, Policy, StreamId};
use tch::{Device, Tensor};

use super::{Activations, PhaseActivation};
use crate::model::Model;
use crate::parameters::Bound;
use crate::phases::Phases;
use crate::sampler::{Decisions, Sampler, greedy};
use crate::unroll::{self, Input, Sizes, Unroll};
use crate::vision::{Encoder, FrameTable, Gradient, ImageEncoder, encoder_for_device, image_encoder_for_device};

/// Chooser of actions in the lanes of a batch.
pub trait Actor {
    /// Gives the number of lanes that it acts in.
    fn lanes(&self) -> usize;

    /// Chooses an action for each lane; `first[i]` says that lane `i` begins an episode.
    fn act(&mut self, batch: &dyn Batch, first: &[bool], actions: &mut [u8]);

    /// Gives the network's state in each of `lanes`, as it last acted; nothing if there is no network.
    fn activations(&self, _lanes: Range<usize>) -> Vec<Activations> {
        Vec::new()
    }
}

/// A policy that needs no images.
pub struct PolicyActor {
    /// Policy that chooses the actions.
    pub policy: Box<dyn Policy>,
    /// Number of lanes that the policy acts in.
    pub lanes: usize,
}

impl Actor for PolicyActor {
    fn lanes(&self) -> usize {
        self.lanes
    }

    fn act(&mut self, batch: &dyn Batch, first: &[bool], actions: &mut [u8]) {
        self.policy.act(batch.observe(), first, actions);
    }
}

/// Choice of an action by the policy's probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The most probable action.
    Greedy,
    /// An action drawn by the probabilities.
    Sample(StreamId),
}

/// Source of the features of the observations.
enum Sight {
    /// A row of the table for each key that was seen.
    Keyed { frames: Box<FrameTable<FrameKey>>, encoder: Box<dyn Encoder> },
    /// A row for each lane, anew in each step.
    Drawn { encoder: Box<dyn ImageEncoder> },
}

impl Sight {
    fn new(model: &Model, device: Device) -> Sight {
        match model.frames() {
            Frames::Keyed => Sight::Keyed {
                frames: Box::new(model.frame_table()),
                encoder: encoder_for_device(model.vision(), device),
            },
            Frames::Drawn => Sight::Drawn { encoder: image_encoder_for_device(model.vision(), device) },
        }
    }
}

/// An agent with its network, acting and not learning.
pub struct AgentActor {
    model: Arc<Model>,
    bound: Bound,
    sight: Sight,
    unroll: Box<dyn Unroll>,
    lanes: usize,
    sampler: Option<Sampler>,
    rows: Vec<u32>,
    /// Phase of each lane in the last step.
    phases: Phases,
    /// True for each lane whose next step is in the next phase.
    advances: Vec<bool>,
    /// The heads' last outputs, `[lanes, columns]`.
    heads: Vec<f32>,
}

impl AgentActor {
    /// An agent in `lanes` lanes, with a copy of `parameters` on `device`.
    #[must_use]
    pub fn new(model: &Arc<Model>, parameters: &Tensor, lanes: usize, device: Device, choice: Choice) -> AgentActor {
        let parameters = parameters.detach().to_device(device).copy();
        let sampler = match choice {
            Choice::Greedy => None,
            Choice::Sample(stream) => Some(Sampler::new(stream)),
        };
        let mut actor = AgentActor {
            bound: model.layout().bind(&parameters),
            sight: Sight::new(model, device),
            unroll: unroll::for_device(Sizes::new(model, lanes, 1), model.wiring(), device),
            model: Arc::clone(model),
            lanes,
            sampler,
            rows: Vec::new(),
            phases: Phases::new(lanes, model.config().phases),
            advances: vec![false; lanes],
            heads: Vec::new(),
        };
        actor.load();
        actor
    }

    /// Number of counters of the feedback loop; 0 without one.
    #[must_use]
    pub fn counters(&self) -> usize {
        self.model.wiring().units()
    }

    /// Adds `amounts`, one for each counter, to the counters of `lanes`, as the last step left them.
    pub(super) fn add_to_counters(&mut self, lanes: &[usize], amounts: &[f32]) {
        if lanes.is_empty() {
            return;
        }
        let mut state = self.unroll.state();
        for &lane in lanes {
            let counters = state.n[lane * amounts.len()..].iter_mut();
            counters.zip(amounts).for_each(|(counter, amount)| *counter += amount);
        }
        self.unroll.set_state(&state);
    }

    /// Computes the outputs of the heads for what the batch shows.
    fn think(&mut self, batch: &dyn Batch, first: &[bool]) {
        let shown = batch.observe();
        if matches!(&self.sight, Sight::Keyed { frames, .. } if frames.is_full()) {
            self.load();
        }
        match &mut self.sight {
            Sight::Keyed { frames, encoder } => {
                frames.look_up(shown.frames, &mut self.rows, |key, pixels| batch.render(key, pixels));
                if let Some(frame_list) = frames.fresh() {
                    encoder.load(&self.bound);
                    self.unroll.extend(self.model.table(&self.bound, &encoder.encode(&frame_list)));
                }
            }
            Sight::Drawn { encoder } => {
                let mut draw = |lane: usize, pixels: &mut [u8]| batch.draw(lane, pixels);
                let features = encoder.encode(self.lanes, &mut draw, Gradient::Unwanted);
                self.unroll.load(self.model.weights(&self.bound, Some(&features)));
            }
        }
        self.unroll.rewind();
        let outputs = self.unroll.step(Input {
            rows: &self.rows,
            instructions: shown.instructions,
            first,
            phases: &self.phases.now,
        });
        self.heads.clear();
        self.heads.extend_from_slice(outputs);
    }

    fn load(&mut self) {
        let features = match &mut self.sight {
            Sight::Keyed { frames, encoder } => {
                encoder.load(&self.bound);
                frames.all().map(|frame_list| encoder.encode(&frame_list))
            }
            Sight::Drawn { encoder } => {
                encoder.load(&self.bound);
                self.rows = (0..self.lanes as u32).collect();
                None
            }
        };
        self.unroll.load(self.model.weights(&self.bound, features.as_ref()));
    }
}

impl Actor for AgentActor {
    fn lanes(&self) -> usize {
        self.lanes
    }

    fn act(&mut self, batch: &dyn Batch, first: &[bool], actions: &mut [u8]) {
        self.phases.go_on(&self.advances);
        self.phases.begin(first);
        tch::no_grad(|| self.think(batch, first));
        let decisions = Decisions { actions, advances: &mut self.advances };
        match &mut self.sampler {
            None => greedy(&self.heads, self.model.heads(), decisions),
            Some(sampler) => sampler.sample(&self.heads, self.model.heads(), decisions),
        }
    }

    fn activations(&self, lanes: Range<usize>) -> Vec<Activations> {
        let state = self.unroll.state();
        let feedback = self.model.wiring().feedback.map(|(_, feedback)| feedback);
        let of = |values: &[f32], lane: usize| {
            let columns = values.len() / self.lanes;
            values[lane * columns..][..columns].to_vec()
        };
        let activations = |lane| {
            let columns = self.model.heads();
            let row = &self.heads[lane * columns.width()..][..columns.width()];
            let phase = columns.advance(row).map(|logit| PhaseActivation { now: self.phases.now[lane], logit });
            let n = of(&state.n, lane);
            let read = feedback
                .map_or(Vec::new(), |feedback| n.iter().map(|&n| feedback.read.value(feedback.gain, n)).collect());
            Activations {
                logits: columns.logits(row).to_vec(),
                phase,
                value: columns.value(row),
                h: of(&state.h, lane),
                c: of(&state.c, lane),
                n,
                read,
            }
        };
        lanes.map(activations).collect()
    }
}

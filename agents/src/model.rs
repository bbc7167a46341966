//! The network: vision, core and heads, as parameters with names and as the weights of an unroll.

use gridworld_envs::{FrameShape, Frames, Spec};
use rand::Rng;
use tch::{Kind, Tensor};

use crate::cells::{Cell, Constraint};
use crate::config::{ModelConfig, When};
use crate::parameters::{Bound, Layout, Parameter, Slot, fill_orthogonal, fill_uniform};
use crate::vision::{Convnet, Listing};
use crate::wiring::Wiring;

/// What a policy head starts with: nearly uniform, so that exploration starts in every direction.
const POLICY_GAIN: f64 = 0.01;

/// A network's structure. Its numbers are elsewhere, in a flat vector laid out by [`layout`](Self::layout).
#[derive(Clone, Debug)]
pub struct Model {
    config: ModelConfig,
    frame: FrameShape,
    frames: Frames,
    actions: usize,
    layout: Layout,
    vision: Convnet,
    lstm: LstmSlots,
    cell: Option<(Cell, Vec<Slot>)>,
    heads: HeadSlots,
}

#[derive(Clone, Copy, Debug)]
struct LstmSlots {
    weight_features: Slot,
    weight_recurrent: Slot,
    weight_instruction: Option<Slot>,
    weight_feedback: Option<Slot>,
    bias: Slot,
}

#[derive(Clone, Copy, Debug)]
struct HeadSlots {
    policy_weight: Slot,
    policy_bias: Slot,
    value_weight: Slot,
    value_bias: Slot,
}

/// What an unroll computes with: the parameters, made ready for one rollout.
///
/// With `K = hidden + units` columns for `z = [h_tm1, r_t]`, `I` inputs of the loop and `A`
/// actions.
#[derive(Debug)]
pub struct Weights {
    /// `[frames, 4·hidden]`: the part of the gates' preactivation that a frame gives, bias included.
    pub table: Tensor,
    /// `[4·hidden, K]`: the weights of `z` on the gates.
    pub recurrent: Tensor,
    /// `[4·hidden]`: the weight of T on the gates; zeros where the LSTM is not told it.
    pub instruction: Tensor,
    /// `[units, I]` each: the effective weights of the loop's cell; none without a loop.
    pub feedback: Vec<Tensor>,
    /// `[A + 1, hidden]`: the policy's rows, then the value's.
    pub heads: Tensor,
    /// `[A + 1]`.
    pub heads_bias: Tensor,
}

impl Weights {
    /// All of them, in the order of the fields.
    pub fn each(&self) -> Vec<&Tensor> {
        let core = [&self.table, &self.recurrent, &self.instruction];
        core.into_iter().chain(&self.feedback).chain([&self.heads, &self.heads_bias]).collect()
    }
}

impl Model {
    /// The network that `config` describes, for an environment like `spec`.
    pub fn new(config: &ModelConfig, spec: &Spec) -> Model {
        let mut layout = Layout::default();
        let vision = Convnet::new(config, spec.frame, &mut layout);
        let (gates, hidden) = (4 * config.hidden, config.hidden);
        let lstm = LstmSlots {
            weight_features: layout.add("core.lstm.weight_features", &[gates, config.features]),
            weight_recurrent: layout.add("core.lstm.weight_recurrent", &[gates, hidden]),
            weight_instruction: (config.told != When::Never)
                .then(|| layout.add("core.lstm.weight_instruction", &[gates, 1])),
            weight_feedback: config
                .feedback
                .map(|feedback| layout.add("core.lstm.weight_feedback", &[gates, feedback.units])),
            bias: layout.add("core.lstm.bias", &[gates]),
        };
        let cell = Wiring::new(config).feedback.map(|(cell, feedback)| {
            let shape = [feedback.units, feedback.inputs()];
            let names = cell.about().parameters.iter().map(|initial| format!("core.{}.{}", cell.name(), initial.name));
            (cell, names.map(|name| layout.add(&name, &shape)).collect())
        });
        let actions = spec.actions.len();
        let heads = HeadSlots {
            policy_weight: layout.add("heads.policy.weight", &[actions, hidden]),
            policy_bias: layout.add("heads.policy.bias", &[actions]),
            value_weight: layout.add("heads.value.weight", &[1, hidden]),
            value_bias: layout.add("heads.value.bias", &[1]),
        };
        let (config, frame, frames) = (config.clone(), spec.frame, spec.frames);
        Model { config, frame, frames, actions, layout, vision, lstm, cell, heads }
    }

    /// Names, shapes and places of the parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// What it was made from.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// The images that vision takes.
    pub fn frame(&self) -> FrameShape {
        self.frame
    }

    /// Where these images come from.
    pub fn frames(&self) -> Frames {
        self.frames
    }

    /// From images to features.
    pub fn vision(&self) -> &Convnet {
        &self.vision
    }

    /// How many actions the policy chooses from.
    pub fn actions(&self) -> usize {
        self.actions
    }

    /// How the instruction reaches the LSTM.
    pub fn wiring(&self) -> Wiring {
        Wiring::new(&self.config)
    }

    /// The parameter of the loop's cell that is held to something, and to what.
    pub fn constrained(&self) -> Option<(&Parameter, Constraint)> {
        let (cell, slots) = self.cell.as_ref()?;
        Some((self.layout.parameter(slots[0]), cell.about().constraint?))
    }

    /// Fresh parameters: orthogonal matrices, the loop's cell by its own rule, the forget gate open
    /// (bias 1; Jozefowicz et al. 2015). Vision still has to see frames:
    /// [`calibrate`](Self::calibrate).
    pub fn initialize(&self, rng: &mut impl Rng) -> Vec<f32> {
        let mut flat = vec![0.0; self.layout.len()];
        let (layout, hidden) = (&self.layout, self.config.hidden);
        self.vision.initialize(&mut flat, layout, rng);
        let features = layout.slice(&mut flat, self.lstm.weight_features);
        fill_orthogonal(features, self.config.features, 1.0, rng);
        fill_orthogonal(layout.slice(&mut flat, self.lstm.weight_recurrent), hidden, 1.0, rng);
        let bound = 1.0 / (hidden as f64).sqrt();
        for slot in [self.lstm.weight_instruction, self.lstm.weight_feedback].into_iter().flatten() {
            fill_uniform(layout.slice(&mut flat, slot), bound, rng);
        }
        layout.slice(&mut flat, self.lstm.bias)[hidden..2 * hidden].fill(1.0);
        if let Some((cell, slots)) = &self.cell {
            let (inputs, units) = (self.wiring().inputs(), self.wiring().units());
            for (initial, &slot) in cell.about().parameters.iter().zip(slots) {
                let weights = layout.slice(&mut flat, slot);
                fill_uniform(weights, (initial.range)(inputs, units), rng);
                weights.iter_mut().for_each(|weight| *weight += initial.centre);
            }
        }
        fill_orthogonal(layout.slice(&mut flat, self.heads.policy_weight), hidden, POLICY_GAIN, rng);
        fill_orthogonal(layout.slice(&mut flat, self.heads.value_weight), hidden, 1.0, rng);
        flat
    }

    /// Brings the features of the listed frames to mean 0 and deviation 1, by changing `flat`.
    pub fn calibrate(&self, flat: &Tensor, listing: &Listing) {
        self.vision.calibrate(&self.layout.bind(flat), listing);
    }

    /// The weights of an unroll, with the graph that leads back to the parameters and to `features`,
    /// `[frames, features]`. Without frames the table is empty.
    pub fn weights(&self, parameters: &Bound, features: Option<&Tensor>) -> Weights {
        let bias = &parameters[self.lstm.bias];
        let table = match features {
            Some(features) => self.table(parameters, features),
            None => Tensor::zeros([0, bias.size()[0]], (Kind::Float, bias.device())),
        };
        let mut columns = vec![&parameters[self.lstm.weight_recurrent]];
        columns.extend(self.lstm.weight_feedback.map(|slot| &parameters[slot]));
        let instruction = match self.lstm.weight_instruction {
            Some(slot) => parameters[slot].view([-1]) * f64::from(self.config.instruction_scale),
            None => bias.zeros_like(),
        };
        let feedback = self.cell.as_ref().map_or(Vec::new(), |(cell, slots)| {
            cell.weights(&slots.iter().map(|&slot| &parameters[slot]).collect::<Vec<_>>())
        });
        let heads = &self.heads;
        Weights {
            table,
            recurrent: Tensor::cat(&columns, 1),
            instruction,
            feedback,
            heads: Tensor::cat(&[&parameters[heads.policy_weight], &parameters[heads.value_weight]], 0),
            heads_bias: Tensor::cat(&[&parameters[heads.policy_bias], &parameters[heads.value_bias]], 0),
        }
    }

    /// `[frames, 4·hidden]`: what each frame gives to the gates. The features are multiplied by the
    /// LSTM's input weights here, once for each frame and not once for each step.
    pub fn table(&self, parameters: &Bound, features: &Tensor) -> Tensor {
        parameters[self.lstm.bias].addmm(features, &parameters[self.lstm.weight_features].tr())
    }
}

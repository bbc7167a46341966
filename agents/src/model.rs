//! The network: vision, core and heads, as parameters with names and as the weights of an unroll.

use gridworld_envs::{FrameShape, Frames, Spec};
use rand::Rng;
use tch::{Kind, Tensor};

use crate::cells::{nac, nau};
use crate::config::{Cell, ModelConfig, When};
use crate::feedback::{Feedback, Wiring};
use crate::parameters::{Bound, Layout, Parameter, Slot, fill_orthogonal, fill_uniform};
use crate::vision::{Convnet, Listing};

/// Initial gain of a policy head: nearly uniform, so that exploration starts in every direction.
const POLICY_GAIN: f64 = 0.01;

/// Structure of a network. Its numbers are elsewhere, in a flat vector laid out by [`layout`](Self::layout).
#[derive(Clone, Debug)]
pub struct Model {
    config: ModelConfig,
    frame: FrameShape,
    frames: Frames,
    actions: usize,
    layout: Layout,
    vision: Convnet,
    lstm: LstmSlots,
    feedback: Option<(Feedback, CellSlots)>,
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

/// The parameters of the loop's cell, each `[units, inputs]`.
#[derive(Clone, Copy, Debug)]
enum CellSlots {
    Nac { w_hat: Slot, m_hat: Slot },
    Nalu { w_hat: Slot, m_hat: Slot, gate: Slot },
    Nau { weight: Slot },
}

#[derive(Clone, Copy, Debug)]
struct HeadSlots {
    policy_weight: Slot,
    policy_bias: Slot,
    value_weight: Slot,
    value_bias: Slot,
}

/// Parameters that an unroll computes with, made ready for one rollout.
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
    /// `[units, I]`: the effective weights of the feedback loop; empty without one.
    pub feedback: Tensor,
    /// `[units, I]`: the weights of a NALU's gate; empty where the loop's cell has none.
    pub gate: Tensor,
    /// `[A + 1, hidden]`: the policy's rows, then the value's.
    pub heads: Tensor,
    /// Biases of the heads, `[A + 1]`.
    pub heads_bias: Tensor,
}

impl Weights {
    /// Gives all seven tensors, in the order of the fields.
    pub fn each(&self) -> [&Tensor; 7] {
        [&self.table, &self.recurrent, &self.instruction, &self.feedback, &self.gate, &self.heads, &self.heads_bias]
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
        let feedback = Wiring::new(config).feedback.map(|feedback| {
            let mut add = |name: &str| layout.add(&format!("core.{name}"), &[feedback.units, feedback.inputs()]);
            let slots = match feedback.cell {
                Cell::Nac => CellSlots::Nac { w_hat: add("nac.w_hat"), m_hat: add("nac.m_hat") },
                Cell::Nalu => {
                    CellSlots::Nalu { w_hat: add("nalu.w_hat"), m_hat: add("nalu.m_hat"), gate: add("nalu.gate") }
                }
                Cell::Nau => CellSlots::Nau { weight: add("nau.weight") },
            };
            (feedback, slots)
        });
        let actions = spec.actions.len();
        let heads = HeadSlots {
            policy_weight: layout.add("heads.policy.weight", &[actions, hidden]),
            policy_bias: layout.add("heads.policy.bias", &[actions]),
            value_weight: layout.add("heads.value.weight", &[1, hidden]),
            value_bias: layout.add("heads.value.bias", &[1]),
        };
        let (config, frame, frames) = (config.clone(), spec.frame, spec.frames);
        Model { config, frame, frames, actions, layout, vision, lstm, feedback, heads }
    }

    /// Names, shapes and places of the parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Gives the configuration that the network was made from.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// Gives the size of the images that vision takes.
    pub fn frame(&self) -> FrameShape {
        self.frame
    }

    /// Gives the source of the images.
    pub fn frames(&self) -> Frames {
        self.frames
    }

    /// Gives the part that turns images into features.
    pub fn vision(&self) -> &Convnet {
        &self.vision
    }

    /// Number of actions that the policy chooses from.
    pub fn actions(&self) -> usize {
        self.actions
    }

    /// Gives the paths of the instruction to the LSTM.
    pub fn wiring(&self) -> Wiring {
        Wiring::new(&self.config)
    }

    /// The parameter that holds the NAU's weights, if the loop has one.
    pub fn nau(&self) -> Option<&Parameter> {
        match self.feedback {
            Some((_, CellSlots::Nau { weight })) => Some(self.layout.parameter(weight)),
            _ => None,
        }
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
        if let Some((feedback, slots)) = self.feedback {
            let (inputs, units) = (feedback.inputs(), feedback.units);
            let mut fill = |slot, range| fill_uniform(layout.slice(&mut flat, slot), range, rng);
            match slots {
                CellSlots::Nac { w_hat, m_hat } => {
                    [w_hat, m_hat].into_iter().for_each(|slot| fill(slot, nac::initial_range(inputs, units)));
                }
                CellSlots::Nalu { w_hat, m_hat, gate } => {
                    [w_hat, m_hat].into_iter().for_each(|slot| fill(slot, nac::initial_range(inputs, units)));
                    fill(gate, nau::initial_range(inputs, units));
                }
                CellSlots::Nau { weight } => fill(weight, nau::initial_range(inputs, units)),
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
        let empty = || Tensor::zeros([0, 0], (Kind::Float, bias.device()));
        let (feedback, gate) = match self.feedback.map(|(_, slots)| slots) {
            Some(CellSlots::Nac { w_hat, m_hat }) => (nac::weight(&parameters[w_hat], &parameters[m_hat]), empty()),
            Some(CellSlots::Nalu { w_hat, m_hat, gate }) => {
                (nac::weight(&parameters[w_hat], &parameters[m_hat]), parameters[gate].shallow_clone())
            }
            Some(CellSlots::Nau { weight }) => (parameters[weight].shallow_clone(), empty()),
            None => (empty(), empty()),
        };
        let heads = &self.heads;
        Weights {
            table,
            recurrent: Tensor::cat(&columns, 1),
            instruction,
            feedback,
            gate,
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

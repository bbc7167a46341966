//! The network: vision, core and heads, as parameters with names and as the weights of an unroll.

use gridworld_envs::{FrameKey, FrameShape, Frames, Spec};
use rand::Rng;
use tch::{Kind, Tensor};

use crate::cells::{Cell, Constraint};
use crate::config::{Convolution, ModelConfig};
use crate::cores::{Memory, Source};
use crate::feedback::InstructionInput;
use crate::head_columns::HeadColumns;
use crate::parameters::{Bound, Layout, Parameter, Slot, fill_orthogonal, fill_uniform};
use crate::vision::Convnet;
use crate::wiring::Wiring;
use gridworld_kernels::{FrameList, FrameTable};

/// Initial gain of a policy head: nearly uniform, so that exploration starts in every direction.
const POLICY_GAIN: f64 = 0.01;

/// Initial bias of the logit of going on to the next phase: a probability of 0.047.
const PHASE_BIAS: f32 = -3.0;

/// Structure of a network. Its numbers are elsewhere, in a flat vector laid out by [`layout`](Self::layout).
#[derive(Clone, Debug)]
pub struct Model {
    config: ModelConfig,
    frame: FrameShape,
    frames: Frames,
    actions: usize,
    layout: Layout,
    vision: Convnet,
    core: CoreSlots,
    cell: Option<(Cell, Vec<Slot>)>,
    heads: HeadSlots,
}

#[derive(Clone, Copy, Debug)]
struct CoreSlots {
    weight_features: Slot,
    weight_recurrent: Option<Slot>,
    weight_instruction: Option<Slot>,
    weight_feedback: Option<Slot>,
    weight_clock: Option<Slot>,
    weight_phase: Option<Slot>,
    bias: Slot,
}

#[derive(Clone, Copy, Debug)]
struct HeadSlots {
    policy_weight: Slot,
    policy_bias: Slot,
    phase: Option<(Slot, Slot)>,
    value_weight: Slot,
    value_bias: Slot,
}

/// Weights that an unroll computes with, made from the parameters for one rollout.
///
/// Shapes: `G` is the number of gates ([`About::gates`](crate::cores::About::gates)), `K` the number of columns of z
/// that the core reads (see [`Core`](crate::cores::Core)): hidden, if it reads its state or nothing else, units, one more
/// for a clock, and one for each phase but the first; `I` is the number of inputs of the loop and `A` that of the heads' columns.
#[derive(Debug)]
pub struct Weights {
    /// `[frames, G·hidden]`: the part of a that a frame gives, bias included.
    pub table: Tensor,
    /// `[G·hidden, K]`: the weights of `z`.
    pub recurrent: Tensor,
    /// `[G·hidden]`: the weight of T; zeros where the core is not told it.
    pub instruction: Tensor,
    /// `[units, I]` each: the effective weights of the loop's cell; none without a loop.
    pub feedback: Vec<Tensor>,
    /// `[A, hidden]`: the policy's rows, that of the next phase if there are phases, and the value's.
    pub heads: Tensor,
    /// Biases of the heads, `[A]`.
    pub heads_bias: Tensor,
}

impl Weights {
    /// All of them, in the order of the fields.
    pub(crate) fn each(&self) -> Vec<&Tensor> {
        let core = [&self.table, &self.recurrent, &self.instruction];
        core.into_iter().chain(&self.feedback).chain([&self.heads, &self.heads_bias]).collect()
    }
}

impl Model {
    /// The network that `config` describes, for an environment like `spec`.
    #[must_use]
    pub fn new(config: &ModelConfig, spec: &Spec) -> Model {
        let mut layout = Layout::default();
        let vision = Convnet::new(config, spec.frame, &mut layout);
        let (hidden, kind) = (config.hidden, config.core.about());
        let inputs = kind.input_rows;
        let mut add = |name: &str, rows: usize, columns: usize| {
            layout.add(&format!("core.{}.{name}", kind.name), &[rows * hidden, columns])
        };
        let core = CoreSlots {
            weight_features: add("weight_features", inputs, config.features),
            weight_recurrent: (kind.state_rows > 0).then(|| add("weight_recurrent", kind.state_rows, hidden)),
            weight_instruction: (config.told != InstructionInput::Never).then(|| add("weight_instruction", inputs, 1)),
            weight_feedback: config.feedback.map(|feedback| add("weight_feedback", inputs, feedback.units)),
            weight_clock: (kind.memory == Memory::Clock).then(|| add("weight_clock", inputs, 1)),
            weight_phase: (config.phases > 1).then(|| add("weight_phase", inputs, config.phases - 1)),
            bias: layout.add(&format!("core.{}.bias", kind.name), &[kind.gates * hidden]),
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
            phase: (config.phases > 1)
                .then(|| (layout.add("heads.phase.weight", &[1, hidden]), layout.add("heads.phase.bias", &[1]))),
            value_weight: layout.add("heads.value.weight", &[1, hidden]),
            value_bias: layout.add("heads.value.bias", &[1]),
        };
        let (config, frame, frames) = (config.clone(), spec.frame, spec.frames);
        Model { config, frame, frames, actions, layout, vision, core, cell, heads }
    }

    /// Names, shapes and places of the parameters.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Gives the configuration that the network was made from.
    #[must_use]
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// Gives the size of the images that vision takes.
    #[must_use]
    pub fn frame(&self) -> FrameShape {
        self.frame
    }

    /// Gives the source of the images.
    pub(crate) fn frames(&self) -> Frames {
        self.frames
    }

    /// Makes an empty table of the frames that vision is to see.
    #[must_use]
    pub fn frame_table(&self) -> FrameTable<FrameKey> {
        FrameTable::new(self.frame.into(), self.config.convolutions.iter().map(Convolution::square))
    }

    /// Gives the part that turns images into features.
    #[must_use]
    pub fn vision(&self) -> &Convnet {
        &self.vision
    }

    /// Number of actions that the policy chooses from.
    #[must_use]
    pub fn actions(&self) -> usize {
        self.actions
    }

    /// Gives the columns of the heads' outputs.
    #[must_use]
    pub fn heads(&self) -> HeadColumns {
        HeadColumns { actions: self.actions, phases: self.config.phases > 1 }
    }

    /// Its core, and how the instruction reaches it.
    #[must_use]
    pub fn wiring(&self) -> Wiring {
        Wiring::new(&self.config)
    }

    /// The parameter of the loop's cell that is constrained after each update, with the constraint; `None` if the cell
    /// has none.
    #[must_use]
    pub fn constrained(&self) -> Option<(&Parameter, Constraint)> {
        let (cell, slots) = self.cell.as_ref()?;
        Some((self.layout.parameter(slots[0]), cell.about().constraint?))
    }

    /// Initial parameters, `layout().len()` numbers: orthogonal matrices (Saxe et al. 2014) in vision, in the heads,
    /// and for the core's weights of features and of its own state; U[−1/√H, 1/√H], with H hidden units, for its
    /// weights of instruction, counters, clock and phase; zero biases but for [`About::bias`](crate::cores::About::bias) and
    /// that of the next phase, which at first comes after one step in twenty; the
    /// loop's cell by its [`Initial`](crate::cells::Initial)s. Vision must be [calibrated](Self::calibrate) afterwards.
    pub fn initialize(&self, rng: &mut impl Rng) -> Vec<f32> {
        let mut flat = vec![0.0; self.layout.len()];
        let (layout, hidden) = (&self.layout, self.config.hidden);
        self.vision.initialize(&mut flat, layout, rng);
        let core = &self.core;
        fill_orthogonal(layout.slice(&mut flat, core.weight_features), self.config.features, 1.0, rng);
        if let Some(slot) = core.weight_recurrent {
            fill_orthogonal(layout.slice(&mut flat, slot), hidden, 1.0, rng);
        }
        let bound = 1.0 / (hidden as f64).sqrt();
        for slot in
            [core.weight_instruction, core.weight_feedback, core.weight_clock, core.weight_phase].into_iter().flatten()
        {
            fill_uniform(layout.slice(&mut flat, slot), bound, rng);
        }
        if let Some((block, bias)) = self.config.core.about().bias {
            layout.slice(&mut flat, core.bias)[block * hidden..][..hidden].fill(bias);
        }
        if let Some((cell, slots)) = &self.cell {
            let (inputs, units) = (self.wiring().inputs(), self.wiring().units());
            for (initial, &slot) in cell.about().parameters.iter().zip(slots) {
                let weights = layout.slice(&mut flat, slot);
                fill_uniform(weights, (initial.range)(inputs, units), rng);
                weights.iter_mut().for_each(|weight| *weight += initial.centre);
            }
        }
        fill_orthogonal(layout.slice(&mut flat, self.heads.policy_weight), hidden, POLICY_GAIN, rng);
        if let Some((weight, bias)) = self.heads.phase {
            fill_orthogonal(layout.slice(&mut flat, weight), hidden, POLICY_GAIN, rng);
            layout.slice(&mut flat, bias).fill(PHASE_BIAS);
        }
        fill_orthogonal(layout.slice(&mut flat, self.heads.value_weight), hidden, 1.0, rng);
        flat
    }

    /// Scales the parameters of vision in `flat`, in place, so that over the frames of `frame_list` every feature has
    /// mean 0 and standard deviation 1.
    pub fn calibrate(&self, flat: &Tensor, frame_list: &FrameList) {
        self.vision.calibrate(&self.layout.bind(flat), frame_list);
    }

    /// Computes the weights that an unroll takes for one rollout. They are differentiable with respect to `parameters`
    /// and to `features`, `[frames, features]`. Without `features` the table is empty.
    #[must_use]
    pub fn weights(&self, parameters: &Bound, features: Option<&Tensor>) -> Weights {
        let (slots, core) = (&self.core, self.config.core.core());
        let bias = &parameters[slots.bias];
        let input = |slot: Slot| core.arrange(&parameters[slot], Source::Input);
        let table = match features {
            Some(features) => self.table(parameters, features),
            None => Tensor::zeros([0, bias.size()[0]], (Kind::Float, bias.device())),
        };
        let state = match slots.weight_recurrent {
            Some(slot) => Some(core.arrange(&parameters[slot], Source::State)),
            None => {
                let columns = self.wiring().state_columns(self.config.hidden) as i64;
                (columns > 0).then(|| Tensor::zeros([bias.size()[0], columns], (Kind::Float, bias.device())))
            }
        };
        let columns = [slots.weight_feedback, slots.weight_clock, slots.weight_phase].into_iter().flatten().map(input);
        let columns: Vec<Tensor> = state.into_iter().chain(columns).collect();
        let instruction = match slots.weight_instruction {
            Some(slot) => input(slot).view([-1]) * f64::from(self.config.instruction_scale),
            None => bias.zeros_like(),
        };
        let feedback = self.cell.as_ref().map_or(Vec::new(), |(cell, slots)| {
            (cell.weights)(&slots.iter().map(|&slot| &parameters[slot]).collect::<Vec<_>>())
        });
        let heads = &self.heads;
        let stacked = |policy: Slot, phase: Option<Slot>, value: Slot| {
            let slots = std::iter::once(policy).chain(phase).chain([value]);
            Tensor::cat(&slots.map(|slot| &parameters[slot]).collect::<Vec<_>>(), 0)
        };
        Weights {
            table,
            recurrent: Tensor::cat(&columns, 1),
            instruction,
            feedback,
            heads: stacked(heads.policy_weight, heads.phase.map(|(weight, _)| weight), heads.value_weight),
            heads_bias: stacked(heads.policy_bias, heads.phase.map(|(_, bias)| bias), heads.value_bias),
        }
    }

    /// `[frames, G·hidden]`: what each frame gives to the core. The features are multiplied by the
    /// core's input weights here, once for each frame and not once for each step.
    pub fn table(&self, parameters: &Bound, features: &Tensor) -> Tensor {
        let weight = self.config.core.core().arrange(&parameters[self.core.weight_features], Source::Input);
        parameters[self.core.bias].addmm(features, &weight.tr())
    }
}

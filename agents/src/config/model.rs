//! The network: its sizes, its core, and the feedback loop beside it.

use gridworld_envs::{FrameShape, Spec};
use gridworld_kernels::{BLOCK, Square};
use serde::{Deserialize, Serialize};

use super::agent::AgentName;
use super::limits::{ConfigError, MOST, MOST_NUMBERS, count, refuse, within};
use crate::cells::{About, Cell, MOST_UNITS};
use crate::cores::CoreName;
use crate::feedback::{Feedback, FeedbackInput, InstructionInput, Presence, Read, StateInput, Update};

/// Most phases that an agent may tell apart.
const MOST_PHASES: u128 = 64;

/// Configuration of one layer of the convnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convolution {
    /// Number of output channels.
    pub channels: usize,
    /// Side of the square kernel, in pixels of its input.
    pub kernel: usize,
    /// Step between two positions; no padding.
    pub stride: usize,
}

impl Convolution {
    /// Gives the square that the convolution sees at each position.
    #[must_use]
    pub fn square(&self) -> Square {
        Square { kernel: self.kernel, stride: self.stride }
    }
}

/// The feedback loop beside the core.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoopConfig {
    /// Cell of the loop.
    pub cell: Cell,
    /// Inputs of the loop, and use of its output.
    pub reading: FeedbackInput,
    /// Number of accumulators.
    pub units: usize,
    /// Factor on an accumulator before the core reads it; T and the clock count in steps.
    pub gain: f32,
    /// Form in which the core reads an accumulator; runs from before there was a choice have the tanh.
    #[serde(default)]
    pub read: Read,
    /// Number of the core's outputs that [`FeedbackInput::Events`] reads, as bits.
    #[serde(default = "bits")]
    pub bits: usize,
    /// Factor on the gradient that passes these bits to the core: it sums over all later steps, and would drown the
    /// others. Runs from before there was a choice have 1.
    #[serde(default = "whole_gradient")]
    pub bit_gradient: f32,
}

/// Number of bits that a loop of events reads by default.
fn bits() -> usize {
    2
}

/// Factor on the gradient in runs that do not say one.
fn whole_gradient() -> f32 {
    1.0
}

impl LoopConfig {
    /// Makes the configuration of the loop around `cell`, with its defaults.
    #[must_use]
    pub fn of(cell: Cell) -> LoopConfig {
        let About { reading, units, gain, read, .. } = *cell.about();
        LoopConfig { cell, reading, units, gain, read, bits: bits(), bit_gradient: 0.3 }
    }

    /// Gives the loop's inputs beside a core of `hidden` units in an agent of `phases` phases, and the use of its output.
    #[must_use]
    pub fn wired(&self, hidden: usize, phases: usize) -> Feedback {
        use Presence::{Absent, Present};
        let (instruction, clock, state, own, update) = match self.reading {
            FeedbackInput::Additive => (InstructionInput::Start, Present, StateInput::Absent, Absent, Update::Add),
            FeedbackInput::AdditiveState => (InstructionInput::Start, Present, StateInput::Values, Absent, Update::Add),
            FeedbackInput::Events => (
                InstructionInput::Start,
                Absent,
                StateInput::Bits { count: self.bits, gradient: self.bit_gradient },
                Absent,
                Update::Add,
            ),
            FeedbackInput::Phases => (InstructionInput::Start, Absent, StateInput::Absent, Absent, Update::Add),
            FeedbackInput::Recurrent => (InstructionInput::Start, Absent, StateInput::Values, Present, Update::Replace),
            FeedbackInput::State => (InstructionInput::Always, Absent, StateInput::Values, Absent, Update::Replace),
            FeedbackInput::Instruction => {
                (InstructionInput::Always, Absent, StateInput::Absent, Absent, Update::Replace)
            }
        };
        let (start, phases) = if self.reading == FeedbackInput::Phases { (Present, phases - 1) } else { (Absent, 0) };
        let (units, gain, read) = (self.units, self.gain, self.read);
        Feedback { units, gain, read, instruction, clock, start, phases, state, own, update, hidden }
    }
}

/// Start of vision before the first update, from frames of random play.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calibration {
    /// Layers are scaled, and the features are the principal components of what the last one sees.
    #[default]
    Whitened,
    /// Layers and features are scaled to mean 0 and deviation 1.
    Scaled,
}

/// Configuration of vision beyond its layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisionConfig {
    /// Start before the first update.
    pub calibration: Calibration,
    /// True if vision stays as it is at the start: its learning rate is zero.
    pub frozen: bool,
}

/// Configuration of the network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelConfig {
    /// The convnet's layers, each followed by a ReLU.
    pub convolutions: Vec<Convolution>,
    /// Number of features of a frame.
    pub features: usize,
    /// Start of vision, and if it learns.
    #[serde(default)]
    pub vision: VisionConfig,
    /// The core; runs from before there was a choice have an LSTM.
    #[serde(default)]
    pub core: CoreName,
    /// The core's units.
    pub hidden: usize,
    /// Factor on the instruction before the core reads it, which brings it to unit scale.
    pub instruction_scale: f32,
    /// Steps in which the core itself is shown the instruction, beside the output of the feedback loop.
    pub told: InstructionInput,
    /// The feedback loop, if the agent has one.
    pub feedback: Option<LoopConfig>,
    /// Number of phases of an episode. An agent with more than one decides in each step, beside its action, whether the
    /// next step is in the next phase, and its core is told the phase (memory as an action; Peshkin et al. 1999,
    /// arXiv:cs/0103003). Runs from before there were phases have one.
    #[serde(default = "one")]
    pub phases: usize,
}

/// Number of phases of an agent that has none to tell apart.
fn one() -> usize {
    1
}

impl ModelConfig {
    /// Makes the network of a learning agent, with its defaults.
    pub fn of(agent: AgentName) -> ModelConfig {
        ModelConfig {
            convolutions: vec![
                Convolution { channels: 16, kernel: 8, stride: 4 },
                Convolution { channels: 32, kernel: 4, stride: 2 },
            ],
            features: 64,
            vision: VisionConfig::default(),
            core: CoreName::Lstm,
            hidden: 64,
            instruction_scale: 0.1,
            told: agent.cell().map_or(InstructionInput::Always, |cell| cell.about().told),
            feedback: agent.cell().map(LoopConfig::of),
            phases: one(),
        }
    }

    /// Returns in words what this network has where `other` has something else: `hidden 32, not 16`.
    #[must_use]
    pub fn differences(&self, other: &ModelConfig) -> String {
        // By way of a text, as a number of 32 bits is to stay that.
        let settings = |config| -> serde_json::Map<String, serde_json::Value> {
            let text = serde_json::to_string(config).unwrap_or_default();
            serde_json::from_str(&text).unwrap_or_default()
        };
        let others = settings(other);
        let differing = settings(self).into_iter().filter(|(name, value)| others.get(name) != Some(value));
        let words = differing.map(|(name, value)| format!("{name} {value}, not {}", others[&name]));
        words.collect::<Vec<_>>().join("; ")
    }
}

impl ModelConfig {
    /// Checks that there can be such a network for `spec`, and gives about how many parameters it has.
    pub(super) fn check(&self, spec: &Spec) -> Result<u128, ConfigError> {
        let hidden = count("model.hidden", self.hidden, MOST)?;
        let features = count("model.features", self.features, MOST)?;
        if !(2..=255).contains(&spec.actions.len()) {
            return refuse("environment.actions", spec.actions.len(), "it must be from 2 to 255");
        }
        within("model.instruction_scale", self.instruction_scale.into(), -1e6..=1e6)?;
        let phases = count("model.phases", self.phases, MOST_PHASES)?;
        let mut units = 0;
        if let Some(feedback) = self.feedback {
            units = count("model.feedback.units", feedback.units, MOST_UNITS as u128)?;
            count("model.feedback.bits", feedback.bits, hidden)?;
            within("model.feedback.bit_gradient", feedback.bit_gradient.into(), 0.0..=1e6)?;
            within("model.feedback.gain", feedback.gain.into(), 0.0..=1e6)?;
            if feedback.cell.about().given && !feedback.wired(self.hidden, self.phases).clock.is_present() {
                let why = format!("the {} needs an additive loop", feedback.cell.about().title);
                return refuse("model.feedback.reading", feedback.reading.as_str(), why);
            }
        }
        if phases == 1 && self.feedback.is_some_and(|feedback| feedback.reading == FeedbackInput::Phases) {
            return refuse("model.phases", phases, "a feedback loop that reads the phase needs at least 2");
        }
        let (vision, flat) = self.convnet(spec.frame)?;
        let core = 4 * hidden * (features + hidden + units + phases + 2) + 3 * units * (hidden + units + phases + 3);
        let parameters = vision + flat * features + core + (spec.actions.len() as u128 + 2) * (hidden + 1);
        match parameters {
            0..=MOST_NUMBERS => Ok(parameters),
            _ => refuse("model.hidden", hidden, format!("the network would have {parameters} parameters")),
        }
    }

    /// The convolutions' parameters, and how many numbers they make of a frame.
    fn convnet(&self, frame: FrameShape) -> Result<(u128, u128), ConfigError> {
        let FrameShape { height, width, channels } = frame;
        let [mut rows, mut columns, mut inputs] = [
            count("environment.frame.height", height, MOST)?,
            count("environment.frame.width", width, MOST)?,
            count("environment.frame.channels", channels, MOST)?,
        ];
        let mut parameters = 0;
        if rows * columns * inputs > MOST_NUMBERS {
            return refuse("environment.frame", format!("{height}×{width}×{channels}"), "it is too large");
        }
        for convolution in &self.convolutions {
            let outputs = count("model.convolutions.channels", convolution.channels, MOST)?;
            let stride = count("model.convolutions.stride", convolution.stride, MOST)?;
            let kernel = count("model.convolutions.kernel", convolution.kernel, rows.min(columns))?;
            (rows, columns) = ((rows - kernel) / stride + 1, (columns - kernel) / stride + 1);
            parameters += outputs * (kernel * kernel * inputs + 1);
            if outputs.max(rows * columns * outputs).max(parameters) > MOST_NUMBERS {
                return refuse("model.convolutions.channels", outputs, "the layer would be too large");
            }
            inputs = outputs;
        }
        Ok((parameters, rows * columns * inputs + 1))
    }

    /// About how many numbers a rollout keeps of an image that is drawn from the state: its bytes, and
    /// what the convolutions make of it. The shape was checked.
    pub(super) fn numbers_of_image(&self, frame: FrameShape) -> u128 {
        let (mut rows, mut columns) = (frame.height, frame.width);
        let mut numbers = frame.bytes() as u128 / 4;
        for convolution in &self.convolutions {
            rows = (rows - convolution.kernel) / convolution.stride + 1;
            columns = (columns - convolution.kernel) / convolution.stride + 1;
            numbers += (rows * columns) as u128 * convolution.channels.next_multiple_of(BLOCK) as u128;
        }
        numbers
    }
}

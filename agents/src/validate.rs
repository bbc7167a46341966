//! Limits of a configuration: every size has room, every number a meaning.
//!
//! A configuration comes from flags, from a file or from somebody's program. What is wrong with it is
//! said here, before anything of the size that it claims is allocated.

use gridworld_envs::{FrameShape, Frames, Spec};

use crate::cells::MOST_UNITS;
use crate::config::{Config, ModelConfig, OptimizerConfig, TrainingConfig};
use gridworld_kernels::BLOCK;

/// The greatest count of anything that there are many of: lanes, steps in a rollout, units, episodes.
const MOST: u128 = 1 << 20;

/// The most numbers in all that a network, or what a rollout keeps, may have: 4 GiB of them.
const MOST_NUMBERS: u128 = 1 << 30;

/// Field whose value is not possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` cannot be {value}: {reason}")]
pub struct ConfigError {
    /// The field, as in `config.json`, such as `training.envs`.
    pub field: &'static str,
    /// Value of the field.
    pub value: String,
    /// Reason why the value is not possible.
    pub reason: String,
}

fn refuse<T>(field: &'static str, value: impl ToString, reason: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError { field, value: value.to_string(), reason: reason.into() })
}

/// Checks a count of at least one and at most `most`.
fn count(field: &'static str, value: usize, most: u128) -> Result<u128, ConfigError> {
    match value as u128 {
        value if (1..=most).contains(&value) => Ok(value),
        _ => refuse(field, value, format!("it must be from 1 to {most}")),
    }
}

fn within(field: &'static str, value: f64, range: std::ops::RangeInclusive<f64>) -> Result<(), ConfigError> {
    // A NaN is in no range.
    if range.contains(&value) {
        return Ok(());
    }
    refuse(field, value, format!("it must be from {} to {}", range.start(), range.end()))
}

fn above_zero(field: &'static str, value: f64) -> Result<(), ConfigError> {
    if value > 0.0 && value.is_finite() { Ok(()) } else { refuse(field, value, "it must be above 0 and finite") }
}

impl Config {
    /// Checks that this can be trained, on an environment like `spec`.
    ///
    /// # Errors
    /// The first field that cannot be so.
    pub fn check(&self, spec: &Spec) -> Result<(), ConfigError> {
        let agent = self.agent.as_str();
        if self.agent.cell() != self.model.feedback.map(|feedback| feedback.cell) {
            return refuse("model.feedback", "this", format!("the loop of `{agent}` has another cell, or none"));
        }
        let parameters = self.model.check(spec)?;
        self.training.check(&self.model, parameters)?;
        match spec.frames {
            Frames::Keyed => Ok(()),
            Frames::Drawn => self.training.check_images(self.model.numbers_of_image(spec.frame)),
        }
    }
}

impl ModelConfig {
    /// Checks that there can be such a network for `spec`, and gives about how many parameters it has.
    fn check(&self, spec: &Spec) -> Result<u128, ConfigError> {
        let hidden = count("model.hidden", self.hidden, MOST)?;
        let features = count("model.features", self.features, MOST)?;
        if !(2..=255).contains(&spec.actions.len()) {
            return refuse("environment.actions", spec.actions.len(), "it must be from 2 to 255");
        }
        within("model.instruction_scale", self.instruction_scale.into(), -1e6..=1e6)?;
        let mut units = 0;
        if let Some(feedback) = self.feedback {
            units = count("model.feedback.units", feedback.units, MOST_UNITS as u128)?;
            within("model.feedback.gain", feedback.gain.into(), 0.0..=1e6)?;
        }
        let (vision, flat) = self.convnet(spec.frame)?;
        let core = 4 * hidden * (features + hidden + units + 2) + 3 * units * (hidden + units + 2);
        let parameters = vision + flat * features + core + (spec.actions.len() as u128 + 1) * (hidden + 1);
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
}

impl ModelConfig {
    /// About how many numbers a rollout keeps of an image that is drawn from the state: its bytes, and
    /// what the convolutions make of it. The shape was checked.
    fn numbers_of_image(&self, frame: FrameShape) -> u128 {
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

impl TrainingConfig {
    /// Checks that there is room for the images of all rollouts, with so many numbers each.
    fn check_images(&self, each: u128) -> Result<(), ConfigError> {
        let numbers = (self.workers * self.envs * self.rollout) as u128 * each;
        match numbers {
            0..=MOST_NUMBERS => Ok(()),
            _ => {
                let why = format!("with these workers and rollouts the images make {numbers} numbers");
                refuse("training.envs", self.envs, why)
            }
        }
    }

    fn check(&self, model: &ModelConfig, parameters: u128) -> Result<(), ConfigError> {
        let hidden = model.hidden as u128;
        let workers = count("training.workers", self.workers, 4096)?;
        let envs = count("training.envs", self.envs, MOST)?;
        let rollout = count("training.rollout", self.rollout, MOST)?;
        let episodes = count("training.eval_episodes", self.eval_episodes, MOST)?;
        if workers * (parameters + envs * rollout * hidden) > MOST_NUMBERS {
            let numbers = workers * (parameters + envs * rollout * hidden);
            return refuse(
                "training.envs",
                envs,
                format!("with these workers and rollouts it makes {numbers} numbers"),
            );
        }
        if episodes * hidden > MOST_NUMBERS {
            return refuse("training.eval_episodes", episodes, format!("with {hidden} hidden units it is too many"));
        }
        for (field, value) in [("training.steps", self.steps), ("training.eval_interval", self.eval_interval)] {
            if value == 0 || value > i64::MAX as u64 {
                return refuse(field, value, format!("it must be from 1 to {}", i64::MAX));
            }
        }
        self.check_numbers()
    }

    fn check_numbers(&self) -> Result<(), ConfigError> {
        within("training.discount", self.discount.into(), 0.0..=1.0)?;
        within("training.lambda", self.lambda.into(), 0.0..=1.0)?;
        within("training.entropy", self.entropy.into(), 0.0..=f32::MAX.into())?;
        within("training.value", self.value.into(), 0.0..=f32::MAX.into())?;
        above_zero("training.clip", self.clip)?;
        within("training.learning_rate", self.learning_rate, 0.0..=f64::MAX)?;
        if let Some(until) = self.until {
            within("training.until", until, 0.0..=1.0)?;
        }
        if let Some(sparsity) = self.sparsity {
            within("training.sparsity.weight", sparsity.weight, 0.0..=f32::MAX.into())?;
            within("training.sparsity.discretize", sparsity.discretize, 0.0..=1.0)?;
            within("training.sparsity.ramp", sparsity.ramp.1, 0.0..=1.0)?;
            within("training.sparsity.ramp", sparsity.ramp.0, 0.0..=sparsity.ramp.1)?;
        }
        let (decays, epsilon) = match self.optimizer {
            OptimizerConfig::Adam { beta1, beta2, epsilon } => ([beta1, beta2], epsilon),
            OptimizerConfig::RmsProp { alpha, epsilon } => ([alpha, alpha], epsilon),
        };
        // A decay of 1 would never learn from a gradient, and divide by nothing in Adam.
        decays.into_iter().try_for_each(|decay| within("training.optimizer", decay, 0.0..=1.0 - 1e-9))?;
        within("training.optimizer.epsilon", epsilon, 0.0..=1.0)
    }
}

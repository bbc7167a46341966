//! The flags of `gridworld train`, from what was typed to what is trained.

mod configuration;
mod flags;
mod kept;

use std::path::PathBuf;

use clap::{Args, Command, ValueHint};
use gridworld_agents::cores::CoreName;
use gridworld_agents::{
    Advantages, AgentName, Calibration, Config, FeedbackInput, InstructionInput, LoopConfig, Mode, ModelConfig, OnNan,
    OptimizerConfig, Read, Rounding, Schedule, SparsityConfig, TrainingConfig, VisionConfig,
};
use gridworld_envs::{Instructions, Registry, Reward};
use gridworld_terminal::program::CliError;
use serde_json::Value;

use super::arguments::{
    self, above_zero, advantages, agents, calibrations, cores, count, counter_inputs, fraction, holdout, modes,
    not_negative, on_nan, optimizers, positive, readings, rewards, roundings, schedules, seed, share, stretch,
    time_limit, told, tolerance, weight,
};
use super::device::DeviceChoice;
use super::environment::{offer, setting};
pub use configuration::check;
pub use flags::{renamed, setting_of, spelled, without_effect};
pub use kept::check_flags;

/// Arguments of `train`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Agent to train (`gridworld list` describes them): an LSTM alone, or with a neural accumulator (NAC), neural
    /// arithmetic logic unit (NALU), neural addition unit (NAU) or neural multiplication unit (NMU)
    #[arg(long, value_parser = agents(), default_value = "lstm-nac", help_heading = "Task")]
    pub agent: AgentName,
    /// Environment to train in (`gridworld list` describes them)
    #[arg(long, help_heading = "Task")]
    pub env: Option<String>,
    /// Values of T to train on: a range with both ends included, or a list such as 5..12,19 [default: 5..12]
    #[arg(long = "T", value_name = "LIST", allow_hyphen_values = true, help_heading = "Task")]
    pub instructions: Option<Instructions>,
    /// Reward for arriving: graded is 1 minus 0.1 for each step early or late; exact is 1 on time and 0 otherwise
    /// [default: graded]
    #[arg(long, value_parser = rewards(), help_heading = "Task")]
    pub reward: Option<Reward>,
    /// Time limit: steps after which an episode is cut off [default: largest T + 8; IntervalReproduction-v1: 2·T + 12]
    #[arg(long, value_name = "STEPS", value_parser = time_limit, help_heading = "Task")]
    pub time_limit: Option<u32>,
    /// Steps early or late that still count as success, in IntervalReproduction-v1 [default: 1]
    #[arg(long, value_name = "STEPS", value_parser = tolerance, help_heading = "Task")]
    pub tolerance: Option<u32>,
    /// Share of the placements that is kept out of training; evaluations report them apart [default: 0]
    #[arg(long, value_name = "SHARE", value_parser = holdout, help_heading = "Task")]
    pub holdout: Option<f64>,
    /// Setting of the environment by name (`gridworld list`), for one that has no flag, such as in an environment of your
    /// own; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting, help_heading = "Task")]
    pub set: Vec<(String, Value)>,

    /// Random seed of the training
    #[arg(long, value_name = "N", value_parser = seed, default_value_t = TrainingConfig::of(AgentName::LstmNac).seed, help_heading = "Training")]
    pub seed: u64,
    /// Environment steps in total, over all workers [default: the agent's, see `gridworld list`]
    #[arg(long, value_name = "N", value_parser = positive, help_heading = "Training")]
    pub steps: Option<u64>,
    /// Stop early once success on feasible episodes is at least SHARE at every T in two evaluations in a row, for example
    /// 0.99
    #[arg(long = "stop-at", alias = "until", value_name = "SHARE", value_parser = share, help_heading = "Training")]
    pub until: Option<f64>,
    /// Worker threads, each of which acts and learns
    #[arg(long, value_name = "N", value_parser = count, default_value_t = TrainingConfig::of(AgentName::LstmNac).workers, help_heading = "Training")]
    pub workers: usize,
    /// Environments per worker, stepped together
    #[arg(long, value_name = "N", value_parser = count, default_value_t = TrainingConfig::of(AgentName::LstmNac).envs, help_heading = "Training")]
    pub envs: usize,
    /// Rollout length: steps of each environment between two updates
    #[arg(long, value_name = "N", value_parser = count, default_value_t = TrainingConfig::of(AgentName::LstmNac).rollout, help_heading = "Training")]
    pub rollout: usize,
    /// Gradient exchange between workers: async is A3C, sync is reproducible bit for bit
    #[arg(long, value_parser = modes(), default_value = "async", help_heading = "Training")]
    pub mode: Mode,
    /// Device: cpu, cuda, cuda:N or auto
    #[arg(long, value_name = "DEVICE", default_value_t = DeviceChoice::Cpu, help_heading = "Training")]
    pub device: DeviceChoice,
    /// Initial learning rate
    #[arg(long, value_name = "X", value_parser = above_zero, default_value_t = TrainingConfig::of(AgentName::LstmNac).learning_rate, help_heading = "Training")]
    pub learning_rate: f64,
    /// Learning-rate schedule
    #[arg(long, value_parser = schedules(), default_value = "constant", help_heading = "Training")]
    pub schedule: Schedule,
    /// Optimizer of the parameters
    #[arg(long, value_parser = optimizers(), default_value = "adam", help_heading = "Training")]
    pub optimizer: OptimizerConfig,
    /// Discount factor γ per step
    #[arg(long, value_name = "X", value_parser = fraction, default_value_t = TrainingConfig::of(AgentName::LstmNac).discount, help_heading = "Training")]
    pub discount: f32,
    /// λ of the λ-returns; 1 gives A3C's n-step returns
    #[arg(long, value_name = "X", value_parser = fraction, default_value_t = TrainingConfig::of(AgentName::LstmNac).lambda, help_heading = "Training")]
    pub lambda: f32,
    /// Weight of the entropy bonus
    #[arg(long, value_name = "X", value_parser = weight, default_value_t = TrainingConfig::of(AgentName::LstmNac).entropy, help_heading = "Training")]
    pub entropy: f32,
    /// Course of that weight from its start to the last step
    #[arg(long, value_parser = schedules(), default_value = "linear", help_heading = "Training")]
    pub entropy_schedule: Schedule,
    /// Weight of the value loss
    #[arg(long, value_name = "X", value_parser = weight, default_value_t = TrainingConfig::of(AgentName::LstmNac).value, help_heading = "Training")]
    pub value: f32,
    /// Maximum global norm of a gradient (gradient clipping)
    #[arg(long, value_name = "X", value_parser = above_zero, default_value_t = TrainingConfig::of(AgentName::LstmNac).clip, help_heading = "Training")]
    pub clip: f64,
    /// Reaction to a loss, gradient or parameter that is NaN or infinite: stop, or roll back to the last checkpoint with
    /// half the learning rate, at most five times
    #[arg(long, value_parser = on_nan(), default_value = "stop", help_heading = "Training")]
    pub on_nan: OnNan,
    /// Advantage scaling before an update
    #[arg(long, value_parser = advantages(), default_value = "normalized", help_heading = "Training")]
    pub advantages: Advantages,
    /// Least number by which normalized advantages are divided: 0 makes their standard deviation 1 in every update, a large
    /// one keeps small advantages small
    #[arg(long, value_name = "X", value_parser = not_negative, default_value_t = TrainingConfig::of(AgentName::LstmNac).advantage_floor, help_heading = "Training")]
    pub advantage_floor: f64,
    /// Environment steps between two evaluations; a checkpoint is saved after each
    #[arg(long, value_name = "N", value_parser = positive, default_value_t = TrainingConfig::of(AgentName::LstmNac).eval_interval, help_heading = "Training")]
    pub eval_interval: u64,
    /// Episodes per T in each of these evaluations, drawn anew [default: one from each start; 100 where starts cannot be
    /// enumerated]
    #[arg(long, value_name = "N", value_parser = count, help_heading = "Training")]
    pub eval_episodes: Option<usize>,

    /// Recurrent core, in place of the LSTM (`gridworld list` gives the equations)
    #[arg(long, value_parser = cores(), default_value = CoreName::Lstm.as_str(), help_heading = "Network")]
    pub core: CoreName,
    /// Number of units of the core
    #[arg(long, value_name = "N", value_parser = count, default_value_t = ModelConfig::of(AgentName::LstmNac).hidden, help_heading = "Network")]
    pub hidden: usize,
    /// Size of the image embedding
    #[arg(long, value_name = "N", value_parser = count, default_value_t = ModelConfig::of(AgentName::LstmNac).features, help_heading = "Network")]
    pub features: usize,
    /// Start of vision, from frames of random play: features that are whitened (uncorrelated), or only scaled
    #[arg(long = "vision-calibration", value_name = "whitened|scaled", value_parser = calibrations(), default_value = "whitened", hide_possible_values = true, help_heading = "Network")]
    pub calibration: Calibration,
    /// Keep vision as it is at the start: only core and heads learn
    #[arg(long = "freeze-vision", help_heading = "Network")]
    pub frozen: bool,
    /// Steps in which T is an input of the core itself, beside the output of the feedback loop [default: the agent's]
    #[arg(long = "instruction-input", alias = "told", value_name = "always|first|never", value_parser = told(), hide_possible_values = true, help_heading = "Network")]
    pub told: Option<InstructionInput>,
    /// Inputs of the feedback loop (`gridworld list` gives the equations) [default: the agent's]
    #[arg(long = "feedback-input", alias = "reading", value_name = "INPUTS", value_parser = readings(), help_heading = "Network")]
    pub reading: Option<FeedbackInput>,
    /// Number of the core's outputs that `--feedback-input events` reads as bits: 0 if negative, else 1 [default: the
    /// agent's]
    #[arg(long, value_name = "N", value_parser = count, help_heading = "Network")]
    pub bits: Option<usize>,
    /// Factor on the gradient that passes these bits to the core [default: 0.3]
    #[arg(long, value_name = "X", value_parser = weight, help_heading = "Network")]
    pub bit_gradient: Option<f32>,
    /// Phases of an episode that the agent tells apart: with more than 1 it decides in each step, beside its action, whether
    /// to go on to the next one [default: 1, or 3 with --feedback-input phases]
    #[arg(long, value_name = "N", value_parser = count, help_heading = "Network")]
    pub phases: Option<usize>,
    /// Number of counters: units of the feedback loop's cell [default: the agent's]
    #[arg(long, value_name = "N", value_parser = count, help_heading = "Network")]
    pub units: Option<usize>,
    /// Input of the core from a counter n: tanh(GAIN · n) or GAIN · n [default: the agent's]
    #[arg(long = "counter-input", value_name = "tanh|linear", value_parser = counter_inputs(), hide_possible_values = true, help_heading = "Network")]
    pub read: Option<Read>,
    /// Scale of the counters at the core, see --counter-input; a counter is in steps [default: the agent's]
    #[arg(long, value_name = "GAIN", value_parser = weight, help_heading = "Network")]
    pub gain: Option<f32>,
    /// Final weight of the sparsity regularizer of a NAU or an NMU; 0 turns it off [default: the agent's]
    #[arg(long, value_name = "X", value_parser = weight, help_heading = "Network")]
    pub sparsity: Option<f32>,
    /// Fractions of training over which that weight ramps up from 0 [default: the agent's]
    #[arg(long, value_name = "A..B", value_parser = stretch, help_heading = "Network")]
    pub sparsity_ramp: Option<(f64, f64)>,
    /// Fraction of training after which the weights of a NAU are rounded to −1, 0 and 1, those of an NMU to 0 and 1; 1
    /// never rounds [default: the agent's]
    #[arg(long = "round-weights", alias = "discretize", value_name = "FRACTION", value_parser = fraction, help_heading = "Network")]
    pub discretize: Option<f32>,
    /// Condition of that rounding: scheduled rounds at that fraction; validated waits for the first evaluation after it in
    /// which the agent does as well with rounded weights, on the values of T that it trains on
    #[arg(long, value_parser = roundings(), default_value = "scheduled", help_heading = "Network")]
    pub rounding: Rounding,

    /// Folder in which the run gets a folder of its own
    #[arg(long, value_name = "DIR", default_value = "runs", value_hint = ValueHint::DirPath, help_heading = "Output")]
    pub runs: PathBuf,
    /// Name of the run's folder [default: made of environment, agent, seed and time]
    #[arg(long, help_heading = "Output")]
    pub name: Option<String>,
    /// Resume this run where it stopped
    #[arg(long, value_name = "RUN", value_hint = ValueHint::DirPath, help_heading = "Output")]
    pub resume: Option<PathBuf>,
    /// Print one JSON document at the end, and nothing else, on standard output
    #[arg(long, help_heading = "Output")]
    pub json: bool,
    /// No progress output
    #[arg(long, short, help_heading = "Output")]
    pub quiet: bool,
}

/// Phases by default of an agent whose feedback loop reads them: before, between and after two events.
const PHASES: usize = 3;

impl Arguments {
    /// Makes the configuration of `agent` that the flags describe.
    ///
    /// # Errors
    /// If there are more accumulators than there is room for.
    pub fn configuration(&self, agent: AgentName) -> Result<Config, CliError> {
        let defaults = Config::of(agent);
        let most = gridworld_agents::cells::MOST_UNITS;
        if let Some(units) = self.units.filter(|&units| units > most) {
            return Err(CliError::usage(format!("--units {units}: at most {most}")));
        }
        let feedback = defaults.model.feedback.map(|looped| LoopConfig {
            cell: looped.cell,
            reading: self.reading.unwrap_or(looped.reading),
            units: self.units.unwrap_or(looped.units),
            gain: self.gain.unwrap_or(looped.gain),
            read: self.read.unwrap_or(looped.read),
            bits: self.bits.unwrap_or(looped.bits),
            bit_gradient: self.bit_gradient.unwrap_or(looped.bit_gradient),
        });
        let is_phased = feedback.is_some_and(|looped| looped.reading == FeedbackInput::Phases);
        let sparsity = defaults.training.sparsity.map(|sparsity| SparsityConfig {
            weight: self.sparsity.map_or(sparsity.weight, f64::from),
            ramp: self.sparsity_ramp.unwrap_or(sparsity.ramp),
            discretize: self.discretize.map_or(sparsity.discretize, f64::from),
            rounding: self.rounding,
        });
        Ok(Config {
            model: ModelConfig {
                core: self.core,
                hidden: self.hidden,
                features: self.features,
                vision: VisionConfig { calibration: self.calibration, frozen: self.frozen },
                told: self.told.unwrap_or(defaults.model.told),
                feedback,
                phases: self.phases.unwrap_or(if is_phased { PHASES } else { defaults.model.phases }),
                ..defaults.model
            },
            training: TrainingConfig {
                seed: self.seed,
                steps: self.steps.unwrap_or(defaults.training.steps),
                until: self.until,
                workers: self.workers,
                envs: self.envs,
                rollout: self.rollout,
                mode: self.mode,
                discount: self.discount,
                lambda: self.lambda,
                entropy: self.entropy,
                value: self.value,
                clip: self.clip,
                entropy_schedule: self.entropy_schedule,
                advantages: self.advantages,
                advantage_floor: self.advantage_floor,
                sparsity,
                optimizer: self.optimizer,
                learning_rate: self.learning_rate,
                schedule: self.schedule,
                on_nan: self.on_nan,
                eval_interval: self.eval_interval,
                eval_episodes: self.eval_episodes,
                ..defaults.training
            },
            ..defaults
        })
    }
}

const EXAMPLES: &str = "Examples:
  gridworld train --agent lstm-nac --T 5..12
  gridworld train --agent lstm --seed 3 --mode sync --steps 2e6
  gridworld train --env IntervalReproduction-v1 --agent lstm
  gridworld train --resume runs/mine";

/// The command that parses these flags alone, where the environments are those of `registry`.
pub fn command(registry: &Registry) -> Command {
    // As for the whole program, the last one counts.
    let command = Arguments::augment_args(Command::new("train")).args_override_self(true);
    offer(arguments::with_negative_numbers(command), registry)
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches;

    use super::*;

    #[test]
    fn the_defaults_of_the_flags_are_those_of_the_library() {
        for agent in AgentName::ALL.into_iter().filter(|agent| agent.learns()) {
            let matches = command(&Registry::standard()).get_matches_from(["train"]);
            let arguments = Arguments::from_arg_matches(&matches).expect("no flag is needed");
            assert_eq!(arguments.configuration(agent).expect("a configuration"), Config::of(agent));
        }
    }
}

//! The configuration that flags describe.

use gridworld_agents::config::{AgentName, Config, LoopConfig, ModelConfig, SparsityConfig, TrainingConfig};

use gridworld_envs::{Configured, Registry};
use gridworld_terminal::program::error::CliError;
use gridworld_terminal::program::shell;

use super::Arguments;
use super::flags::flag_of;
use crate::options::environment::{Given, configure};

/// Returns what is to be trained, in which environment and where, with everything checked that can be before there is
/// a folder.
pub fn check(arguments: &Arguments, registry: &Registry) -> Result<(Configured, Config, tch::Device), CliError> {
    if !arguments.agent.learns() {
        let agent = arguments.agent;
        return Err(CliError::usage(format!(
            "--agent {agent}: it does not learn; evaluate it with `{} evaluate {agent}`",
            shell::program()
        )));
    }
    let config = configuration(arguments, arguments.agent)?;
    let environment = environment(arguments, registry)?;
    config.check(&environment.task().spec()).map_err(|error| match flag_of(error.field) {
        Some(flag) => CliError::usage(error).about(&flag),
        None => CliError::usage(error),
    })?;
    Ok((environment, config, arguments.device.resolve()?))
}

/// The environment that the flags describe.
fn environment(arguments: &Arguments, registry: &Registry) -> Result<Configured, CliError> {
    let Arguments { env, instructions, time_limit, reward, tolerance, set, .. } = arguments;
    let given = Given {
        instructions: instructions.as_ref(),
        time_limit: *time_limit,
        reward: *reward,
        tolerance: *tolerance,
        others: set,
    };
    configure(registry, env.as_deref(), given)
}

/// The configuration of `agent` that the flags describe.
pub fn configuration(arguments: &Arguments, agent: AgentName) -> Result<Config, CliError> {
    let defaults = Config::of(agent);
    let most = gridworld_agents::cells::MOST_UNITS;
    if let Some(units) = arguments.units.filter(|&units| units > most) {
        return Err(CliError::usage(format!("--units {units}: at most {most}")));
    }
    let feedback = defaults.model.feedback.map(|looped| LoopConfig {
        cell: looped.cell,
        reading: arguments.reading,
        units: arguments.units.unwrap_or(looped.units),
        gain: arguments.gain.unwrap_or(looped.gain),
    });
    let sparsity = defaults.training.sparsity.map(|sparsity| SparsityConfig {
        weight: arguments.sparsity.map_or(sparsity.weight, f64::from),
        ramp: arguments.sparsity_ramp.unwrap_or(sparsity.ramp),
        discretize: arguments.discretize.map_or(sparsity.discretize, f64::from),
    });
    Ok(Config {
        model: ModelConfig {
            core: arguments.core,
            hidden: arguments.hidden,
            features: arguments.features,
            told: arguments.told.unwrap_or(defaults.model.told),
            feedback,
            ..defaults.model
        },
        training: TrainingConfig {
            seed: arguments.seed,
            steps: arguments.steps.unwrap_or(defaults.training.steps),
            until: arguments.until,
            workers: arguments.workers,
            envs: arguments.envs,
            rollout: arguments.rollout,
            mode: arguments.mode,
            discount: arguments.discount,
            lambda: arguments.lambda.unwrap_or(defaults.training.lambda),
            entropy: arguments.entropy.unwrap_or(defaults.training.entropy),
            value: arguments.value,
            clip: arguments.clip,
            advantages: arguments.advantages,
            sparsity,
            optimizer: arguments.optimizer,
            learning_rate: arguments.learning_rate.unwrap_or(defaults.training.learning_rate),
            schedule: arguments.schedule,
            on_nan: arguments.on_nan,
            eval_interval: arguments.eval_interval,
            eval_episodes: arguments.eval_episodes,
            ..defaults.training
        },
        ..defaults
    })
}

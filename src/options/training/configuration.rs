//! The checked task and configuration that flags describe.

use gridworld_agents::Config;
use gridworld_envs::{Configured, Registry};
use gridworld_terminal::program::{CliError, shell};

use super::Arguments;
use super::flags::{flag_of, spelled, without_effect};
use crate::options::environment::{Given, configure};

/// Returns what is to be trained, in which environment and where, with everything checked that can be before there is
/// a folder; `given` are the flags that the user wrote.
///
/// # Errors
/// If there can be no such training, or a flag has no effect on it.
pub fn check(
    arguments: &Arguments,
    given: &[String],
    registry: &Registry,
) -> Result<(Configured, Config, tch::Device), CliError> {
    if !arguments.agent.learns() {
        let agent = arguments.agent;
        return Err(CliError::usage(format!(
            "--agent {agent}: it does not learn; evaluate it with `{} evaluate {agent}`",
            shell::program()
        )));
    }
    if let Some(reason) = given.iter().find_map(|flag| without_effect(&spelled(flag), arguments.agent)) {
        return Err(CliError::Usage(reason));
    }
    let config = arguments.configuration(arguments.agent)?;
    let environment = environment(arguments, registry)?;
    config.check(&environment.task().spec()).map_err(|error| match flag_of(error.field) {
        Some(flag) => CliError::usage(error).about(&flag),
        None => CliError::usage(error),
    })?;
    Ok((environment, config, arguments.device.resolve()?))
}

/// The environment that the flags describe.
fn environment(arguments: &Arguments, registry: &Registry) -> Result<Configured, CliError> {
    let Arguments { env, instructions, time_limit, reward, tolerance, holdout, set, .. } = arguments;
    let given = Given {
        instructions: instructions.as_ref(),
        time_limit: *time_limit,
        reward: *reward,
        tolerance: *tolerance,
        holdout: *holdout,
        others: set,
    };
    configure(registry, env.as_deref(), given)
}

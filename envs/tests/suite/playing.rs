//! Episodes played to their end, for the tests of the oracles.

use gridworld_envs::{Environment, EpisodeInfo, Observation, Observations, Outcome, Policy};

/// Plays the episode that begins with `observation`, with a `policy` for one lane that is told `told` of an observation:
/// its reward, length and verdict.
pub fn play(
    environment: &mut impl Environment,
    policy: &mut impl Policy,
    mut observation: Observation,
    told: impl Fn(Observation) -> f32,
) -> (f64, u32, EpisodeInfo) {
    let mut action = [0];
    for t in 1.. {
        let seen = Observations { frames: &[observation.frame], instructions: &[told(observation)] };
        policy.act(seen, &[t == 1], &mut action);
        let step = environment.step(usize::from(action[0]));
        if step.outcome != Outcome::Running {
            return (f64::from(step.reward), t, environment.info());
        }
        observation = step.observation;
    }
    unreachable!("the time limit ends every episode")
}

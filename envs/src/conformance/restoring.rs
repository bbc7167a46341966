//! Saving in the middle of episodes, and going on.

use crate::environment::{Batch, Policy, Task};
use crate::stream::Domain;

use super::plan::Plan;
use super::record::{LaneStep, Player, compare};
use super::violation::{Rule, Violation};

/// Steps before a state is saved. Odd and unrelated, so that hardly any episode length keeps all of
/// them from falling into the middle of an episode.
const MOMENTS: [usize; 4] = [0, 1, 7, 58];

pub(super) fn check(task: &dyn Task, plan: &Plan) -> Result<(), Violation> {
    for moment in MOMENTS {
        check_at(task, plan, moment)?;
    }
    Ok(())
}

fn check_at(task: &dyn Task, plan: &Plan, moment: usize) -> Result<(), Violation> {
    let broken = |detail: &str| Violation::new(Rule::Restore, format!("saved after {moment} steps: {detail}"));
    let new = || task.batch(plan.lanes, plan.stream(Domain::Training));
    let mut batch = new();
    let mut policy = plan.random_policy(task);
    run(&mut *batch, &mut policy, moment)?;
    let words = batch.save();
    let expected = run(&mut *batch, &mut policy.clone(), plan.steps)?;
    // The same batch, which has gone on in between, and a new one.
    for mut restored in [batch, new()] {
        restored.restore(&words).map_err(|error| broken(&error.to_string()))?;
        if restored.save() != words {
            return Err(broken("other words once restored"));
        }
        let found = run(&mut *restored, &mut policy.clone(), plan.steps)?;
        for (step, (expected, found)) in expected.iter().zip(&found).enumerate() {
            compare(Rule::Restore, expected, found, &format!("saved after {moment} steps, step {} on", step + 1))?;
        }
    }
    check_refusal(&new, &words)
}

/// Gives the first observations and the result of every step; the former as a step that gave nothing.
fn run(batch: &mut dyn Batch, policy: &mut impl Policy, steps: usize) -> Result<Vec<Vec<LaneStep>>, Violation> {
    let mut player = Player::new(batch, &mut *policy)?;
    let mut trace = Vec::with_capacity(steps + 1);
    trace.push(player.now.iter().map(|&now| LaneStep::shown(now)).collect());
    for _ in 0..steps {
        trace.push(player.step()?.to_vec());
    }
    Ok(trace)
}

/// Fails if a state with a word too few or a word too many is restored.
fn check_refusal(new: &dyn Fn() -> Box<dyn Batch>, words: &[u64]) -> Result<(), Violation> {
    let longer = [words, &[0]].concat();
    let shorter = &words[..words.len().saturating_sub(1)];
    for wrong in [longer.as_slice(), shorter] {
        if wrong.len() != words.len() && new().restore(wrong).is_ok() {
            let detail = format!("{} words were taken in place of {}", wrong.len(), words.len());
            return Err(Violation::new(Rule::RestoreRefusal, detail));
        }
    }
    Ok(())
}

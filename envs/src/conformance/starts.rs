//! Rules for starts that can be enumerated.

use std::collections::HashSet;

use crate::environment::Task;
use crate::stream::{Domain, StreamId};

use super::plan::Plan;
use super::record::{Player, Seen, compare};
use super::violation::{Rule, Violation};

/// Starts that are played at a time.
const LANES: usize = 1000;

/// Checks that the enumerated starts are those that are drawn, without those that are held out, and that what follows
/// depends on the actions alone.
pub(super) fn check(task: &dyn Task, plan: &Plan) -> Result<(), Violation> {
    let Some(count) = task.starts() else { return Ok(()) };
    let broken = |detail: String| Err(Violation::new(Rule::Enumeration, detail));
    let mut drawn = HashSet::new();
    for first in (0..count).step_by(LANES) {
        let starts = first..count.min(first + LANES);
        let (stream, other) = (plan.stream(Domain::Evaluation), plan.stream(Domain::Training));
        let mut batch = task.batch_of_starts(starts.clone(), stream);
        if batch.spec() != task.spec() || batch.lanes() != starts.len() {
            return broken(format!("{} lanes for the starts {starts:?}", batch.lanes()));
        }
        let mut again = task.batch_of_starts(starts.clone(), other);
        let mut left = Player::new(&mut *batch, plan.random_policy(task))?;
        let mut right = Player::new(&mut *again, plan.random_policy(task))?;
        let shown = left.now.clone();
        drawn.extend(starts.clone().filter(|&start| !task.is_held_out(start)).map(|start| shown[start - first]));
        compare(Rule::Enumeration, &shown, &right.now, "starts, before the first step")?;
        // Later episodes are drawn, and may differ.
        let mut running: Vec<usize> = (0..starts.len()).collect();
        for step in 1..=plan.steps {
            let (left, right) = (left.step()?, right.step()?);
            for &lane in &running {
                let same =
                    |step: &super::record::LaneStep| (step.reward, step.outcome, step.length, step.info, step.last);
                if same(&left[lane]) != same(&right[lane]) {
                    return broken(format!(
                        "start {}, step {step}: {:?} and {:?}",
                        first + lane,
                        left[lane],
                        right[lane]
                    ));
                }
            }
            running.retain(|&lane| !left[lane].outcome.ends());
        }
    }
    let missing = beginnings(task, plan.stream(Domain::Training))?.into_iter().find(|seen| !drawn.contains(seen));
    match missing {
        Some(seen) => broken(format!("an episode begins with {seen:?}, which no start does that is not held out")),
        None => Ok(()),
    }
}

/// The first observations of many lanes.
fn beginnings(task: &dyn Task, stream: StreamId) -> Result<Vec<Seen>, Violation> {
    let mut batch = task.batch(LANES, stream);
    Ok(Player::new(&mut *batch, crate::policy::FixedPolicy::new(0))?.now)
}

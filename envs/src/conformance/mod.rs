//! The contract of [`Environment`](crate::Environment), [`Batch`] and [`Task`] in executable form:
//! any task can be run through it, in a test of one line.
//!
//! ```
//! use gridworld_envs::conformance::{Plan, check};
//! use gridworld_envs::{Outcome, TimedArrivalConfig, TimedArrivalTask};
//!
//! let task = TimedArrivalTask::new(TimedArrivalConfig::default())?;
//! let report = check(&task, &Plan::new(&[Outcome::Running, Outcome::Terminated, Outcome::Truncated]))?;
//! assert!(report.episodes > 100);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The rules about the end of an episode can be tested only if episodes end: the suite fails unless every outcome in
//! [`Plan::outcomes`] was reached. Actions out of range are tried, too, and must panic; their messages appear on
//! standard error unless a panic hook hides them.

mod actions;
mod description;
mod drawn;
mod frames;
mod plan;
mod play;
mod record;
mod report;
mod restoring;
mod starts;
mod streams;
mod violation;

use crate::environment::{Batch, Frames, Task};
use crate::policy::RandomPolicy;
use crate::stream::StreamId;

pub use plan::{Plan, Starts};
use record::Player;
pub use report::Report;
pub use violation::{Rule, Violation};

/// Runs `task` through the whole suite.
///
/// # Errors
/// The first rule that the task breaks, and what was seen.
///
/// # Panics
/// If the plan has fewer than 2 lanes, no step or no outcome: nothing could be seen.
pub fn check(task: &dyn Task, plan: &Plan) -> Result<Report, Violation> {
    assert!(plan.lanes >= 2 && plan.steps > 0 && !plan.outcomes.is_empty(), "{plan:?} sees nothing");
    description::check(task, plan)?;
    // Images of states are part of what the other rules compare: they must be sound before. Those of
    // keys are not, and what is wrong with the keys is found sooner.
    let drawn = match task.spec().frames {
        Frames::Keyed => None,
        Frames::Drawn => Some(drawn::check(task, plan)?),
    };
    let mut report = play::check(task, plan)?;
    streams::check(task, plan)?;
    starts::check(task, plan)?;
    restoring::check(task, plan)?;
    report.frames = match drawn {
        Some(frames) => frames,
        None => frames::check(task, plan)?,
    };
    actions::check(task, plan)?;
    Ok(report)
}

/// Compares two batches, step by step and to the bit, under the same random actions: a vectorized implementation and
/// the reference implementation, for example. Both must be new, or restored from equal states.
///
/// # Errors
/// [`Rule::Equality`] and the first difference, or the first rule that either breaks.
pub fn equal(left: &mut dyn Batch, right: &mut dyn Batch, steps: usize, actions: StreamId) -> Result<(), Violation> {
    if left.spec() != right.spec() || left.lanes() != right.lanes() {
        return Err(Violation::new(Rule::Equality, "other spec or other number of lanes"));
    }
    let policy = || RandomPolicy::new(left.spec().actions.len(), actions);
    let (left_policy, right_policy) = (policy(), policy());
    let (mut left, mut right) = (Player::new(left, left_policy)?, Player::new(right, right_policy)?);
    record::compare(Rule::Equality, &left.now, &right.now, "before the first step")?;
    for step in 1..=steps {
        record::compare(Rule::Equality, left.step()?, right.step()?, &format!("step {step}"))?;
    }
    Ok(())
}

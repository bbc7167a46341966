//! Rules for randomness: play depends on the stream and the lane's own actions, and on nothing else.

use crate::environment::{Batch, Task};
use crate::stream::{Domain, StreamId};

use super::plan::{Plan, Starts};
use super::record::{Player, Seen, compare};
use super::violation::{Rule, Violation};

pub(super) fn check(task: &dyn Task, plan: &Plan) -> Result<(), Violation> {
    check_determinism(task, plan)?;
    for few in [1, plan.lanes / 2] {
        check_lanes(task, plan, few)?;
    }
    match plan.starts {
        Starts::Vary => check_separation(task, plan),
        Starts::Fixed => Ok(()),
    }
}

fn batch(task: &dyn Task, plan: &Plan) -> Box<dyn Batch> {
    task.batch(plan.lanes, plan.stream(Domain::Training))
}

fn check_determinism(task: &dyn Task, plan: &Plan) -> Result<(), Violation> {
    let (mut left, mut right) = (batch(task, plan), batch(task, plan));
    let mut left = Player::new(&mut *left, plan.random_policy(task))?;
    let mut right = Player::new(&mut *right, plan.random_policy(task))?;
    compare(Rule::Determinism, &left.now, &right.now, "before the first step")?;
    for step in 1..=plan.steps {
        compare(Rule::Determinism, left.step()?, right.step()?, &format!("step {step}"))?;
    }
    Ok(())
}

/// Checks that the first `few` lanes play alike without the others, and beside others that take other actions.
fn check_lanes(task: &dyn Task, plan: &Plan, few: usize) -> Result<(), Violation> {
    let actions = task.spec().actions.len();
    let (mut all, mut alone) = (batch(task, plan), task.batch(few, plan.stream(Domain::Training)));
    let mut disturbed = batch(task, plan);
    let mut all = Player::new(&mut *all, plan.random_policy(task))?;
    let mut alone = Player::new(&mut *alone, plan.random_policy(task))?;
    let mut disturbed = Player::new(&mut *disturbed, plan.random_policy(task))?;
    compare(Rule::LaneIndependence, &all.now, &alone.now, &format!("{few} lanes, before the first step"))?;
    for step in 1..=plan.steps {
        let all = all.step()?;
        compare(Rule::LaneIndependence, all, alone.step()?, &format!("{few} lanes alone, step {step}"))?;
        let disturbed = disturbed.step_with(|taken| {
            for action in &mut taken[few..] {
                *action = ((usize::from(*action) + 1) % actions) as u8;
            }
        })?;
        compare(Rule::LaneIndependence, all, &disturbed[..few], &format!("{few} lanes beside others, step {step}"))?;
    }
    Ok(())
}

/// Checks that other streams, and other lanes of one stream, begin other episodes.
fn check_separation(task: &dyn Task, plan: &Plan) -> Result<(), Violation> {
    let stream = plan.stream(Domain::Training);
    let ours = beginnings(task, plan, stream)?;
    let others = [
        StreamId { domain: Domain::Evaluation, ..stream },
        StreamId { domain: Domain::Validation, ..stream },
        StreamId { seed: stream.seed.wrapping_add(1), ..stream },
        StreamId { index: stream.index.wrapping_add(1), ..stream },
    ];
    for other in others {
        if beginnings(task, plan, other)? == ours {
            return Err(Violation::new(Rule::StreamSeparation, format!("{stream:?} and {other:?} begin alike")));
        }
    }
    let shortest = ours.iter().map(Vec::len).min().unwrap_or(0);
    if ours.iter().all(|lane| lane[..shortest] == ours[0][..shortest]) {
        return Err(Violation::new(Rule::StreamSeparation, format!("all lanes of {stream:?} begin alike")));
    }
    Ok(())
}

/// The first observation of each episode, lane by lane, under random play.
fn beginnings(task: &dyn Task, plan: &Plan, stream: StreamId) -> Result<Vec<Vec<Seen>>, Violation> {
    let mut batch = task.batch(plan.lanes, stream);
    let mut player = Player::new(&mut *batch, plan.random_policy(task))?;
    let mut starts: Vec<Vec<Seen>> = player.now.iter().map(|&seen| vec![seen]).collect();
    for _ in 0..plan.steps {
        for (starts, step) in starts.iter_mut().zip(player.step()?) {
            if step.outcome.ends() {
                starts.push(step.now);
            }
        }
    }
    Ok(starts)
}

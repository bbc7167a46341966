//! Rules that every step must keep to, and the outcomes that must be seen.

use crate::environment::{Outcome, Policy, Task};
use crate::policy::FixedPolicy;
use crate::stream::Domain;

use super::description::tells;
use super::plan::Plan;
use super::record::{LaneStep, Player, Seen};
use super::report::Report;
use super::violation::{Rule, Violation};

pub(super) fn check(task: &dyn Task, plan: &Plan) -> Result<Report, Violation> {
    let mut report = Report::default();
    let mut known: Vec<Vec<Seen>> = Vec::new();
    for policy in policies(task, plan) {
        let starts = play(task, plan, policy, &mut report)?;
        check_starts(&known, &starts)?;
        keep_longer(&mut known, starts);
    }
    let missed = plan.outcomes.iter().find(|&&outcome| count(&report, outcome) == 0);
    match missed {
        Some(missed) => Err(Violation::new(Rule::OutcomeNotReached, format!("{missed:?}, in {report:?}"))),
        None => Ok(report),
    }
}

fn count(report: &Report, outcome: Outcome) -> u64 {
    match outcome {
        Outcome::Running => report.running,
        Outcome::Terminated => report.terminated,
        Outcome::Truncated => report.truncated,
    }
}

/// Policies that together go far: chance, stubbornness in every direction, and skill.
fn policies(task: &dyn Task, plan: &Plan) -> Vec<Box<dyn Policy>> {
    let mut policies: Vec<Box<dyn Policy>> = vec![Box::new(plan.random_policy(task))];
    policies.extend(task.oracle(plan.lanes));
    for action in 0..task.spec().actions.len() {
        policies.push(Box::new(FixedPolicy::new(action as u8)));
    }
    policies
}

/// Compares the beginnings of each lane's episodes under two policies, as far as both came.
fn check_starts(known: &[Vec<Seen>], starts: &[Vec<Seen>]) -> Result<(), Violation> {
    for (lane, (known, starts)) in known.iter().zip(starts).enumerate() {
        if let Some(episode) = known.iter().zip(starts).position(|(known, start)| known != start) {
            let (known, start) = (known[episode], starts[episode]);
            let detail = format!("lane {lane}, episode {episode}: {known:?} under one policy, {start:?} under another");
            return Err(Violation::new(Rule::Starts, detail));
        }
    }
    Ok(())
}

/// Keeps the longer of the two records of each lane.
fn keep_longer(known: &mut Vec<Vec<Seen>>, starts: Vec<Vec<Seen>>) {
    known.resize_with(starts.len(), Vec::new);
    for (known, starts) in known.iter_mut().zip(starts) {
        if starts.len() > known.len() {
            *known = starts;
        }
    }
}

/// Plays a new batch, and gives each lane's beginnings.
fn play(
    task: &dyn Task,
    plan: &Plan,
    policy: Box<dyn Policy>,
    report: &mut Report,
) -> Result<Vec<Vec<Seen>>, Violation> {
    let mut batch = task.batch(plan.lanes, plan.stream(Domain::Training));
    let mut player = Player::new(&mut *batch, policy)?;
    let mut starts: Vec<Vec<Seen>> = player.now.iter().map(|&seen| vec![seen]).collect();
    let allowed = if tells(task, plan) { task.instructions() } else { &[0] };
    for seen in &player.now {
        check_instruction(allowed, *seen)?;
    }
    let mut lengths = vec![0; plan.lanes];
    for _ in 0..plan.steps {
        for (lane, step) in player.step()?.iter().enumerate() {
            let checked = check_step(task, plan, step, lengths[lane])
                .and_then(|()| check_instruction(allowed, step.last))
                .and_then(|()| check_instruction(allowed, step.now));
            checked
                .map_err(|violation| Violation { detail: format!("lane {lane}: {}", violation.detail), ..violation })?;
            lengths[lane] = if step.outcome.ends() { 0 } else { step.length };
            if step.outcome.ends() {
                starts[lane].push(step.now);
            }
            tally(report, step.outcome);
        }
    }
    Ok(starts)
}

fn tally(report: &mut Report, outcome: Outcome) {
    match outcome {
        Outcome::Running => report.running += 1,
        Outcome::Terminated => report.terminated += 1,
        Outcome::Truncated => report.truncated += 1,
    }
    report.episodes += u64::from(outcome.ends());
}

fn check_step(task: &dyn Task, plan: &Plan, step: &LaneStep, length_before: u32) -> Result<(), Violation> {
    let broken = |rule| Err(Violation::new(rule, format!("{step:?} after {length_before} steps")));
    if !plan.outcomes.contains(&step.outcome) {
        return broken(Rule::OutcomeNotExpected);
    }
    if !f32::from_bits(step.reward).is_finite() {
        return broken(Rule::Rewards);
    }
    if step.length != length_before + 1 {
        return broken(Rule::Lengths);
    }
    if task.time_limit().is_some_and(|limit| step.length > limit) {
        return broken(Rule::TimeLimit);
    }
    if step.outcome == Outcome::Running && step.last != step.now {
        return broken(Rule::Observation);
    }
    if step.info.is_some_and(|info| info.success && !info.feasible) {
        return broken(Rule::EpisodeInfo);
    }
    Ok(())
}

fn check_instruction(allowed: &[u32], seen: Seen) -> Result<(), Violation> {
    let told = f32::from_bits(seen.instruction);
    let known = allowed.iter().any(|&known| known as f32 == told);
    if known { Ok(()) } else { Err(Violation::new(Rule::Instructions, format!("told {told}, of {allowed:?}"))) }
}

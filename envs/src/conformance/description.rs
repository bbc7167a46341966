//! Rules for the description that a task gives of itself, before any step.

use std::collections::HashSet;

use crate::environment::{Spec, Task};
use crate::stream::Domain;

use super::plan::Plan;
use super::violation::{Rule, Violation};

pub(super) fn check(task: &dyn Task, plan: &Plan) -> Result<(), Violation> {
    let spec = task.spec();
    check_spec(&spec)?;
    for lanes in [1, plan.lanes] {
        let batch = task.batch(lanes, plan.stream(Domain::Training));
        if batch.spec() != spec || batch.lanes() != lanes {
            let detail =
                format!("{} lanes of {:?} where {lanes} of {spec:?} were asked for", batch.lanes(), batch.spec());
            return Err(Violation::new(Rule::BatchShape, detail));
        }
    }
    for &instruction in task.instructions() {
        check_posed(task, instruction, plan)?;
    }
    Ok(())
}

fn check_spec(spec: &Spec) -> Result<(), Violation> {
    let broken = |detail: String| Err(Violation::new(Rule::Spec, detail));
    let version = spec.id.rsplit_once("-v").map(|(_, version)| version.parse::<u32>());
    if !matches!(version, Some(Ok(_))) {
        return broken(format!("'{}' does not end in a version such as -v1", spec.id));
    }
    if spec.frame.bytes() == 0 {
        return broken(format!("{:?} has no pixel", spec.frame));
    }
    let names: HashSet<&str> = spec.actions.iter().map(String::as_str).collect();
    if !(1..=256).contains(&names.len()) || names.len() != spec.actions.len() || names.contains(&"") {
        return broken(format!("the actions {:?}: 1 to 256 different names", spec.actions));
    }
    Ok(())
}

/// Tells if agents are given an instruction: a task that gives them none shows zero in every lane.
pub(super) fn tells(task: &dyn Task, plan: &Plan) -> bool {
    let batch = task.batch(plan.lanes, plan.stream(Domain::Training));
    batch.observe().instructions.iter().any(|&told| told != 0.0)
}

/// Checks that the task with one value is the same kind of task, with that value, and gives it to its agents if
/// the task gives them anything.
fn check_posed(task: &dyn Task, instruction: u32, plan: &Plan) -> Result<(), Violation> {
    let fixed = task.with_instruction(instruction);
    let batch = fixed.batch(plan.lanes, plan.stream(Domain::Evaluation));
    let told = batch.observe().instructions;
    let expected = if tells(task, plan) { instruction as f32 } else { 0.0 };
    if fixed.spec() != task.spec() || fixed.instructions() != [instruction] || told.iter().any(|&told| told != expected)
    {
        let detail =
            format!("fixed with {instruction}: instructions {:?}, agents are told {told:?}", fixed.instructions());
        return Err(Violation::new(Rule::Instructions, detail));
    }
    Ok(())
}

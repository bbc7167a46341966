//! Actions that do not exist.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::environment::Task;
use crate::stream::Domain;

use super::plan::Plan;
use super::violation::{Rule, Violation};

/// Each refusal is a panic, whose message appears on standard error.
pub(super) fn check(task: &dyn Task, plan: &Plan) -> Result<(), Violation> {
    let actions = task.spec().actions.len();
    let mut wrong = vec![vec![0; plan.lanes - 1], vec![0; plan.lanes + 1]];
    if let Ok(beyond) = u8::try_from(actions) {
        let mut row = vec![0; plan.lanes];
        row[plan.lanes - 1] = beyond;
        wrong.push(row);
    }
    for row in wrong {
        let mut batch = task.batch(plan.lanes, plan.stream(Domain::Training));
        let taken = catch_unwind(AssertUnwindSafe(|| {
            batch.step(&row);
        }));
        if taken.is_ok() {
            let detail = format!("{row:?} were taken by {} lanes with {actions} actions", plan.lanes);
            return Err(Violation::new(Rule::ActionRefusal, detail));
        }
    }
    Ok(())
}

//! Results of the trainings, as `--json` has them.

use serde::Serialize;
use serde_json::{Value, json};

use super::compared::Compared;
use super::differences::Difference;
use crate::run::evaluation::{Reached, Row};
use crate::run::evaluations::Shown;

/// Results of the runs' evaluations at one T.
#[derive(Debug)]
pub struct At<'a> {
    /// Value of T, in steps.
    pub instruction: u32,
    /// Row of each run; nothing where it was not evaluated at this T.
    pub rows: Vec<Option<&'a Row>>,
}

/// The success of one run at one T, in the document.
#[derive(Serialize)]
struct Success {
    trained: bool,
    episodes: u64,
    success_of_feasible: f64,
    ci95: Option<(f64, f64)>,
}

/// Gives the results of a run's evaluation at each T.
fn rows(run: &Compared) -> &[Row] {
    run.evaluation.as_ref().map_or(&[], |evaluation| &evaluation.document.results)
}

/// Every T at which one of the runs was evaluated, ascending.
pub fn by_instruction(runs: &[Compared]) -> Vec<At<'_>> {
    let mut values: Vec<u32> = runs.iter().flat_map(rows).map(|row| row.instruction).collect();
    values.sort_unstable();
    values.dedup();
    let found = |instruction| runs.iter().map(move |run| rows(run).iter().find(|row| row.instruction == instruction));
    values.into_iter().map(|instruction| At { instruction, rows: found(instruction).collect() }).collect()
}

/// Gives success and largest T of a run, as far as it was evaluated.
pub fn reached(run: &Compared) -> Reached {
    let reached = |evaluation: &Shown| evaluation.document.reached(run.config.environment.instructions());
    run.evaluation.as_ref().map_or(Reached::default(), reached)
}

/// Makes the document of `--json`.
pub fn document(runs: &[Compared], differences: &[Difference]) -> Value {
    let entry = |run: &Compared| {
        let reached = reached(run);
        let evaluation = run.evaluation.as_ref().map(|Shown { document, otherwise }| {
            let (fewest, most) = document.episodes();
            json!({
                "checkpoint": document.checkpoint, "steps": document.steps, "policy": document.policy,
                "seed": document.seed, "episodes": fewest, "most_episodes": most, "otherwise": otherwise,
            })
        });
        json!({
            "run": run.folder.path().to_string_lossy(),
            "agent": run.config.config.agent,
            "seed": run.config.config.training.seed,
            "training": run.training.as_ref().ok(),
            "problem": run.training.as_ref().err(),
            "evaluation": evaluation,
            "success_of_feasible": reached.success,
            "furthest": reached.largest_t,
        })
    };
    let success = |row: Option<&Row>| {
        row.map(|row| Success {
            trained: row.trained,
            episodes: row.episodes,
            success_of_feasible: row.success_of_feasible,
            ci95: row.success_of_feasible_ci95,
        })
    };
    let at = |at: At<'_>| {
        let runs: Vec<Option<Success>> = at.rows.into_iter().map(success).collect();
        json!({"T": at.instruction, "runs": runs})
    };
    json!({
        "runs": runs.iter().map(entry).collect::<Vec<Value>>(),
        "differences": differences,
        "success": by_instruction(runs).into_iter().map(at).collect::<Vec<Value>>(),
    })
}

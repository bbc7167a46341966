//! Figures that cannot be drawn, and runs that are not in them.

use super::data::{Run, Trainings};

/// A figure that cannot be drawn, or a run that is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Name of the figure.
    pub figure: &'static str,
    /// Name of the run that is left out; nothing where the whole figure is.
    pub run: Option<String>,
    /// Reason for leaving it out, and the command that helps.
    pub reason: String,
}

impl Missing {
    /// Tells in one line what is left out, and why.
    #[must_use]
    pub fn line(&self) -> String {
        let run = self.run.as_ref().map_or(String::new(), |run| format!(" without {run}"));
        let what = if self.run.is_some() { "" } else { " is not drawn" };
        format!("{}{run}{what}: {}", self.figure, self.reason)
    }
}

/// Notes as missing the runs that do not have `what`, with the help for each of them, and tells if any has it.
pub fn any_with(
    what: &str,
    has: impl Fn(&Run) -> bool,
    help: impl Fn(&Run) -> String,
    (trainings, figure): (&Trainings, &'static str),
    missing: &mut Vec<Missing>,
) -> bool {
    let without: Vec<&Run> = trainings.runs().filter(|run| !has(run)).collect();
    if without.len() == trainings.runs().count() {
        let reason = format!("no run has an {what}; {}", without.first().map_or(String::new(), |first| help(first)));
        missing.push(Missing { figure, run: None, reason });
        return false;
    }
    missing.extend(without.into_iter().map(|run| {
        let reason = format!("it has no {what}; {}", help(run));
        Missing { figure, run: Some(run.name.clone()), reason }
    }));
    true
}

/// Notes as missing the runs that were not evaluated, and tells if any was.
pub fn any_evaluated(trainings: &Trainings, figure: &'static str, missing: &mut Vec<Missing>) -> bool {
    any_with("evaluation", |run| !run.rows.is_empty(), evaluate, (trainings, figure), missing)
}

/// Notes as missing the runs whose evaluation did not count the times of its episodes, and tells if any did.
pub fn any_timed(trainings: &Trainings, figure: &'static str, missing: &mut Vec<Missing>) -> bool {
    any_with("evaluation that counts the times of its episodes", Run::is_timed, evaluate, (trainings, figure), missing)
}

/// Names the command that evaluates a run.
fn evaluate(run: &Run) -> String {
    format!("run `{}` first", run.evaluate)
}

/// Notes as missing the runs whose checkpoint cannot be read, and tells if any has accumulators that can be read.
pub fn any_readable((trainings, figure): (&Trainings, &'static str), missing: &mut Vec<Missing>) -> bool {
    let mut reason = "none of these agents has counters";
    for run in trainings.runs() {
        if let Some(Err(reason)) = &run.weights {
            missing.push(Missing { figure, run: Some(run.name.clone()), reason: reason.clone() });
        }
        if run.weights.is_some() {
            reason = "no run has a checkpoint that can be read";
        }
    }
    let any = trainings.runs().any(|run| matches!(run.weights, Some(Ok(_))));
    if !any {
        missing.push(Missing { figure, run: None, reason: reason.to_owned() });
    }
    any
}

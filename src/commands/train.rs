//! `gridworld train`.

use std::path::Path;

use gridworld_agents::Mode;
use gridworld_envs::{Instructions, Registry};
use serde_json::json;

pub use crate::options::training::Arguments;
use gridworld_terminal::output::numbers::{counted, grouped, percent};
use gridworld_terminal::program::message::{suggest, tell};
use gridworld_terminal::program::{CliError, interrupt, shell};
use gridworld_terminal::{Progress, output};

use crate::options::training::{check, check_flags};
use crate::run::evaluation::evaluated;
use crate::run::version;
use crate::training::{Changes, Finished, Resumption, Session};

/// Trains; `given` are the flags that the user wrote.
pub fn run(arguments: &Arguments, given: &[String], registry: &Registry) -> Result<(), CliError> {
    // Before there is a folder: whenever it is interrupted, there is something to go on from, or nothing.
    let interrupt = interrupt::listen()?;
    let session = match &arguments.resume {
        Some(path) => resumed(arguments, path, given, registry).map_err(|failure| failure.about("--resume"))?,
        None => fresh(arguments, given, registry)?,
    };
    let progress = if arguments.quiet { Progress::Quiet } else { Progress::detect() };
    let running = session.start(session.reporter(progress))?;
    if !arguments.quiet {
        announce(&session);
    }
    let finished = running.run(interrupt)?;
    report(arguments, &session, &finished)?;
    if finished.summary.interrupted {
        let (steps, run) = (finished.summary.steps, session.folder().path());
        let resume = shell::command_on("train --resume", run, "");
        return Err(CliError::Interrupted(format!("saved at step {}; to resume: {resume}", grouped(steps))));
    }
    Ok(())
}

/// Makes the session of a new run; `given` are the flags that the user wrote.
fn fresh(arguments: &Arguments, given: &[String], registry: &Registry) -> Result<Session, CliError> {
    // What cannot be trained leaves nothing behind.
    let (environment, config, device) = check(arguments, given, registry)?;
    Session::create(&arguments.runs, arguments.name.as_deref(), environment, config, device)
}

/// The run in the folder `path`, which goes on; `given` are the flags that the user wrote.
fn resumed(arguments: &Arguments, path: &Path, given: &[String], registry: &Registry) -> Result<Session, CliError> {
    let run = Resumption::open(path, registry)?;
    check_flags(arguments, given, path, run.config())?;
    let on_nan = given.iter().any(|flag| flag == "on_nan").then_some(arguments.on_nan);
    let changes = Changes { steps: arguments.steps, until: arguments.until, on_nan };
    run.resume(&changes, arguments.device.resolve()?)
}

/// Says what is about to happen, on standard error, and what the numbers of the progress are.
fn announce(session: &Session) {
    let config = &session.config().config;
    let training = &config.training;
    let environment = &session.config().environment;
    let values = environment.instructions();
    let time_limit = environment.task().time_limit().map_or("none".to_owned(), |limit| format!("{limit} steps"));
    let (verb, at) = match session.steps() {
        0 => ("training", String::new()),
        steps => ("resuming", format!(" at step {}", grouped(steps))),
    };
    tell(&format!(
        "{verb} {} on {}{at}: T = {} ({}), time limit {time_limit}, seed {}",
        config.agent,
        environment.id(),
        Instructions::written(values),
        counted(values.len(), "value"),
        training.seed,
    ));
    tell(&format!(
        "{} environment steps; {} × {} environments, {}, on {}",
        grouped(training.steps),
        counted(training.workers, "worker"),
        training.envs,
        match training.mode {
            Mode::Async => "async",
            Mode::Sync => "sync",
        },
        session.config().device,
    ));
    let folder = session.folder().path();
    tell(&format!("run folder: {}", folder.display()));
    let runs = folder.parent().filter(|runs| !runs.as_os_str().is_empty()).unwrap_or(Path::new("."));
    tell(&format!("curves: {}", shell::line(["tensorboard".as_ref(), "--logdir".as_ref(), runs.as_os_str()])));
    PROGRESS.iter().for_each(|line| tell(line));
}

/// Explanations of the two numbers that the progress shows.
const PROGRESS: [&str; 2] = [
    "success: share of training episodes on time, where actions are sampled",
    "evaluation: share of feasible episodes (target near enough) on time, with the most probable actions",
];

/// Says how it went: a document on standard output with `--json`, else lines on standard error.
fn report(arguments: &Arguments, session: &Session, finished: &Finished) -> Result<(), CliError> {
    let Finished { summary, seconds, second_of_mastery } = finished;
    let config = session.config();
    let rate = (summary.steps - session.steps()) as f64 / seconds;
    if arguments.json {
        let mastery = summary.progress.mastery.map(|steps| json!({"steps": steps, "seconds": second_of_mastery}));
        let document = json!({
            "run": session.folder().path().to_string_lossy(),
            "agent": config.config.agent,
            "environment": config.environment.id(),
            "T": config.environment.instructions(),
            "seed": config.config.training.seed,
            "version": version::VERSION,
            "steps": summary.steps,
            "seconds": seconds,
            "steps_per_second": rate,
            "success_of_feasible": summary.progress.success,
            "mastery": mastery,
            "rollbacks": summary.rollbacks,
            "interrupted": summary.interrupted,
        });
        return output::print_json(&document);
    }
    if arguments.quiet || summary.interrupted {
        return Ok(());
    }
    tell(&steps_taken(session.steps(), summary.steps, config.config.training.steps, *seconds));
    let mastered = match (summary.progress.mastery, second_of_mastery) {
        (Some(steps), Some(second)) => format!("≥ 99 % at every T since step {} ({second:.1} s)", grouped(steps)),
        (Some(steps), None) => format!("≥ 99 % at every T since step {}", grouped(steps)),
        (None, _) => "never reached 99 % at every T in two evaluations in a row".to_owned(),
    };
    let best = summary.progress.best.map_or(String::new(), |best| format!("; best: {}", percent(best)));
    tell(&format!(
        "last evaluation: {} of feasible episodes on time{best}; {mastered}",
        percent(summary.progress.success)
    ));
    let values = evaluated(session.config().environment.instructions());
    suggest(&shell::command_on("evaluate", session.folder().path(), &format!("--T {values}")));
    Ok(())
}

/// Writes the steps from `before` to `after`, which took `seconds`, of a training that was to have `asked` in all.
fn steps_taken(before: u64, after: u64, asked: u64, seconds: f64) -> String {
    let taken = after - before;
    let speed = format!("in {seconds:.1} s ({} steps/s)", grouped((taken as f64 / seconds) as u64));
    let mut total = format!("{} steps", grouped(after));
    if after > asked {
        total += &format!(" ({} asked for; the last rollout is finished)", grouped(asked));
    }
    match before {
        0 => format!("{total} {speed}"),
        _ => format!("{} more steps {speed}, {total} in total", grouped(taken)),
    }
}

#[cfg(test)]
mod tests {
    use super::steps_taken;

    #[test]
    fn seconds_are_those_of_the_steps_beside_them_and_steps_that_nobody_asked_for_are_explained() {
        assert_eq!(steps_taken(0, 2000, 2000, 2.0), "2,000 steps in 2.0 s (1,000 steps/s)");
        // It ended early because it was good enough.
        assert_eq!(steps_taken(0, 2000, 3000, 2.0), "2,000 steps in 2.0 s (1,000 steps/s)");
        assert_eq!(
            steps_taken(0, 2080, 2000, 2.0),
            "2,080 steps (2,000 asked for; the last rollout is finished) in 2.0 s (1,040 steps/s)"
        );
        assert_eq!(steps_taken(600, 1600, 1600, 2.0), "1,000 more steps in 2.0 s (500 steps/s), 1,600 steps in total");
        assert_eq!(
            steps_taken(600, 1680, 1600, 2.0),
            "1,080 more steps in 2.0 s (540 steps/s), 1,680 steps (1,600 asked for; the last rollout is finished) in total"
        );
    }
}

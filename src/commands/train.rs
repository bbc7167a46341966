//! `gridworld train`.

use std::path::Path;

use gridworld_agents::config::Mode;
use gridworld_envs::{Instructions, Registry};
use serde_json::json;

pub use crate::options::training::Arguments;
use crate::options::training::{check, check_flags};
use crate::output;
use crate::output::numbers::percent;
use crate::program::failure::Failure;
use crate::program::message::tell;
use crate::program::{interrupt, shell, version};
use crate::run::evaluation::evaluated;
use crate::terminal::progress::Progress;
use crate::training::{Changes, Finished, Resumption, Session};

/// Trains; `given` are the flags that the user wrote.
pub fn run(arguments: &Arguments, given: &[String], registry: &Registry) -> Result<(), Failure> {
    // Before there is a folder: whenever it is interrupted, there is something to go on from, or nothing.
    let interrupt = interrupt::listen()?;
    let session = match &arguments.resume {
        Some(path) => resumed(arguments, path, given, registry).map_err(|failure| failure.about("--resume"))?,
        None => fresh(arguments, registry)?,
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
        return Err(Failure::Interrupted(format!("saved at step {steps}; go on with: {resume}")));
    }
    Ok(())
}

/// Makes the session of a new run.
fn fresh(arguments: &Arguments, registry: &Registry) -> Result<Session, Failure> {
    // What cannot be trained leaves nothing behind.
    let (environment, config, device) = check(arguments, registry)?;
    Session::create(&arguments.runs, arguments.name.as_deref(), environment, config, device)
}

/// The run in the folder `path`, which goes on; `given` are the flags that the user wrote.
fn resumed(arguments: &Arguments, path: &Path, given: &[String], registry: &Registry) -> Result<Session, Failure> {
    let run = Resumption::open(path, registry)?;
    check_flags(arguments, given, path, run.config())?;
    let on_nan = given.iter().any(|flag| flag == "on_nan").then_some(arguments.on_nan);
    let changes = Changes { steps: arguments.steps, until: arguments.until, on_nan };
    run.resume(&changes, arguments.device.resolve()?)
}

/// Says what is about to happen, on standard error.
fn announce(session: &Session) {
    let config = &session.config().config;
    let training = &config.training;
    let environment = &session.config().environment;
    let values = environment.instructions();
    let time_limit = environment.task().time_limit().map_or("none".to_owned(), |limit| limit.to_string());
    tell(&format!(
        "{} on {}: T in {} ({} values, ends included), time limit {time_limit}, seed {}",
        config.agent,
        environment.id(),
        Instructions::written(values),
        values.len(),
        training.seed,
    ));
    tell(&format!(
        "{} steps, {} worker(s) of {} environments, {}, on {}",
        training.steps,
        training.workers,
        training.envs,
        match training.mode {
            Mode::Async => "async",
            Mode::Sync => "sync",
        },
        session.config().device,
    ));
    tell(&format!("run folder: {}", session.folder().path().display()));
}

/// Says how it went: a document on standard output with `--json`, else lines on standard error.
fn report(arguments: &Arguments, session: &Session, finished: &Finished) -> Result<(), Failure> {
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
    let mastered = match (summary.progress.mastery, second_of_mastery) {
        (Some(steps), Some(second)) => format!("99 % at every T held from step {steps}, second {second:.1}"),
        (Some(steps), None) => format!("99 % at every T held from step {steps}"),
        (None, _) => "99 % at every T was not held".to_owned(),
    };
    tell(&format!(
        "{} steps in {seconds:.1} s, {rate:.0} steps/s; success {} of the feasible; {mastered}",
        summary.steps,
        percent(summary.progress.success)
    ));
    let values = evaluated(session.config().environment.instructions());
    tell(&format!("next: {}", shell::command_on("evaluate", session.folder().path(), &format!("--T {values}"))));
    Ok(())
}

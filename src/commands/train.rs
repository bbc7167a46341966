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
        return Err(CliError::Interrupted(format!("saved at step {}; to resume: {resume}", grouped(steps))));
    }
    Ok(())
}

/// Makes the session of a new run.
fn fresh(arguments: &Arguments, registry: &Registry) -> Result<Session, CliError> {
    // What cannot be trained leaves nothing behind.
    let (environment, config, device) = check(arguments, registry)?;
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
    tell(&format!(
        "training {} on {}: T = {} ({} values), time limit {time_limit}, seed {}",
        config.agent,
        environment.id(),
        Instructions::written(values),
        values.len(),
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
    let mastered = match (summary.progress.mastery, second_of_mastery) {
        (Some(steps), Some(second)) => format!("≥ 99 % at every T since step {} ({second:.1} s)", grouped(steps)),
        (Some(steps), None) => format!("≥ 99 % at every T since step {}", grouped(steps)),
        (None, _) => "never reached 99 % at every T in two evaluations in a row".to_owned(),
    };
    tell(&format!(
        "{} steps in {seconds:.1} s ({} steps/s); success {} of feasible episodes; {mastered}",
        grouped(summary.steps),
        grouped(rate as u64),
        percent(summary.progress.success)
    ));
    let values = evaluated(session.config().environment.instructions());
    suggest(&shell::command_on("evaluate", session.folder().path(), &format!("--T {values}")));
    Ok(())
}

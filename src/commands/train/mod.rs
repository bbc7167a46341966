//! `gridworld train`.

mod resume;

use std::time::SystemTime;

use gridworld_agents::config::Mode;
use gridworld_agents::training::{MOST_ROLLBACKS, Summary, TrainError, Trainer};
use gridworld_envs::{Instructions, Registry};
use gridworld_records::{Beginning, Origin, Recorder, RunFolder};
use serde_json::json;

use crate::options::device;
pub use crate::options::training::Arguments;
use crate::options::training::check;
use crate::output;
use crate::program::failure::Failure;
use crate::program::fault::Fault;
use crate::program::message::tell;
use crate::program::{interrupt, shell, version};
use crate::run::configuration::RunConfig;
use crate::run::{argument, status};
use crate::terminal::progress::{Progress, Reporter};
use crate::training::exhibits::{Curator, profile};
use crate::training::observer::RunObserver;
use crate::training::plan::Plan;

/// Trains; `given` are the flags that the user wrote.
pub fn run(arguments: &Arguments, given: &[String], registry: &Registry) -> Result<(), Failure> {
    // Before there is a folder: whenever it is interrupted, there is something to go on from, or nothing.
    let interrupt = interrupt::listen()?;
    let plan = match &arguments.resume {
        Some(path) => resume::plan(arguments, path, given, registry)?,
        None => fresh(arguments, registry)?,
    };
    let task = plan.config.environment.task();
    let config = &plan.config.config;
    let mut trainer = match &plan.checkpoint {
        None => Trainer::new(task, config, plan.device).map_err(Failure::failed)?,
        Some(checkpoint) => Trainer::resume(task, config, plan.device, checkpoint)
            .map_err(|error| Failure::usage(format!("{}: {error}", plan.folder.last_checkpoint().display())))?,
    };
    // A resumed run's commands, and what it may change. Only now, when nothing can refuse it any more.
    if plan.beginning != Beginning::Fresh {
        plan.config.write(&plan.folder)?;
        status::forget_failure(&plan.folder)?;
    }
    let mut observer = observe(arguments, &plan)?;
    if !arguments.quiet {
        announce(&plan);
    }
    let result = trainer.run(&mut observer, interrupt);
    let seconds = observer.seconds_here();
    let mastery = |summary: &Summary| summary.progress.mastery.and_then(|step| observer.second_of(step));
    let result = result.map(|summary| (mastery(&summary), summary));
    let complete = result.as_ref().ok().filter(|(_, summary)| !summary.interrupted).map(|(_, summary)| summary.steps);
    let closed = observer.finish(complete);
    let (second_of_mastery, summary) = result.map_err(|error| fail(&error, &plan))?;
    plan.lock.keep();
    closed.map_err(Failure::failed)?;
    report(arguments, &plan, &summary, seconds, second_of_mastery)?;
    if summary.interrupted {
        let (steps, resume) = (summary.steps, shell::command_on("train --resume", plan.folder.path(), ""));
        return Err(Failure::Interrupted(format!("saved at step {steps}; go on with: {resume}")));
    }
    Ok(())
}

/// A new run.
fn fresh(arguments: &Arguments, registry: &Registry) -> Result<Plan, Failure> {
    // What cannot be trained leaves nothing behind.
    let (environment, config, device) = check(arguments, registry)?;
    let (agent, seed) = (arguments.agent.as_str(), arguments.seed);
    let name = arguments.name.as_deref();
    let (folder, lock) = RunFolder::create(&arguments.runs, name, environment.id(), agent, seed, SystemTime::now())
        .map_err(argument::not_made)?;
    let config = RunConfig::new(environment, config, device::name(device));
    // At once, so that what is killed from here on is a run that can be resumed.
    config.write(&folder)?;
    Ok(Plan { folder, config, checkpoint: None, beginning: Beginning::Fresh, device, lock })
}

/// Opens the run's files and the progress display.
fn observe<'a>(arguments: &Arguments, plan: &'a Plan) -> Result<RunObserver<'a>, Failure> {
    let fault = Fault::from_environment()?;
    let steps = plan.checkpoint.as_ref().and_then(|checkpoint| checkpoint.field("steps").ok()).unwrap_or(0);
    let progress = if arguments.quiet { Progress::Quiet } else { Progress::detect() };
    let reporter = Reporter::new(progress, steps, plan.config.config.training.steps);
    let now = SystemTime::now();
    let mut recorder =
        Recorder::open(&plan.folder, plan.beginning, &Origin::here(), reporter, now).map_err(Failure::failed)?;
    let curator = Curator::new(plan.folder.clone(), plan.config.clone());
    let step = match plan.beginning {
        Beginning::Fresh => {
            recorder.introduce(&profile(&plan.config), now);
            0
        }
        // One step later, so that a second resumption from there takes it back and says it itself.
        Beginning::Resumed { step } => step + 1,
    };
    recorder.show(step, &curator.introduction(), now);
    Ok(RunObserver::new(plan, recorder, fault, curator))
}

/// Says what is about to happen, on standard error.
fn announce(plan: &Plan) {
    let config = &plan.config.config;
    let training = &config.training;
    let environment = &plan.config.environment;
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
        plan.config.device,
    ));
    tell(&format!("run folder: {}", plan.folder.path().display()));
}

/// Says how it went: a document on standard output with `--json`, else lines on standard error.
fn report(
    arguments: &Arguments,
    plan: &Plan,
    summary: &Summary,
    seconds: f64,
    second_of_mastery: Option<f64>,
) -> Result<(), Failure> {
    let config = &plan.config;
    let begun = plan.checkpoint.as_ref().and_then(|checkpoint| checkpoint.field("steps").ok()).unwrap_or(0_u64);
    let rate = (summary.steps - begun) as f64 / seconds;
    if arguments.json {
        let mastery = summary.progress.mastery.map(|steps| json!({"steps": steps, "seconds": second_of_mastery}));
        let document = json!({
            "run": plan.folder.path().to_string_lossy(),
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
    let success = 100.0 * summary.progress.success;
    tell(&format!(
        "{} steps in {seconds:.1} s, {rate:.0} steps/s; success {success:.1} % of the feasible; {mastered}",
        summary.steps
    ));
    tell(&format!("next: {}", shell::command_on("evaluate", plan.folder.path(), "--T 5..30")));
    Ok(())
}

/// Leaves the reason of a failed training in its run, and gives the message. A new run in which nothing was trained because
/// it could not be started, for want of room or of threads, is not kept.
fn fail(error: &TrainError, plan: &Plan) -> Failure {
    if !matches!(error, TrainError::Observer(_) | TrainError::Thread { .. }) {
        plan.lock.keep();
    }
    if !plan.lock.is_kept() {
        return Failure::failed(error);
    }
    status::note_failure(&plan.folder, error);
    Failure::failed(explain(error, &plan.folder))
}

/// A failed training's message, with the way on if there is one.
fn explain(error: &TrainError, folder: &RunFolder) -> String {
    let resume = |flags: &str| shell::command_on("train --resume", folder.path(), flags);
    match error {
        _ if !folder.last_checkpoint().exists() => error.to_string(),
        TrainError::NotFinite { rollbacks: MOST_ROLLBACKS.., .. } => {
            let path = folder.path().display();
            format!("{error}; the last checkpoint is whole, but a new run needs a lower --learning-rate: {path}")
        }
        TrainError::NotFinite { .. } => format!(
            "{error}; the last checkpoint is whole: {} goes on with half the learning rate",
            resume("--on-nan rollback")
        ),
        _ => format!("{error}; the last checkpoint is whole: {}", resume("")),
    }
}

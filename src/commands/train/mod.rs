//! `gridworld train`.

mod resume;

use std::path::PathBuf;
use std::time::SystemTime;

use clap::{Args, ValueHint};
use gridworld_agents::checkpoint::Checkpoint;
use gridworld_agents::config::{
    Advantages, AgentName, Cell, Config, LoopConfig, Mode, ModelConfig, OnNan, OptimizerConfig, Reading, Schedule,
    SparsityConfig, TrainingConfig, When,
};
use gridworld_agents::records::{Beginning, Origin, Progress, Recorder, Reporter, RunFolder, RunLock};
use gridworld_agents::training::{MOST_ROLLBACKS, Summary, TrainError, Trainer};
use gridworld_envs::Instructions;
use gridworld_envs::timed_arrival::Reward;
use serde_json::json;

use crate::options::arguments::{
    above_zero, advantages, agents, count, environments, fraction, modes, on_nan, optimizers, positive, readings,
    rewards, schedules, seed, share, stretch, time_limit, told, tolerance, weight,
};
use crate::options::device::{self, DeviceChoice};
use crate::options::environment::{EnvironmentConfig, EnvironmentName, Settings};
use crate::output;
use crate::program::failure::Failure;
use crate::program::fault::Fault;
use crate::program::interrupt;
use crate::program::message::tell;
use crate::program::shell;
use crate::program::version;
use crate::run::argument;
use crate::run::configuration::RunConfig;
use crate::run::status;
use crate::training::exhibits::{Curator, profile};
use crate::training::observer::RunObserver;

/// What `train` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The agent (`gridworld list` describes them)
    #[arg(long, value_parser = agents(), default_value = "lstm-nac", help_heading = "Task")]
    pub agent: AgentName,
    /// The environment (`gridworld list` describes them)
    #[arg(long, value_parser = environments(), default_value = EnvironmentName::TimedArrival.as_str(), help_heading = "Task")]
    pub env: EnvironmentName,
    /// Values of T to train on: a range, both ends included, or a list such as 5..12,19
    #[arg(long = "T", value_name = "LIST", default_value = "5..12", allow_hyphen_values = true, help_heading = "Task")]
    pub instructions: Instructions,
    /// What arriving is worth: graded is 1, less 0.1 for each step early or late; exact is 1 on time and 0 otherwise
    #[arg(long, value_parser = rewards(), default_value = "graded", help_heading = "Task")]
    pub reward: Reward,
    /// Steps after which an episode is cut short [default: the greatest T + 8; IntervalReproduction-v1: 2·T + 12]
    #[arg(long, value_name = "STEPS", value_parser = time_limit, help_heading = "Task")]
    pub time_limit: Option<u32>,
    /// Steps by which a success may be early or late, in IntervalReproduction-v1 [default: 1]
    #[arg(long, value_name = "STEPS", value_parser = tolerance, help_heading = "Task")]
    pub tolerance: Option<u32>,

    /// Seed of everything random
    #[arg(long, value_name = "N", value_parser = seed, default_value_t = TrainingConfig::of(AgentName::LstmNac).seed, help_heading = "Training")]
    seed: u64,
    /// Environment steps, over all workers [default: the agent's, see `gridworld list`]
    #[arg(long, value_name = "N", value_parser = positive, help_heading = "Training")]
    pub steps: Option<u64>,
    /// End as soon as this share of the feasible is held at every T for two evaluations, for example 0.99
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Training")]
    pub until: Option<f64>,
    /// Threads that act and learn
    #[arg(long, value_name = "N", value_parser = count, default_value_t = TrainingConfig::of(AgentName::LstmNac).workers, help_heading = "Training")]
    workers: usize,
    /// Environments of each worker
    #[arg(long, value_name = "N", value_parser = count, default_value_t = TrainingConfig::of(AgentName::LstmNac).envs, help_heading = "Training")]
    envs: usize,
    /// Steps of each environment in a rollout
    #[arg(long, value_name = "N", value_parser = count, default_value_t = TrainingConfig::of(AgentName::LstmNac).rollout, help_heading = "Training")]
    rollout: usize,
    /// How workers exchange gradients: async is A3C, sync is reproducible bit for bit
    #[arg(long, value_parser = modes(), default_value = "async", help_heading = "Training")]
    mode: Mode,
    /// Where to compute: cpu, cuda, cuda:N or auto
    #[arg(long, value_name = "DEVICE", default_value_t = DeviceChoice::Cpu, help_heading = "Training")]
    pub device: DeviceChoice,
    /// Learning rate at the start [default: the agent's]
    #[arg(long, value_name = "X", value_parser = above_zero, help_heading = "Training")]
    learning_rate: Option<f64>,
    /// How the learning rate goes on
    #[arg(long, value_parser = schedules(), default_value = "linear", help_heading = "Training")]
    schedule: Schedule,
    /// The rule of the updates
    #[arg(long, value_parser = optimizers(), default_value = "adam", help_heading = "Training")]
    optimizer: OptimizerConfig,
    /// Discount γ of a step
    #[arg(long, value_name = "X", value_parser = fraction, default_value_t = TrainingConfig::of(AgentName::LstmNac).discount, help_heading = "Training")]
    discount: f32,
    /// λ of the returns; 1 gives A3C's n-step returns [default: the agent's]
    #[arg(long, value_name = "X", value_parser = fraction, help_heading = "Training")]
    lambda: Option<f32>,
    /// Weight of the entropy bonus [default: the agent's]
    #[arg(long, value_name = "X", value_parser = weight, help_heading = "Training")]
    entropy: Option<f32>,
    /// Weight of the value loss
    #[arg(long, value_name = "X", value_parser = weight, default_value_t = TrainingConfig::of(AgentName::LstmNac).value, help_heading = "Training")]
    value: f32,
    /// Greatest global norm of a gradient
    #[arg(long, value_name = "X", value_parser = above_zero, default_value_t = TrainingConfig::of(AgentName::LstmNac).clip, help_heading = "Training")]
    clip: f64,
    /// When a loss, a gradient or a parameter is NaN or infinite: stop, or go back to the last
    /// checkpoint with half the learning rate, five times at most
    #[arg(long, value_parser = on_nan(), default_value = "stop", help_heading = "Training")]
    pub on_nan: OnNan,
    /// What is done to advantages before an update
    #[arg(long, value_parser = advantages(), default_value = "normalized", help_heading = "Training")]
    advantages: Advantages,
    /// Environment steps between two evaluations and checkpoints
    #[arg(long, value_name = "N", value_parser = positive, default_value_t = TrainingConfig::of(AgentName::LstmNac).eval_interval, help_heading = "Training")]
    eval_interval: u64,
    /// Episodes for each T in such an evaluation
    #[arg(long, value_name = "N", value_parser = count, default_value_t = TrainingConfig::of(AgentName::LstmNac).eval_episodes, help_heading = "Training")]
    eval_episodes: usize,

    /// LSTM units
    #[arg(long, value_name = "N", value_parser = count, default_value_t = ModelConfig::of(AgentName::LstmNac).hidden, help_heading = "Network")]
    hidden: usize,
    /// Features that a frame becomes
    #[arg(long, value_name = "N", value_parser = count, default_value_t = ModelConfig::of(AgentName::LstmNac).features, help_heading = "Network")]
    features: usize,
    /// When the LSTM reads T itself, beside what the feedback loop makes of it [default: the agent's]
    #[arg(long, value_name = "always|first|never", value_parser = told(), hide_possible_values = true, help_heading = "Network")]
    told: Option<When>,
    /// What the feedback loop reads (`gridworld list` gives the equations)
    #[arg(long, value_parser = readings(), default_value = LoopConfig::of(Cell::Nac).reading.as_str(), help_heading = "Network")]
    reading: Reading,
    /// Accumulators in the feedback loop [default: the agent's]
    #[arg(long, value_name = "N", value_parser = count, help_heading = "Network")]
    units: Option<usize>,
    /// The LSTM reads tanh(GAIN · n) of the accumulators, which count in steps [default: the agent's]
    #[arg(long, value_name = "GAIN", value_parser = weight, help_heading = "Network")]
    gain: Option<f32>,
    /// Greatest weight of the sparsity regularizer of a NAU; 0 leaves it out [default: the agent's]
    #[arg(long, value_name = "X", value_parser = weight, help_heading = "Network")]
    sparsity: Option<f32>,
    /// Shares of the training between which that weight grows from 0 [default: the agent's]
    #[arg(long, value_name = "A..B", value_parser = stretch, help_heading = "Network")]
    sparsity_ramp: Option<(f64, f64)>,
    /// Share of the training after which a NAU's weights are −1, 0 and 1; 1 leaves that out [default: the agent's]
    #[arg(long, value_name = "SHARE", value_parser = fraction, help_heading = "Network")]
    discretize: Option<f32>,

    /// Folder of the runs
    #[arg(long, value_name = "DIR", default_value = "runs", value_hint = ValueHint::DirPath, help_heading = "Records")]
    pub runs: PathBuf,
    /// Name of this run's folder [default: made of environment, agent, seed and time]
    #[arg(long, help_heading = "Records")]
    pub name: Option<String>,
    /// Go on with this run, where it stopped
    #[arg(long, value_name = "RUN", value_hint = ValueHint::DirPath, help_heading = "Records")]
    resume: Option<PathBuf>,
    /// Print one JSON document at the end, and nothing else, on standard output
    #[arg(long, help_heading = "Records")]
    json: bool,
    /// Show no progress
    #[arg(long, short, help_heading = "Records")]
    quiet: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld train --agent lstm-nac --T 5..12
  gridworld train --agent lstm --seed 3 --mode sync --steps 2e6
  gridworld train --env IntervalReproduction-v1 --agent lstm
  gridworld train --resume runs/mine";

/// A training that is ready to start: everything is checked, and nobody else trains in its folder.
pub struct Plan {
    /// Where.
    pub folder: RunFolder,
    /// What.
    pub config: RunConfig,
    /// From where: a new run has none.
    pub checkpoint: Option<Checkpoint>,
    /// How the records begin.
    pub beginning: Beginning,
    /// Where it computes.
    pub device: tch::Device,
    /// The right to train there.
    pub lock: RunLock,
}

/// Trains; `given` are the flags that the user wrote.
pub fn run(arguments: &Arguments, given: &[String]) -> Result<(), Failure> {
    // Before there is a folder: whenever it is interrupted, there is something to go on from, or nothing.
    let interrupt = interrupt::listen()?;
    let plan = match &arguments.resume {
        Some(path) => resume::plan(arguments, path, given)?,
        None => fresh(arguments)?,
    };
    let task = plan.config.environment.task()?;
    let config = &plan.config.config;
    let mut trainer = match &plan.checkpoint {
        None => Trainer::new(&*task, config, plan.device).map_err(Failure::failed)?,
        Some(checkpoint) => Trainer::resume(&*task, config, plan.device, checkpoint)
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

/// Returns what is to be trained, in which environment and where, with everything checked that can be before there is
/// a folder.
pub fn check(arguments: &Arguments) -> Result<(EnvironmentConfig, Config, tch::Device), Failure> {
    if !arguments.agent.learns() {
        let agent = arguments.agent;
        return Err(Failure::usage(format!(
            "--agent {agent}: it does not learn; play it with `{} evaluate {agent}`",
            shell::program()
        )));
    }
    let config = configuration(arguments, arguments.agent)?;
    let settings = Settings {
        instructions: &arguments.instructions,
        time_limit: arguments.time_limit,
        reward: arguments.reward,
        tolerance: arguments.tolerance,
    };
    let environment = EnvironmentConfig::new(arguments.env, settings)?;
    config.check(&environment.task()?.spec()).map_err(|error| match resume::flag_of(error.field) {
        Some(flag) => Failure::usage(error).about(&flag),
        None => Failure::usage(error),
    })?;
    Ok((environment, config, arguments.device.resolve()?))
}

/// A new run.
fn fresh(arguments: &Arguments) -> Result<Plan, Failure> {
    // What cannot be trained leaves nothing behind.
    let (environment, config, device) = check(arguments)?;
    let (agent, seed) = (arguments.agent.as_str(), arguments.seed);
    let name = arguments.name.as_deref();
    let (folder, lock) = RunFolder::create(&arguments.runs, name, environment.id(), agent, seed, SystemTime::now())
        .map_err(argument::not_made)?;
    let config = RunConfig::new(environment, config, device::name(device));
    // At once, so that what is killed from here on is a run that can be resumed.
    config.write(&folder)?;
    Ok(Plan { folder, config, checkpoint: None, beginning: Beginning::Fresh, device, lock })
}

/// The configuration of `agent` that the flags describe.
pub fn configuration(arguments: &Arguments, agent: AgentName) -> Result<Config, Failure> {
    let defaults = Config::of(agent);
    let most = gridworld_agents::unroll::MOST_UNITS;
    if let Some(units) = arguments.units.filter(|&units| units > most) {
        return Err(Failure::usage(format!("--units {units}: at most {most}")));
    }
    let feedback = defaults.model.feedback.map(|looped| LoopConfig {
        cell: looped.cell,
        reading: arguments.reading,
        units: arguments.units.unwrap_or(looped.units),
        gain: arguments.gain.unwrap_or(looped.gain),
    });
    let sparsity = defaults.training.sparsity.map(|sparsity| SparsityConfig {
        weight: arguments.sparsity.map_or(sparsity.weight, f64::from),
        ramp: arguments.sparsity_ramp.unwrap_or(sparsity.ramp),
        discretize: arguments.discretize.map_or(sparsity.discretize, f64::from),
    });
    Ok(Config {
        model: ModelConfig {
            hidden: arguments.hidden,
            features: arguments.features,
            told: arguments.told.unwrap_or(defaults.model.told),
            feedback,
            ..defaults.model
        },
        training: TrainingConfig {
            seed: arguments.seed,
            steps: arguments.steps.unwrap_or(defaults.training.steps),
            until: arguments.until,
            workers: arguments.workers,
            envs: arguments.envs,
            rollout: arguments.rollout,
            mode: arguments.mode,
            discount: arguments.discount,
            lambda: arguments.lambda.unwrap_or(defaults.training.lambda),
            entropy: arguments.entropy.unwrap_or(defaults.training.entropy),
            value: arguments.value,
            clip: arguments.clip,
            advantages: arguments.advantages,
            sparsity,
            optimizer: arguments.optimizer,
            learning_rate: arguments.learning_rate.unwrap_or(defaults.training.learning_rate),
            schedule: arguments.schedule,
            on_nan: arguments.on_nan,
            eval_interval: arguments.eval_interval,
            eval_episodes: arguments.eval_episodes,
            ..defaults.training
        },
        ..defaults
    })
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
    let curator = Curator::new(plan.folder.clone(), plan.config.clone())?;
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
    let (written, values) = environment
        .instructions()
        .map(|instructions| (instructions.to_string(), instructions.values().len()))
        .unwrap_or_default();
    tell(&format!(
        "{} on {}: T in {written} ({values} values, ends included), time limit {}, seed {}",
        config.agent,
        environment.id(),
        environment.time_limit(),
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
            "T": config.environment.instructions().map(|instructions| instructions.values().to_vec()).unwrap_or_default(),
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

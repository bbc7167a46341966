//! `gridworld suite`: many trainings side by side, each evaluated, and one table of all.

mod arguments;
mod flags;
mod job;
mod lock;
mod page;
mod plan;
mod preset;
mod reference;
mod search;
mod seeds;
mod shard;
mod summary;
mod variant;
mod work;

use std::sync::Arc;

use gridworld_agents::AgentName;
use gridworld_envs::{Instructions, Registry};

use crate::options::environment::{Given, configure, default};
use crate::run::evaluation::{self, EVALUATED, EXACT};
use crate::run::playing::{DRAWN, Episodes};
pub use arguments::Arguments;
use gridworld_terminal::output::numbers::counted;
use gridworld_terminal::program::{CliError, message, shell};
use gridworld_terminal::{columns, output};
use plan::Plan;
use preset::Preset;
use seeds::Seeds;
use shard::Shard;
use summary::Summary;
use variant::{Asked, Variant};

/// Runs the command `suite`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    let plan = plan(arguments, registry)?;
    let files = arguments.preset.map(|preset| page::Files::new(arguments, preset).map(|files| (preset, files)));
    let files = files.transpose()?;
    let _locks = plan.claim(arguments.shard)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let places = arguments.jobs.unwrap_or((cores / plan.workers).max(1));
    let jobs = plan.jobs(arguments.shard);
    announce(&plan, jobs.len(), places);
    let failed = work::work(&plan, jobs, places)?;
    let summary = Summary::collect(&plan, &plan.jobs(Shard::WHOLE))?;
    if let Some((preset, files)) = files.as_ref().filter(|_| summary.unfinished.is_empty()) {
        page::write(files, *preset, &plan, &summary)?;
    }
    let table = summary.table(columns::width())?;
    match files.as_ref().and_then(|(_, files)| files.on_standard_output()) {
        _ if arguments.json => output::print_json(&summary)?,
        Some(file) => file.print_beside(&table)?,
        None => output::print(&table)?,
    }
    match failed.as_slice() {
        [] => {
            if !arguments.json {
                message::suggest(&shell::command_on("report", &plan.runs, "--out report.html"));
            }
            Ok(())
        }
        [first, ..] => Err(CliError::failed(format!("{} failed; the first: {first}", counted(failed.len(), "run")))),
    }
}

/// Says what is about to happen, on standard error.
fn announce(plan: &Plan, runs: usize, places: usize) {
    let folder = plan.runs.display();
    let (variants, seeds) = (counted(plan.variants.len(), "agent"), counted(plan.seeds.count(), "seed"));
    let of = match plan.variants.len() * plan.seeds.count() {
        all if all == runs => counted(runs, "run"),
        all => format!("{runs} of {}", counted(all, "run")),
    };
    let (parallel, environment) = (places.min(runs), plan.environment.id());
    message::tell(&format!("suite in {folder}: {variants} × {seeds}, {of}, {parallel} in parallel, on {environment}"));
    let (train, evaluate) = (plan.train_line(), shell::line(&plan.evaluate));
    message::tell(&format!("each run is trained with {train} and evaluated with {evaluate}"));
}

/// Makes the plan that the arguments ask for.
fn plan(arguments: &Arguments, registry: &Registry) -> Result<Plan, CliError> {
    check(arguments)?;
    let about = arguments.preset.map(Preset::about);
    let parse = |text: &str| text.parse::<Instructions>().map_err(CliError::usage);
    let default = default(registry)?;
    let environment = about.map(|about| about.environment).or(arguments.env.as_deref()).unwrap_or(default);
    let usual = configure(registry, Some(environment), Given::default())?;
    let (trained, evaluated) = match about {
        Some(about) => (about.trained.to_owned(), about.evaluated.to_owned()),
        // Those of the environment, and what is evaluated of them. Of a suite's own T it is what it was in earlier versions,
        // so that one that is there goes on.
        None if arguments.instructions.is_none() => {
            let values = usual.instructions();
            (Instructions::written(values), evaluation::evaluated(values).to_string())
        }
        None => (String::new(), EVALUATED.to_owned()),
    };
    let trained = arguments.instructions.clone().map_or_else(|| parse(&trained), Ok)?;
    let evaluated = arguments.evaluated.clone().map_or_else(|| parse(&evaluated), Ok)?;
    let variants = match (about, arguments.agents.as_slice()) {
        (Some(about), _) => (about.variants)(),
        (None, []) => [AgentName::Lstm, AgentName::LstmNac].map(Variant::plain).to_vec(),
        (None, agents) => agents.iter().map(|&agent| Variant::plain(agent)).collect(),
    };
    // One worker a training, where a named suite does not say otherwise: side by side they use all cores, and no gradient
    // waits for another.
    let workers = about.map_or(1, |about| about.workers);
    let mut train = vec!["--T".to_owned(), trained.to_string()];
    // The default is not named, so that a suite from before there was a choice goes on.
    if environment != default {
        train.extend(["--env".to_owned(), environment.to_owned()]);
    }
    train.extend(["--workers".to_owned(), workers.to_string()]);
    train.extend(about.into_iter().flat_map(|about| about.flags.split_whitespace().map(str::to_owned)));
    train.extend(arguments.steps.map(|steps| format!("--steps={steps}")));
    train.extend(arguments.train.iter().cloned());
    // Before there is a folder that would keep them.
    flags::check_further(&arguments.train, &variants, registry)?;
    let checked = variants.iter().map(|variant| flags::checked(variant, &train, registry));
    let (environments, steps): (Vec<_>, Vec<_>) = checked.collect::<Result<Vec<_>, CliError>>()?.into_iter().unzip();
    let mut evaluate = vec!["--T".to_owned(), evaluated.to_string()];
    evaluate.extend(arguments.episodes.iter().flat_map(|count| ["--episodes".to_owned(), count.to_string()]));
    let episodes = arguments.episodes.map_or(Episodes::EachStart, Episodes::Drawn);
    let is_exact = evaluated
        .values()
        .iter()
        .all(|&value| episodes.starts(&*environments[0].task().with_instruction(value)).is_some());
    let rank = if is_exact { EXACT } else { arguments.episodes.unwrap_or(DRAWN) as u64 };
    let asked = Asked { instructions: evaluated.values().to_vec(), episodes, rank };
    let folder = about.map_or("suite", |about| about.name);
    Ok(Plan {
        variants,
        // What a variant changes, such as its own T, is its own: the bounds are those of the first.
        environment: environments[0].clone(),
        seeds: arguments.seeds.unwrap_or(about.map_or(Seeds::up_to(10), |about| about.seeds)),
        steps,
        train,
        evaluate,
        asked: Arc::new(asked),
        workers,
        runs: arguments.runs.clone().unwrap_or_else(|| format!("runs/{folder}").into()),
    })
}

/// Refuses flags that do not go together.
fn check(arguments: &Arguments) -> Result<(), CliError> {
    if let Some(agent) = arguments.agents.iter().find(|agent| !agent.learns()) {
        return Err(CliError::usage(format!("--agents {agent}: it does not learn; it is in the table anyway")));
    }
    if let Some(agent) =
        (1..).zip(&arguments.agents).find_map(|(at, agent)| arguments.agents[at..].iter().find(|other| *other == agent))
    {
        return Err(CliError::usage(format!("--agents: {agent} is named twice")));
    }
    let own = [("--agents", !arguments.agents.is_empty()), ("--env", arguments.env.is_some())];
    match (arguments.preset, own.into_iter().find(|&(_, given)| given)) {
        (Some(preset), Some((flag, _))) => Err(CliError::usage(format!(
            "{flag}: the suite `{}` has its own; drop the flag or the name",
            preset.about().name
        ))),
        (None, _) if arguments.page.is_some() => Err(CliError::usage("--page: only named suites write one")),
        (None, _) if arguments.reference.is_some() => Err(CliError::usage("--reference: only named suites write one")),
        _ => Ok(()),
    }
}

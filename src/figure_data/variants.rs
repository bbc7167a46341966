//! Kinds of runs: those that differ in nothing but their seeds are of one kind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gridworld_agents::AgentName;
use serde_json::{Value, json};

use super::runs::RunData;
use crate::run::configuration::{RunConfig, written};
use crate::run::settings::{Lists, flattened};
use gridworld_envs::Registry;
use gridworld_terminal::program::CliError;

/// Runs that differ in nothing but their seeds.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Name of the kind, as figures show it.
    pub name: String,
    /// Runs of the kind, by seed.
    pub runs: Vec<RunData>,
}

/// Reads the runs in these folders.
///
/// # Errors
/// If one cannot be read.
pub fn runs(folders: &[PathBuf], registry: &Registry) -> Result<Vec<RunData>, CliError> {
    folders.iter().map(|folder| RunData::read(folder, registry)).collect()
}

/// Sorts runs into kinds, in the order in which agents are listed.
pub fn variants(runs: Vec<RunData>) -> Vec<Variant> {
    let mut variants: Vec<Vec<RunData>> = Vec::new();
    for run in runs {
        match variants.iter_mut().find(|kind| kind[0].agent() == run.agent() && recipe(&kind[0]) == recipe(&run)) {
            Some(kind) => kind.push(run),
            None => variants.push(vec![run]),
        }
    }
    variants.sort_by_key(|kind| AgentName::ALL.iter().position(|agent| *agent == kind[0].agent()));
    let names = names(&variants);
    let kind = |(name, mut runs): (String, Vec<RunData>)| {
        runs.sort_by_key(|run| run.config.config.training.seed);
        Variant { name, runs }
    };
    names.into_iter().zip(variants).map(kind).collect()
}

/// Finds the folders of the runs that are meant: a folder that is no run itself stands for the runs within it.
pub fn found(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut all = Vec::new();
    for path in paths {
        if AgentName::ALL.into_iter().any(|agent| !agent.learns() && path == Path::new(agent.as_str())) {
            let name = path.display();
            return Err(CliError::usage(format!("{name} does not learn and is in every figure; leave it out")));
        }
        // What a shell makes of runs/paper/* has the suite's own document among the runs.
        if path.file_name().is_some_and(|name| name == "suite.json") && paths.len() > 1 {
            continue;
        }
        let within = if path.is_dir() && !path.join("config.json").exists() { within(path)? } else { Vec::new() };
        if within.is_empty() { all.push(path.clone()) } else { all.extend(within) }
    }
    let mut seen = Vec::new();
    all.retain(|path| {
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        let new = !seen.contains(&real);
        seen.push(real);
        new
    });
    if all.is_empty() { Err(CliError::usage("none of these is a run; name folders of runs")) } else { Ok(all) }
}

/// Lists the runs in a folder, by name.
fn within(path: &Path) -> Result<Vec<PathBuf>, CliError> {
    let failed = |error| CliError::usage(format!("cannot read {}: {error}", path.display()));
    let mut runs = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.join("config.json").exists() {
            runs.push(path);
        }
    }
    runs.sort();
    Ok(runs)
}

/// Gives the settings that have to be the same for runs to be seeds of one experiment. The seed, the end and the
/// intervals of records and evaluations are not among them.
fn recipe(run: &RunData) -> Value {
    const ASIDE: [&str; 6] = ["seed", "until", "on_nan", "log_interval", "eval_interval", "eval_episodes"];
    let RunConfig { environment, config, .. } = &run.config;
    let [environment, model, training] = [written(environment), written(&config.model), written(&config.training)];
    let mut parts = json!({"environment": environment, "model": model, "training": training});
    if let Some(training) = parts["training"].as_object_mut() {
        ASIDE.iter().for_each(|field| drop(training.remove(*field)));
    }
    parts
}

/// Gives a name to each group: the agent's, unless there are several groups of it; then that of the runs' folders, by
/// which a suite calls its variants, or else the settings that set the group apart.
fn names(groups: &[Vec<RunData>]) -> Vec<String> {
    let agents: Vec<AgentName> = groups.iter().map(|runs| runs[0].agent()).collect();
    let stems: Vec<Option<String>> = groups.iter().map(|runs| stem(runs)).collect();
    let settings: Vec<BTreeMap<String, Value>> =
        groups.iter().map(|runs| flattened(&recipe(&runs[0]), Lists::Whole).into_iter().collect()).collect();
    let name = |index: usize, most: usize| {
        let agent = agents[index];
        let rivals: Vec<usize> = (0..groups.len()).filter(|&other| other != index && agents[other] == agent).collect();
        let unique = stems.iter().filter(|stem| **stem == stems[index]).count() == 1;
        match &stems[index] {
            _ if rivals.is_empty() => return agent.to_string(),
            Some(stem) if unique => return stem.clone(),
            _ => {}
        }
        let is_apart = |(field, value): &(&String, &Value)| {
            rivals.iter().any(|&rival| settings[rival].get(*field) != Some(*value))
        };
        let words = settings[index].iter().filter(is_apart).map(|(field, value)| {
            let field = field.rsplit('.').next().unwrap_or(field).replace('_', " ");
            format!("{field} {}", value.to_string().trim_matches('"'))
        });
        std::iter::once(agent.to_string()).chain(words.take(most)).collect::<Vec<_>>().join(", ")
    };
    let short: Vec<String> = (0..groups.len()).map(|index| name(index, 3)).collect();
    // Where three settings are not enough to tell two groups apart, all of them are named.
    let alone = |index: usize| short.iter().filter(|other| **other == short[index]).count() == 1;
    (0..groups.len()).map(|index| if alone(index) { short[index].clone() } else { name(index, usize::MAX) }).collect()
}

/// Gives the part before `__seed` of the names of a group's folders, if it is the same for all, and was given to them.
fn stem(runs: &[RunData]) -> Option<String> {
    let of = |run: &RunData| {
        let folder = run.path.file_name()?.to_string_lossy().into_owned();
        folder.split_once("__seed").map(|(stem, _)| stem.to_owned())
    };
    let first = of(&runs[0])?;
    let given = !first.starts_with(runs[0].config.environment.id());
    (given && runs.iter().all(|run| of(run).as_ref() == Some(&first))).then_some(first)
}

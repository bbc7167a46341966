//! The runs of a figure, in groups that are averaged, and what they are held against.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gridworld_agents::config::{AgentName, Cell};
use serde_json::{Value, json};

use super::runs::{Episode, RunData, episodes};
use super::style::{MOST_GROUPS, Style, styles};
use crate::evaluate::{Row, rows};
use crate::failure::Failure;
use crate::run_config::RunConfig;
use crate::subject::Subject;

/// Runs that differ in nothing but their seeds.
#[derive(Clone, Debug)]
pub struct Group {
    /// What it is called.
    pub name: String,
    /// How it is drawn.
    pub style: Style,
    /// Its runs, by seed.
    pub runs: Vec<RunData>,
    /// Episodes of the first of them whose checkpoint can be read; none for agents without accumulators.
    pub episodes: Vec<Episode>,
    /// The seed of that run.
    pub played: u64,
}

/// Everything that figures are drawn from.
#[derive(Clone, Debug)]
pub struct Material {
    /// The groups: at least one.
    pub groups: Vec<Group>,
    /// The oracle and the random agent at each T that was evaluated; none if no run was.
    pub ceiling: Vec<Row>,
    /// The other one.
    pub floor: Vec<Row>,
}

impl Material {
    /// Reads runs, and folders of runs.
    ///
    /// # Errors
    /// If there is none, one cannot be read, or they do not fit in one figure.
    pub fn read(paths: &[PathBuf]) -> Result<Material, Failure> {
        let runs = found(paths)?.iter().map(|path| RunData::read(path)).collect::<Result<Vec<_>, _>>()?;
        let mut material = Material::of(runs)?;
        for group in &mut material.groups {
            group.play()?;
        }
        (material.ceiling, material.floor) = bounds(&material.groups)?;
        Ok(material)
    }

    /// Runs in groups, without anything that has to be played: one at least.
    ///
    /// # Errors
    /// If they do not fit in one figure.
    pub fn of(runs: Vec<RunData>) -> Result<Material, Failure> {
        Ok(Material { groups: grouped(runs)?, ceiling: Vec::new(), floor: Vec::new() })
    }

    /// All runs.
    pub fn runs(&self) -> impl Iterator<Item = &RunData> {
        self.groups.iter().flat_map(|group| &group.runs)
    }

    /// The groups in the order in which they are drawn: where curves coincide, the widest must not hide the others.
    pub fn in_drawing_order(&self) -> Vec<&Group> {
        let mut groups: Vec<&Group> = self.groups.iter().collect();
        groups.sort_by(|a, b| b.style.width.total_cmp(&a.style.width));
        groups
    }

    /// The values of T from the least to the greatest that were trained on, if that is the same for all.
    pub fn trained(&self) -> Option<(u32, u32)> {
        let ends = |run: &RunData| {
            let values = run.instructions().unwrap_or_default();
            values.first().copied().zip(values.last().copied())
        };
        let mut all = self.runs().map(ends);
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(first)
    }
}

impl Group {
    /// Whether its accumulators are of this kind.
    pub fn is_of(&self, cell: Cell) -> bool {
        self.runs[0].config.config.model.feedback.is_some_and(|looped| looped.cell == cell)
    }

    /// Films the episodes of the first run that has a checkpoint: one at the greatest T of the training, and one beyond
    /// it, at the paper's 19 for its 12.
    fn play(&mut self) -> Result<(), Failure> {
        let Some(run) = self.runs.iter().find(|run| matches!(run.weights, Some(Ok(_)))) else { return Ok(()) };
        let greatest = run.instructions()?.last().copied().unwrap_or(1);
        let beyond = (greatest * 8 / 5).min(crate::instructions::GREATEST);
        self.played = run.config.config.training.seed;
        self.episodes = episodes(&run.path, &[greatest, beyond])?;
        Ok(())
    }
}

/// The folders of the runs that are meant: of a folder that is none itself, those within it.
fn found(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        if AgentName::ALL.into_iter().any(|agent| !agent.learns() && path == Path::new(agent.as_str())) {
            let name = path.display();
            return Err(Failure::usage(format!("{name}: it does not learn; it is in the figures without asking")));
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
    if all.is_empty() { Err(Failure::usage("there is no run among these; name runs' folders")) } else { Ok(all) }
}

/// The runs in a folder, by name.
fn within(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| Failure::usage(format!("cannot read {}: {error}", path.display()));
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

/// Groups of runs, in the order in which agents are listed; the numbers of a group are those of the same experiment.
///
/// # Errors
/// If the runs cannot share a figure.
fn grouped(runs: Vec<RunData>) -> Result<Vec<Group>, Failure> {
    for run in &runs[1..] {
        fits(&runs[0], run)?;
    }
    let mut groups: Vec<Vec<RunData>> = Vec::new();
    for run in runs {
        match groups.iter_mut().find(|group| group[0].agent() == run.agent() && recipe(&group[0]) == recipe(&run)) {
            Some(group) => group.push(run),
            None => groups.push(vec![run]),
        }
    }
    groups.sort_by_key(|group| AgentName::ALL.iter().position(|agent| *agent == group[0].agent()));
    if groups.len() > MOST_GROUPS {
        return Err(Failure::usage(format!(
            "these runs are of {} kinds, and at most {MOST_GROUPS} can be told apart in a figure; name fewer of them",
            groups.len()
        )));
    }
    let names = names(&groups);
    let styles = styles(&names);
    let group = |((mut runs, name), style): ((Vec<RunData>, String), Style)| {
        runs.sort_by_key(|run| run.config.config.training.seed);
        Group { name, style, runs, episodes: Vec::new(), played: 0 }
    };
    Ok(groups.into_iter().zip(names).zip(styles).map(group).collect())
}

/// Refuses runs whose numbers mean different things.
fn fits(run: &RunData, other: &RunData) -> Result<(), Failure> {
    let (path, another) = (run.path.display(), other.path.display());
    let differ = |what: String, other_what: String| {
        Err(Failure::usage(format!(
            "{path} {what}, {another} {other_what}: they cannot share a figure; plot them one after the other, each \
             with an --out of its own"
        )))
    };
    let (environment, another_environment) = (&run.config.environment, &other.config.environment);
    if environment.id() != another_environment.id() {
        return differ(format!("is of {}", environment.id()), format!("of {}", another_environment.id()));
    }
    if run.reward() != other.reward() {
        let name = crate::arguments::reward_name;
        return differ(format!("has the {} reward", name(run.reward())), format!("the {} one", name(other.reward())));
    }
    if environment.tolerance() != another_environment.tolerance() {
        let said = |tolerance: Option<u32>| format!("a tolerance of {} step(s)", tolerance.unwrap_or(0));
        return differ(
            format!("has {}", said(environment.tolerance())),
            format!("one of {}", another_environment.tolerance().unwrap_or(0)),
        );
    }
    if let (Some(evaluation), Some(another_evaluation)) = (&run.evaluation, &other.evaluation)
        && evaluation.policy != another_evaluation.policy
    {
        let said = |policy: crate::subject::PolicyChoice| format!("was evaluated {}", policy.word());
        return differ(said(evaluation.policy), another_evaluation.policy.word().to_owned());
    }
    Ok(())
}

/// What has to be the same for runs to be seeds of one experiment. How often it is looked at is not among it.
fn recipe(run: &RunData) -> Value {
    const ASIDE: [&str; 6] = ["seed", "until", "on_nan", "log_interval", "eval_interval", "eval_episodes"];
    let RunConfig { environment, config, .. } = &run.config;
    let mut parts = json!({"environment": environment, "model": config.model, "training": config.training});
    if let Some(training) = parts["training"].as_object_mut() {
        ASIDE.iter().for_each(|field| drop(training.remove(*field)));
    }
    parts
}

/// A name for each group: the agent's, unless there are several groups of it; then that of the runs' folders, which is
/// what a suite calls its variants, or else what sets the group apart.
fn names(groups: &[Vec<RunData>]) -> Vec<String> {
    let agents: Vec<AgentName> = groups.iter().map(|runs| runs[0].agent()).collect();
    let stems: Vec<Option<String>> = groups.iter().map(|runs| stem(runs)).collect();
    let unique =
        |index: usize| stems[index].is_some() && stems.iter().filter(|stem| **stem == stems[index]).count() == 1;
    let name = |index: usize| {
        let agent = agents[index];
        let rivals: Vec<usize> = (0..groups.len()).filter(|&other| other != index && agents[other] == agent).collect();
        match &stems[index] {
            _ if rivals.is_empty() => agent.to_string(),
            Some(stem) if unique(index) => stem.clone(),
            _ => {
                let own = leaves(&recipe(&groups[index][0]));
                let others: Vec<_> = rivals.iter().map(|&rival| leaves(&recipe(&groups[rival][0]))).collect();
                let apart =
                    own.iter().filter(|(field, value)| others.iter().any(|other| other.get(*field) != Some(value)));
                let words = apart.map(|(field, value)| {
                    let field = field.rsplit('.').next().unwrap_or(field).replace('_', " ");
                    format!("{field} {}", value.trim_matches('"'))
                });
                std::iter::once(agent.to_string()).chain(words.take(3)).collect::<Vec<_>>().join(", ")
            }
        }
    };
    (0..groups.len()).map(name).collect()
}

/// What the folders of a group's runs are called before `__seed`, if that is the same for all, and is a name that was
/// given to them.
fn stem(runs: &[RunData]) -> Option<String> {
    let of = |run: &RunData| {
        let folder = run.path.file_name()?.to_string_lossy().into_owned();
        folder.split_once("__seed").map(|(stem, _)| stem.to_owned())
    };
    let first = of(&runs[0])?;
    let given = !first.starts_with(runs[0].config.environment.id());
    (given && runs.iter().all(|run| of(run).as_ref() == Some(&first))).then_some(first)
}

/// The single values of a document, by their path.
fn leaves(document: &Value) -> BTreeMap<String, String> {
    fn walk(value: &Value, path: &str, found: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(name, value)| walk(value, &format!("{path}.{name}"), found))
            }
            // Settings of 32 bits became numbers of 64, and would have digits that nobody wrote.
            Value::Number(number) if number.is_f64() => {
                let short = number.as_f64().map_or(String::new(), |value| (value as f32).to_string());
                found.insert(path.to_owned(), short);
            }
            other => drop(found.insert(path.to_owned(), other.to_string())),
        }
    }
    let mut found = BTreeMap::new();
    walk(document, "", &mut found);
    found
}

/// Plays the ceiling and the floor as the runs were evaluated: every T, and as many episodes with the same seed.
fn bounds(groups: &[Group]) -> Result<(Vec<Row>, Vec<Row>), Failure> {
    let evaluated: Vec<&RunData> =
        groups.iter().flat_map(|group| &group.runs).filter(|run| !run.rows().is_empty()).collect();
    let Some(first) = evaluated.first() else { return Ok((Vec::new(), Vec::new())) };
    let mut instructions: Vec<u32> = evaluated.iter().flat_map(|run| run.rows()).map(|row| row.instruction).collect();
    instructions.sort_unstable();
    instructions.dedup();
    let seed = first.evaluation.as_ref().map_or(0, |evaluation| evaluation.seed);
    let episodes = first.rows().iter().map(|row| row.episodes).max().unwrap_or(1) as usize;
    let play = |agent| rows(&Subject::untrained(agent, &first.config.environment, seed), &instructions, episodes);
    Ok((play(AgentName::Oracle)?, play(AgentName::Random)?))
}

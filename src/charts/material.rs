//! The runs of a figure, in groups that are averaged, and what they are held against.

use std::path::PathBuf;

use gridworld_agents::config::{AgentName, Cell};
use gridworld_figures::style::{MOST_GROUPS, Style};

use super::kinds::{Kind, kinds};
use super::runs::{Episode, RunData, episodes};
use crate::charts::style::styles;
use crate::program::failure::Failure;
use crate::program::shell;
use crate::run::evaluation::Row;
use crate::run::playing::rows;
use crate::run::subject::{PolicyChoice, Subject};
use gridworld_envs::Registry;

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
    /// Rows of the oracle at each T that was evaluated; none if no run was, or no oracle is known.
    pub ceiling: Vec<Row>,
    /// Rows of the random agent at each T that was evaluated; none if no run was.
    pub floor: Vec<Row>,
}

impl Material {
    /// Reads the runs in these folders, one at least.
    ///
    /// # Errors
    /// If one cannot be read, or they do not fit in one figure.
    pub fn read(folders: &[PathBuf], registry: &Registry) -> Result<Material, Failure> {
        let runs = folders.iter().map(|folder| RunData::read(folder, registry)).collect::<Result<Vec<_>, Failure>>()?;
        Material::of(runs)?.played()
    }

    /// The same with what has to be played: the accumulators' episodes, and the bounds.
    ///
    /// # Errors
    /// If a checkpoint cannot be read.
    pub fn played(mut self) -> Result<Material, Failure> {
        for group in &mut self.groups {
            group.play()?;
        }
        (self.ceiling, self.floor) = bounds(&self.groups)?;
        Ok(self)
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
            let values = run.instructions();
            values.first().copied().zip(values.last().copied())
        };
        let mut all = self.runs().map(ends);
        let first = all.next()??;
        all.all(|other| other == Some(first)).then_some(first)
    }
}

impl Group {
    /// The cell of its accumulators, if it has them.
    pub fn cell(&self) -> Option<Cell> {
        self.runs[0].config.config.model.feedback.map(|looped| looped.cell)
    }

    /// Films the episodes of the first run that has a checkpoint: one at the greatest T of the training, and one beyond
    /// it, at the paper's 19 for its 12.
    fn play(&mut self) -> Result<(), Failure> {
        let Some(run) = self.runs.iter().find(|run| matches!(run.weights, Some(Ok(_)))) else { return Ok(()) };
        let greatest = run.instructions().last().copied().unwrap_or(1);
        let beyond = (greatest * 8 / 5).min(gridworld_envs::instructions::GREATEST);
        self.played = run.config.config.training.seed;
        self.episodes = episodes(run, &[greatest, beyond])?;
        Ok(())
    }
}

/// The groups, drawn so that they can be told apart.
///
/// # Errors
/// If the runs cannot share a figure.
fn grouped(runs: Vec<RunData>) -> Result<Vec<Group>, Failure> {
    for run in &runs[1..] {
        fits(&runs[0], run)?;
    }
    let kinds = kinds(runs);
    if kinds.len() > MOST_GROUPS {
        return Err(Failure::usage(format!(
            "these runs are of {} kinds, and at most {MOST_GROUPS} can be told apart in a figure; name fewer of them",
            kinds.len()
        )));
    }
    let names: Vec<String> = kinds.iter().map(|kind| kind.name.clone()).collect();
    let styles = styles(&names);
    let group = |(Kind { name, runs }, style)| Group { name, style, runs, episodes: Vec::new(), played: 0 };
    Ok(kinds.into_iter().zip(styles).map(group).collect())
}

/// Refuses runs whose numbers mean different things.
fn fits(run: &RunData, other: &RunData) -> Result<(), Failure> {
    let (own_path, other_path) = (run.path.display(), other.path.display());
    let differ = |what: String, other_what: String| {
        Err(Failure::usage(format!(
            "{own_path} {what}, {other_path} {other_what}: they cannot share a figure; plot them one after the other, each \
             with an --out of its own"
        )))
    };
    let (environment, another_environment) = (&run.config.environment, &other.config.environment);
    if environment.id() != another_environment.id() {
        return differ(format!("is of {}", environment.id()), format!("of {}", another_environment.id()));
    }
    if run.reward() != other.reward() {
        let [own, another] = [run, other].map(RunData::reward);
        return differ(format!("has the {own} reward"), format!("the {another} one"));
    }
    if run.tolerance() != other.tolerance() {
        return differ(
            format!("has a tolerance of {} step(s)", run.tolerance()),
            format!("one of {}", other.tolerance()),
        );
    }
    if let (Some(evaluation), Some(another_evaluation)) = (&run.evaluation, &other.evaluation)
        && evaluation.document.policy != another_evaluation.document.policy
    {
        let [one, another] = [evaluation, another_evaluation].map(|evaluation| evaluation.document.policy.word());
        let sampled = if evaluation.document.policy == PolicyChoice::Greedy { other } else { run };
        return Err(Failure::usage(format!(
            "{own_path} was evaluated {one}, {other_path} {another}: they cannot share a figure; evaluate that one greedy, \
             too: {}",
            shell::command_on("evaluate", &sampled.path, "")
        )));
    }
    Ok(())
}

/// Plays the ceiling and the floor as the runs were evaluated: every T, and as many episodes with the same seed.
fn bounds(groups: &[Group]) -> Result<(Vec<Row>, Vec<Row>), Failure> {
    let evaluated: Vec<&RunData> =
        groups.iter().flat_map(|group| &group.runs).filter(|run| !run.rows().is_empty()).collect();
    let Some(first) = evaluated.first() else { return Ok((Vec::new(), Vec::new())) };
    let mut instructions: Vec<u32> = evaluated.iter().flat_map(|run| run.rows()).map(|row| row.instruction).collect();
    instructions.sort_unstable();
    instructions.dedup();
    let seed = first.evaluation.as_ref().map_or(0, |evaluation| evaluation.document.seed);
    let episodes = evaluated.iter().flat_map(|run| run.rows()).map(|row| row.episodes).max().unwrap_or(1) as usize;
    let (mut ceiling, mut floor) = (Vec::new(), Vec::new());
    for subject in Subject::bounds(&first.config.environment, seed) {
        let bound = if subject.agent == AgentName::Oracle { &mut ceiling } else { &mut floor };
        *bound = rows(&subject, &instructions, episodes)?;
    }
    Ok((ceiling, floor))
}

//! The numbers that figures of trainings are drawn from, read and played from their runs.

use std::path::Path;

use gridworld_agents::AgentName;
use gridworld_agents::cells::Output;
use gridworld_agents::training::Tag;
use gridworld_figures::style::{MOST_GROUPS, Style, styles};
use gridworld_records::MetricsLine;
use serde_json::Value;
use tch::Device;

use super::runs::RunData;
use super::variants::Variant;
use crate::replay::renderer::{LONGEST, Renderer, Replay};
use crate::run::accumulators::sum_weights;
use crate::run::evaluation::{self, evaluated};
use crate::run::evaluations::played;
use crate::run::player::{Player, PolicyChoice};
use crate::run::playing::{Episodes, rows};
use gridworld_figures::trainings::{Episode, Group, Point, Row, Run, Trainings};
use gridworld_terminal::program::{CliError, shell};

/// The checkpoint that figures show.
const BEST: &str = "best";
/// Greatest number of runs that are named because they were evaluated otherwise.
const MOST_NAMED: usize = 3;

/// Returns the agents that have the same style in every figure.
pub fn reserved() -> [&'static str; 4] {
    [AgentName::LstmNau, AgentName::LstmNac, AgentName::LstmNalu, AgentName::Lstm].map(AgentName::as_str)
}

/// Returns the data of figures of these kinds of runs, one at least: their numbers, episodes of the accumulators, and
/// the bounds. The latter two are played.
///
/// # Errors
/// If the runs do not fit in one figure, or a checkpoint cannot be played.
pub fn trainings(variants: &[&Variant]) -> Result<Trainings, CliError> {
    let runs: Vec<&RunData> = variants.iter().flat_map(|kind| &kind.runs).collect();
    runs[1..].iter().try_for_each(|run| fits(runs[0], run))?;
    if variants.len() > MOST_GROUPS {
        return Err(CliError::usage(format!(
            "these runs have {} different settings, and a figure shows at most {MOST_GROUPS}; name fewer runs",
            variants.len()
        )));
    }
    let names: Vec<String> = variants.iter().map(|kind| kind.name.clone()).collect();
    let groups = variants.iter().zip(styles(&names, &reserved())).map(|(kind, style)| group(kind, style));
    let groups = groups.collect::<Result<Vec<Group>, CliError>>()?;
    let ends = |run: &RunData| run.instructions().first().copied().zip(run.instructions().last().copied());
    let trained = ends(runs[0]).filter(|first| runs.iter().all(|run| ends(run) == Some(*first)));
    let timing = runs[0].config.environment.description().timing.to_owned();
    let evaluated: Vec<&RunData> = runs.into_iter().filter(|run| !run.rows().is_empty()).collect();
    let (ceiling, floor) = bounds(&evaluated)?;
    Ok(Trainings { groups, ceiling, floor, trained, timing, provenance: provenance(&evaluated) })
}

/// Refuses runs whose numbers mean different things.
fn fits(run: &RunData, other: &RunData) -> Result<(), CliError> {
    let (own_path, other_path) = (run.path.display(), other.path.display());
    let differ = |what: String, other_what: String| {
        Err(CliError::usage(format!(
            "{own_path} {what}, {other_path} {other_what}: they cannot share a figure; plot them separately, each with its \
             own --out"
        )))
    };
    let (environment, another_environment) = (&run.config.environment, &other.config.environment);
    if environment.id() != another_environment.id() {
        return differ(format!("was trained on {}", environment.id()), format!("on {}", another_environment.id()));
    }
    let settings = [environment, another_environment];
    let [own, another] = settings.map(|of| of.setting("reward").and_then(Value::as_str).unwrap_or("own"));
    if own != another {
        return differ(format!("has {own} reward"), format!("has {another} reward"));
    }
    let [own, another] = settings.map(|of| of.setting("tolerance").and_then(Value::as_u64).unwrap_or(0));
    if own != another {
        return differ(format!("has a tolerance of {own}"), format!("one of {another}"));
    }
    if let (Some(evaluation), Some(another_evaluation)) = (&run.evaluation, &other.evaluation)
        && evaluation.document.policy != another_evaluation.document.policy
    {
        let [one, another] = [evaluation, another_evaluation].map(|evaluation| evaluation.document.policy.word());
        let sampled = if evaluation.document.policy == PolicyChoice::Greedy { other } else { run };
        return Err(CliError::usage(format!(
            "{own_path} was evaluated {one}, {other_path} {another}: they cannot share a figure; evaluate \
             that one with greedy actions: {}",
            shell::command_on("evaluate", &sampled.path, "")
        )));
    }
    Ok(())
}

/// Gathers the numbers of a kind, with episodes of its first run that has a checkpoint: one at the greatest T of the
/// training, and one beyond it, at the paper's 19 for its 12.
fn group(kind: &Variant, style: Style) -> Result<Group, CliError> {
    let runs: Vec<Run> = kind.runs.iter().map(numbers).collect();
    let readable = kind.runs.iter().zip(&runs).find(|(_, numbers)| matches!(numbers.weights, Some(Ok(_))));
    let (mut episodes, mut played) = (Vec::new(), 0);
    if let Some((run, _)) = readable {
        let greatest = run.instructions().last().copied().unwrap_or(1).min(LONGEST);
        let beyond = (greatest * 8 / 5).clamp(1, LONGEST);
        let player = Player::trained(run.trained(Path::new(BEST))?, PolicyChoice::Greedy, 0, Device::Cpu);
        let renderer = Renderer::new(player, BEST);
        for instruction in [greatest, beyond] {
            episodes.extend(renderer.replays(instruction, 0, 1)?.iter().map(episode));
        }
        played = run.config.config.training.seed;
    }
    let model = &kind.runs[0].config.config.model;
    let cell = model.feedback.map(|looped| looped.cell.about());
    let mixing_cell = cell.filter(|cell| cell.output == Output::GatedSum).map(|cell| cell.title.to_owned());
    let core = model.core.about().title.to_owned();
    Ok(Group { name: kind.name.clone(), style, runs, episodes, played, core, mixing_cell })
}

/// Gathers the numbers of a run.
fn numbers(run: &RunData) -> Run {
    let [success, episodic_return] = [Tag::EvalSuccessTrain, Tag::EpisodicReturn].map(|tag| tag.to_string());
    let scalar = |line: &MetricsLine, name: &str| line.scalars.get(name).copied().flatten();
    let point = |line: &MetricsLine| Point {
        steps: line.step as f64,
        seconds: line.seconds,
        success: scalar(line, &success),
        episodic_return: scalar(line, &episodic_return),
    };
    let weights = || {
        let trained = run.trained(Path::new(BEST)).map_err(|failure| failure.to_string());
        trained.map(|trained| sum_weights(&trained))
    };
    let flags = format!("--T {}", evaluated(run.instructions()));
    Run {
        name: run.path.display().to_string(),
        points: run.metrics.iter().map(point).collect(),
        rows: run.rows().iter().map(row).collect(),
        evaluate: shell::command_on("evaluate", &run.path, &flags),
        weights: run.config.config.model.feedback.map(|_| weights()),
    }
}

fn row(row: &evaluation::Row) -> Row {
    Row {
        instruction: row.instruction,
        success: row.success_of_feasible,
        interval: row.interval(),
        reward: row.reward_mean,
        time: row.arrival_mean,
        timeouts: row.timeouts,
        feasible: (row.feasible * row.episodes as f64).round() as u64,
        times: row.arrivals.clone(),
    }
}

fn episode(replay: &Replay) -> Episode {
    let activations: Vec<&[f32]> =
        replay.activations_until(replay.record.steps()).map(|activations| activations.n.as_slice()).collect();
    let units = activations.first().map_or(0, |n| n.len());
    Episode {
        instruction: replay.choice.instruction,
        names: replay.counters.clone(),
        counters: (0..units).map(|unit| activations.iter().map(|n| f64::from(n[unit])).collect()).collect(),
        due: replay.due,
        ending: replay.ending.headline(),
    }
}

/// Plays the ceiling and the floor as the runs were evaluated: every T, and as many episodes with the same seed.
fn bounds(runs: &[&RunData]) -> Result<(Vec<Row>, Vec<Row>), CliError> {
    let (mut ceiling, mut floor) = (Vec::new(), Vec::new());
    let Some(first) = runs.first() else { return Ok((ceiling, floor)) };
    let all = || runs.iter().flat_map(|run| run.rows());
    let mut instructions: Vec<u32> = all().map(|row| row.instruction).collect();
    instructions.sort_unstable();
    instructions.dedup();
    let seed = first.evaluation.as_ref().map_or(0, |evaluation| evaluation.document.seed);
    let episodes = Episodes::as_in(all(), usize::MAX);
    for player in Player::bounds(&first.config.environment, seed) {
        let bound = if player.agent == AgentName::Oracle { &mut ceiling } else { &mut floor };
        bound.extend(rows(&player, &instructions, episodes)?.iter().map(row));
    }
    Ok((ceiling, floor))
}

/// Says how many episodes the rows of runs are of, and who played them: the best checkpoints, greedy, but for the runs that
/// are named.
pub fn provenance(runs: &[&RunData]) -> String {
    let number = played(runs.iter().flat_map(|run| run.rows()));
    let otherwise: Vec<String> = runs
        .iter()
        .filter_map(|run| Some(format!("{} ({})", run.path.display(), run.evaluation.as_ref()?.otherwise.as_ref()?)))
        .collect();
    let who = if otherwise.len() < runs.len() { ", greedy, best checkpoint" } else { "" };
    let more = otherwise.len().saturating_sub(MOST_NAMED);
    let named = otherwise.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("; ");
    match (otherwise.len(), more) {
        (0, _) => format!("{number} per T{who}."),
        (_, 0) => format!("{number} per T{who}. Evaluated otherwise: {named}."),
        (_, more) => format!("{number} per T{who}. Evaluated otherwise: {named}; and {more} more."),
    }
}

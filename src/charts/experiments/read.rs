//! What there is to be drawn of a run.

use std::collections::BTreeMap;
use std::path::Path;

use gridworld_numeracy::journal::read_outcomes;
use gridworld_numeracy::tasks::Outcome;
use gridworld_numeracy::tasks::digits::DigitsOutcome;
use gridworld_numeracy::tasks::identity::{IdentityOutcome, curves};
use gridworld_numeracy::tasks::language::LanguageOutcome;
use gridworld_numeracy::tasks::program::ProgramOutcome;
use gridworld_numeracy::tasks::recurrent_arithmetic::RecurrentOutcome;
use gridworld_numeracy::tasks::single_layer::{RANGES, SingleOutcome};
use gridworld_numeracy::tasks::static_arithmetic::StaticConfig;
use gridworld_records::RunFolder;
use serde::de::DeserializeOwned;

use super::errors::{By, Errors};
use super::grid::Series;
use super::material::Material;
use super::solved::Solved;
use crate::program::failure::Failure;
use crate::run::argument;
use crate::run::experiment::ExperimentConfig;
use gridworld_numeracy::tasks::TaskConfig;

/// Reads the run in `path`. One of which no seed is done adds nothing.
pub fn read(path: &Path, material: &mut Material) -> Result<(), Failure> {
    let folder = argument::open(path)?;
    let config = ExperimentConfig::read(&folder)?;
    let task = config.task.name();
    match &config.task {
        TaskConfig::Identity(_) => {
            material.identity.extend(curves(outcomes::<IdentityOutcome>(&folder)?.values()));
        }
        TaskConfig::Static(config) => {
            let outcomes = outcomes::<Outcome>(&folder)?;
            let published = StaticConfig::published(config.operation, config.cell, config.iterations);
            let late = if config.sparsity.ramp > published.sparsity.ramp { ", later" } else { "" };
            let name = format!("{}{late}", config.cell);
            let series = solved(config.operation.to_string(), name, config.iterations, outcomes.values());
            material.solved.extend(series.map(|series| (task, series)));
        }
        TaskConfig::Single(config) => {
            let outcomes = outcomes::<SingleOutcome>(&folder)?;
            for (range, (trained, _)) in RANGES.iter().enumerate() {
                let of_range = outcomes.values().filter(|o| o.range == range).map(|o| &o.outcome);
                let name = format!("{} by {}", config.operation, config.cell);
                let series = solved(trained.to_string(), name, config.iterations, of_range);
                material.solved.extend(series.map(|series| (task, series)));
            }
        }
        TaskConfig::Recurrent(config) => {
            let outcomes = outcomes::<RecurrentOutcome>(&folder)?;
            let seeds = outcomes.values().map(|outcome| &outcome.chosen.errors);
            let points = seeds.map(|errors| errors.iter().map(|error| (error.length as f64, error.relative)));
            let data = Errors { by: By::Length, measure: RELATIVE, points: gathered(points) };
            let (panel, name) = (config.operation.to_string(), config.model.to_string());
            material.errors.push((task, Series { panel, name, seeds: outcomes.len(), data }));
        }
        TaskConfig::Mnist(config) => {
            let outcomes = outcomes::<DigitsOutcome>(&folder)?;
            let seeds = outcomes.values().map(|outcome| &outcome.errors);
            let points =
                seeds.map(|errors| errors.iter().map(|error| (error.length as f64, error.relative.or(error.mae))));
            let data = Errors {
                by: By::Length,
                measure: "The mean absolute error; of products, its share in the answer",
                points: gathered(points),
            };
            let (panel, name) = (config.operation.to_string(), config.cell.to_string());
            material.errors.push((task, Series { panel, name, seeds: outcomes.len(), data }));
        }
        TaskConfig::Program(config) => {
            let outcomes = outcomes::<ProgramOutcome>(&folder)?;
            // The longer numbers: with more of them there are other sizes.
            let terms = config.kind.trained().terms;
            let seeds = outcomes.values().map(|outcome| outcome.errors.iter());
            let points = seeds.map(|errors| {
                let longer = errors.filter(|error| error.size.terms == terms);
                longer.map(|error| (error.size.digits as f64, Some(error.absolute)))
            });
            let data = Errors { by: By::Digits, measure: ABSOLUTE, points: gathered(points) };
            let (panel, name) = (config.kind.to_string(), config.model.to_string());
            material.errors.push((task, Series { panel, name, seeds: outcomes.len(), data }));
        }
        TaskConfig::Language(config) => {
            let outcomes = outcomes::<LanguageOutcome>(&folder)?;
            let seeds = outcomes.values().map(|outcome| &outcome.curve);
            let points = seeds.map(|curve| curve.iter().map(|check| (check.iteration as f64, Some(check.test))));
            let data = Errors { by: By::Updates, measure: ABSOLUTE, points: gathered(points) };
            let (panel, name) = ("numbers that were not learned".to_owned(), config.model.to_string());
            material.errors.push((task, Series { panel, name, seeds: outcomes.len(), data }));
        }
    }
    material.errors.retain(|(_, series)| series.seeds > 0);
    Ok(())
}

const RELATIVE: &str = "The root of the mean squared error, against that of the answers themselves";
const ABSOLUTE: &str = "The mean absolute error";

fn outcomes<O: DeserializeOwned>(folder: &RunFolder) -> Result<BTreeMap<u64, O>, Failure> {
    read_outcomes(folder).map_err(Failure::failed)
}

/// When the seeds of a run were solved; nothing without seeds.
fn solved<'a>(
    panel: String,
    name: String,
    until: u64,
    outcomes: impl Iterator<Item = &'a Outcome>,
) -> Option<Series<Solved>> {
    let (mut at, mut seeds) = (Vec::new(), 0);
    for outcome in outcomes {
        at.extend(outcome.solved_at);
        seeds += 1;
    }
    at.sort_unstable();
    (seeds > 0).then_some(Series { panel, name, seeds, data: Solved { at, until } })
}

/// The errors of all seeds at each place, as far as every one of them goes.
fn gathered(seeds: impl Iterator<Item = impl Iterator<Item = (f64, Option<f64>)>>) -> Vec<(f64, Vec<f64>)> {
    let mut points: Vec<(f64, Vec<f64>)> = Vec::new();
    for seed in seeds {
        for (index, (x, error)) in seed.enumerate() {
            if index == points.len() {
                points.push((x, Vec::new()));
            }
            let finite = error.filter(|error| error.is_finite());
            points[index].1.push(finite.unwrap_or(f64::INFINITY));
        }
    }
    points
}

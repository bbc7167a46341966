//! The numbers that figures of arithmetic are drawn from, read from experiments.

use std::path::{Path, PathBuf};

use gridworld_figures::sheet::Figure;
use gridworld_numeracy::journal::read_outcomes;
use gridworld_numeracy::tasks::digits::DigitsOutcome;
use gridworld_numeracy::tasks::identity::{IdentityCurve, IdentityOutcome, TRAINED, curves, points};
use gridworld_numeracy::tasks::language::LanguageOutcome;
use gridworld_numeracy::tasks::program::ProgramOutcome;
use gridworld_numeracy::tasks::recurrent_arithmetic::RecurrentOutcome;
use gridworld_numeracy::tasks::single_layer::{RANGES, SingleOutcome};
use gridworld_numeracy::tasks::static_arithmetic::StaticConfig;
use gridworld_numeracy::tasks::{Outcome, TaskConfig};
use gridworld_records::RunFolder;
use serde::de::DeserializeOwned;

use super::trainings::reserved;
use crate::program::failure::Failure;
use crate::run::argument;
use crate::run::experiment::ExperimentConfig;
use gridworld_figures::experiments::{By, Curve, Errors, Experiments, Series, Solved, draw};

const RELATIVE: &str = "The root of the mean squared error, against that of the answers themselves";
const OF_DIGITS: &str = "The mean absolute error; of products, its share in the answer";
const ABSOLUTE: &str = "The mean absolute error";

/// Draws the figures of the experiments in these folders.
///
/// # Errors
/// If one cannot be read, or there is nothing to be drawn.
pub fn experiments(paths: &[PathBuf]) -> Result<Vec<Figure>, Failure> {
    let mut found = Experiments::default();
    paths.iter().try_for_each(|path| read(path, &mut found))?;
    let figures = draw(&found, &reserved());
    if figures.is_empty() { Err(Failure::failed("no seed is done: there is nothing to draw")) } else { Ok(figures) }
}

/// Reads the experiment in `path`. One of which no seed is done adds nothing.
fn read(path: &Path, found: &mut Experiments) -> Result<(), Failure> {
    let folder = argument::open(path)?;
    let config = ExperimentConfig::read(&folder)?.task;
    let task = config.name();
    let solved = |panel: String, name: String, until: u64, seeds: &[&Outcome]| {
        let mut at: Vec<u64> = seeds.iter().filter_map(|outcome| outcome.solved_at).collect();
        at.sort_unstable();
        let series = Series { task, panel, name, seeds: seeds.len(), data: Solved { at, until } };
        (!seeds.is_empty()).then_some(series)
    };
    let (panel, name, (by, measure), seeds) = match &config {
        TaskConfig::Identity(_) => {
            let curve = |curve: IdentityCurve| Curve {
                name: curve.cell.to_string(),
                seeds: curve.seeds,
                points: points().zip(curve.errors).collect(),
            };
            let own = curves(&outcomes::<IdentityOutcome>(&folder)?).into_iter().map(curve);
            found.identity.trained = TRAINED;
            found.identity.curves.extend(own);
            return Ok(());
        }
        TaskConfig::Static(config) => {
            let outcomes = outcomes::<Outcome>(&folder)?;
            let published = StaticConfig::published(config.operation, config.cell, config.iterations);
            let late = if config.sparsity.ramp > published.sparsity.ramp { ", later" } else { "" };
            let (panel, name) = (config.operation.to_string(), format!("{}{late}", config.cell));
            found.solved.extend(solved(panel, name, config.iterations, &outcomes.iter().collect::<Vec<_>>()));
            return Ok(());
        }
        TaskConfig::Single(config) => {
            let outcomes = outcomes::<SingleOutcome>(&folder)?;
            for (range, (trained, _)) in RANGES.iter().enumerate() {
                let of_range = outcomes.iter().filter(|outcome| outcome.range == range).map(|outcome| &outcome.outcome);
                let (panel, name) = (trained.to_string(), format!("{} by {}", config.operation, config.cell));
                found.solved.extend(solved(panel, name, config.iterations, &of_range.collect::<Vec<_>>()));
            }
            return Ok(());
        }
        TaskConfig::Recurrent(config) => {
            let seeds = errors(&folder, |outcome: &RecurrentOutcome| {
                outcome.chosen.errors.iter().map(|error| (error.length as f64, error.relative)).collect()
            })?;
            (config.operation.to_string(), config.model.to_string(), (By::Length, RELATIVE), seeds)
        }
        TaskConfig::Mnist(config) => {
            let seeds = errors(&folder, |outcome: &DigitsOutcome| {
                outcome.errors.iter().map(|error| (error.length as f64, error.relative.or(error.mae))).collect()
            })?;
            (config.operation.to_string(), config.cell.to_string(), (By::Length, OF_DIGITS), seeds)
        }
        TaskConfig::Program(config) => {
            // The longer numbers: with more of them there are other sizes.
            let terms = config.kind.trained().terms;
            let seeds = errors(&folder, |outcome: &ProgramOutcome| {
                let longer = outcome.errors.iter().filter(|error| error.size.terms == terms);
                longer.map(|error| (error.size.digits as f64, Some(error.absolute))).collect()
            })?;
            (config.kind.to_string(), config.model.to_string(), (By::Digits, ABSOLUTE), seeds)
        }
        TaskConfig::Language(config) => {
            let seeds = errors(&folder, |outcome: &LanguageOutcome| {
                outcome.curve.iter().map(|check| (check.iteration as f64, Some(check.test))).collect()
            })?;
            let panel = "numbers that were not learned".to_owned();
            (panel, config.model.to_string(), (By::Updates, ABSOLUTE), seeds)
        }
    };
    let data = Errors { by, measure, points: gathered(&seeds) };
    let series = Series { task, panel, name, seeds: seeds.len(), data };
    found.errors.extend((!seeds.is_empty()).then_some(series));
    Ok(())
}

/// Reads the outcomes of the seeds that are done.
fn outcomes<O: DeserializeOwned>(folder: &RunFolder) -> Result<Vec<O>, Failure> {
    Ok(read_outcomes(folder).map_err(Failure::failed)?.into_values().collect())
}

/// Places with an error at each, if there is one there.
type Places = Vec<(f64, Option<f64>)>;

/// Reads the errors of each seed that is done.
fn errors<O: DeserializeOwned>(folder: &RunFolder, of: impl Fn(&O) -> Places) -> Result<Vec<Places>, Failure> {
    Ok(outcomes(folder)?.iter().map(of).collect())
}

/// Gathers the errors of all seeds at each place; a seed adds to as many places as it has.
fn gathered(seeds: &[Places]) -> Vec<(f64, Vec<f64>)> {
    let mut points: Vec<(f64, Vec<f64>)> = Vec::new();
    for (index, (x, error)) in seeds.iter().flat_map(|seed| seed.iter().enumerate()) {
        if index == points.len() {
            points.push((*x, Vec::new()));
        }
        let finite = error.filter(|error| error.is_finite());
        points[index].1.push(finite.unwrap_or(f64::INFINITY));
    }
    points
}

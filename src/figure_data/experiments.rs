//! The numbers that figures of arithmetic are drawn from, read from experiments.

use std::path::{Path, PathBuf};

use gridworld_figures::Figure;
use gridworld_figures::experiments::{By, Curve, Errors, Experiments, Series, Solved, draw};
use gridworld_numeracy::tasks::drawing::{self, Drawing};
use gridworld_numeracy::tasks::identity::{IdentityCurve, TRAINED, points};
use gridworld_terminal::program::CliError;

use super::trainings::reserved;
use crate::run::argument;
use crate::run::experiment::ExperimentConfig;

/// Draws the figures of the experiments in these folders.
///
/// # Errors
/// If one cannot be read, or there is nothing to be drawn.
pub fn experiments(paths: &[PathBuf]) -> Result<Vec<Figure>, CliError> {
    let mut found = Experiments::default();
    paths.iter().try_for_each(|path| read(path, &mut found))?;
    let figures = draw(&found, &reserved());
    if figures.is_empty() {
        Err(CliError::failed("no seed is finished: there is nothing to draw"))
    } else {
        Ok(figures)
    }
}

/// Reads the experiment in `path`. One of which no seed is done adds nothing.
fn read(path: &Path, found: &mut Experiments) -> Result<(), CliError> {
    let folder = argument::open(path)?;
    let config = ExperimentConfig::read(&folder)?;
    let task = config.task.name();
    match config.task.drawing(&folder).map_err(CliError::failed)? {
        Drawing::Identity(curves) => {
            found.identity.trained = TRAINED;
            found.identity.curves.extend(curves.into_iter().map(curve));
        }
        Drawing::Solved(all) => found.solved.extend(all.into_iter().map(|one| series(task, one, solved))),
        Drawing::Errors(all) => found.errors.extend(all.into_iter().map(|one| series(task, one, errors))),
    }
    Ok(())
}

fn curve(IdentityCurve { cell, seeds, errors, .. }: IdentityCurve) -> Curve {
    Curve { name: cell.to_string(), seeds, points: points().zip(errors).collect() }
}

fn series<A, B>(task: &'static str, one: drawing::Series<A>, of: fn(A) -> B) -> Series<B> {
    let drawing::Series { panel, name, seeds, data } = one;
    Series { task, panel, name, seeds, data: of(data) }
}

fn solved(drawing::Solved { at, until }: drawing::Solved) -> Solved {
    Solved { at, until }
}

fn errors(drawing::Errors { by, measure, points }: drawing::Errors) -> Errors {
    let by = match by {
        drawing::By::Length => By::Length,
        drawing::By::Digits => By::Digits,
        drawing::By::Updates => By::Updates,
    };
    Errors { by, measure, points }
}

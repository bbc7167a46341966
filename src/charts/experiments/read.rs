//! What there is to be drawn of a run.

use std::path::Path;

use gridworld_numeracy::tasks::drawing::{self, Drawing};

use super::errors::{By, Errors};
use super::grid::Series;
use super::material::Material;
use super::solved::Solved;
use crate::program::failure::Failure;
use crate::run::argument;
use crate::run::experiment::ExperimentConfig;

/// Reads the run in `path`. One of which no seed is done adds nothing.
pub fn read(path: &Path, material: &mut Material) -> Result<(), Failure> {
    let folder = argument::open(path)?;
    let config = ExperimentConfig::read(&folder)?;
    let task = config.task.name();
    match config.task.drawing(&folder).map_err(Failure::failed)? {
        Drawing::Identity(curves) => material.identity.extend(curves),
        Drawing::Solved(all) => material.solved.extend(all.into_iter().map(|one| (task, series(one, solved)))),
        Drawing::Errors(all) => material.errors.extend(all.into_iter().map(|one| (task, series(one, errors)))),
    }
    Ok(())
}

fn series<A, B>(drawing::Series { panel, name, seeds, data }: drawing::Series<A>, of: fn(A) -> B) -> Series<B> {
    Series { panel, name, seeds, data: of(data) }
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

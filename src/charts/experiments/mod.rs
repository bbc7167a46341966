//! The figures of arithmetic: a figure for each task, a panel for each operation, a curve for each run.

mod errors;
mod grid;
mod material;
mod read;
mod solved;

use std::path::PathBuf;

use super::identity::identity;
use crate::program::failure::Failure;
use grid::Series;
use gridworld_figures::sheet::Figure;
use material::Material;

/// Draws the runs of `gridworld numeracy` in these folders.
///
/// # Errors
/// If one cannot be read, or there is nothing to be drawn.
pub fn experiments(paths: &[PathBuf]) -> Result<Vec<Figure>, Failure> {
    let mut material = Material::default();
    for path in paths {
        read::read(path, &mut material)?;
    }
    let mut drawings = Vec::new();
    if !material.identity.is_empty() {
        drawings.push(identity(&material.identity));
    }
    drawings.extend(of_each(material.solved).into_iter().map(|(task, series)| solved::draw(task, &series)));
    drawings.extend(of_each(material.errors).into_iter().map(|(task, series)| errors::draw(task, &series)));
    if drawings.is_empty() { Err(Failure::failed("no seed is done: there is nothing to draw")) } else { Ok(drawings) }
}

/// The series of each task, in the order of the first ones.
fn of_each<T>(all: Vec<(&'static str, Series<T>)>) -> Vec<(&'static str, Vec<Series<T>>)> {
    let mut tasks: Vec<(&'static str, Vec<Series<T>>)> = Vec::new();
    for (task, series) in all {
        match tasks.iter_mut().find(|(other, _)| *other == task) {
            Some((_, list)) => list.push(series),
            None => tasks.push((task, vec![series])),
        }
    }
    tasks
}

#[cfg(test)]
mod tests {
    use super::errors::{By, Errors};
    use super::solved::Solved;
    use super::*;
    use crate::charts::tests::assert_legible;

    fn series<T: Clone>(panels: usize, names: usize, data: T) -> Vec<Series<T>> {
        let one = |(panel, name): (usize, usize)| Series {
            panel: format!("U[{panel}, 20]"),
            name: format!("cell {name}, later"),
            seeds: 100,
            data: data.clone(),
        };
        (0..panels).flat_map(|panel| (0..names).map(move |name| (panel, name))).map(one).collect()
    }

    #[test]
    fn everything_can_be_read() {
        for (panels, names) in [(1, 1), (2, 3), (9, 12)] {
            let solved = Solved { at: vec![1000, 20_000, 1_000_000], until: 5_000_000 };
            assert_legible(&solved::draw("static", &series(panels, names, solved)).svg, "solved");
            for by in [By::Length, By::Updates] {
                let points = vec![(10.0, vec![1e-7, 2e-7]), (100.0, vec![0.0, 1e9]), (1000.0, vec![f64::INFINITY; 2])];
                let errors = Errors { by, measure: "The mean absolute error", points };
                assert_legible(&errors::draw("recurrent", &series(panels, names, errors)).svg, "errors");
            }
        }
    }

    #[test]
    fn no_two_curves_look_alike() {
        let all = series(1, 16, ());
        let grid = grid::Grid::new(&all);
        let looks: Vec<_> = all.iter().map(|series| grid.style(&series.name)).collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(looks[index + 1..].iter().all(|other| (other.colour, other.dashes) != (look.colour, look.dashes)));
        }
    }
}

//! Figures of experiments in arithmetic: a figure for each task, a panel for each operation, a curve for each experiment.

mod errors;
mod grid;
mod identity;
mod solved;

use crate::figure_frame::Figure;

pub use errors::{By, Errors};
pub use grid::Series;
use grid::each_once;
pub use identity::{Curve, Identity};
pub use solved::Solved;

/// Numbers that figures of experiments are drawn from.
#[derive(Clone, Debug, Default)]
pub struct Experiments {
    /// Curves of the identity experiment.
    pub identity: Identity,
    /// Series of tasks whose seeds are solved or not.
    pub solved: Vec<Series<Solved>>,
    /// Series of tasks with an error at each length or the like.
    pub errors: Vec<Series<Errors>>,
}

/// Draws a figure for each task of which there is anything; curves of the `reserved` names look the same in every figure.
#[must_use]
pub fn draw(experiments: &Experiments, reserved: &[&str]) -> Vec<Figure> {
    let Experiments { identity, solved, errors } = experiments;
    let mut figures = Vec::new();
    if !identity.curves.is_empty() {
        figures.push(identity::draw(identity));
    }
    figures.extend(of_each(solved).iter().map(|series| solved::draw(series, reserved)));
    figures.extend(of_each(errors).iter().map(|series| errors::draw(series, reserved)));
    figures
}

/// Groups the series by task, in the order in which the tasks come first.
fn of_each<T>(all: &[Series<T>]) -> Vec<Vec<&Series<T>>> {
    let tasks = each_once(all.iter().map(|series| series.task)).into_iter();
    tasks.map(|task| all.iter().filter(|series| series.task == task).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::legible::assert_legible;

    fn series<T: Clone>(panels: usize, names: usize, data: T) -> Vec<Series<T>> {
        let one = |(panel, name): (usize, usize)| Series {
            task: "task",
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
            let experiments = Experiments { solved: series(panels, names, solved), ..Experiments::default() };
            assert_legible(&draw(&experiments, &[])[0].svg, "solved");
            for by in [By::Length, By::Updates] {
                let points = vec![(10.0, vec![1e-7, 2e-7]), (100.0, vec![0.0, 1e9]), (1000.0, vec![f64::INFINITY; 2])];
                let errors = Errors { by, measure: "The mean absolute error", points };
                let experiments = Experiments { errors: series(panels, names, errors), ..Experiments::default() };
                assert_legible(&draw(&experiments, &[])[0].svg, "errors");
            }
        }
    }

    #[test]
    fn no_two_curves_look_alike() {
        let all = series(1, 16, ());
        let grid = grid::Grid::new(&all.iter().collect::<Vec<_>>(), &[]);
        let looks: Vec<_> = all.iter().map(|series| grid.style(&series.name)).collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(looks[index + 1..].iter().all(|other| (other.colour, other.dashes) != (look.colour, look.dashes)));
        }
    }
}

//! Figure of the share of the seeds that is solved, against the number of updates.

use super::grid::{Grid, Series, named_panel};
use crate::axis::Axis;
use crate::figure_frame::{Figure, FigureFrame};
use crate::words::seeds;

/// Updates after which seeds were solved.
#[derive(Clone, Debug)]
pub struct Solved {
    /// Number of updates after which each solved seed was solved, ascending.
    pub at: Vec<u64>,
    /// Greatest number of updates of a seed.
    pub until: u64,
}

/// Updates that the axis begins with: checks are a thousand apart.
const FIRST: f64 = 1000.0;

/// Draws the figure of a task, with one series at least.
pub fn draw(series: &[&Series<Solved>], reserved: &[&str]) -> Figure {
    let grid = Grid::new(series, reserved);
    let seeds = seeds(series.iter().map(|series| series.seeds));
    let note = format!(
        "Fraction of {seeds} each that are solved: the error outside the training range is below the threshold."
    );
    let mut sheet = FigureFrame::new(series[0].task, "Fraction of seeds solved", &note, &grid.legend());
    let (areas, bottom) = grid.areas(sheet.top);
    for (name, &area) in grid.panels.iter().zip(&areas) {
        let within: Vec<_> = series.iter().filter(|series| series.panel == *name).collect();
        let until = within.iter().map(|series| series.data.until as f64).fold(10.0 * FIRST, f64::max);
        let x = Axis::log("updates", (FIRST, until), (area.x, area.right()));
        let y = Axis::linear("fraction of seeds solved", (0.0, 1.0), (area.bottom(), area.y), 5);
        let panel = named_panel(&mut sheet.svg, name, area, x, y);
        for series in within {
            let stroke = grid.style(&series.name).stroke();
            panel.line(&mut sheet.svg, &series.name, steps(series), &stroke);
        }
    }
    sheet.finish(bottom)
}

/// Gives the corners of the line that rises with each seed that is solved.
fn steps(series: &Series<Solved>) -> Vec<(f64, f64)> {
    let share = |solved: usize| solved as f64 / series.seeds.max(1) as f64;
    let mut corners = vec![(FIRST, 0.0)];
    for (before, &at) in series.data.at.iter().enumerate() {
        let x = (at as f64).max(FIRST);
        corners.extend([(x, share(before)), (x, share(before + 1))]);
    }
    corners.push(((series.data.until as f64).max(FIRST), share(series.data.at.len())));
    corners
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_rises_with_each_seed_and_stays() {
        let data = Solved { at: vec![500, 2000, 4000], until: 10_000 };
        let series = Series { task: "static", panel: "add".to_owned(), name: "nau".to_owned(), seeds: 4, data };
        let corners = steps(&series);
        assert_eq!(corners[..3], [(1000.0, 0.0), (1000.0, 0.0), (1000.0, 0.25)]);
        assert_eq!(corners[5..], [(4000.0, 0.5), (4000.0, 0.75), (10_000.0, 0.75)]);
    }
}

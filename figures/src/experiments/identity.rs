//! Figure of the identity experiment: the error of each cell, within the trained range and beyond it.

use crate::axis::{Axis, Tick};
use crate::figure_frame::{BELOW, Entry, Figure, FigureFrame, LEFT, MARGIN, WIDTH, lettering};
use crate::font::Weight;
use crate::panel::{Named, Panel, TICK_SIZE};
use crate::style::{SHADE, Style, styles};
use crate::svg::{Lettering, Rect, Stroke};
use crate::words::{not_shown, seeds};

/// Height of the panel in pixels.
const HEIGHT: f64 = 380.0;
/// Pixels to the right of the panel, for the names of the curves.
const NAMES: f64 = 84.0;
/// Pixels from the line of one name to that of the next.
const LINE: f64 = 14.0;
/// Least and greatest error that the panel shows.
const ERRORS: (f64, f64) = (1e-5, 30.0);
/// Number of curves that are told apart by colour; names at their ends tell the rest.
const COLOURS: usize = 8;

/// The mean absolute errors of one cell.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Name of the cell.
    pub name: String,
    /// Number of seeds over which the errors are means.
    pub seeds: usize,
    /// Inputs, ascending, and the error at each; one that is not finite counts as infinite.
    pub points: Vec<(f64, f64)>,
}

/// Curves of many seeds each, and the range that they were trained on.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// The least and the greatest input of the training.
    pub trained: (f64, f64),
    /// Curves of the cells that were tried.
    pub curves: Vec<Curve>,
}

/// Draws the figure of the identity experiment.
pub fn draw(Identity { trained, curves }: &Identity) -> Figure {
    let seeds = seeds(curves.iter().map(|curve| curve.seeds));
    let mut note = format!(
        "Autoencoders of a number with three hidden layers of eight units; the name at a curve is that of the non-linearity. \
         Mean absolute error, mean over {seeds} each; logarithmic axis."
    );
    if curves.iter().any(|curve| curve.points.iter().any(|&(_, error)| error < ERRORS.0)) {
        note += &format!(" Errors below {} are drawn at the lower edge.", ERRORS.0);
    }
    let leaves = |curve: &&Curve| curve.points.iter().any(|&(_, error)| error > ERRORS.1 && error.is_finite());
    let leaving = curves.iter().filter(leaves);
    note += &not_shown(&format!("Errors above {}", ERRORS.1), leaving.map(|curve| curve.name.as_str()));
    note += &infinite(curves);
    let title = "Error within and beyond the training range";
    let mut sheet = FigureFrame::new("identity", title, &note, &[Entry::Shade("training range".to_owned())]);
    let area = Rect { x: LEFT, y: sheet.top, width: WIDTH - LEFT - MARGIN - NAMES, height: HEIGHT };
    let x = Axis::linear("input", (-20.0, 20.0), (area.x, area.right()), 8);
    let edges = [trained.0, trained.1].map(|edge| x.place(edge).map_or(area.x, |(_, pixel)| pixel));
    sheet.svg.rect("shade", Rect { x: edges[0], width: edges[1] - edges[0], ..area }, SHADE);
    let powers = (-5..=1).map(|power| Tick { value: 10_f64.powi(power), name: format!("{}", 10_f64.powi(power)) });
    let y = Axis::log("mean absolute error", ERRORS, (area.bottom(), area.y)).with_ticks(powers.collect());
    let panel = Panel::new(&mut sheet.svg, area, x, y, Named::Both);
    let looks = looks(curves);
    for (curve, style) in curves.iter().zip(&looks) {
        let line = curve.points.iter().map(|(x, error)| (*x, shown(*error)));
        panel.line(&mut sheet.svg, &curve.name, line, &Stroke { width: 1.8, ..style.stroke() });
    }
    for (name, at, colour) in names(&panel, curves, &looks) {
        let text = Lettering { weight: Weight::Bold, ..lettering(TICK_SIZE, colour) };
        sheet.svg.text("name", (area.right() + 6.0, at + 4.0), name, &text);
    }
    sheet.finish(area.bottom() + BELOW)
}

/// Limits an error to what can be drawn: one above the panel still leaves it visibly, however great it is.
fn shown(error: f64) -> f64 {
    error.min(1e3 * ERRORS.1).max(ERRORS.0)
}

/// Names the curves with errors that are not finite, in a sentence; gives nothing where there is none.
fn infinite(curves: &[Curve]) -> String {
    let is_infinite = |curve: &&Curve| !curve.points.iter().all(|(_, error)| error.is_finite());
    let names: Vec<&str> = curves.iter().filter(is_infinite).map(|curve| curve.name.as_str()).collect();
    if names.is_empty() {
        String::new()
    } else {
        format!(" Outside the panel, because a seed diverged: {}.", names.join(", "))
    }
}

/// Gives a style to each curve.
fn looks(curves: &[Curve]) -> Vec<Style> {
    let named = |curve: &Curve| curve.name.clone();
    curves.chunks(COLOURS).flat_map(|some| styles(&some.iter().map(named).collect::<Vec<_>>(), &[])).collect()
}

/// Places the names at the curves' ends, from the lowest upwards, far enough from one another to be read.
fn names<'a>(panel: &Panel, curves: &'a [Curve], looks: &[Style]) -> Vec<(&'a str, f64, &'static str)> {
    let end = |curve: &Curve| shown(curve.points.last().map_or(ERRORS.0, |(_, error)| *error));
    let mut names: Vec<(&str, f64, &'static str)> = curves
        .iter()
        .zip(looks)
        .map(|(curve, style)| (curve.name.as_str(), panel.y.beyond(end(curve)), style.colour))
        .collect();
    names.sort_by(|a, b| b.1.total_cmp(&a.1));
    for i in 1..names.len() {
        names[i].1 = names[i].1.min(names[i - 1].1 - LINE);
    }
    // Where they were pushed out at the top they are pushed back down.
    let mut room = panel.area.y;
    for name in names.iter_mut().rev() {
        name.1 = name.1.max(room);
        room = name.1 + LINE;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_that_are_not_finite_lie_above_the_panel_and_are_named() {
        for error in [f64::NAN, f64::INFINITY] {
            assert!(shown(error) > ERRORS.1 && shown(error).is_finite());
        }
        assert_eq!((shown(0.0), shown(0.5)), (ERRORS.0, 0.5));
        let curve = |name: &str, error: f64| Curve {
            name: name.to_owned(),
            seeds: 2,
            points: (-20..=20).map(|x| (f64::from(x), if x > 15 { error } else { 0.1 })).collect(),
        };
        let curves = vec![curve("nau", 1.0), curve("nac", f64::NAN)];
        assert_eq!(infinite(&curves), " Outside the panel, because a seed diverged: nac.");
        assert_eq!(infinite(&curves[..1]), "");
        assert!(!draw(&Identity { trained: (-5.0, 5.0), curves }).svg.contains("NaN"));
    }
}

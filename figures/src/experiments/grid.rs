//! Panels side by side, with one legend for all of them.

use crate::axis::Axis;
use crate::figure_frame::{BELOW, Entry, LEFT, MARGIN, WIDTH, lettering};
use crate::font::Weight;
use crate::panel::{Named, Panel};
use crate::style::{INK, MOST_GROUPS, Style, styles};
use crate::svg::{Lettering, Rect, Svg};

/// Height of a panel in pixels.
const HEIGHT: f64 = 190.0;
/// Pixels above a panel, for its name.
const ABOVE: f64 = 24.0;
/// Number of panels beside each other, if there are as many.
const COLUMNS: usize = 2;

/// One experiment in one panel.
#[derive(Clone, Debug)]
pub struct Series<T> {
    /// Task, after which the figure is named.
    pub task: &'static str,
    /// Name of the panel that the curve is in.
    pub panel: String,
    /// Name of the curve in the legend.
    pub name: String,
    /// Number of seeds that are done.
    pub seeds: usize,
    /// Numbers that the curve is drawn from.
    pub data: T,
}

/// Gives the names, each once, in the order in which they come.
pub fn each_once<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        if !found.iter().any(|other| other == name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// Draws an empty panel with its name above it.
pub fn named_panel(svg: &mut Svg, name: &str, area: Rect, x: Axis, y: Axis) -> Panel {
    let panel = Panel::new(svg, area, x, y, Named::Both);
    svg.text("panel", (area.x, area.y - 8.0), name, &Lettering { weight: Weight::Bold, ..lettering(12.0, INK) });
    panel
}

/// The panels, the curves' names, and a style for each of these.
pub struct Grid {
    /// Names of the panels.
    pub panels: Vec<String>,
    looks: Vec<(String, Style)>,
}

impl Grid {
    /// Makes the grid of these series; curves of the `reserved` names look the same in every figure.
    pub fn new<T>(series: &[&Series<T>], reserved: &[&str]) -> Grid {
        let names = each_once(series.iter().map(|series| series.name.as_str()));
        // More curves than styles: the second round has short dashes of its own.
        let of = |(round, names): (usize, &[String])| -> Vec<Style> {
            let dashes = |style: Style| if round == 0 { style } else { Style { dashes: "1 5", ..style } };
            styles(names, reserved).into_iter().map(dashes).collect()
        };
        let styles = names.chunks(MOST_GROUPS).enumerate().flat_map(of).collect::<Vec<_>>();
        let panels = each_once(series.iter().map(|series| series.panel.as_str()));
        Grid { panels, looks: names.into_iter().zip(styles).collect() }
    }

    /// Gives the style of the curves of this name.
    pub fn style(&self, name: &str) -> Style {
        let found = self.looks.iter().find(|(other, _)| other == name);
        found.expect("every series has a style").1
    }

    /// Gives the entries of the legend, one for each name of a curve.
    pub fn legend(&self) -> Vec<Entry> {
        self.looks.iter().map(|(name, style)| Entry::Group(*style, name.clone())).collect()
    }

    /// Gives the areas of the panels from `top` on, and the pixel below the last one's axis.
    pub fn areas(&self, top: f64) -> (Vec<Rect>, f64) {
        let columns = COLUMNS.min(self.panels.len());
        // Twice the margin: the last tick's name reaches beyond the panel.
        let width = (WIDTH - 2.0 * MARGIN) / columns as f64 - LEFT;
        let area = |index: usize| Rect {
            x: LEFT + (index % columns) as f64 * (width + LEFT),
            y: top + ABOVE + (index / columns) as f64 * (ABOVE + HEIGHT + BELOW),
            width,
            height: HEIGHT,
        };
        let areas: Vec<Rect> = (0..self.panels.len()).map(area).collect();
        let bottom = areas.last().map_or(top, |area| area.bottom() + BELOW);
        (areas, bottom)
    }
}

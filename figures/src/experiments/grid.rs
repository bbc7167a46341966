//! Panels side by side, with one legend for all of them.

use crate::axis::Axis;
use crate::font::Weight;
use crate::panel::{Named, Panel};
use crate::sheet::{BELOW, Entry, LEFT, MARGIN, WIDTH, lettering};
use crate::style::{INK, MOST_GROUPS, Style, styles};
use crate::svg::{Lettering, Rect, Svg};

/// How high a panel is, and how much there is above it for its name.
const HEIGHT: f64 = 190.0;
const ABOVE: f64 = 24.0;
/// Panels beside each other.
const COLUMNS: usize = 2;

/// One experiment in one panel.
#[derive(Clone, Debug)]
pub struct Series<T> {
    /// The task: each has a figure of this name.
    pub task: &'static str,
    /// The panel.
    pub panel: String,
    /// Its name in the legend.
    pub name: String,
    /// Seeds that are done.
    pub seeds: usize,
    /// What is drawn.
    pub data: T,
}

/// Names, each once, in the order in which they come.
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
    /// What the panels are called.
    pub panels: Vec<String>,
    looks: Vec<(String, Style)>,
}

impl Grid {
    /// The grid of these series; curves of the `reserved` names look the same in every figure.
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

    /// How curves of this name are drawn.
    pub fn style(&self, name: &str) -> Style {
        let found = self.looks.iter().find(|(other, _)| other == name);
        found.expect("every series has a style").1
    }

    /// The legend.
    pub fn legend(&self) -> Vec<Entry> {
        self.looks.iter().map(|(name, style)| Entry::Group(*style, name.clone())).collect()
    }

    /// Where the panels lie from `top` on, and where they end.
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

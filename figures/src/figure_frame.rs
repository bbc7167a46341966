//! Surroundings of a figure's panels: its title, the note that is needed to read it, and its legend.

use super::font::{Weight, told_apart, width, wrapped};
use super::style::{BOUND, FAINT_INK, FRAME, INK, SHADE, Style};
use super::svg::{Anchor, Direction, Lettering, Rect, Stroke, Svg};

/// Width of a figure, in its own pixels.
pub const WIDTH: f64 = 760.0;
/// Pixels between the edges of a figure and its contents.
pub const MARGIN: f64 = 14.0;
/// Pixels to the left of a panel, for its axis.
pub const LEFT: f64 = 66.0;
/// Pixels below a panel, for its axis.
pub const BELOW: f64 = 47.0;

/// Pixels to the em of a figure's title.
const TITLE: f64 = 15.0;
/// Pixels to the em of the note below the title.
const NOTE: f64 = 11.0;
/// Pixels to the em of the names in the legend.
const ENTRY: f64 = 12.0;
/// Length of the sample of a line in the legend, in pixels.
const SAMPLE: f64 = 38.0;

/// A line of the legend.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A group, with its style and its name.
    Group(Style, String),
    /// A bound, with the dashes of its thin line and its name.
    Bound(&'static str, String),
    /// The shaded area, with its meaning.
    Shade(String),
}

impl Entry {
    fn name(&self) -> &str {
        match self {
            Entry::Group(_, name) | Entry::Bound(_, name) | Entry::Shade(name) => name,
        }
    }
}

/// Gives the stroke of a bound with these dashes.
pub fn bound(dashes: &'static str) -> Stroke {
    Stroke { colour: BOUND, width: 1.3, dashes }
}

/// Gives the lettering of a line of text of this size and colour.
pub fn lettering(size: f64, colour: &'static str) -> Lettering {
    Lettering { size, colour, weight: Weight::Regular, anchor: Anchor::Start, direction: Direction::Across }
}

/// A finished figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The name that its files bear.
    pub name: &'static str,
    /// The title above it.
    pub title: String,
    /// A description for those who do not see it.
    pub alt: String,
    /// The picture: one `<svg>` element, whose ids begin with the figure's name.
    pub svg: String,
}

/// A figure in the making.
pub struct FigureFrame {
    /// Picture that is drawn on.
    pub svg: Svg,
    /// Pixels from the upper edge, below which there is room for panels.
    pub top: f64,
    name: &'static str,
    title: String,
    description: String,
}

impl FigureFrame {
    /// Begins a small picture of this width, with its title alone.
    #[must_use]
    pub fn small(name: &'static str, width: f64, title: &str) -> FigureFrame {
        let mut svg = Svg::new(name, width);
        svg.text("title", (MARGIN, 20.0), title, &lettering(ENTRY, INK));
        FigureFrame { svg, top: 34.0, name, title: title.to_owned(), description: title.to_owned() }
    }

    /// Begins a figure with its title, a few words below it, and the legend.
    pub fn new(name: &'static str, title: &str, note: &str, legend: &[Entry]) -> FigureFrame {
        let mut svg = Svg::new(name, WIDTH);
        let mut y = 26.0;
        svg.text("title", (MARGIN, y), title, &Lettering { weight: Weight::Bold, ..lettering(TITLE, INK) });
        y += 3.0;
        for line in wrapped(note, NOTE, WIDTH - 2.0 * MARGIN) {
            y += 15.0;
            svg.text("note", (MARGIN, y), &line, &lettering(NOTE, FAINT_INK));
        }
        y = legend_below(&mut svg, y + 10.0, legend);
        let groups: Vec<&str> = legend.iter().map(Entry::name).collect();
        let listed = if groups.is_empty() { String::new() } else { format!(" Shown: {}.", groups.join("; ")) };
        FigureFrame { svg, top: y + 12.0, name, title: title.to_owned(), description: format!("{note}{listed}") }
    }

    /// Finishes the figure, with nothing below `bottom`.
    #[must_use]
    pub fn finish(self, bottom: f64) -> Figure {
        let svg = self.svg.finish(bottom + 8.0, &self.title, &self.description);
        Figure { name: self.name, title: self.title, alt: self.description, svg }
    }
}

/// Draws the entries from left to right, in as many rows as they need; gives the lower end.
fn legend_below(svg: &mut Svg, top: f64, legend: &[Entry]) -> f64 {
    if legend.is_empty() {
        return top;
    }
    let (mut x, mut y) = (MARGIN, top);
    let names: Vec<&str> = legend.iter().map(Entry::name).collect();
    let names = told_apart(&names, ENTRY, Weight::Regular, WIDTH - 2.0 * MARGIN - SAMPLE - 7.0);
    for (entry, name) in legend.iter().zip(names) {
        let long = SAMPLE + 7.0 + width(&name, ENTRY, Weight::Regular);
        if x > MARGIN && x + long > WIDTH - MARGIN {
            (x, y) = (MARGIN, y + 20.0);
        }
        let area = Rect { x, y: y + 2.0, width: SAMPLE, height: 12.0 };
        match entry {
            Entry::Group(style, _) => style.sample(svg, area),
            Entry::Bound(dashes, _) => {
                let middle = area.y + area.height / 2.0;
                svg.line("legend", (area.x, middle), (area.right(), middle), &bound(dashes));
            }
            Entry::Shade(_) => {
                let corners =
                    [(area.x, area.y), (area.right(), area.y), (area.right(), area.bottom()), (area.x, area.bottom())];
                svg.shape("legend", &corners, SHADE, &Stroke::solid(FRAME, 0.5));
            }
        }
        svg.text("legend", (area.right() + 7.0, y + 12.0), &name, &lettering(ENTRY, INK));
        x += long + 22.0;
    }
    y + 18.0
}

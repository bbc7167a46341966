//! A figure, and one that cannot be drawn.

use gridworld_figures::sheet::Sheet;
use serde::Serialize;

/// A figure's name, which its files bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FigureName(pub(super) &'static str);

impl FigureName {
    /// The name as it is written.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// A figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Which it is.
    pub name: FigureName,
    /// What stands above it.
    pub title: String,
    /// What is said to those who do not see it.
    pub alt: String,
    /// The picture: one `<svg>` element, whose ids begin with the figure's name.
    pub svg: String,
}

impl Figure {
    pub(super) fn new(name: FigureName, sheet: Sheet, bottom: f64) -> Figure {
        let (svg, title, alt) = sheet.finish(bottom);
        Figure { name, title, alt, svg }
    }
}

/// A figure that cannot be drawn, or a run that is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The figure.
    pub figure: FigureName,
    /// The run that is left out; nothing where the whole figure is.
    pub run: Option<String>,
    /// Why, and which command helps.
    pub reason: String,
}

impl Missing {
    /// What is left out, in a line.
    pub fn line(&self) -> String {
        let run = self.run.as_ref().map_or(String::new(), |run| format!(" without {run}"));
        let what = if self.run.is_some() { "" } else { " is left out" };
        format!("{}{run}{what}: {}", self.figure.as_str(), self.reason)
    }
}

//! The figures themselves: from what was read to pictures, without a file or a clock.

mod arrival;
mod counters;
mod evaluation;
mod instructions;
mod learning;
mod success;
mod weights;

use clap::ValueEnum;
pub use evaluation::evaluation;
use gridworld_figures::sheet::{Entry, Sheet};
use gridworld_statistics::StatisticsError;
pub use instructions::provenance;
use serde::Serialize;

use super::material::{Group, Material};

/// A figure's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum FigureName {
    /// Success and return against steps, and against seconds
    Learning,
    /// Success and reward against T, with ceiling and floor: the paper's figure
    Success,
    /// The time of arrival against T
    Arrival,
    /// What the accumulators hold, step by step
    Counters,
    /// The weights of the loop, and how far they are from −1, 0 and 1
    Weights,
}

impl FigureName {
    /// All of them, in the order in which they are told.
    pub const ALL: [FigureName; 5] =
        [FigureName::Learning, FigureName::Success, FigureName::Arrival, FigureName::Counters, FigureName::Weights];

    /// As it is written, and what its files are called.
    pub fn as_str(self) -> &'static str {
        match self {
            FigureName::Learning => "learning",
            FigureName::Success => "success",
            FigureName::Arrival => "arrival",
            FigureName::Counters => "counters",
            FigureName::Weights => "weights",
        }
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
    fn new(name: FigureName, sheet: Sheet, bottom: f64) -> Figure {
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

/// What could be drawn, and what could not.
#[derive(Clone, Debug, Default)]
pub struct Album {
    /// The figures.
    pub figures: Vec<Figure>,
    /// What is left out.
    pub missing: Vec<Missing>,
}

/// Draws the figures that are wanted.
///
/// # Errors
/// If a number that was read is not finite.
pub fn figures(material: &Material, wanted: &[FigureName]) -> Result<Album, StatisticsError> {
    let mut album = Album::default();
    for &name in wanted {
        let drawn = match name {
            FigureName::Learning => learning::draw(material, &mut album.missing)?,
            FigureName::Success => success::draw(material, &mut album.missing)?,
            FigureName::Arrival => arrival::draw(material, &mut album.missing)?,
            FigureName::Counters => counters::draw(material, &mut album.missing),
            FigureName::Weights => weights::draw(material, &mut album.missing)?,
        };
        album.figures.extend(drawn);
    }
    Ok(album)
}

/// The legend's line of a group: its name, and how many seeds its numbers are of.
fn entry(group: &Group, seeds: usize) -> Entry {
    Entry::Group(group.style, seeded(&group.name, seeds))
}

/// A name with a number of seeds.
fn seeded(name: &str, seeds: usize) -> String {
    format!("{name} ({seeds} {})", if seeds == 1 { "seed" } else { "seeds" })
}

/// What is said of curves that leave their panel; nothing where none does.
pub fn not_shown<'a>(what: &str, curves: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = curves.collect();
    if names.is_empty() { String::new() } else { format!(" {what} are not shown ({}).", names.join(", ")) }
}

/// What a band or a bar is.
fn interval_note(most_seeds: usize) -> &'static str {
    if most_seeds > 1 {
        "Lines: interquartile mean over the seeds. Bands: its 95 % interval (stratified bootstrap). "
    } else {
        "One seed: no interval over seeds. "
    }
}

//! Figures of trainings: what agents learn, how often and when they arrive at each T, and what their accumulators hold.

mod arrival;
mod counters;
mod data;
mod distribution;
mod evaluation;
mod instructions;
mod learning;
mod missing;
mod success;
#[cfg(test)]
mod tests;
mod weber;
mod weights;
mod words;

use gridworld_statistics::StatisticsError;

use crate::figure_frame::Figure;

pub use data::{Episode, Group, InputWeights, Point, Row, Run, Trainings};
pub use evaluation::evaluation;
pub use missing::Missing;

type Draw = fn(&Trainings, &mut Vec<Missing>) -> Result<Option<Figure>, StatisticsError>;

/// The figures in the order in which they are told: their names, with a summary of each.
const FIGURES: [(&str, &str, Draw); 7] = [
    (learning::NAME, "Success and training return against steps and seconds", learning::draw),
    (success::NAME, "Success and reward against T with ceiling and floor, as in the paper's figure", success::draw),
    (arrival::NAME, "Time of arrival against T", arrival::draw),
    (weber::NAME, "Weber fraction against T: spread of the times as a share of their mean", weber::draw),
    (distribution::NAME, "Distribution of the times around each T", distribution::draw),
    (counters::NAME, "Values of the counters at each step", counters::draw),
    (weights::NAME, "Weights of the feedback loop and their distance from −1, 0 and 1", weights::draw),
];

/// Returns the names of the figures, in the order in which they are told, with a summary of each.
pub fn names() -> [(&'static str, &'static str); FIGURES.len()] {
    FIGURES.map(|(name, summary, _)| (name, summary))
}

/// Figures, and what is left out of them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Album {
    /// Figures that could be drawn.
    pub figures: Vec<Figure>,
    /// Figures that cannot be drawn, and runs that are not in one.
    pub missing: Vec<Missing>,
}

/// Draws the figures of the names in `wanted`, or all of them where that is empty.
///
/// # Errors
/// If a number of a run is not finite.
pub fn draw(trainings: &Trainings, wanted: &[String]) -> Result<Album, StatisticsError> {
    let mut album = Album::default();
    for (name, _, draw) in FIGURES {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            album.figures.extend(draw(trainings, &mut album.missing)?);
        }
    }
    Ok(album)
}

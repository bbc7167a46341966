//! The figures themselves: from what was read to pictures, without a file or a clock.

mod arrival;
mod counters;
mod evaluation;
mod figure;
mod instructions;
mod learning;
mod success;
mod weights;
mod words;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use gridworld_statistics::StatisticsError;

pub use evaluation::evaluation;
pub use figure::{Figure, FigureName, Missing};
pub use instructions::provenance;
pub use words::not_shown;

use super::material::Material;

type Draw = fn(&Material, &mut Vec<Missing>) -> Result<Option<Figure>, StatisticsError>;

/// The figures in the order in which they are told, with their summaries.
const FIGURES: &[(FigureName, &str, Draw)] = &[
    (learning::NAME, "Success and return against steps, and against seconds", learning::draw),
    (success::NAME, "Success and reward against T, with ceiling and floor: the paper's figure", success::draw),
    (arrival::NAME, "The time of arrival against T", arrival::draw),
    (counters::NAME, "What the accumulators hold, step by step", counters::draw),
    (weights::NAME, "The weights of the loop, and how far they are from −1, 0 and 1", weights::draw),
];

impl FigureName {
    /// All figures, in the order in which they are told.
    pub const ALL: [FigureName; FIGURES.len()] = {
        let mut names = [learning::NAME; FIGURES.len()];
        let mut index = 0;
        while index < names.len() {
            names[index] = FIGURES[index].0;
            index += 1;
        }
        names
    };
}

impl ValueEnum for FigureName {
    fn value_variants<'a>() -> &'a [FigureName] {
        &FigureName::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, summary, _) = FIGURES.iter().find(|(name, ..)| name == self)?;
        Some(PossibleValue::new(name.as_str()).help(*summary))
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
    for (_, _, draw) in FIGURES.iter().filter(|(name, ..)| wanted.contains(name)) {
        album.figures.extend(draw(material, &mut album.missing)?);
    }
    Ok(album)
}

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

use gridworld_statistics::StatisticsError;

pub use evaluation::evaluation;
pub use figure::{Figure, FigureName, Missing};
pub use instructions::provenance;
pub use words::not_shown;

use super::material::Material;

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

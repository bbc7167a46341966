//! Table and section of the identity task.

use std::fmt::Write;

use super::IdentityCurve;
use crate::cells::CellName;
use crate::results::numbers::or_infinite;

// Writing to a string cannot fail, here and below.

/// Writes the table of a run.
pub fn text(curves: &[IdentityCurve]) -> String {
    let mut text = "mean absolute error    −5..5    beyond, to ±20\n".to_owned();
    for curve in curves {
        let [trained, beyond] = [curve.trained, curve.beyond].map(|error| or_infinite(error, format!("{error:.4}")));
        let _ = writeln!(text, "{:<16} {trained:>11} {beyond:>17}", curve.cell.as_str());
    }
    text
}

/// Writes the section of the page, with this picture.
pub fn section(curves: &[IdentityCurve], picture: &str) -> String {
    let Some(first) = curves.first() else { return String::new() };
    let mut text = format!(
        "\n## Identity\n\nAutoencoders of a number, three hidden layers of eight units, trained on −5..5: the mean \
         absolute error there and beyond, to ±20, mean of {} seeds each (Trask et al. 2018, figure 1).\n\n\
         {picture}\
         | cell | −5..5 | beyond |\n|---|--:|--:|\n",
        first.seeds,
    );
    for curve in curves {
        let cell = if curve.cell == CellName::Nac { "nac, all layers" } else { curve.cell.as_str() };
        let [trained, beyond] = [curve.trained, curve.beyond]
            .map(|error| if error.is_finite() { format!("{error:.4}") } else { "∞".to_owned() });
        let _ = writeln!(text, "| {cell} | {trained} | {beyond} |");
    }
    text
}

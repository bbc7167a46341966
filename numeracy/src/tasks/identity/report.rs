//! Table and section of the identity task.

use std::fmt::Write;

use super::IdentityCurve;
use super::training::EXACT;
use crate::cells::CellName;
use crate::results::columns::{columns, head};
use crate::results::numbers::short;

// Writing to a string cannot fail, here and below.

/// Writes the table of a run.
pub fn text(curves: &[IdentityCurve]) -> String {
    let mut rows = vec![head(["cell", "error on −5..5", "error beyond, to ±20", "seeds"])];
    rows.extend(curves.iter().map(|curve| {
        let [trained, beyond] = [curve.trained, curve.beyond].map(|error| short(Some(error)));
        vec![curve.cell.to_string(), trained, beyond, curve.seeds.to_string()]
    }));
    columns(1, &rows)
        + "\nerror: mean absolute error, mean over seeds; the networks are trained on numbers from −5 to 5\n"
        + &format!("solved, in the progress and in runs: a seed whose error beyond is below {EXACT}\n")
}

/// Writes the section of the page, with this picture.
pub fn section(curves: &[IdentityCurve], picture: &str) -> String {
    let Some(first) = curves.first() else { return String::new() };
    let mut text = format!(
        "\n## Identity\n\nAutoencoders of a number with three hidden layers of eight units, trained on −5..5. The columns are \
         the mean absolute error on that range and beyond it, to ±20, mean over {} seeds per cell (Trask et al. 2018, figure 1).\n\n\
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

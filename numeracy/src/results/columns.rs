//! Tables of a run's summary, as text in columns.

/// Writes rows as lines whose columns stand under each other, two spaces apart: the first `left` columns begin at their
/// left edge, the others end at their right one. Every row has as many cells as the first.
pub fn columns(left: usize, rows: &[Vec<String>]) -> String {
    let count = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(width).collect();
    let cell = |(column, (text, &width)): (usize, (&String, &usize))| {
        if column < left { format!("{text:<width$}") } else { format!("{text:>width$}") }
    };
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).enumerate().map(cell).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// Makes a row of the words of a head.
pub fn head<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [head(["cell", "5..5", "n"]), head(["nau, ½", "–", "1,000"]), head(["", "∞", "2"])];
        let expected = "\
cell    5..5      n
nau, ½     –  1,000
           ∞      2
";
        assert_eq!(columns(1, &rows), expected);
        assert_eq!(columns(3, &rows[..1]), "cell  5..5  n\n");
        assert_eq!(columns(0, &rows[2..]), "  ∞  2\n");
        assert_eq!(columns(1, &[]), "");
    }
}

//! Figure of the weights of the loop, and of their distances from the nearest of −1, 0 and 1.

use gridworld_statistics::StatisticsError;
use gridworld_statistics::curves::over_seeds;

use super::data::{Group, InputWeights, Trainings};
use super::missing::{Missing, any_readable};
use crate::axis::Axis;
use crate::figure_frame::{BELOW, Figure, FigureFrame, MARGIN, WIDTH, lettering};
use crate::font::{Weight, told_apart};
use crate::panel::{Named, Panel};
use crate::style::{FAINT_INK, GRID, INK};
use crate::svg::{Anchor, Lettering, Rect, Stroke};
use crate::words::seeded;

/// The name of the figure.
pub const NAME: &str = "weights";

/// Height of each row in pixels.
const HEIGHT: f64 = 46.0;
/// Pixels between two rows.
const APART: f64 = 14.0;
/// Pixels to the left of the rows, for their names.
const NAMES: f64 = 176.0;
/// Pixels to the right of the rows, for the numbers.
const NUMBERS: f64 = 132.0;
/// The width of a bar of the histogram: −1, 0 and 1 are in the middle of theirs.
const BIN: f64 = 0.05;

/// The weights that one input has in a group.
struct Row<'a> {
    group: &'a Group,
    input: &'static str,
    /// Weights of the input, seed by seed.
    weights: Vec<&'a [f64]>,
}

/// Draws the figure.
pub fn draw(trainings: &Trainings, missing: &mut Vec<Missing>) -> Result<Option<Figure>, StatisticsError> {
    if !any_readable((trainings, NAME), missing) {
        return Ok(None);
    }
    let rows: Vec<Row> = trainings.groups.iter().flat_map(rows).collect();
    let most = rows.iter().map(|row| row.weights.len()).max().unwrap_or(0);
    let several = "dots: mean of each seed; bar: interquartile mean over the seeds with its 95 % interval";
    let what = if most > 1 { several } else { "mean over the weights" };
    let note = format!(
        "Left: histogram of all weights of each seed’s best checkpoint, in bins of width 0.05. Right: distance of the \
         weights from the nearest of −1, 0 and 1; {what}."
    );
    let mut sheet = FigureFrame::new(NAME, "Weights of the feedback loop", &note, &[]);
    let wide = WIDTH - MARGIN - NAMES - NUMBERS - MARGIN;
    let (left, right) = (0.6 * (wide - 24.0), 0.4 * (wide - 24.0));
    let groups: Vec<&str> = rows.iter().map(|row| row.group.name.as_str()).collect();
    let groups = told_apart(&groups, 11.0, Weight::Bold, NAMES - 10.0);
    for (index, (row, group)) in rows.iter().zip(&groups).enumerate() {
        let y = sheet.top + index as f64 * (HEIGHT + APART);
        let named = if index + 1 == rows.len() { Named::Below } else { Named::Neither };
        let area = Rect { x: MARGIN + NAMES, y, width: left, height: HEIGHT };
        name(&mut sheet, row, group, area);
        histogram(&mut sheet, row, (area, named));
        distances(&mut sheet, row, (Rect { x: area.right() + 24.0, width: right, ..area }, named))?;
    }
    let bottom = sheet.top + rows.len() as f64 * (HEIGHT + APART) - APART + BELOW;
    Ok(Some(sheet.finish(bottom)))
}

fn rows(group: &Group) -> Vec<Row<'_>> {
    let readable: Vec<&[InputWeights]> =
        group.runs.iter().filter_map(|run| run.weights.as_ref()?.as_deref().ok()).collect();
    let inputs = readable.first().map_or(&[][..], |inputs| inputs);
    let row = |(index, (input, _)): (usize, &InputWeights)| {
        let weights = readable.iter().map(|inputs| inputs[index].1.as_slice()).collect();
        Row { group, input, weights }
    };
    inputs.iter().enumerate().map(row).collect()
}

/// Writes two names to the left of a row: that of its group, as it was shortened, and that of its input.
fn name(sheet: &mut FigureFrame, row: &Row, group: &str, area: Rect) {
    let input = match row.input {
        "T" => "weights of T",
        "clock" => "weights of the clock",
        "h" => &format!("weights of the {}", row.group.core),
        _ => "weights of the counters",
    };
    let end = Lettering { anchor: Anchor::End, ..lettering(11.0, FAINT_INK) };
    let (x, middle) = (area.x - 10.0, area.y + area.height / 2.0);
    let bold = Lettering { weight: Weight::Bold, colour: INK, ..end };
    sheet.svg.text("row", (x, middle - 2.0), group, &bold);
    sheet.svg.text("row", (x, middle + 13.0), &seeded(input, row.weights.len()), &end);
}

fn histogram(sheet: &mut FigureFrame, row: &Row, (area, named): (Rect, Named)) {
    let half = (1.0 + BIN / 2.0) / BIN;
    let bins = (2.0 * half).round() as usize;
    let mut counts = vec![0_u32; bins];
    for weight in row.weights.iter().flat_map(|weights| weights.iter()) {
        // No weight of these cells is beyond ±1, but for rounding.
        let bin = ((weight + 1.0 + BIN / 2.0) / BIN).floor().clamp(0.0, (bins - 1) as f64);
        counts[bin as usize] += 1;
    }
    let most = f64::from(counts.iter().copied().max().unwrap_or(1).max(1));
    let x = Axis::linear("weight", (-1.0 - BIN, 1.0 + BIN), (area.x, area.right()), 4);
    let y = Axis::linear("", (0.0, 1.05), (area.bottom(), area.y), 1).with_ticks(Vec::new());
    for whole in [-1.0, 0.0, 1.0] {
        let (_, at) = x.place(whole).unwrap_or_default();
        sheet.svg.line("whole", (at, area.y), (at, area.bottom()), &Stroke::solid(GRID, 1.0));
    }
    for (bin, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let middle = -1.0 + bin as f64 * BIN;
        let ends = [middle - BIN / 2.0, middle + BIN / 2.0].map(|end| x.place(end).map_or(0.0, |(_, pixel)| pixel));
        let top = y.beyond(f64::from(*count) / most);
        let bar = Rect { x: ends[0] + 0.5, y: top, width: ends[1] - ends[0] - 1.0, height: area.bottom() - top };
        sheet.svg.rect("bar", bar, row.group.style.colour);
    }
    Panel::new(&mut sheet.svg, area, x, y, named);
}

fn distances(sheet: &mut FigureFrame, row: &Row, (area, named): (Rect, Named)) -> Result<(), StatisticsError> {
    let x = Axis::linear("distance from −1, 0 or 1", (0.0, 0.5), (area.x, area.right()), 2);
    let y = Axis::linear("", (0.0, 1.0), (area.bottom(), area.y), 1).with_ticks(Vec::new());
    let panel = Panel::new(&mut sheet.svg, area, x, y, named);
    let style = &row.group.style;
    let means: Vec<f64> = row.weights.iter().map(|weights| mean_distance(weights)).collect();
    let estimate = over_seeds(&means)?;
    let (low, high) = estimate.interval;
    if means.len() > 1 {
        for (index, mean) in means.iter().enumerate() {
            // Each on a height of its own, so that equal ones are seen.
            let height = 0.14 + 0.34 * (index as f64 + 0.5) / means.len() as f64;
            if let Some((_, point)) = panel.place(*mean, height) {
                sheet.svg.circle("seed", point, 1.8, style.colour, &Stroke::solid(style.colour, 0.0));
            }
        }
        if let (Some((_, from)), Some((_, to))) = (panel.place(low, 0.75), panel.place(high, 0.75)) {
            sheet.svg.line("interval", from, to, &Stroke::solid(style.colour, 2.0));
        }
    }
    if let Some((_, point)) = panel.place(estimate.point, 0.75) {
        style.mark(&mut sheet.svg, "mean", point);
    }
    let number = |value: f64| format!("{value:.3}");
    let text = if means.len() > 1 {
        format!("{} ({}–{})", number(estimate.point), number(low), number(high))
    } else {
        number(estimate.point)
    };
    let place = (area.right() + 12.0, area.y + area.height / 2.0 + 4.0);
    sheet.svg.text("number", place, &text, &lettering(11.0, INK));
    Ok(())
}

/// Gives the mean distance from the nearest of −1, 0 and 1.
fn mean_distance(weights: &[f64]) -> f64 {
    let distance = |weight: &f64| (weight.abs() - weight.abs().round().min(1.0)).abs();
    weights.iter().map(distance).sum::<f64>() / weights.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::mean_distance;

    #[test]
    fn a_distance_is_that_to_the_nearest_whole_number() {
        for (weights, expected) in
            [(&[1.0, -1.0, 0.0][..], 0.0), (&[0.25, -0.75], 0.25), (&[0.5], 0.5), (&[-0.9, 0.0], 0.05)]
        {
            assert!((mean_distance(weights) - expected).abs() < 1e-12, "{weights:?}");
        }
    }
}

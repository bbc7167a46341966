//! Figure of the distribution of the times around T: one panel for each group, one row for each T.

use std::collections::BTreeMap;

use gridworld_statistics::StatisticsError;

use super::data::{Group, Trainings};
use super::missing::{Missing, any_timed};
use crate::axis::{Axis, Tick, name};
use crate::figure_frame::{BELOW, Figure, FigureFrame, LEFT, MARGIN, WIDTH, lettering};
use crate::font::{Weight, told_apart};
use crate::panel::{Named, Panel};
use crate::style::{GRID, INK};
use crate::svg::{Lettering, Rect, Stroke};
use crate::words::seeded;

/// The name of the figure.
pub const NAME: &str = "distribution";

/// Number of panels beside each other, if there are as many.
const COLUMNS: usize = 2;
/// Height of a row in pixels.
const ROW: f64 = 11.0;
/// Side of the square of all episodes, in pixels.
const WHOLE: f64 = 10.0;
/// Pixels above a panel, for its name.
const ABOVE: f64 = 24.0;
/// Greatest number of steps, early or late, that has a column of its own: greater ones share the last column.
const MOST: i32 = 10;

/// Draws the figure.
pub fn draw(trainings: &Trainings, missing: &mut Vec<Missing>) -> Result<Option<Figure>, StatisticsError> {
    if !any_timed(trainings, NAME, missing) {
        return Ok(None);
    }
    let shown: Vec<(&Group, BTreeMap<u32, Shares>)> =
        trainings.groups.iter().map(|group| (group, rows(group))).filter(|(_, rows)| !rows.is_empty()).collect();
    let timing = &trainings.timing;
    let note = format!(
        "{} The area of a square is the share of the feasible episodes, over all seeds, whose time of {timing} is so many steps \
         before (−) or after T; the last columns hold whatever is {MOST} or more steps off. What is missing has no such time.",
        trainings.provenance,
    );
    let mut sheet = FigureFrame::new(NAME, &format!("Distribution of the times of {timing}"), &note, &[]);
    let columns = COLUMNS.min(shown.len());
    // Twice the margin: the last tick's name reaches beyond the panel.
    let width = (WIDTH - 2.0 * MARGIN) / columns as f64 - LEFT;
    let names: Vec<&str> = shown.iter().map(|(group, _)| group.name.as_str()).collect();
    let names = told_apart(&names, 12.0, Weight::Bold, width - 80.0);
    let mut bottom = sheet.top;
    for (line, names) in shown.chunks(columns).zip(names.chunks(columns)) {
        let most = line.iter().map(|(_, rows)| rows.len()).max().unwrap_or(0);
        let (y, height) = (bottom + ABOVE, most as f64 * ROW);
        for (column, ((group, rows), name)) in line.iter().zip(names).enumerate() {
            let area = Rect { x: LEFT + column as f64 * (width + LEFT), y, width, height };
            let title = seeded(name, group.evaluated().len());
            let bold = Lettering { weight: Weight::Bold, ..lettering(12.0, INK) };
            sheet.svg.text("panel-title", (area.x, area.y - 8.0), &title, &bold);
            panel(&mut sheet, area, rows, group.style.colour);
        }
        bottom = y + height + BELOW;
    }
    Ok(Some(sheet.finish(bottom)))
}

/// Share of the feasible episodes by the number of steps that they are late.
type Shares = BTreeMap<i32, f64>;

/// Gives the shares of a group's episodes at each T at which times were counted.
fn rows(group: &Group) -> BTreeMap<u32, Shares> {
    let mut counted: BTreeMap<u32, (u64, BTreeMap<i32, u64>)> = BTreeMap::new();
    for row in group.runs.iter().flat_map(|run| &run.rows) {
        let Some(times) = &row.times else { continue };
        let (feasible, numbers) = counted.entry(row.instruction).or_default();
        *feasible += row.feasible;
        for (&time, number) in times {
            let late = i64::from(time) - i64::from(row.instruction);
            *numbers.entry(late.clamp(-i64::from(MOST), i64::from(MOST)) as i32).or_default() += number;
        }
    }
    let shares = |(feasible, numbers): (u64, BTreeMap<i32, u64>)| -> Shares {
        numbers.into_iter().map(|(late, number)| (late, number as f64 / feasible as f64)).collect()
    };
    counted.into_iter().map(|(instruction, found)| (instruction, shares(found))).collect()
}

/// Draws a panel: the least T is the uppermost row.
fn panel(sheet: &mut FigureFrame, area: Rect, rows: &BTreeMap<u32, Shares>, colour: &'static str) {
    let ends = (f64::from(-MOST) - 1.0, f64::from(MOST) + 1.0);
    let named = [-MOST, -MOST / 2, 0, MOST / 2, MOST].map(|late| {
        let sign = match late {
            MOST => "≥ ",
            late if late == -MOST => "≤ ",
            _ => "",
        };
        Tick { value: f64::from(late), name: format!("{sign}{}", name(f64::from(late))) }
    });
    let x = Axis::linear("steps after T", ends, (area.x, area.right()), 4).with_ticks(named.to_vec());
    let middle = |index: usize| area.y + (index as f64 + 0.5) * ROW;
    let count = rows.len() as f64;
    // Names need more room than a row has.
    let ticks = rows.keys().enumerate().step_by(2);
    let ticks = ticks.map(|(index, &value)| Tick { value: index as f64 + 0.5, name: name(f64::from(value)) }).collect();
    let y = Axis::linear("T (steps)", (0.0, count), (area.y, area.y + count * ROW), 1).with_ticks(ticks);
    let on_time = x.place(0.0).map_or(area.x, |(_, pixel)| pixel);
    sheet.svg.line("on-time", (on_time, area.y), (on_time, area.bottom()), &Stroke::solid(GRID, 1.0));
    let frame = Panel::new(&mut sheet.svg, area, x, y, Named::Both);
    for (index, shares) in rows.values().enumerate() {
        for (&late, &share) in shares {
            let side = WHOLE * share.sqrt();
            let Some((_, centre)) = frame.x.place(f64::from(late)) else { continue };
            let square = Rect { x: centre - side / 2.0, y: middle(index) - side / 2.0, width: side, height: side };
            sheet.svg.rect("share", square, colour);
        }
    }
}

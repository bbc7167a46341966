//! Figure of the values of the accumulators, step by step, in greedy episodes.

use gridworld_statistics::StatisticsError;

use super::data::{Episode, Group, Trainings};
use super::missing::{Missing, any_readable};
use crate::axis::{Axis, round_range};
use crate::figure_frame::{BELOW, Figure, FigureFrame, LEFT, MARGIN, WIDTH, bound, lettering};
use crate::font::{Weight, told_apart, width};
use crate::panel::{Named, Panel};
use crate::style::{INK, MOST_GROUPS, Style, styles};
use crate::svg::{Anchor, Lettering, Rect};
use crate::words::not_shown;

/// The name of the figure.
pub const NAME: &str = "counters";

/// Height of each panel in pixels.
const HEIGHT: f64 = 168.0;
/// Pixels above each panel, for its title.
const ABOVE: f64 = 24.0;
/// Pixels to the right of a row, for the names of its accumulators.
const NAMES: f64 = 168.0;
/// Greatest distance from zero at which a value is shown, as a multiple of the episode's steps: as many can be counted,
/// and a little more.
const FARTHEST: f64 = 1.2;

/// Accumulators that hold the same in every episode: one line of the figure.
struct Line {
    /// Name of the first of these accumulators, with their number if there are several.
    name: String,
    /// Index of the first of these accumulators.
    unit: usize,
    style: Style,
}

/// Draws the figure.
pub fn draw(trainings: &Trainings, missing: &mut Vec<Missing>) -> Result<Option<Figure>, StatisticsError> {
    if !any_readable((trainings, NAME), missing) {
        return Ok(None);
    }
    let shown: Vec<&Group> = trainings.groups.iter().filter(|group| !group.episodes.is_empty()).collect();
    let lines: Vec<(Vec<Line>, usize)> = shown.iter().map(|group| lines(&group.episodes)).collect();
    let mut note =
        "Greedy episodes of the first seed’s best checkpoint. Vertical line: step T. n: value of a counter; T and \
                    t in steps."
            .to_owned();
    if lines.iter().any(|(_, hidden)| *hidden > 0) {
        note += &format!(" Of more than {MOST_GROUPS} counters, those that change most.");
    }
    if let Some(cell) = shown.iter().find_map(|group| group.mixing_cell.as_ref()) {
        note += &format!(" Counters of a {cell} are named after its sums, without its products.");
    }
    let leaving = shown.iter().zip(&lines).filter(|(group, (lines, _))| {
        let (low, high) = range(&group.episodes, lines);
        let held = group.episodes.iter().flat_map(|episode| lines.iter().map(|line| &episode.counters[line.unit]));
        held.flatten().any(|value| !(low..=high).contains(value))
    });
    note += &not_shown("Values beyond an axis", leaving.map(|(group, _)| group.name.as_str()));
    let names: Vec<&str> = shown.iter().map(|group| group.name.as_str()).collect();
    let mut sheet = FigureFrame::new(NAME, "Values of the counters", &note, &[]);
    let columns = shown.iter().map(|group| group.episodes.len()).max().unwrap_or(1);
    let wide = (WIDTH - LEFT - MARGIN - NAMES - 30.0 * (columns - 1) as f64) / columns as f64;
    for (row, (group, (lines, _))) in shown.iter().zip(&lines).enumerate() {
        let top = sheet.top + ABOVE + row as f64 * (HEIGHT + ABOVE + 24.0);
        let last = row + 1 == shown.len();
        let range = range(&group.episodes, lines);
        for (column, episode) in group.episodes.iter().enumerate() {
            let area = Rect { x: LEFT + column as f64 * (wide + 30.0), y: top, width: wide, height: HEIGHT };
            let named = match (column, last) {
                (0, true) => Named::Both,
                (0, false) => Named::Left,
                (_, true) => Named::Below,
                (_, false) => Named::Neither,
            };
            let rest = format!(" (seed {}), T = {}: {}", group.played, episode.instruction, episode.ending);
            let room = wide - width(&rest, 11.0, Weight::Regular);
            let title = told_apart(&names, 11.0, Weight::Regular, room)[row].clone() + &rest;
            sheet.svg.text("panel-title", (area.x, area.y - 8.0), &title, &lettering(11.0, INK));
            draw_episode(&mut sheet, area, episode, lines, (range, named));
        }
        legend(&mut sheet, WIDTH - MARGIN - NAMES + 20.0, top, lines);
    }
    let bottom = sheet.top + shown.len() as f64 * (HEIGHT + ABOVE + 24.0) - 24.0 + BELOW;
    Ok(Some(sheet.finish(bottom)))
}

/// Gives the lines of a group's episodes, those that move most, and the number of the others.
fn lines(episodes: &[Episode]) -> (Vec<Line>, usize) {
    let units = episodes[0].counters.len();
    let same = |a: usize, b: usize| {
        let close = |(x, y): (&f64, &f64)| (x - y).abs() <= 1e-3 * x.abs().max(1.0);
        episodes.iter().all(|episode| episode.counters[a].iter().zip(&episode.counters[b]).all(close))
    };
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for unit in 0..units {
        match sets.iter_mut().find(|set| same(set[0], unit)) {
            Some(set) => set.push(unit),
            None => sets.push(vec![unit]),
        }
    }
    let spread = |set: &Vec<usize>| {
        let values = || episodes.iter().flat_map(|episode| episode.counters[set[0]].iter().copied());
        values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
    };
    sets.sort_by(|a, b| spread(b).total_cmp(&spread(a)));
    let hidden = sets.len().saturating_sub(MOST_GROUPS);
    sets.truncate(MOST_GROUPS);
    let end = |set: &Vec<usize>| episodes[episodes.len() - 1].counters[set[0]].last().copied().unwrap_or(0.0);
    sets.sort_by(|a, b| end(b).total_cmp(&end(a)));
    let plain: Vec<String> = sets.iter().map(|set| set[0].to_string()).collect();
    let line = |(set, style): (&Vec<usize>, Style)| {
        let name = &episodes[0].names[set[0]];
        let name = if set.len() > 1 { format!("{name}  (× {})", set.len()) } else { name.clone() };
        Line { name, unit: set[0], style: Style { width: style.width.min(2.2), ..style } }
    };
    (sets.iter().zip(styles(&plain, &[])).map(line).collect(), hidden)
}

/// Gives the range of the values that are shown, without those that run far away.
fn range(episodes: &[Episode], lines: &[Line]) -> (f64, f64) {
    let farthest = |episode: &Episode| FARTHEST * steps(episode);
    let values = episodes.iter().flat_map(|episode| {
        let end = farthest(episode);
        lines.iter().flat_map(move |line| episode.counters[line.unit].iter().map(move |value| value.clamp(-end, end)))
    });
    round_range(values.chain([0.0]), 4)
}

fn draw_episode(
    sheet: &mut FigureFrame,
    area: Rect,
    episode: &Episode,
    lines: &[Line],
    (range, named): ((f64, f64), Named),
) {
    let steps = steps(episode);
    let x = Axis::linear("t (steps)", (0.5, steps + 0.5), (area.x, area.right()), 5).only_whole();
    let y = Axis::linear("n", range, (area.bottom(), area.y), 4);
    let panel = Panel::new(&mut sheet.svg, area, x, y, named);
    panel.line(&mut sheet.svg, "zero", [(0.5, 0.0), (steps + 0.5, 0.0)], &bound(""));
    if let Some(due) = episode.due {
        panel.line(&mut sheet.svg, "due", [(due as f64, range.0), (due as f64, range.1)], &bound(""));
    }
    for line in lines {
        let points = episode.counters[line.unit].iter().enumerate().map(|(index, value)| ((index + 1) as f64, *value));
        panel.line(&mut sheet.svg, &line.name, points, &line.style.stroke());
    }
}

/// Gives the steps of an episode: to the last one, or to the one that would have been on time if that is later.
fn steps(episode: &Episode) -> f64 {
    episode.counters.first().map_or(1, Vec::len).max(episode.due.unwrap_or(1)) as f64
}

/// Draws the names beside a row, with a piece of each line.
fn legend(sheet: &mut FigureFrame, x: f64, top: f64, lines: &[Line]) {
    for (index, line) in lines.iter().enumerate() {
        let y = top + 10.0 + 19.0 * index as f64;
        sheet.svg.line("legend", (x, y), (x + 30.0, y), &line.style.stroke());
        let lettering = Lettering { anchor: Anchor::Start, weight: Weight::Regular, ..lettering(11.0, INK) };
        sheet.svg.text("legend", (x + 37.0, y + 4.0), &line.name, &lettering);
    }
}

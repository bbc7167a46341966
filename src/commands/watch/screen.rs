//! The screen, drawn from the viewer's state alone.

use gridworld_terminal::Palette;
use gridworld_terminal::bars::clock;
use gridworld_terminal::columns::wrapped;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};

use super::keys::LISTED;
use super::panels::panels;
use super::viewer::{Pace, Viewer};

/// Columns that the words below a board need, however small that is.
const LEAST_WIDTH: usize = 31;

/// Width from which on the network is beside the board; below it, under it.
const BESIDE: u16 = 56;
/// Height from which on there is room for the board with its lines.
const TALL: u16 = 18;

/// Draws everything; whatever has no room is left out.
pub fn draw(viewer: &Viewer, palette: Palette, frame: &mut Frame<'_>) {
    let area = frame.area();
    let width = usize::from(area.width);
    let heads = [title(viewer, palette, width), status(viewer, width)];
    let feet = keys(palette, width, if area.height < TALL { 1 } else { 2 });
    let body = area.height.saturating_sub((heads.len() + feet.len()) as u16);
    lines_at(frame, heads.to_vec(), Rect { height: 2, ..area });
    lines_at(frame, feet, Rect { y: area.y + area.height.min(2 + body), height: 2, ..area });
    let middle = Rect { y: area.y + 2, height: body, ..area };
    let has_lines = area.height >= TALL;
    let board = viewer.replay.board(viewer.t);
    let (wide, small) = (board.width().max(LEAST_WIDTH), board.small_width());
    let left_width = if has_lines || area.width >= BESIDE { wide } else { small.max(width.min(wide)) };
    let left = left(viewer, palette, has_lines, left_width);
    if area.width >= BESIDE {
        let x = area.x + 1 + left_width as u16 + 2;
        let right = Rect { x, width: area.width.saturating_sub(x - area.x + 1), ..middle };
        lines_at(frame, left, Rect { x: area.x + 1, width: left_width as u16, ..middle });
        lines_at(frame, panels(viewer, palette, usize::from(right.width), usize::from(body)), right);
    } else {
        let rest = usize::from(body).saturating_sub(left.len());
        let panels = panels(viewer, palette, width.min(2 * wide), rest);
        lines_at(frame, left.into_iter().chain(panels).collect(), middle);
    }
    if viewer.help {
        help(viewer.flashes, palette, frame);
    }
}

/// Writes lines into the part of `area` that is on the screen.
fn lines_at(frame: &mut Frame<'_>, lines: Vec<Line<'static>>, area: Rect) {
    frame.render_widget(Paragraph::new(lines), area.intersection(frame.area()));
}

fn title(viewer: &Viewer, palette: Palette, width: usize) -> Line<'static> {
    let text = format!(" {} · {}", viewer.replay.agent, viewer.replay.origin);
    Line::styled(format!("{text:<width$}"), palette.title())
}

/// Writes as many of the facts as there is room for, the most important ones first.
fn status(viewer: &Viewer, width: usize) -> Line<'static> {
    if let Some(message) = &viewer.message {
        return Line::raw(format!(" {message}"));
    }
    let choice = &viewer.replay.choice;
    let instruction = match viewer.entry.as_str() {
        "" => format!("step {}   T = {}", viewer.t, choice.instruction),
        typed => format!("T = {typed}_ (press Enter)"),
    };
    let pace = match (viewer.is_over(), viewer.pace) {
        (true, _) => "finished",
        (false, Pace::Playing) => "playing",
        (false, Pace::Paused) => "paused",
    };
    let facts = [
        instruction,
        pace.to_owned(),
        format!("episode {}", choice.episode + 1),
        format!("{} steps/s", viewer.speed()),
        viewer.replay.time_limit.map_or(String::new(), |limit| format!("time limit {limit}")),
    ];
    Line::raw(joined(facts.into_iter().filter(|fact| !fact.is_empty()), "   ", width))
}

/// Pieces in one line, from the first on, as long as they fit.
fn joined(pieces: impl Iterator<Item = String>, gap: &str, width: usize) -> String {
    let mut text = " ".to_owned();
    for piece in pieces {
        let gap = if text.len() > 1 { gap } else { "" };
        if text.chars().count() + gap.len() + piece.chars().count() > width {
            break;
        }
        text += gap;
        text += &piece;
    }
    text
}

/// Draws the board, and the path and outcome below it.
fn left(viewer: &Viewer, palette: Palette, has_lines: bool, width: usize) -> Vec<Line<'static>> {
    let board = viewer.replay.board(viewer.t);
    let mut lines = if has_lines { board.drawn(palette) } else { board.small(palette) };
    let limit = viewer.replay.time_limit.map_or(viewer.steps(), |limit| limit as usize);
    lines.push(Line::styled(clock(viewer.t, viewer.replay.due, limit, width), palette.bar()));
    lines.push(Line::raw(path(viewer, width)));
    if viewer.is_over() {
        let ending = &viewer.replay.ending;
        lines.push(Line::styled(ending.words(), ending.style(palette)));
        let words = std::iter::once(ending.detail(viewer.timing)).chain(ending.note().map(str::to_owned));
        lines.extend(words.flat_map(|words| wrapped(&words, width)).map(Line::raw));
    }
    lines
}

/// Writes the last actions, a sign each.
fn path(viewer: &Viewer, width: usize) -> String {
    let sign = |action: u8| match viewer.replay.actions[usize::from(action)].as_str() {
        "up" => '↑',
        "down" => '↓',
        "left" => '←',
        "right" => '→',
        "pass" => '·',
        other => other.chars().next().unwrap_or('?'),
    };
    let done = &viewer.replay.record.step_records[..viewer.t.min(viewer.steps())];
    done[done.len().saturating_sub(width)..].iter().map(|step| sign(step.action)).collect()
}

/// The keys in at most `rows` rows, as many as there is room for.
fn keys(palette: Palette, width: usize, rows: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<(Vec<Span<'static>>, usize)> = vec![(Vec::new(), 0)];
    for (key, name, _) in LISTED {
        let length = key.chars().count() + name.chars().count() + 4;
        if lines.last().is_some_and(|(_, used)| used + length > width) {
            if lines.len() == rows {
                break;
            }
            lines.push((Vec::new(), 0));
        }
        let (spans, used) = lines.last_mut().expect("there is a line");
        *used += length;
        spans.push(Span::styled(format!(" {key}"), palette.strong()));
        spans.push(Span::styled(format!(" {name}  "), palette.faint()));
    }
    lines.into_iter().map(|(spans, _)| Line::from(spans)).collect()
}

/// Draws the keys with their commands and the marks on the screen, over everything.
fn help(flashes: bool, palette: Palette, frame: &mut Frame<'_>) {
    let mut lines = Vec::new();
    for (key, _, what) in LISTED {
        lines.push(Line::from(vec![Span::styled(format!("  {key:<7}"), palette.strong()), Span::raw(*what)]));
    }
    lines.push(Line::raw(""));
    let flash = if flashes { "thick lines: a flash   " } else { "" };
    let notes = [
        &format!("A agent   [ X ] target   {flash}↑↓←→· actions so far"),
        "┃ in the time bar: the step that is on time",
        "Counters: value n, with the present step counted in; its history;",
        "the LSTM's input tanh(gain · n). A history's height is the range of",
        "the whole episode; for h, the LSTM's units, it is −1 to 1.",
        "n0, n1, …: counters by number; gridworld inspect says what they hold.",
    ];
    lines.extend(notes.map(|note| Line::raw(format!("  {note}"))));
    let screen = frame.area();
    let (width, height) = (74.min(screen.width), (lines.len() as u16 + 2).min(screen.height));
    let area = Rect { x: (screen.width - width) / 2, y: (screen.height - height) / 2, width, height };
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(" Keys ")), area);
}

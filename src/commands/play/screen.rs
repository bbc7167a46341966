//! Screen of the person who plays.

use gridworld_terminal::Palette;
use gridworld_terminal::columns::{Cell, Column, Side, Table};
use gridworld_terminal::output::numbers::{counted, with_minus};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::contest::{Contest, Score};

/// Width from which on the words are beside the board.
const BESIDE: u16 = 70;

/// Parts of the screen that are shown, and their colours.
#[derive(Clone, Copy, Debug)]
pub struct Looks {
    /// True if the steps taken are shown.
    pub clock: bool,
    /// True if T is told.
    pub told: bool,
    /// Name of the time that the task judges.
    pub timing: &'static str,
    /// Description of the task in a line.
    pub summary: &'static str,
    /// True if the keys are explained.
    pub help: bool,
    /// Palette with colours, or none.
    pub palette: Palette,
}

/// Draws everything; whatever has no room is left out.
pub fn draw(contest: &Contest, looks: Looks, frame: &mut Frame<'_>) {
    let area = frame.area();
    let title = format!(" {} · episode {}", contest.id(), contest.episode.lane + 1);
    let title = format!("{title:<width$}", width = usize::from(area.width));
    let at = |frame: &mut Frame<'_>, lines: Vec<Line<'static>>, place: Rect| {
        frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: false }), place.intersection(area));
    };
    at(frame, vec![Line::styled(title, looks.palette.title())], Rect { height: 1, ..area });
    let board = contest.board();
    let has_lines = area.height > board.height() as u16 + 7;
    let lines = if has_lines { board.drawn(looks.palette) } else { board.small(looks.palette) };
    let below = 2 + lines.len() as u16 + 1;
    let (width, drawn) = (board.width() as u16, lines.len() as u16);
    at(frame, lines, Rect { x: 1, y: 2, width, height: drawn });
    let (x, y) = if area.width >= BESIDE { (width + 4, 2) } else { (1, below) };
    let words = words(contest, looks);
    let height = area.height.saturating_sub(y + 1);
    at(frame, words, Rect { x, y, width: area.width.saturating_sub(x + 1), height });
    let scores = contest.score();
    if area.width >= BESIDE && !scores.is_empty() {
        let lines = table(&scores).lines().map(|line| Line::raw(line.to_owned())).collect();
        at(frame, lines, Rect { x: 1, y: below, width: area.width, height: area.height.saturating_sub(below + 1) });
    }
    let keys = Rect { y: area.height.saturating_sub(1), height: 1, ..area };
    at(frame, vec![keys_line(contest, looks.palette)], keys);
}

/// Writes the lines that the person must know, and, when the episode is over, its end.
fn words(contest: &Contest, looks: Looks) -> Vec<Line<'static>> {
    let strong = looks.palette.strong();
    let instruction = contest.episode.instruction;
    let mut lines = Vec::new();
    if looks.told {
        lines.push(Line::styled(format!("T = {instruction}"), strong));
    }
    lines.push(Line::raw(looks.summary));
    if looks.clock {
        lines.push(Line::styled(format!("Steps taken: {}", contest.t()), strong));
    }
    lines.push(Line::raw(""));
    let Some(ending) = contest.ended else {
        if looks.help {
            lines.extend(HELP.map(Line::raw));
            return lines;
        }
        lines.push(Line::raw("Every move takes one step, waiting (space) too."));
        // A mark that changes with each move tells that one was taken, and not how many.
        let mark = if contest.t().is_multiple_of(2) { "▫" } else { "▪" };
        let said = |action| format!("Last move: {action} {mark} (the square changes with each move)");
        lines.extend(contest.last_action().map(|action| Line::raw(said(action))));
        return lines;
    };
    lines.push(Line::styled(format!("You: {}", ending.words()), ending.style(looks.palette)));
    lines.push(Line::raw(ending.detail(looks.timing)));
    lines.extend(ending.note().map(Line::raw));
    for score in contest.score().iter().skip(1) {
        let (name, ending) = (&score.name, score.last);
        lines.push(Line::raw(""));
        lines.push(Line::raw(format!("{name}: {}", ending.words())));
        lines.push(Line::raw(ending.detail(looks.timing)));
    }
    lines
}

/// Keys of the person who plays.
const HELP: [&str; 5] = [
    "arrows hjkl wasd  move one cell",
    "space .           wait (pass)",
    "1 to 9            action by number",
    "Enter             next episode",
    "q Esc             quit, print the score",
];

/// Writes the scores so far, a line for each player.
pub fn table(scores: &[Score]) -> String {
    let titles = ["on time", "feasible", "% of feasible", "mean reward"].map(|title| Column::new(title, Side::Right));
    // Nine blanks: the names are seldom longer, so that the columns stay where they are.
    let columns = std::iter::once(Column::new(" ".repeat(9), Side::Left)).chain(titles).collect();
    let row = |score: &Score| {
        let Score { name, episodes, on_time, feasible, reward, .. } = score;
        let share = match feasible {
            0 => "–".to_owned(),
            _ => format!("{:.0}", 100.0 * f64::from(*on_time) / f64::from(*feasible)),
        };
        let mean = with_minus(&format!("{:.3}", reward / *episodes as f32));
        [name.clone(), on_time.to_string(), feasible.to_string(), share, mean].map(Cell::from).to_vec()
    };
    let text = Table { columns, rows: scores.iter().map(row).collect() }.plain("");
    let episodes = scores.first().map_or(0, |score| score.episodes);
    text + &format!("{}; feasible: those in which the target was near enough\n", counted(episodes as usize, "episode"))
}

fn keys_line(contest: &Contest, palette: Palette) -> Line<'static> {
    let keys: &[(&str, &str)] = match contest.ended {
        Some(_) => &[("Enter", "next episode"), ("q", "quit")],
        None => &[("q", "quit"), ("?", "help"), ("arrows hjkl wasd", "move"), ("space .", "wait")],
    };
    let spans = keys.iter().flat_map(|(key, what)| {
        [Span::styled(format!(" {key}"), palette.strong()), Span::styled(format!(" {what}  "), palette.faint())]
    });
    Line::from(spans.collect::<Vec<_>>())
}

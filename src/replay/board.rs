//! The board, read from the image that the agent sees, so that people see the same.

use gridworld_envs::interval_reproduction::FLASH;
use gridworld_envs::timed_arrival::{AGENT, TARGET};
use gridworld_envs::{FrameKey, FrameShape};
use ratatui::text::{Line, Span};

use crate::terminal::palette::Palette;

/// Rows of cells, and cells in a row.
const SIDE: usize = 5;
/// Columns of the terminal that a drawn board takes.
pub const WIDTH: usize = 6 * SIDE + 1;
/// Rows of the terminal that a drawn board takes.
pub const HEIGHT: usize = 2 * SIDE + 1;
/// Columns of the terminal that a small board takes.
pub const SMALL_WIDTH: usize = 2 * SIDE - 1;

/// What a cell shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// The agent.
    Agent,
    /// The target.
    Target,
}

/// What the lines between the cells show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lines {
    /// Nothing in particular.
    #[default]
    Dark,
    /// A flash.
    Flash,
}

/// What an image shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// Its cells, row by row.
    pub cells: [[Cell; SIDE]; SIDE],
    /// Its lines.
    pub lines: Lines,
}

impl Board {
    /// Reads an image of `shape`: a cell is what its middle shows, a line what the corner shows.
    pub fn read(shape: FrameShape, pixels: &[u8]) -> Board {
        let pixel = |y: usize, x: usize| &pixels[(y * shape.width + x) * shape.channels..][..shape.channels];
        let middle = |index: usize, length: usize| ((2 * index + 1) * length / (2 * SIDE)).min(length - 1);
        let mut board = Board::default();
        for (row, cells) in board.cells.iter_mut().enumerate() {
            for (column, cell) in cells.iter_mut().enumerate() {
                let colour = pixel(middle(row, shape.height), middle(column, shape.width));
                *cell = match colour {
                    _ if colour == AGENT => Cell::Agent,
                    _ if colour == TARGET => Cell::Target,
                    _ => Cell::Empty,
                };
            }
        }
        board.lines = if pixel(0, 0) == FLASH { Lines::Flash } else { Lines::Dark };
        board
    }

    /// Reads the image that `render` draws of `frame`.
    pub fn rendered(shape: FrameShape, frame: FrameKey, render: impl Fn(FrameKey, &mut [u8])) -> Board {
        let mut pixels = vec![0; shape.bytes()];
        render(frame, &mut pixels);
        Board::read(shape, &pixels)
    }

    /// Drawn with lines, [`WIDTH`] columns and [`HEIGHT`] rows; in a flash the lines are heavy.
    pub fn drawn(&self, palette: Palette) -> Vec<Line<'static>> {
        let ([top, middle, bottom], bar, style) = match self.lines {
            Lines::Dark => (["┌─┬┐", "├─┼┤", "└─┴┘"], "│", palette.faint()),
            Lines::Flash => (["┏━┳┓", "┣━╋┫", "┗━┻┛"], "┃", palette.flash()),
        };
        let mut lines = Vec::with_capacity(HEIGHT);
        for (row, cells) in self.cells.iter().enumerate() {
            lines.push(Line::styled(rule(if row == 0 { top } else { middle }), style));
            let mut spans = vec![Span::styled(bar, style)];
            for cell in cells {
                spans.push(drawn_cell(*cell, palette));
                spans.push(Span::styled(bar, style));
            }
            lines.push(Line::from(spans));
        }
        lines.push(Line::styled(rule(bottom), style));
        lines
    }

    /// Drawn in a character a cell, for small terminals.
    pub fn small(&self, palette: Palette) -> Vec<Line<'static>> {
        let row = |cells: &[Cell; SIDE]| {
            let spans = cells.iter().enumerate().flat_map(|(column, &cell)| {
                let style = style(cell, palette);
                let gap = (column > 0).then(|| Span::raw(" "));
                gap.into_iter().chain([Span::styled(self.letter(cell).to_string(), style)])
            });
            Line::from(spans.collect::<Vec<_>>())
        };
        self.cells.iter().map(row).collect()
    }

    /// A line of text for each row of cells.
    pub fn text(&self) -> String {
        let row = |cells: &[Cell; SIDE]| cells.map(|cell| self.letter(cell).to_string()).join(" ");
        self.cells.iter().map(|cells| row(cells) + "\n").collect()
    }

    /// Where the agent is: its row and its column, from 1.
    pub fn agent(&self) -> Option<(usize, usize)> {
        let columns = self.cells.iter().map(|cells| cells.iter().position(|cell| *cell == Cell::Agent));
        columns.enumerate().find_map(|(row, column)| column.map(|column| (row + 1, column + 1)))
    }

    fn letter(&self, cell: Cell) -> char {
        match (cell, self.lines) {
            (Cell::Empty, Lines::Dark) => '.',
            (Cell::Empty, Lines::Flash) => '*',
            (Cell::Agent, _) => 'A',
            (Cell::Target, _) => 'X',
        }
    }
}

/// A line across the board from its left end, its stroke, its crossing and its right end.
fn rule(strokes: &str) -> String {
    let mut strokes = strokes.chars();
    let mut next = || strokes.next().unwrap_or(' ');
    let (left, stroke, crossing, right) = (next(), next(), next(), next());
    let cell = stroke.to_string().repeat(5);
    format!("{left}{}{right}", vec![cell; SIDE].join(&crossing.to_string()))
}

fn style(cell: Cell, palette: Palette) -> ratatui::style::Style {
    match cell {
        Cell::Empty => palette.faint(),
        Cell::Agent => palette.agent(),
        Cell::Target => palette.target(),
    }
}

fn drawn_cell(cell: Cell, palette: Palette) -> Span<'static> {
    let text = match cell {
        Cell::Empty => return Span::raw("     "),
        Cell::Agent => "  A  ",
        Cell::Target => "[ X ]",
    };
    Span::styled(text, style(cell, palette))
}

#[cfg(test)]
mod tests {
    use gridworld_envs::{Domain, IntervalReproductionConfig, IntervalReproductionTask, StreamId, Task};

    use super::*;

    #[test]
    fn what_is_read_is_what_was_placed() {
        let config = IntervalReproductionConfig { intervals: vec![3], ..Default::default() };
        let task = IntervalReproductionTask::new(config).expect("a task");
        let mut environment = task.environment();
        let stream = StreamId { seed: 0, domain: Domain::Evaluation, index: 0 };
        let batch = task.batch(1, stream);
        let mut read = |agent, target, passes| {
            let mut frame = environment.begin(agent, target, 3, 1).frame;
            for _ in 0..passes {
                frame = gridworld_envs::Environment::step(&mut environment, 4).observation.frame;
            }
            Board::rendered(task.spec().frame, frame, |frame, pixels| batch.render(frame, pixels))
        };
        for (agent, target) in [(0, 24), (24, 0), (7, 11), (12, 13)] {
            let board = read(agent, target, 0);
            let (agent, target) = (usize::from(agent), usize::from(target));
            assert_eq!(board.cells[agent / 5][agent % 5], Cell::Agent);
            assert_eq!(board.cells[target / 5][target % 5], Cell::Target);
            assert_eq!(board.cells.iter().flatten().filter(|cell| **cell == Cell::Empty).count(), 23);
            assert_eq!((board.lines, board.agent()), (Lines::Dark, Some((agent / 5 + 1, agent % 5 + 1))));
        }
        assert_eq!(read(0, 24, 1).lines, Lines::Flash);
        assert_eq!(read(7, 8, 1).text().lines().nth(1), Some("* * A X *"));
        assert_eq!(read(7, 8, 0).text().lines().nth(1), Some(". . A X ."));
    }

    #[test]
    fn a_drawn_board_has_the_size_that_it_says() {
        let mut board = Board::default();
        (board.cells[0][0], board.cells[4][3]) = (Cell::Agent, Cell::Target);
        for lines in [Lines::Dark, Lines::Flash] {
            board.lines = lines;
            let drawn = board.drawn(Palette::Plain);
            assert_eq!(drawn.len(), HEIGHT);
            assert!(drawn.iter().all(|line| line.width() == WIDTH), "{drawn:?}");
            assert!(board.small(Palette::Plain).iter().all(|line| line.width() == SMALL_WIDTH));
        }
    }
}

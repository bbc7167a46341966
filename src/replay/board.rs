//! Images in characters, read from the pixels that the agent sees, so that people see the same.

use gridworld_envs::{Drawing, FrameShape, Symbol};
use gridworld_terminal::Palette;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Most cells each way of an image that has no drawing.
const MOST_CELLS: usize = 16;

/// Characters by the brightness of a cell, from dark to light.
const SHADES: [char; 10] = [' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'];

/// The content of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// A cell without anything in it.
    #[default]
    Empty,
    /// A thing that the environment names.
    Thing(Symbol),
    /// A colour (red, green, blue), where the environment names nothing.
    Colour([u8; 3]),
}

/// The lines between the cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lines {
    /// Lines that mean nothing.
    #[default]
    Dark,
    /// Lines of a flash.
    Flash,
    /// No lines: the cells are parts of an image as it is.
    Absent,
}

/// Cells and lines of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// Cells of the board, row by row.
    pub cells: Vec<Vec<Cell>>,
    /// Lines between the cells.
    pub lines: Lines,
}

impl Board {
    /// Makes a board of `side` rows of `side` empty cells.
    #[cfg(test)]
    pub fn empty(side: usize) -> Board {
        Board { cells: vec![vec![Cell::Empty; side]; side], lines: Lines::Dark }
    }

    /// Reads an image of `shape`. With a drawing, a cell is the thing whose colour its middle has, and the lines are what
    /// the corner shows; without one, a cell has the mean colour of its part of the image.
    pub fn read(drawing: Option<Drawing>, shape: FrameShape, pixels: &[u8]) -> Board {
        let image = Image { shape, pixels };
        let Some(Drawing { side, symbols, flash }) = drawing else { return image.parts() };
        let thing =
            |colour| symbols.iter().find(|symbol| symbol.colour == colour).map_or(Cell::Empty, |&s| Cell::Thing(s));
        let middle = |index: usize, length: usize| ((2 * index + 1) * length / (2 * side)).min(length - 1);
        let cell = |row, column| thing(image.colour(middle(row, shape.height), middle(column, shape.width)));
        let cells = (0..side).map(|row| (0..side).map(|column| cell(row, column)).collect()).collect();
        let lines = if flash == Some(image.colour(0, 0)) { Lines::Flash } else { Lines::Dark };
        Board { cells, lines }
    }

    /// Columns of the terminal that it takes when it is [drawn](Self::drawn).
    pub fn width(&self) -> usize {
        let columns = self.columns();
        if self.lines == Lines::Absent { 2 * columns } else { 6 * columns + 1 }
    }

    /// Rows of the terminal that it takes when it is [drawn](Self::drawn).
    pub fn height(&self) -> usize {
        let rows = self.cells.len();
        if self.lines == Lines::Absent { rows } else { 2 * rows + 1 }
    }

    /// Columns of the terminal that it takes when it is [small](Self::small).
    pub fn small_width(&self) -> usize {
        (2 * self.columns()).saturating_sub(1)
    }

    fn columns(&self) -> usize {
        self.cells.first().map_or(0, Vec::len)
    }

    /// Drawn in [`width`](Self::width) columns and [`height`](Self::height) rows; in a flash the lines are heavy.
    pub fn drawn(&self, palette: Palette) -> Vec<Line<'static>> {
        let ([top, middle, bottom], bar, style) = match self.lines {
            Lines::Dark => (["┌─┬┐", "├─┼┤", "└─┴┘"], "│", palette.faint()),
            Lines::Flash => (["┏━┳┓", "┣━╋┫", "┗━┻┛"], "┃", palette.flash()),
            Lines::Absent => return self.cells.iter().map(|cells| wide(cells, palette)).collect(),
        };
        let mut lines = Vec::with_capacity(self.height());
        for (row, cells) in self.cells.iter().enumerate() {
            lines.push(Line::styled(rule(if row == 0 { top } else { middle }, cells.len()), style));
            let mut spans = vec![Span::styled(bar, style)];
            for cell in cells {
                spans.push(drawn_cell(*cell, palette));
                spans.push(Span::styled(bar, style));
            }
            lines.push(Line::from(spans));
        }
        lines.push(Line::styled(rule(bottom, self.columns()), style));
        lines
    }

    /// Drawn in a character a cell, for small terminals.
    pub fn small(&self, palette: Palette) -> Vec<Line<'static>> {
        let row = |cells: &Vec<Cell>| {
            let spans = cells.iter().enumerate().flat_map(|(column, &cell)| {
                let gap = (column > 0).then(|| Span::raw(" "));
                gap.into_iter().chain([Span::styled(self.letter(cell).to_string(), style(cell, palette))])
            });
            Line::from(spans.collect::<Vec<_>>())
        };
        self.cells.iter().map(row).collect()
    }

    /// Writes a line of text for each row of cells.
    pub fn text(&self) -> String {
        let row =
            |cells: &Vec<Cell>| cells.iter().map(|&cell| self.letter(cell).to_string()).collect::<Vec<_>>().join(" ");
        self.cells.iter().map(|cells| row(cells) + "\n").collect()
    }

    /// The place of the agent: its row and its column, from 1.
    pub fn agent(&self) -> Option<(usize, usize)> {
        let is_agent = |cell: &Cell| matches!(cell, Cell::Thing(symbol) if symbol.name == AGENT);
        let columns = self.cells.iter().map(|cells| cells.iter().position(is_agent));
        columns.enumerate().find_map(|(row, column)| column.map(|column| (row + 1, column + 1)))
    }

    fn letter(&self, cell: Cell) -> char {
        match (cell, self.lines) {
            (Cell::Empty, Lines::Flash) => '*',
            (Cell::Empty, _) => '.',
            (Cell::Thing(symbol), _) => symbol.letter,
            (Cell::Colour(colour), _) => shade(colour),
        }
    }
}

/// The name that environments give to the thing that acts.
const AGENT: &str = "agent";
/// The name that environments give to the thing that is to be reached.
const TARGET: &str = "target";

/// An image's pixels, `height × width × channels` bytes.
struct Image<'a> {
    shape: FrameShape,
    pixels: &'a [u8],
}

impl Image<'_> {
    /// The colour of a pixel; with fewer than three channels it is a grey.
    fn colour(&self, y: usize, x: usize) -> [u8; 3] {
        let FrameShape { width, channels, .. } = self.shape;
        match self.pixels[(y * width + x) * channels..][..channels] {
            [red, green, blue, ..] => [red, green, blue],
            [grey, ..] => [grey; 3],
            [] => [0; 3],
        }
    }

    /// Gives the image as cells of mean colours.
    fn parts(&self) -> Board {
        let (rows, columns) = (self.shape.height.min(MOST_CELLS), self.shape.width.min(MOST_CELLS));
        let part = |index: usize, parts: usize, length: usize| index * length / parts..(index + 1) * length / parts;
        let cell = |row, column| {
            let (ys, xs) = (part(row, rows, self.shape.height), part(column, columns, self.shape.width));
            let colours: Vec<[u8; 3]> =
                ys.flat_map(|y| xs.clone().map(move |x| (y, x))).map(|(y, x)| self.colour(y, x)).collect();
            let mean = |channel: usize| {
                let sum: usize = colours.iter().map(|colour| usize::from(colour[channel])).sum();
                (sum / colours.len().max(1)) as u8
            };
            Cell::Colour([mean(0), mean(1), mean(2)])
        };
        let cells = (0..rows).map(|row| (0..columns).map(|column| cell(row, column)).collect()).collect();
        Board { cells, lines: Lines::Absent }
    }
}

/// Gives the character of a colour's brightness.
fn shade(colour: [u8; 3]) -> char {
    let brightness: usize = colour.into_iter().map(usize::from).sum();
    SHADES[brightness * (SHADES.len() - 1) / (3 * 255)]
}

/// A row of an image, two characters a cell: blocks of its colours, or else shades.
fn wide(cells: &[Cell], palette: Palette) -> Line<'static> {
    let span = |&cell: &Cell| match cell {
        Cell::Colour(colour) if palette == Palette::Plain => Span::raw(shade(colour).to_string().repeat(2)),
        cell => Span::styled("██", style(cell, palette)),
    };
    Line::from(cells.iter().map(span).collect::<Vec<_>>())
}

/// A line across a board of `columns` cells from its left end, its stroke, its crossing and its right end.
fn rule(strokes: &str, columns: usize) -> String {
    let mut strokes = strokes.chars();
    let mut next = || strokes.next().unwrap_or(' ');
    let (left, stroke, crossing, right) = (next(), next(), next(), next());
    let cell = stroke.to_string().repeat(5);
    format!("{left}{}{right}", vec![cell; columns].join(&crossing.to_string()))
}

fn style(cell: Cell, palette: Palette) -> Style {
    match cell {
        Cell::Empty => palette.faint(),
        Cell::Thing(symbol) if symbol.name == AGENT => palette.agent(),
        Cell::Thing(symbol) if symbol.name == TARGET => palette.target(),
        Cell::Thing(_) => palette.strong(),
        Cell::Colour(colour) => palette.colour(colour),
    }
}

fn drawn_cell(cell: Cell, palette: Palette) -> Span<'static> {
    let text = match cell {
        Cell::Empty | Cell::Colour(_) => return Span::raw("     "),
        Cell::Thing(symbol) if symbol.name == TARGET => format!("[ {} ]", symbol.letter),
        Cell::Thing(symbol) => format!("  {}  ", symbol.letter),
    };
    Span::styled(text, style(cell, palette))
}

#[cfg(test)]
mod tests {
    use gridworld_envs::{Domain, IntervalReproductionConfig, IntervalReproductionTask, Settings, StreamId, Task};

    use super::*;

    const DRAWING: Option<Drawing> = IntervalReproductionConfig::DESCRIPTION.drawing;

    #[test]
    fn what_is_read_is_what_was_placed() {
        let config = IntervalReproductionConfig { intervals: vec![3], ..Default::default() };
        let task = IntervalReproductionTask::new(config).expect("a task");
        let (agent_symbol, target_symbol) = (DRAWING.expect("one").symbols[0], DRAWING.expect("one").symbols[1]);
        let mut environment = task.environment();
        let stream = StreamId { seed: 0, domain: Domain::Evaluation, index: 0 };
        let batch = task.batch(1, stream);
        let mut read = |agent, target, passes| {
            let mut frame = environment.begin(agent, target, 3, 1).frame;
            for _ in 0..passes {
                frame = gridworld_envs::Environment::step(&mut environment, 4).observation.frame;
            }
            let mut pixels = vec![0; task.spec().frame.bytes()];
            batch.render(frame, &mut pixels);
            Board::read(DRAWING, task.spec().frame, &pixels)
        };
        for (agent, target) in [(0, 24), (24, 0), (7, 11), (12, 13)] {
            let board = read(agent, target, 0);
            let (agent, target) = (usize::from(agent), usize::from(target));
            assert_eq!(board.cells[agent / 5][agent % 5], Cell::Thing(agent_symbol));
            assert_eq!(board.cells[target / 5][target % 5], Cell::Thing(target_symbol));
            assert_eq!(board.cells.iter().flatten().filter(|cell| **cell == Cell::Empty).count(), 23);
            assert_eq!((board.lines, board.agent()), (Lines::Dark, Some((agent / 5 + 1, agent % 5 + 1))));
        }
        assert_eq!(read(0, 24, 1).lines, Lines::Flash);
        assert_eq!(read(7, 8, 1).text().lines().nth(1), Some("* * A X *"));
        assert_eq!(read(7, 8, 0).text().lines().nth(1), Some(". . A X ."));
    }

    #[test]
    fn a_drawn_board_has_the_size_that_it_says() {
        let symbols = DRAWING.expect("a drawing").symbols;
        let mut board = Board::empty(5);
        (board.cells[0][0], board.cells[4][3]) = (Cell::Thing(symbols[0]), Cell::Thing(symbols[1]));
        let image = Board::read(None, FrameShape { height: 20, width: 40, channels: 1 }, &[90; 800]);
        for (board, lines) in [(board.clone(), Lines::Dark), (board, Lines::Flash), (image, Lines::Absent)] {
            let board = Board { lines, ..board };
            for palette in [Palette::Plain, Palette::Colours] {
                let drawn = board.drawn(palette);
                assert_eq!(drawn.len(), board.height());
                assert!(drawn.iter().all(|line| line.width() == board.width()), "{drawn:?}");
                assert!(board.small(palette).iter().all(|line| line.width() == board.small_width()));
            }
        }
    }

    #[test]
    fn an_image_without_a_drawing_is_shown_as_it_is() {
        let shape = FrameShape { height: 4, width: 2, channels: 3 };
        let light = [[255; 12].as_slice(), &[0; 12]].concat();
        assert_eq!(Board::read(None, shape, &light).text(), "@ @\n@ @\n    \n    \n".replace("    ", "   "));
        let large = Board::read(None, FrameShape { height: 100, width: 33, channels: 1 }, &[128; 3300]);
        assert_eq!((large.cells.len(), large.width()), (16, 32));
        assert!(large.cells.iter().flatten().all(|cell| *cell == Cell::Colour([128; 3])));
    }
}

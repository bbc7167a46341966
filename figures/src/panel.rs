//! One system of axes, and the curves, bands and marks that are drawn in it.

use gridworld_statistics::curves::Estimates;

use super::axis::Axis;
use super::font::Weight;
use super::style::{FAINT_INK, FRAME, GRID, INK, Style};
use super::svg::{Anchor, Clip, Direction, Lettering, Point, Rect, Stroke, Svg};

/// Pixels to the em of the numbers at ticks.
pub const TICK_SIZE: f64 = 11.0;
/// Pixels to the em of the titles of axes.
pub const TITLE_SIZE: f64 = 12.0;

/// Choice of the axes of a panel that are named: panels beside or above each other share names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// Both axes of the panel.
    Both,
    /// Only the axis below the panel.
    Below,
    /// Only the axis to the left of the panel.
    Left,
    /// No axis of the panel.
    Neither,
}

impl Named {
    fn below(self) -> bool {
        matches!(self, Named::Both | Named::Below)
    }

    fn left(self) -> bool {
        matches!(self, Named::Both | Named::Left)
    }
}

/// A system of axes in a rectangle of a picture.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Rectangle within the axes.
    pub area: Rect,
    /// Axis from left to right.
    pub x: Axis,
    /// Axis from the bottom upwards.
    pub y: Axis,
    clip: Clip,
}

impl Panel {
    /// Draws an empty panel: its grid, its frame and its ticks.
    pub fn new(svg: &mut Svg, area: Rect, x: Axis, y: Axis, named: Named) -> Panel {
        // Curves may touch the frame, and their lines are a few pixels wide.
        let clip =
            svg.clip(Rect { x: area.x - 2.0, y: area.y - 2.0, width: area.width + 4.0, height: area.height + 4.0 });
        let panel = Panel { area, x, y, clip };
        panel.grid(svg);
        panel.names(svg, named);
        panel
    }

    /// Gives stretch and pixel of a point whose x is on the axis; its y may lie beyond, where nothing of a curve is
    /// seen.
    #[must_use]
    pub fn place(&self, x: f64, y: f64) -> Option<(usize, Point)> {
        self.x.place(x).map(|(stretch, x)| (stretch, (x, self.y.beyond(y))))
    }

    fn grid(&self, svg: &mut Svg) {
        let thin = Stroke::solid(GRID, 1.0);
        for tick in &self.y.ticks {
            let Some((_, y)) = self.y.place(tick.value) else { continue };
            for (left, right) in self.x.pixels() {
                svg.line("grid", (left, y), (right, y), &thin);
            }
        }
    }

    fn names(&self, svg: &mut Svg, named: Named) {
        let (frame, bottom) = (Stroke::solid(FRAME, 1.0), self.area.bottom());
        let lettering = |anchor| Lettering {
            size: TICK_SIZE,
            weight: Weight::Regular,
            colour: FAINT_INK,
            anchor,
            direction: Direction::Across,
        };
        for (left, right) in self.x.pixels() {
            svg.line("frame", (left, bottom), (right, bottom), &frame);
        }
        svg.line("frame", (self.area.x, self.area.y), (self.area.x, bottom), &frame);
        self.breaks(svg);
        for tick in &self.x.ticks {
            let Some((_, x)) = self.x.place(tick.value) else { continue };
            svg.line("tick-x", (x, bottom), (x, bottom + 4.0), &frame);
            if named.below() {
                svg.text("tick-x", (x, bottom + 18.0), &tick.name, &lettering(Anchor::Middle));
            }
        }
        for tick in &self.y.ticks {
            let Some((_, y)) = self.y.place(tick.value) else { continue };
            svg.line("tick-y", (self.area.x - 4.0, y), (self.area.x, y), &frame);
            if named.left() {
                svg.text("tick-y", (self.area.x - 7.0, y + 4.0), &tick.name, &lettering(Anchor::End));
            }
        }
        let title = Lettering { size: TITLE_SIZE, colour: INK, ..lettering(Anchor::Middle) };
        if named.below() {
            let middle = self.area.x + self.area.width / 2.0;
            svg.text("title-x", (middle, bottom + 37.0), &self.x.title, &title);
        }
        if named.left() {
            let (x, middle) = (self.area.x - 46.0, self.area.y + self.area.height / 2.0);
            svg.text("title-y", (x, middle), &self.y.title, &Lettering { direction: Direction::Up, ..title });
        }
    }

    /// Draws strokes across the axis at both sides of each interruption.
    fn breaks(&self, svg: &mut Svg) {
        let ends: Vec<(f64, f64)> = self.x.pixels().collect();
        let (frame, y) = (Stroke::solid(FRAME, 1.0), self.area.bottom());
        for pair in ends.windows(2) {
            for x in [pair[0].1, pair[1].0] {
                svg.line("break", (x - 3.0, y + 5.0), (x + 3.0, y - 5.0), &frame);
            }
        }
    }

    /// Draws a line through points; it is interrupted where the axis is.
    pub fn line(&self, svg: &mut Svg, class: &str, points: impl IntoIterator<Item = Point>, stroke: &Stroke) {
        for piece in self.pieces(points.into_iter().map(|(x, y)| (x, (y, y)))) {
            if piece.len() > 1 {
                let points: Vec<Point> = piece.iter().map(|&(x, y, _)| (x, y)).collect();
                svg.path(class, &points, stroke, self.clip);
            }
        }
    }

    /// Draws the area between the ends of intervals.
    pub fn band(&self, svg: &mut Svg, class: &str, estimates: &Estimates, colour: &str) {
        for piece in self.pieces(estimates.iter().map(|(x, estimate)| (*x, estimate.interval))) {
            if piece.len() > 1 {
                let lower = piece.iter().map(|&(x, low, _)| (x, low));
                let upper = piece.iter().rev().map(|&(x, _, high)| (x, high));
                svg.area(class, &lower.chain(upper).collect::<Vec<_>>(), colour, 0.2, self.clip);
            }
        }
    }

    /// Draws marks on the points that are within the axes.
    pub fn marks(&self, svg: &mut Svg, class: &str, points: impl Iterator<Item = Point>, style: &Style) {
        for (x, y) in points {
            if let (Some((_, x)), Some((_, y))) = (self.x.place(x), self.y.place(y)) {
                style.mark(svg, class, (x, y));
            }
        }
    }

    /// Draws a curve of estimates: its band, its line, and marks on the points whose index `is_marked`.
    pub fn curve(
        &self,
        svg: &mut Svg,
        class: &str,
        estimates: &Estimates,
        style: &Style,
        is_marked: impl Fn(usize) -> bool,
    ) {
        let points = || estimates.iter().map(|(x, estimate)| (*x, estimate.point));
        self.band(svg, class, estimates, style.colour);
        self.line(svg, class, points(), &style.stroke());
        let marked = points().enumerate().filter(|(index, _)| is_marked(*index));
        self.marks(svg, class, marked.map(|(_, point)| point), style);
    }

    /// Splits points into pieces that lie on one stretch of the axis, in pixels: x, and y for both numbers.
    fn pieces(&self, points: impl Iterator<Item = (f64, (f64, f64))>) -> Vec<Vec<(f64, f64, f64)>> {
        let mut pieces: Vec<Vec<(f64, f64, f64)>> = Vec::new();
        let mut last = None;
        for (x, (low, high)) in points {
            let placed = self.place(x, low).zip(self.place(x, high));
            match (placed, pieces.last_mut()) {
                (Some(((stretch, (x, low)), (_, (_, high)))), Some(piece)) if last == Some(stretch) => {
                    piece.push((x, low, high));
                }
                (Some(((_, (x, low)), (_, (_, high)))), _) => pieces.push(vec![(x, low, high)]),
                (None, _) => {}
            }
            last = placed.map(|((stretch, _), _)| stretch);
        }
        pieces
    }
}

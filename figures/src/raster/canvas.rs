//! A picture in colours of a palette, and the few things that are drawn in it.

use super::letters::{ADVANCE, HEIGHT, WIDTH, glyph};

/// A colour: red, green, blue.
pub type Colour = [u8; 3];

/// A rectangle of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Pixels from the left edge of the picture.
    pub x: usize,
    /// Pixels from the upper edge of the picture.
    pub y: usize,
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
}

/// The colours of all pictures of one episode, at most 256.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette(Vec<Colour>);

impl Palette {
    /// Gives the number of `colour`, which is added if it is new; nothing if there is no room.
    pub fn add(&mut self, colour: Colour) -> Option<u8> {
        let index = self.0.iter().position(|ink| *ink == colour).unwrap_or_else(|| {
            self.0.push(colour);
            self.0.len() - 1
        });
        u8::try_from(index).ok()
    }

    /// Gives the number of `colour`, or that of the first colour if it was never added.
    #[must_use]
    pub fn number(&self, colour: Colour) -> u8 {
        self.0.iter().position(|ink| *ink == colour).and_then(|index| u8::try_from(index).ok()).unwrap_or(0)
    }

    /// Gives red, green and blue of each colour.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.0.concat()
    }
}

/// A picture in colours of a palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canvas {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// The number of each pixel's colour, row by row.
    pub pixels: Vec<u8>,
}

impl Canvas {
    /// Makes a picture of one colour.
    #[must_use]
    pub fn new(width: usize, height: usize, ink: u8) -> Canvas {
        Canvas { width, height, pixels: vec![ink; width * height] }
    }

    /// Fills an area; what lies outside the picture is left out.
    pub fn fill(&mut self, area: Area, ink: u8) {
        let right = (area.x + area.width).min(self.width);
        for y in area.y..(area.y + area.height).min(self.height) {
            if area.x < right {
                self.pixels[y * self.width + area.x..y * self.width + right].fill(ink);
            }
        }
    }

    /// Writes `text` with its upper left corner at `(x, y)`, each dot `scale` pixels wide.
    pub fn write(&mut self, text: &str, (x, y): (usize, usize), scale: usize, ink: u8) {
        for (index, letter) in text.chars().enumerate() {
            for (row, bits) in glyph(letter).into_iter().enumerate() {
                for column in (0..WIDTH).filter(|column| bits >> (WIDTH - 1 - column) & 1 == 1) {
                    let (x, y) = (x + (index * ADVANCE + column) * scale, y + row * scale);
                    self.fill(Area { x, y, width: scale, height: scale }, ink);
                }
            }
        }
    }

    /// Gives the least area outside which both pictures are the same; one pixel if they are the same.
    #[must_use]
    pub fn difference(&self, other: &Canvas) -> Area {
        let rows = self.pixels.chunks(self.width).zip(other.pixels.chunks(self.width));
        let mut ends: Option<(usize, usize, usize, usize)> = None;
        for (y, (own, others)) in rows.enumerate() {
            let differs = |(own, other): (&u8, &u8)| own != other;
            let Some(first) = own.iter().zip(others).position(differs) else { continue };
            let last = own.iter().zip(others).rposition(differs).unwrap_or(first);
            let (left, top, right, _) = ends.unwrap_or((first, y, last, y));
            ends = Some((left.min(first), top, right.max(last), y));
        }
        let (left, top, right, bottom) = ends.unwrap_or_default();
        Area { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
    }

    /// Copies the pixels of an area, row by row.
    #[must_use]
    pub fn part(&self, area: Area) -> Vec<u8> {
        let rows = self.pixels.chunks(self.width).skip(area.y).take(area.height);
        rows.flat_map(|row| &row[area.x..area.x + area.width]).copied().collect()
    }
}

/// Gives the pixels that `text` takes across, with `scale` pixels for each dot.
#[must_use]
pub fn text_width(text: &str, scale: usize) -> usize {
    (text.chars().count() * ADVANCE).saturating_sub(ADVANCE - WIDTH) * scale
}

/// Gives the greatest scale up to `most` at which `text` takes at most `width` pixels; 1 if there is none.
#[must_use]
pub fn scale_for(text: &str, width: usize, most: usize) -> usize {
    (1..=most).rev().find(|&scale| text_width(text, scale) <= width).unwrap_or(1)
}

/// Gives the pixels that a line of text takes from top to foot, with `scale` pixels for each dot.
#[must_use]
pub fn text_height(scale: usize) -> usize {
    HEIGHT * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_outside_is_left_out() {
        let mut canvas = Canvas::new(4, 3, 0);
        canvas.fill(Area { x: 2, y: 1, width: 9, height: 9 }, 1);
        canvas.fill(Area { x: 7, y: 0, width: 9, height: 9 }, 2);
        canvas.write("WWW", (1, 40), 2, 3);
        assert_eq!(canvas.pixels, [0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1]);
    }

    #[test]
    fn text_has_the_size_that_is_told() {
        let mut canvas = Canvas::new(100, 50, 0);
        let blank = canvas.clone();
        canvas.write("HH", (3, 4), 2, 1);
        let area = Area { x: 3, y: 4, width: text_width("HH", 2), height: text_height(2) };
        assert_eq!(canvas.difference(&blank), area);
        assert_eq!((area.width, area.height), (22, 14));
        assert_eq!((scale_for("HH", 22, 4), scale_for("HH", 21, 4), scale_for("HH", 3, 4)), (2, 1, 1));
        assert_eq!(canvas.part(area).len(), 22 * 14);
        assert_eq!(blank.difference(&blank), Area { x: 0, y: 0, width: 1, height: 1 });
    }

    #[test]
    fn inks_are_numbered_and_end() {
        let mut inks = Palette::default();
        assert_eq!((inks.add([1, 2, 3]), inks.add([4, 5, 6]), inks.add([1, 2, 3])), (Some(0), Some(1), Some(0)));
        assert_eq!((inks.number([4, 5, 6]), inks.number([9, 9, 9]), inks.bytes()), (1, 0, vec![1, 2, 3, 4, 5, 6]));
        let numbers: Vec<_> = (0..=255).map(|blue| inks.add([0, 0, blue])).collect();
        assert_eq!((numbers[253], numbers[254]), (Some(255), None));
    }
}

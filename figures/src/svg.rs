//! A picture in SVG, in the making. Lengths are pixels, y grows downwards.

use std::fmt::Write;

use super::font::{FAMILY, Weight};

/// Place in a picture: x and y, in pixels.
pub type Point = (f64, f64);

/// A rectangle in a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Place of the left edge.
    pub x: f64,
    /// Place of the upper edge.
    pub y: f64,
    /// Length from the left edge to the right one.
    pub width: f64,
    /// Length from the upper edge to the lower one.
    pub height: f64,
}

impl Rect {
    /// Gives the place of the right edge.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Gives the place of the lower edge.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// Look of a line: its colour, its width and its dashes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Colour of the line, such as `#0072B2`.
    pub colour: &'static str,
    /// Width of the line in pixels.
    pub width: f64,
    /// Lengths of dashes and gaps; empty for a line without gaps.
    pub dashes: &'static str,
}

impl Stroke {
    /// Makes the stroke of a line without gaps.
    #[must_use]
    pub fn solid(colour: &'static str, width: f64) -> Stroke {
        Stroke { colour, width, dashes: "" }
    }

    fn attributes(&self) -> String {
        let dashes =
            if self.dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{}\"", self.dashes) };
        format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{dashes}", self.colour, number(self.width))
    }
}

/// Part of a text that stands at its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Beginning of the text.
    Start,
    /// Middle of the text.
    Middle,
    /// End of the text.
    End,
}

/// Direction in which a text runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From left to right.
    Across,
    /// Upwards, with the letters' heads to the left.
    Up,
}

/// Look of a text, its position at its point, and its direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lettering {
    /// Size of the letters, in pixels to the em.
    pub size: f64,
    /// Weight of the letters.
    pub weight: Weight,
    /// Colour of the letters, such as `#222222`.
    pub colour: &'static str,
    /// Part of the text that stands at its point.
    pub anchor: Anchor,
    /// Direction in which the text runs.
    pub direction: Direction,
}

/// A part of the picture beyond which nothing of a curve is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clip(usize);

/// A picture in SVG, in the making.
#[derive(Debug)]
pub struct Svg {
    /// Beginning of the picture's ids, so that several pictures can be in one page.
    name: &'static str,
    width: f64,
    definitions: String,
    clips: usize,
    body: String,
}

// Writing to a string cannot fail: the results of `write!` below carry nothing.
impl Svg {
    /// Makes an empty picture of this width.
    #[must_use]
    pub fn new(name: &'static str, width: f64) -> Svg {
        Svg { name, width, definitions: String::new(), clips: 0, body: String::new() }
    }

    /// Makes a clip of a rectangle.
    pub fn clip(&mut self, area: Rect) -> Clip {
        let (name, index) = (self.name, self.clips);
        let rect = rectangle(area);
        let _ = writeln!(self.definitions, "<clipPath id=\"{name}-clip{index}\"><rect {rect}/></clipPath>");
        self.clips += 1;
        Clip(index)
    }

    /// Draws a line between two points; `class` tells programs that read the picture what the line is.
    pub fn line(&mut self, class: &str, from: Point, to: Point, stroke: &Stroke) {
        let (x1, y1, x2, y2) = (number(from.0), number(from.1), number(to.0), number(to.1));
        let attributes = stroke.attributes();
        let class = escaped(class);
        let _ = writeln!(
            self.body,
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {attributes}/>"
        );
    }

    /// Draws a line through points.
    pub fn path(&mut self, class: &str, points: &[Point], stroke: &Stroke, clip: Clip) {
        let (name, Clip(index), attributes, class) = (self.name, clip, stroke.attributes(), escaped(class));
        let _ = writeln!(
            self.body,
            "<path class=\"{class}\" d=\"{}\" {attributes} stroke-linejoin=\"round\" \
             clip-path=\"url(#{name}-clip{index})\"/>",
            through(points)
        );
    }

    /// Draws a filled area within points.
    pub fn area(&mut self, class: &str, points: &[Point], colour: &str, opacity: f64, clip: Clip) {
        let (name, Clip(index), opacity, class) = (self.name, clip, number(opacity), escaped(class));
        let _ = writeln!(
            self.body,
            "<path class=\"{class}\" d=\"{}Z\" fill=\"{colour}\" fill-opacity=\"{opacity}\" stroke=\"none\" \
             clip-path=\"url(#{name}-clip{index})\"/>",
            through(points)
        );
    }

    /// Draws a rectangle in one colour.
    pub fn rect(&mut self, class: &str, area: Rect, colour: &str) {
        let (rect, class) = (rectangle(area), escaped(class));
        let _ = writeln!(self.body, "<rect class=\"{class}\" {rect} fill=\"{colour}\"/>");
    }

    /// Draws a closed shape with an outline.
    pub fn shape(&mut self, class: &str, points: &[Point], fill: &str, stroke: &Stroke) {
        let outline = stroke.attributes().replacen("fill=\"none\"", &format!("fill=\"{fill}\""), 1);
        let _ = writeln!(self.body, "<path class=\"{}\" d=\"{}Z\" {outline}/>", escaped(class), through(points));
    }

    /// Draws a circle with an outline.
    pub fn circle(&mut self, class: &str, (x, y): Point, radius: f64, fill: &str, stroke: &Stroke) {
        let outline = stroke.attributes().replacen("fill=\"none\"", &format!("fill=\"{fill}\""), 1);
        let (x, y, radius) = (number(x), number(y), number(radius));
        let class = escaped(class);
        let _ = writeln!(self.body, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {outline}/>");
    }

    /// Draws a line of text whose base line goes through a point.
    pub fn text(&mut self, class: &str, (x, y): Point, text: &str, lettering: &Lettering) {
        let Lettering { size, weight, colour, anchor, direction } = *lettering;
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if weight == Weight::Bold { " font-weight=\"bold\"" } else { "" };
        let (x, y, size) = (number(x), number(y), number(size));
        let place = match direction {
            Direction::Across => format!("x=\"{x}\" y=\"{y}\""),
            Direction::Up => format!("transform=\"translate({x} {y}) rotate(-90)\""),
        };
        let _ = writeln!(
            self.body,
            "<text class=\"{}\" {place} font-size=\"{size}\" fill=\"{colour}\"{anchor}{weight}>{}</text>",
            escaped(class),
            escaped(text)
        );
    }

    /// Gives the whole picture at this height, with a title and a description for those who do not see it.
    #[must_use]
    pub fn finish(self, height: f64, title: &str, description: &str) -> String {
        let (name, width, height) = (self.name, number(self.width), number(height));
        let definitions =
            if self.definitions.is_empty() { String::new() } else { format!("<defs>\n{}</defs>\n", self.definitions) };
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{name}-title {name}-description\" \
             font-family=\"{FAMILY}\">\n<title id=\"{name}-title\">{}</title>\n<desc id=\"{name}-description\">{}</desc>\n\
             {definitions}<rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n{}</svg>\n",
            escaped(title),
            escaped(description),
            self.body
        )
    }
}

fn rectangle(Rect { x, y, width, height }: Rect) -> String {
    let [x, y, width, height] = [x, y, width, height].map(number);
    format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
}

fn through(points: &[Point]) -> String {
    let mut path = String::new();
    for (index, &(x, y)) in points.iter().enumerate() {
        let command = if index == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{command}{} {}", number(x), number(y));
    }
    path
}

/// Writes a length to a hundredth of a pixel.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Returns the entity of a character that is markup in XML and in HTML.
#[must_use]
pub fn entity(letter: char) -> Option<&'static str> {
    match letter {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        _ => None,
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            // XML has no way to write these.
            letter if letter.is_control() => safe.push('\u{FFFD}'),
            letter => match entity(letter) {
                Some(entity) => safe.push_str(entity),
                None => safe.push(letter),
            },
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short() {
        assert_eq!([0.0, -0.001, 12.0, 1.25, 100.456].map(number), ["0", "0", "12", "1.25", "100.46"]);
    }

    #[test]
    fn texts_cannot_end_an_element() {
        assert_eq!(escaped("a<b> & \"c\"\u{7}"), "a&lt;b&gt; &amp; &quot;c&quot;\u{FFFD}");
    }
}

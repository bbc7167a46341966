//! Styles that tell groups of runs apart: by colour, by dashes and by marks, each of which is enough.

use super::svg::{Point, Rect, Stroke, Svg};

/// Colour of text.
pub const INK: &str = "#222222";
/// Colour of text that matters less.
pub const FAINT_INK: &str = "#595959";
/// Colour of the frame of a panel.
pub const FRAME: &str = "#8C8C8C";
/// Colour of the lines through a panel at the ticks.
pub const GRID: &str = "#E6E6E6";
/// Colour of the shade behind the values that were trained on.
pub const SHADE: &str = "#F1EFE4";
/// Colour of ceiling, floor and other bounds.
pub const BOUND: &str = "#7A7A7A";

/// The mark on a curve's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A circle: ●.
    Circle,
    /// A square on its side: ■.
    Square,
    /// A triangle that points upwards: ▲.
    Triangle,
    /// A square on its corner: ◆.
    Diamond,
    /// A triangle that points downwards: ▼.
    Wedge,
}

/// Look of the curve of one group. Colours are those of Okabe & Ito 2008, which the colour-blind tell apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Colour of the line and the marks, such as `#0072B2`.
    pub colour: &'static str,
    /// Lengths of dashes and gaps; empty for a line without gaps.
    pub dashes: &'static str,
    /// Width of the line in pixels.
    pub width: f64,
    /// Mark on the curve's points.
    pub mark: Mark,
}

const fn style(colour: &'static str, dashes: &'static str, width: f64, mark: Mark) -> Style {
    Style { colour, dashes, width, mark }
}

/// Styles that a group can have. Where curves coincide the widest and least broken is drawn first, and shows through
/// the gaps of the others.
const STYLES: [Style; 8] = [
    style("#0072B2", "", 3.0, Mark::Diamond),
    style("#D55E00", "8 4", 2.2, Mark::Square),
    style("#56B4E9", "2 3", 2.2, Mark::Triangle),
    style("#000000", "9 3 2 3", 1.8, Mark::Circle),
    style("#009E73", "14 4", 2.2, Mark::Wedge),
    style("#CC79A7", "5 2", 2.0, Mark::Circle),
    style("#E69F00", "1 2", 2.2, Mark::Square),
    style("#6B6B00", "12 3 2 3 2 3", 1.8, Mark::Diamond),
];

/// Number of groups that styles tell apart in one figure.
pub const MOST_GROUPS: usize = STYLES.len();

/// Gives a style to each of the groups `names`: one of the `reserved` names has its own in every figure, whoever is
/// beside it, and the others have those that are left. One that is alone needs no dashes.
#[must_use]
pub fn styles(names: &[String], reserved: &[&str]) -> Vec<Style> {
    let dashed = |style: Style| if names.len() > 1 { style } else { Style { dashes: "", ..style } };
    let own = |name: &String| reserved.iter().position(|reserved| reserved == name);
    let taken: Vec<usize> = names.iter().filter_map(own).collect();
    let mut left = (0..MOST_GROUPS).filter(|index| !taken.contains(index));
    names.iter().map(|name| dashed(STYLES[own(name).or_else(|| left.next()).unwrap_or(0) % MOST_GROUPS])).collect()
}

impl Style {
    /// Gives the stroke of the line.
    #[must_use]
    pub fn stroke(&self) -> Stroke {
        Stroke { colour: self.colour, width: self.width, dashes: self.dashes }
    }

    /// Draws the mark of this style at a point.
    pub fn mark(&self, svg: &mut Svg, class: &str, (x, y): Point) {
        let outline = Stroke::solid("#FFFFFF", 0.8);
        let r = 3.6;
        let around = |corners: &[Point]| corners.iter().map(|(dx, dy)| (x + r * dx, y + r * dy)).collect::<Vec<_>>();
        let corners: &[Point] = match self.mark {
            Mark::Circle => return svg.circle(class, (x, y), r, self.colour, &outline),
            Mark::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            Mark::Triangle => &[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
            Mark::Diamond => &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
            Mark::Wedge => &[(0.0, 1.2), (1.1, -0.8), (-1.1, -0.8)],
        };
        svg.shape(class, &around(corners), self.colour, &outline);
    }

    /// Draws a piece of the line with its mark, for a legend.
    pub fn sample(&self, svg: &mut Svg, area: Rect) {
        let y = area.y + area.height / 2.0;
        svg.line("legend", (area.x, y), (area.right(), y), &self.stroke());
        self.mark(svg, "legend", (area.x + area.width / 2.0, y));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserved_name_looks_the_same_whoever_is_beside_it() {
        let reserved = ["lstm-nau", "lstm-nac", "lstm-nalu", "lstm"];
        let names = |names: &[&str]| styles(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>(), &reserved);
        let [nau, nac] = names(&["lstm-nau", "lstm-nac"])[..] else { panic!("two styles") };
        assert_eq!(names(&["mine", "lstm-nac", "lstm", "other", "lstm-nau"])[1], nac);
        assert_eq!(names(&["mine", "lstm-nac", "lstm", "other", "lstm-nau"])[4], nau);
    }

    #[test]
    fn no_two_groups_look_alike() {
        let names: Vec<String> = (0..MOST_GROUPS).map(|index| format!("group {index}")).collect();
        let styles = styles(&names, &[]);
        for (index, style) in styles.iter().enumerate() {
            for other in &styles[index + 1..] {
                assert_ne!(style.colour, other.colour);
                assert_ne!(style.dashes, other.dashes);
            }
        }
    }
}

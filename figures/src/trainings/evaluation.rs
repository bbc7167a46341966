//! Picture of one evaluation of a training: success at each T that is trained on.

use super::instructions::axis;
use crate::axis::{Axis, name};
use crate::figure_frame::{BELOW, FigureFrame, LEFT, MARGIN};
use crate::panel::{Named, Panel};
use crate::style::Style;
use crate::svg::Rect;

/// Width of the picture in pixels: that of TensorBoard's cards, so that the letters keep their size.
const WIDTH: f64 = 390.0;
/// Height of the panel in pixels.
const HEIGHT: f64 = 170.0;

/// Draws an evaluation of `agent` after `step` environment steps, in `style`: at each T, which ascends, the share that
/// was on time of the episodes in which that was possible. There is one T at least.
#[must_use]
pub fn evaluation(agent: &str, style: &Style, step: u64, successes: &[(u32, f64)]) -> String {
    let title = format!("{agent}: greedy success after {} steps", name(step as f64));
    let mut sheet = FigureFrame::small("evaluation", WIDTH, &title);
    let area = Rect { x: LEFT, y: sheet.top, width: WIDTH - LEFT - MARGIN, height: HEIGHT };
    let values: Vec<u32> = successes.iter().map(|&(instruction, _)| instruction).collect();
    let y = Axis::per_cent("success (%)", (-0.02, 1.04), (area.bottom(), area.y));
    let panel = Panel::new(&mut sheet.svg, area, axis(&values, (area.x, area.right())), y, Named::Both);
    let points = || successes.iter().map(|&(instruction, success)| (f64::from(instruction), success));
    panel.line(&mut sheet.svg, "success", points(), &style.stroke());
    panel.marks(&mut sheet.svg, "success", points(), style);
    sheet.finish(area.bottom() + BELOW).svg
}

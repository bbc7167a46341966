//! Images of 56×56 pixels: five cells of 11 pixels a side and a closing line.

use crate::environment::FrameShape;

use super::cells::{Placement, SIDE};

/// Pixels from one grid line to the next: a line of 1 pixel and the 10 between it and the next one.
const PITCH: usize = 11;
const SIDE_PIXELS: usize = SIDE as usize * PITCH + 1;
const CHANNELS: usize = 3;

pub(crate) const FRAME: FrameShape = FrameShape { height: SIDE_PIXELS, width: SIDE_PIXELS, channels: CHANNELS };

/// The colour of an empty cell: black (red, green, blue).
pub const BACKGROUND: [u8; CHANNELS] = [0, 0, 0];
/// The colour of the lines between cells: dark grey.
pub const GRID_LINE: [u8; CHANNELS] = [64, 64, 64];
/// The colour of the lines between cells in a flash, which interval reproduction shows: white.
pub const FLASH: [u8; CHANNELS] = [255, 255, 255];
/// The colour of the agent's cell: grey. The agent hides the target when it stands on it.
pub const AGENT: [u8; CHANNELS] = [128, 128, 128];
/// The colour of the target's cell: red.
pub const TARGET: [u8; CHANNELS] = [255, 0, 0];

/// Draws the board with lines of the colour `line`.
///
/// # Panics
/// If `pixels` has not the size of an image.
pub(crate) fn render(placement: Placement, line: [u8; CHANNELS], pixels: &mut [u8]) {
    let Placement { agent, target } = placement;
    assert_eq!(pixels.len(), FRAME.bytes(), "an image of the board has {} bytes", FRAME.bytes());
    for (index, pixel) in pixels.chunks_exact_mut(CHANNELS).enumerate() {
        let (y, x) = (index / SIDE_PIXELS, index % SIDE_PIXELS);
        let on_line = y % PITCH == 0 || x % PITCH == 0;
        let cell = (y / PITCH) * usize::from(SIDE) + x / PITCH;
        let colour = match cell {
            _ if on_line => line,
            cell if cell == usize::from(agent) => AGENT,
            cell if cell == usize::from(target) => TARGET,
            _ => BACKGROUND,
        };
        pixel.copy_from_slice(&colour);
    }
}

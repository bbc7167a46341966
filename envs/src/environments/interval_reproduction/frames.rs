//! Keys and images: those of the dark board, and again as many with a flash.

use crate::board::{self, FLASH, GRID_LINE, PLACEMENTS, Placement};
use crate::environment::FrameKey;

/// Flash of a frame, or its absence, beside the placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Light {
    /// No flash is shown.
    Dark,
    /// The first or the second flash.
    Flash,
}

/// The key of an image: dark ones are numbered as timed arrival's, flashes follow.
#[inline]
pub(super) fn frame_key(placement: Placement, light: Light) -> FrameKey {
    FrameKey(placement.key() + PLACEMENTS * light as u64)
}

/// Reads the placement and the flash from a frame's key.
///
/// # Panics
/// If no image has this key.
pub(super) fn shown(frame: FrameKey) -> (Placement, Light) {
    assert!(frame.0 < 2 * PLACEMENTS, "{frame:?} is no frame of interval reproduction");
    let light = if frame.0 < PLACEMENTS { Light::Dark } else { Light::Flash };
    (Placement::of_key(frame.0 % PLACEMENTS), light)
}

/// Draws the image of `frame`.
///
/// # Panics
/// If there is no such frame, or `pixels` has not the size of one.
pub(super) fn render(frame: FrameKey, pixels: &mut [u8]) {
    let (placement, light) = shown(frame);
    let line = match light {
        Light::Dark => GRID_LINE,
        Light::Flash => FLASH,
    };
    board::render(placement, line, pixels);
}

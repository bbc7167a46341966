//! Episodes as animated GIFs.

mod picture;
#[cfg(test)]
mod tests;

use gridworld_agents::evaluation::Picture;
use gridworld_figures::raster::{Animation, Canvas, Palette};
use gridworld_terminal::program::CliError;

use super::renderer::{Renderer, Replay};
use picture::Painter;

/// Hundredths of a second for which an episode's end is seen.
const END: u16 = 200;
/// Factor of the time for which an episode's first picture is seen.
const FIRST: u16 = 3;

/// An animated GIF.
pub struct Animated {
    /// Contents of the file.
    pub bytes: Vec<u8>,
    /// Width and height in pixels.
    pub size: (usize, usize),
    /// Number of pictures.
    pub frames: usize,
}

/// The animation of `replays`, each step seen for `delay` milliseconds.
pub fn animation(renderer: &Renderer, replays: &[Replay], delay: u16) -> Result<Animated, CliError> {
    animated(renderer, replays, delay, |_, _, _, _| Ok(()))
}

/// Makes the animation of `replays`; each picture is shown to `each` with its reel, its t and its colours.
pub fn animated(
    renderer: &Renderer,
    replays: &[Replay],
    delay: u16,
    mut each: impl FnMut(&Replay, usize, &Canvas, &Palette) -> Result<(), CliError>,
) -> Result<Animated, CliError> {
    let render = |picture: &Picture, pixels: &mut [u8]| renderer.render(picture, pixels);
    let painter = Painter::new(renderer.shape(), replays, &render).map_err(CliError::failed)?;
    let mut animation = Animation::new(painter.size(), painter.inks()).map_err(CliError::failed)?;
    for replay in replays {
        for t in 0..=replay.record.steps() {
            let picture = painter.picture(replay, t);
            each(replay, t, &picture, painter.inks())?;
            animation.add(picture, hundredths(delay, t, replay.record.steps())).map_err(CliError::failed)?;
        }
    }
    let frames = animation.frames;
    Ok(Animated { bytes: animation.bytes().map_err(CliError::failed)?, size: painter.size(), frames })
}

/// Gives the time for which the picture after `t` of `steps` steps is seen, in hundredths of a second.
fn hundredths(delay: u16, t: usize, steps: usize) -> u16 {
    let usual = (delay / 10).max(2);
    match t {
        _ if t == steps => usual.max(END),
        0 => FIRST * usual,
        _ => usual,
    }
}

//! Episodes as animated GIFs.

mod picture;
#[cfg(test)]
mod tests;

use gridworld_agents::evaluation::Picture;
use gridworld_figures::raster::{Animation, Canvas, Inks};
use gridworld_terminal::program::failure::Failure;

use super::reel::{Projector, Reel};
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

/// The animation of `reels`, each step seen for `delay` milliseconds.
pub fn animation(projector: &Projector, reels: &[Reel], delay: u16) -> Result<Animated, Failure> {
    animated(projector, reels, delay, |_, _, _, _| Ok(()))
}

/// Makes the animation of `reels`; each picture is shown to `each` with its reel, its t and its colours.
pub fn animated(
    projector: &Projector,
    reels: &[Reel],
    delay: u16,
    mut each: impl FnMut(&Reel, usize, &Canvas, &Inks) -> Result<(), Failure>,
) -> Result<Animated, Failure> {
    let render = |picture: &Picture, pixels: &mut [u8]| projector.render(picture, pixels);
    let painter = Painter::new(projector.shape(), reels, &render).map_err(Failure::failed)?;
    let mut animation = Animation::new(painter.size(), painter.inks()).map_err(Failure::failed)?;
    for reel in reels {
        for t in 0..=reel.film.steps() {
            let picture = painter.picture(reel, t);
            each(reel, t, &picture, painter.inks())?;
            animation.add(picture, hundredths(delay, t, reel.film.steps())).map_err(Failure::failed)?;
        }
    }
    let frames = animation.frames;
    Ok(Animated { bytes: animation.bytes().map_err(Failure::failed)?, size: painter.size(), frames })
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

//! Pictures of pixels in the colours of a palette, and animations of them.

mod animation;
mod canvas;
mod letters;

pub use animation::{Animation, EncodeError, png};
pub use canvas::{Area, Canvas, Colour, Palette, scale_for, text_height, text_width};

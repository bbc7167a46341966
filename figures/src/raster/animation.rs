//! Pictures as files: an animation, and single frames.

use gif::{Encoder, Frame, Repeat};

use super::canvas::{Area, Canvas, Palette};

/// Failure to encode pictures as a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A picture too large for the format.
    #[error("a picture of {0}×{1} pixels is too large for a GIF: at most 65535 each way")]
    TooLarge(usize, usize),
    /// The encoder of animations failed.
    #[error("GIF: {0}")]
    Gif(#[from] gif::EncodingError),
    /// The encoder of frames failed.
    #[error("PNG: {0}")]
    Png(#[from] png::EncodingError),
}

/// An animation in the making: every picture after the first is the part of it that changed.
pub struct Animation {
    encoder: Encoder<Vec<u8>>,
    last: Option<Canvas>,
    /// Number of pictures so far.
    pub frames: usize,
}

impl Animation {
    /// Begins an animation that repeats for ever, of pictures of this size.
    ///
    /// # Errors
    /// If a side has more than 65,535 pixels, or the palette has no colour.
    pub fn new((width, height): (usize, usize), inks: &Palette) -> Result<Animation, EncodeError> {
        let side = |length: usize| u16::try_from(length).map_err(|_| EncodeError::TooLarge(width, height));
        let mut encoder = Encoder::new(Vec::new(), side(width)?, side(height)?, &inks.bytes())?;
        encoder.set_repeat(Repeat::Infinite)?;
        Ok(Animation { encoder, last: None, frames: 0 })
    }

    /// Adds a picture that is seen for so many hundredths of a second.
    ///
    /// # Errors
    /// If a side has more than 65,535 pixels, or the picture does not fit into the animation.
    pub fn add(&mut self, picture: Canvas, hundredths: u16) -> Result<(), EncodeError> {
        let whole = Area { x: 0, y: 0, width: picture.width, height: picture.height };
        let area = self.last.as_ref().map_or(whole, |last| picture.difference(last));
        let side = |length: usize| u16::try_from(length).map_err(|_| EncodeError::TooLarge(whole.width, whole.height));
        let mut frame = Frame::from_indexed_pixels(side(area.width)?, side(area.height)?, picture.part(area), None);
        (frame.left, frame.top, frame.delay) = (side(area.x)?, side(area.y)?, hundredths);
        self.encoder.write_frame(&frame)?;
        self.last = Some(picture);
        self.frames += 1;
        Ok(())
    }

    /// Ends the animation, and gives the bytes of its file.
    ///
    /// # Errors
    /// If the end of the file cannot be encoded.
    pub fn bytes(self) -> Result<Vec<u8>, EncodeError> {
        Ok(self.encoder.into_inner()?)
    }
}

/// Encodes a picture as a PNG file, and gives the bytes of it.
///
/// # Errors
/// If the picture has no pixel, or too many for the format.
pub fn png(picture: &Canvas, inks: &Palette) -> Result<Vec<u8>, EncodeError> {
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side(picture.width), side(picture.height));
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(inks.bytes());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&picture.pixels)?;
    writer.finish()?;
    Ok(bytes)
}

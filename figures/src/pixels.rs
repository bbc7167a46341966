//! Drawing of a figure in pixels, as a PNG file.

use std::collections::HashMap;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::font;

/// Failure to draw a figure in pixels, which no figure of ours should cause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PixelError {
    /// A picture that is no SVG.
    #[error("the figure cannot be read: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// A picture without size, or with one beyond all memory.
    #[error("a figure of {0}×{1} pixels cannot be drawn")]
    Size(u32, u32),
    /// Failure of the encoder.
    #[error("PNG: {0}")]
    Png(#[from] png::EncodingError),
}

/// A PNG file with its size.
#[derive(Clone, Debug)]
pub struct Png {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

/// Pixels of a file for each of a figure's own: enough for screens with small pixels.
pub const SCALE: f32 = 2.0;

/// Draws an SVG picture with `scale` pixels for each of its own.
///
/// # Errors
/// If the text is no SVG, or the picture would have no pixel or too many.
pub fn png(svg: &str, scale: f32) -> Result<Png, PixelError> {
    let options = Options { fontdb: font::database(), font_family: "DejaVu Sans".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let side = |length: f32| (length * scale).round() as u32;
    let (width, height) = (side(tree.size().width()), side(tree.size().height()));
    let mut pixels = Pixmap::new(width, height).ok_or(PixelError::Size(width, height))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let bytes = encoded(pixels.data(), (width, height))?;
    Ok(Png { width, height, bytes })
}

/// Encodes opaque pixels of four bytes as a PNG file: with a palette where 256 colours are enough, which is a third of
/// the work.
fn encoded(pixels: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let data = match indexed(pixels) {
        Some((palette, indices)) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette);
            // Neighbouring numbers of a palette have nothing to do with each other.
            encoder.set_filter(png::Filter::NoFilter);
            indices
        }
        None => {
            encoder.set_color(png::ColorType::Rgb);
            pixels.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect()
        }
    };
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&data)?;
    writer.finish()?;
    Ok(bytes)
}

/// Gives the colours, three bytes each, and each pixel's number among them; nothing if there are more than 256.
fn indexed(pixels: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut palette, mut numbers) = (Vec::new(), HashMap::new());
    let mut indices = Vec::with_capacity(pixels.len() / 4);
    let mut last = None;
    for pixel in pixels.chunks_exact(4) {
        let colour = [pixel[0], pixel[1], pixel[2]];
        // Most pixels are like the one before.
        let index = match last {
            Some((other, index)) if other == colour => index,
            _ => *numbers.entry(colour).or_insert_with(|| {
                palette.extend_from_slice(&colour);
                palette.len() / 3 - 1
            }),
        };
        indices.push(u8::try_from(index).ok()?);
        last = Some((colour, index));
    }
    Some((palette, indices))
}

//! A figure in pixels.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::font;

/// What can go wrong, although no figure of ours should make it.
#[derive(Debug, thiserror::Error)]
pub enum PixelError {
    /// The picture is no SVG.
    #[error("the figure cannot be read: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// It has no size, or one beyond all memory.
    #[error("a figure of {0}×{1} pixels cannot be drawn")]
    Size(u32, u32),
    /// The encoder failed.
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

/// Draws an SVG picture with `scale` pixels for each of its own.
pub fn png(svg: &str, scale: f32) -> Result<Png, PixelError> {
    let options = Options { fontdb: font::database(), font_family: "DejaVu Sans".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let side = |length: f32| (length * scale).round() as u32;
    let (width, height) = (side(tree.size().width()), side(tree.size().height()));
    let mut pixels = Pixmap::new(width, height).ok_or(PixelError::Size(width, height))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    // The background is opaque, so that there is no transparency to keep.
    let colours: Vec<u8> = pixels.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&colours)?;
    writer.finish()?;
    Ok(Png { width, height, bytes })
}

//! Distinct receptive fields of a set of images, each listed once.

use rustc_hash::FxHashMap;

use super::convolution::Square;
use super::frame_list::FrameList;

/// The distinct receptive fields of a growing set of frames, layer by layer.
///
/// Layer 1 lists distinct patches of pixels. Layer k > 1 lists distinct patches of what layer k − 1
/// gives, each as the numbers of the fields that it is made of. A frame is the list of the last
/// layer's fields at its positions.
#[derive(Debug)]
pub struct PatchIndex {
    /// Height, width and channels of a frame.
    shape: [usize; 3],
    layers: Vec<Layer>,
    frames: usize,
    /// Fields of each frame, `[frames, positions of the last layer]`.
    fields: Vec<u32>,
}

/// One layer's distinct fields.
#[derive(Debug)]
struct Layer {
    kernel: usize,
    stride: usize,
    /// The side of this layer's output, in rows and columns.
    rows: usize,
    columns: usize,
    known: Known,
}

#[derive(Debug)]
enum Known {
    /// Patches of bytes, one after the other, and where each is.
    Pixels { numbers: FxHashMap<Box<[u8]>, u32>, values: Vec<u8> },
    /// Patches of the fields of the layer before.
    Fields { numbers: FxHashMap<Box<[u32]>, u32>, values: Vec<u32> },
}

impl PatchIndex {
    /// An empty index for frames of `shape` (height, width, channels), looked at by these convolutions.
    pub fn new(shape: [usize; 3], convolutions: impl IntoIterator<Item = Square>) -> PatchIndex {
        let [mut rows, mut columns, _] = shape;
        let layers = convolutions
            .into_iter()
            .enumerate()
            .map(|(depth, convolution)| {
                rows = (rows - convolution.kernel) / convolution.stride + 1;
                columns = (columns - convolution.kernel) / convolution.stride + 1;
                let known = match depth {
                    0 => Known::Pixels { numbers: FxHashMap::default(), values: Vec::new() },
                    _ => Known::Fields { numbers: FxHashMap::default(), values: Vec::new() },
                };
                Layer { kernel: convolution.kernel, stride: convolution.stride, rows, columns, known }
            })
            .collect();
        PatchIndex { shape, layers, frames: 0, fields: Vec::new() }
    }

    /// Number of frames that were added.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Number of distinct patches of pixels.
    #[must_use]
    pub fn patches(&self) -> usize {
        match &self.layers[0].known {
            Known::Pixels { numbers, .. } => numbers.len(),
            Known::Fields { numbers, .. } => numbers.len(),
        }
    }

    /// Adds a frame of `height × width × channels` bytes.
    ///
    /// # Panics
    /// If there are more or fewer bytes than a frame has.
    pub fn add(&mut self, pixels: &[u8]) {
        let [height, mut width, channels] = self.shape;
        assert_eq!(pixels.len(), height * width * channels, "bytes in a frame");
        let mut below: Vec<u32> = Vec::new();
        let (mut bytes, mut fields) = (Vec::new(), Vec::new());
        for layer in &mut self.layers {
            let mut listed = Vec::with_capacity(layer.rows * layer.columns);
            for row in 0..layer.rows {
                for column in 0..layer.columns {
                    let corner = (row * layer.stride, column * layer.stride);
                    listed.push(match &mut layer.known {
                        Known::Pixels { numbers, values } => {
                            cut(pixels, (width, channels), corner, layer.kernel, &mut bytes);
                            number(numbers, values, &bytes)
                        }
                        Known::Fields { numbers, values } => {
                            cut(&below, (width, 1), corner, layer.kernel, &mut fields);
                            number(numbers, values, &fields)
                        }
                    });
                }
            }
            below = listed;
            width = layer.columns;
        }
        self.fields.extend(below);
        self.frames += 1;
    }

    /// Gives the lists as they are now.
    #[must_use]
    pub fn frame_list(&self) -> FrameList {
        let mut patches: &[u8] = &[];
        let mut fields = Vec::new();
        let mut positions = 1;
        for layer in &self.layers {
            match &layer.known {
                Known::Pixels { values, .. } => patches = values,
                Known::Fields { values, .. } => fields.push(values.clone()),
            }
            positions = layer.rows * layer.columns;
        }
        FrameList::new(patches, fields, &self.fields, positions)
    }
}

/// Copies the square of side `kernel` at `corner` of an image with so many columns and channels.
fn cut<T: Copy>(image: &[T], size: (usize, usize), corner: (usize, usize), kernel: usize, patch: &mut Vec<T>) {
    let (columns, channels) = size;
    patch.clear();
    for row in corner.0..corner.0 + kernel {
        patch.extend_from_slice(&image[(row * columns + corner.1) * channels..][..kernel * channels]);
    }
}

/// The number of a patch: the one it has, or the next.
fn number<T: std::hash::Hash + Eq + Copy>(
    numbers: &mut FxHashMap<Box<[T]>, u32>,
    values: &mut Vec<T>,
    patch: &[T],
) -> u32 {
    if let Some(&number) = numbers.get(patch) {
        return number;
    }
    let number = numbers.len() as u32;
    values.extend_from_slice(patch);
    numbers.insert(patch.into(), number);
    number
}

//! Which receptive fields a set of images has, each listed once.

use gridworld_envs::FrameShape;
use rustc_hash::FxHashMap;
use tch::{Device, Kind, Tensor};

use crate::config::Convolution;

/// The distinct receptive fields of a growing set of frames, layer by layer.
///
/// Layer 1 lists distinct patches of pixels. Layer k > 1 lists distinct patches of what layer k − 1
/// gives, each as the numbers of the fields that it is made of. A frame is the list of the last
/// layer's fields at its positions.
#[derive(Debug)]
pub struct Atlas {
    shape: FrameShape,
    layers: Vec<Layer>,
    frames: usize,
    /// `[frames, positions of the last layer]`.
    fields: Vec<i64>,
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
    Fields { numbers: FxHashMap<Box<[u32]>, u32>, values: Vec<i64> },
}

impl Atlas {
    /// An atlas of no frames.
    pub fn new(shape: FrameShape, convolutions: &[Convolution]) -> Atlas {
        let (mut rows, mut columns) = (shape.height, shape.width);
        let layers = convolutions
            .iter()
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
        Atlas { shape, layers, frames: 0, fields: Vec::new() }
    }

    /// How many frames were added.
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Adds a frame of `height × width × channels` bytes.
    pub fn add(&mut self, pixels: &[u8]) {
        assert_eq!(pixels.len(), self.shape.bytes(), "bytes in a frame");
        let mut below: Vec<u32> = Vec::new();
        let mut width = self.shape.width;
        let (mut bytes, mut fields) = (Vec::new(), Vec::new());
        for layer in &mut self.layers {
            let mut listed = Vec::with_capacity(layer.rows * layer.columns);
            for row in 0..layer.rows {
                for column in 0..layer.columns {
                    let corner = (row * layer.stride, column * layer.stride);
                    listed.push(match &mut layer.known {
                        Known::Pixels { numbers, values } => {
                            cut(pixels, (width, self.shape.channels), corner, layer.kernel, &mut bytes);
                            number(numbers, values, &bytes, u8::clone)
                        }
                        Known::Fields { numbers, values } => {
                            cut(&below, (width, 1), corner, layer.kernel, &mut fields);
                            number(numbers, values, &fields, |&field| i64::from(field))
                        }
                    });
                }
            }
            below = listed;
            width = layer.columns;
        }
        self.fields.extend(below.iter().map(|&field| i64::from(field)));
        self.frames += 1;
    }

    /// The lists as tensors on `device`.
    pub fn tensors(&self, device: Device) -> AtlasTensors {
        let mut pixels = Tensor::new();
        let mut fields = Vec::new();
        for layer in &self.layers {
            match &layer.known {
                Known::Pixels { values, .. } => {
                    let length = (layer.kernel * layer.kernel * self.shape.channels) as i64;
                    pixels =
                        Tensor::from_slice(values).to_device(device).to_kind(Kind::Float).view([-1, length]) / 255.0;
                }
                Known::Fields { values, .. } => fields.push(Tensor::from_slice(values).to_device(device)),
            }
        }
        let frames = Tensor::from_slice(&self.fields).to_device(device);
        AtlasTensors { pixels, fields, frames, count: self.frames as i64 }
    }
}

/// An [`Atlas`] as a device computes with it.
#[derive(Debug)]
pub struct AtlasTensors {
    /// `[distinct patches, kernel · kernel · channels]`, from 0 to 1.
    pub pixels: Tensor,
    /// For each further layer: the fields of each distinct patch, `[distinct patches · kernel · kernel]`.
    pub fields: Vec<Tensor>,
    /// The last layer's fields of each frame, `[frames · positions]`.
    pub frames: Tensor,
    /// How many frames there are.
    pub count: i64,
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
fn number<T: std::hash::Hash + Eq + Clone, V>(
    numbers: &mut FxHashMap<Box<[T]>, u32>,
    values: &mut Vec<V>,
    patch: &[T],
    value: impl Fn(&T) -> V,
) -> u32 {
    if let Some(&number) = numbers.get(patch) {
        return number;
    }
    let number = numbers.len() as u32;
    values.extend(patch.iter().map(value));
    numbers.insert(patch.into(), number);
    number
}

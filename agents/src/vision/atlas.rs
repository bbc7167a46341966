//! Which receptive fields a set of images has, each listed once.

use std::collections::HashMap;

use gridworld_envs::FrameShape;
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
    Pixels { numbers: HashMap<Box<[u8]>, u32>, values: Vec<u8> },
    /// Patches of the fields of the layer before.
    Fields { numbers: HashMap<Box<[u32]>, u32>, values: Vec<i64> },
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
                    0 => Known::Pixels { numbers: HashMap::new(), values: Vec::new() },
                    _ => Known::Fields { numbers: HashMap::new(), values: Vec::new() },
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
        for layer in &mut self.layers {
            let mut numbers = Vec::with_capacity(layer.rows * layer.columns);
            for row in 0..layer.rows {
                for column in 0..layer.columns {
                    let corner = (row * layer.stride, column * layer.stride);
                    numbers.push(match &mut layer.known {
                        Known::Pixels { numbers, values } => {
                            let patch =
                                patch(pixels, width * self.shape.channels, corner, layer.kernel, self.shape.channels);
                            number(numbers, values, patch, u8::clone)
                        }
                        Known::Fields { numbers, values } => {
                            let patch = patch(&below, width, corner, layer.kernel, 1);
                            number(numbers, values, patch, |&field| i64::from(field))
                        }
                    });
                }
            }
            below = numbers;
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

/// The square of side `kernel` at `corner` of an image whose rows have `stride` entries.
fn patch<T: Copy>(image: &[T], stride: usize, corner: (usize, usize), kernel: usize, channels: usize) -> Box<[T]> {
    (0..kernel)
        .flat_map(|row| image[(corner.0 + row) * stride + corner.1 * channels..][..kernel * channels].iter().copied())
        .collect()
}

/// The number of a patch: the one it has, or the next.
fn number<T: std::hash::Hash + Eq, V>(
    numbers: &mut HashMap<Box<[T]>, u32>,
    values: &mut Vec<V>,
    patch: Box<[T]>,
    value: impl Fn(&T) -> V,
) -> u32 {
    if let Some(&number) = numbers.get(&patch) {
        return number;
    }
    let number = numbers.len() as u32;
    values.extend(patch.iter().map(value));
    numbers.insert(patch, number);
    number
}

//! One convolution of whole images, with its derivative.

use super::convolution::{BLOCK, Block, Fields, Square};
use super::{Matrix, Write, add, convolve, convolve_backward, multiply};

/// Number of images that are taken at once: what they become stays in the processor's cache, and their receptive fields
/// are a multiple of any tile.
pub const CHUNK: usize = 8;

/// A convolution: where its receptive fields are, and its numbers.
///
/// Its outputs are filled up with zeros to whole blocks, and so are its inputs if they are another
/// convolution's outputs: the kernels know no other sizes.
#[derive(Debug)]
pub struct Stage {
    /// Number of outputs, without the zeros.
    outputs: usize,
    /// Number of outputs, with the zeros.
    pub width: usize,
    /// Number of channels of the input, without the zeros and with them.
    channels: usize,
    padded: usize,
    kernel: usize,
    /// Count of numbers of one image.
    pub size: usize,
    /// Number of positions of the output.
    pub positions: usize,
    /// First number of each field of [`CHUNK`] images.
    starts: Vec<u32>,
    segments: Vec<u32>,
    /// Weights `[blocks, inputs]`, and the same as `[width, inputs]`.
    weight: Vec<Block>,
    rows: Vec<f32>,
    bias: Vec<Block>,
    d_weight: Vec<Block>,
    d_bias: Vec<f32>,
    /// Gradient on the inputs of each field.
    d_fields: Vec<f32>,
}

/// Size of an image that a stage reads: rows, columns, and channels without and with zeros.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// Number of channels.
    pub channels: usize,
    /// Number of channels with the zeros.
    pub padded: usize,
}

impl Stage {
    /// Makes a stage without parameters yet, and the extent of its output.
    ///
    /// # Panics
    /// If the square is larger than the input, or [`CHUNK`] images of the input have 2³² numbers or more.
    #[must_use]
    pub fn new(outputs: usize, square: Square, from: Extent) -> (Stage, Extent) {
        let Square { kernel, stride } = square;
        let Extent { rows, columns, channels, padded } = from;
        let (width, size) = (outputs.next_multiple_of(BLOCK), rows * columns * padded);
        let to = Extent {
            rows: (rows - kernel) / stride + 1,
            columns: (columns - kernel) / stride + 1,
            channels: outputs,
            padded: width,
        };
        let start = |image: usize, row: usize, column: usize| {
            let start = image * size + (row * stride * columns + column * stride) * padded;
            u32::try_from(start).expect("a few images have fewer than 2³² numbers")
        };
        let starts = (0..CHUNK).flat_map(|image| {
            (0..to.rows).flat_map(move |row| (0..to.columns).map(move |column| start(image, row, column)))
        });
        let stage = Stage {
            outputs,
            width,
            channels,
            padded,
            kernel,
            size,
            positions: to.rows * to.columns,
            starts: starts.collect(),
            segments: (0..kernel).map(|row| (row * columns * padded) as u32).collect(),
            weight: Vec::new(),
            rows: Vec::new(),
            bias: Vec::new(),
            d_weight: Vec::new(),
            d_bias: Vec::new(),
            d_fields: Vec::new(),
        };
        (stage, to)
    }

    fn inputs(&self) -> usize {
        self.kernel * self.kernel * self.padded
    }

    fn fields(&self, images: usize) -> Fields<'_> {
        let starts = &self.starts[..images * self.positions];
        Fields { starts, segments: &self.segments, length: self.kernel * self.padded }
    }

    /// Calls `each` with every weight's place in the parameter and in `[blocks, inputs]`: block, input,
    /// channel.
    fn places(&self, mut each: impl FnMut(usize, (usize, usize))) {
        let inputs = self.inputs();
        for output in 0..self.outputs {
            for cell in 0..self.kernel * self.kernel {
                for channel in 0..self.channels {
                    let block = output / BLOCK * inputs + cell * self.padded + channel;
                    let place = (output * self.kernel * self.kernel + cell) * self.channels + channel;
                    each(place, (block, output % BLOCK));
                }
            }
        }
    }

    /// Takes the weights, `[outputs, kernel, kernel, channels]`, and the biases of the next passes.
    pub fn load(&mut self, numbers: &[f32], bias: &[f32]) {
        let inputs = self.inputs();
        let blocks = self.width / BLOCK;
        let mut weight = vec![[0.0; BLOCK]; blocks * inputs];
        let mut rows = vec![0.0; self.width * inputs];
        self.places(|place, (block, channel)| {
            weight[block][channel] = numbers[place];
            rows[(block / inputs * BLOCK + channel) * inputs + block % inputs] = numbers[place];
        });
        (self.weight, self.rows) = (weight, rows);
        let mut padded = bias.to_vec();
        padded.resize(self.width, 0.0);
        self.bias = padded.as_chunks().0.to_vec();
        self.d_weight.clear();
        self.d_weight.resize(blocks * inputs, [0.0; BLOCK]);
        self.d_bias.clear();
        self.d_bias.resize(self.width, 0.0);
    }

    /// Computes the outputs, `[images, positions, width]`, of up to [`CHUNK`] images.
    pub fn forward(&self, images: &[f32], output: &mut [f32]) {
        convolve(images, self.fields(images.len() / self.size), &self.weight, &self.bias, output);
    }

    /// Adds the gradients on weight and bias, given `d_output` on [`forward`](Self::forward)'s `output`,
    /// which becomes that before the ReLU.
    pub fn backward(&mut self, images: &[f32], output: &[f32], d_output: &mut [f32]) {
        d_output.iter_mut().zip(output).for_each(|(d, &x)| *d = if x > 0.0 { *d } else { 0.0 });
        d_output.chunks_exact(self.width).for_each(|row| add(&mut self.d_bias, row));
        let mut d_weight = std::mem::take(&mut self.d_weight);
        convolve_backward(images, self.fields(images.len() / self.size), d_output, &mut d_weight);
        self.d_weight = d_weight;
    }

    /// Computes the gradient on the images, given that on the output before the ReLU.
    pub fn backward_to(&mut self, d_output: &[f32], d_images: &mut [f32]) {
        let (inputs, count) = (self.inputs(), d_output.len() / self.width);
        self.d_fields.resize(CHUNK * self.positions * inputs, 0.0);
        let d_fields = &mut self.d_fields[..count * inputs];
        let (d_output, rows) = (Matrix::new(d_output, count, self.width), Matrix::new(&self.rows, self.width, inputs));
        multiply(d_fields, Write::Overwrite, d_output, rows);
        d_images.fill(0.0);
        let length = self.kernel * self.padded;
        for (&start, d_field) in self.starts.iter().zip(d_fields.chunks_exact(inputs)) {
            for (&segment, d) in self.segments.iter().zip(d_field.chunks_exact(length)) {
                add(&mut d_images[(start + segment) as usize..][..length], d);
            }
        }
    }

    /// Gives the gradients on weights and biases, laid out as [`load`](Self::load) takes them.
    #[must_use]
    pub fn gradient(&self) -> (Vec<f32>, &[f32]) {
        let mut numbers = vec![0.0; self.outputs * self.kernel * self.kernel * self.channels];
        self.places(|place, (block, channel)| numbers[place] = self.d_weight[block][channel]);
        (numbers, &self.d_bias[..self.outputs])
    }
}

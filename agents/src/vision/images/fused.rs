//! Images on the processor, with the derivative written out.
//!
//! A few images at a time go through all convolutions while they are in the cache; the linear layer
//! takes all of them in one matrix product. No patch is copied: the kernels read each receptive field
//! where it lies. The pixels of a rollout stay as bytes until the way back. The buffers stay from
//! rollout to rollout.

use tch::Tensor;

use super::{Gradient, ImageEncoder};
use crate::parameters::{Bound, Layout};
use crate::vision::fused::{copy, zero};
use crate::vision::{Affine, Convnet};
use gridworld_kernels::{CHUNK, Extent, Matrix, Stage, Write, add, multiply, scale_bytes};

/// The encoder of images on the processor.
#[derive(Debug)]
pub struct FusedImages {
    bytes: usize,
    stages: Vec<Stage>,
    /// The parameters of each stage.
    affines: Vec<Affine>,
    linear: Linear,
    /// Passes, one for each time that images were encoded since the parameters were loaded, then spare ones.
    passes: Vec<Pass>,
    used: usize,
    /// Pass that will have no gradient.
    forgotten: Pass,
    scratch: Scratch,
}

/// The last layer; its inputs have the zeros that its convolution is filled up with.
#[derive(Debug)]
struct Linear {
    affine: Affine,
    /// Channels of a position, and those with the zeros.
    channels: usize,
    padded: usize,
    inputs: usize,
    outputs: usize,
    /// Weight as a matrix `[inputs, outputs]`.
    weight: Vec<f32>,
    bias: Vec<f32>,
    d_weight: Vec<f32>,
    d_bias: Vec<f32>,
}

/// Numbers that the backward pass needs of some images.
#[derive(Debug, Default)]
struct Pass {
    count: usize,
    /// Pixels of the images, `[images, height, width, channels]`.
    pixels: Vec<u8>,
    /// Outputs of each convolution after its ReLU, `[images, positions, channels]`.
    outputs: Vec<Vec<f32>>,
    features: Tensor,
}

/// Working memory of one pass, of which nothing is kept.
#[derive(Debug, Default)]
struct Scratch {
    /// Pixels of a chunk, from 0 to 1.
    images: Vec<f32>,
    features: Vec<f32>,
    /// The gradient on the last convolution's output, for all images; then, for a chunk, on that below.
    d_last: Vec<f32>,
    d_outputs: Vec<f32>,
    d_below: Vec<f32>,
}

impl FusedImages {
    /// Makes an encoder without parameters yet.
    #[must_use]
    pub fn new(convnet: &Convnet) -> FusedImages {
        let shape = convnet.shape();
        let mut extent =
            Extent { rows: shape.height, columns: shape.width, channels: shape.channels, padded: shape.channels };
        let (mut stages, mut affines) = (Vec::new(), Vec::new());
        for &(convolution, affine) in &convnet.convolutions {
            let (stage, to) = Stage::new(convolution.channels, convolution.square(), extent);
            stages.push(stage);
            affines.push(affine);
            extent = to;
        }
        let linear = Linear {
            affine: convnet.linear,
            channels: extent.channels,
            padded: extent.padded,
            inputs: extent.rows * extent.columns * extent.padded,
            outputs: 0,
            weight: Vec::new(),
            bias: Vec::new(),
            d_weight: Vec::new(),
            d_bias: Vec::new(),
        };
        FusedImages {
            bytes: shape.bytes(),
            stages,
            affines,
            linear,
            passes: Vec::new(),
            used: 0,
            forgotten: Pass::default(),
            scratch: Scratch::default(),
        }
    }
}

impl Linear {
    /// Calls `each` with every weight's place in the parameter and in `weight`.
    fn places(&self, mut each: impl FnMut(usize, usize)) {
        for output in 0..self.outputs {
            for input in 0..self.affine.inputs {
                let row = input / self.channels * self.padded + input % self.channels;
                each(output * self.affine.inputs + input, row * self.outputs + output);
            }
        }
    }

    fn load(&mut self, parameters: &Bound) {
        let mut numbers = Vec::new();
        copy(&parameters[self.affine.weight].detach(), &mut numbers);
        copy(&parameters[self.affine.bias].detach(), &mut self.bias);
        self.outputs = self.bias.len();
        let mut weight = vec![0.0; self.inputs * self.outputs];
        self.places(|place, at| weight[at] = numbers[place]);
        self.weight = weight;
        zero(&mut self.d_weight, self.inputs * self.outputs);
        zero(&mut self.d_bias, self.outputs);
    }

    fn write(&self, layout: &Layout, gradient: &Tensor) {
        let mut numbers = vec![0.0; self.outputs * self.affine.inputs];
        self.places(|place, at| numbers[place] = self.d_weight[at]);
        self.affine.write(layout, gradient, &numbers, &self.d_bias);
    }
}

impl ImageEncoder for FusedImages {
    fn load(&mut self, parameters: &Bound) {
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for (stage, affine) in self.stages.iter_mut().zip(&self.affines) {
            copy(&parameters[affine.weight].detach(), &mut weight);
            copy(&parameters[affine.bias].detach(), &mut bias);
            stage.load(&weight, &bias);
        }
        self.linear.load(parameters);
        self.used = 0;
    }

    fn encode(&mut self, count: usize, draw: &mut dyn FnMut(usize, &mut [u8]), gradient: Gradient) -> Tensor {
        let pass = match gradient {
            Gradient::Unwanted => &mut self.forgotten,
            Gradient::Wanted => {
                if self.used == self.passes.len() {
                    self.passes.push(Pass::default());
                }
                self.used += 1;
                &mut self.passes[self.used - 1]
            }
        };
        pass.count = count;
        pass.pixels.resize(count * self.bytes, 0);
        pass.pixels.chunks_exact_mut(self.bytes).enumerate().for_each(|(index, pixels)| draw(index, pixels));
        pass.forward(&self.stages, &self.linear, &mut self.scratch);
        pass.features = pass.features.set_requires_grad(gradient == Gradient::Wanted);
        pass.features.shallow_clone()
    }

    fn backward(&mut self, layout: &Layout, gradient: &mut Tensor) {
        for pass in &self.passes[..self.used] {
            pass.backward(&mut self.stages, &mut self.linear, &mut self.scratch);
        }
        tch::no_grad(|| {
            for (stage, affine) in self.stages.iter().zip(&self.affines) {
                let (weight, bias) = stage.gradient();
                affine.write(layout, gradient, &weight, bias);
            }
            self.linear.write(layout, gradient);
        });
    }
}

impl Pass {
    fn forward(&mut self, stages: &[Stage], linear: &Linear, scratch: &mut Scratch) {
        let Scratch { images, features, .. } = scratch;
        self.outputs.resize_with(stages.len(), Vec::new);
        for (stage, output) in stages.iter().zip(&mut self.outputs) {
            output.resize(self.count * stage.positions * stage.width, 0.0);
        }
        for (chunk, pixels) in self.pixels.chunks(CHUNK * stages[0].size).enumerate() {
            read(pixels, images);
            let count = pixels.len() / stages[0].size;
            for (depth, stage) in stages.iter().enumerate() {
                let (below, above) = self.outputs.split_at_mut(depth);
                let input = below.last().map_or(images.as_slice(), |below| part(below, chunk, count, stage.size));
                let size = stage.positions * stage.width;
                stage.forward(input, &mut above[0][chunk * CHUNK * size..][..count * size]);
            }
        }
        let width = linear.outputs;
        features.resize(self.count * width, 0.0);
        features.chunks_exact_mut(width).for_each(|row| row.copy_from_slice(&linear.bias));
        let inputs = Matrix::new(&self.outputs[stages.len() - 1], self.count, linear.inputs);
        multiply(features, Write::Accumulate, inputs, Matrix::new(&linear.weight, linear.inputs, width));
        self.features = Tensor::from_slice(features).view([-1, width as i64]);
    }

    fn backward(&self, stages: &mut [Stage], linear: &mut Linear, scratch: &mut Scratch) {
        let Scratch { images, features: d_features, d_last, d_outputs, d_below } = scratch;
        let (width, last) = (linear.outputs, stages.len() - 1);
        copy(&self.features.grad(), d_features);
        d_features.chunks_exact(width).for_each(|row| add(&mut linear.d_bias, row));
        let d_rows = Matrix::new(d_features, self.count, width);
        let inputs = Matrix::new(&self.outputs[last], self.count, linear.inputs);
        multiply(&mut linear.d_weight, Write::Accumulate, inputs.transposed(), d_rows);
        d_last.resize(self.count * linear.inputs, 0.0);
        let weight = Matrix::new(&linear.weight, linear.inputs, width).transposed();
        multiply(d_last, Write::Overwrite, d_rows, weight);
        for (chunk, pixels) in self.pixels.chunks(CHUNK * stages[0].size).enumerate() {
            let count = pixels.len() / stages[0].size;
            d_outputs.clear();
            d_outputs.extend_from_slice(part(d_last, chunk, count, linear.inputs));
            for depth in (1..=last).rev() {
                let stage = &mut stages[depth];
                let input = part(&self.outputs[depth - 1], chunk, count, stage.size);
                let output = part(&self.outputs[depth], chunk, count, stage.positions * stage.width);
                stage.backward(input, output, d_outputs);
                d_below.resize(input.len(), 0.0);
                stage.backward_to(d_outputs, d_below);
                std::mem::swap(d_outputs, d_below);
            }
            read(pixels, images);
            let output = part(&self.outputs[0], chunk, count, stages[0].positions * stages[0].width);
            stages[0].backward(images, output, d_outputs);
        }
    }
}

/// The numbers of a chunk of `count` images, `size` each.
fn part(all: &[f32], chunk: usize, count: usize, size: usize) -> &[f32] {
    &all[chunk * CHUNK * size..][..count * size]
}

/// Brings bytes to numbers from 0 to 1.
fn read(pixels: &[u8], images: &mut Vec<f32>) {
    images.resize(pixels.len(), 0.0);
    scale_bytes(pixels, images);
}

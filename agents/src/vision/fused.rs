//! The convnet on the processor, with its derivative written out.
//!
//! Every distinct field of a layer is one row of one matrix product, every place of the last layer
//! one row of its position's. The buffers stay from rollout to rollout.

use std::sync::Arc;

use tch::{Kind, Tensor};

use super::{Affine, Convnet, Encoder};
use crate::parameters::{Bound, Layout};
use gridworld_kernels::{FrameList, Matrix, Write, add, multiply};

/// The encoder on the processor.
#[derive(Debug)]
pub struct Fused {
    convolutions: Vec<Layer>,
    linear: Layer,
    /// Passes, one for each listing that was encoded since the parameters were loaded, then spare ones.
    passes: Vec<Pass>,
    used: usize,
    scratch: Scratch,
}

/// Weights, bias and gradients of a layer.
#[derive(Debug)]
struct Layer {
    affine: Affine,
    outputs: usize,
    /// A convolution's is `[outputs, inputs]`; the linear layer's is the transpose, so that a
    /// position's part is a matrix without gaps.
    weight: Vec<f32>,
    bias: Vec<f32>,
    d_weight: Vec<f32>,
    d_bias: Vec<f32>,
}

/// Numbers that the backward pass needs of one listing.
#[derive(Debug, Default)]
struct Pass {
    frame_list: Option<Arc<FrameList>>,
    /// The inputs of the second convolution and those after it, `[fields, kernel · kernel · channels]`.
    inputs: Vec<Vec<f32>>,
    /// Outputs of each convolution after its ReLU, `[fields, channels]`.
    outputs: Vec<Vec<f32>>,
    /// Inputs of the linear layer at each place, `[places, channels]`.
    places: Vec<f32>,
    features: Tensor,
}

/// Working memory of one pass, of which nothing is kept.
#[derive(Debug, Default)]
struct Scratch {
    features: Vec<f32>,
    /// Parts of the features that each place adds, then the gradient on them, `[places, features]`.
    parts: Vec<f32>,
    d_inputs: Vec<f32>,
    d_below: Vec<f32>,
    d_outputs: Vec<f32>,
}

impl Fused {
    /// Makes an encoder without parameters yet.
    #[expect(clippy::missing_panics_doc, reason = "the last layer of a convnet is linear")]
    pub fn new(convnet: &Convnet) -> Fused {
        let mut layers: Vec<Layer> = convnet.affines().map(Layer::new).collect();
        let linear = layers.pop().expect("the last layer is linear");
        Fused { convolutions: layers, linear, passes: Vec::new(), used: 0, scratch: Scratch::default() }
    }
}

impl Layer {
    fn new(affine: Affine) -> Layer {
        Layer { affine, outputs: 0, weight: Vec::new(), bias: Vec::new(), d_weight: Vec::new(), d_bias: Vec::new() }
    }

    fn load(&mut self, parameters: &Bound, transposed: bool) {
        let weight = parameters[self.affine.weight].detach().view([-1, self.affine.inputs as i64]);
        self.outputs = weight.size()[0] as usize;
        copy(&if transposed { weight.tr() } else { weight }, &mut self.weight);
        copy(&parameters[self.affine.bias].detach(), &mut self.bias);
        zero(&mut self.d_weight, self.weight.len());
        zero(&mut self.d_bias, self.bias.len());
    }

    /// Computes `relu(input · weightᵀ + bias)`, row by row.
    fn convolve(&self, input: &[f32], output: &mut Vec<f32>) {
        let rows = input.len() / self.affine.inputs;
        output.resize(rows * self.outputs, 0.0);
        output.chunks_exact_mut(self.outputs).for_each(|row| row.copy_from_slice(&self.bias));
        let weight = Matrix::new(&self.weight, self.outputs, self.affine.inputs).transposed();
        multiply(output, Write::Accumulate, Matrix::new(input, rows, self.affine.inputs), weight);
        output.iter_mut().for_each(|x| *x = x.max(0.0));
    }

    /// Adds the gradients on weight and bias, given `d_output` on [`convolve`](Self::convolve)'s
    /// `output`, which becomes that before the ReLU.
    fn convolve_backward(&mut self, input: &[f32], output: &[f32], d_output: &mut [f32]) {
        let rows = input.len() / self.affine.inputs;
        d_output.iter_mut().zip(output).for_each(|(d, &x)| *d = if x > 0.0 { *d } else { 0.0 });
        d_output.chunks_exact(self.outputs).for_each(|row| add(&mut self.d_bias, row));
        let d_rows = Matrix::new(d_output, rows, self.outputs).transposed();
        multiply(&mut self.d_weight, Write::Accumulate, d_rows, Matrix::new(input, rows, self.affine.inputs));
    }
}

impl Encoder for Fused {
    fn load(&mut self, parameters: &Bound) {
        self.convolutions.iter_mut().for_each(|layer| layer.load(parameters, false));
        self.linear.load(parameters, true);
        self.used = 0;
    }

    fn encode(&mut self, frame_list: &Arc<FrameList>) -> Tensor {
        if self.used == self.passes.len() {
            self.passes.push(Pass::new(self.convolutions.len()));
        }
        let pass = &mut self.passes[self.used];
        self.used += 1;
        pass.forward(frame_list, &self.convolutions, &self.linear, &mut self.scratch);
        pass.features.shallow_clone()
    }

    fn backward(&mut self, layout: &Layout, gradient: &mut Tensor) {
        for pass in &self.passes[..self.used] {
            pass.backward(&mut self.convolutions, &mut self.linear, &mut self.scratch);
        }
        tch::no_grad(|| {
            for layer in &self.convolutions {
                layer.affine.write(layout, gradient, &layer.d_weight, &layer.d_bias);
            }
            let layer = &self.linear;
            let weight = Tensor::from_slice(&layer.d_weight).view([-1, layer.outputs as i64]).tr().reshape([-1]);
            layout.narrow(gradient, layer.affine.weight).copy_(&weight);
            layout.narrow(gradient, layer.affine.bias).copy_(&Tensor::from_slice(&layer.d_bias));
        });
    }
}

impl Pass {
    fn new(convolutions: usize) -> Pass {
        Pass { inputs: vec![Vec::new(); convolutions - 1], outputs: vec![Vec::new(); convolutions], ..Pass::default() }
    }

    fn forward(&mut self, frame_list: &Arc<FrameList>, convolutions: &[Layer], linear: &Layer, scratch: &mut Scratch) {
        convolutions[0].convolve(&frame_list.patches, &mut self.outputs[0]);
        for (depth, layer) in convolutions.iter().enumerate().skip(1) {
            let (below, above) = self.outputs.split_at_mut(depth);
            let input = &mut self.inputs[depth - 1];
            gather(&below[depth - 1], convolutions[depth - 1].outputs, &frame_list.fields[depth - 1], input);
            layer.convolve(input, &mut above[0]);
        }
        let channels = convolutions[convolutions.len() - 1].outputs;
        gather(&self.outputs[convolutions.len() - 1], channels, &frame_list.places, &mut self.places);

        let width = linear.outputs;
        scratch.parts.resize(frame_list.places.len() * width, 0.0);
        for (position, range) in frame_list.starts.windows(2).enumerate() {
            let (start, rows) = (range[0], range[1] - range[0]);
            let weight = Matrix::new(&linear.weight[position * channels * width..], channels, width);
            let places = Matrix::new(&self.places[start * channels..], rows, channels);
            multiply(&mut scratch.parts[start * width..][..rows * width], Write::Overwrite, places, weight);
        }
        scratch.features.resize(frame_list.count() * width, 0.0);
        let frames = frame_list.frames.chunks_exact(frame_list.positions());
        for (features, places) in scratch.features.chunks_exact_mut(width).zip(frames) {
            features.copy_from_slice(&linear.bias);
            for &place in places {
                add(features, &scratch.parts[place as usize * width..][..width]);
            }
        }
        let features = Tensor::from_slice(&scratch.features).view([-1, width as i64]);
        self.features = features.set_requires_grad(true);
        self.frame_list = Some(Arc::clone(frame_list));
    }

    fn backward(&self, convolutions: &mut [Layer], linear: &mut Layer, scratch: &mut Scratch) {
        let Scratch { features: d_features, parts: d_parts, d_inputs, d_below, d_outputs } = scratch;
        let frame_list = self.frame_list.as_ref().expect("a used pass has its listing");
        let (width, last) = (linear.outputs, convolutions.len() - 1);
        let channels = convolutions[last].outputs;
        copy(&self.features.grad(), d_features);
        zero(d_parts, frame_list.places.len() * width);
        for (d, places) in d_features.chunks_exact(width).zip(frame_list.frames.chunks_exact(frame_list.positions())) {
            add(&mut linear.d_bias, d);
            for &place in places {
                add(&mut d_parts[place as usize * width..][..width], d);
            }
        }
        d_inputs.resize(frame_list.places.len() * channels, 0.0);
        for (position, range) in frame_list.starts.windows(2).enumerate() {
            let (start, rows) = (range[0], range[1] - range[0]);
            let of_position = position * channels * width..(position + 1) * channels * width;
            let d_parts = Matrix::new(&d_parts[start * width..], rows, width);
            let places = Matrix::new(&self.places[start * channels..], rows, channels).transposed();
            multiply(&mut linear.d_weight[of_position.clone()], Write::Accumulate, places, d_parts);
            let weight = Matrix::new(&linear.weight[of_position], channels, width).transposed();
            multiply(&mut d_inputs[start * channels..][..rows * channels], Write::Overwrite, d_parts, weight);
        }
        zero(d_outputs, self.outputs[last].len());
        scatter(d_inputs, channels, &frame_list.places, d_outputs);
        for depth in (1..=last).rev() {
            let (below, above) = convolutions.split_at_mut(depth);
            let (layer, below) = (&mut above[0], &below[depth - 1]);
            let input = &self.inputs[depth - 1];
            layer.convolve_backward(input, &self.outputs[depth], d_outputs);
            d_inputs.resize(input.len(), 0.0);
            let rows = input.len() / layer.affine.inputs;
            let weight = Matrix::new(&layer.weight, layer.outputs, layer.affine.inputs);
            multiply(d_inputs, Write::Overwrite, Matrix::new(d_outputs, rows, layer.outputs), weight);
            zero(d_below, self.outputs[depth - 1].len());
            scatter(d_inputs, below.outputs, &frame_list.fields[depth - 1], d_below);
            std::mem::swap(d_outputs, d_below);
        }
        convolutions[0].convolve_backward(&frame_list.patches, &self.outputs[0], d_outputs);
    }
}

/// The rows of `from` that are named, `width` numbers each, one after the other.
fn gather(from: &[f32], width: usize, rows: &[u32], into: &mut Vec<f32>) {
    into.clear();
    for &row in rows {
        into.extend_from_slice(&from[row as usize * width..][..width]);
    }
}

/// Adds each row of `from` to the row of `into` that is named.
fn scatter(from: &[f32], width: usize, rows: &[u32], into: &mut [f32]) {
    for (from, &row) in from.chunks_exact(width).zip(rows) {
        add(&mut into[row as usize * width..][..width], from);
    }
}

/// Makes the vector so many zeros.
pub(super) fn zero(values: &mut Vec<f32>, count: usize) {
    values.clear();
    values.resize(count, 0.0);
}

/// Copies a tensor's numbers, row by row.
pub(super) fn copy(tensor: &Tensor, into: &mut Vec<f32>) {
    let tensor = tensor.to_kind(Kind::Float).contiguous();
    let count = tensor.numel();
    into.resize(count, 0.0);
    tensor.copy_data(into, count);
}

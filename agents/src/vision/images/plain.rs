//! Images in tensor operations: short, on any device, and the measure of the fused encoder.

use tch::{Kind, Tensor};

use super::{Gradient, ImageEncoder};
use crate::parameters::{Bound, Layout};
use crate::vision::Convnet;

/// Vision by libtorch's convolutions, with automatic differentiation.
#[derive(Debug)]
pub struct PlainImages {
    convnet: Convnet,
    parameters: Option<Bound>,
    pixels: Vec<u8>,
}

impl PlainImages {
    /// Makes an encoder without parameters yet.
    #[must_use]
    pub fn new(convnet: &Convnet) -> PlainImages {
        PlainImages { convnet: convnet.clone(), parameters: None, pixels: Vec::new() }
    }
}

impl ImageEncoder for PlainImages {
    fn load(&mut self, parameters: &Bound) {
        self.parameters = Some(parameters.shallow_clone());
    }

    fn encode(&mut self, count: usize, draw: &mut dyn FnMut(usize, &mut [u8]), gradient: Gradient) -> Tensor {
        let parameters = self.parameters.as_ref().expect("parameters are loaded before images are encoded");
        let shape = self.convnet.shape();
        self.pixels.resize(count * shape.bytes(), 0);
        self.pixels.chunks_exact_mut(shape.bytes()).enumerate().for_each(|(index, pixels)| draw(index, pixels));
        let size = [count, shape.height, shape.width, shape.channels].map(|length| length as i64);
        let images = Tensor::from_slice(&self.pixels).view(size);
        match gradient {
            Gradient::Wanted => self.convnet.image_features(parameters, &images),
            Gradient::Unwanted => tch::no_grad(|| self.convnet.image_features(parameters, &images)),
        }
    }

    /// Does nothing: automatic differentiation has gone back through the encoder.
    fn backward(&mut self, _: &Layout, _: &mut Tensor) {}
}

impl Convnet {
    /// The features `[images, features]` of `images`, bytes in `[images, height, width, channels]`.
    fn image_features(&self, parameters: &Bound, images: &Tensor) -> Tensor {
        let images = images.to_device(parameters[self.linear.bias].device());
        let mut x = (images.to_kind(Kind::Float) / 255.0).permute([0, 3, 1, 2]);
        for &(convolution, affine) in &self.convolutions {
            let weight = parameters[affine.weight].permute([0, 3, 1, 2]);
            let stride = [convolution.stride as i64; 2];
            x = x.conv2d(&weight, Some(&parameters[affine.bias]), stride, [0, 0], [1, 1], 1).relu();
        }
        let x = x.permute([0, 2, 3, 1]).reshape([-1, self.linear.inputs as i64]);
        parameters[self.linear.bias].addmm(&x, &parameters[self.linear.weight].tr())
    }
}

//! Vision while learning: features forward, and their gradient back to the parameters.

use std::sync::Arc;

use tch::Tensor;

use super::Convnet;
use super::convnet::FieldTensors;
use crate::parameters::{Bound, Layout};
use gridworld_kernels::FrameList;

/// Computes features for a rollout, and afterwards the gradient on vision's parameters.
pub trait Encoder: Send {
    /// Takes the parameters of the next rollout; what was encoded before is forgotten.
    fn load(&mut self, parameters: &Bound);

    /// The features `[frames, features]`; what is computed from them can be differentiated.
    fn encode(&mut self, frame_list: &Arc<FrameList>) -> Tensor;

    /// Writes vision's part of `gradient`, a vector over `layout`, once the features that were
    /// encoded since [`load`](Self::load) have their gradients.
    fn backward(&mut self, layout: &Layout, gradient: &mut Tensor);
}

/// Vision in tensor operations with automatic differentiation, on any device.
#[derive(Debug)]
pub struct Plain {
    convnet: Convnet,
    parameters: Option<Bound>,
    /// The tensors of the listing that was encoded last.
    known: Option<(Arc<FrameList>, FieldTensors)>,
}

impl Plain {
    /// Makes an encoder without parameters yet.
    #[must_use]
    pub fn new(convnet: &Convnet) -> Plain {
        Plain { convnet: convnet.clone(), parameters: None, known: None }
    }
}

impl Encoder for Plain {
    fn load(&mut self, parameters: &Bound) {
        self.parameters = Some(parameters.shallow_clone());
    }

    fn encode(&mut self, frame_list: &Arc<FrameList>) -> Tensor {
        let parameters = self.parameters.as_ref().expect("parameters are loaded before frames are encoded");
        if self.known.as_ref().is_none_or(|(known, _)| !Arc::ptr_eq(known, frame_list)) {
            self.known = Some((Arc::clone(frame_list), self.convnet.tensors(parameters, frame_list)));
        }
        let (_, tensors) = self.known.as_ref().expect("it was just made");
        self.convnet.features(parameters, tensors)
    }

    /// Does nothing: automatic differentiation has gone back through the encoder.
    fn backward(&mut self, _: &Layout, _: &mut Tensor) {}
}

//! The constraint of a cell's weights, update by update, so that they are whole in the end.

use std::ops::Range;

use tch::{Device, Tensor};

use crate::cells::{Constraint, nau};
use crate::config::SparsityConfig;
use crate::model::Model;

/// Regularization and rounding of the weights of a NAU or an NMU in the course of training. The methods take the share
/// of training that is done, from 0 to 1 in environment steps: first the weight of the sparsity regularizer grows, then
/// the weights are rounded to whole numbers and kept there.
#[derive(Clone, Debug)]
pub(crate) struct WeightConstraint {
    config: SparsityConfig,
    /// True if an evaluation has allowed the rounding.
    validated: bool,
    constraint: Constraint,
    /// Range of the weights among all parameters.
    range: Range<usize>,
    /// Number of weights of each unit.
    inputs: usize,
}

impl WeightConstraint {
    /// Makes the rules for `model`; nothing if they are not configured or its cell has none. `validated` says if an
    /// evaluation has allowed the rounding.
    pub(crate) fn new(config: Option<SparsityConfig>, model: &Model, validated: bool) -> Option<WeightConstraint> {
        let (config, (parameter, constraint)) = (config?, model.constrained()?);
        let range = parameter.offset..parameter.offset + parameter.len();
        Some(WeightConstraint { config, validated, constraint, range, inputs: parameter.shape[1] as usize })
    }

    /// Adds the regularizer's gradient; weights that are to stay have none at all.
    pub(crate) fn prepare(&self, parameters: &Tensor, gradient: &mut Tensor, share: f64) {
        let mut sums = self.read(gradient);
        if self.config.is_whole(share, self.validated) {
            sums.fill(0.0);
        } else {
            let scale = self.config.weight * nau::ramp(share, self.config.ramp);
            nau::add_sparsity_gradient(&self.read(parameters), scale as f32, &mut sums);
        }
        self.write(gradient, &sums);
    }

    /// Brings the weights back into their permitted range.
    pub(crate) fn restrict(&self, parameters: &mut Tensor, share: f64) {
        let mut weights = self.read(parameters);
        nau::clamp(&mut weights, self.constraint.range);
        if self.config.is_whole(share, self.validated) {
            (self.constraint.round)(&mut weights, self.inputs);
        }
        self.write(parameters, &weights);
    }

    /// Gives the parameters with rounded weights, in two ways where these differ: with units that are scaled before, so that
    /// one that does anything still does, and with each weight at the nearest whole number, so that small ones are gone.
    pub(crate) fn rounded(&self, parameters: &Tensor) -> Vec<Tensor> {
        let mut scaled = self.read(parameters);
        let nearest: Vec<f32> = scaled.iter().map(|weight| weight.round()).collect();
        (self.constraint.round)(&mut scaled, self.inputs);
        let mut ways = vec![scaled, nearest];
        // An NMU's own way is the second.
        ways.dedup();
        let with = |weights: &Vec<f32>| {
            let rounded = parameters.copy();
            self.write(&rounded, weights);
            rounded
        };
        ways.iter().map(with).collect()
    }

    fn part(&self, flat: &Tensor) -> Tensor {
        flat.narrow(0, self.range.start as i64, self.range.len() as i64)
    }

    fn read(&self, flat: &Tensor) -> Vec<f32> {
        let mut values = vec![0.0; self.range.len()];
        self.part(&flat.detach()).to_device(Device::Cpu).copy_data(&mut values, self.range.len());
        values
    }

    fn write(&self, flat: &Tensor, values: &[f32]) {
        tch::no_grad(|| self.part(flat).copy_(&Tensor::from_slice(values)));
    }
}

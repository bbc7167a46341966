//! Adam and RMSProp on the flat vector of parameters, with state that can be saved.

use tch::Tensor;

use crate::config::{OptimizerConfig, Schedule};

/// An optimizer: its rule, and what it remembers, in vectors as long as the parameters.
#[derive(Debug)]
pub struct Optimizer {
    config: OptimizerConfig,
    /// How many updates there have been.
    updates: u64,
    moments: Vec<Moment>,
    /// What each element's step is multiplied by.
    rates: Tensor,
}

/// One remembered vector, with its name in the checkpoint.
#[derive(Debug)]
struct Moment {
    name: &'static str,
    values: Tensor,
}

impl Optimizer {
    /// An optimizer for vectors like `parameters`; the learning rate of each element is multiplied
    /// by its entry in `rates`.
    pub fn new(config: OptimizerConfig, parameters: &Tensor, rates: &[f32]) -> Optimizer {
        let moment = |name| Moment { name, values: parameters.zeros_like().detach() };
        let moments = match config {
            OptimizerConfig::Adam { .. } => vec![moment("mean"), moment("mean_square")],
            OptimizerConfig::RmsProp { .. } => vec![moment("mean_square")],
        };
        let rates = Tensor::from_slice(rates).to_device(parameters.device());
        Optimizer { config, updates: 0, moments, rates }
    }

    /// Moves `parameters` against `gradient`.
    pub fn step(&mut self, parameters: &mut Tensor, gradient: &Tensor, learning_rate: f64) {
        self.updates += 1;
        tch::no_grad(|| match self.config {
            // Kingma & Ba 2015, algorithm 1.
            OptimizerConfig::Adam { beta1, beta2, epsilon } => {
                let [m, v] = self.moments.as_mut_slice() else { unreachable!("Adam has two moments") };
                let (m, v) = (&mut m.values, &mut v.values);
                let _ = m.lerp_(gradient, 1.0 - beta1);
                let _ = v.lerp_(&gradient.square(), 1.0 - beta2);
                let t = self.updates as i32;
                let (unbiased_m, unbiased_v) = (1.0 - beta1.powi(t), 1.0 - beta2.powi(t));
                let root = (&*v / unbiased_v).sqrt() + epsilon;
                *parameters -= (&*m / root) * &self.rates * (learning_rate / unbiased_m);
            }
            // Mnih et al. 2016, §4: no centring and no momentum, ε under the root.
            OptimizerConfig::RmsProp { alpha, epsilon } => {
                let [v] = self.moments.as_mut_slice() else { unreachable!("RMSProp has one moment") };
                let v = &mut v.values;
                let _ = v.lerp_(&gradient.square(), 1.0 - alpha);
                *parameters -= gradient / (&*v + epsilon).sqrt() * &self.rates * learning_rate;
            }
        });
    }

    /// How many updates there have been.
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// What it remembers, by name, each `[parameters]`.
    pub fn state(&self) -> impl Iterator<Item = (&'static str, &Tensor)> {
        self.moments.iter().map(|moment| (moment.name, &moment.values))
    }

    /// Goes on from what [`state`](Self::state) gave after `updates` updates; `values` is asked for
    /// each name.
    ///
    /// # Errors
    /// The error of `values`.
    pub fn restore<E>(
        &mut self,
        updates: u64,
        mut values: impl FnMut(&'static str) -> Result<Vec<f32>, E>,
    ) -> Result<(), E> {
        for moment in &mut self.moments {
            let saved = values(moment.name)?;
            moment.values.copy_(&Tensor::from_slice(&saved).to_device(moment.values.device()));
        }
        self.updates = updates;
        Ok(())
    }
}

/// The learning rate when `step` of `steps` environment steps have been taken.
pub fn learning_rate(start: f64, schedule: Schedule, step: u64, steps: u64) -> f64 {
    match schedule {
        Schedule::Constant => start,
        Schedule::Linear => start * (1.0 - (step as f64 / steps as f64).min(1.0)),
    }
}

/// Scales `gradient` down so that its Euclidean norm is at most `most`; gives the norm before.
///
/// A norm that is not finite leaves the gradient as it is: the caller must not apply it.
pub fn clip_by_global_norm(gradient: &mut Tensor, most: f64) -> f64 {
    let norm = gradient.norm().double_value(&[]);
    if norm.is_finite() && norm > most {
        let _ = gradient.g_mul_scalar_(most / norm);
    }
    norm
}

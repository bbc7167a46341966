//! Adam and RMSProp on the flat vector of parameters, with state that can be saved.

use tch::Tensor;

use crate::config::OptimizerConfig;

/// An optimizer: its rule, and what it remembers, in vectors as long as the parameters.
#[derive(Debug)]
pub struct Optimizer {
    config: OptimizerConfig,
    /// Number of updates so far.
    updates: u64,
    moments: Vec<Moment>,
    /// Factor of each element's step.
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
    #[must_use]
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
    ///
    /// # Errors
    /// The first element that would not be finite, and what it would be; nothing has changed.
    pub fn step(&mut self, parameters: &mut Tensor, gradient: &Tensor, rate: f64) -> Result<(), (usize, f64)> {
        let (moments, next) = tch::no_grad(|| self.moved(parameters, gradient, rate));
        if let Some(index) = first_not_finite(&next) {
            return Err((index, next.double_value(&[index as i64])));
        }
        self.updates += 1;
        for (moment, values) in self.moments.iter_mut().zip(moments) {
            moment.values = values;
        }
        *parameters = next;
        Ok(())
    }

    /// Gives the moments and the parameters after the update.
    fn moved(&self, parameters: &Tensor, gradient: &Tensor, learning_rate: f64) -> (Vec<Tensor>, Tensor) {
        match self.config {
            // Kingma & Ba 2015, algorithm 1.
            OptimizerConfig::Adam { beta1, beta2, epsilon } => {
                let [m, v] = self.moments.as_slice() else { unreachable!("Adam has two moments") };
                let m = m.values.lerp(gradient, 1.0 - beta1);
                let v = v.values.lerp(&gradient.square(), 1.0 - beta2);
                let t = i32::try_from(self.updates + 1).unwrap_or(i32::MAX);
                let (unbiased_m, unbiased_v) = (1.0 - beta1.powi(t), 1.0 - beta2.powi(t));
                let root = (&v / unbiased_v).sqrt() + epsilon;
                let next = parameters - (&m / root) * &self.rates * (learning_rate / unbiased_m);
                (vec![m, v], next)
            }
            // Mnih et al. 2016, §4: no centring and no momentum, ε under the root.
            OptimizerConfig::RmsProp { alpha, epsilon } => {
                let [v] = self.moments.as_slice() else { unreachable!("RMSProp has one moment") };
                let v = v.values.lerp(&gradient.square(), 1.0 - alpha);
                let next = parameters - gradient / (&v + epsilon).sqrt() * &self.rates * learning_rate;
                (vec![v], next)
            }
        }
    }

    /// Number of updates so far.
    #[must_use]
    pub fn updates(&self) -> u64 {
        self.updates
    }

    /// Gives the remembered vectors, by name, each `[parameters]`.
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

/// The index of the first element that is NaN or infinite.
pub(crate) fn first_not_finite(values: &Tensor) -> Option<usize> {
    // One pass instead of four. Only numbers near the greatest have a norm that is not finite.
    if values.norm().double_value(&[]).is_finite() {
        return None;
    }
    let finite = values.isfinite();
    if bool::try_from(finite.all()).unwrap_or(false) {
        return None;
    }
    Some(finite.logical_not().to_kind(tch::Kind::Uint8).argmax(0, false).int64_value(&[]) as usize)
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

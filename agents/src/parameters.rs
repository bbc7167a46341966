//! All parameters of a model in one flat vector, with a name for each part of it.
//!
//! One vector makes the exchange between workers a copy, the norm a single reduction, and the
//! optimizer a handful of operations, however many parameters there are.

use rand::{Rng, RngExt};
use tch::Tensor;

/// Name, shape and place of one parameter in the flat vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Name in the checkpoint, without the leading `model.`.
    pub name: String,
    /// Shape of the parameter; the vector holds it row by row.
    pub shape: Vec<i64>,
    /// Index of the parameter's first number in the vector.
    pub offset: usize,
    /// Factor of the learning rate for this parameter.
    pub rate: f64,
}

impl Parameter {
    /// Gives the number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shape.iter().product::<i64>() as usize
    }

    /// Tells if the parameter has no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Index of a parameter in the [`Layout`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(usize);

/// The names, shapes and places of all parameters, in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    parameters: Vec<Parameter>,
}

impl Layout {
    /// Adds a parameter at the end of the vector.
    pub fn add(&mut self, name: &str, shape: &[usize]) -> Slot {
        self.add_with_rate(name, shape, 1.0)
    }

    /// Adds a parameter whose learning rate is `rate` times that of the others.
    pub fn add_with_rate(&mut self, name: &str, shape: &[usize], rate: f64) -> Slot {
        let parameter = Parameter {
            name: name.to_owned(),
            shape: shape.iter().map(|&n| n as i64).collect(),
            offset: self.len(),
            rate,
        };
        self.parameters.push(parameter);
        Slot(self.parameters.len() - 1)
    }

    /// Gives the length of the flat vector.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parameters.last().map_or(0, |last| last.offset + last.len())
    }

    /// Tells if there are no parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// Gives the parameters, in the vector's order.
    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Gives the parameter of `slot`.
    #[must_use]
    pub fn parameter(&self, slot: Slot) -> &Parameter {
        &self.parameters[slot.0]
    }

    /// Gives the part of `flat` that belongs to `slot`.
    pub fn slice<'a>(&self, flat: &'a mut [f32], slot: Slot) -> &'a mut [f32] {
        let parameter = &self.parameters[slot.0];
        &mut flat[parameter.offset..][..parameter.len()]
    }

    /// The part of the tensor `flat` that belongs to `slot`, sharing its storage.
    pub fn narrow(&self, flat: &Tensor, slot: Slot) -> Tensor {
        let parameter = &self.parameters[slot.0];
        flat.narrow(0, parameter.offset as i64, parameter.len() as i64)
    }

    /// Gives the factor of the learning rate for each element of the vector.
    #[must_use]
    pub fn rates(&self) -> Vec<f32> {
        self.parameters.iter().flat_map(|p| std::iter::repeat_n(p.rate as f32, p.len())).collect()
    }

    /// The name of the parameter that holds element `index` of the vector; nothing if there is no such element.
    #[must_use]
    pub fn name_at(&self, index: usize) -> Option<&str> {
        let after = self.parameters.partition_point(|parameter| parameter.offset <= index);
        (index < self.len()).then(|| self.parameters[after - 1].name.as_str())
    }

    /// The vector as named tensors that share its storage and its gradient.
    #[must_use]
    pub fn bind(&self, flat: &Tensor) -> Bound {
        let lengths: Vec<i64> = self.parameters.iter().map(|parameter| parameter.len() as i64).collect();
        // One split has one backward operation, a concatenation; narrowing each part would give
        // each a zero vector of the full length.
        let parts = flat.split_with_sizes(&lengths, 0);
        Bound { tensors: self.parameters.iter().zip(parts).map(|(p, part)| part.view(p.shape.as_slice())).collect() }
    }
}

/// Parameters as tensors.
#[derive(Debug)]
pub struct Bound {
    tensors: Vec<Tensor>,
}

impl Bound {
    /// Makes tensors that share the numbers of these.
    pub(crate) fn shallow_clone(&self) -> Bound {
        Bound { tensors: self.tensors.iter().map(Tensor::shallow_clone).collect() }
    }
}

impl std::ops::Index<Slot> for Bound {
    type Output = Tensor;

    fn index(&self, slot: Slot) -> &Tensor {
        &self.tensors[slot.0]
    }
}

/// Fills `weights` with U[−range, range].
pub fn fill_uniform(weights: &mut [f32], range: f64, rng: &mut impl Rng) {
    weights.fill_with(|| ((rng.random::<f64>() * 2.0 - 1.0) * range) as f32);
}

/// Fills a `[rows, columns]` matrix so that its rows, or its columns if there are fewer, are
/// orthogonal with norm `gain` (Saxe et al. 2014): Gram–Schmidt, in f64, on normal draws.
pub fn fill_orthogonal(weights: &mut [f32], columns: usize, gain: f64, rng: &mut impl Rng) {
    let rows = weights.len() / columns;
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(count);
    while basis.len() < count {
        let mut vector: Vec<f64> = (0..length).map(|_| standard_normal(rng)).collect();
        // Twice, because once leaves what rounding left.
        for _ in 0..2 {
            for earlier in &basis {
                let along: f64 = earlier.iter().zip(&vector).map(|(a, b)| a * b).sum();
                vector.iter_mut().zip(earlier).for_each(|(v, e)| *v -= along * e);
            }
        }
        let norm = vector.iter().map(|v| v * v).sum::<f64>().sqrt();
        if norm > 1e-6 {
            basis.push(vector.into_iter().map(|v| v / norm).collect());
        }
    }
    for row in 0..rows {
        for column in 0..columns {
            let entry = if rows <= columns { basis[row][column] } else { basis[column][row] };
            weights[row * columns + column] = (gain * entry) as f32;
        }
    }
}

/// A draw from N(0, 1), by Box and Muller's transformation.
fn standard_normal(rng: &mut impl Rng) -> f64 {
    let (u, v) = (1.0 - rng.random::<f64>(), rng.random::<f64>());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

//! The usual non-linearities.

use serde::{Deserialize, Serialize};

use crate::engine::{BATCH, Real, Row, glorot, vectorized};

/// A function that is applied to each number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// Identity function: x.
    Linear,
    /// Rectifier: max(x, 0).
    Relu,
    /// Rectifier with a limit: min(max(x, 0), 6).
    Relu6,
    /// Leaky rectifier: x, or x / 100 below 0.
    LeakyRelu,
    /// Parametric rectifier: x, or a x below 0, where a is learned and begins at ¼ (He et al. 2015).
    Prelu,
    /// Exponential linear unit: x, or eˣ − 1 below 0 (Clevert et al. 2016).
    Elu,
    /// Scaled exponential linear unit: 1.0507 (x, or 1.6733 (eˣ − 1) below 0) (Klambauer et al. 2017).
    Selu,
    /// Softplus: ln(1 + eˣ).
    Softplus,
    /// Softsign: x / (1 + |x|).
    Softsign,
    /// Hyperbolic tangent: tanh x.
    Tanh,
    /// Hard tanh: x, but no less than −1 and no more than 1.
    HardTanh,
    /// Logistic function: 1 / (1 + e⁻ˣ).
    Sigmoid,
}

const LEAK: f64 = 0.01;
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

impl Activation {
    /// All non-linearities, with their names.
    pub const ALL: [(Activation, &'static str); 12] = [
        (Activation::Linear, "linear"),
        (Activation::Relu, "relu"),
        (Activation::Relu6, "relu6"),
        (Activation::LeakyRelu, "leaky-relu"),
        (Activation::Prelu, "prelu"),
        (Activation::Elu, "elu"),
        (Activation::Selu, "selu"),
        (Activation::Softplus, "softplus"),
        (Activation::Softsign, "softsign"),
        (Activation::Tanh, "tanh"),
        (Activation::HardTanh, "hard-tanh"),
        (Activation::Sigmoid, "sigmoid"),
    ];

    /// Gives the initial value of the learned slope, where there is one.
    #[must_use]
    pub fn initial_slope(self) -> Option<f64> {
        (self == Activation::Prelu).then_some(0.25)
    }

    /// Gives r, with weights that begin at U[−r, r]: He's r = √(6 / in) for functions that cut off one side, LeCun's
    /// √(3 / in) for SELU, Glorot's √(6 / (in + out)) for all others, 5/3 times that for tanh.
    #[must_use]
    pub fn initial_range(self, inputs: usize, outputs: usize) -> f64 {
        match self {
            Activation::Relu | Activation::Relu6 | Activation::LeakyRelu | Activation::Prelu | Activation::Elu => {
                (6.0 / inputs as f64).sqrt()
            }
            Activation::Selu => (3.0 / inputs as f64).sqrt(),
            Activation::Tanh => 5.0 / 3.0 * glorot(inputs, outputs),
            Activation::Linear
            | Activation::Softplus
            | Activation::Softsign
            | Activation::HardTanh
            | Activation::Sigmoid => glorot(inputs, outputs),
        }
    }

    /// Computes `y = f(x)`; `slope` is the learned one.
    pub fn apply<T: Real>(self, x: &Row<T>, slope: T, y: &mut Row<T>) {
        let zero = T::ZERO;
        match self {
            Activation::Linear => *y = *x,
            Activation::Relu => map(x, y, |x| x.max(zero)),
            Activation::Relu6 => map(x, y, |x| x.clamp(zero, T::from_f64(6.0))),
            Activation::LeakyRelu => map(x, y, |x| if x < zero { T::from_f64(LEAK) * x } else { x }),
            Activation::Prelu => map(x, y, |x| if x < zero { slope * x } else { x }),
            Activation::Elu => map(x, y, |x| if x < zero { x.exp() - T::ONE } else { x }),
            Activation::Selu => map(x, y, |x| {
                T::from_f64(SELU_SCALE) * if x < zero { T::from_f64(SELU_ALPHA) * (x.exp() - T::ONE) } else { x }
            }),
            Activation::Softplus => map(x, y, |x| x.max(zero) + (T::ONE + (-x.abs()).exp()).ln()),
            Activation::Softsign => map(x, y, |x| x / (T::ONE + x.abs())),
            Activation::Tanh => map(x, y, |x| x.tanh()),
            Activation::HardTanh => map(x, y, |x| x.clamp(-T::ONE, T::ONE)),
            Activation::Sigmoid => map(x, y, |x| x.sigmoid()),
        }
    }

    /// Computes `d = f′(x)`, where `y = f(x)` is known.
    pub fn derivative<T: Real>(self, x: &Row<T>, y: &Row<T>, slope: T, d: &mut Row<T>) {
        let (zero, one) = (T::ZERO, T::ONE);
        match self {
            Activation::Linear => d.fill(one),
            Activation::Relu => map(x, d, |x| if x > zero { one } else { zero }),
            Activation::Relu6 => map(x, d, |x| if x > zero && x < T::from_f64(6.0) { one } else { zero }),
            Activation::LeakyRelu => map(x, d, |x| if x < zero { T::from_f64(LEAK) } else { one }),
            Activation::Prelu => map(x, d, |x| if x < zero { slope } else { one }),
            Activation::Elu => map(x, d, |x| if x < zero { x.exp() } else { one }),
            Activation::Selu => {
                map(x, d, |x| T::from_f64(SELU_SCALE) * if x < zero { T::from_f64(SELU_ALPHA) * x.exp() } else { one })
            }
            Activation::Softplus => map(x, d, |x| x.sigmoid()),
            Activation::Softsign => map(x, d, |x| one / ((one + x.abs()) * (one + x.abs()))),
            Activation::Tanh => map(y, d, |y| one - y * y),
            Activation::HardTanh => map(x, d, |x| if x.abs() < one { one } else { zero }),
            Activation::Sigmoid => map(y, d, |y| y * (one - y)),
        }
    }
}

fn map<T: Real>(from: &Row<T>, to: &mut Row<T>, f: impl Fn(T) -> T) {
    vectorized(
        #[inline(always)]
        || {
            for lane in 0..BATCH {
                to[lane] = f(from[lane]);
            }
        },
    );
}

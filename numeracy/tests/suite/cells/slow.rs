//! The cells against their papers' equations, written out for one example at a time with the functions of the standard
//! library.

use gridworld_numeracy::cells::{Activation, CellName};
use gridworld_numeracy::engine::{BATCH, Purpose, Random, Row, zeros};

const PI: f64 = std::f64::consts::PI;

fn sigmoid(a: f64) -> f64 {
    1.0 / (1.0 + (-a).exp())
}

/// A matrix of weights, and the products and sums over its rows.
struct Matrix {
    weights: Vec<f64>,
    inputs: usize,
}

impl Matrix {
    /// Takes a matrix from the front of the parameters.
    fn take(parameters: &mut &[f64], inputs: usize, outputs: usize) -> Matrix {
        let (own, rest) = parameters.split_at(inputs * outputs);
        *parameters = rest;
        Matrix { weights: own.to_vec(), inputs }
    }

    /// Takes the weights of a NAC: tanh(Ŵ) ⊙ σ(M̂) (Trask et al. 2018, equation 1).
    fn take_nac(parameters: &mut &[f64], inputs: usize, outputs: usize) -> Matrix {
        let [w_hat, m_hat] = [0, 1].map(|_| Matrix::take(parameters, inputs, outputs).weights);
        Matrix { weights: w_hat.iter().zip(m_hat).map(|(w, m)| w.tanh() * sigmoid(m)).collect(), inputs }
    }

    /// Computes Σ_i f(w_oi, i) for each o.
    fn sum(&self, f: impl Fn(f64, usize) -> f64) -> Vec<f64> {
        self.weights.chunks(self.inputs).map(|row| (0..self.inputs).map(|i| f(row[i], i)).sum()).collect()
    }

    /// Computes Π_i f(w_oi, i) for each o.
    fn product(&self, f: impl Fn(f64, usize) -> f64) -> Vec<f64> {
        self.weights.chunks(self.inputs).map(|row| (0..self.inputs).map(|i| f(row[i], i)).product()).collect()
    }
}

/// Computes three lists into one, number by number.
fn combine(a: &[f64], b: &[f64], c: &[f64], f: impl Fn(f64, f64, f64) -> f64) -> Vec<f64> {
    a.iter().zip(b).zip(c).map(|((a, b), c)| f(*a, *b, *c)).collect()
}

fn activation(activation: Activation, a: f64, slope: f64) -> f64 {
    match activation {
        Activation::Linear => a,
        Activation::Relu => a.max(0.0),
        Activation::Relu6 => a.clamp(0.0, 6.0),
        Activation::LeakyRelu => a.max(0.01 * a),
        Activation::Prelu if a < 0.0 => slope * a,
        Activation::Elu if a < 0.0 => a.exp_m1(),
        Activation::Selu if a < 0.0 => 1.050_700_987_355_480_5 * 1.673_263_242_354_377_2 * a.exp_m1(),
        Activation::Selu => 1.050_700_987_355_480_5 * a,
        Activation::Prelu | Activation::Elu => a,
        Activation::Softplus => a.exp().ln_1p(),
        Activation::Softsign => a / (1.0 + a.abs()),
        Activation::Tanh => a.tanh(),
        Activation::HardTanh => a.clamp(-1.0, 1.0),
        Activation::Sigmoid => sigmoid(a),
    }
}

/// Computes the outputs of a cell for one example.
fn outputs(cell: CellName, mut parameters: &[f64], x: &[f64], outputs: usize) -> Vec<f64> {
    let (p, n) = (&mut parameters, x.len());
    let sign = |x: f64| if x < 0.0 { -1.0 } else { 1.0 };
    match cell {
        CellName::Dense(f) => {
            let a = Matrix::take(p, n, outputs).sum(|w, i| w * x[i]);
            let biases = Matrix::take(p, 1, outputs).weights;
            let slope = p.first().copied().unwrap_or_default();
            a.iter().zip(biases).map(|(a, b)| activation(f, a + b, slope)).collect()
        }
        CellName::Nac => Matrix::take_nac(p, n, outputs).sum(|w, i| w * x[i]),
        CellName::NacMul => Matrix::take_nac(p, n, outputs).product(|w, i| (x[i].abs() + 1e-7).powf(w)),
        CellName::Nalu | CellName::NaluSeparate => {
            // Equations 2 to 4: the gate, the product in logarithmic space, and both together.
            let own = Matrix::take_nac(p, n, outputs);
            let other = (cell == CellName::NaluSeparate).then(|| Matrix::take_nac(p, n, outputs));
            let m = other.as_ref().unwrap_or(&own).product(|w, i| (x[i].abs() + 1e-7).powf(w));
            let g = Matrix::take(p, n, outputs).sum(|w, i| w * x[i]);
            combine(&own.sum(|w, i| w * x[i]), &m, &g, |a, m, g| sigmoid(g) * a + (1.0 - sigmoid(g)) * m)
        }
        CellName::INalu => {
            let (own, other) = (Matrix::take_nac(p, n, outputs), Matrix::take_nac(p, n, outputs));
            let m = other.sum(|w, i| w * (x[i].abs() + 1e-7).ln()).into_iter().map(|e| e.min(20.0).exp());
            let s = other.product(|w, i| sign(x[i]) * w.abs() + 1.0 - w.abs());
            let signed: Vec<f64> = m.zip(s).map(|(m, s)| m * s).collect();
            let g = Matrix::take(p, 1, outputs).weights;
            combine(&own.sum(|w, i| w * x[i]), &signed, &g, |a, m, g| sigmoid(g) * a + (1.0 - sigmoid(g)) * m)
        }
        CellName::Nau | CellName::NauHalf => Matrix::take(p, n, outputs).sum(|w, i| w * x[i]),
        CellName::Nmu | CellName::NmuAll => Matrix::take(p, n, outputs).product(|w, i| w * x[i] + 1.0 - w),
        CellName::RealNpu | CellName::RealNpuWhole | CellName::Quotient | CellName::Root => {
            // Definition 2: the real part of a product of powers of r e^(ik).
            let w = Matrix::take(p, n, outputs);
            let g: Vec<f64> = p.iter().map(|g| g.clamp(0.0, 1.0)).collect();
            let r = |i: usize| g[i] * (x[i].abs() + f64::from(f32::EPSILON)) + 1.0 - g[i];
            let turns = w.sum(|w, i| if x[i] < 0.0 { w * PI * g[i] } else { 0.0 });
            w.product(|w, i| r(i).powf(w)).iter().zip(turns).map(|(size, turn)| size * turn.cos()).collect()
        }
        CellName::Nmru => {
            let z = |i: usize| if i < n { x[i] } else { 1.0 / (x[i - n] + f64::from(f32::EPSILON)) };
            let w = Matrix::take(p, 2 * n, outputs);
            let turns = w.sum(|w, i| if z(i) < 0.0 { w * PI } else { 0.0 });
            w.product(|w, i| w * z(i).abs() + 1.0 - w).iter().zip(turns).map(|(size, turn)| size * turn.cos()).collect()
        }
    }
}

#[test]
fn batches_are_what_the_equations_say_of_each_example() {
    let mut looked_at = 0;
    for (cell, name) in CellName::all() {
        for (inputs, count) in [(1, 1), (1, 3), (2, 1), (3, 4), (5, 2)] {
            let mut random = Random::new(looked_at as u64, Purpose::Initial);
            let mut built = cell.cell::<f64>(inputs, count);
            let mut parameters = vec![0.0; built.parameters()];
            built.initialize(&mut parameters, &mut random);
            // Beyond the ends of where they begin, too.
            parameters.iter_mut().for_each(|parameter| *parameter += random.uniform(-0.5, 0.5));
            let mut x: Vec<Row<f64>> = vec![zeros(); inputs];
            random.fill(&mut x, 0.05, 7.0);
            random.sign(&mut x);
            let mut y = vec![zeros(); count];
            built.forward(&parameters, &x, &mut y);
            for lane in 0..BATCH {
                let example: Vec<f64> = x.iter().map(|row| row[lane]).collect();
                for (found, expected) in y.iter().zip(outputs(cell, &parameters, &example, count)) {
                    let difference = (found[lane] - expected).abs();
                    assert!(difference < 1e-11 * expected.abs().max(1.0), "{name}: {} for {expected}", found[lane]);
                    looked_at += 1;
                }
            }
        }
    }
    assert_eq!(looked_at, CellName::all().count() * BATCH * (1 + 3 + 1 + 4 + 2));
}

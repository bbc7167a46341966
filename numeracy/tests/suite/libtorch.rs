//! The cells against the tensor cells of the agents and the activations of libtorch, which share no code with them.

use gridworld_agents::cells::{nac, nalu};
use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::engine::{BATCH, Purpose, Random, zeros};
use tch::{Kind, Tensor};

use crate::cells::output;

#[test]
fn activations_are_libtorchs() {
    let x: Vec<f64> = (-40..=40).map(|i| f64::from(i) / 4.0 + 0.01).collect();
    let tensor = Tensor::from_slice(&x);
    let cases = [
        ("relu", tensor.relu()),
        ("relu6", tensor.relu6()),
        ("leaky-relu", tensor.leaky_relu()),
        ("elu", tensor.elu()),
        ("selu", tensor.selu()),
        ("softplus", tensor.softplus()),
        ("softsign", &tensor / (tensor.abs() + 1.0)),
        ("tanh", tensor.tanh()),
        ("hard-tanh", tensor.hardtanh()),
        ("sigmoid", tensor.sigmoid()),
    ];
    for (cell, expected) in cases {
        let expected = Vec::<f64>::try_from(expected).expect("numbers");
        for (&x, expected) in x.iter().zip(expected) {
            let found = output(cell, &[1.0, 0.0], &[x], 1)[0];
            assert!((found - expected).abs() < 1e-12, "{cell} of {x}: {found} for {expected}");
        }
    }
}

#[test]
fn accumulator_and_logic_unit_are_those_of_the_agents() {
    const SIZES: (usize, usize) = (5, 3);
    let (inputs, outputs) = SIZES;
    let size = inputs * outputs;
    let mut random = Random::new(7, Purpose::Initial);
    let parameters: Vec<f64> = (0..3 * size).map(|_| random.uniform(-1.0, 1.0)).collect();
    let mut x = vec![zeros::<f64>(); inputs];
    random.fill(&mut x, 0.2, 3.0);
    random.sign(&mut x);
    let matrix = |numbers: &[f64]| Tensor::from_slice(numbers).view([outputs as i64, inputs as i64]);
    let (w_hat, m_hat, g) = (&parameters[..size], &parameters[size..2 * size], &parameters[2 * size..]);
    let rows = Tensor::from_slice(x.as_flattened()).view([inputs as i64, BATCH as i64]).tr();
    let w = nac::weight(&matrix(w_hat), &matrix(m_hat));
    let cases = [
        ("nac", &parameters[..2 * size], nac::nac(&rows, &w)),
        ("nalu", &parameters[..], nalu::nalu(&rows, &w, &matrix(g))),
    ];
    for (cell, parameters, expected) in cases {
        let mut y = vec![zeros(); outputs];
        CellName::parse(cell).expect("a cell").cell(inputs, outputs).forward(parameters, &x, &mut y);
        let expected =
            Vec::<f64>::try_from(expected.tr().contiguous().view([-1]).to_kind(Kind::Double)).expect("numbers");
        for (found, expected) in y.as_flattened().iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{cell}: {found} for {expected}");
        }
    }
}

//! Every cell's derivatives against central differences in f64, by parameters and by inputs.

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::engine::{BATCH, Purpose, Random, Row, zeros};

const INPUTS: usize = 3;
const OUTPUTS: usize = 2;
const STEP: f64 = 1e-6;

/// Computes Σ c y for given coefficients c.
fn value(cell: CellName, parameters: &[f64], x: &[Row<f64>], c: &[Row<f64>]) -> f64 {
    let mut y = vec![zeros(); OUTPUTS];
    cell.cell(INPUTS, OUTPUTS).forward(parameters, x, &mut y);
    y.as_flattened().iter().zip(c.as_flattened()).map(|(y, c)| y * c).sum()
}

fn close(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() < 1e-5 * expected.abs().max(1.0), "{what}: {found} for {expected}");
}

#[test]
fn derivatives_are_those_of_central_differences() {
    let mut looked_at = 0;
    for (cell, name) in CellName::all() {
        for seed in 0..3 {
            let mut random = Random::new(seed, Purpose::Initial);
            let mut built = cell.cell::<f64>(INPUTS, OUTPUTS);
            let mut parameters = vec![0.0; built.parameters()];
            built.initialize(&mut parameters, &mut random);
            // Some begin at the ends of where they may be, where there is a corner.
            parameters.iter_mut().for_each(|parameter| *parameter *= 0.9);
            let (mut x, mut c) = (vec![zeros(); INPUTS], vec![zeros(); OUTPUTS]);
            random.fill(&mut x, 0.3, 2.0);
            random.sign(&mut x);
            random.fill(&mut c, -1.0, 1.0);
            let (mut y, mut dx) = (vec![zeros(); OUTPUTS], vec![[0.25; BATCH]; INPUTS]);
            let mut gradient = vec![f64::NAN; parameters.len()];
            built.forward(&parameters, &x, &mut y);
            built.backward(&parameters, &x, &y, &c, Some(&mut dx), &mut gradient);
            for i in 0..parameters.len() {
                let at = |moved: f64| {
                    let mut parameters = parameters.clone();
                    parameters[i] += moved;
                    value(cell, &parameters, &x, &c)
                };
                close(gradient[i], (at(STEP) - at(-STEP)) / (2.0 * STEP), &format!("{name}, parameter {i}"));
                looked_at += 1;
            }
            for (i, lane) in [(0, 0), (1, 77), (2, BATCH - 1), (0, 5), (1, 6)] {
                let at = |moved: f64| {
                    let mut x = x.clone();
                    x[i][lane] += moved;
                    value(cell, &parameters, &x, &c)
                };
                let difference = (at(STEP) - at(-STEP)) / (2.0 * STEP);
                close(dx[i][lane] - 0.25, difference, &format!("{name}, input {i} of example {lane}"));
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 500);
}

#[test]
fn sparsity_gradients_are_those_of_the_regularizers() {
    // By hand: mean(min(|w|, 1 − |w|)) falls towards the nearest of −1, 0 and 1, a quarter for each of four weights; an
    // iNALU's max(20 − |p|, 0) falls away from 0, as far as 20, here for one parameter of each kind.
    type Numbers = &'static [f64];
    let cases: [(CellName, usize, Numbers, Numbers); 3] = [
        (CellName::Nau, 2, &[-0.8, -0.3, 0.0, 0.6], &[0.25, -0.25, 0.0, -0.25]),
        (CellName::Nmu, 2, &[0.1, 0.49, 0.51, 1.0], &[0.25, 0.25, -0.25, 0.0]),
        (CellName::INalu, 1, &[2.0, -1.0, 21.0, -0.5, 19.0], &[-1.0, 1.0, 0.0, 1.0, -1.0]),
    ];
    for (cell, size, weights, expected) in cases {
        let mut gradient = vec![0.0; weights.len()];
        cell.cell(size, size).add_sparsity(weights, 1.0, &mut gradient);
        assert_eq!(gradient, expected, "{cell}");
    }
}

#[test]
fn an_exponent_that_is_cut_off_has_no_derivative() {
    // ŷ = (1 − g) e²⁰ whatever the weights: W′ = 0.3 of e⁸⁰ would be e²⁴.
    let parameters = [0.0, 0.0, 2_f64.ln(), 0.0, 0.0];
    let mut cell = CellName::INalu.cell::<f64>(1, 1);
    let (x, dy, mut y) = ([[80_f64.exp(); BATCH]], [[1.0; BATCH]], [zeros()]);
    let (mut dx, mut gradient) = ([zeros()], [f64::NAN; 5]);
    cell.forward(&parameters, &x, &mut y);
    cell.backward(&parameters, &x, &y, &dy, Some(&mut dx), &mut gradient);
    assert_eq!((gradient[2], gradient[3], dx[0][0]), (0.0, 0.0, 0.0));
    close(gradient[4] / (-(BATCH as f64) * 20_f64.exp() / 4.0), 1.0, "by the gate");
}

//! Derivatives of cells against central differences in f64, by parameters and by inputs.

use gridworld_numeracy::cells::{Cell, CellName};
use gridworld_numeracy::engine::{BATCH, Purpose, Random, Row, zeros};

const STEP: f64 = 1e-5;

/// Makes the cell whose derivatives are looked at; each value is computed by a new one, which nothing was left in.
pub type Build<'a> = &'a dyn Fn() -> Box<dyn Cell<f64>>;

/// Computes the central difference of fourth order: a NALU over time is too crooked for a step of the second that is
/// long enough for the rounding of its great sums.
fn difference(at: impl Fn(f64) -> f64) -> f64 {
    (8.0 * (at(STEP) - at(-STEP)) - (at(2.0 * STEP) - at(-2.0 * STEP))) / (12.0 * STEP)
}

/// Compares the derivatives of Σ c y by the parameters, and by these inputs of examples, with central differences; gives
/// the number of comparisons.
pub fn check(name: &str, build: Build<'_>, x: &[Row<f64>], inputs: &[(usize, usize)], random: &mut Random) -> usize {
    let mut built = build();
    let mut parameters = vec![0.0; built.parameters()];
    built.initialize(&mut parameters, random);
    // What begins at zero is to count, too, and what begins at an end is to leave its corner.
    parameters.iter_mut().for_each(|parameter| *parameter += random.uniform(-0.1, 0.1));
    let (mut c, mut y) = (vec![zeros(); built.outputs()], vec![zeros(); built.outputs()]);
    random.fill(&mut c, -1.0, 1.0);
    let (mut dx, mut gradient) = (vec![[0.25; BATCH]; x.len()], vec![f64::NAN; parameters.len()]);
    built.forward(&parameters, x, &mut y);
    built.backward(&parameters, x, &y, &c, Some(&mut dx), &mut gradient);
    let value = |parameters: &[f64], x: &[Row<f64>]| {
        let mut y = vec![zeros(); c.len()];
        build().forward(parameters, x, &mut y);
        y.as_flattened().iter().zip(c.as_flattened()).map(|(y, c)| y * c).sum::<f64>()
    };
    let close = |found: f64, difference: f64, what: String| {
        assert!((found - difference).abs() < 2e-5 * difference.abs().max(1.0), "{name}, {what}: {found}, {difference}");
    };
    for i in 0..parameters.len() {
        let at = |moved: f64| {
            let mut parameters = parameters.clone();
            parameters[i] += moved;
            value(&parameters, x)
        };
        close(gradient[i], difference(at), format!("parameter {i}"));
    }
    for &(i, lane) in inputs {
        let at = |moved: f64| {
            let mut x = x.to_vec();
            x[i][lane] += moved;
            value(&parameters, &x)
        };
        close(dx[i][lane] - 0.25, difference(at), format!("input {i} of example {lane}"));
    }
    parameters.len() + inputs.len()
}

/// Compares the derivatives of a cell for inputs of both signs that are not near 0, of all inputs in some examples.
pub fn check_signed(name: &str, build: Build<'_>, seed: u64) -> usize {
    let mut random = Random::new(seed, Purpose::Initial);
    let mut x = vec![zeros(); build().inputs()];
    random.fill(&mut x, 0.3, 2.0);
    random.sign(&mut x);
    let lanes = [0, 41, 64, BATCH - 1];
    let inputs: Vec<(usize, usize)> = (0..x.len()).map(|i| (i, lanes[i % lanes.len()])).collect();
    check(name, build, &x, &inputs, &mut random)
}

#[test]
fn derivatives_are_those_of_central_differences() {
    let mut looked_at = 0;
    for (cell, name) in CellName::all() {
        for (seed, (inputs, outputs)) in (0..).zip([(1, 1), (1, 3), (2, 2), (3, 2), (5, 1)]) {
            looked_at += check_signed(name, &|| cell.cell(inputs, outputs), seed);
        }
    }
    assert!(looked_at > 1000, "{looked_at}");
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
    let by_gate = gradient[4] / (-(BATCH as f64) * 20_f64.exp() / 4.0);
    assert!((by_gate - 1.0).abs() < 1e-5, "{by_gate}");
}

#[test]
fn a_factor_of_nothing_has_the_derivative_of_the_others() {
    // (1 · 3) (1 · 0) (½ · 5 + ½) = 0, by the zero alone it is 3 · 3; what divides by the product would say 0 / 0.
    let (w, x) = ([1.0, 1.0, 0.5], [[3.0; BATCH], [0.0; BATCH], [5.0; BATCH]]);
    let mut cell = CellName::Nmu.cell::<f64>(3, 1);
    let (mut y, mut dx, mut gradient) = ([zeros()], [zeros(); 3], [f64::NAN; 3]);
    cell.forward(&w, &x, &mut y);
    cell.backward(&w, &x, &y, &[[1.0; BATCH]], Some(&mut dx), &mut gradient);
    assert_eq!((y[0][9], dx.map(|row| row[9])), (0.0, [0.0, 9.0, 0.0]));
    assert_eq!(gradient, [0.0, -9.0 * BATCH as f64, 0.0]);
}

#[test]
fn a_gate_beyond_its_end_has_no_derivative() {
    // A power's gate is clamped: at an end it still has the derivative from within, beyond it none.
    for (gate, within) in [(-0.5, false), (0.0, true), (0.5, true), (1.0, true), (1.5, false)] {
        let (parameters, x) = ([1.0, gate], [[3.0; BATCH]]);
        let mut cell = CellName::RealNpu.cell::<f64>(1, 1);
        let (mut y, mut gradient) = ([zeros()], [f64::NAN; 2]);
        cell.forward(&parameters, &x, &mut y);
        cell.backward(&parameters, &x, &y, &[[1.0; BATCH]], None, &mut gradient);
        // y = g (3 + ε) + 1 − g.
        let expected = if within { 2.0 * BATCH as f64 } else { 0.0 };
        assert!((gradient[1] - expected).abs() < 1e-4, "{gate}: {gradient:?}");
    }
}

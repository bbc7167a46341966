//! Regularizers against the functions that they are gradients of, and the bounds to which weights are brought back.

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::engine::{Purpose, Random};

fn mean(numbers: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    numbers.iter().map(|number| of(*number)).sum::<f64>() / numbers.len() as f64
}

/// Computes the regularizer of a cell of 3 inputs and 2 outputs, as its documentation has it; none for a cell without.
fn regularizer(cell: CellName, parameters: &[f64]) -> Option<f64> {
    // Madsen & Johansen 2020, equations 8 and 9.
    let to_ends = |g: &[f64]| mean(g, |g| g.min(1.0 - g));
    let value = match cell {
        CellName::Nau | CellName::NauHalf => mean(parameters, |w| w.abs().min(1.0 - w.abs())),
        CellName::Nmu | CellName::NmuAll | CellName::Nmru => to_ends(parameters),
        // Schlör et al. 2020: each of five groups by itself.
        CellName::INalu => parameters.chunks(6).map(|group| mean(group, |p| (20.0 - p.abs()).max(0.0))).sum(),
        // Mistry et al. 2022b, §4: exponents to −1 and 1, gates to 0 and 1.
        CellName::RealNpuWhole | CellName::Quotient => {
            mean(&parameters[..6], |w| 1.0 - w.abs()) + to_ends(&parameters[6..])
        }
        CellName::Root => to_ends(&parameters[6..]),
        CellName::Dense(_)
        | CellName::Nac
        | CellName::NacMul
        | CellName::Nalu
        | CellName::NaluSeparate
        | CellName::RealNpu => return None,
    };
    Some(value)
}

#[test]
fn regularizers_are_gradients_of_their_functions() {
    const STEP: f64 = 1e-6;
    let mut with = 0;
    for (cell, name) in CellName::all() {
        let built = cell.cell::<f64>(3, 2);
        let mut random = Random::new(3, Purpose::Test);
        // Anywhere within the bounds, but a step away from the corners.
        let parameters: Vec<f64> = (0..built.parameters())
            .map(|i| random.uniform(0.01, 0.48) + if i.is_multiple_of(2) { 0.0 } else { 0.5 })
            .collect();
        let signed = |i: usize| match cell {
            CellName::Nau | CellName::NauHalf | CellName::INalu => i.is_multiple_of(3),
            CellName::RealNpuWhole | CellName::Quotient | CellName::Root => i.is_multiple_of(3) && i < 6,
            _ => false,
        };
        let parameters: Vec<f64> =
            parameters.iter().enumerate().map(|(i, p)| if signed(i) { -p } else { *p }).collect();
        for weight in [1.0, 0.25] {
            let mut gradient = vec![7.0; parameters.len()];
            built.add_sparsity(&parameters, weight, &mut gradient);
            for i in 0..parameters.len() {
                let at = |moved: f64| {
                    let mut parameters = parameters.clone();
                    parameters[i] += moved;
                    regularizer(cell, &parameters).unwrap_or(0.0)
                };
                let expected = 7.0 + weight * (at(STEP) - at(-STEP)) / (2.0 * STEP);
                assert!((gradient[i] - expected).abs() < 1e-8, "{name}, {i}: {} {expected}", gradient[i]);
            }
        }
        with += usize::from(regularizer(cell, &parameters).is_some());
    }
    assert_eq!(with, 9, "cells with a regularizer");
}

#[test]
fn regularizers_rest_where_weights_are_whole() {
    let whole: [(CellName, &[f64]); 6] = [
        (CellName::Nau, &[-1.0, 0.0, 1.0, 1.5]),
        (CellName::Nmu, &[0.0, 1.0, -0.5, 1.5]),
        (CellName::Nmru, &[0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0]),
        (CellName::INalu, &[20.0; 18]),
        (CellName::RealNpuWhole, &[-1.0, 1.0, 1.0, -1.0, 0.0, 1.0]),
        (CellName::Quotient, &[1.0, -1.0, -1.0, 1.0, 1.0, 0.0]),
    ];
    for (cell, parameters) in whole {
        let mut gradient = vec![0.0; parameters.len()];
        cell.cell(2, 2).add_sparsity(parameters, 3.0, &mut gradient);
        assert!(gradient.iter().all(|by| *by == 0.0), "{cell}: {gradient:?}");
    }
}

#[test]
fn weights_are_brought_back_to_the_nearest_that_they_may_be() {
    let beyond = [-3.0, -1.0, -0.25, 0.0, 0.75, 1.0, 9.0, -0.5, 1.25];
    let centred = [-1.0, -1.0, -0.25, 0.0, 0.75, 1.0, 1.0, -0.5, 1.0];
    let positive = [0.0, 0.0, 0.0, 0.0, 0.75, 1.0, 1.0, 0.0, 1.0];
    // Of a unit of powers, the last three are gates.
    let powers = [-1.0, -1.0, -0.25, 0.0, 0.75, 1.0, 1.0, 0.0, 1.0];
    for (cell, name) in CellName::all() {
        let built = cell.cell::<f64>(3, if matches!(cell, CellName::RealNpuWhole | CellName::Root) { 2 } else { 3 });
        let expected = match name {
            "nau" | "nau-half" => centred,
            "nmu" | "nmu-all" | "nmru" => positive,
            "real-npu-whole" | "root" => powers,
            "quotient" => continue,
            _ => beyond,
        };
        let count = built.parameters();
        let repeat = |numbers: [f64; 9]| numbers.iter().copied().cycle().take(count).collect::<Vec<_>>();
        let mut parameters = repeat(beyond);
        built.constrain(&mut parameters);
        assert_eq!(parameters, repeat(expected), "{name}");
        built.constrain(&mut parameters);
        assert_eq!(parameters, repeat(expected), "{name}: nothing is left to bring back");
    }
}

#[test]
fn initial_weights_are_within_the_bounds() {
    for (cell, name) in CellName::all() {
        for (inputs, outputs) in [(1, 1), (3, 2), (40, 30)] {
            let built = cell.cell::<f32>(inputs, outputs);
            let mut drawn = vec![f32::NAN; built.parameters()];
            built.initialize(&mut drawn, &mut Random::new(2, Purpose::Initial));
            let mut kept = drawn.clone();
            built.constrain(&mut kept);
            assert!(kept == drawn && drawn.iter().all(|p| p.is_finite()), "{name} {inputs} {outputs}");
        }
    }
}

#[test]
fn weights_that_ought_to_be_whole_are_those_that_act() {
    let (ln2, ln3) = (2_f64.ln(), 3_f64.ln());
    // tanh(ln 2) σ(0) = 0.3, tanh(ln 3) σ(ln 3) = 0.6.
    let hats = [ln2, ln3, 0.0, ln3];
    let cases: [(CellName, Vec<f64>, Vec<f64>); 8] = [
        (CellName::Nac, hats.to_vec(), vec![0.3, 0.6]),
        (CellName::NacMul, hats.to_vec(), vec![0.3, 0.6]),
        // The weights of both paths, be they one and the same; a gate of the inputs is no weight.
        (CellName::Nalu, [&hats[..], &[5.0, 5.0]].concat(), vec![0.3, 0.6, 0.3, 0.6]),
        (CellName::NaluSeparate, [&[0.0; 4], &hats[..], &[5.0, 5.0]].concat(), vec![0.0, 0.0, 0.3, 0.6]),
        // A gate of its own is: σ(−ln 3) = ¼.
        (CellName::INalu, [&hats[..], &[0.0; 4], &[-ln3]].concat(), vec![0.3, 0.6, 0.0, 0.0, 0.25]),
        (CellName::RealNpu, vec![2.5, -1.0, 1.5, 0.25], vec![2.5, -1.0, 1.0, 0.25]),
        (CellName::Nmru, vec![0.1, 0.2, 0.3, 0.4], vec![0.1, 0.2, 0.3, 0.4]),
        // Biases and slopes of a layer are none.
        (CellName::parse("prelu").expect("a cell"), vec![0.1, 0.2, 9.0, 0.25], vec![0.1, 0.2]),
    ];
    for (cell, parameters, expected) in cases {
        let found = cell.cell(2, 1).weights(&parameters);
        let close = found.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 1e-15);
        assert!(close && found.len() == expected.len(), "{cell}: {found:?} {expected:?}");
    }
}

//! Cells whose weights have come to their ends are the operations that they are named for.

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::engine::{BATCH, Row, zeros};

/// Parameter at which tanh and the logistic function are 1 as far as an `f32` can tell.
const FAR: f32 = 40.0;

/// Pairs of whole numbers from −8 to 8, of which the second is not 0, and the first is where `zero` allows it.
fn pairs(zero: bool) -> Vec<[f32; 2]> {
    let all = (-8..=8).flat_map(|a| (-8..=8).map(move |b| [a as f32, b as f32]));
    all.filter(|[a, b]| *b != 0.0 && (zero || *a != 0.0)).collect()
}

/// Computes the outputs of a cell of one output, batch by batch.
fn outputs(cell: CellName, parameters: &[f32], examples: &[[f32; 2]]) -> Vec<f32> {
    let mut built = cell.cell(2, 1);
    let batches = examples.chunks(BATCH).flat_map(|examples| {
        let x: [Row<f32>; 2] = [0, 1].map(|i| std::array::from_fn(|lane| examples.get(lane).map_or(1.0, |x| x[i])));
        let mut y = [zeros()];
        built.forward(parameters, &x, &mut y);
        y[0][..examples.len()].to_vec()
    });
    batches.collect()
}

type Operation = fn(f32, f32) -> f32;

#[test]
fn sums_and_products_of_whole_weights_are_exact() {
    // Of whole numbers every sum and product is exact in f32, and so is a weight of 0 or ±1, once it is there.
    let cases: [(CellName, &[f32], Operation); 13] = [
        (CellName::Nau, &[1.0, 1.0], |a, b| a + b),
        (CellName::Nau, &[1.0, -1.0], |a, b| a - b),
        (CellName::NauHalf, &[0.0, -1.0], |_, b| -b),
        (CellName::Nac, &[FAR, FAR, FAR, FAR], |a, b| a + b),
        (CellName::Nac, &[FAR, -FAR, FAR, FAR], |a, b| a - b),
        // A weight is nothing where either of its factors is.
        (CellName::Nac, &[FAR, 0.0, FAR, FAR], |a, _| a),
        (CellName::Nac, &[FAR, FAR, -2.0 * FAR, FAR], |_, b| b),
        (CellName::Nmu, &[1.0, 1.0], |a, b| a * b),
        (CellName::NmuAll, &[0.0, 1.0], |_, b| b),
        (CellName::Nmu, &[0.0, 0.0], |_, _| 1.0),
        // A gate that is open shows the sum alone, whatever the product is.
        (CellName::INalu, &[FAR, -FAR, FAR, FAR, FAR, FAR, FAR, FAR, FAR], |a, b| a - b),
        // The two units of one name differ in where they begin and not in what they compute.
        (CellName::NmuAll, &[1.0, 1.0], |a, b| a * b),
        (CellName::NauHalf, &[-1.0, -1.0], |a, b| -a - b),
    ];
    for (cell, parameters, operation) in cases {
        let examples = pairs(true);
        let expected: Vec<f32> = examples.iter().map(|[a, b]| operation(*a, *b)).collect();
        // A weight of e⁻⁸⁰ is not 0, but no sum of whole numbers feels it.
        assert_eq!(outputs(cell, parameters, &examples), expected, "{cell} {parameters:?}");
        assert_eq!(expected.len(), 272);
    }
}

#[test]
fn powers_are_exact_to_the_rounding_of_their_logarithms() {
    let (open, shut) = ([FAR; 4], [-FAR, -FAR, FAR, FAR]);
    let cases: [(CellName, Vec<f32>, Operation); 12] = [
        // Trask et al. 2018, equation 3: signs are lost.
        (CellName::NacMul, vec![FAR, FAR, FAR, FAR], |a, b| (a * b).abs()),
        (CellName::NacMul, vec![FAR, -FAR, FAR, FAR], |a, b| (a / b).abs()),
        // Schlör et al. 2020: signs are kept, and those of factors that are left out do not count.
        (CellName::INalu, [&open[..], &open[..], &[-FAR]].concat(), |a, b| a * b),
        (CellName::INalu, [&open[..], &[FAR, -FAR, FAR, FAR][..], &[-FAR]].concat(), |a, b| a / b),
        (CellName::INalu, [&shut[..], &[0.0, FAR, FAR, FAR][..], &[-FAR]].concat(), |_, b| b),
        // Heim et al. 2020, definition 2.
        (CellName::RealNpu, vec![1.0, 1.0, 1.0, 1.0], |a, b| a * b),
        (CellName::RealNpu, vec![2.0, -1.0, 1.0, 1.0], |a, b| a * a / b),
        // Closed gates leave an input out, its sign included; one beyond its end is at its end.
        (CellName::RealNpu, vec![-1.0, 5.0, 3.0, 0.0], |a, _| 1.0 / a),
        (CellName::RealNpuWhole, vec![1.0, 1.0, -0.5, 1.5], |_, b| b),
        // Mistry et al. 2022b: the weights of x and of 1/x are apart.
        (CellName::Nmru, vec![1.0, 1.0, 0.0, 0.0], |a, b| a * b),
        (CellName::Nmru, vec![1.0, 0.0, 0.0, 1.0], |a, b| a / b),
        (CellName::Nmru, vec![1.0, 0.0, 1.0, 1.0], |_, b| 1.0 / b),
    ];
    for (cell, parameters, operation) in cases {
        let examples = pairs(false);
        let found = outputs(cell, &parameters, &examples);
        for ([a, b], found) in examples.iter().zip(&found) {
            let expected = operation(*a, *b);
            // Logarithms of up to ln 64 = 4.2 are off by a unit of theirs, angles of up to 3 π by a unit of theirs in
            // their cosine's second order; ε = 1.2e-7 itself is as great a part of a divisor of 1.
            assert!((found / expected - 1.0).abs() < 3e-6, "{cell} {parameters:?} of {a}, {b}: {found}");
        }
        assert_eq!(found.len(), 256);
    }
}

#[test]
fn a_root_has_no_real_part_of_a_negative_number() {
    // cos(π/2) = 0: what is real of the root of a negative number.
    let parameters = [0.5, 0.0, 1.0, 0.0];
    let found = outputs(CellName::Root, &parameters, &[[49.0, -3.0], [-49.0, 2.0], [2.25, 0.0]]);
    for (found, expected) in found.iter().zip([7.0, 0.0, 1.5]) {
        assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    }
}

#[test]
fn nothing_is_as_small_as_its_epsilon_and_its_reciprocal_finite() {
    let nothing = [[0.0, 5.0]];
    let cases: [(CellName, &[f32], f32); 6] = [
        (CellName::NacMul, &[FAR, FAR, FAR, FAR], 5e-7),
        (CellName::RealNpu, &[1.0, 1.0, 1.0, 1.0], 5.0 * f32::EPSILON),
        (CellName::RealNpu, &[-1.0, 1.0, 1.0, 1.0], 5.0 / f32::EPSILON),
        (CellName::Nmru, &[0.0, 1.0, 1.0, 0.0], 5.0 / f32::EPSILON),
        // Sums and products without logarithms know a real 0.
        (CellName::Nmu, &[1.0, 1.0], 0.0),
        (CellName::Nmru, &[1.0, 1.0, 0.0, 0.0], 0.0),
    ];
    for (cell, parameters, expected) in cases {
        let found = outputs(cell, parameters, &nothing)[0];
        assert!((found - expected).abs() <= 1e-4 * expected, "{cell} {parameters:?}: {found} for {expected}");
    }
}

#[test]
fn a_gate_of_a_nalu_is_of_its_inputs() {
    // Equation 4: G x = 20 (a − b), so that the greater a gives the sum and the greater b the product.
    let parameters = [FAR, FAR, FAR, FAR, 20.0, -20.0];
    let found = outputs(CellName::Nalu, &parameters, &[[5.0, 3.0], [3.0, 5.0], [4.0, 4.0]]);
    for (found, expected) in found.iter().zip([8.0, 15.0, 12.0]) {
        assert!((found - expected).abs() < 2e-5, "{found} {expected}");
    }
}

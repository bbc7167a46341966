//! Numbers of parameters, and the distributions from which they begin.

use gridworld_numeracy::cells::{Activation, Cell, CellName};
use gridworld_numeracy::engine::{Purpose, Random};

/// Size of a cell of which thousands of parameters can be looked at.
const INPUTS: usize = 70;
const OUTPUTS: usize = 50;
const SIZE: usize = INPUTS * OUTPUTS;

/// Draws the initial parameters of a cell of this size.
fn drawn(cell: &dyn Cell<f64>, seed: u64) -> Vec<f64> {
    let mut parameters = vec![f64::NAN; cell.parameters()];
    cell.initialize(&mut parameters, &mut Random::new(seed, Purpose::Initial));
    parameters
}

/// Computes mean and deviation.
fn moments(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    (mean, (numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt())
}

/// Checks that these are uniform from `low` to `high`: they come near both ends, and have mean and deviation.
fn assert_uniform(numbers: &[f64], low: f64, high: f64, what: &str) {
    let (width, n) = (high - low, numbers.len() as f64);
    let [least, greatest] = [f64::min, f64::max].map(|of| numbers.iter().copied().reduce(of).expect("numbers"));
    assert!(low <= least && greatest <= high, "{what}: {least} {greatest}");
    // The chance that none of n comes within 10/n of an end is e⁻¹⁰.
    assert!(least - low < 10.0 * width / n && high - greatest < 10.0 * width / n, "{what}: {least} {greatest}");
    let (mean, deviation) = moments(numbers);
    assert!((mean - (low + high) / 2.0).abs() < 4.0 * width / (12.0 * n).sqrt(), "{what}: mean {mean}");
    assert!((deviation / (width / 12_f64.sqrt()) - 1.0).abs() < 0.05, "{what}: deviation {deviation}");
}

#[test]
fn counts_of_parameters_are_those_of_the_equations() {
    // For 3 inputs and 2 outputs: matrices of 6, and what comes with them.
    let cases = [
        ("nac", 12),
        ("nac-mul", 12),
        ("nalu", 18),
        ("nalu-separate", 30),
        ("inalu", 26),
        ("nau", 6),
        ("nau-half", 6),
        ("nmu", 6),
        ("nmu-all", 6),
        ("real-npu", 9),
        ("real-npu-whole", 9),
        ("quotient", 9),
        ("root", 9),
        ("nmru", 12),
        ("prelu", 9),
    ];
    for (cell, name) in CellName::all() {
        let built = cell.cell::<f32>(3, 2);
        let listed = cases.iter().find(|(other, _)| *other == name).map(|(_, count)| *count);
        assert_eq!(built.parameters(), listed.unwrap_or(8), "{name}: a layer has weights and biases");
        assert_eq!((built.inputs(), built.outputs()), (3, 2), "{name}");
    }
}

#[test]
fn units_begin_uniformly_where_their_papers_say() {
    let glorot = (6.0 / 120.0_f64).sqrt();
    let cases: [(CellName, f64, f64); 7] = [
        (CellName::Nau, -glorot, glorot),
        (CellName::NauHalf, 0.25, 0.75),
        (CellName::Nmu, 0.25, 0.75),
        (CellName::NmuAll, 0.75, 1.0),
        (CellName::Nmru, 0.25, 0.75),
        (CellName::RealNpu, -glorot, glorot),
        (CellName::RealNpuWhole, -glorot, glorot),
    ];
    for (cell, low, high) in cases {
        let found = drawn(&*cell.cell(INPUTS, OUTPUTS), 1);
        assert_uniform(&found[..SIZE], low, high, cell.as_str());
    }
    // For few inputs, r is no more than ½ where weights are bounded by 1.
    for (cell, r) in [(CellName::Nau, 0.5), (CellName::RealNpuWhole, 0.5), (CellName::RealNpu, 2_f64.sqrt())] {
        let found: Vec<f64> = (0..1000).flat_map(|seed| drawn(&*cell.cell(2, 1), seed)[..2].to_vec()).collect();
        assert_uniform(&found, -r, r, cell.as_str());
    }
    // Gates of powers begin half open.
    for cell in [CellName::RealNpu, CellName::RealNpuWhole] {
        assert_eq!(drawn(&*cell.cell(3, 2), 1)[6..], [0.5; 3]);
    }
}

#[test]
fn what_begins_whole_is_the_same_for_every_seed() {
    let quotient = [1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0];
    let root = [0.5, 0.0, 0.0, 0.5, 0.0, 0.0, 1.0, 0.0, 0.0];
    for seed in 0..3 {
        assert_eq!(drawn(&*CellName::Quotient.cell(3, 2), seed), quotient);
        assert_eq!(drawn(&*CellName::Root.cell(3, 2), seed), root);
    }
}

#[test]
fn weights_of_accumulators_have_the_variance_of_glorot() {
    // Madsen & Johansen 2020, appendix B.3: that of tanh(Ŵ) σ(M̂), not of its parameters; 2/5 is the most there is.
    for cell in [CellName::Nac, CellName::NacMul, CellName::Nalu, CellName::NaluSeparate] {
        for (inputs, outputs, seeds) in [(1, 1, 3000), (2, 2, 1000), (5, 5, 200), (INPUTS, OUTPUTS, 2)] {
            let built = cell.cell::<f64>(inputs, outputs);
            let weights: Vec<f64> = (0..seeds).flat_map(|seed| built.weights(&drawn(&*built, seed))).collect();
            let (mean, deviation) = moments(&weights);
            let expected = (2.0 / (inputs + outputs).max(5) as f64).sqrt();
            assert!((deviation / expected - 1.0).abs() < 0.05, "{cell} {inputs}: {deviation} {expected}");
            assert!(mean.abs() < 5.0 * expected / (weights.len() as f64).sqrt(), "{cell} {inputs}: {mean}");
            assert!(weights.iter().all(|w| (-1.0..=1.0).contains(w)));
        }
    }
    let glorot = (6.0 / 120.0_f64).sqrt();
    let nalu = drawn(&*CellName::Nalu.cell(INPUTS, OUTPUTS), 3);
    assert_uniform(&nalu[2 * SIZE..], -glorot, glorot, "gates of a NALU");
}

#[test]
fn an_inalu_begins_around_the_recommended_values() {
    let parameters = drawn(&*CellName::INalu.cell(INPUTS, OUTPUTS), 1);
    let groups = parameters.chunks(SIZE).zip([1.0, -1.0, 1.0, -1.0, 0.0]);
    assert_eq!(groups.len(), 5);
    for (group, expected) in groups {
        let (mean, deviation) = moments(group);
        let error = 0.1 / (group.len() as f64).sqrt();
        assert!((mean - expected).abs() < 4.0 * error, "{mean} {expected}");
        assert!((deviation - 0.1).abs() < 3.0 * error, "{deviation}");
    }
}

#[test]
fn layers_begin_as_their_non_linearity_wants_it() {
    // He's for what cuts off one side, LeCun's for SELU, Glorot's for others, with a gain of 5/3 for tanh.
    let (he, lecun, glorot) = ((6.0 / 70.0_f64).sqrt(), (3.0 / 70.0_f64).sqrt(), (6.0 / 120.0_f64).sqrt());
    for (activation, name) in Activation::ALL {
        let r = match name {
            "relu" | "relu6" | "leaky-relu" | "prelu" | "elu" => he,
            "selu" => lecun,
            "tanh" => glorot * 5.0 / 3.0,
            _ => glorot,
        };
        let parameters = drawn(&*CellName::Dense(activation).cell(INPUTS, OUTPUTS), 5);
        assert_uniform(&parameters[..SIZE], -r, r, name);
        assert_eq!(parameters[SIZE..SIZE + OUTPUTS], [0.0; OUTPUTS], "{name}: biases");
        let slope: &[f64] = if name == "prelu" { &[0.25] } else { &[] };
        assert_eq!(parameters[SIZE + OUTPUTS..], *slope, "{name}");
    }
}

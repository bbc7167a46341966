//! Recurrent cells: derivatives against central differences in f64, and values worked out by hand.

mod masks;
mod programs;
mod slow;

use gridworld_numeracy::cells::{Activation, Cell, CellName};
use gridworld_numeracy::engine::{BATCH, Purpose, Random, Real, Row, zeros};
use gridworld_numeracy::recurrent::{
    Accumulated, Calculator, Embedding, FirstState, Gru, Lstm, Masked, Pairs, Register, RunningSum, SYMBOL, Start,
    Unroll,
};

use crate::gradients::{check, check_signed};

type Built = Box<dyn Cell<f64>>;

fn nalu<T: Real>(inputs: usize, outputs: usize) -> Box<dyn Cell<T>> {
    CellName::Nalu.cell(inputs, outputs)
}

type Build<T> = fn() -> Box<dyn Cell<T>>;

/// Makes a small cell of each kind.
pub fn kinds<T: Real>() -> Vec<(&'static str, Build<T>)> {
    vec![
        ("lstm", || Box::new(Lstm::new(2, 3))),
        ("gru", || Box::new(Gru::new(2, 3))),
        ("register", || Box::new(Register)),
        ("calculator", || Box::new(Calculator)),
        ("running sum of a nalu", || Box::new(RunningSum::new(nalu(2, 2)))),
        // Cells whose derivatives are functions of their outputs, which are not the state.
        ("running sum of a layer", || Box::new(RunningSum::new(CellName::Dense(Activation::Tanh).cell(2, 2)))),
        ("running sum of products", || Box::new(RunningSum::new(CellName::NacMul.cell(2, 2)))),
        ("accumulated", || Box::new(Accumulated::new(Box::new(Lstm::new(2, 2)), 2, nalu(3, 1)))),
        ("accumulated layer", || {
            Box::new(Accumulated::new(Box::new(Gru::new(1, 2)), 2, CellName::Dense(Activation::Sigmoid).cell(3, 1)))
        }),
        ("pairs", || Box::new(Pairs::new(3, || nalu(4, 2)))),
        ("pairs of products", || Box::new(Pairs::new(2, || CellName::NacMul.cell(4, 2)))),
        ("unrolled lstm", || Box::new(Unroll::new(3, 1..3, FirstState::Zero, || Box::new(Lstm::new(2, 2))))),
        ("unrolled gru", || Box::new(Unroll::new(3, 0..2, FirstState::Learned, || Box::new(Gru::new(2, 2))))),
        ("unrolled nalu", || Box::new(Unroll::new(2, 0..2, FirstState::Zero, || nalu(4, 2)))),
        ("unrolled nau", || Box::new(Unroll::new(3, 0..2, FirstState::Learned, || CellName::Nau.cell(4, 2)))),
    ]
}

#[test]
fn derivatives_are_those_of_central_differences() {
    let mut looked_at = 0;
    for (name, build) in kinds::<f64>() {
        for seed in 0..3 {
            looked_at += check_signed(name, &build, seed);
        }
    }
    assert!(looked_at > 500, "{looked_at}");
}

#[test]
fn what_is_masked_passes_its_state_and_its_derivative_on() {
    let build = || -> Built { Box::new(Masked::new(Box::new(Gru::new(2, 2)))) };
    let mut random = Random::new(5, Purpose::Initial);
    let mut x = vec![zeros(); 5];
    random.fill(&mut x, -1.0, 1.0);
    (0..BATCH).for_each(|lane| x[0][lane] = f64::from(u8::from(lane % 3 > 0)));
    let inputs: Vec<(usize, usize)> = (1..5).flat_map(|i| [(i, 0), (i, 1), (i, 3)]).collect();
    assert!(check("masked", &build, &x, &inputs, &mut random) > 30);
    let mut y = vec![zeros(); 2];
    build().forward(&vec![0.5; build().parameters()], &x, &mut y);
    assert_eq!((y[0][0], y[1][3]), (x[3][0], x[4][3]));
    assert_ne!(y[0][1], x[3][1]);
}

#[test]
fn words_get_the_derivatives_of_their_vectors() {
    let build = || -> Built { Box::new(Embedding::new(4, 3, 2, Start::Normal)) };
    let x = [5, 3].map(|words| std::array::from_fn(|lane| (lane % words) as f64));
    assert_eq!(check("embedding", &build, &x, &[], &mut Random::new(1, Purpose::Initial)), 12);
    let mut y = vec![zeros(); 8];
    let vectors: Vec<f64> = (1..=12).map(f64::from).collect();
    build().forward(&vectors, &x, &mut y);
    // Example 7 has the words 2 and 1, example 5 none and 2.
    assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(|row| y[row][7]), [1.0, 4.0, 5.0, 6.0, 1.0, 1.0, 2.0, 3.0]);
    assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(|row| y[row][5]), [0.0, 0.0, 0.0, 0.0, 1.0, 4.0, 5.0, 6.0]);
}

/// Computes the outputs of a cell for one example.
fn one(cell: &mut dyn Cell<f64>, parameters: &[f64], x: &[f64]) -> Vec<f64> {
    let rows: Vec<Row<f64>> = x.iter().map(|&x| [x; BATCH]).collect();
    let mut y = vec![zeros(); cell.outputs()];
    cell.forward(parameters, &rows, &mut y);
    y.iter().map(|row| row[BATCH - 1]).collect()
}

#[test]
fn steps_are_what_the_equations_say() {
    let sigmoid = |a: f64| 1.0 / (1.0 + (-a).exp());
    // One unit, one input: i, f, g, o from (0.5, −1), (1, 0), (−2, 1), (0, 3) · (x, h) and biases 0.1, 0.2, 0.3, 0.4.
    let parameters = [0.5, -1.0, 1.0, 0.0, -2.0, 1.0, 0.0, 3.0, 0.1, 0.2, 0.3, 0.4];
    let (x, h, c) = (0.7, -0.2, 1.5);
    let c_next = sigmoid(0.7 + 0.2) * c + sigmoid(0.35 + 0.2 + 0.1) * (-1.4 - 0.2 + 0.3_f64).tanh();
    let h_next = sigmoid(-0.6 + 0.4) * c_next.tanh();
    let found = one(&mut Lstm::new(1, 1), &parameters, &[x, h, c]);
    assert!((found[0] - h_next).abs() < 1e-12 && (found[1] - c_next).abs() < 1e-12, "{found:?}");

    // r, z from (0.5, −1), (1, 0) · (x, h), n from (−2, 1) · (x, r h), biases 0.1, 0.2, 0.3.
    let parameters = [0.5, -1.0, 1.0, 0.0, -2.0, 1.0, 0.1, 0.2, 0.3];
    let (r, z) = (sigmoid(0.35 + 0.2 + 0.1), sigmoid(0.7 + 0.2));
    let expected = (1.0 - z) * (-1.4 + r * h + 0.3).tanh() + z * h;
    let found = one(&mut Gru::new(1, 1), &parameters, &[x, h]);
    assert!((found[0] - expected).abs() < 1e-12, "{found:?} for {expected}");

    // Decided gates: 7 · 100, and 700 + 21.
    let mut words = [2.1, 0.0, 0.4, 0.0, 100.0_f64.ln(), -1.1];
    Register::decide(&mut words);
    assert!((one(&mut Register, &[], &[&words[3..], &[7.0][..]].concat())[0] - 700.0).abs() < 1e-9);
    assert!((one(&mut Register, &[], &[&words[..3], &[700.0][..]].concat())[0] - 721.0).abs() < 1e-9);
}

#[test]
fn a_calculator_calculates() {
    // The digits 4 and 2 go on with the operand, `-` closes it and turns the sign.
    let mut symbols = [4.1, 9.7_f64.ln(), -1.0, 7.0, 1.8, 10.2_f64.ln(), -2.0, 0.0, -3.0, -2.0, 1.5, 3.5];
    Calculator::decide(&mut symbols);
    Calculator::round(&mut symbols);
    let mut state = vec![0.0; 3];
    let sums: Vec<f64> = [0, 1, 2, 1, 0]
        .map(|symbol| {
            state = one(&mut Calculator, &[], &[&symbols[symbol * SYMBOL..][..SYMBOL], &state[..]].concat());
            state[0]
        })
        .to_vec();
    // 4, 42, 42-, 42-2, 42-24.
    for (found, expected) in sums.iter().zip([4.0, 42.0, 42.0, 40.0, 18.0]) {
        assert!((found - expected).abs() < 1e-6, "{sums:?}");
    }
}

#[test]
fn pairs_are_summed_where_there_are_words() {
    // One number a word; 10 w + w′ by a linear layer with its bias 0.5; the end is 7. No word, 3, 4: (34 + ½) + (47 + ½).
    let linear = || CellName::Dense(Activation::Linear).cell(2, 1);
    let parameters = [7.0, 10.0, 1.0, 0.5];
    assert_eq!(one(&mut Pairs::new(3, linear), &parameters, &[0.0, 0.0, 1.0, 3.0, 1.0, 4.0]), [82.0]);
    // Without words a NALU would take the logarithm of nothing.
    let (mut pairs, mut gradient) = (Pairs::new(2, || nalu(2, 1)), vec![f64::NAN; 7]);
    let (x, mut y) = (vec![zeros(); 4], [zeros()]);
    let parameters = [0.1, -3.0, -3.0, 5.0, 5.0, 0.2, 0.3];
    pairs.forward(&parameters, &x, &mut y);
    pairs.backward(&parameters, &x, &y, &[[1.0; BATCH]], None, &mut gradient);
    assert_eq!((y[0][0], &gradient[..]), (0.0, &[0.0; 7][..]));
}

//! Sequences with gaps against the shorter ones without them.

use gridworld_numeracy::cells::{Activation, Cell, CellName};
use gridworld_numeracy::engine::{BATCH, Purpose, Random, Row, zeros};
use gridworld_numeracy::recurrent::{
    Accumulated, Calculator, FirstState, Gru, Lstm, Masked, Pairs, Register, RunningSum, Unroll,
};

use super::slow::given;

const LENGTH: usize = 5;
/// Number of patterns of words and gaps.
const PATTERNS: usize = 1 << LENGTH;

type Build = fn() -> Box<dyn Cell<f64>>;

fn steps() -> [(&'static str, Build); 6] {
    [
        ("lstm", || Box::new(Lstm::new(2, 2))),
        ("gru", || Box::new(Gru::new(1, 2))),
        ("register", || Box::new(Register)),
        ("calculator", || Box::new(Calculator)),
        ("layer", || CellName::Dense(Activation::Tanh).cell(3, 2)),
        ("accumulated", || Box::new(Accumulated::new(Box::new(Gru::new(1, 1)), 1, CellName::Nau.cell(2, 1)))),
    ]
}

/// Tells if there is a word at a time of an example: each pattern has four examples in a batch.
fn is_word(t: usize, lane: usize) -> bool {
    (lane % PATTERNS) >> t & 1 == 1
}

/// A step over sequences with gaps, with what it computed.
struct Run {
    parameters: Vec<f64>,
    x: Vec<Row<f64>>,
    dy: Vec<Row<f64>>,
    y: Vec<Row<f64>>,
    dx: Vec<Row<f64>>,
    gradient: Vec<f64>,
}

fn forward_and_back(cell: &mut dyn Cell<f64>, parameters: Vec<f64>, x: Vec<Row<f64>>, dy: Vec<Row<f64>>) -> Run {
    let (mut y, mut dx) = (vec![zeros(); dy.len()], vec![zeros(); x.len()]);
    let mut gradient = vec![f64::NAN; parameters.len()];
    cell.forward(&parameters, &x, &mut y);
    cell.backward(&parameters, &x, &y, &dy, Some(&mut dx), &mut gradient);
    Run { parameters, x, dy, y, dx, gradient }
}

/// Computes sequences with all patterns of words and gaps.
fn with_gaps(build: Build, first: FirstState) -> Run {
    let states = build().outputs();
    let mut unroll = Unroll::new(LENGTH, 0..states, first, || Box::new(Masked::new(build())));
    let (parameters, mut x) = given(&unroll, 4);
    let place = x.len() / LENGTH;
    for t in 0..LENGTH {
        x[t * place] = std::array::from_fn(|lane| f64::from(u8::from(is_word(t, lane))));
    }
    let mut dy = vec![zeros(); states];
    Random::new(5, Purpose::Test).fill(&mut dy, -1.0, 1.0);
    forward_and_back(&mut unroll, parameters, x, dy)
}

/// Computes the words of one pattern without the gaps; derivatives of other patterns' outputs are 0.
fn without_gaps(build: Build, first: FirstState, run: &Run, pattern: usize, times: &[usize]) -> Run {
    let mut unroll = Unroll::new(times.len(), 0..run.y.len(), first, build);
    let place = run.x.len() / LENGTH;
    let x = times.iter().flat_map(|t| run.x[t * place + 1..(t + 1) * place].to_vec()).collect();
    let own = |row: &Row<f64>| std::array::from_fn(|lane| if lane % PATTERNS == pattern { row[lane] } else { 0.0 });
    forward_and_back(&mut unroll, run.parameters.clone(), x, run.dy.iter().map(own).collect())
}

#[test]
fn a_sequence_with_gaps_is_the_shorter_one() {
    for (name, build) in steps() {
        for first in [FirstState::Zero, FirstState::Learned] {
            let run = with_gaps(build, first);
            let (states, place) = (run.y.len(), run.x.len() / LENGTH);
            let mut gradient = vec![0.0; run.gradient.len()];
            for pattern in 0..PATTERNS {
                let lanes = (pattern..BATCH).step_by(PATTERNS);
                let times: Vec<usize> = (0..LENGTH).filter(|t| is_word(*t, pattern)).collect();
                if times.is_empty() {
                    // Nothing was read: the state is the first one, and all that the derivative reaches.
                    let learned: &[f64] = if first == FirstState::Learned { &run.parameters } else { &[0.0; 4] };
                    for (state, y) in run.y.iter().enumerate() {
                        lanes.clone().for_each(|lane| assert_eq!(y[lane], learned[state], "{name}"));
                    }
                    if first == FirstState::Learned {
                        let sum = |dy: &Row<f64>| lanes.clone().map(|lane| dy[lane]).sum::<f64>();
                        gradient.iter_mut().zip(&run.dy).for_each(|(by, dy)| *by += sum(dy));
                    }
                    continue;
                }
                let short = without_gaps(build, first, &run, pattern, &times);
                gradient.iter_mut().zip(&short.gradient).for_each(|(sum, by)| *sum += by);
                for lane in lanes {
                    assert!((0..states).all(|state| run.y[state][lane] == short.y[state][lane]), "{name} {pattern}");
                    let words = times.iter().flat_map(|t| t * place + 1..(t + 1) * place);
                    let by_words: Vec<f64> = words.map(|row| run.dx[row][lane]).collect();
                    let expected: Vec<f64> = short.dx.iter().map(|row| row[lane]).collect();
                    assert_eq!(by_words, expected, "{name} {pattern}");
                }
            }
            let close =
                gradient.iter().zip(&run.gradient).all(|(sum, by)| (sum - by).abs() < 1e-11 * by.abs().max(1.0));
            assert!(close, "{name}: {gradient:?} {:?}", run.gradient);
        }
    }
}

#[test]
fn what_stands_in_a_gap_is_not_read() {
    for (name, build) in steps() {
        let run = with_gaps(build, FirstState::Zero);
        let place = run.x.len() / LENGTH;
        let mut other = run.x.clone();
        for (row, numbers) in other.iter_mut().enumerate().filter(|(row, _)| row % place > 0) {
            for lane in (0..BATCH).filter(|lane| !is_word(row / place, *lane)) {
                numbers[lane] = 7.0;
                assert_eq!(run.dx[row][lane], 0.0, "{name}: a gap has no derivative");
            }
        }
        let states = run.y.len();
        let mut unroll = Unroll::new(LENGTH, 0..states, FirstState::Zero, || Box::new(Masked::new(build())));
        let again = forward_and_back(&mut unroll, run.parameters.clone(), other, run.dy.clone());
        assert_eq!(again.y, run.y, "{name}");
        let close = again.gradient.iter().zip(&run.gradient).all(|(a, b)| (a - b).abs() < 1e-11 * b.abs().max(1.0));
        assert!(close, "{name}");
    }
}

#[test]
fn wrappers_pass_bounds_regularizers_and_weights_of_their_cells_on() {
    // A NAU of two weights within each, after the parameters of the wrapper's own.
    let nau = || CellName::Nau.cell::<f64>(2, 1);
    let memory = || -> Box<dyn Cell<f64>> { Box::new(Gru::new(1, 1)) };
    let of_memory = memory().parameters();
    let wrappers: [(&str, Box<dyn Cell<f64>>, usize); 5] = [
        ("running sum", Box::new(RunningSum::new(nau())), 0),
        ("masked", Box::new(Masked::new(nau())), 0),
        ("unrolled", Box::new(Unroll::new(3, 0..1, FirstState::Learned, nau)), 1),
        ("pairs", Box::new(Pairs::new(3, nau)), 1),
        ("accumulated", Box::new(Accumulated::new(memory(), 1, nau())), of_memory),
    ];
    for (name, cell, own) in wrappers {
        assert_eq!(cell.parameters(), own + 2, "{name}");
        let mut parameters = [vec![9.0; own], vec![0.25, -3.0]].concat();
        let mut gradient = vec![0.0; own + 2];
        cell.add_sparsity(&parameters, 2.0, &mut gradient);
        assert_eq!(gradient, [vec![0.0; own], vec![1.0, 0.0]].concat(), "{name}: mean of two");
        assert_eq!(cell.weights(&parameters), [0.25, -3.0], "{name}");
        cell.constrain(&mut parameters);
        assert_eq!(parameters, [vec![9.0; own], vec![0.25, -1.0]].concat(), "{name}");
    }
}

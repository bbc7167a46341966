//! Recurrent cells against their equations, written out for one example and one step after the other.

use gridworld_numeracy::cells::{Cell, CellName};
use gridworld_numeracy::engine::{BATCH, Network, Purpose, Random, Row, zeros};
use gridworld_numeracy::recurrent::{
    Accumulated, Calculator, FirstState, Gru, Lstm, Pairs, Reader, Register, RunningSum, Unroll,
};

use crate::gradients::check_signed;

pub fn sigmoid(a: f64) -> f64 {
    1.0 / (1.0 + (-a).exp())
}

/// Computes W x, of a matrix row by row.
fn product(w: &[f64], x: &[f64]) -> Vec<f64> {
    w.chunks(x.len()).map(|row| row.iter().zip(x).map(|(w, x)| w * x).sum()).collect()
}

/// Computes a step of an LSTM with the state `[h, c]`.
pub fn lstm(p: &[f64], x: &[f64], state: &[f64]) -> Vec<f64> {
    let (h, c) = state.split_at(state.len() / 2);
    let read = [x, h].concat();
    let (w, b) = p.split_at(4 * h.len() * read.len());
    let a: Vec<f64> = product(w, &read).iter().zip(b).map(|(a, b)| a + b).collect();
    let gate = |kind: usize, unit: usize| a[kind * h.len() + unit];
    let units = 0..h.len();
    let memory: Vec<f64> =
        units.clone().map(|j| sigmoid(gate(1, j)) * c[j] + sigmoid(gate(0, j)) * gate(2, j).tanh()).collect();
    units.map(|j| sigmoid(gate(3, j)) * memory[j].tanh()).chain(memory.iter().copied()).collect()
}

fn gru(p: &[f64], x: &[f64], h: &[f64]) -> Vec<f64> {
    let (n, read) = (h.len(), x.len() + h.len());
    let (w, rest) = p.split_at(2 * n * read);
    let (v, b) = rest.split_at(n * read);
    let gates: Vec<f64> = product(w, &[x, h].concat()).iter().zip(b).map(|(a, b)| sigmoid(a + b)).collect();
    let reset: Vec<f64> = gates.iter().zip(h).map(|(r, h)| r * h).collect();
    let candidates = product(v, &[x, &reset].concat());
    (0..n).map(|j| (1.0 - gates[n + j]) * (candidates[j] + b[2 * n + j]).tanh() + gates[n + j] * h[j]).collect()
}

fn register(_: &[f64], x: &[f64], y: &[f64]) -> Vec<f64> {
    let g = sigmoid(x[2] + 1.0);
    vec![g * (y[0] + 10.0 * x[0]) + (1.0 - g) * y[0] * x[1].exp()]
}

fn calculator(_: &[f64], x: &[f64], state: &[f64]) -> Vec<f64> {
    let [v, c, s, p] = [0, 1, 2, 3].map(|i| x[i]);
    let [y, r, u] = [0, 1, 2].map(|i| state[i]);
    let g = sigmoid(s - 1.0);
    let (k, q) = (1.0 - g, c.exp() * r + v * (1.0 + u));
    vec![y + k * (q - r), k * q, u + g.powi(8) * (-2.0 * sigmoid(p - 3.0) - u)]
}

fn running_sum(p: &[f64], x: &[f64], s: &[f64]) -> Vec<f64> {
    product(p, x).iter().zip(s).map(|(given, s)| s + given).collect()
}

/// Computes an LSTM of two units, and a NAU that reads them and its own last output.
fn accumulated(p: &[f64], x: &[f64], state: &[f64]) -> Vec<f64> {
    let (own, w) = p.split_at(p.len() - 3);
    let mut next = lstm(own, x, &state[..4]);
    next.push(w[0] * next[0] + w[1] * next[1] + w[2] * state[4]);
    next
}

type Step = fn(&[f64], &[f64], &[f64]) -> Vec<f64>;
type Build = fn() -> Box<dyn Cell<f64>>;

/// Gives the steps, each as a cell and as its equations.
fn steps() -> [(&'static str, Build, Step); 6] {
    [
        ("lstm", || Box::new(Lstm::new(3, 2)), lstm),
        ("gru", || Box::new(Gru::new(2, 3)), gru),
        ("register", || Box::new(Register), register),
        ("calculator", || Box::new(Calculator), calculator),
        ("running sum", || Box::new(RunningSum::new(CellName::Nau.cell(3, 2))), running_sum),
        (
            "accumulated",
            || Box::new(Accumulated::new(Box::new(Lstm::new(1, 2)), 2, CellName::Nau.cell(3, 1))),
            accumulated,
        ),
    ]
}

/// Makes a cell's parameters, and inputs for it.
pub fn given(cell: &dyn Cell<f64>, seed: u64) -> (Vec<f64>, Vec<Row<f64>>) {
    let mut random = Random::new(seed, Purpose::Test);
    let parameters = (0..cell.parameters()).map(|_| random.uniform(-1.0, 1.0)).collect();
    let mut x = vec![zeros(); cell.inputs()];
    random.fill(&mut x, -1.0, 1.0);
    (parameters, x)
}

#[test]
fn states_are_those_of_the_equations_after_any_number_of_steps() {
    let mut looked_at = 0;
    for (name, build, step) in steps() {
        let states = build().outputs();
        let features = build().inputs() - states;
        for (length, first) in [(1, FirstState::Zero), (1, FirstState::Learned), (2, FirstState::Zero)]
            .into_iter()
            .chain([(3, FirstState::Learned), (6, FirstState::Zero)])
        {
            let mut unroll = Unroll::new(length, 0..states, first, build);
            let (parameters, x) = given(&unroll, length as u64);
            let mut y = vec![zeros(); states];
            unroll.forward(&parameters, &x, &mut y);
            let learned = if first == FirstState::Learned { states } else { 0 };
            for lane in 0..BATCH {
                let mut state = vec![0.0; states];
                state[..learned].copy_from_slice(&parameters[..learned]);
                let example: Vec<f64> = x.iter().map(|row| row[lane]).collect();
                for word in example.chunks(features) {
                    state = step(&parameters[learned..], word, &state);
                }
                for (found, expected) in y.iter().zip(&state) {
                    let difference = (found[lane] - expected).abs();
                    assert!(
                        difference < 1e-12 * expected.abs().max(1.0),
                        "{name}, {length}: {} {expected}",
                        found[lane]
                    );
                    looked_at += 1;
                }
            }
        }
    }
    assert_eq!(looked_at, 5 * BATCH * (4 + 3 + 1 + 3 + 2 + 5));
}

#[test]
fn derivatives_through_time_are_those_of_central_differences() {
    for (name, build, _) in steps() {
        let states = build().outputs();
        for (length, first) in [(1, FirstState::Learned), (2, FirstState::Zero), (5, FirstState::Learned)] {
            // One number of the state alone, the last, which may be one that the others pass on.
            for read in [0..states, states - 1..states] {
                let unroll = || -> Box<dyn Cell<f64>> { Box::new(Unroll::new(length, read.clone(), first, build)) };
                assert!(check_signed(name, &unroll, length as u64) > length);
            }
        }
    }
}

#[test]
fn one_step_is_the_step_itself() {
    for (name, build, _) in steps() {
        let mut step = build();
        let states = step.outputs();
        let mut unroll = Unroll::new(1, 0..states, FirstState::Learned, build);
        let (parameters, x) = given(&unroll, 9);
        let (mut found, mut expected) = (vec![zeros(); states], vec![zeros(); states]);
        unroll.forward(&parameters, &x, &mut found);
        let first = parameters[..states].iter().map(|&state| [state; BATCH]);
        let read: Vec<Row<f64>> = x.iter().copied().chain(first).collect();
        step.forward(&parameters[states..], &read, &mut expected);
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn memories_begin_with_open_forget_gates_and_nothing_else() {
    let drawn = |cell: &dyn Cell<f64>| {
        let mut parameters = vec![f64::NAN; cell.parameters()];
        cell.initialize(&mut parameters, &mut Random::new(1, Purpose::Initial));
        parameters
    };
    let (inputs, hidden) = (20, 30);
    let r = (6.0 / (inputs + 2 * hidden) as f64).sqrt();
    let lstm = drawn(&Lstm::new(inputs, hidden));
    let (w, b) = lstm.split_at(4 * hidden * (inputs + hidden));
    assert_eq!(b, [[0.0; 30], [1.0; 30], [0.0; 30], [0.0; 30]].concat());
    let gru = drawn(&Gru::new(inputs, hidden));
    let (of_gru, b) = gru.split_at(3 * hidden * (inputs + hidden));
    assert_eq!(b, [0.0; 90]);
    for weights in [w, of_gru] {
        let greatest = weights.iter().fold(0.0_f64, |greatest, w| greatest.max(w.abs()));
        let square = weights.iter().map(|w| w * w).sum::<f64>() / weights.len() as f64;
        assert!(greatest <= r && greatest > 0.99 * r, "{greatest} {r}");
        assert!((square / (r * r / 3.0) - 1.0).abs() < 0.05, "{square}");
    }
    // A first state that is learned begins as one that is not.
    let unroll = drawn(&Unroll::new(4, 0..3, FirstState::Learned, || Box::new(Gru::new(2, 3))));
    assert!(unroll[..3] == [0.0; 3] && unroll[3..12].iter().all(|w| *w != 0.0));
}

#[test]
fn a_pair_is_a_word_and_the_one_after_it() {
    // NAUs over vectors of two numbers: y = Σ_t W [x_t, x_{t+1}], and the end after the last.
    let (length, size) = (4, 2);
    let mut pairs = Pairs::new(length, || CellName::Nau.cell(2 * size, 3));
    let (parameters, mut x) = given(&pairs, 2);
    // Sequences of 0 to 4 words, which stand at the end.
    (0..length * BATCH).for_each(|i| x[i / BATCH * 3][i % BATCH] = f64::from(u8::from(i / BATCH >= i % BATCH % 5)));
    let mut y = vec![[f64::NAN; BATCH]; 3];
    pairs.forward(&parameters, &x, &mut y);
    for lane in 0..BATCH {
        let word = |t: usize| [x[3 * t + 1][lane], x[3 * t + 2][lane]];
        let mut expected = [0.0; 3];
        for t in lane % 5..length {
            let next = if t + 1 < length { word(t + 1) } else { [parameters[0], parameters[1]] };
            let given = product(&parameters[size..], &[word(t), next].concat());
            expected.iter_mut().zip(given).for_each(|(sum, given)| *sum += given);
        }
        let found = [0, 1, 2].map(|o| y[o][lane]);
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-13), "{lane}");
        assert!(lane % 5 < 4 || found == [0.0; 3], "a sequence without words has no pairs");
    }
}

/// Makes sequences of up to 4 out of 3 words, which stand at the end; gives the rows, and the words of each example.
fn sentences() -> (Vec<Row<f64>>, Vec<Vec<usize>>) {
    let mut random = Random::new(3, Purpose::Training);
    let words: Vec<Vec<usize>> = (0..BATCH).map(|lane| (0..lane % 5).map(|_| 1 + random.below(3)).collect()).collect();
    let at = |t: usize, lane: usize| (t + words[lane].len()).checked_sub(4).map_or(0, |place| words[lane][place]);
    ((0..4).map(|t| std::array::from_fn(|lane| at(t, lane) as f64)).collect(), words)
}

#[test]
fn readers_read_words_and_nothing_else() {
    let reader = Reader { words: 3, length: 4 };
    let (x, words) = sentences();
    let last = reader.last(2, || Box::new(Lstm::new(2, 2)), CellName::Nau);
    let each = reader.each(2, CellName::Nau);
    for (name, cells) in [("last", last), ("each", each)] {
        let mut network = Network::<f64>::new(cells, &mut Random::new(8, Purpose::Initial));
        let mut random = Random::new(9, Purpose::Initial);
        network.parameters().iter_mut().for_each(|parameter| *parameter = random.uniform(-1.0, 1.0));
        let parameters = network.parameters().to_vec();
        network.inputs().copy_from_slice(&x);
        let found = network.forward()[0];
        // Vectors of three words, an LSTM of 4 · 2 · (2 + 2 + 1), then the NAU.
        let (vectors, rest) = parameters.split_at(6);
        let (memory, w) = rest.split_at(40);
        for (lane, words) in words.iter().enumerate() {
            let (mut state, mut number) = (vec![0.0; 4], 0.0);
            for word in words {
                state = lstm(memory, &vectors[2 * (word - 1)..2 * word], &state);
                number = w[0] * state[0] + w[1] * state[1] + w.get(2).map_or(0.0, |own| own * number);
            }
            assert!((found[lane] - number).abs() < 1e-13, "{name}, {words:?}: {} {number}", found[lane]);
        }
        assert!(found[0] == 0.0 && found[4] != 0.0, "{name}: nothing read is nothing");
    }
}

//! The recurrent cells that count, add or multiply what is read.

use std::ops::RangeInclusive;

use gridworld_agents::cells::nac::{self, nac};
use gridworld_agents::cells::nalu::nalu;
use gridworld_agents::cells::{gru, lstm, nau, rnn};
use gridworld_agents::{Bound, Layout, Slot, fill_uniform};
use rand::Rng;
use tch::{Kind, Tensor};

use super::multiplication::{nac_mul, nmu};
use super::{DigitsCell, DigitsOperation};

/// Number of units of the cells that have some: LSTM, GRU, RNN.
const HIDDEN: usize = 32;

/// Gives the factor on the learning rate for weights of arithmetic.
///
/// To count, two hundred of them have to find out which class of the reader belongs to which digit, and take long at the
/// reader's rate. To add or multiply, there are two to find, and their trembling is felt in every answer; and a counter
/// begins with whole weights.
fn rate(name: DigitsCell, operation: DigitsOperation) -> f64 {
    match (name, operation) {
        (DigitsCell::Counter, _) | (_, DigitsOperation::Sum | DigitsOperation::Product) => 1.0,
        (_, DigitsOperation::Count) => 10.0,
    }
}

/// A recurrent cell: the places of its parameters, and the scale of its answers.
#[derive(Clone, Debug)]
pub struct Cell {
    name: DigitsCell,
    operation: DigitsOperation,
    slots: Vec<Slot>,
    /// Factor and addend that are applied to a readout's result.
    scale: (f64, f64),
}

/// State of a cell over a batch of sequences.
#[derive(Debug)]
pub struct State {
    h: Tensor,
    /// Second vector of the LSTM's state.
    c: Option<Tensor>,
}

impl Cell {
    /// Lays the cell's parameters out under `cell.`. `length` is that of the sequences in training.
    pub fn new(name: DigitsCell, operation: DigitsOperation, length: usize, layout: &mut Layout) -> Cell {
        let (outputs, moments) = (operation.outputs(), operation.moments(length));
        let both = [outputs, 2 * outputs];
        let learning_rate = rate(name, operation);
        let mut arithmetic = |names: &[&str], shape: &[usize]| -> Vec<Slot> {
            names.iter().map(|name| layout.add_with_rate(&format!("cell.{name}"), shape, learning_rate)).collect()
        };
        let slots = match name {
            DigitsCell::Perfect => Vec::new(),
            DigitsCell::Linear
            | DigitsCell::Nau
            | DigitsCell::NauRounded
            | DigitsCell::Nmu
            | DigitsCell::NmuRounded => arithmetic(&["w"], &both),
            DigitsCell::Counter => arithmetic(&["w"], &[outputs, outputs]),
            DigitsCell::Nac | DigitsCell::NacMul => arithmetic(&["w_hat", "m_hat"], &both),
            DigitsCell::Nalu => arithmetic(&["w_hat", "m_hat", "g"], &both),
            DigitsCell::Rnn | DigitsCell::Gru | DigitsCell::Lstm => {
                let rows = name.gates() * HIDDEN;
                let shapes: [(&str, &[usize]); 6] = [
                    ("weight_ih", &[rows, outputs]),
                    ("weight_hh", &[rows, HIDDEN]),
                    ("bias_ih", &[rows]),
                    ("bias_hh", &[rows]),
                    ("readout.weight", &[outputs, HIDDEN]),
                    ("readout.bias", &[outputs]),
                ];
                shapes.map(|(name, shape)| layout.add(&format!("cell.{name}"), shape)).to_vec()
            }
        };
        Cell { name, operation, slots, scale: (moments.1, moments.0) }
    }

    /// Draws the parameters as published: NAC and NALU so that W has Glorot's variance, NAU and linear from Glorot's
    /// range of at most ½, an NMU from U[¼, ¾], the others from U[−1/√hidden, 1/√hidden], with the LSTM's forget gate open
    /// (Jozefowicz et al. 2015). A counter begins as the unit matrix: before anything is learned no class of the reader
    /// means one digit more than another, and with random weights half of the seeds ended with two digits in one class.
    pub fn initialize(&self, flat: &mut [f32], layout: &Layout, rng: &mut impl Rng) {
        let outputs = self.operation.outputs();
        let inputs = 2 * outputs;
        let range = match self.name {
            DigitsCell::Perfect | DigitsCell::Counter => 0.0,
            DigitsCell::Linear | DigitsCell::Nau | DigitsCell::NauRounded => nau::initial_range(inputs, outputs),
            DigitsCell::Nmu | DigitsCell::NmuRounded => 0.25,
            // A sum's cell of three would begin saturated: as in Madsen & Johansen's program, it begins as one of five.
            DigitsCell::Nac | DigitsCell::NacMul | DigitsCell::Nalu => {
                nac::initial_range(inputs.max(5 - outputs.min(4)), outputs)
            }
            DigitsCell::Rnn | DigitsCell::Gru | DigitsCell::Lstm => 1.0 / (HIDDEN as f64).sqrt(),
        };
        for &slot in &self.slots {
            fill_uniform(layout.slice(flat, slot), range, rng);
        }
        if matches!(self.name, DigitsCell::Nmu | DigitsCell::NmuRounded) {
            layout.slice(flat, self.slots[0]).iter_mut().for_each(|w| *w += 0.5);
        }
        if self.name == DigitsCell::Counter {
            layout.slice(flat, self.slots[0]).iter_mut().step_by(outputs + 1).for_each(|w| *w = 1.0);
        }
        if self.name == DigitsCell::Lstm {
            layout.slice(flat, self.slots[2])[HIDDEN..2 * HIDDEN].fill(1.0);
        }
    }

    /// Makes the state before the first of `sequences` sequences' digits.
    pub fn start(&self, sequences: i64) -> State {
        let of = |width: usize, value: f32| {
            Tensor::full([sequences, width as i64], f64::from(value), (Kind::Float, tch::Device::Cpu))
        };
        let h = match self.name.gates() {
            0 => of(self.operation.outputs(), self.operation.identity()),
            _ => of(HIDDEN, 0.0),
        };
        State { h, c: (self.name == DigitsCell::Lstm).then(|| of(HIDDEN, 0.0)) }
    }

    /// Gives the weights that this cell computes with, once for all steps of an unroll.
    pub fn weights(&self, parameters: &Bound) -> Weights {
        let all: Vec<Tensor> = self.slots.iter().map(|&slot| parameters[slot].shallow_clone()).collect();
        match (self.name, all.as_slice()) {
            (DigitsCell::Nac | DigitsCell::NacMul, [w_hat, m_hat]) => Weights(vec![nac::weight(w_hat, m_hat)]),
            (DigitsCell::Nalu, [w_hat, m_hat, g]) => Weights(vec![nac::weight(w_hat, m_hat), g.shallow_clone()]),
            _ => Weights(all),
        }
    }

    /// Takes one step with what was read, `x_t`: `[sequences, outputs]`.
    pub fn step(&self, Weights(weights): &Weights, x_t: &Tensor, state: &mut State) {
        let both = || Tensor::cat(&[x_t, &state.h], 1);
        let from_x = || x_t.linear(&weights[0], Some(&weights[2]));
        let from_h = || state.h.linear(&weights[1], Some(&weights[3]));
        state.h = match self.name {
            DigitsCell::Perfect => match self.operation {
                DigitsOperation::Count | DigitsOperation::Sum => &state.h + x_t,
                DigitsOperation::Product => &state.h * x_t,
            },
            DigitsCell::Counter => match self.operation {
                DigitsOperation::Count | DigitsOperation::Sum => &state.h + nac(x_t, &weights[0]),
                DigitsOperation::Product => &state.h * nmu(x_t, &weights[0]),
            },
            DigitsCell::Linear | DigitsCell::Nau | DigitsCell::NauRounded | DigitsCell::Nac => {
                nac(&both(), &weights[0])
            }
            DigitsCell::Nalu => nalu(&both(), &weights[0], &weights[1]),
            DigitsCell::NacMul => nac_mul(&both(), &weights[0]),
            DigitsCell::Nmu | DigitsCell::NmuRounded => nmu(&both(), &weights[0]),
            DigitsCell::Rnn => rnn(&(from_x() + from_h())),
            DigitsCell::Gru => gru(&from_x(), &from_h(), &state.h),
            DigitsCell::Lstm => {
                let c_tm1 = state.c.as_ref().expect("an LSTM's state has two vectors");
                let (h, c) = lstm(&(from_x() + from_h()), c_tm1);
                state.c = Some(c);
                h
            }
        };
    }

    /// Gives the answer, `[sequences, outputs]`: the state itself, or what a linear layer makes of it, in units of the
    /// answers' standard deviation from their mean, so that these cells need not first learn to be large.
    pub fn answer(&self, Weights(weights): &Weights, state: &State) -> Tensor {
        match self.name.gates() {
            0 => state.h.shallow_clone(),
            _ => state.h.linear(&weights[4], Some(&weights[5])) * self.scale.0 + self.scale.1,
        }
    }

    /// Gives the weights that are drawn to the whole numbers of a range, and the range that they are kept in.
    pub fn regularized(&self) -> Option<(Slot, RangeInclusive<f64>)> {
        match self.name {
            DigitsCell::Nau | DigitsCell::NauRounded => Some((self.slots[0], -1.0..=1.0)),
            DigitsCell::Counter => match self.operation {
                DigitsOperation::Count | DigitsOperation::Sum => Some((self.slots[0], -1.0..=1.0)),
                DigitsOperation::Product => Some((self.slots[0], 0.0..=1.0)),
            },
            DigitsCell::Nmu | DigitsCell::NmuRounded => Some((self.slots[0], 0.0..=1.0)),
            _ => None,
        }
    }

    /// Gives the weights that are made whole in the course of the training, and how many inputs each unit of them has.
    pub fn rounded(&self) -> Option<(Slot, usize)> {
        match self.name {
            DigitsCell::NauRounded | DigitsCell::NmuRounded => Some((self.slots[0], 2 * self.operation.outputs())),
            DigitsCell::Counter => Some((self.slots[0], self.operation.outputs())),
            _ => None,
        }
    }

    /// Gives the weights of arithmetic, if the cell has such weights.
    pub fn arithmetic(&self, Weights(weights): &Weights) -> Option<Tensor> {
        (self.name.gates() == 0).then(|| weights.first().map(Tensor::detach)).flatten()
    }
}

/// Weights of a cell as a step needs them.
#[derive(Debug)]
pub struct Weights(Vec<Tensor>);

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives the answer of a cell that adds, with these parameters, to readings one after another.
    fn sum(name: DigitsCell, parameters: &[f32], readings: &[f32]) -> f64 {
        answer(DigitsOperation::Sum, name, parameters, readings)
    }

    /// Gives the answer of a cell that multiplies, with these parameters, to readings one after another.
    fn product(name: DigitsCell, parameters: &[f32], readings: &[f32]) -> f64 {
        answer(DigitsOperation::Product, name, parameters, readings)
    }

    fn answer(operation: DigitsOperation, name: DigitsCell, parameters: &[f32], readings: &[f32]) -> f64 {
        let mut layout = Layout::default();
        let cell = Cell::new(name, operation, 10, &mut layout);
        assert_eq!(layout.len(), parameters.len());
        let flat = Tensor::from_slice(parameters);
        let weights = cell.weights(&layout.bind(&flat));
        let mut state = cell.start(1);
        for &reading in readings {
            cell.step(&weights, &Tensor::from_slice(&[reading]).view([1, 1]), &mut state);
        }
        cell.answer(&weights, &state).double_value(&[0, 0])
    }

    #[test]
    fn answers_are_those_worked_by_hand() {
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
        close(sum(DigitsCell::Perfect, &[], &[3.0, 4.0, 9.0]), 16.0);
        close(sum(DigitsCell::Counter, &[0.5], &[3.0, 4.0, 9.0]), 8.0);
        // h = ½ · 9 + 2 (½ · 4 + 2 (½ · 3)).
        for name in [DigitsCell::Linear, DigitsCell::Nau, DigitsCell::NauRounded] {
            close(sum(name, &[0.5, 2.0], &[3.0, 4.0, 9.0]), 14.5);
        }
        // tanh(ln 2) σ(ln 3) = 9/20, tanh(ln 3) σ(ln 4) = 16/25.
        let [ln_2, ln_3, ln_4] = [2.0_f32, 3.0, 4.0].map(f32::ln);
        close(sum(DigitsCell::Nac, &[ln_2, ln_3, ln_3, ln_4], &[3.0, 4.0]), 0.45 * 4.0 + 0.64 * 0.45 * 3.0);
        // An open gate: σ(20 x) is 1, and a NALU is its NAC.
        close(sum(DigitsCell::Nalu, &[ln_2, ln_3, ln_3, ln_4, 20.0, 0.0], &[3.0, 4.0]), 0.45 * 4.0 + 0.64 * 0.45 * 3.0);
    }

    #[test]
    fn products_are_those_worked_by_hand() {
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-4, "{found}, not {expected}");
        close(product(DigitsCell::Perfect, &[], &[3.0, 4.0, 9.0]), 108.0);
        // (½ · 2 + 1)².
        close(product(DigitsCell::Counter, &[1.0], &[3.0, 4.0, 9.0]), 108.0);
        close(product(DigitsCell::Counter, &[0.5], &[3.0, 3.0]), 2.0 * 2.0);
        for name in [DigitsCell::Nmu, DigitsCell::NmuRounded] {
            close(product(name, &[1.0, 1.0], &[3.0, 4.0, 9.0]), 108.0);
            // (½ · 2 + 1) · 1 = 2, and (½ · 3 + 1) (½ · 1 + 1) = 3.75.
            close(product(name, &[0.5, 0.5], &[3.0, 4.0]), 3.75);
        }
        // tanh(ln 2) σ(ln 3) = 9/20, tanh(ln 3) σ(ln 4) = 16/25.
        let [ln_2, ln_3, ln_4] = [2.0_f32, 3.0, 4.0].map(f32::ln);
        let expected = 4_f64.powf(0.45) * 3_f64.powf(0.45 * 0.64);
        close(product(DigitsCell::NacMul, &[ln_2, ln_3, ln_3, ln_4], &[3.0, 4.0]), expected);
    }

    #[test]
    fn a_readout_of_nothing_is_the_mean_answer() {
        let sizes = [(DigitsCell::Rnn, 1), (DigitsCell::Gru, 3), (DigitsCell::Lstm, 4)];
        for (name, gates) in sizes {
            let parameters = vec![0.0; gates * HIDDEN * (1 + HIDDEN + 2) + HIDDEN + 1];
            assert!((sum(name, &parameters, &[3.0, 4.0]) - 45.0).abs() < 1e-5, "{name}");
        }
    }
}

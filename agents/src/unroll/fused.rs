//! The unroll on the processor, with its derivative written out.
//!
//! Per step there is one matrix product forward, `z W_zᵀ`, and two backward, on `z` and on the
//! weights. Lanes are taken in blocks whose gates stay in the processor's cache from one of these
//! to the next. All buffers are made once. The feedback loop is small and is computed lane by lane, by functions that are
//! compiled for its cell.

use std::ops::Range;

use tch::{Kind, Tensor};

use super::{CoreState, Input, Sizes, Unroll};
use crate::cells::{Gradients, Loop, LoopRows, Shown};
use crate::feedback::Feedback;
use crate::model::Weights;
use crate::wiring::Wiring;
use gridworld_kernels::{Matrix, Onto, lstm_backward, lstm_forward, multiply, preactivate, preactivate_backward};

/// Rows whose gates fit in a core's cache: 256 kB with 64 LSTM units.
const BLOCK: usize = 256;

/// An unroll with buffers for `steps` steps of `lanes` environments.
#[derive(Debug)]
pub struct Fused {
    sizes: Sizes,
    wiring: Wiring,
    /// Numbers that the loop saves of a lane's step.
    saved_len: usize,
    /// The tensors that the numbers below were copied from, and the added parts of the table.
    graph: Option<Weights>,
    added: Vec<Tensor>,
    weights: HostWeights,
    tape: Tape,
    scratch: Scratch,
    gradient: HostWeights,
    carried: Carried,
    /// Steps since the rollout began.
    t: usize,
}

#[derive(Debug, Default)]
struct HostWeights {
    table: Vec<f32>,
    recurrent: Vec<f32>,
    instruction: Vec<f32>,
    feedback: Vec<Vec<f32>>,
    heads: Vec<f32>,
    heads_bias: Vec<f32>,
}

impl HostWeights {
    /// Adds what the gradient on the gates of some rows of the tape gives to that on the table, the
    /// recurrent and the instruction's weights.
    fn add_gates(&mut self, tape: &Tape, rows: Range<usize>, (gates, columns): (usize, usize)) {
        let count = rows.len();
        let d_gates = &tape.gates[rows.start * gates..][..count * gates];
        let z = Matrix::new(&tape.z[rows.start * columns..], count, columns);
        multiply(&mut self.recurrent, Onto::Sum, Matrix::new(d_gates, count, gates).transposed(), z);
        let told = &tape.told[rows.clone()];
        preactivate_backward(gates, d_gates, &tape.rows[rows], told, &mut self.table, &mut self.instruction);
    }

    /// All of them, in the order of [`Weights::each`].
    fn each_mut(&mut self) -> Vec<&mut Vec<f32>> {
        let core = [&mut self.table, &mut self.recurrent, &mut self.instruction];
        core.into_iter().chain(&mut self.feedback).chain([&mut self.heads, &mut self.heads_bias]).collect()
    }
}

/// The rows of one step: what it reads of the state before it, and what it writes.
struct Rows<'a> {
    z: &'a mut [f32],
    x: &'a mut [f32],
    n_tm1: &'a [f32],
    n_t: &'a mut [f32],
    gates: &'a mut [f32],
    c_tm1: &'a [f32],
    c_t: &'a mut [f32],
    tanh_c: &'a mut [f32],
    h_t: &'a mut [f32],
    outputs: &'a mut [f32],
}

impl HostWeights {
    /// One step of the lanes in `rows`: loop, core and heads.
    fn forward(&self, wiring: &Wiring, saved_len: usize, input: Input<'_>, told: &[f32], rows: Rows<'_>) {
        let (lanes, width) = (told.len(), self.heads_bias.len());
        let Rows { z, x, n_tm1, n_t, gates, c_tm1, c_t, tanh_c, h_t, outputs } = rows;
        let (hidden, columns, count) = (h_t.len() / lanes, z.len() / lanes, gates.len() / lanes);
        if let Some((cell, feedback)) = &wiring.feedback {
            let shown = Shown { first: input.first, instructions: input.instructions };
            let rows = LoopRows { z, n_tm1, saved: x, n_t };
            cell.step(self.looped(feedback, columns, saved_len), shown, rows);
        }
        preactivate(count, &self.table, input.rows, &self.instruction, told, gates);
        let recurrent = Matrix::new(&self.recurrent, count, columns).transposed();
        multiply(gates, Onto::Sum, Matrix::new(z, lanes, columns), recurrent);
        lstm_forward(hidden, gates, c_tm1, c_t, tanh_c, h_t);
        outputs.chunks_exact_mut(width).for_each(|output| output.copy_from_slice(&self.heads_bias));
        let heads = Matrix::new(&self.heads, width, hidden).transposed();
        multiply(outputs, Onto::Sum, Matrix::new(h_t, lanes, hidden), heads);
    }

    fn looped<'a>(&'a self, feedback: &'a Feedback, columns: usize, saved_len: usize) -> Loop<'a> {
        Loop { feedback, weights: &self.feedback, columns, saved_len }
    }
}

/// What the backward pass needs of each step: `[steps, lanes, …]`.
#[derive(Debug)]
struct Tape {
    rows: Vec<u32>,
    instructions: Vec<f32>,
    /// What the LSTM itself reads of them.
    told: Vec<f32>,
    first: Vec<bool>,
    /// `[h_tm1, r_t]`, with one slot more for the state after the last step.
    z: Vec<f32>,
    /// The gates; the backward pass turns them into the gradient on their preactivations.
    gates: Vec<f32>,
    /// `c_tm1`, with one slot more.
    c: Vec<f32>,
    tanh_c: Vec<f32>,
    h: Vec<f32>,
    /// The loop's inputs, and what its cell keeps of them.
    x: Vec<f32>,
    /// `n_tm1`, with one slot more.
    n: Vec<f32>,
    outputs: Vec<f32>,
}

/// What one step needs and nobody keeps.
#[derive(Debug)]
struct Scratch {
    z: Vec<f32>,
    x: Vec<f32>,
    n_tm1: Vec<f32>,
    n: Vec<f32>,
    told: Vec<f32>,
    gates: Vec<f32>,
    c_tm1: Vec<f32>,
    c: Vec<f32>,
    tanh_c: Vec<f32>,
    h: Vec<f32>,
    outputs: Vec<f32>,
}

/// The gradients that go from a block's step to the step before it, `[BLOCK, …]`, and those on the
/// way there.
#[derive(Debug)]
struct Carried {
    dh_tm1: Vec<f32>,
    dc: Vec<f32>,
    dn: Vec<f32>,
    dh: Vec<f32>,
    dz: Vec<f32>,
}

impl Fused {
    /// An unroll with every lane's state zero.
    pub fn new(sizes: Sizes, wiring: Wiring) -> Fused {
        let Sizes { lanes, steps, hidden, units, outputs } = sizes;
        let saved = wiring.feedback.map_or(0, |(cell, feedback)| cell.saved_len(feedback.inputs(), units));
        let zeros = |count: usize, columns: usize| vec![0.0; count * lanes * columns];
        Fused {
            sizes,
            wiring,
            saved_len: saved,
            graph: None,
            added: Vec::new(),
            weights: HostWeights::default(),
            tape: Tape {
                rows: vec![0; steps * lanes],
                instructions: vec![0.0; steps * lanes],
                told: vec![0.0; steps * lanes],
                first: vec![false; steps * lanes],
                z: zeros(steps + 1, sizes.columns()),
                gates: zeros(steps, 4 * hidden),
                c: zeros(steps + 1, hidden),
                tanh_c: zeros(steps, hidden),
                h: zeros(steps, hidden),
                x: zeros(steps, saved),
                n: zeros(steps + 1, units),
                outputs: zeros(steps, outputs),
            },
            scratch: Scratch {
                z: zeros(1, sizes.columns()),
                x: zeros(1, saved),
                n_tm1: zeros(1, units),
                n: zeros(1, units),
                told: zeros(1, 1),
                gates: zeros(1, 4 * hidden),
                c_tm1: zeros(1, hidden),
                c: zeros(1, hidden),
                tanh_c: zeros(1, hidden),
                h: zeros(1, hidden),
                outputs: zeros(1, outputs),
            },
            gradient: HostWeights::default(),
            carried: Carried {
                dh_tm1: vec![0.0; BLOCK * hidden],
                dc: vec![0.0; BLOCK * hidden],
                dn: vec![0.0; BLOCK * units],
                dh: vec![0.0; BLOCK * hidden],
                dz: vec![0.0; BLOCK * sizes.columns()],
            },
            t: 0,
        }
    }
}

impl Unroll for Fused {
    fn load(&mut self, weights: Weights) {
        let count = weights.feedback.len();
        for weights in [&mut self.weights, &mut self.gradient] {
            weights.feedback.resize_with(count, Vec::new);
        }
        for (values, tensor) in self.weights.each_mut().into_iter().zip(weights.each()) {
            values.clear();
            append(values, tensor);
        }
        self.graph = Some(weights);
        self.added.clear();
    }

    fn extend(&mut self, table: Tensor) {
        append(&mut self.weights.table, &table);
        self.added.push(table);
    }

    fn step(&mut self, input: Input<'_>) -> &[f32] {
        let Sizes { lanes, outputs, steps, .. } = self.sizes;
        assert!(self.t < steps, "a rollout of {steps} steps is over");
        let at = self.t * lanes;
        self.tape.rows[at..][..lanes].copy_from_slice(input.rows);
        self.tape.instructions[at..][..lanes].copy_from_slice(input.instructions);
        self.tape.first[at..][..lanes].copy_from_slice(input.first);
        let told = &mut self.tape.told[at..][..lanes];
        for (told, (&instruction, &first)) in told.iter_mut().zip(input.instructions.iter().zip(input.first)) {
            *told = self.wiring.told.shown(instruction, first);
        }
        for start in (0..lanes).step_by(BLOCK) {
            self.step_block(at + start, BLOCK.min(lanes - start));
        }
        self.t += 1;
        &self.tape.outputs[at * outputs..][..lanes * outputs]
    }

    fn peek(&mut self, lanes: &[usize], input: Input<'_>) -> Vec<f32> {
        let Sizes { lanes: all, hidden, units, outputs, .. } = self.sizes;
        let (columns, count) = (self.sizes.columns(), lanes.len());
        let at = self.t * all;
        let scratch = &mut self.scratch;
        for (slot, &lane) in lanes.iter().enumerate() {
            let carried = if input.first[slot] { 0.0 } else { 1.0 };
            let carry =
                |from: &[f32], to: &mut [f32]| to.iter_mut().zip(from).for_each(|(to, from)| *to = carried * from);
            carry(&self.tape.z[(at + lane) * columns..][..hidden], &mut scratch.z[slot * columns..]);
            carry(&self.tape.c[(at + lane) * hidden..][..hidden], &mut scratch.c_tm1[slot * hidden..]);
            carry(&self.tape.n[(at + lane) * units..][..units], &mut scratch.n_tm1[slot * units..]);
            scratch.told[slot] = self.wiring.told.shown(input.instructions[slot], input.first[slot]);
        }
        let rows = Rows {
            z: &mut scratch.z[..count * columns],
            x: &mut scratch.x[..count * self.saved_len],
            n_tm1: &scratch.n_tm1[..count * units],
            n_t: &mut scratch.n[..count * units],
            gates: &mut scratch.gates[..count * 4 * hidden],
            c_tm1: &scratch.c_tm1[..count * hidden],
            c_t: &mut scratch.c[..count * hidden],
            tanh_c: &mut scratch.tanh_c[..count * hidden],
            h_t: &mut scratch.h[..count * hidden],
            outputs: &mut scratch.outputs[..count * outputs],
        };
        self.weights.forward(&self.wiring, self.saved_len, input, &scratch.told[..count], rows);
        scratch.outputs[..count * outputs].chunks_exact(outputs).map(|output| output[outputs - 1]).collect()
    }

    fn backward(&mut self, outputs: &[f32]) {
        let Sizes { lanes, hidden, outputs: width, .. } = self.sizes;
        for (gradient, weight) in self.gradient.each_mut().into_iter().zip(self.weights.each_mut()) {
            gradient.clear();
            gradient.resize(weight.len(), 0.0);
        }
        for start in (0..lanes).step_by(BLOCK) {
            self.block_backward(start, BLOCK.min(lanes - start), outputs);
        }
        let samples = self.t * lanes;
        let h = Matrix::new(&self.tape.h, samples, hidden);
        let d_outputs = Matrix::new(outputs, samples, width).transposed();
        multiply(&mut self.gradient.heads, Onto::Nothing, d_outputs, h);
        for d_outputs in outputs[..samples * width].chunks_exact(width) {
            self.gradient.heads_bias.iter_mut().zip(d_outputs).for_each(|(sum, d)| *sum += d);
        }
        self.propagate();
    }

    fn rewind(&mut self) {
        let Sizes { lanes, hidden, units, .. } = self.sizes;
        let (at, columns) = (self.t * lanes, self.sizes.columns());
        self.tape.z.copy_within(at * columns..(at + lanes) * columns, 0);
        self.tape.c.copy_within(at * hidden..(at + lanes) * hidden, 0);
        self.tape.n.copy_within(at * units..(at + lanes) * units, 0);
        self.t = 0;
    }

    fn state(&self) -> CoreState {
        let Sizes { lanes, hidden, units, .. } = self.sizes;
        let (at, columns) = (self.t * lanes, self.sizes.columns());
        let z = &self.tape.z[at * columns..][..lanes * columns];
        CoreState {
            h: z.chunks_exact(columns).flat_map(|z| &z[..hidden]).copied().collect(),
            c: self.tape.c[at * hidden..][..lanes * hidden].to_vec(),
            n: self.tape.n[at * units..][..lanes * units].to_vec(),
        }
    }

    fn set_state(&mut self, state: &CoreState) {
        let (hidden, columns) = (self.sizes.hidden, self.sizes.columns());
        self.t = 0;
        for (z, h) in self.tape.z.chunks_exact_mut(columns).zip(state.h.chunks_exact(hidden)) {
            z[..hidden].copy_from_slice(h);
        }
        self.tape.c[..state.c.len()].copy_from_slice(&state.c);
        self.tape.n[..state.n.len()].copy_from_slice(&state.n);
    }
}

impl Fused {
    /// The step that is recorded in `count` rows of the tape from row `at` on, all of one time.
    fn step_block(&mut self, at: usize, count: usize) {
        let Sizes { lanes, hidden, units, outputs, .. } = self.sizes;
        let (columns, saved_len) = (self.sizes.columns(), self.saved_len);
        let tape = &mut self.tape;
        let (z, next) = tape.z[at * columns..].split_at_mut(lanes * columns);
        let (c_tm1, c_t) = tape.c[at * hidden..].split_at_mut(lanes * hidden);
        let (n_tm1, n_t) = tape.n[at * units..].split_at_mut(lanes * units);
        let first = &tape.first[at..][..count];
        for (lane, _) in first.iter().enumerate().filter(|(_, first)| **first) {
            z[lane * columns..][..hidden].fill(0.0);
            c_tm1[lane * hidden..][..hidden].fill(0.0);
            n_tm1[lane * units..][..units].fill(0.0);
        }
        let input = Input { rows: &tape.rows[at..][..count], instructions: &tape.instructions[at..][..count], first };
        let h_t = &mut tape.h[at * hidden..][..count * hidden];
        let rows = Rows {
            z: &mut z[..count * columns],
            x: &mut tape.x[at * saved_len..][..count * saved_len],
            n_tm1: &n_tm1[..count * units],
            n_t: &mut n_t[..count * units],
            gates: &mut tape.gates[at * 4 * hidden..][..count * 4 * hidden],
            c_tm1: &c_tm1[..count * hidden],
            c_t: &mut c_t[..count * hidden],
            tanh_c: &mut tape.tanh_c[at * hidden..][..count * hidden],
            h_t: &mut *h_t,
            outputs: &mut tape.outputs[at * outputs..][..count * outputs],
        };
        self.weights.forward(&self.wiring, saved_len, input, &tape.told[at..][..count], rows);
        for (z, h_t) in next.chunks_exact_mut(columns).zip(h_t.chunks_exact(hidden)) {
            z[..hidden].copy_from_slice(h_t);
        }
    }

    /// Back through all steps of `count` lanes from lane `start` on; everything but the heads.
    fn block_backward(&mut self, start: usize, count: usize, outputs: &[f32]) {
        let Sizes { lanes, hidden, units, outputs: width, .. } = self.sizes;
        let (columns, gates) = (self.sizes.columns(), 4 * hidden);
        let Carried { dh_tm1, dc, dn, dh, dz } = &mut self.carried;
        [&mut *dh_tm1, dc, dn].into_iter().for_each(|carried| carried.fill(0.0));
        let (dh, dz) = (&mut dh[..count * hidden], &mut dz[..count * columns]);
        // Steps whose part of the weights' gradient is still to be added. Several at once make a
        // product of a good size; they follow each other on the tape only if the block has all lanes.
        let mut pending = 0;
        for t in (0..self.t).rev() {
            let at = t * lanes + start;
            let tape = &mut self.tape;
            dh.copy_from_slice(&dh_tm1[..count * hidden]);
            let d_outputs = Matrix::new(&outputs[at * width..], count, width);
            multiply(dh, Onto::Sum, d_outputs, Matrix::new(&self.weights.heads, width, hidden));
            let d_gates = &mut tape.gates[at * gates..][..count * gates];
            let range = at * hidden..(at + count) * hidden;
            lstm_backward(hidden, d_gates, &tape.c[range.clone()], &tape.tanh_c[range], dh, &mut dc[..count * hidden]);
            let recurrent = Matrix::new(&self.weights.recurrent, gates, columns);
            multiply(dz, Onto::Nothing, Matrix::new(d_gates, count, gates), recurrent);
            let dh_tm1 = &mut dh_tm1[..count * hidden];
            for (dh_tm1, dz) in dh_tm1.chunks_exact_mut(hidden).zip(dz.chunks_exact(columns)) {
                dh_tm1.copy_from_slice(&dz[..hidden]);
            }
            if let Some((cell, feedback)) = &self.wiring.feedback {
                let looped = self.weights.looped(feedback, columns, self.saved_len);
                let z = &tape.z[at * columns..][..count * columns];
                let saved = &tape.x[at * self.saved_len..][..count * self.saved_len];
                let (weights, dn) = (&mut *self.gradient.feedback, &mut dn[..count * units]);
                cell.backward(looped, z, saved, Gradients { weights, dz, dn, dh_tm1 });
            }
            for lane in (0..count).filter(|lane| tape.first[at + lane]) {
                dh_tm1[lane * hidden..][..hidden].fill(0.0);
                dc[lane * hidden..][..hidden].fill(0.0);
                dn[lane * units..][..units].fill(0.0);
            }
            pending += 1;
            if t == 0 || count < lanes || pending * count >= BLOCK {
                self.gradient.add_gates(tape, at..at + pending * count, (gates, columns));
                pending = 0;
            }
        }
    }

    /// Sends the gradients on to what the weights were computed from: the derivative of
    /// `Σ weight · gradient` is exactly that.
    fn propagate(&self) {
        let gradient = &self.gradient;
        let weights = self.graph.as_ref().expect("weights are loaded before the backward pass");
        let mut tables: Vec<&Tensor> = vec![&weights.table];
        tables.extend(&self.added);
        let mut total = Tensor::zeros([1], (Kind::Float, weights.recurrent.device()));
        let mut dot = |tensor: &Tensor, gradient: &[f32]| {
            let gradient = Tensor::from_slice(gradient).view(tensor.size().as_slice());
            total += (tensor * gradient).sum(Kind::Float);
        };
        let mut rest = gradient.table.as_slice();
        for table in tables {
            let (part, after) = rest.split_at(table.numel());
            dot(table, part);
            rest = after;
        }
        dot(&weights.recurrent, &gradient.recurrent);
        dot(&weights.instruction, &gradient.instruction);
        weights.feedback.iter().zip(&gradient.feedback).for_each(|(weights, gradient)| dot(weights, gradient));
        dot(&weights.heads, &gradient.heads);
        dot(&weights.heads_bias, &gradient.heads_bias);
        total.backward();
    }
}

/// Adds a tensor's numbers at the end of `values`.
fn append(values: &mut Vec<f32>, tensor: &Tensor) {
    let tensor = tensor.detach().contiguous();
    let (before, count) = (values.len(), tensor.numel());
    values.resize(before + count, 0.0);
    tensor.copy_data(&mut values[before..], count);
}

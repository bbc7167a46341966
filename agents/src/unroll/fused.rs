//! The unroll on the processor, with its derivative written out.
//!
//! Per step there is one matrix product forward, `z W_zᵀ`, and two backward, on `z` and on the
//! weights. Lanes are taken in blocks whose gates stay in the processor's cache from one of these
//! to the next. All buffers are made once. The feedback loop is small and is computed lane by lane.

use std::ops::Range;

use tch::{Kind, Tensor};

use super::looped::{Lane, LoopGradient, LoopWeights, feed, feed_backward};
use super::{CoreState, Input, Sizes, Unroll};
use crate::feedback::Wiring;
use crate::model::Weights;
use gridworld_kernels::{Matrix, Onto, lstm_backward, lstm_forward, multiply, preactivate, preactivate_backward};

/// Rows whose gates fit in a core's cache: 256 kB with 64 LSTM units.
const BLOCK: usize = 256;

/// An unroll with buffers for `steps` steps of `lanes` environments.
#[derive(Debug)]
pub struct Fused {
    sizes: Sizes,
    wiring: Wiring,
    /// The tensors that the numbers below were copied from, and the added parts of the table.
    graph: Option<Weights>,
    added: Vec<Tensor>,
    weights: HostWeights,
    tape: Tape,
    scratch: Scratch,
    gradient: HostWeights,
    carried: Carried,
    /// Number of steps since the rollout began.
    t: usize,
}

#[derive(Debug, Default)]
struct HostWeights {
    table: Vec<f32>,
    recurrent: Vec<f32>,
    instruction: Vec<f32>,
    feedback: Vec<f32>,
    gate: Vec<f32>,
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

    fn looped(&self) -> LoopWeights<'_> {
        LoopWeights { weight: &self.feedback, gate: &self.gate }
    }

    fn each_mut(&mut self) -> [&mut Vec<f32>; 7] {
        [
            &mut self.table,
            &mut self.recurrent,
            &mut self.instruction,
            &mut self.feedback,
            &mut self.gate,
            &mut self.heads,
            &mut self.heads_bias,
        ]
    }
}

/// Numbers that the backward pass needs of each step: `[steps, lanes, …]`.
#[derive(Debug)]
struct Tape {
    rows: Vec<u32>,
    instructions: Vec<f32>,
    /// Instructions as the LSTM itself reads them.
    told: Vec<f32>,
    first: Vec<bool>,
    /// `[h_tm1, r_t]`, with one slot more for the state after the last step.
    z: Vec<f32>,
    /// The gates; the backward pass turns them into the gradient on their preactivations.
    gates: Vec<f32>,
    /// Memory before each step, `c_tm1`, with one slot more.
    c: Vec<f32>,
    tanh_c: Vec<f32>,
    h: Vec<f32>,
    /// The loop's inputs, and what its cell keeps of them.
    x: Vec<f32>,
    /// Accumulators before each step, `n_tm1`, with one slot more.
    n: Vec<f32>,
    outputs: Vec<f32>,
}

/// Working memory of one step, of which nothing is kept.
#[derive(Debug)]
struct Scratch {
    z: Vec<f32>,
    x: Vec<f32>,
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
    /// Makes an unroll with every lane's state zero.
    pub fn new(sizes: Sizes, wiring: Wiring) -> Fused {
        let Sizes { lanes, steps, hidden, units, outputs } = sizes;
        let noted = wiring.feedback.map_or(0, |feedback| feedback.noted());
        let zeros = |count: usize, columns: usize| vec![0.0; count * lanes * columns];
        Fused {
            sizes,
            wiring,
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
                x: zeros(steps, noted),
                n: zeros(steps + 1, units),
                outputs: zeros(steps, outputs),
            },
            scratch: Scratch {
                z: zeros(1, sizes.columns()),
                x: zeros(1, noted),
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
        let (columns, gates, count) = (self.sizes.columns(), 4 * hidden, lanes.len());
        let at = self.t * all;
        let scratch = &mut self.scratch;
        for (slot, &lane) in lanes.iter().enumerate() {
            let carried = if input.first[slot] { 0.0 } else { 1.0 };
            let z = &mut scratch.z[slot * columns..][..columns];
            let h_tm1 = &self.tape.z[(at + lane) * columns..][..hidden];
            z.iter_mut().zip(h_tm1).for_each(|(z, h)| *z = carried * h);
            let c_tm1 = &self.tape.c[(at + lane) * hidden..][..hidden];
            let kept = &mut scratch.c_tm1[slot * hidden..][..hidden];
            kept.iter_mut().zip(c_tm1).for_each(|(kept, c)| *kept = carried * c);
            scratch.told[slot] = self.wiring.told.shown(input.instructions[slot], input.first[slot]);
            if let Some(feedback) = &self.wiring.feedback {
                let n_tm1: Vec<f32> = self.tape.n[(at + lane) * units..][..units].iter().map(|n| carried * n).collect();
                let (h_tm1, r_t) = z.split_at_mut(hidden);
                let read =
                    Lane { first: input.first[slot], instruction: input.instructions[slot], h_tm1, n_tm1: &n_tm1 };
                let (x, n_t) = (&mut scratch.x[..feedback.noted()], &mut scratch.n[..units]);
                feed(feedback, self.weights.looped(), read, x, n_t, &mut r_t[..units]);
            }
        }
        let preactivation = &mut scratch.gates[..count * gates];
        let weights = &self.weights;
        preactivate(gates, &weights.table, input.rows, &weights.instruction, &scratch.told[..count], preactivation);
        let recurrent = Matrix::new(&self.weights.recurrent, gates, columns).transposed();
        multiply(preactivation, Onto::Sum, Matrix::new(&scratch.z, count, columns), recurrent);
        let length = count * hidden;
        let h_t = &mut scratch.h[..length];
        lstm_forward(
            hidden,
            preactivation,
            &scratch.c_tm1[..length],
            &mut scratch.c[..length],
            &mut scratch.tanh_c[..length],
            h_t,
        );
        let output = &mut scratch.outputs[..count * outputs];
        heads(&self.weights, h_t, hidden, output);
        output.chunks_exact(outputs).map(|output| output[outputs - 1]).collect()
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
    /// The step that is noted in `count` rows of the tape from row `at` on, all of one time.
    fn step_block(&mut self, at: usize, count: usize) {
        let Sizes { lanes, hidden, units, outputs, .. } = self.sizes;
        let (columns, gates) = (self.sizes.columns(), 4 * hidden);
        let (tape, weights) = (&mut self.tape, &self.weights);
        let z = &mut tape.z[at * columns..][..count * columns];
        let (c_tm1, c_t) = tape.c[at * hidden..].split_at_mut(lanes * hidden);
        let (n_tm1, n_t) = tape.n[at * units..].split_at_mut(lanes * units);
        for lane in 0..count {
            let (first, instruction) = (tape.first[at + lane], tape.instructions[at + lane]);
            let (h_tm1, r_t) = z[lane * columns..][..columns].split_at_mut(hidden);
            let n_tm1 = &mut n_tm1[lane * units..][..units];
            if first {
                h_tm1.fill(0.0);
                c_tm1[lane * hidden..][..hidden].fill(0.0);
                n_tm1.fill(0.0);
            }
            if let Some(feedback) = &self.wiring.feedback {
                let read = Lane { first, instruction, h_tm1, n_tm1 };
                let x = &mut tape.x[(at + lane) * feedback.noted()..][..feedback.noted()];
                feed(feedback, weights.looped(), read, x, &mut n_t[lane * units..][..units], r_t);
            }
        }

        let (rows, told) = (&tape.rows[at..][..count], &tape.told[at..][..count]);
        let preactivation = &mut tape.gates[at * gates..][..count * gates];
        preactivate(gates, &weights.table, rows, &weights.instruction, told, preactivation);
        let recurrent = Matrix::new(&weights.recurrent, gates, columns).transposed();
        multiply(preactivation, Onto::Sum, Matrix::new(z, count, columns), recurrent);
        let range = at * hidden..(at + count) * hidden;
        let h_t = &mut tape.h[range.clone()];
        let (c_tm1, c_t) = (&c_tm1[..count * hidden], &mut c_t[..count * hidden]);
        lstm_forward(hidden, preactivation, c_tm1, c_t, &mut tape.tanh_c[range], h_t);
        let next = &mut tape.z[(at + lanes) * columns..][..count * columns];
        for (z, h_t) in next.chunks_exact_mut(columns).zip(h_t.chunks_exact(hidden)) {
            z[..hidden].copy_from_slice(h_t);
        }
        heads(weights, h_t, hidden, &mut tape.outputs[at * outputs..][..count * outputs]);
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
            for lane in 0..count {
                let dz = &dz[lane * columns..][..columns];
                let dh_tm1 = &mut dh_tm1[lane * hidden..][..hidden];
                let dn = &mut dn[lane * units..][..units];
                dh_tm1.copy_from_slice(&dz[..hidden]);
                if let Some(feedback) = &self.wiring.feedback {
                    let r_t = &tape.z[(at + lane) * columns + hidden..][..units];
                    let x = &tape.x[(at + lane) * feedback.noted()..][..feedback.noted()];
                    let HostWeights { feedback: weight, gate, .. } = &mut self.gradient;
                    let sums = LoopGradient { weight, gate };
                    feed_backward(feedback, self.weights.looped(), sums, x, r_t, &dz[hidden..], dn, dh_tm1);
                }
                if tape.first[at + lane] {
                    dh_tm1.fill(0.0);
                    dc[lane * hidden..][..hidden].fill(0.0);
                    dn.fill(0.0);
                }
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
        dot(&weights.feedback, &gradient.feedback);
        dot(&weights.gate, &gradient.gate);
        dot(&weights.heads, &gradient.heads);
        dot(&weights.heads_bias, &gradient.heads_bias);
        total.backward();
    }
}

/// Computes `output = h headsᵀ + bias`, row by row.
fn heads(weights: &HostWeights, h: &[f32], hidden: usize, output: &mut [f32]) {
    let width = weights.heads_bias.len();
    let lanes = output.len() / width;
    output.chunks_exact_mut(width).for_each(|output| output.copy_from_slice(&weights.heads_bias));
    let heads = Matrix::new(&weights.heads, width, hidden).transposed();
    multiply(output, Onto::Sum, Matrix::new(h, lanes, hidden), heads);
}

/// Adds a tensor's numbers at the end of `values`.
fn append(values: &mut Vec<f32>, tensor: &Tensor) {
    let tensor = tensor.detach().contiguous();
    let (before, count) = (values.len(), tensor.numel());
    values.resize(before + count, 0.0);
    tensor.copy_data(&mut values[before..], count);
}

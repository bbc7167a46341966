//! The unroll on the processor, with its derivative written out.
//!
//! Per step there is one matrix product forward, `z Vᵀ`, and two backward, on `z` and on the weights. Lanes are taken in
//! blocks whose gates stay in the processor's cache from one of these to the next. All buffers are made once. The feedback
//! loop is small and is computed lane by lane, by functions that are compiled for its cell.

use std::ops::Range;

use tch::{Kind, Tensor};

use super::{CoreState, Input, Sizes, Unroll};
use crate::cells::{Gradients, Loop, LoopRows, Shown, show_phase};
use crate::cores::{Kept, Memory, Step, StepBack};
use crate::feedback::Feedback;
use crate::model::Weights;
use crate::wiring::Wiring;
use gridworld_kernels::{Matrix, Write, add, multiply, preactivate, preactivate_backward};

/// Number of rows whose gates fit in a core's cache: 256 kB with 64 LSTM units.
const BLOCK: usize = 256;

/// An unroll with buffers for `steps` steps of `lanes` environments.
#[derive(Debug)]
pub struct Fused {
    widths: Widths,
    /// The tensors that the numbers below were copied from, and the added parts of the table.
    graph: Option<Weights>,
    added: Vec<Tensor>,
    weights: HostWeights,
    tape: Tape,
    /// Tape of one step that is not kept.
    peeked: Tape,
    gradient: HostWeights,
    carried: Carried,
    /// Number of steps since the rollout began.
    t: usize,
}

/// The wiring, and the counts of numbers that each lane has.
#[derive(Clone, Copy, Debug)]
struct Widths {
    wiring: Wiring,
    sizes: Sizes,
    /// Count of numbers in a row of `z = [h_tm1, r_t, clock, phases]`.
    z: usize,
    gates: usize,
    /// Count of numbers that core and loop save for the backward pass.
    saved: usize,
    x: usize,
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

/// Record of each step for the backward pass: `[steps, lanes, …]`.
#[derive(Debug)]
struct Tape {
    rows: Vec<u32>,
    instructions: Vec<f32>,
    /// Instructions as the core itself reads them.
    told: Vec<f32>,
    first: Vec<bool>,
    phases: Vec<u8>,
    /// `[h_tm1, r_t, clock, phases]`, with one slot more for the state after the last step.
    z: Vec<f32>,
    /// The gates; the backward pass turns them into the gradient on their preactivations.
    gates: Vec<f32>,
    /// Memory before each step, `c_tm1`, with one slot more.
    c: Vec<f32>,
    saved: Vec<f32>,
    h: Vec<f32>,
    /// Inputs of the loop, and what its cell keeps of them.
    x: Vec<f32>,
    /// Accumulators before each step, `n_tm1`, with one slot more.
    n: Vec<f32>,
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
    #[must_use]
    pub fn new(sizes: Sizes, wiring: Wiring) -> Fused {
        let (core, Sizes { hidden, memory, units, .. }) = (wiring.core, sizes);
        let widths = Widths {
            wiring,
            sizes,
            z: sizes.columns(),
            gates: core.about().gates * hidden,
            saved: core.about().memory.saved_len(hidden),
            x: wiring.feedback.map_or(0, |(cell, feedback)| (cell.saved_len)(feedback.inputs(), units)),
        };
        let zeros = |columns: usize| vec![0.0; BLOCK * columns];
        Fused {
            widths,
            graph: None,
            added: Vec::new(),
            weights: HostWeights::default(),
            tape: Tape::new(&widths, sizes.steps),
            peeked: Tape::new(&widths, 1),
            gradient: HostWeights::default(),
            carried: Carried {
                dh_tm1: zeros(hidden),
                dc: zeros(memory),
                dn: zeros(units),
                dh: zeros(hidden),
                dz: zeros(sizes.read()),
            },
            t: 0,
        }
    }
}

impl Unroll for Fused {
    fn load(&mut self, weights: Weights) {
        for numbers in [&mut self.weights, &mut self.gradient] {
            numbers.feedback.resize_with(weights.feedback.len(), Vec::new);
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
        let Sizes { lanes, outputs, steps, .. } = self.widths.sizes;
        assert!(self.t < steps, "a rollout of {steps} steps is over");
        let at = self.t * lanes;
        self.tape.show(at, input, &self.widths);
        for start in (0..lanes).step_by(BLOCK) {
            self.tape.step(&self.weights, &self.widths, at + start, BLOCK.min(lanes - start));
        }
        self.t += 1;
        &self.tape.outputs[at * outputs..][..lanes * outputs]
    }

    fn peek(&mut self, lanes: &[usize], input: Input<'_>) -> Vec<f32> {
        let Widths { z, sizes: Sizes { lanes: all, memory, units, outputs, .. }, .. } = self.widths;
        let (from, to, count) = (&self.tape, &mut self.peeked, lanes.len());
        for (slot, lane) in lanes.iter().map(|lane| self.t * all + lane).enumerate() {
            to.z[slot * z..][..z].copy_from_slice(&from.z[lane * z..][..z]);
            to.c[slot * memory..][..memory].copy_from_slice(&from.c[lane * memory..][..memory]);
            to.n[slot * units..][..units].copy_from_slice(&from.n[lane * units..][..units]);
        }
        to.show(0, input, &self.widths);
        to.step(&self.weights, &self.widths, 0, count);
        to.outputs[..count * outputs].chunks_exact(outputs).map(|output| output[outputs - 1]).collect()
    }

    fn backward(&mut self, outputs: &[f32]) {
        let Sizes { lanes, hidden, outputs: width, .. } = self.widths.sizes;
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
        multiply(&mut self.gradient.heads, Write::Overwrite, d_outputs, h);
        for d_outputs in outputs[..samples * width].chunks_exact(width) {
            self.gradient.heads_bias.iter_mut().zip(d_outputs).for_each(|(sum, d)| *sum += d);
        }
        self.propagate();
    }

    fn rewind(&mut self) {
        let Widths { z, sizes: Sizes { lanes, memory, units, .. }, .. } = self.widths;
        let at = self.t * lanes;
        self.tape.z.copy_within(at * z..(at + lanes) * z, 0);
        self.tape.c.copy_within(at * memory..(at + lanes) * memory, 0);
        self.tape.n.copy_within(at * units..(at + lanes) * units, 0);
        self.t = 0;
    }

    fn state(&self) -> CoreState {
        let Widths { z, sizes: Sizes { lanes, hidden, memory, units, .. }, .. } = self.widths;
        let at = self.t * lanes;
        CoreState {
            h: self.tape.z[at * z..][..lanes * z].chunks_exact(z).flat_map(|z| &z[..hidden]).copied().collect(),
            c: self.tape.c[at * memory..][..lanes * memory].to_vec(),
            n: self.tape.n[at * units..][..lanes * units].to_vec(),
        }
    }

    fn set_state(&mut self, state: &CoreState) {
        let hidden = self.widths.sizes.hidden;
        self.t = 0;
        for (z, h) in self.tape.z.chunks_exact_mut(self.widths.z).zip(state.h.chunks_exact(hidden)) {
            z[..hidden].copy_from_slice(h);
        }
        self.tape.c[..state.c.len()].copy_from_slice(&state.c);
        self.tape.n[..state.n.len()].copy_from_slice(&state.n);
    }
}

impl Fused {
    /// Goes back through all steps of `count` lanes from lane `start` on; everything but the heads.
    fn block_backward(&mut self, start: usize, count: usize, outputs: &[f32]) {
        let widths = self.widths;
        let Widths { wiring, z: columns, gates, sizes: Sizes { lanes, hidden, state, memory, units, .. }, .. } = widths;
        let (width, read) = (widths.sizes.outputs, widths.sizes.read());
        let Carried { dh_tm1, dc, dn, dh, dz } = &mut self.carried;
        let (dh_tm1, dh, dz) = (&mut dh_tm1[..count * hidden], &mut dh[..count * hidden], &mut dz[..count * read]);
        let (dc, dn) = (&mut dc[..count * memory], &mut dn[..count * units]);
        [&mut *dh_tm1, dc, dn].into_iter().for_each(|carried| carried.fill(0.0));
        // Steps whose part of the weights' gradient is still to be added. Several at once make a
        // product of a good size; they follow each other on the tape only if the block has all lanes.
        let mut pending = 0;
        for t in (0..self.t).rev() {
            let at = t * lanes + start;
            let tape = &mut self.tape;
            dh.copy_from_slice(dh_tm1);
            let d_outputs = Matrix::new(&outputs[at * width..], count, width);
            multiply(dh, Write::Accumulate, d_outputs, Matrix::new(&self.weights.heads, width, hidden));
            let d_gates = &mut tape.gates[at * gates..][..count * gates];
            let z = &tape.z[at * columns..][..count * columns];
            let (c_tm1, saved) = (&tape.c[at * memory..][..count * memory], &tape.saved[at * widths.saved..]);
            let saved = &saved[..count * widths.saved];
            let step = StepBack { gates: &mut *d_gates, z, columns, c_tm1, saved, dh: &mut *dh, dc: &mut *dc };
            let kept = wiring.core.backward(hidden, step);
            let recurrent = Matrix::new(&self.weights.recurrent, gates, read);
            multiply(dz, Write::Overwrite, Matrix::new(d_gates, count, gates), recurrent);
            for (dh_tm1, dz) in dh_tm1.chunks_exact_mut(hidden).zip(dz.chunks_exact(read)) {
                let (read, unread) = dh_tm1.split_at_mut(state);
                read.copy_from_slice(&dz[..state]);
                unread.fill(0.0);
            }
            if kept == Kept::Share {
                add(dh_tm1, dh);
            }
            if let Some((cell, feedback)) = &wiring.feedback {
                let looped = self.weights.looped(feedback, &widths);
                let saved = &tape.x[at * widths.x..][..count * widths.x];
                let weights = &mut *self.gradient.feedback;
                (cell.backward)(looped, z, saved, Gradients { weights, dz, dn: &mut *dn, dh_tm1: &mut *dh_tm1 });
            }
            for lane in (0..count).filter(|lane| tape.first[at + lane]) {
                dh_tm1[lane * hidden..][..hidden].fill(0.0);
                dc[lane * memory..][..memory].fill(0.0);
                dn[lane * units..][..units].fill(0.0);
            }
            pending += 1;
            if t == 0 || count < lanes || pending * count >= BLOCK {
                self.gradient.add_gates(tape, at..at + pending * count, &widths);
                pending = 0;
            }
        }
    }

    /// Sends the gradients on to what the weights were computed from: the derivative of
    /// `Σ weight · gradient` is exactly that.
    fn propagate(&mut self) {
        let weights = self.graph.as_ref().expect("weights are loaded before the backward pass");
        let mut total = Tensor::zeros([1], (Kind::Float, weights.recurrent.device()));
        let mut dot = |tensor: &Tensor, gradient: &[f32]| {
            let gradient = Tensor::from_slice(gradient).view(tensor.size().as_slice());
            total += (tensor * gradient).sum(Kind::Float);
        };
        let mut rest = self.gradient.table.as_slice();
        for table in std::iter::once(&weights.table).chain(&self.added) {
            let (part, after) = rest.split_at(table.numel());
            dot(table, part);
            rest = after;
        }
        let others = weights.each().into_iter().zip(self.gradient.each_mut()).skip(1);
        others.for_each(|(weights, gradient)| dot(weights, gradient));
        total.backward();
    }
}

impl Tape {
    fn new(widths: &Widths, steps: usize) -> Tape {
        let Sizes { lanes, hidden, memory, units, outputs, .. } = widths.sizes;
        let zeros = |steps: usize, columns: usize| vec![0.0; steps * lanes * columns];
        Tape {
            rows: vec![0; steps * lanes],
            instructions: zeros(steps, 1),
            told: zeros(steps, 1),
            first: vec![false; steps * lanes],
            phases: vec![0; steps * lanes],
            z: zeros(steps + 1, widths.z),
            gates: zeros(steps, widths.gates),
            c: zeros(steps + 1, memory),
            saved: zeros(steps, widths.saved),
            h: zeros(steps, hidden),
            x: zeros(steps, widths.x),
            n: zeros(steps + 1, units),
            outputs: zeros(steps, outputs),
        }
    }

    /// Writes down what the lanes of one time are given, from row `at` on.
    fn show(&mut self, at: usize, input: Input<'_>, widths: &Widths) {
        let rows = at..at + input.rows.len();
        self.rows[rows.clone()].copy_from_slice(input.rows);
        self.instructions[rows.clone()].copy_from_slice(input.instructions);
        self.first[rows.clone()].copy_from_slice(input.first);
        if widths.sizes.phases > 0 {
            self.phases[rows.clone()].copy_from_slice(input.phases);
        }
        let shown = input.instructions.iter().zip(input.first);
        for (told, (&instruction, &first)) in self.told[rows].iter_mut().zip(shown) {
            *told = widths.wiring.told.shown(instruction, first);
        }
    }

    /// Takes the step of `count` lanes from row `at` on, all of one time: loop, core and heads.
    fn step(&mut self, weights: &HostWeights, widths: &Widths, at: usize, count: usize) {
        let Widths { wiring, z: columns, gates, sizes, .. } = *widths;
        let Sizes { lanes, hidden, memory, units, outputs, .. } = sizes;
        let (z, next) = self.z[at * columns..].split_at_mut(lanes * columns);
        let (c_tm1, c_t) = self.c[at * memory..].split_at_mut(lanes * memory);
        let (n_tm1, n_t) = self.n[at * units..].split_at_mut(lanes * units);
        let (z, c_tm1, n_tm1) = (&mut z[..count * columns], &mut c_tm1[..count * memory], &mut n_tm1[..count * units]);
        let (first, instructions) = (&self.first[at..][..count], &self.instructions[at..][..count]);
        let phases = &self.phases[at..][..count];
        for (lane, _) in first.iter().enumerate().filter(|(_, first)| **first) {
            z[lane * columns..][..hidden].fill(0.0);
            c_tm1[lane * memory..][..memory].fill(0.0);
            n_tm1[lane * units..][..units].fill(0.0);
        }
        if let Some((cell, feedback)) = &wiring.feedback {
            let saved = &mut self.x[at * widths.x..][..count * widths.x];
            let rows = LoopRows { z: &mut *z, n_tm1, saved, n_t: &mut n_t[..count * units] };
            (cell.step)(weights.looped(feedback, widths), Shown { first, instructions, phases }, rows);
        }
        if sizes.clocks > 0 {
            for (z, c) in z.chunks_exact_mut(columns).zip(&*c_tm1) {
                z[hidden + units] = Memory::CLOCK_SCALE * c;
            }
        }
        if sizes.phases > 0 {
            for (z, &phase) in z.chunks_exact_mut(columns).zip(phases) {
                show_phase(phase, &mut z[columns - sizes.phases..]);
            }
        }
        let a = &mut self.gates[at * gates..][..count * gates];
        let (rows, told) = (&self.rows[at..][..count], &self.told[at..][..count]);
        preactivate(gates, &weights.table, rows, &weights.instruction, told, a);
        let recurrent = Matrix::new(&weights.recurrent, gates, sizes.read()).transposed();
        let read = Matrix::new(z, count, columns).columns_from(columns - sizes.read());
        multiply(a, Write::Accumulate, read, recurrent);
        let h_t = &mut self.h[at * hidden..][..count * hidden];
        let saved = &mut self.saved[at * widths.saved..][..count * widths.saved];
        let c_t = &mut c_t[..count * memory];
        wiring.core.forward(hidden, Step { gates: a, z, columns, c_tm1, c_t, saved, h_t: &mut *h_t });
        for (z, h_t) in next.chunks_exact_mut(columns).zip(h_t.chunks_exact(hidden)) {
            z[..hidden].copy_from_slice(h_t);
        }
        let output = &mut self.outputs[at * outputs..][..count * outputs];
        output.chunks_exact_mut(outputs).for_each(|output| output.copy_from_slice(&weights.heads_bias));
        let heads = Matrix::new(&weights.heads, outputs, hidden).transposed();
        multiply(output, Write::Accumulate, Matrix::new(h_t, count, hidden), heads);
    }
}

impl HostWeights {
    /// Gives all buffers, in the order of [`Weights::each`].
    fn each_mut(&mut self) -> Vec<&mut Vec<f32>> {
        let core = [&mut self.table, &mut self.recurrent, &mut self.instruction];
        core.into_iter().chain(&mut self.feedback).chain([&mut self.heads, &mut self.heads_bias]).collect()
    }

    fn looped<'a>(&'a self, feedback: &'a Feedback, widths: &Widths) -> Loop<'a> {
        let (columns, read) = (widths.z, widths.sizes.read());
        Loop { feedback, weights: &self.feedback, columns, read, saved_len: widths.x }
    }

    /// Adds what the gradient on the gates of some rows of the tape gives to that on the table, the
    /// recurrent and the instruction's weights.
    fn add_gates(&mut self, tape: &Tape, rows: Range<usize>, widths: &Widths) {
        let (count, gates, columns) = (rows.len(), widths.gates, widths.z);
        let d_gates = &tape.gates[rows.start * gates..][..count * gates];
        let z =
            Matrix::new(&tape.z[rows.start * columns..], count, columns).columns_from(columns - widths.sizes.read());
        multiply(&mut self.recurrent, Write::Accumulate, Matrix::new(d_gates, count, gates).transposed(), z);
        let told = &tape.told[rows.clone()];
        preactivate_backward(gates, d_gates, &tape.rows[rows], told, &mut self.table, &mut self.instruction);
    }
}

/// Adds a tensor's numbers at the end of `values`.
fn append(values: &mut Vec<f32>, tensor: &Tensor) {
    let tensor = tensor.detach().contiguous();
    let (before, count) = (values.len(), tensor.numel());
    values.resize(before + count, 0.0);
    tensor.copy_data(&mut values[before..], count);
}

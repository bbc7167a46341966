//! The unroll on the processor, with its derivative written out.
//!
//! Per step there is one matrix product forward, `z W_zᵀ`, and one backward; everything that is
//! linear in the weights is summed over the whole rollout in one product at the end. All buffers are
//! made once. The feedback loop is small and is computed lane by lane.

use tch::{Kind, Tensor};

use super::{CoreState, Input, Sizes, Unroll};
use crate::feedback::{Feedback, Update, When};
use crate::kernels::{Matrix, Onto, add, lstm_backward, lstm_forward, multiply, tanh};
use crate::model::Weights;

/// An unroll with buffers for `steps` steps of `lanes` environments.
#[derive(Debug)]
pub struct Fused {
    sizes: Sizes,
    feedback: Option<Feedback>,
    /// The tensors that the numbers below were copied from, and the added parts of the table.
    graph: Option<Weights>,
    added: Vec<Tensor>,
    weights: HostWeights,
    tape: Tape,
    scratch: Scratch,
    /// Steps since the rollout began.
    t: usize,
}

#[derive(Debug, Default)]
struct HostWeights {
    table: Vec<f32>,
    recurrent: Vec<f32>,
    feedback: Vec<f32>,
    heads: Vec<f32>,
    heads_bias: Vec<f32>,
}

/// What the backward pass needs of each step: `[steps, lanes, …]`.
#[derive(Debug)]
struct Tape {
    rows: Vec<u32>,
    first: Vec<bool>,
    /// `[h_tm1, r_t, T]`, with one slot more for the state after the last step.
    z: Vec<f32>,
    /// The gates; the backward pass turns them into the gradient on their preactivations.
    gates: Vec<f32>,
    /// `c_tm1`, with one slot more.
    c: Vec<f32>,
    tanh_c: Vec<f32>,
    h: Vec<f32>,
    /// The loop's inputs.
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
    n: Vec<f32>,
    gates: Vec<f32>,
    c_tm1: Vec<f32>,
    c: Vec<f32>,
    tanh_c: Vec<f32>,
    h: Vec<f32>,
    outputs: Vec<f32>,
}

impl Fused {
    /// An unroll with every lane's state zero.
    pub fn new(sizes: Sizes, feedback: Option<Feedback>) -> Fused {
        let Sizes { lanes, steps, hidden, units, outputs } = sizes;
        let inputs = feedback.map_or(0, |feedback| feedback.inputs());
        let zeros = |count: usize, columns: usize| vec![0.0; count * lanes * columns];
        Fused {
            sizes,
            feedback,
            graph: None,
            added: Vec::new(),
            weights: HostWeights::default(),
            tape: Tape {
                rows: vec![0; steps * lanes],
                first: vec![false; steps * lanes],
                z: zeros(steps + 1, sizes.columns()),
                gates: zeros(steps, 4 * hidden),
                c: zeros(steps + 1, hidden),
                tanh_c: zeros(steps, hidden),
                h: zeros(steps, hidden),
                x: zeros(steps, inputs),
                n: zeros(steps + 1, units),
                outputs: zeros(steps, outputs),
            },
            scratch: Scratch {
                z: zeros(1, sizes.columns()),
                x: zeros(1, inputs),
                n: zeros(1, units),
                gates: zeros(1, 4 * hidden),
                c_tm1: zeros(1, hidden),
                c: zeros(1, hidden),
                tanh_c: zeros(1, hidden),
                h: zeros(1, hidden),
                outputs: zeros(1, outputs),
            },
            t: 0,
        }
    }
}

/// One lane's loop: writes the inputs `x`, the accumulators `n_t` and what the LSTM reads of them,
/// `r_t`, from `h_tm1` and `n_tm1`.
fn feed(feedback: &Feedback, weight: &[f32], lane: Lane<'_>, x: &mut [f32], n_t: &mut [f32], r_t: &mut [f32]) {
    x[0] = match feedback.instruction {
        When::First if !lane.first => 0.0,
        When::First | When::Always => lane.instruction,
    };
    if feedback.clock.is_present() {
        x[1] = 1.0;
    }
    if feedback.state.is_present() {
        x[feedback.state_offset()..][..lane.h_tm1.len()].copy_from_slice(lane.h_tm1);
    }
    if feedback.own.is_present() {
        x[feedback.own_offset()..][..lane.n_tm1.len()].copy_from_slice(lane.n_tm1);
    }
    for (unit, weight) in weight.chunks_exact(x.len()).enumerate() {
        let added: f32 = weight.iter().zip(&*x).map(|(w, x)| w * x).sum();
        n_t[unit] = match feedback.update {
            Update::Add => lane.n_tm1[unit] + added,
            Update::Replace => added,
        };
        r_t[unit] = tanh(feedback.gain * n_t[unit]);
    }
}

/// What a lane's loop reads.
struct Lane<'a> {
    first: bool,
    instruction: f32,
    h_tm1: &'a [f32],
    n_tm1: &'a [f32],
}

impl Unroll for Fused {
    fn load(&mut self, weights: Weights) {
        let host = &mut self.weights;
        let destinations =
            [&mut host.table, &mut host.recurrent, &mut host.feedback, &mut host.heads, &mut host.heads_bias];
        for (values, tensor) in destinations.into_iter().zip(weights.each()) {
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
        let Sizes { lanes, hidden, units, outputs, steps } = self.sizes;
        assert!(self.t < steps, "a rollout of {steps} steps is over");
        let (columns, gates) = (self.sizes.columns(), 4 * hidden);
        let tape = &mut self.tape;
        let at = self.t * lanes;
        tape.rows[at..][..lanes].copy_from_slice(input.rows);
        tape.first[at..][..lanes].copy_from_slice(input.first);

        let z = &mut tape.z[at * columns..][..lanes * columns];
        let c_tm1 = &mut tape.c[at * hidden..][..2 * lanes * hidden];
        let (c_tm1, c_t) = c_tm1.split_at_mut(lanes * hidden);
        let (n_tm1, n_t) = tape.n[at * units..][..2 * lanes * units].split_at_mut(lanes * units);
        let inputs = self.feedback.map_or(0, |feedback| feedback.inputs());
        for lane in 0..lanes {
            let z = &mut z[lane * columns..][..columns];
            let n_tm1 = &mut n_tm1[lane * units..][..units];
            if input.first[lane] {
                z[..hidden].fill(0.0);
                c_tm1[lane * hidden..][..hidden].fill(0.0);
                n_tm1.fill(0.0);
            }
            z[columns - 1] = input.instructions[lane];
            if let Some(feedback) = &self.feedback {
                let (h_tm1, r_t) = z.split_at_mut(hidden);
                let read =
                    Lane { first: input.first[lane], instruction: input.instructions[lane], h_tm1, n_tm1: &*n_tm1 };
                let x = &mut tape.x[(at + lane) * inputs..][..inputs];
                feed(feedback, &self.weights.feedback, read, x, &mut n_t[lane * units..][..units], &mut r_t[..units]);
            }
        }

        let preactivation = &mut tape.gates[at * gates..][..lanes * gates];
        gather(&self.weights.table, gates, input.rows, preactivation);
        let recurrent = Matrix::new(&self.weights.recurrent, gates, columns).transposed();
        multiply(preactivation, Onto::Sum, Matrix::new(z, lanes, columns), recurrent);
        let h_t = &mut tape.h[at * hidden..][..lanes * hidden];
        lstm_forward(hidden, preactivation, c_tm1, c_t, &mut tape.tanh_c[at * hidden..][..lanes * hidden], h_t);
        let next = &mut tape.z[(at + lanes) * columns..][..lanes * columns];
        for (z, h_t) in next.chunks_exact_mut(columns).zip(h_t.chunks_exact(hidden)) {
            z[..hidden].copy_from_slice(h_t);
        }
        let output = &mut tape.outputs[at * outputs..][..lanes * outputs];
        heads(&self.weights, h_t, hidden, output);
        self.t += 1;
        &tape.outputs[at * outputs..][..lanes * outputs]
    }

    fn peek(&mut self, lanes: &[usize], input: Input<'_>) -> Vec<f32> {
        let Sizes { lanes: all, hidden, units, outputs, .. } = self.sizes;
        let (columns, gates, count) = (self.sizes.columns(), 4 * hidden, lanes.len());
        let inputs = self.feedback.map_or(0, |feedback| feedback.inputs());
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
            z[columns - 1] = input.instructions[slot];
            if let Some(feedback) = &self.feedback {
                let n_tm1: Vec<f32> = self.tape.n[(at + lane) * units..][..units].iter().map(|n| carried * n).collect();
                let (h_tm1, r_t) = z.split_at_mut(hidden);
                let read =
                    Lane { first: input.first[slot], instruction: input.instructions[slot], h_tm1, n_tm1: &n_tm1 };
                let (x, n_t) = (&mut scratch.x[..inputs], &mut scratch.n[..units]);
                feed(feedback, &self.weights.feedback, read, x, n_t, &mut r_t[..units]);
            }
        }
        let preactivation = &mut scratch.gates[..count * gates];
        gather(&self.weights.table, gates, input.rows, preactivation);
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
        let Sizes { lanes, hidden, units, outputs: width, .. } = self.sizes;
        let (columns, gates) = (self.sizes.columns(), 4 * hidden);
        let samples = self.t * lanes;
        let tape = &mut self.tape;
        let mut gradient = HostWeights {
            table: vec![0.0; self.weights.table.len()],
            recurrent: vec![0.0; self.weights.recurrent.len()],
            feedback: vec![0.0; self.weights.feedback.len()],
            heads: vec![0.0; self.weights.heads.len()],
            heads_bias: vec![0.0; width],
        };
        // The carried gradients, `[lanes, …]`: on h, c and n of the step before.
        let mut dh_tm1 = vec![0.0; lanes * hidden];
        let mut dc = vec![0.0; lanes * hidden];
        let mut dn = vec![0.0; lanes * units];
        let mut dh = vec![0.0; lanes * hidden];
        let mut dz = vec![0.0; lanes * columns];
        for t in (0..self.t).rev() {
            let at = t * lanes;
            dh.copy_from_slice(&dh_tm1);
            let d_outputs = Matrix::new(&outputs[at * width..], lanes, width);
            multiply(&mut dh, Onto::Sum, d_outputs, Matrix::new(&self.weights.heads, width, hidden));
            let d_gates = &mut tape.gates[at * gates..][..lanes * gates];
            let range = at * hidden..(at + lanes) * hidden;
            lstm_backward(hidden, d_gates, &tape.c[range.clone()], &tape.tanh_c[range], &dh, &mut dc);
            let recurrent = Matrix::new(&self.weights.recurrent, gates, columns);
            multiply(&mut dz, Onto::Nothing, Matrix::new(d_gates, lanes, gates), recurrent);
            for lane in 0..lanes {
                let dz = &dz[lane * columns..][..columns];
                let dh_tm1 = &mut dh_tm1[lane * hidden..][..hidden];
                let dn = &mut dn[lane * units..][..units];
                dh_tm1.copy_from_slice(&dz[..hidden]);
                if let Some(feedback) = &self.feedback {
                    let r_t = &tape.z[(at + lane) * columns + hidden..][..units];
                    let inputs = feedback.inputs();
                    let x = &tape.x[(at + lane) * inputs..][..inputs];
                    let dr = &dz[hidden..][..units];
                    let weight = Weight { value: &self.weights.feedback, gradient: &mut gradient.feedback };
                    feed_backward(feedback, weight, x, r_t, dr, dn, dh_tm1);
                }
                if tape.first[at + lane] {
                    dh_tm1.fill(0.0);
                    dc[lane * hidden..][..hidden].fill(0.0);
                    dn.fill(0.0);
                }
            }
        }
        let d_gates = Matrix::new(&tape.gates, samples, gates);
        let z = Matrix::new(&tape.z, samples, columns);
        multiply(&mut gradient.recurrent, Onto::Nothing, d_gates.transposed(), z);
        for (row, d_gates) in tape.rows[..samples].iter().zip(tape.gates.chunks_exact(gates)) {
            let sum = &mut gradient.table[*row as usize * gates..][..gates];
            add(sum, d_gates);
        }
        let d_outputs = Matrix::new(outputs, samples, width);
        multiply(&mut gradient.heads, Onto::Nothing, d_outputs.transposed(), Matrix::new(&tape.h, samples, hidden));
        for d_outputs in outputs[..samples * width].chunks_exact(width) {
            gradient.heads_bias.iter_mut().zip(d_outputs).for_each(|(sum, d)| *sum += d);
        }
        self.propagate(&gradient);
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
    /// Sends the gradients on to what the weights were computed from: the derivative of
    /// `Σ weight · gradient` is exactly that.
    fn propagate(&self, gradient: &HostWeights) {
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
        dot(&weights.feedback, &gradient.feedback);
        dot(&weights.heads, &gradient.heads);
        dot(&weights.heads_bias, &gradient.heads_bias);
        total.backward();
    }
}

/// A weight and the sum of its gradients.
struct Weight<'a> {
    value: &'a [f32],
    gradient: &'a mut [f32],
}

/// One lane's loop backward: from the gradients on `r_t` and, in `dn`, on `n_t` from later steps, to
/// those on the weight, on `n_tm1` (again in `dn`) and, added, on `h_tm1`.
fn feed_backward(
    feedback: &Feedback,
    weight: Weight<'_>,
    x: &[f32],
    r_t: &[f32],
    dr: &[f32],
    dn: &mut [f32],
    dh_tm1: &mut [f32],
) {
    let inputs = x.len();
    let mut dx_own = [0.0_f32; MOST_UNITS];
    for unit in 0..dn.len() {
        let dn_t = dn[unit] + dr[unit] * feedback.gain * (1.0 - r_t[unit] * r_t[unit]);
        let row = unit * inputs..(unit + 1) * inputs;
        let (value, gradient) = (&weight.value[row.clone()], &mut weight.gradient[row]);
        gradient.iter_mut().zip(x).for_each(|(sum, x)| *sum += dn_t * x);
        if feedback.state.is_present() {
            let value = &value[feedback.state_offset()..];
            dh_tm1.iter_mut().zip(value).for_each(|(sum, w)| *sum += dn_t * w);
        }
        if feedback.own.is_present() {
            let value = &value[feedback.own_offset()..];
            dx_own.iter_mut().zip(value).for_each(|(sum, w)| *sum += dn_t * w);
        }
        dn[unit] = match feedback.update {
            Update::Add => dn_t,
            Update::Replace => 0.0,
        };
    }
    if feedback.own.is_present() {
        dn.iter_mut().zip(dx_own).for_each(|(sum, d)| *sum += d);
    }
}

/// Most accumulators that a loop may have; the configuration is checked against it.
pub const MOST_UNITS: usize = 64;

/// `output = h headsᵀ + bias`, row by row.
fn heads(weights: &HostWeights, h: &[f32], hidden: usize, output: &mut [f32]) {
    let width = weights.heads_bias.len();
    let lanes = output.len() / width;
    output.chunks_exact_mut(width).for_each(|output| output.copy_from_slice(&weights.heads_bias));
    let heads = Matrix::new(&weights.heads, width, hidden).transposed();
    multiply(output, Onto::Sum, Matrix::new(h, lanes, hidden), heads);
}

/// Copies the named rows of `table`, `width` numbers each, one after the other.
fn gather(table: &[f32], width: usize, rows: &[u32], into: &mut [f32]) {
    for (into, &row) in into.chunks_exact_mut(width).zip(rows) {
        into.copy_from_slice(&table[row as usize * width..][..width]);
    }
}

/// Adds a tensor's numbers at the end of `values`.
fn append(values: &mut Vec<f32>, tensor: &Tensor) {
    let tensor = tensor.detach().contiguous();
    let (before, count) = (values.len(), tensor.numel());
    values.resize(before + count, 0.0);
    tensor.copy_data(&mut values[before..], count);
}

//! One lane's feedback loop by hand, forward and backward.

use crate::cells::nalu::{EPSILON, GREATEST_EXPONENT};
use crate::config::Cell;
use crate::feedback::{Feedback, Update};
use gridworld_kernels::tanh;

/// Most accumulators that a loop may have; the configuration is checked against it.
pub const MOST_UNITS: usize = 64;

/// The effective weights of a loop, `[units, inputs]` each; `gate` is empty unless the cell has one.
#[derive(Clone, Copy)]
pub struct LoopWeights<'a> {
    /// Weight W of the cell.
    pub weight: &'a [f32],
    /// Gate G of the NALU.
    pub gate: &'a [f32],
}

/// The sums of the gradients on [`LoopWeights`].
pub struct LoopGradient<'a> {
    /// Gradient on the weight W.
    pub weight: &'a mut [f32],
    /// Gradient on the gate G.
    pub gate: &'a mut [f32],
}

/// Inputs of a lane's loop.
pub struct Lane<'a> {
    /// True if an episode begins.
    pub first: bool,
    /// Instruction of the lane.
    pub instruction: f32,
    /// Last output of the LSTM.
    pub h_tm1: &'a [f32],
    /// Last output of the loop.
    pub n_tm1: &'a [f32],
}

impl Feedback {
    /// Numbers that a step leaves for the way back: the inputs, and for a NALU their logarithms too.
    pub fn noted(&self) -> usize {
        match self.cell {
            Cell::Nac | Cell::Nau => self.inputs(),
            Cell::Nalu => 2 * self.inputs(),
        }
    }
}

/// A NALU's way from its inputs to one output (Trask et al. 2018, equations 3 and 4).
struct Mixture {
    a: f32,
    m: f32,
    g: f32,
    /// True if the exponent is held at its greatest.
    held: bool,
}

impl Mixture {
    fn new(weight: &[f32], gate: &[f32], x: &[f32]) -> Mixture {
        let (x, logarithms) = x.split_at(weight.len());
        let exponent = dot(weight, logarithms);
        let g = 1.0 / (1.0 + (-dot(gate, x)).exp());
        let m = exponent.min(GREATEST_EXPONENT).exp();
        Mixture { a: dot(weight, x), m, g, held: exponent > GREATEST_EXPONENT }
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add_scaled(sum: &mut [f32], scale: f32, term: &[f32]) {
    sum.iter_mut().zip(term).for_each(|(sum, term)| *sum += scale * term);
}

/// Writes what is [noted](Feedback::noted) of the inputs to `x`, the accumulators `n_t`, and what the
/// LSTM reads of them, `r_t`.
pub fn feed(
    feedback: &Feedback,
    weights: LoopWeights<'_>,
    lane: Lane<'_>,
    x: &mut [f32],
    n_t: &mut [f32],
    r_t: &mut [f32],
) {
    let inputs = feedback.inputs();
    x[0] = feedback.instruction.shown(lane.instruction, lane.first);
    if feedback.clock.is_present() {
        x[1] = 1.0;
    }
    if feedback.state.is_present() {
        x[feedback.state_offset()..][..lane.h_tm1.len()].copy_from_slice(lane.h_tm1);
    }
    if feedback.own.is_present() {
        x[feedback.own_offset()..][..lane.n_tm1.len()].copy_from_slice(lane.n_tm1);
    }
    let (values, logarithms) = x.split_at_mut(inputs);
    logarithms.iter_mut().zip(&*values).for_each(|(log, x)| *log = (x.abs() + EPSILON).ln());
    for (unit, weight) in weights.weight.chunks_exact(inputs).enumerate() {
        let made = match feedback.cell {
            Cell::Nac | Cell::Nau => dot(weight, x),
            Cell::Nalu => {
                let Mixture { a, m, g, .. } = Mixture::new(weight, &weights.gate[unit * inputs..][..inputs], x);
                g * a + (1.0 - g) * m
            }
        };
        n_t[unit] = match feedback.update {
            Update::Add => lane.n_tm1[unit] + made,
            Update::Replace => made,
        };
        r_t[unit] = tanh(feedback.gain * n_t[unit]);
    }
}

/// Goes back from the gradients on `r_t` and, in `dn`, on `n_t` from later steps, to the gradients on the weights, on
/// `n_tm1` (again in `dn`) and, added, on `h_tm1`.
#[allow(clippy::too_many_arguments)]
pub fn feed_backward(
    feedback: &Feedback,
    weights: LoopWeights<'_>,
    sums: LoopGradient<'_>,
    x: &[f32],
    r_t: &[f32],
    dr: &[f32],
    dn: &mut [f32],
    dh_tm1: &mut [f32],
) {
    let inputs = feedback.inputs();
    let mut dx_own = [0.0_f32; MOST_UNITS];
    let mut give = |from: &[f32], scale: f32| {
        if feedback.state.is_present() {
            add_scaled(dh_tm1, scale, &from[feedback.state_offset()..]);
        }
        if feedback.own.is_present() {
            add_scaled(&mut dx_own, scale, &from[feedback.own_offset()..]);
        }
    };
    for unit in 0..dn.len() {
        let dn_t = dn[unit] + dr[unit] * feedback.gain * (1.0 - r_t[unit] * r_t[unit]);
        let row = unit * inputs..(unit + 1) * inputs;
        let (weight, d_weight) = (&weights.weight[row.clone()], &mut sums.weight[row.clone()]);
        match feedback.cell {
            Cell::Nac | Cell::Nau => {
                add_scaled(d_weight, dn_t, &x[..inputs]);
                give(weight, dn_t);
            }
            Cell::Nalu => {
                let gate = &weights.gate[row.clone()];
                let Mixture { a, m, g, held } = Mixture::new(weight, gate, x);
                let (values, logarithms) = x.split_at(inputs);
                let da = dn_t * g;
                let d_exponent = if held { 0.0 } else { dn_t * (1.0 - g) * m };
                let d_gate = dn_t * (a - m) * g * (1.0 - g);
                add_scaled(d_weight, da, values);
                add_scaled(d_weight, d_exponent, logarithms);
                add_scaled(&mut sums.gate[row], d_gate, values);
                give(weight, da);
                give(gate, d_gate);
                if feedback.state.is_present() || feedback.own.is_present() {
                    let slopes = weight.iter().zip(values).map(|(w, x)| w * x.signum() / (x.abs() + EPSILON));
                    give(&slopes.collect::<Vec<f32>>(), d_exponent);
                }
            }
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

//! The feedback loop of several lanes by hand, forward and backward.
//!
//! Both functions are compiled for each cell, so that nothing is looked up within a block of lanes.

use super::loop_cell::{InputGradient, LoopCell, Unit, UnitGradient};
use crate::feedback::{Feedback, StateInput, Update};

/// Largest number of accumulators that a loop may have; the configuration is checked against it.
pub const MOST_UNITS: usize = 64;

/// Inputs of all lanes in one step, beside their states.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Marks of the lanes in which an episode begins.
    pub first: &'a [bool],
    /// Instructions T, one for each lane.
    pub instructions: &'a [f32],
    /// Phases, one for each lane.
    pub phases: &'a [u8],
}

/// Writes 1 in the column of `phase`, which is counted from 0, and 0 in the others; the first phase has no column.
pub(crate) fn show_phase(phase: u8, columns: &mut [f32]) {
    columns.fill(0.0);
    if let Some(column) = usize::from(phase).checked_sub(1) {
        columns[column] = 1.0;
    }
}

/// A loop's weights and sizes.
#[derive(Clone, Copy, Debug)]
pub struct Loop<'a> {
    /// Wiring of the loop.
    pub feedback: &'a Feedback,
    /// The effective weights, `[units, inputs]` each.
    pub weights: &'a [Vec<f32>],
    /// Count of numbers in a row of `z = [h_tm1, r_t, …]`.
    pub columns: usize,
    /// Count of the last of these that the core reads, and so that the gradient on z has.
    pub read: usize,
    /// Count of numbers that a lane saves in a step.
    pub saved_len: usize,
}

/// Buffers that a step of several lanes reads and writes, row by row.
#[derive(Debug)]
pub struct LoopRows<'a> {
    /// The core's last output; receives, behind it, what the core reads of the accumulators.
    pub z: &'a mut [f32],
    /// The accumulators before the step.
    pub n_tm1: &'a [f32],
    /// Receives what is saved for the backward pass.
    pub saved: &'a mut [f32],
    /// Receives the accumulators after the step.
    pub n_t: &'a mut [f32],
}

/// Takes one step of each lane.
pub(crate) fn loop_step<C: LoopCell>(looped: Loop<'_>, shown: Shown<'_>, rows: LoopRows<'_>) {
    let feedback = looped.feedback;
    let LoopRows { z, n_tm1, saved, n_t } = rows;
    let (inputs, units) = (feedback.inputs(), feedback.units);
    let lanes = shown.first.iter().zip(shown.instructions).zip(shown.phases).zip(z.chunks_exact_mut(looped.columns));
    let states = n_tm1.chunks_exact(units).zip(n_t.chunks_exact_mut(units));
    for (((((&first, &instruction), &phase), z), (n_tm1, n_t)), x) in
        lanes.zip(states).zip(saved.chunks_exact_mut(looped.saved_len))
    {
        let (h_tm1, r_t) = z.split_at_mut(feedback.hidden);
        x[0] = feedback.instruction.shown(instruction, first);
        if feedback.clock.is_present() {
            x[1] = 1.0;
        }
        if feedback.start.is_present() {
            x[feedback.start_offset()] = f32::from(first);
        }
        if feedback.phases > 0 {
            show_phase(phase, &mut x[feedback.phase_offset()..feedback.state_offset()]);
        }
        match feedback.state {
            StateInput::Absent => (),
            StateInput::Values => x[feedback.state_offset()..][..h_tm1.len()].copy_from_slice(h_tm1),
            StateInput::Bits { .. } => {
                let bits = x[feedback.state_offset()..feedback.own_offset()].iter_mut();
                bits.zip(&*h_tm1).for_each(|(bit, &h)| *bit = f32::from(h >= 0.0));
            }
        }
        if feedback.own.is_present() {
            x[feedback.own_offset()..][..units].copy_from_slice(n_tm1);
        }
        C::prepare(inputs, x);
        for index in 0..units {
            let unit = Unit { index, weights: looped.weights, range: index * inputs..(index + 1) * inputs };
            let output = C::forward(&unit, x);
            n_t[index] = match feedback.update {
                Update::Add => n_tm1[index] + output,
                Update::Replace => output,
            };
            r_t[index] = feedback.read.value(feedback.gain, n_t[index]);
        }
    }
}

/// The gradients of a block of lanes on their way back through a step.
#[derive(Debug)]
pub struct Gradients<'a> {
    /// Gradient on the effective weights, to be added to.
    pub weights: &'a mut [Vec<f32>],
    /// Gradient on the columns of `z` that the core reads.
    pub dz: &'a [f32],
    /// Gradient on `n_t` from later steps; receives that on `n_tm1`.
    pub dn: &'a mut [f32],
    /// Gradient on `h_tm1`, to be added to.
    pub dh_tm1: &'a mut [f32],
}

/// Goes back through a [`loop_step`], from what it left in `z` and `saved`.
pub(crate) fn loop_backward<C: LoopCell>(looped: Loop<'_>, z: &[f32], saved: &[f32], gradients: Gradients<'_>) {
    let feedback = looped.feedback;
    let (inputs, units, hidden) = (feedback.inputs(), feedback.units, feedback.hidden);
    let Gradients { weights: sums, dz, dn, dh_tm1 } = gradients;
    let rows = z.chunks_exact(looped.columns).zip(dz.chunks_exact(looped.read));
    let state_columns = hidden + looped.read - looped.columns;
    let states = dn.chunks_exact_mut(units).zip(dh_tm1.chunks_exact_mut(hidden));
    for (((z, dz), (dn, state)), x) in rows.zip(states).zip(saved.chunks_exact(looped.saved_len)) {
        let (r_t, dr) = (&z[hidden..], &dz[state_columns..]);
        let mut own = [0.0_f32; MOST_UNITS];
        let mut from = InputGradient { feedback, factor: feedback.state.gradient(), state, own: &mut own };
        for index in 0..units {
            let dn_t = dn[index] + feedback.read.backward(feedback.gain, r_t[index], dr[index]);
            let range = index * inputs..(index + 1) * inputs;
            let unit = Unit { index, weights: looped.weights, range: range.clone() };
            C::backward(&unit, x, dn_t, &mut UnitGradient { sums: &mut *sums, range, inputs: &mut from });
            dn[index] = match feedback.update {
                Update::Add => dn_t,
                Update::Replace => 0.0,
            };
        }
        if feedback.own.is_present() {
            dn.iter_mut().zip(own).for_each(|(sum, d)| *sum += d);
        }
    }
}

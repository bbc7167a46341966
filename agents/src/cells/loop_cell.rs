//! The contract of a cell in the agents' feedback loop.

use std::ops::Range;

use tch::Tensor;

use crate::feedback::{Feedback, FeedbackInput, InstructionInput, Read};

/// A cell of the feedback loop: from the inputs `x`, `[inputs]`, to one number for each accumulator.
///
/// It is written twice: in tensor operations ([`output`](Self::output)), on any device, and by hand for one unit of one
/// lane ([`forward`](Self::forward), [`backward`](Self::backward)), on the processor. The two must agree; the defaults of
/// the second are the sum `W x`. [`Cell::register`](super::Cell::register) makes a cell known by its name.
pub trait LoopCell: 'static {
    /// Description of the cell: its name, its parameters and the settings that suit it.
    const ABOUT: About;

    /// Computes the effective weights, `[units, inputs]` each, from the parameters, in the order of
    /// [`About::parameters`], in differentiable tensor operations: libtorch computes the gradient with respect to the
    /// parameters. The number of effective weights is up to the cell.
    fn weights(parameters: &[&Tensor]) -> Vec<Tensor>;

    /// Computes the cell's output for rows of inputs: `x` is `[batch, inputs]`, the result `[batch, units]`.
    fn output(x: &Tensor, weights: &[Tensor]) -> Tensor;

    /// Number of `f32` that one lane saves in one step for the backward pass, given the numbers of inputs and of units:
    /// at least `inputs`, which come first. By default exactly `inputs`.
    #[must_use]
    fn saved_len(inputs: usize, _units: usize) -> usize {
        inputs
    }

    /// Prepares what all units share, once for each lane and step, before [`forward`](Self::forward): `saved[..inputs]`
    /// holds the inputs, and what is computed from them, such as their logarithms, is written to `saved[inputs..]`. The
    /// length of `saved` is [`saved_len`](Self::saved_len). By default nothing is written.
    fn prepare(_inputs: usize, _saved: &mut [f32]) {}

    /// Computes the output of one unit from the inputs, `saved[..inputs]`. A unit that saves numbers for
    /// [`backward`](Self::backward) must have a part of `saved[inputs..]` for itself. By default the output is `W x`,
    /// with the first effective weights.
    #[inline]
    fn forward(unit: &Unit<'_>, saved: &mut [f32]) -> f32 {
        dot(unit.row(0), saved)
    }

    /// Backward pass of [`forward`](Self::forward), for one unit: `d` is the derivative of the loss with respect to its
    /// output. Adds to `sums` the derivatives with respect to its effective weights and, if
    /// [`UnitGradient::wants_inputs`], to its inputs. By default they are those of `W x`: a cell that overrides
    /// `forward` must override this, too.
    #[inline]
    fn backward(unit: &Unit<'_>, saved: &[f32], d: f32, sums: &mut UnitGradient<'_, '_>) {
        sums.add_weight(0, d, saved);
        sums.add_inputs(d, unit.row(0));
    }
}

/// Description of a cell: names, defaults and properties.
#[derive(Debug)]
pub struct About {
    /// Name of the cell in `config.json` and, after `core.`, in the names of its parameters.
    pub name: &'static str,
    /// Name of the agent that has the cell, as in `--agent`.
    pub agent: &'static str,
    /// Name of the cell in a sentence.
    pub title: &'static str,
    /// Description of the agent in one line.
    pub summary: &'static str,
    /// Equation of the cell, with inputs x.
    pub equation: &'static str,
    /// Parameters of the cell, `[units, inputs]` each.
    pub parameters: &'static [Initial],
    /// Form of the output, which decides on how its weights can be read.
    pub output: Output,
    /// Constraint on the first parameter, if there is one.
    pub constraint: Option<Constraint>,
    /// True if the weights are given and never change: a control. Its loop needs a clock.
    pub given: bool,
    /// Inputs of the loop by default.
    pub reading: FeedbackInput,
    /// Number of accumulators by default.
    pub units: usize,
    /// Gain by default.
    pub gain: f32,
    /// Form in which the core reads an accumulator, by default.
    pub read: Read,
    /// Default of `--instruction-input`: the steps in which the core reads the instruction T directly, beside the
    /// counters.
    pub told: InstructionInput,
    /// Environment steps of a training by default.
    pub steps: u64,
}

/// A parameter of a cell, and the uniform distribution that it starts with.
#[derive(Debug)]
pub struct Initial {
    /// Name of the parameter, after the cell's.
    pub name: &'static str,
    /// Middle of the distribution.
    pub centre: f32,
    /// Half-width of the distribution, as a function of the number of inputs and the number of units, in this order.
    pub range: fn(usize, usize) -> f64,
}

/// Form of a cell's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// `W x`, of the first effective weights.
    Sum,
    /// `g ⊙ W x + (1 − g) ⊙ m`, with a product m and `g = σ(G x)` of the second effective weights.
    GatedSum,
    /// Any other form: no sum of the inputs.
    Other,
}

/// Constraint on a parameter after each update: a range, and in the end whole numbers within it.
#[derive(Clone, Copy, Debug)]
pub struct Constraint {
    /// The least and the greatest weight.
    pub range: (f32, f32),
    /// Rounds the weights, `inputs` to a unit, to whole numbers.
    pub round: fn(&mut [f32], usize),
}

/// The effective weights of one unit.
#[derive(Clone, Debug)]
pub struct Unit<'a> {
    /// Index of the unit among all units.
    pub index: usize,
    pub(super) weights: &'a [Vec<f32>],
    pub(super) range: Range<usize>,
}

impl<'a> Unit<'a> {
    /// Gives the unit's row of the effective weights `which`, `[inputs]`.
    #[inline]
    #[must_use]
    pub fn row(&self, which: usize) -> &'a [f32] {
        &self.weights[which][self.range.clone()]
    }
}

/// The gradient on one unit's effective weights, and on the inputs that depend on earlier steps.
#[derive(Debug)]
pub struct UnitGradient<'a, 'b> {
    pub(super) sums: &'a mut [Vec<f32>],
    pub(super) range: Range<usize>,
    pub(super) inputs: &'a mut InputGradient<'b>,
}

impl UnitGradient<'_, '_> {
    /// Adds `scale · term` to the gradient on the row of the effective weights `which`.
    #[inline]
    pub fn add_weight(&mut self, which: usize, scale: f32, term: &[f32]) {
        add_scaled(&mut self.sums[which][self.range.clone()], scale, term);
    }

    /// Adds `scale · slopes` to the gradient on the inputs; `slopes` is `[inputs]`.
    #[inline]
    pub fn add_inputs(&mut self, scale: f32, slopes: &[f32]) {
        let InputGradient { feedback, factor, state, own } = &mut *self.inputs;
        if feedback.state.is_present() {
            add_scaled(state, scale * *factor, &slopes[feedback.state_offset()..feedback.own_offset()]);
        }
        if feedback.own.is_present() {
            add_scaled(own, scale, &slopes[feedback.own_offset()..]);
        }
    }

    /// Adds one number to the gradient on a weight of `which`, and one to that on its input.
    #[inline]
    pub fn add_at(&mut self, which: usize, input: usize, on_weight: f32, on_input: f32) {
        self.sums[which][self.range.start + input] += on_weight;
        let InputGradient { feedback, factor, state, own } = &mut *self.inputs;
        let (of_state, of_own) = (feedback.state_offset(), feedback.own_offset());
        if feedback.state.is_present() && (of_state..of_own).contains(&input) {
            state[input - of_state] += *factor * on_input;
        }
        if feedback.own.is_present() && input >= of_own {
            own[input - of_own] += on_input;
        }
    }

    /// Tells if any input depends on earlier steps; otherwise the gradient on the inputs is not needed.
    #[inline]
    #[must_use]
    pub fn wants_inputs(&self) -> bool {
        self.inputs.feedback.state.is_present() || self.inputs.feedback.own.is_present()
    }
}

/// The gradients on the inputs of one lane that depend on earlier steps.
#[derive(Debug)]
pub(super) struct InputGradient<'a> {
    pub feedback: &'a Feedback,
    /// Factor on the gradient on the core's last output.
    pub factor: f32,
    /// Gradient on the core's last output.
    pub state: &'a mut [f32],
    /// Gradient on the loop's own last output.
    pub own: &'a mut [f32],
}

/// Computes `Σ a b` over the common length of both slices.
#[inline]
#[must_use]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[inline]
fn add_scaled(sum: &mut [f32], scale: f32, term: &[f32]) {
    sum.iter_mut().zip(term).for_each(|(sum, term)| *sum += scale * term);
}

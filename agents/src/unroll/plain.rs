//! The unroll in tensor operations: short, on any device, and the measure of the fused one.

use tch::{Device, Kind, Tensor};

use super::{CoreState, Input, Sizes, Unroll};
use crate::cores::Memory;
use crate::feedback::{InstructionInput, Read, StateInput, Update};
use crate::model::Weights;
use crate::wiring::Wiring;

/// An unroll that leaves differentiation to libtorch.
#[derive(Debug)]
pub struct Plain {
    sizes: Sizes,
    wiring: Wiring,
    device: Device,
    weights: Option<Weights>,
    h: Tensor,
    c: Tensor,
    n: Tensor,
    outputs: Vec<Tensor>,
    host: Vec<f32>,
}

impl Plain {
    /// An unroll on `device`, with every lane's state zero.
    #[must_use]
    pub fn new(sizes: Sizes, wiring: Wiring, device: Device) -> Plain {
        let zeros = |columns: usize| Tensor::zeros([sizes.lanes as i64, columns as i64], (Kind::Float, device));
        Plain {
            sizes,
            wiring,
            device,
            weights: None,
            h: zeros(sizes.hidden),
            c: zeros(sizes.memory),
            n: zeros(sizes.units),
            outputs: Vec::new(),
            host: vec![0.0; sizes.lanes * sizes.outputs],
        }
    }

    fn weights(&self) -> &Weights {
        self.weights.as_ref().expect("weights are loaded before the first step")
    }

    /// Takes one step from the state `(h, c, n)`: gives the new state and the outputs, all with one row for each
    /// lane.
    fn forward(&self, (h, c, n): (&Tensor, &Tensor, &Tensor), input: Input<'_>) -> (Tensor, Tensor, Tensor, Tensor) {
        let weights = self.weights();
        let column = |values: &[f32]| Tensor::from_slice(values).to_device(self.device).view([-1, 1]);
        let first: Vec<f32> = input.first.iter().map(|&first| f32::from(u8::from(first))).collect();
        let first = column(&first);
        let carried: Tensor = 1.0 - &first;
        let (h, c, n) = (h * &carried, c * &carried, n * &carried);
        let instruction = column(input.instructions);

        let told_phase: Vec<Tensor> = (1..=self.sizes.phases)
            .map(|phase| {
                let is_now: Vec<f32> =
                    input.phases.iter().map(|&now| f32::from(u8::from(usize::from(now) == phase))).collect();
                column(&is_now)
            })
            .collect();
        let mut z = Vec::from_iter((self.sizes.state > 0).then(|| h.shallow_clone()));
        let mut n_t = n.shallow_clone();
        let shown = |when| match when {
            InstructionInput::Always => instruction.shallow_clone(),
            InstructionInput::Start => &instruction * &first,
            InstructionInput::Never => instruction.zeros_like(),
        };
        if let Some((cell, feedback)) = self.wiring.feedback {
            let mut x = vec![shown(feedback.instruction)];
            x.extend(feedback.clock.is_present().then(|| Tensor::ones_like(&instruction)));
            x.extend(feedback.start.is_present().then(|| first.shallow_clone()));
            x.extend(told_phase.iter().take(feedback.phases).map(Tensor::shallow_clone));
            match feedback.state {
                StateInput::Absent => (),
                StateInput::Values => x.push(h.shallow_clone()),
                StateInput::Bits { gradient, .. } => {
                    let h = h.narrow(1, 0, feedback.state.columns(feedback.hidden) as i64);
                    x.push(h.ge(0.0).to_kind(Kind::Float) + (&h - h.detach()) * f64::from(gradient));
                }
            }
            x.extend(feedback.own.is_present().then(|| n.shallow_clone()));
            let made = (cell.output)(&Tensor::cat(&x, 1), &weights.feedback);
            n_t = match feedback.update {
                Update::Add => n + made,
                Update::Replace => made,
            };
            let scaled = &n_t * f64::from(feedback.gain);
            z.push(match feedback.read {
                Read::Tanh => scaled.tanh(),
                Read::Linear => scaled,
            });
        }
        if self.wiring.core.about().memory == Memory::Clock {
            z.push(&c * f64::from(Memory::CLOCK_SCALE));
        }
        z.extend(told_phase);
        let rows: Vec<i64> = input.rows.iter().map(|&row| i64::from(row)).collect();
        let frames = weights.table.index_select(0, &Tensor::from_slice(&rows).to_device(self.device));
        let a = frames
            + Tensor::cat(&z, 1).matmul(&weights.recurrent.tr())
            + shown(self.wiring.told) * &weights.instruction;
        let (h_t, c_t) = self.wiring.core.plain(&a, &h, &c);
        let outputs = weights.heads_bias.addmm(&h_t, &weights.heads.tr());
        (h_t, c_t, n_t, outputs)
    }
}

impl Unroll for Plain {
    fn load(&mut self, weights: Weights) {
        self.weights = Some(weights);
    }

    fn extend(&mut self, table: Tensor) {
        let weights = self.weights.as_mut().expect("weights are loaded before they are extended");
        weights.table = Tensor::cat(&[&weights.table, &table], 0);
    }

    fn step(&mut self, input: Input<'_>) -> &[f32] {
        let (h, c, n, outputs) = self.forward((&self.h, &self.c, &self.n), input);
        (self.h, self.c, self.n) = (h, c, n);
        to_host(&outputs, &mut self.host);
        self.outputs.push(outputs);
        &self.host
    }

    fn peek(&mut self, lanes: &[usize], input: Input<'_>) -> Vec<f32> {
        tch::no_grad(|| {
            let lanes: Vec<i64> = lanes.iter().map(|&lane| lane as i64).collect();
            let lanes = Tensor::from_slice(&lanes).to_device(self.device);
            let (h, c, n) =
                (self.h.index_select(0, &lanes), self.c.index_select(0, &lanes), self.n.index_select(0, &lanes));
            let (_, _, _, outputs) = self.forward((&h, &c, &n), input);
            let mut values = vec![0.0; input.rows.len()];
            to_host(&outputs.select(1, self.sizes.outputs as i64 - 1), &mut values);
            values
        })
    }

    fn backward(&mut self, outputs: &[f32]) {
        let gradient = Tensor::from_slice(outputs).to_device(self.device);
        let forward = Tensor::stack(&self.outputs, 0).view([-1]);
        (forward * gradient).sum(Kind::Float).backward();
    }

    fn rewind(&mut self) {
        self.outputs.clear();
        (self.h, self.c, self.n) = (self.h.detach(), self.c.detach(), self.n.detach());
    }

    fn state(&self) -> CoreState {
        let values = |tensor: &Tensor| {
            let mut values = vec![0.0; tensor.numel()];
            to_host(&tensor.detach(), &mut values);
            values
        };
        CoreState { h: values(&self.h), c: values(&self.c), n: values(&self.n) }
    }

    fn set_state(&mut self, state: &CoreState) {
        let tensor = |values: &[f32], columns: usize| {
            Tensor::from_slice(values).to_device(self.device).view([self.sizes.lanes as i64, columns as i64])
        };
        self.h = tensor(&state.h, self.sizes.hidden);
        self.c = tensor(&state.c, self.sizes.memory);
        self.n = tensor(&state.n, self.sizes.units);
    }
}

/// Copies a tensor's numbers into `values`, which must be as many.
fn to_host(tensor: &Tensor, values: &mut [f32]) {
    let tensor = tensor.detach().to_device(Device::Cpu).contiguous();
    tensor.copy_data(values, values.len());
}

//! Actions drawn from policies.

use gridworld_envs::{Stream, StreamId};
use rand::RngExt;

/// Draws actions, from a stream of its own, one time step after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampler {
    stream: StreamId,
    /// Number of time steps that were drawn; with the stream, the whole state.
    pub time: u64,
}

impl Sampler {
    /// Makes a sampler that begins at time 0 of `stream`.
    #[must_use]
    pub fn new(stream: StreamId) -> Sampler {
        Sampler { stream, time: 0 }
    }

    /// Draws an action for each row of `outputs`, `[lanes, width]` with `width − 1` logits and a
    /// value: the action k with probability `e^logit_k / Σ e^logit`.
    pub fn sample(&mut self, outputs: &[f32], width: usize, actions: &mut [u8]) {
        let mut stream = Stream::new(self.stream, 0, self.time);
        self.time += 1;
        for (output, action) in outputs.chunks_exact(width).zip(actions) {
            let logits = &output[..width - 1];
            let greatest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let total: f32 = logits.iter().map(|x| (x - greatest).exp()).sum();
            let mut rest = stream.random::<f32>() * total;
            // Rounding can leave a rest after the last action: then that one is taken.
            let mut chosen = logits.len() - 1;
            for (k, x) in logits.iter().enumerate() {
                rest -= (x - greatest).exp();
                if rest < 0.0 {
                    chosen = k;
                    break;
                }
            }
            *action = chosen as u8;
        }
    }
}

/// Writes to `actions` the most probable action of each row of `outputs`, `[lanes, width]` with `width − 1` logits and
/// a value; of several equally probable ones the first.
pub fn greedy(outputs: &[f32], width: usize, actions: &mut [u8]) {
    for (output, action) in outputs.chunks_exact(width).zip(actions) {
        let mut best = 0;
        for (k, x) in output[..width - 1].iter().enumerate() {
            if *x > output[best] {
                best = k;
            }
        }
        *action = best as u8;
    }
}

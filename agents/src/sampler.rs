//! Actions drawn from policies.

use gridworld_envs::{Stream, StreamId};
use rand::RngExt;

use crate::head_columns::{HeadColumns, probability};

/// Decisions of all lanes in one step.
#[derive(Debug)]
pub struct Decisions<'a> {
    /// Receives an action for each lane.
    pub actions: &'a mut [u8],
    /// Receives, for each lane, true if the agent goes on to the next phase; false where it has no phases.
    pub advances: &'a mut [bool],
}

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

    /// Draws the decisions for each row of `outputs`, `[lanes, columns]`: the action k with probability
    /// `e^logit_k / Σ e^logit`, and the next phase with probability σ(its logit).
    pub fn sample(&mut self, outputs: &[f32], columns: HeadColumns, decisions: Decisions<'_>) {
        let mut stream = Stream::new(self.stream, 0, self.time);
        self.time += 1;
        let lanes = decisions.actions.iter_mut().zip(decisions.advances);
        for (output, (action, advance)) in outputs.chunks_exact(columns.width()).zip(lanes) {
            let logits = columns.logits(output);
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
            *advance = columns.advance(output).is_some_and(|logit| stream.random::<f32>() < probability(logit));
        }
    }
}

/// Takes the most probable decisions of each row of `outputs`, `[lanes, columns]`; of several equally probable actions the
/// first, and the next phase if its logit is 0 or more.
pub fn greedy(outputs: &[f32], columns: HeadColumns, decisions: Decisions<'_>) {
    let lanes = decisions.actions.iter_mut().zip(decisions.advances);
    for (output, (action, advance)) in outputs.chunks_exact(columns.width()).zip(lanes) {
        let logits = columns.logits(output);
        let mut best = 0;
        for (k, x) in logits.iter().enumerate() {
            if *x > logits[best] {
                best = k;
            }
        }
        *action = best as u8;
        *advance = columns.advance(output).is_some_and(|logit| logit >= 0.0);
    }
}

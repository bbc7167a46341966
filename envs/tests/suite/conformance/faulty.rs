//! The corridor as a task, with a batch around it that adds the faults of batches.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use gridworld_envs::{
    Batch, BatchOf, Domain, FrameKey, Observations, Policy, RestoreError, Spec, StreamId, Task, Transitions,
};

use crate::corridor::{Corridor, Fault, spec};

pub struct Corridors {
    fault: Option<Fault>,
    instructions: Vec<u32>,
    /// Batches made, which the faulty ones take notice of.
    batches: AtomicU32,
}

impl Corridors {
    pub fn new(fault: Option<Fault>) -> Corridors {
        Corridors { fault, instructions: vec![6, 9], batches: AtomicU32::new(0) }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }
}

impl Task for Corridors {
    fn spec(&self) -> Spec {
        spec(self.fault)
    }

    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        let lanes = lanes + usize::from(self.has(Fault::BatchTooLarge));
        let domain = if self.has(Fault::DomainIgnored) { Domain::Training } else { stream.domain };
        let corridor = || Corridor::new(self.fault, self.instructions.clone(), stream);
        let batch = BatchOf::new(lanes, StreamId { domain, ..stream }, corridor);
        if self.fault.is_none() {
            return Box::new(batch);
        }
        Box::new(Faulty {
            fault: self.fault,
            batch,
            serial: self.batches.fetch_add(1, Ordering::Relaxed),
            rewards: vec![0.0; lanes],
            lengths: vec![0; lanes],
            frames: vec![FrameKey(0); lanes],
            stale: vec![0.0; lanes],
            actions: Vec::new(),
        })
    }

    fn instructions(&self) -> &[u32] {
        &self.instructions
    }

    fn time_limit(&self) -> Option<u32> {
        let greatest = self.instructions.iter().copied().max();
        match self.fault {
            // It claims to have none: that it never ends so must be found by its outcomes.
            Some(Fault::NeverTruncated) => None,
            Some(Fault::LimitUnderstated) => greatest.map(|limit| limit - 1),
            _ => greatest,
        }
    }

    fn with_instruction(&self, instruction: u32) -> Box<dyn Task> {
        let instructions = if self.has(Fault::PosedForgets) { vec![6, 9] } else { vec![instruction] };
        Box::new(Corridors { instructions, ..Corridors::new(self.fault) })
    }

    fn starts(&self) -> Option<usize> {
        Some(4 * self.instructions.len())
    }

    fn is_held_out(&self, start: usize) -> bool {
        self.has(Fault::HeldOutIsDrawn) && start == 2
    }

    fn batch_of_starts(&self, starts: Range<usize>, stream: StreamId) -> Box<dyn Batch> {
        let lanes = starts.len() + usize::from(self.has(Fault::LanesOfStartsTooMany));
        let corridor = || Corridor::new(self.fault, self.instructions.clone(), stream);
        Box::new(BatchOf::beginning(lanes, stream, corridor, |corridor, lane| {
            let start = starts.start + lane;
            // The one that is forgotten begins elsewhere in each stream.
            let drawn = self.has(Fault::StartForgotten) && start == 3;
            let position = if drawn { u64::from(stream.domain == Domain::Training) } else { start as u64 % 4 };
            corridor.begin(position, self.instructions[(start / 4).min(self.instructions.len() - 1)])
        }))
    }

    fn oracle(&self, _lanes: usize) -> Option<Box<dyn Policy>> {
        None
    }
}

struct Faulty {
    fault: Option<Fault>,
    batch: BatchOf<Corridor>,
    serial: u32,
    rewards: Vec<f32>,
    lengths: Vec<u32>,
    frames: Vec<FrameKey>,
    stale: Vec<f32>,
    actions: Vec<u8>,
}

impl Faulty {
    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }
}

impl Batch for Faulty {
    fn spec(&self) -> Spec {
        self.batch.spec()
    }

    fn lanes(&self) -> usize {
        self.batch.lanes()
    }

    fn observe(&self) -> Observations<'_> {
        let shown = self.batch.observe();
        match self.fault {
            // Only the last step's observation is ever shown, but at the beginning.
            Some(Fault::NotReset) if self.lengths[0] > 0 => {
                Observations { frames: &self.frames, instructions: &self.stale }
            }
            _ => shown,
        }
    }

    fn step(&mut self, actions: &[u8]) -> Transitions<'_> {
        self.actions = actions.to_vec();
        if self.has(Fault::ActionsClamped) {
            self.actions = actions.iter().map(|&action| action.min(1)).collect();
            self.actions.resize(self.batch.lanes(), 0);
        }
        let before = self.batch.observe().frames.to_vec();
        let stepped = self.batch.step(&self.actions);
        let mut transitions = stepped;
        self.rewards = stepped.rewards.to_vec();
        self.frames = stepped.finals.frames.to_vec();
        self.stale = stepped.finals.instructions.to_vec();
        match self.fault {
            Some(Fault::RewardsTooFew) => self.rewards.truncate(1),
            Some(Fault::PlayDrifts) => self.rewards[0] += self.serial as f32,
            Some(Fault::LanesTouch) => self.rewards[0] += f32::from(actions.iter().sum::<u8>()),
            Some(Fault::FinalsStale) => self.frames = before,
            _ => (),
        }
        for (length, now) in self.lengths.iter_mut().zip(stepped.lengths) {
            *length = if self.fault == Some(Fault::LengthsGoOn) { *length + 1 } else { *now };
        }
        transitions.rewards = &self.rewards;
        transitions.lengths = &self.lengths;
        transitions.finals.frames = &self.frames;
        transitions
    }

    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        self.batch.render(frame, pixels);
    }

    fn save(&self) -> Vec<u64> {
        self.batch.save()
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let surplus = self.has(Fault::SurplusWordsTaken);
        let expected = self.batch.save().len().min(words.len());
        self.batch.restore(if surplus { &words[..expected] } else { words })
    }
}

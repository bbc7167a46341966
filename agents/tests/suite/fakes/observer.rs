//! An observer that keeps what it hears.

use std::sync::atomic::{AtomicBool, Ordering};

use gridworld_agents::training::{CheckpointKind, Observer, Record, TrainError};
use gridworld_checkpoint::Checkpoint;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Call that the observer refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Nothing,
    Records,
    Checkpoints,
}

/// Keeps records and checkpoints, has a clock that stands still, and sets `interrupt` once
/// `interrupt_at` steps have been taken.
#[derive(Debug)]
pub struct Keeper<'a> {
    pub records: Vec<Record>,
    pub saved: Vec<(CheckpointKind, Checkpoint)>,
    pub advanced: u64,
    pub refusal: Refusal,
    pub interrupt: &'a AtomicBool,
    pub interrupt_at: u64,
    /// Step that each way back went to, and the message about it.
    pub rewinds: Vec<(u64, String)>,
}

impl<'a> Keeper<'a> {
    pub fn new(interrupt: &'a AtomicBool) -> Keeper<'a> {
        Keeper {
            records: Vec::new(),
            saved: Vec::new(),
            advanced: 0,
            refusal: Refusal::Nothing,
            interrupt,
            interrupt_at: u64::MAX,
            rewinds: Vec::new(),
        }
    }

    /// The checkpoints of one kind, first to last.
    pub fn saved(&self, kind: CheckpointKind) -> Vec<&Checkpoint> {
        self.saved.iter().filter(|(saved, _)| *saved == kind).map(|(_, checkpoint)| checkpoint).collect()
    }

    /// The last checkpoint of where the training was.
    pub fn last(&self) -> &Checkpoint {
        self.saved(CheckpointKind::Last).last().expect("`last` was saved")
    }
}

impl Observer for Keeper<'_> {
    fn seconds(&self) -> f64 {
        0.0
    }

    fn advance(&mut self, steps: u64) {
        self.advanced = self.advanced.max(steps);
        if steps >= self.interrupt_at {
            self.interrupt.store(true, Ordering::Relaxed);
        }
    }

    fn record(&mut self, record: &Record) -> Result<(), Failure> {
        if self.refusal == Refusal::Records {
            return Err("the disk is full".into());
        }
        self.records.push(record.clone());
        Ok(())
    }

    fn save(&mut self, saved: CheckpointKind, checkpoint: &Checkpoint) -> Result<(), Failure> {
        if self.refusal == Refusal::Checkpoints {
            return Err("the disk is full".into());
        }
        self.saved.push((saved, checkpoint.clone()));
        Ok(())
    }

    fn rewind(&mut self, step: u64, why: &TrainError) -> Result<(), Failure> {
        self.records.retain(|record| record.step <= step);
        self.rewinds.push((step, why.to_string()));
        Ok(())
    }
}

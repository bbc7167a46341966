//! Vision's first statistics, before the training.

use std::sync::Arc;

use gridworld_envs::{Domain, FrameKey, Frames, StreamId, Task};
use tch::Tensor;

use super::sight::lookup_frames;
use crate::config::Config;
use crate::config::Convolution;
use crate::head_columns::HeadColumns;
use crate::model::Model;
use crate::sampler::{Decisions, Sampler};
use gridworld_envs::contract::{Caller, CheckedBatch, ContractViolation};
use gridworld_kernels::{FrameTable, PatchIndex};

/// Episodes that the statistics are taken from, and how long each is followed.
const CALIBRATION: (usize, usize) = (64, 40);

/// Distinct patches after which images that are drawn from the state are enough: where they do not
/// repeat, all of them would fill the memory and tell no more.
const MOST_PATCHES: usize = 1 << 16;

/// Lets vision see frames of random play, and brings its features to unit scale.
pub(super) fn calibrate(
    model: &Model,
    task: &dyn Task,
    config: &Config,
    parameters: &Tensor,
) -> Result<(), ContractViolation> {
    let (lanes, steps) = CALIBRATION;
    let stream = |domain| StreamId { seed: config.training.seed, domain, index: config.training.workers as u32 };
    let mut batch = CheckedBatch::new(task, lanes, stream(Domain::Training), Caller::Calibration)?;
    let mut seen = Seen::new(model);
    let mut sampler = Sampler::new(stream(Domain::Actions));
    let columns = HeadColumns::of_actions(model.actions());
    let uniform = vec![0.0; lanes * columns.width()];
    let (mut actions, mut advances) = (vec![0; lanes], vec![false; lanes]);
    for step in 1..=steps {
        seen.look(&batch, MOST_PATCHES * step / steps)?;
        sampler.sample(&uniform, columns, Decisions { actions: &mut actions, advances: &mut advances });
        batch.step(&actions)?;
    }
    let frame_list = match seen {
        Seen::Keyed(mut frames) => frames.all(),
        Seen::Drawn(patch_index, _) => Some(Arc::new(patch_index.frame_list())),
    };
    if let Some(frame_list) = frame_list {
        model.calibrate(parameters, &frame_list);
    }
    Ok(())
}

/// The frames of the play, by their keys or each for itself. The statistics are over distinct ones
/// either way.
enum Seen {
    Keyed(FrameTable<FrameKey>),
    /// Frames that are drawn from the state, with room for the pixels of one.
    Drawn(PatchIndex, Vec<u8>),
}

impl Seen {
    fn new(model: &Model) -> Seen {
        match model.frames() {
            Frames::Keyed => Seen::Keyed(model.frame_table()),
            Frames::Drawn => {
                let squares = model.config().convolutions.iter().map(Convolution::square);
                Seen::Drawn(PatchIndex::new(model.frame().into(), squares), vec![0; model.frame().bytes()])
            }
        }
    }

    /// Adds what all lanes show; of what is drawn no more than until there are `enough` patches, so that
    /// each moment of the play has its share.
    fn look(&mut self, batch: &CheckedBatch, enough: usize) -> Result<(), ContractViolation> {
        let keys = batch.observe()?.frames;
        match self {
            Seen::Keyed(frames) => lookup_frames(frames, batch, keys, &mut Vec::new()),
            Seen::Drawn(patch_index, pixels) => {
                for lane in 0..keys.len() {
                    if patch_index.patches() < enough {
                        batch.draw(lane, pixels)?;
                        patch_index.add(pixels);
                    }
                }
                Ok(())
            }
        }
    }
}

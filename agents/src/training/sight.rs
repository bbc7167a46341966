//! Images as a worker sees them: by the keys of images that repeat, or each image for itself.

use gridworld_envs::{FrameKey, Frames};
use tch::{Device, Tensor};

use crate::model::Model;
use crate::parameters::{Bound, Layout};
use crate::vision::{Encoder, FrameTable, Gradient, ImageEncoder, encoder_for_device, image_encoder_for_device};
use gridworld_envs::contract::{CheckedBatch, ContractViolation};

/// Source of the features of a rollout. Each has a row in the core's table.
pub(super) enum Sight {
    /// A row for each key that was ever seen; its image is drawn and encoded once.
    Keyed { frames: Box<FrameTable<FrameKey>>, encoder: Box<dyn Encoder> },
    /// A row for each observation of the rollout: so many so far.
    Drawn { encoder: Box<dyn ImageEncoder>, rows: u32 },
}

/// Images of the lanes that are looked at, lane by lane.
#[derive(Clone, Copy)]
pub(super) enum Scene<'a> {
    /// Present images of all lanes, to act on and to learn from.
    Now(&'a [FrameKey]),
    /// Present images of all lanes, to judge by them the steps before.
    Next(&'a [FrameKey]),
    /// The last images of the episodes that have just ended in these lanes, to judge by.
    Last(&'a [usize], &'a [FrameKey]),
}

impl Scene<'_> {
    fn keys(&self) -> &[FrameKey] {
        match self {
            Scene::Now(keys) | Scene::Next(keys) | Scene::Last(_, keys) => keys,
        }
    }

    /// Draws the image of entry `index`.
    fn draw(&self, batch: &CheckedBatch, index: usize, pixels: &mut [u8]) -> Result<(), ContractViolation> {
        match self {
            Scene::Now(_) | Scene::Next(_) => batch.draw(index, pixels),
            Scene::Last(lanes, _) => batch.draw_last(lanes[index], pixels),
        }
    }
}

impl Sight {
    pub fn new(model: &Model, device: Device) -> Sight {
        match model.frames() {
            Frames::Keyed => Sight::Keyed {
                frames: Box::new(model.frame_table()),
                encoder: encoder_for_device(model.vision(), device),
            },
            Frames::Drawn => Sight::Drawn { encoder: image_encoder_for_device(model.vision(), device), rows: 0 },
        }
    }

    /// Takes the parameters of the next rollout, and gives the features that its table begins with.
    pub fn load(&mut self, parameters: &Bound) -> Option<Tensor> {
        match self {
            Sight::Keyed { frames, encoder } => {
                encoder.load(parameters);
                frames.all().map(|frame_list| encoder.encode(&frame_list))
            }
            Sight::Drawn { encoder, rows } => {
                encoder.load(parameters);
                *rows = 0;
                None
            }
        }
    }

    /// Writes the row of each entry of `scene`, and gives the features of the rows that are new.
    ///
    /// # Errors
    /// If an image cannot be drawn; the worker is then of no further use.
    pub fn look(
        &mut self,
        batch: &CheckedBatch,
        scene: Scene<'_>,
        into: &mut Vec<u32>,
    ) -> Result<Option<Tensor>, ContractViolation> {
        match self {
            Sight::Keyed { frames, encoder } => {
                lookup_frames(frames, batch, scene.keys(), into)?;
                Ok(frames.fresh().map(|frame_list| encoder.encode(&frame_list)))
            }
            Sight::Drawn { encoder, rows } => {
                let count = scene.keys().len();
                let gradient = match scene {
                    Scene::Now(_) => Gradient::Wanted,
                    Scene::Next(_) | Scene::Last(..) => Gradient::Unwanted,
                };
                into.clear();
                into.extend(*rows..*rows + count as u32);
                *rows += count as u32;
                let mut drawn = Ok(());
                let mut draw = |index: usize, pixels: &mut [u8]| {
                    if drawn.is_ok() {
                        drawn = scene.draw(batch, index, pixels);
                    }
                };
                let features = encoder.encode(count, &mut draw, gradient);
                drawn.map(|()| Some(features))
            }
        }
    }

    /// Writes vision's part of `gradient`, a vector over `layout`.
    pub fn backward(&mut self, layout: &Layout, gradient: &mut Tensor) {
        match self {
            Sight::Keyed { encoder, .. } => encoder.backward(layout, gradient),
            Sight::Drawn { encoder, .. } => encoder.backward(layout, gradient),
        }
    }

    /// The keys whose rows go from rollout to rollout, in the order of these.
    pub fn keys(&self) -> Vec<u64> {
        match self {
            Sight::Keyed { frames, .. } => frames.keys().iter().map(|key| key.0).collect(),
            Sight::Drawn { .. } => Vec::new(),
        }
    }

    /// Goes on with the rows of `keys`, which [`keys`](Self::keys) gave.
    ///
    /// # Errors
    /// If an image cannot be drawn.
    pub fn restore(&mut self, batch: &CheckedBatch, keys: &[u64]) -> Result<(), ContractViolation> {
        match self {
            Sight::Keyed { frames, .. } => {
                let keys: Vec<FrameKey> = keys.iter().map(|&key| FrameKey(key)).collect();
                lookup_frames(frames, batch, &keys, &mut Vec::new())
            }
            Sight::Drawn { .. } => Ok(()),
        }
    }
}

/// The rows of the frames that are shown; new ones are drawn.
///
/// # Errors
/// If one cannot be drawn; the table is then of no further use.
pub(super) fn lookup_frames(
    frames: &mut FrameTable<FrameKey>,
    batch: &CheckedBatch,
    keys: &[FrameKey],
    rows: &mut Vec<u32>,
) -> Result<(), ContractViolation> {
    let mut drawn = Ok(());
    frames.look_up(keys, rows, |key, pixels| {
        if let Err(violation) = batch.render(key, pixels) {
            drawn = Err(violation);
        }
    });
    drawn
}

//! The frames that a worker has seen, each under its key.

use std::collections::HashMap;

use gridworld_envs::{FrameKey, FrameShape};
use tch::Device;

use super::{Atlas, AtlasTensors};
use crate::config::Convolution;

/// Beyond this many frames the table starts afresh, so that an environment whose frames never
/// repeat does not fill the memory.
const MOST_FRAMES: usize = 8192;

/// Frames by key: a row for each, an atlas of all, and the atlas of those that came since.
#[derive(Debug)]
pub struct FrameTable {
    shape: FrameShape,
    convolutions: Vec<Convolution>,
    device: Device,
    rows: HashMap<FrameKey, u32>,
    keys: Vec<FrameKey>,
    atlas: Atlas,
    tensors: Option<AtlasTensors>,
    fresh: Option<Atlas>,
    pixels: Vec<u8>,
}

impl FrameTable {
    /// An empty table whose atlas lives on `device`.
    pub fn new(shape: FrameShape, convolutions: &[Convolution], device: Device) -> FrameTable {
        FrameTable {
            shape,
            convolutions: convolutions.to_vec(),
            device,
            rows: HashMap::new(),
            keys: Vec::new(),
            atlas: Atlas::new(shape, convolutions),
            tensors: None,
            fresh: None,
            pixels: vec![0; shape.bytes()],
        }
    }

    /// The row of each key; a key that is new is drawn by `render` and gets the next row.
    pub fn look_up(&mut self, keys: &[FrameKey], rows: &mut Vec<u32>, mut render: impl FnMut(FrameKey, &mut [u8])) {
        rows.clear();
        for &key in keys {
            let next = self.rows.len() as u32;
            let row = *self.rows.entry(key).or_insert_with(|| {
                render(key, &mut self.pixels);
                self.keys.push(key);
                self.atlas.add(&self.pixels);
                self.fresh.get_or_insert_with(|| Atlas::new(self.shape, &self.convolutions)).add(&self.pixels);
                next
            });
            rows.push(row);
        }
    }

    /// Whether [`all`](Self::all) will start the table afresh.
    pub fn is_full(&self) -> bool {
        self.atlas.frames() > MOST_FRAMES
    }

    /// The keys of the frames, in the order of their rows.
    pub fn keys(&self) -> &[FrameKey] {
        &self.keys
    }

    /// The frames that have come since this or [`all`](Self::all) was last asked, in the order of
    /// their rows; nothing if there are none.
    pub fn fresh(&mut self) -> Option<AtlasTensors> {
        self.fresh.take().map(|atlas| atlas.tensors(self.device))
    }

    /// All frames, in the order of their rows; nothing if there are none. Row numbers given out
    /// before may change: call it between rollouts.
    pub fn all(&mut self) -> Option<&AtlasTensors> {
        self.fresh = None;
        if self.is_full() {
            self.rows.clear();
            self.keys.clear();
            self.atlas = Atlas::new(self.shape, &self.convolutions);
            self.tensors = None;
        }
        if self.atlas.frames() == 0 {
            return None;
        }
        if self.tensors.as_ref().is_none_or(|tensors| tensors.count != self.atlas.frames() as i64) {
            self.tensors = Some(self.atlas.tensors(self.device));
        }
        self.tensors.as_ref()
    }
}

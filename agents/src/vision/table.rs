//! The frames that a worker has seen, each under its key.

use std::sync::Arc;

use gridworld_envs::{FrameKey, FrameShape};
use rustc_hash::FxHashMap;

use crate::config::Convolution;
use gridworld_kernels::{FrameList, PatchIndex};

/// Beyond this many frames the table starts afresh, so that an environment whose frames never
/// repeat does not fill the memory.
const MOST_FRAMES: usize = 8192;

/// An atlas of no frames.
pub(crate) fn patch_index(shape: FrameShape, convolutions: &[Convolution]) -> PatchIndex {
    PatchIndex::new([shape.height, shape.width, shape.channels], convolutions.iter().map(Convolution::square))
}

/// Frames by key: a row for each, an atlas of all, and the atlas of those that came since.
#[derive(Debug)]
pub struct FrameTable {
    shape: FrameShape,
    convolutions: Vec<Convolution>,
    rows: FxHashMap<FrameKey, u32>,
    keys: Vec<FrameKey>,
    patch_index: PatchIndex,
    frame_list: Option<Arc<FrameList>>,
    fresh: Option<PatchIndex>,
    pixels: Vec<u8>,
}

impl FrameTable {
    /// Makes an empty table.
    pub fn new(shape: FrameShape, convolutions: &[Convolution]) -> FrameTable {
        FrameTable {
            shape,
            convolutions: convolutions.to_vec(),
            rows: FxHashMap::default(),
            keys: Vec::new(),
            patch_index: patch_index(shape, convolutions),
            frame_list: None,
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
                self.patch_index.add(&self.pixels);
                self.fresh.get_or_insert_with(|| patch_index(self.shape, &self.convolutions)).add(&self.pixels);
                next
            });
            rows.push(row);
        }
    }

    /// Tells if [`all`](Self::all) will start the table afresh.
    pub fn is_full(&self) -> bool {
        self.patch_index.frames() > MOST_FRAMES
    }

    /// The keys of the frames, in the order of their rows.
    pub fn keys(&self) -> &[FrameKey] {
        &self.keys
    }

    /// The frames that have come since this or [`all`](Self::all) was last asked, in the order of
    /// their rows; nothing if there are none.
    pub fn fresh(&mut self) -> Option<Arc<FrameList>> {
        self.fresh.take().map(|patch_index| Arc::new(patch_index.frame_list()))
    }

    /// All frames, in the order of their rows; nothing if there are none. Row numbers given out
    /// before may change: call it between rollouts. As long as no frame has come, it is the same
    /// listing.
    pub fn all(&mut self) -> Option<Arc<FrameList>> {
        self.fresh = None;
        if self.is_full() {
            self.rows.clear();
            self.keys.clear();
            self.patch_index = patch_index(self.shape, &self.convolutions);
            self.frame_list = None;
        }
        if self.patch_index.frames() == 0 {
            return None;
        }
        if self.frame_list.as_ref().is_none_or(|frame_list| frame_list.count() != self.patch_index.frames()) {
            self.frame_list = Some(Arc::new(self.patch_index.frame_list()));
        }
        self.frame_list.clone()
    }
}

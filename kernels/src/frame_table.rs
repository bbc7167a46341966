//! Frames that were seen, each under its key.

use std::hash::Hash;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::convolution::Square;
use super::frame_list::FrameList;
use super::patch_index::PatchIndex;

/// Beyond this many frames the table starts afresh, so that an environment whose frames never
/// repeat does not fill the memory.
const MOST_FRAMES: usize = 8192;

/// Frames by key: the row of each, the [`FrameList`] of all, and that of the frames that are new since it was last
/// taken.
#[derive(Debug)]
pub struct FrameTable<K> {
    shape: [usize; 3],
    convolutions: Vec<Square>,
    rows: FxHashMap<K, u32>,
    keys: Vec<K>,
    patch_index: PatchIndex,
    frame_list: Option<Arc<FrameList>>,
    fresh: Option<PatchIndex>,
    pixels: Vec<u8>,
}

impl<K: Copy + Eq + Hash> FrameTable<K> {
    /// Makes an empty table of frames with a height, a width and channels, for these convolutions.
    #[must_use]
    pub fn new(shape: [usize; 3], convolutions: impl IntoIterator<Item = Square>) -> FrameTable<K> {
        let convolutions: Vec<Square> = convolutions.into_iter().collect();
        FrameTable {
            shape,
            patch_index: PatchIndex::new(shape, convolutions.iter().copied()),
            convolutions,
            rows: FxHashMap::default(),
            keys: Vec::new(),
            frame_list: None,
            fresh: None,
            pixels: vec![0; shape.iter().product()],
        }
    }

    /// The row of each key; a key that is new is drawn by `render` and gets the next row.
    pub fn look_up(&mut self, keys: &[K], rows: &mut Vec<u32>, mut render: impl FnMut(K, &mut [u8])) {
        rows.clear();
        for &key in keys {
            let next = self.rows.len() as u32;
            let row = *self.rows.entry(key).or_insert_with(|| {
                render(key, &mut self.pixels);
                self.keys.push(key);
                self.patch_index.add(&self.pixels);
                self.fresh
                    .get_or_insert_with(|| PatchIndex::new(self.shape, self.convolutions.iter().copied()))
                    .add(&self.pixels);
                next
            });
            rows.push(row);
        }
    }

    /// Tells if [`all`](Self::all) will start the table afresh.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.patch_index.frames() > MOST_FRAMES
    }

    /// The keys of the frames, in the order of their rows.
    #[must_use]
    pub fn keys(&self) -> &[K] {
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
            self.patch_index = PatchIndex::new(self.shape, self.convolutions.iter().copied());
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

//! The contents of a patch index, as plain numbers ready to be computed with.

/// The distinct receptive fields of some frames: which pixels the first layer's are made of, and
/// which fields of the layer before each further one's.
///
/// A *place* is a position of the last layer's output together with a field that occurs there. The
/// linear layer multiplies each place once, not each frame.
#[derive(Debug, PartialEq)]
pub struct FrameList {
    /// The first layer's distinct patches, `[patches, kernel · kernel · channels]`, from 0 to 1.
    pub patches: Vec<f32>,
    /// Fields of each distinct patch, for each further layer, `[patches, kernel · kernel]`.
    pub fields: Vec<Vec<u32>>,
    /// Field of the last layer at each place. The places of one position lie together.
    pub places: Vec<u32>,
    /// Index of the first place of each position, and the end of the last one's: `positions + 1`.
    pub starts: Vec<usize>,
    /// The places that make up each frame, `[frames, positions]`.
    pub frames: Vec<u32>,
}

impl FrameList {
    /// Puts together the contents of a patch index; `fields` are the last layer's of each frame, `[frames, positions]`.
    pub(crate) fn new(patches: &[u8], layers: Vec<Vec<u32>>, fields: &[u32], positions: usize) -> FrameList {
        let mut places = Vec::new();
        let mut starts = vec![0];
        let mut frames = vec![0; fields.len()];
        let most = fields.iter().max().map_or(0, |&field| field as usize + 1);
        let mut known = vec![None; most];
        for position in 0..positions {
            let start = places.len();
            for at in (position..fields.len()).step_by(positions) {
                frames[at] = *known[fields[at] as usize].get_or_insert_with(|| {
                    places.push(fields[at]);
                    places.len() as u32 - 1
                });
            }
            places[start..].iter().for_each(|&field| known[field as usize] = None);
            starts.push(places.len());
        }
        FrameList {
            patches: patches.iter().map(|&byte| f32::from(byte) / 255.0).collect(),
            fields: layers,
            places,
            starts,
            frames,
        }
    }

    /// Number of positions of the last layer.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of frames.
    #[must_use]
    pub fn count(&self) -> usize {
        self.frames.len() / self.positions()
    }

    /// The last layer's fields of each frame, `[frames, positions]`.
    pub fn frame_fields(&self) -> impl Iterator<Item = u32> + '_ {
        self.frames.iter().map(|&place| self.places[place as usize])
    }
}

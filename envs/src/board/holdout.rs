//! Placements that training draws, and those that are kept out of it.

use std::sync::Arc;

use crate::stream::{Domain, Stream, StreamId};

use super::cells::{CELLS, PLACEMENTS, Placement};

/// Ways to place agent and target on two different cells.
pub(crate) const STARTS: usize = CELLS as usize * (CELLS as usize - 1);

/// Division of all placements into those that are drawn and those that are held out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Holdout {
    share: f64,
    /// Placements that are drawn, by their keys.
    drawn: Arc<[Placement]>,
    /// True for the keys of placements that are held out.
    held_out: Arc<[bool]>,
}

impl Holdout {
    /// Holds out `share` of the 600 placements, rounded: always the same ones for the same share, and those of a smaller
    /// share are among those of a larger one.
    ///
    /// # Errors
    /// If the share is not from 0 to 1, or leaves no placement to be drawn.
    pub fn new(share: f64) -> Result<Holdout, String> {
        let count = (share * STARTS as f64).round();
        if !(0.0..STARTS as f64).contains(&count) || share < 0.0 {
            return Err(format!("a holdout of {share}: it must be at least 0 and less than 1"));
        }
        let mut all: Vec<Placement> = (0..STARTS).map(Placement::of_start).collect();
        let mut stream = Stream::new(StreamId { seed: 0, domain: Domain::Holdout, index: 0 }, 0, 0);
        // Fisher and Yates' shuffle, from the front.
        for place in 0..STARTS - 1 {
            all.swap(place, place + stream.below((STARTS - place) as u32) as usize);
        }
        let mut held_out = vec![false; PLACEMENTS as usize];
        all[..count as usize].iter().for_each(|placement| held_out[placement.key() as usize] = true);
        let drawn = (0..STARTS).map(Placement::of_start).filter(|placement| !held_out[placement.key() as usize]);
        Ok(Holdout { share, drawn: drawn.collect(), held_out: held_out.into() })
    }

    /// Gives the share that is held out.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// Draws a placement that is not held out, uniformly; in two words of the stream if none is, and else in one.
    #[inline]
    pub fn draw(&self, stream: &mut Stream) -> Placement {
        if self.drawn.len() == STARTS {
            Placement::draw(stream)
        } else {
            self.drawn[stream.below(self.drawn.len() as u32) as usize]
        }
    }

    /// Tells if this placement is held out.
    pub fn contains(&self, placement: Placement) -> bool {
        self.held_out[placement.key() as usize]
    }
}

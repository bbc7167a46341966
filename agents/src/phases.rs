//! The phases of an agent that tells them apart.

/// Phase of each lane, counted from 0 in every episode.
#[derive(Clone, Debug)]
pub(crate) struct Phases {
    /// Present phases.
    pub now: Vec<u8>,
    /// Last phase, after which there is no next one.
    last: u8,
}

impl Phases {
    /// First phases in `lanes` lanes, of `count` phases.
    pub fn new(lanes: usize, count: usize) -> Phases {
        Phases { now: vec![0; lanes], last: (count - 1) as u8 }
    }

    /// Goes on to the next phase where `advances` says so, in lanes that are not yet in the last one.
    pub fn go_on(&mut self, advances: &[bool]) {
        for (phase, &advances) in self.now.iter_mut().zip(advances) {
            *phase = (*phase + u8::from(advances)).min(self.last);
        }
    }

    /// Goes back to the first phase in the lanes in which an episode begins.
    pub fn begin(&mut self, first: &[bool]) {
        self.now.iter_mut().zip(first).filter(|(_, first)| **first).for_each(|(phase, _)| *phase = 0);
    }
}

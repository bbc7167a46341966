//! The policy that gets the most reward there is.

use crate::board::Action;
use crate::environment::{Observations, Policy};

use super::frames::{Light, shown};

/// Goes and stands beside the target, counts the steps between the flashes, and enters on time.
///
/// It knows what any agent knows: what is shown, and what was shown since the episode began. If the
/// target is within w + 2T steps, it arrives with response T. If not, it has never waited, and so
/// arrives as little late as possible: no other policy gets more reward, graded or exact.
#[derive(Clone, Debug)]
pub struct IntervalReproductionOracle {
    lanes: Vec<Heard>,
}

/// Flashes that were seen in the episode so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    /// No flash was seen.
    Nothing,
    /// The first flash, so many steps ago.
    First { ago: u32 },
    /// The second flash, so many steps ago and `interval` steps after the first.
    Second { interval: u32, ago: u32 },
}

impl Heard {
    /// Gives the state after one more observation.
    fn then(self, light: Light) -> Heard {
        match (self, light) {
            (Heard::Nothing, Light::Dark) => Heard::Nothing,
            (Heard::Nothing, Light::Flash) => Heard::First { ago: 0 },
            (Heard::First { ago }, Light::Dark) => Heard::First { ago: ago + 1 },
            (Heard::First { ago }, Light::Flash) => Heard::Second { interval: ago + 1, ago: 0 },
            (Heard::Second { interval, ago }, _) => Heard::Second { interval, ago: ago + 1 },
        }
    }

    /// Tells if the next step is the one whose response is T, or a later one.
    fn is_time(self) -> bool {
        matches!(self, Heard::Second { interval, ago } if ago + 1 >= interval)
    }
}

impl IntervalReproductionOracle {
    /// An oracle for `lanes` lanes.
    #[must_use]
    pub fn new(lanes: usize) -> IntervalReproductionOracle {
        IntervalReproductionOracle { lanes: vec![Heard::Nothing; lanes] }
    }
}

impl Policy for IntervalReproductionOracle {
    fn act(&mut self, observations: Observations<'_>, first: &[bool], actions: &mut [u8]) {
        assert_eq!(actions.len(), self.lanes.len(), "an oracle for {} lanes", self.lanes.len());
        for (lane, heard) in self.lanes.iter_mut().enumerate() {
            let (placement, light) = shown(observations.frames[lane]);
            let before = if first[lane] { Heard::Nothing } else { *heard };
            *heard = before.then(light);
            let enters = placement.distance() == 1;
            let action = if enters && !heard.is_time() { Action::Pass } else { placement.towards() };
            actions[lane] = action as u8;
        }
    }
}

//! Words that several figures of trainings have.

use super::data::Group;
use crate::figure_frame::Entry;
use crate::words::seeded;

/// Makes the legend's line of a group: its name, and the number of seeds that its numbers are of.
pub fn entry(group: &Group, seeds: usize) -> Entry {
    Entry::Group(group.style, seeded(&group.name, seeds))
}

/// Explanation of lines and bands over several seeds.
pub const INTERVALS: &str =
    "Lines: interquartile mean over the seeds. Bands: its 95 % interval (stratified bootstrap). ";

/// Explains the bands, or says why there is none.
pub fn interval_note(most_seeds: usize) -> &'static str {
    if most_seeds > 1 { INTERVALS } else { "One seed: no interval over seeds. " }
}

//! Words that several figures have.

use crate::sheet::Entry;

use super::data::Group;

/// The legend's line of a group: its name, and how many seeds its numbers are of.
pub(super) fn entry(group: &Group, seeds: usize) -> Entry {
    Entry::Group(group.style, seeded(&group.name, seeds))
}

/// A name with a number of seeds.
pub(super) fn seeded(name: &str, seeds: usize) -> String {
    format!("{name} ({})", self::seeds(std::iter::once(seeds)))
}

/// What is said of curves that leave their panel; nothing where none does.
pub fn not_shown<'a>(what: &str, curves: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = curves.collect();
    if names.is_empty() { String::new() } else { format!(" {what} are not shown ({}).", names.join(", ")) }
}

/// What a band or a bar is.
pub(super) fn interval_note(most_seeds: usize) -> &'static str {
    if most_seeds > 1 {
        "Lines: interquartile mean over the seeds. Bands: its 95 % interval (stratified bootstrap). "
    } else {
        "One seed: no interval over seeds. "
    }
}

/// A number of seeds, or a range of it, in words.
pub fn seeds(counts: impl Iterator<Item = usize> + Clone) -> String {
    let (least, most) = (counts.clone().min().unwrap_or(0), counts.max().unwrap_or(0));
    match (least, most) {
        (_, 1) => "1 seed".to_owned(),
        _ if least == most => format!("{most} seeds"),
        _ => format!("{least} to {most} seeds"),
    }
}

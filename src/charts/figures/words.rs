//! Words that several figures have.

use gridworld_figures::sheet::Entry;

use crate::charts::material::Group;

/// The legend's line of a group: its name, and how many seeds its numbers are of.
pub(super) fn entry(group: &Group, seeds: usize) -> Entry {
    Entry::Group(group.style, seeded(&group.name, seeds))
}

/// A name with a number of seeds.
pub(super) fn seeded(name: &str, seeds: usize) -> String {
    format!("{name} ({seeds} {})", if seeds == 1 { "seed" } else { "seeds" })
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

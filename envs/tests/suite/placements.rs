//! Beginnings of episodes: feasibility by enumeration, and evenness of the draws.

use gridworld_envs::{Batch, Environment, Reward};

use crate::{task, training};

/// Counts the placements, of 600, whose target can be reached in time.
fn feasible(instruction: u32) -> u32 {
    let mut environment = task([instruction], Reward::Graded).environment();
    let mut placements = 0;
    let mut feasible = 0;
    for (agent, target) in (0..25).flat_map(|agent| (0..25).map(move |target| (agent, target))) {
        if agent != target {
            environment.begin(agent, target, instruction);
            placements += 1;
            feasible += u32::from(environment.info().feasible);
        }
    }
    assert_eq!(placements, 600);
    feasible
}

#[test]
fn the_known_shares_of_placements_are_feasible() {
    // 0.900, 0.967, 0.993 and 1.000 of 600.
    let counts: Vec<u32> = (5..=12).map(feasible).collect();
    assert_eq!(counts, [540, 580, 596, 600, 600, 600, 600, 600]);
    // The ceiling over the training range is 98.25 %.
    assert_eq!(counts.iter().sum::<u32>() * 10_000, 9825 * 8 * 600);
}

/// Pearson's χ² of counts that should all be equal.
fn chi_square(counts: &[u32]) -> f64 {
    let expected = counts.iter().sum::<u32>() as f64 / counts.len() as f64;
    counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum()
}

/// A χ² with n degrees of freedom has mean n and variance 2n: four standard deviations are allowed,
/// either way. The seed is fixed, so the test cannot fail by chance.
pub fn assert_even(name: &str, counts: &[u32]) {
    let freedom = (counts.len() - 1) as f64;
    let (found, allowed) = (chi_square(counts), 4.0 * (2.0 * freedom).sqrt());
    assert!((found - freedom).abs() < allowed, "{name}: χ² = {found}, {freedom} ± {allowed}");
}

/// Counts agent × target × T over `episodes` beginnings, and checks all of it for evenness.
fn assert_even_starts(name: &str, starts: impl Iterator<Item = (u64, f32)>) {
    let mut cells = vec![0; 25 * 25 * 8];
    let mut total = 0;
    for (key, instruction) in starts {
        cells[key as usize * 8 + (instruction as usize - 5)] += 1;
        total += 1;
    }
    assert!(total >= 240_000, "{name}: {total} starts");
    let (same, different): (Vec<_>, Vec<_>) = cells.chunks(8).enumerate().partition(|(key, _)| key / 25 == key % 25);
    assert!(same.iter().all(|(_, counts)| counts.iter().all(|&count| count == 0)), "{name}: begun on the target");
    let placements: Vec<u32> = different.iter().map(|(_, counts)| counts.iter().sum()).collect();
    let joint: Vec<u32> = different.iter().flat_map(|(_, counts)| counts.iter().copied()).collect();
    let instructions: Vec<u32> = (0..8).map(|i| different.iter().map(|(_, counts)| counts[i]).sum()).collect();
    assert_eq!((placements.len(), joint.len()), (600, 4800));
    assert_even(&format!("{name}, placements"), &placements);
    assert_even(&format!("{name}, T"), &instructions);
    assert_even(&format!("{name}, placements and T"), &joint);
}

#[test]
fn starts_are_even_over_lanes() {
    let batch = task(5..=12, Reward::Graded).environments(240_000, training(11));
    let shown = batch.observe();
    let starts = shown.frames.iter().map(|key| key.0).zip(shown.instructions.iter().copied());
    assert_even_starts("seed 11, lanes", starts);
}

#[test]
fn starts_are_even_over_episodes() {
    let mut environment = task(5..=12, Reward::Graded).environment();
    let starts = (0..240_000).map(|episode| {
        let begun = environment.reset(&mut gridworld_envs::Stream::new(training(12), 3, episode));
        (begun.frame.0, begun.instruction)
    });
    assert_even_starts("seed 12, episodes", starts);
}

#[test]
fn a_value_given_twice_is_drawn_twice_as_often() {
    let batch = task([5, 9, 9], Reward::Graded).environments(30_000, training(13));
    let nines = batch.observe().instructions.iter().filter(|&&told| told == 9.0).count();
    // 20,000 expected, with a standard deviation of 82.
    assert!(nines.abs_diff(20_000) < 330, "{nines}");
}

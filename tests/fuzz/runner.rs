//! Runs a target until its budget is spent, and tells what it found.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::{Duration, Instant};

use crate::mutation::Mutator;

/// Longest time of one execution, above which it hangs.
const LONGEST: Duration = Duration::from_secs(5);

/// Seconds for each target; without it, each has a number of executions.
const SECONDS: &str = "GRIDWORLD_FUZZ_SECONDS";

/// Variable with the seed of the random numbers.
const SEED: &str = "GRIDWORLD_FUZZ_SEED";

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}: a number")))
}

/// Calls `execute` with numbered mutators; it gives whether the input was accepted. A panic or a hang
/// fails with the number that brings it back: `Mutator::new(number)` makes the same input.
pub fn run(target: &str, executions: u64, mut execute: impl FnMut(&mut Mutator) -> bool) {
    static QUIET: Once = Once::new();
    // Panics that become errors are no crashes.
    QUIET.call_once(gridworld_envs::panics::install_quiet_hook);
    let (first, limit) = (number(SEED).unwrap_or(1) << 32, number(SECONDS).map(Duration::from_secs));
    let started = Instant::now();
    let (mut done, mut accepted) = (0, 0);
    while limit.map_or(done < executions, |limit| started.elapsed() < limit) {
        let begun = Instant::now();
        let mutator = &mut Mutator::new(first + done);
        match catch_unwind(AssertUnwindSafe(|| execute(mutator))) {
            Ok(taken) => accepted += u64::from(taken),
            Err(_) => panic!("{target}: execution {} panicked, after {done} that did not", first + done),
        }
        assert!(begun.elapsed() < LONGEST, "{target}: execution {} took {:?}", first + done, begun.elapsed());
        done += 1;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("fuzz {target}: {done} executions in {seconds:.1} s, {accepted} accepted, 0 crashes");
    // One that accepts everything, or nothing, would test nothing.
    assert!(done > 0 && accepted < done, "{target}: {accepted} of {done} accepted");
}

//! A step allocates nothing, whatever happens in it. The allocator that counts is the whole program's, and counts for each
//! thread.
#![allow(unsafe_code)] // GlobalAlloc is an unsafe trait; the only unsafe code of the crate.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use gridworld_envs::{
    Batch, BatchOf, Domain, IntervalReproductionConfig, IntervalReproductionTask, Policy, RandomPolicy, StreamId, Task,
    TimedArrivalConfig, TimedArrivalTask, board,
};

thread_local! {
    /// Allocations of this thread. A plain cell without a destructor, so that counting needs no
    /// allocation of its own; per thread, because the test harness allocates in its own.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call goes on to the system's allocator unchanged, whose guarantees are ours.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller keeps to the contract of this very function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above; every pointer of ours came from the system's allocator.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations of 1,000 steps, and episodes that ended in them.
fn play(batch: &mut dyn Batch, policy: &mut dyn Policy) -> (u64, u64) {
    let lanes = batch.lanes();
    let (mut first, mut actions) = (vec![true; lanes], vec![0; lanes]);
    let mut ended = 0;
    let before = ALLOCATIONS.get();
    for _ in 0..1000 {
        policy.act(batch.observe(), &first, &mut actions);
        let transitions = batch.step(&actions);
        for (first, outcome) in first.iter_mut().zip(transitions.outcomes) {
            *first = outcome.ends();
            ended += u64::from(outcome.ends());
        }
    }
    (ALLOCATIONS.get() - before, ended)
}

#[test]
fn steps_and_policies_allocate_nothing() {
    let task = TimedArrivalTask::new(TimedArrivalConfig::default()).unwrap();
    let stream = |domain| StreamId { seed: 1, domain, index: 0 };
    let mut random = RandomPolicy::new(5, stream(Domain::Actions));
    let mut oracle = task.oracle(32).unwrap();
    let policies: [&mut dyn Policy; 3] = [&mut random, &mut *oracle, &mut board::always_pass()];
    for policy in policies {
        let mut fast = task.environments(32, stream(Domain::Training));
        let mut plain = BatchOf::new(32, stream(Domain::Training), || task.environment());
        for batch in [&mut fast as &mut dyn Batch, &mut plain] {
            let (allocations, ended) = play(batch, policy);
            assert_eq!(allocations, 0);
            assert!(ended >= 32 * 50, "{ended} episodes");
        }
    }
}

#[test]
fn nor_do_those_of_interval_reproduction() {
    let task = IntervalReproductionTask::new(IntervalReproductionConfig::default()).unwrap();
    let stream = |domain| StreamId { seed: 1, domain, index: 0 };
    let mut random = RandomPolicy::new(5, stream(Domain::Actions));
    let mut oracle = task.oracle(32).unwrap();
    let policies: [&mut dyn Policy; 3] = [&mut random, &mut *oracle, &mut board::always_pass()];
    for policy in policies {
        let (allocations, ended) = play(&mut *task.batch(32, stream(Domain::Training)), policy);
        assert_eq!(allocations, 0);
        assert!(ended >= 32 * 27, "{ended} episodes");
    }
}

#[test]
fn the_counter_counts() {
    let before = ALLOCATIONS.get();
    let kept = std::hint::black_box(vec![0_u8; 100]);
    assert!(ALLOCATIONS.get() > before);
    drop(kept);
}

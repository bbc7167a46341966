//! Every start, target and action, against a model in coordinates that was written apart.

use gridworld_envs::{Environment, FrameKey, Outcome, Reward};

use crate::task;

/// Rows down and columns to the right, in the order of the actions.
const MOVES: [(i32, i32); 5] = [(-1, 0), (1, 0), (0, -1), (0, 1), (0, 0)];

/// Gives the cell that `action` leads to on a board that is walled at 0 and 4.
fn walk(cell: i32, action: usize) -> i32 {
    let (down, right) = MOVES[action];
    let (row, column) = ((cell / 5 + down).clamp(0, 4), (cell % 5 + right).clamp(0, 4));
    5 * row + column
}

#[test]
fn every_action_from_every_placement_follows_the_model() {
    let mut environment = task([5], Reward::Graded).environment();
    let (mut looked_at, mut arrivals, mut stays) = (0, 0, 0);
    for agent in 0..25 {
        for target in (0..25).filter(|&target| target != agent) {
            for action in 0..5 {
                let begun = environment.begin(agent as u8, target as u8, 5);
                assert_eq!(begun.frame, FrameKey(25 * agent as u64 + target as u64));
                assert_eq!(begun.instruction, 5.0);
                let step = environment.step(action);
                let there = walk(agent, action);
                let arrives = there == target;
                assert_eq!(step.observation.frame, FrameKey(25 * there as u64 + target as u64));
                assert_eq!(step.observation.instruction, 5.0);
                assert_eq!(step.outcome, if arrives { Outcome::Terminated } else { Outcome::Running });
                // Arrival at step 1 is 4 steps early.
                assert!((step.reward - if arrives { 0.6 } else { 0.0 }).abs() < 1e-6, "{step:?}");
                looked_at += 1;
                arrivals += u32::from(arrives);
                stays += u32::from(there == agent);
            }
        }
    }
    // 80 pairs of neighbours; 20 moves off the board and 25 passes, for 24 targets each.
    assert_eq!((looked_at, arrivals, stays), (3000, 80, 24 * 45));
}

#[test]
fn no_move_off_any_edge_wraps_around() {
    let mut environment = task([5], Reward::Graded).environment();
    let edges: [(usize, [u8; 5]); 4] =
        [(0, [0, 1, 2, 3, 4]), (1, [20, 21, 22, 23, 24]), (2, [0, 5, 10, 15, 20]), (3, [4, 9, 14, 19, 24])];
    for (action, cells) in edges {
        for cell in cells {
            environment.begin(cell, 12, 5);
            let step = environment.step(action);
            assert_eq!(step.observation.frame, FrameKey(25 * u64::from(cell) + 12), "action {action} on cell {cell}");
        }
    }
}

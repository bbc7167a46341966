//! Settings that make a task, and settings that do not.

use gridworld_envs::{Batch, Reward, Task, TimedArrivalConfig, TimedArrivalError, TimedArrivalTask};

use crate::{task, training};

fn with(instructions: &[u32], time_limit: Option<u32>) -> Result<TimedArrivalTask, TimedArrivalError> {
    let instructions = instructions.to_vec();
    TimedArrivalTask::new(TimedArrivalConfig { instructions, time_limit, reward: Reward::Graded, ..Default::default() })
}

#[test]
fn the_default_is_the_papers_range() {
    let task = TimedArrivalTask::new(TimedArrivalConfig::default()).unwrap();
    assert_eq!(task.instructions(), [5, 6, 7, 8, 9, 10, 11, 12]);
    assert_eq!((task.time_limit(), task.reward()), (20, Reward::Graded));
}

#[test]
fn wrong_settings_are_refused_with_what_and_why() {
    let beyond = TimedArrivalError::BeyondTimeLimit { instruction: 12, time_limit: 11 };
    let great = TimedArrivalError::InstructionTooGreat { instruction: TimedArrivalTask::MAX_INSTRUCTION + 1 };
    let cases = [
        (with(&[], None), TimedArrivalError::NoInstructions, "no T"),
        (with(&[5, 0], None), TimedArrivalError::ZeroInstruction, "T = 0"),
        (with(&[5, 12, 7], Some(11)), beyond, "T = 12 can never be met: the time limit ends every episode at step 11"),
        (
            with(&[TimedArrivalTask::MAX_INSTRUCTION + 1], None),
            great,
            "T = 16777217 is too large: observations are exact up to 16,777,216",
        ),
    ];
    for (result, error, message) in cases {
        assert_eq!(result, Err(error.clone()));
        assert!(error.to_string().contains(message), "{error}");
    }
    assert!(with(&[5, 12], Some(12)).is_ok());
    assert_eq!(
        with(&[TimedArrivalTask::MAX_INSTRUCTION], None).unwrap().time_limit(),
        TimedArrivalTask::MAX_INSTRUCTION + 8
    );
}

#[test]
fn the_greatest_instruction_is_told_exactly() {
    let batch = with(&[TimedArrivalTask::MAX_INSTRUCTION - 1], None).unwrap().environments(1, training(1));
    assert_eq!(batch.observe().instructions[0] as u32, TimedArrivalTask::MAX_INSTRUCTION - 1);
}

#[test]
fn posing_a_value_keeps_the_rest_and_makes_room_for_it() {
    let task = task(5..=12, Reward::Exact);
    for (instruction, time_limit) in [(5, 20), (12, 20), (13, 21), (30, 38), (1000, 1008)] {
        let fixed = task.try_with_instruction(instruction).unwrap();
        assert_eq!((fixed.instructions(), fixed.time_limit()), ([instruction].as_slice(), time_limit));
        assert_eq!(fixed.reward(), Reward::Exact);
        assert_eq!(task.with_instruction(instruction).instructions(), [instruction]);
    }
    assert_eq!(task.try_with_instruction(0), Err(TimedArrivalError::ZeroInstruction));
    let great = TimedArrivalError::InstructionTooGreat { instruction: u32::MAX };
    assert_eq!(task.try_with_instruction(u32::MAX), Err(great));
}

#[test]
#[should_panic(expected = "T = 0 can never be met")]
fn posing_zero_panics() {
    task(5..=12, Reward::Exact).with_instruction(0);
}

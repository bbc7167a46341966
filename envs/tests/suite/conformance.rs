//! The suite passes what keeps to the contract, and fails each way of breaking it that we thought
//! of, for the right reason.

mod faulty;

use gridworld_envs::conformance::{Plan, Rule, Starts, check};
use gridworld_envs::{Outcome, Reward, TimedArrivalConfig, TimedArrivalTask};

use crate::corridor::Fault;
use crate::task;
use faulty::Corridors;

const ALL: &[Outcome] = &[Outcome::Running, Outcome::Terminated, Outcome::Truncated];

#[test]
fn timed_arrival_conforms() {
    for reward in [Reward::Graded, Reward::Exact] {
        let report = check(&task(5..=12, reward), &Plan::new(ALL)).unwrap();
        assert!(report.running > 0 && report.terminated > 0 && report.truncated > 0, "{report:?}");
        assert_eq!(report.episodes, report.terminated + report.truncated);
        assert!(report.frames > 200, "{report:?}");
    }
}

#[test]
fn timed_arrival_of_a_single_step_conforms() {
    let config =
        TimedArrivalConfig { instructions: vec![1], time_limit: Some(1), reward: Reward::Graded, ..Default::default() };
    let report = check(&TimedArrivalTask::new(config).unwrap(), &Plan::new(&ALL[1..])).unwrap();
    assert_eq!(report.running, 0);
}

#[test]
fn the_corridor_conforms() {
    let report = check(&Corridors::new(None), &Plan::new(ALL)).unwrap();
    assert_eq!(report.frames, 5);
}

#[test]
fn every_fault_is_found_for_what_it_is() {
    let cases = [
        (Fault::NameWithoutVersion, Rule::Spec),
        (Fault::SameActionNameTwice, Rule::Spec),
        (Fault::BatchTooLarge, Rule::BatchShape),
        (Fault::RewardsTooFew, Rule::BatchShape),
        (Fault::UnknownInstruction, Rule::Instructions),
        (Fault::InstructionForgotten, Rule::Instructions),
        (Fault::PosedForgets, Rule::Instructions),
        (Fault::NeverTruncated, Rule::OutcomeNotReached),
        (Fault::RewardNotANumber, Rule::Rewards),
        (Fault::LengthsGoOn, Rule::Lengths),
        (Fault::LimitUnderstated, Rule::TimeLimit),
        (Fault::FinalsStale, Rule::Observation),
        (Fault::SuccessWhereInfeasible, Rule::EpisodeInfo),
        (Fault::ResetLooksBack, Rule::Starts),
        (Fault::NotReset, Rule::Starts),
        (Fault::PlayDrifts, Rule::Determinism),
        (Fault::LanesTouch, Rule::LaneIndependence),
        (Fault::DomainIgnored, Rule::StreamSeparation),
        (Fault::LanesAlike, Rule::StreamSeparation),
        (Fault::TimeNotSaved, Rule::Restore),
        (Fault::SurplusWordsTaken, Rule::RestoreRefusal),
        (Fault::RenderLeavesPixels, Rule::Frames),
        (Fault::RenderShowsOwnState, Rule::Frames),
        (Fault::ActionsClamped, Rule::ActionRefusal),
        (Fault::HeldOutIsDrawn, Rule::Enumeration),
        (Fault::StartForgotten, Rule::Enumeration),
        (Fault::LanesOfStartsTooMany, Rule::Enumeration),
    ];
    for (fault, rule) in cases {
        let violation = check(&Corridors::new(Some(fault)), &Plan::new(ALL)).expect_err(&format!("{fault:?}"));
        assert_eq!(violation.rule, rule, "{fault:?}: {violation}");
        assert!(violation.to_string().starts_with("broken rule: "), "{violation}");
    }
}

#[test]
fn an_outcome_that_was_not_expected_is_a_fault() {
    let violation = check(&Corridors::new(None), &Plan::new(&ALL[..2])).unwrap_err();
    assert_eq!(violation.rule, Rule::OutcomeNotExpected);
}

#[test]
fn too_short_a_plan_does_not_pass() {
    let plan = Plan { steps: 1, ..Plan::new(ALL) };
    assert_eq!(check(&Corridors::new(None), &plan).unwrap_err().rule, Rule::OutcomeNotReached);
}

#[test]
fn fixed_starts_need_no_separation() {
    let plan = Plan { starts: Starts::Fixed, ..Plan::new(ALL) };
    assert!(check(&Corridors::new(Some(Fault::DomainIgnored)), &plan).is_ok());
}

#[test]
#[should_panic(expected = "sees nothing")]
fn a_plan_that_sees_nothing_panics() {
    let _ = check(&Corridors::new(None), &Plan::new(&[]));
}

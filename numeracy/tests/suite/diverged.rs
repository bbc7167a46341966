//! Tests that outcomes and summaries of seeds that diverged are written, and read back.

use std::collections::BTreeMap;
use std::fmt::Debug;

use gridworld_numeracy::cells::CellName;
#[cfg(feature = "digits")]
use gridworld_numeracy::tasks::digits::{DigitsOperation, DigitsOutcome, DigitsSummary, LengthErrors};
use gridworld_numeracy::tasks::identity::{IdentityCurve, IdentityOutcome, curves, points};
use gridworld_numeracy::tasks::language::{self, LanguageOutcome, LanguageSummary};
use gridworld_numeracy::tasks::program::{ProgramCheck, ProgramError, ProgramOutcome, ProgramSummary, Size};
use gridworld_numeracy::tasks::recurrent_arithmetic::{Error, RecurrentCheck, RecurrentOutcome, RecurrentSummary};
use gridworld_numeracy::tasks::single_layer::SingleOutcome;
use gridworld_numeracy::tasks::{Check, Outcome, Summary};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Numbers that JSON cannot write.
const NONE: [f64; 3] = [f64::NAN, -f64::NAN, f64::INFINITY];

/// Writes and reads a value, and checks that it is the same: what is not a number equals nothing, but its text does.
fn again<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let text = serde_json::to_string(value).unwrap();
    assert!(text.contains("null"), "{text}");
    let read: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    read
}

/// Writes and reads three outcomes, the middle one finite, and checks that their summary stays the same.
fn outcomes<O, S>(outcome: impl Fn(f64) -> O, summarize: impl Fn(&BTreeMap<u64, O>) -> S) -> S
where
    O: Serialize + DeserializeOwned,
    S: Serialize + DeserializeOwned + Debug,
{
    let mut summary = None;
    for number in NONE {
        let before: BTreeMap<u64, O> = (1..).zip([number, 2.0, number].map(&outcome)).collect();
        let after = before
            .iter()
            .map(|(seed, outcome)| (*seed, if *seed == 2 { finite_again(outcome) } else { again(outcome) }));
        let after = summarize(&after.collect());
        let before = summarize(&before);
        assert_eq!(serde_json::to_string(&after).unwrap(), serde_json::to_string(&before).unwrap());
        summary = Some(again(&before));
    }
    summary.expect("three summaries")
}

/// Writes and reads an outcome that is finite.
fn finite_again<O: Serialize + DeserializeOwned>(outcome: &O) -> O {
    serde_json::from_str(&serde_json::to_string(outcome).unwrap()).unwrap()
}

fn trial(number: f64) -> Outcome {
    let finite = Some(number).filter(|number| number.is_finite());
    let check = Check { iteration: 1000, interpolation: finite, extrapolation: finite, sparsity: number };
    Outcome { solved: false, solved_at: None, iterations: 1000, chosen: check, curve: vec![check, check] }
}

#[test]
fn identity() {
    let cell = CellName::Nac;
    let of = |number| IdentityOutcome { cell, errors: vec![number; points().count()] };
    let summary: Vec<IdentityCurve> = outcomes(of, |outcomes| curves(outcomes.values()));
    assert!(!summary[0].beyond.is_finite(), "a mean is finite if all are");
    // Last, whatever the sign of what is not a number.
    let [good, bad] = [(CellName::Nau, 1.0), (CellName::Nac, -f64::NAN)]
        .map(|(cell, number)| IdentityOutcome { cell, errors: vec![number; points().count()] });
    assert_eq!(
        curves([&bad, &good]).iter().map(|curve| curve.cell).collect::<Vec<_>>(),
        [CellName::Nau, CellName::Nac]
    );
}

#[test]
fn trials_of_one_layer_and_of_two() {
    let summary: Summary = outcomes(trial, |outcomes| Summary::new(1e-5, &outcomes.values().collect::<Vec<_>>()));
    assert_eq!((summary.rate.solved, summary.extrapolation), (0, None));
    for number in NONE {
        again(&SingleOutcome { range: 3, outcome: trial(number) });
    }
}

#[test]
fn sequences() {
    let of = |number: f64| {
        let finite = Some(number).filter(|number| number.is_finite());
        let error = |length| Error { length, squared: finite, threshold: 1.0, relative: finite };
        let check = |iteration| RecurrentCheck { iteration, errors: vec![error(10), error(1000)], sparsity: number };
        RecurrentOutcome { random: check(0), chosen: check(1000) }
    };
    let summary = outcomes(of, RecurrentSummary::new);
    assert!(summary.lengths.iter().all(|at| !at.relative.unwrap().median.is_finite()));
}

#[test]
fn language() {
    let of = |number| {
        let check = language::Check { iteration: 1, training: number, validation: number, test: number, right: 0.0 };
        LanguageOutcome { chosen: check, curve: vec![check] }
    };
    assert_eq!(outcomes(of, LanguageSummary::new).rate.solved, 0);
}

#[test]
fn programs() {
    let of = |number| {
        let check = ProgramCheck { iteration: 1, validation: number };
        let error = ProgramError { size: Size { digits: 2, terms: 2 }, absolute: number, right: 0.0 };
        ProgramOutcome { chosen: check, errors: vec![error], curve: vec![check] }
    };
    assert!(!outcomes(of, ProgramSummary::new).sizes[0].absolute.unwrap().median.is_finite());
}

#[cfg(feature = "digits")]
#[test]
fn digits() {
    let of = |number: f64| {
        let finite = Some(number).filter(|number| number.is_finite());
        let errors = LengthErrors { length: 10, mse: finite, mae: finite, relative: finite, exact: 0.0 };
        DigitsOutcome { loss: finite, diverged_at: Some(3), sparsity: finite, errors: vec![errors] }
    };
    let summary = outcomes(of, |outcomes| DigitsSummary::new(DigitsOperation::Product, None, outcomes));
    assert!(!summary.lengths[0].mse.unwrap().median.is_finite());
}

//! Tests of the numbers that figures are drawn from: they are those of the outcomes, and lie where the axes do.

use std::collections::BTreeMap;

use gridworld_numeracy::cells::{Activation, CellName};
use gridworld_numeracy::tasks::drawing::{By, Drawing, Errors, Series, Solved};
use gridworld_numeracy::tasks::identity::{IdentityConfig, IdentityOutcome, points};
use gridworld_numeracy::tasks::language::{self, LanguageConfig, LanguageModel, LanguageOutcome};
use gridworld_numeracy::tasks::program::{
    Kind, ProgramCheck, ProgramConfig, ProgramError, ProgramModel, ProgramOutcome,
};
use gridworld_numeracy::tasks::recurrent_arithmetic::{
    Error, LENGTHS, RecurrentCheck, RecurrentConfig, RecurrentModel, RecurrentOutcome,
};
use gridworld_numeracy::tasks::single_layer::{RANGES, SingleConfig, SingleOutcome};
use gridworld_numeracy::tasks::static_arithmetic::StaticConfig;
use gridworld_numeracy::tasks::{Check, Listed, Operation, Outcome, Outcomes, Task, Visitor, each};

fn by_seed<O>(outcomes: impl IntoIterator<Item = O>) -> BTreeMap<u64, O> {
    (1..).zip(outcomes).collect()
}

fn outcome(solved_at: Option<u64>) -> Outcome {
    let check = Check { iteration: 9000, interpolation: Some(1.0), extrapolation: Some(1.0), sparsity: 0.0 };
    Outcome { solved: solved_at.is_some(), solved_at, iterations: 9000, chosen: check, curve: vec![check] }
}

fn solved<T: Task>(task: &T, outcomes: &Outcomes<T>) -> Vec<Series<Solved>> {
    let Drawing::Solved(series) = task.drawing(outcomes) else { panic!("seeds that are solved") };
    for Series { seeds, data: Solved { at, until }, .. } in &series {
        assert!(at.is_sorted() && at.len() <= *seeds && at.last().is_none_or(|last| last <= until));
    }
    series
}

/// Gives the one curve of a task's errors.
fn errors<T: Task>(task: &T, outcomes: &Outcomes<T>) -> Series<Errors> {
    let Drawing::Errors(series) = task.drawing(outcomes) else { panic!("errors") };
    let [one] = <[Series<Errors>; 1]>::try_from(series).expect("one curve");
    let places: Vec<f64> = one.data.points.iter().map(|(place, _)| *place).collect();
    assert!(places.is_sorted() && places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
    assert!(one.data.points.iter().all(|(_, errors)| errors.len() == one.seeds && errors.iter().all(|e| !e.is_nan())));
    one
}

#[test]
fn sums_of_subsets_have_a_curve_of_their_cell_in_the_panel_of_their_operation() {
    let task = StaticConfig::published(Operation::Mul, CellName::Nmu, 10_000);
    let outcomes = by_seed([Some(7000), None, Some(2000), Some(10_000)].map(outcome));
    let [Series { panel, name, seeds, data }] = &solved(&task, &outcomes)[..] else { panic!("one curve") };
    assert_eq!((panel.as_str(), name.as_str(), *seeds), ("mul", "nmu", 4));
    assert_eq!(*data, Solved { at: vec![2000, 7000, 10_000], until: 10_000 });
    assert_eq!(solved(&task.late(), &outcomes)[0].name, "nmu, later", "so that both fit into one figure");
}

#[test]
fn single_layers_have_a_panel_for_each_range_that_was_trained() {
    let task = SingleConfig::published(Operation::Add, CellName::Nau, 9000);
    let of = |range, solved_at| SingleOutcome { range, outcome: outcome(solved_at) };
    let outcomes = by_seed([of(8, Some(3000)), of(2, None), of(8, Some(1000))]);
    let found = solved(&task, &outcomes);
    let expected = [(RANGES[2].0, 1, vec![]), (RANGES[8].0, 2, vec![1000, 3000])];
    for (series, (range, seeds, at)) in found.iter().zip(expected) {
        assert_eq!((series.panel.as_str(), series.name.as_str()), (range.to_string().as_str(), "add by nau"));
        assert_eq!((series.seeds, &series.data), (seeds, &Solved { at, until: 9000 }));
    }
    assert_eq!(found.len(), 2);
}

#[test]
fn identity_has_a_curve_for_each_cell_with_an_error_at_each_point() {
    let of = |cell, error: f64| IdentityOutcome { cell, errors: points().map(|x| error * x.abs()).collect() };
    let tanh = CellName::Dense(Activation::Tanh);
    let outcomes = by_seed([of(tanh, 1.0), of(CellName::Nac, 0.5), of(tanh, 3.0)]);
    let Drawing::Identity(curves) = IdentityConfig::default().drawing(&outcomes) else { panic!("curves") };
    assert_eq!(
        curves.iter().map(|curve| (curve.cell, curve.seeds)).collect::<Vec<_>>(),
        [(CellName::Nac, 1), (tanh, 2)]
    );
    for (curve, mean) in curves.iter().zip([0.5, 2.0]) {
        assert!(points().zip(&curve.errors).all(|(x, error)| (error - mean * x.abs()).abs() < 1e-12));
    }
}

#[test]
fn sequences_have_relative_errors_by_length() {
    let of = |relative: [Option<f64>; 3]| {
        let error = |(length, relative)| Error { length, squared: Some(9.0), threshold: 1.0, relative };
        let errors = LENGTHS.into_iter().zip(relative).map(error).collect();
        let check = RecurrentCheck { iteration: 900, errors, sparsity: 0.0 };
        RecurrentOutcome { random: check.clone(), chosen: check }
    };
    let task = RecurrentConfig::new(Operation::Div, RecurrentModel::Gru, 2, 1000);
    let found = errors(&task, &by_seed([of([Some(0.1), Some(0.2), None]), of([Some(0.3), Some(0.4), Some(0.5)])]));
    assert_eq!((found.panel.as_str(), found.name.as_str(), found.seeds, found.data.by), ("div", "gru", 2, By::Length));
    let expected = [(10.0, vec![0.1, 0.3]), (100.0, vec![0.2, 0.4]), (1000.0, vec![f64::INFINITY, 0.5])];
    assert_eq!(found.data.points, expected);
}

#[test]
fn words_have_the_error_of_the_test_by_updates() {
    let check = |iteration, test| language::Check { iteration, training: 9.0, validation: 9.0, test, right: 0.0 };
    let of = |errors: [f64; 3]| {
        let curve: Vec<language::Check> = (0..).step_by(50).zip(errors).map(|(at, test)| check(at, test)).collect();
        LanguageOutcome { chosen: curve[1], curve }
    };
    let task = LanguageConfig::new(LanguageModel::Register, 32, 100);
    let found = errors(&task, &by_seed([of([500.0, 20.0, 1.0]), of([400.0, f64::NAN, 2.0])]));
    assert_eq!(
        (found.panel.as_str(), found.name.as_str(), found.data.by),
        ("held-out numbers", "register", By::Updates)
    );
    let expected = [(0.0, vec![500.0, 400.0]), (50.0, vec![20.0, f64::INFINITY]), (100.0, vec![1.0, 2.0])];
    assert_eq!(found.data.points, expected);
}

#[test]
fn programs_have_errors_by_digits_of_numbers_and_none_of_more_numbers() {
    let errors_of = |scale: f64| {
        let of = |size: &gridworld_numeracy::tasks::program::Size| scale * (size.digits + 100 * size.terms) as f64;
        let sizes = Kind::Chain.asked();
        let errors = sizes.iter().map(|size| ProgramError { size: *size, absolute: of(size), right: 0.0 }).collect();
        let chosen = ProgramCheck { iteration: 20, validation: 1.0 };
        ProgramOutcome { chosen, errors, curve: vec![chosen] }
    };
    let task = ProgramConfig::new(Kind::Chain, ProgramModel::Gru, 32, 100);
    let found = errors(&task, &by_seed([errors_of(1.0), errors_of(2.0)]));
    assert_eq!((found.panel.as_str(), found.name.as_str(), found.data.by), ("chain", "gru", By::Digits));
    let expected = [2.0, 3.0, 4.0, 6.0].map(|digits| (digits, vec![300.0 + digits, 600.0 + 2.0 * digits]));
    assert_eq!(found.data.points, expected);
}

/// Visitor that draws a run of which no seed is done.
struct Nothing;

impl Visitor for Nothing {
    type Output = ();

    fn visit<T: Listed>(&mut self) {
        let is_empty = match T::configure(&Default::default()).drawing(&BTreeMap::new()) {
            Drawing::Identity(curves) => curves.is_empty(),
            Drawing::Solved(series) => series.is_empty(),
            Drawing::Errors(series) => series.is_empty(),
        };
        assert!(is_empty, "{}", T::NAME);
    }
}

#[test]
fn without_a_seed_there_is_nothing_to_draw() {
    assert!(each(&mut Nothing).len() >= 6);
}

#[cfg(feature = "digits")]
#[test]
fn digits_have_relative_errors_of_products_and_absolute_ones_otherwise() {
    use gridworld_numeracy::tasks::digits::{DigitsCell, DigitsConfig, DigitsOperation, DigitsOutcome, LengthErrors};
    let of = |relative: Option<f64>, mae: Option<f64>| {
        let at = |length| LengthErrors { length, mse: Some(99.0), mae, relative, exact: 0.0 };
        DigitsOutcome { loss: None, diverged_at: None, sparsity: None, errors: [1, 10].map(at).to_vec() }
    };
    for (operation, relative, mae, expected) in [
        (DigitsOperation::Product, Some(0.25), Some(7.0), 0.25),
        (DigitsOperation::Sum, None, Some(7.0), 7.0),
        (DigitsOperation::Count, None, None, f64::INFINITY),
    ] {
        let task = DigitsConfig::new(operation, DigitsCell::Lstm, 100);
        let found = errors(&task, &by_seed([of(relative, mae)]));
        assert_eq!((found.panel.as_str(), found.name.as_str()), (operation.as_str(), "lstm"));
        assert_eq!(found.data.points, [(1.0, vec![expected]), (10.0, vec![expected])], "{operation}");
    }
}

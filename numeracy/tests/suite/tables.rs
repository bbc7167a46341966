//! Tests of the summaries that people read, as they are printed.

use std::collections::BTreeMap;

use gridworld_numeracy::cells::{Activation, CellName};
use gridworld_numeracy::tasks::identity::{IdentityConfig, IdentityOutcome, is_trained, points};
use gridworld_numeracy::tasks::language::{self, LanguageConfig, LanguageModel, LanguageOutcome};
use gridworld_numeracy::tasks::program::{
    Kind, ProgramCheck, ProgramConfig, ProgramError, ProgramModel, ProgramOutcome,
};
use gridworld_numeracy::tasks::recurrent_arithmetic::{
    Error, RecurrentCheck, RecurrentConfig, RecurrentModel, RecurrentOutcome,
};
use gridworld_numeracy::tasks::single_layer::{RANGES, SingleConfig, SingleOutcome};
use gridworld_numeracy::tasks::static_arithmetic::StaticConfig;
use gridworld_numeracy::tasks::{Check, Operation, Outcome, Outcomes, Task};

fn by_seed<O>(outcomes: impl IntoIterator<Item = O>) -> BTreeMap<u64, O> {
    (1..).zip(outcomes).collect()
}

/// Gives the text of a task about these outcomes.
fn text<T: Task>(task: &T, criterion: &T::Criterion, outcomes: &Outcomes<T>) -> String {
    task.text(&task.summarize(criterion, outcomes))
}

fn outcome(solved_at: Option<u64>, sparsity: f64) -> Outcome {
    let check = Check { iteration: 9000, interpolation: Some(1e-6), extrapolation: Some(1e-5), sparsity };
    Outcome { solved: solved_at.is_some(), solved_at, iterations: 9000, chosen: check, curve: vec![check] }
}

#[test]
fn sums_of_subsets_say_how_many_seeds_are_solved_and_from_which_error_on() {
    let task = StaticConfig::published(Operation::Mul, CellName::Nmu, 500_000);
    let outcomes = by_seed([outcome(Some(12_000), 2.5e-7), outcome(Some(1_401_000), 0.25), outcome(None, 0.5)]);
    let expected = "\
mul by nmu: 2 of 3 seeds solved, 67 % (95 % interval 21–94 %)
median over the solved seeds: solved after 706,500 updates, sparsity error 0.13

solved: mean squared error on U[2, 6] below 1.6e-5, the error with first-layer weights off by 10⁻⁵
sparsity error: largest distance of a weight from the nearest of −1, 0 and 1
";
    assert_eq!(text(&task, &1.604e-5, &outcomes), expected);
    let none = text(&task, &1.604e-5, &by_seed([outcome(None, 0.5)]));
    assert!(none.starts_with("mul by nmu: 0 of 1 seeds solved, 0 % (95 % interval 0–79 %)\n\nsolved: "), "{none}");
}

#[test]
fn single_layers_have_a_row_for_each_range_that_was_trained() {
    let task = SingleConfig::published(Operation::Sub, CellName::Nau, 50_000);
    let of = |range, solved_at| SingleOutcome { range, outcome: outcome(solved_at, 0.0) };
    let outcomes = by_seed([of(0, Some(4000)), of(4, Some(3000)), of(8, None), of(0, Some(12_000))]);
    let expected = "\
sub by nau: seeds solved on each range

trained on   tested on            solved  after updates
U[-20, -10]  U[-40, -20]          2 of 2          8,000
U[-2, 2]     U[−6, −2] ∪ U[2, 6]  1 of 1          3,000
U[10, 20]    U[20, 40]            0 of 1              –

solved: mean squared error on the test range below that of a solution that is off by 10⁻⁵
after updates: median over the solved seeds
";
    assert_eq!(text(&task, &[1e-5; RANGES.len()], &outcomes), expected);
}

#[test]
fn identity_has_the_best_cell_first_and_infinite_errors_by_that_word() {
    let of = |cell, within: f64, beyond: f64| IdentityOutcome {
        cell,
        errors: points().map(|x| if is_trained(x) { within } else { beyond }).collect(),
    };
    let relu = CellName::Dense(Activation::Relu);
    let outcomes =
        by_seed([of(relu, 0.125, f64::NAN), of(CellName::Nac, 2e-4, 1.5e-3), of(CellName::Nac, 2e-4, 2.5e-3)]);
    let expected = "\
cell  error on −5..5  error beyond, to ±20  seeds
nac           2.0e-4                2.0e-3      2
relu            0.12              infinite      1

error: mean absolute error, mean over seeds; the networks are trained on numbers from −5 to 5
solved, in the progress and in runs: a seed whose error beyond is below 0.1
";
    assert_eq!(text(&IdentityConfig::default(), &(), &outcomes), expected);
}

#[test]
fn sequences_have_a_row_for_each_length() {
    let check = |squared: [Option<f64>; 3]| {
        let error = |(length, squared): (usize, Option<f64>)| Error {
            length,
            squared,
            threshold: 1e-3,
            relative: squared.map(|squared| squared / 4.0),
        };
        let errors = [10, 100, 1000].into_iter().zip(squared).map(error).collect();
        RecurrentCheck { iteration: 900, errors, sparsity: 0.25 }
    };
    let random = check([Some(4.0), Some(400.0), Some(40_000.0)]);
    let of = |squared| RecurrentOutcome { random: random.clone(), chosen: check(squared) };
    let task = RecurrentConfig::new(Operation::Add, RecurrentModel::Lstm, 2, 1000);
    let outcomes = by_seed([of([Some(4e-4), Some(4.0), None]), of([Some(0.0225), Some(4.0), None])]);
    let expected = "\
add by lstm, trained on length 10

length  solved  95 % interval  relative error  vs untrained
    10  1 of 2         9–91 %          2.9e-3        4.25 %
   100  0 of 2         0–66 %            1.00       10.00 %
 1,000  0 of 2         0–66 %        infinite      infinite

solved: mean squared error below that with each sum off by 10⁻⁵
relative error: root mean squared error / root mean square of the targets, median over seeds
vs untrained: root mean squared error in % of that of the network before training, median over seeds
";
    assert_eq!(text(&task, &(), &outcomes), expected);
}

#[test]
fn words_have_an_error_for_each_part_with_its_interval() {
    let task = LanguageConfig::new(LanguageModel::Register, 32, 1000);
    let of = |test: f64| {
        let check = language::Check { iteration: 20, training: 0.1, validation: 0.25, test, right: 0.025 };
        LanguageOutcome { chosen: check, curve: vec![check] }
    };
    let expected = "\
language by register: 5 of 6 seeds solved, 83 % (95 % interval 44–97 %)

part        numbers    mean absolute error
training        169    0.100 (0.100–0.100)
validation      200    0.250 (0.250–0.250)
test            631  0.350 (0.100–600.000)

2.5 % of the test answers correct after rounding (median over seeds)
error: median over seeds, with its 95 % interval; the checkpoint with the smallest validation error is kept
solved: mean absolute error on the test below 0.5
";
    assert_eq!(text(&task, &(), &by_seed([0.1, 0.2, 0.3, 0.4, 0.45, 600.0].map(of))), expected);
    let alone = text(&task, &(), &by_seed([of(0.5)]));
    assert!(
        alone.contains(": 0 of 1 seeds solved") && alone.contains("test            631                0.500\n"),
        "{alone}"
    );
}

#[test]
fn programs_have_a_row_for_each_size() {
    let task = ProgramConfig::new(Kind::Add, ProgramModel::Calculator, 32, 1000);
    let of = |rights: [f64; 4], error: f64| {
        let errors = Kind::Add.asked().into_iter().zip(rights);
        let errors = errors.map(|(size, right)| ProgramError { size, absolute: error * size.digits as f64, right });
        let check = ProgramCheck { iteration: 20, validation: 0.5 };
        ProgramOutcome { chosen: check, errors: errors.collect(), curve: vec![check] }
    };
    let outcomes = by_seed([of([1.0, 0.99, 0.9, 0.0], 0.001), of([1.0, 0.98, 0.5, 0.0], 0.002), of([0.5; 4], 1e6)]);
    let expected = "\
add by calculator, trained on programs of up to 2 × 2 digits

numbers       solved  95 % interval  correct  mean absolute error
2 × 2 digits  2 of 3        21–94 %  100.0 %               4.0e-3
2 × 3 digits  1 of 3         6–79 %   98.0 %               6.0e-3
2 × 4 digits  0 of 3         0–56 %   50.0 %               8.0e-3
2 × 6 digits  0 of 3         0–56 %    0.0 %                 0.01

numbers: how many a program has, and the digits of each
solved: at least 99 % of the answers correct after rounding
correct, mean absolute error: medians over seeds, on 1,024 programs
";
    assert_eq!(text(&task, &(), &outcomes), expected);
}

#[cfg(feature = "digits")]
#[test]
fn digits_have_a_row_for_each_length_and_a_judgement_with_a_reference_alone() {
    use gridworld_numeracy::tasks::digits::{
        DigitsCell, DigitsConfig, DigitsOperation, DigitsOutcome, LengthErrors, Reference, Source,
    };
    let of = |scale: f64| {
        let errors = DigitsOperation::Sum.tests().iter().map(|&(length, _)| {
            let mae = scale * length as f64;
            LengthErrors { length, mse: Some(mae * mae), mae: Some(mae), relative: None, exact: 0.5 }
        });
        DigitsOutcome { loss: Some(1.0), diverged_at: None, sparsity: Some(0.0), errors: errors.collect() }
    };
    let mut digits = Source::default();
    (digits.train, digits.test) = (8004, 1996);
    let plain = DigitsConfig { digits, ..DigitsConfig::new(DigitsOperation::Sum, DigitsCell::Nau, 3000) };
    let outcomes = by_seed([of(0.1), of(0.2), of(0.3)]);
    let table = |rows: [&str; 5], end: &str| {
        format!(
            "sums of MNIST digits by nau: 3 seeds, 8,004 training images, 1,996 test images\n\n{}\n\n\
             means over sequences, medians over seeds; trained on length 10\n\
             exact: sequences with every output correct after rounding\n{end}\n",
            rows.join("\n")
        )
    };
    let rows = [
        "length  absolute error  squared error   exact",
        "     1            0.20           0.04  50.0 %",
        "    10            2.00           4.00  50.0 %",
        "   100           20.00            400  50.0 %",
        " 1,000             200         40,000  50.0 %",
    ];
    let advice = "to see which seeds are solved, name a run of --cell perfect with --reference RUN";
    assert_eq!(text(&plain, &(), &outcomes), table(rows, advice));
    let perfect = DigitsConfig { cell: DigitsCell::Perfect, ..plain.clone() };
    assert!(!text(&perfect, &(), &outcomes).contains("--reference"), "nothing judges the reference itself");
    // Thresholds from two seeds with errors of 0.15 and 0.25 for each digit: at length 1, 0.0425 + 31.82 · 0.02.
    let reference = Reference::new("runs/perfect".into(), [of(0.15), of(0.25)].iter());
    let judged = text(&DigitsConfig { reference, ..plain }, &(), &outcomes);
    let rows = [
        "length  absolute error  squared error   exact  solved  95 % interval",
        "     1            0.20           0.04  50.0 %  3 of 3       44–100 %",
        "    10            2.00           4.00  50.0 %  3 of 3       44–100 %",
        "   100           20.00            400  50.0 %  3 of 3       44–100 %",
        " 1,000             200         40,000  50.0 %  3 of 3       44–100 %",
    ];
    let end = "solved: squared error below the upper end of the 99 % interval of the mean over 2 seeds of runs/perfect";
    assert_eq!(judged, table(rows, end));
}

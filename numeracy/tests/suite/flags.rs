//! Tests of flags: each name can be chosen, each choice comes back from a document, and contradictions are named.

use std::collections::BTreeSet;

use gridworld_numeracy::cells::{Activation, CellName};
use gridworld_numeracy::schedule::{LearningRate, Sparsity};
use gridworld_numeracy::tasks::flag::{Flag, Given, Takes, Value};
use gridworld_numeracy::tasks::identity::IdentityConfig;
use gridworld_numeracy::tasks::language::{LanguageConfig, LanguageModel};
use gridworld_numeracy::tasks::program::{Kind, ProgramConfig, ProgramModel};
use gridworld_numeracy::tasks::recurrent_arithmetic::{RecurrentConfig, RecurrentModel};
use gridworld_numeracy::tasks::single_layer::SingleConfig;
use gridworld_numeracy::tasks::static_arithmetic::StaticConfig;
use gridworld_numeracy::tasks::{Listed, Operation, Surroundings, Task, TaskConfig, Visitor, each};

/// Gives values that a flag takes: every name, or a few numbers; those of files are another matter.
fn values(flag: &Flag) -> Vec<Value> {
    match flag.takes {
        Takes::Listed(names) | Takes::Name(names) => (names.all)().into_iter().map(Value::name).collect(),
        Takes::Several(names) => {
            let all: Vec<String> = (names.all)().into_iter().map(str::to_owned).collect();
            vec![
                Value::Names(all[..1].to_vec()),
                Value::Names(all.iter().rev().take(3).cloned().collect()),
                Value::Names(all),
            ]
        }
        Takes::Updates => vec![Value::Whole(1), Value::Whole(50_000), Value::Whole(7_000_001)],
        Takes::Count => vec![Value::Whole(1), Value::Whole(64)],
        Takes::Positive => vec![Value::Number(1e-7), Value::Number(0.5)],
        Takes::Ramp => vec![Value::Ramp((1, 1)), Value::Ramp((2_000_000, 3_000_000))],
        Takes::Folder | Takes::Run => Vec::new(),
    }
}

/// Visitor that sets every flag to every value, and compares what comes of it.
struct EveryValue;

impl Visitor for EveryValue {
    type Output = usize;

    fn visit<T: Listed>(&mut self) -> usize {
        let (mut checked, mut documents) = (0, BTreeSet::new());
        for flag in T::flags() {
            for value in values(&flag) {
                let given = Given::new([(flag.name, value.clone())]);
                let config = T::configure(&given);
                let told: Vec<(&str, Value)> = config.values();
                assert!(told.contains(&(flag.name, value.clone())), "{} --{} {value}", T::NAME, flag.name);
                // What a run is recorded with is what it goes on with.
                let document: TaskConfig = config.clone().into();
                let text = serde_json::to_string(&document).unwrap();
                let again: TaskConfig = serde_json::from_str(&text).unwrap();
                assert!(T::of(&again).is_some_and(|again| *again == config), "{text}");
                assert_eq!(again.work(), config.work());
                // Its own flags, all at once, are no contradiction, and give the same values again.
                let all = Given::new(told.iter().map(|(name, value)| (*name, value.clone())));
                assert_eq!(all.contradiction(&told), None);
                assert_eq!(T::configure(&all).values(), told, "{} --{} {value}", T::NAME, flag.name);
                documents.insert(text);
                checked += 1;
            }
        }
        assert!(documents.len() > checked / 2, "{}: most values make another experiment", T::NAME);
        checked
    }
}

#[test]
fn every_value_of_every_flag_is_recorded_and_comes_back() {
    let checked = each(&mut EveryValue);
    assert!(checked.iter().all(|&checked| checked >= 6) && checked.iter().sum::<usize>() > 150, "{checked:?}");
}

/// Visitor that gives every flag another value than a run has.
struct Contradictions;

impl Visitor for Contradictions {
    type Output = ();

    fn visit<T: Listed>(&mut self) {
        let has = T::configure(&Given::default()).values();
        for flag in T::flags() {
            let Some((_, own)) = has.iter().find(|(name, _)| *name == flag.name) else { continue };
            for other in values(&flag).into_iter().filter(|other| other != own) {
                let given = Given::new([(flag.name, other.clone())]);
                let found = given.contradiction(&has).map(|(name, given, has)| (name, given.clone(), has.clone()));
                assert_eq!(found, Some((flag.name, other, own.clone())), "{}", T::NAME);
            }
        }
        assert_eq!(Given::default().contradiction(&has), None, "who gives no flag contradicts nothing");
    }
}

#[test]
fn every_other_value_contradicts_a_run_by_the_name_of_its_flag() {
    each(&mut Contradictions);
}

/// Visitor that looks for flags which are not among the values of a run.
struct Unrecorded;

impl Visitor for Unrecorded {
    type Output = Vec<&'static str>;

    fn visit<T: Listed>(&mut self) -> Vec<&'static str> {
        let has = T::configure(&Given::default()).values();
        let flags = T::flags();
        assert!(has.iter().all(|(name, _)| flags.iter().any(|flag| flag.name == *name)), "{}", T::NAME);
        let updates = flags.iter().filter(|flag| matches!(flag.takes, Takes::Updates)).count();
        assert_eq!(updates, 1, "{}: one flag says how long a seed is trained", T::NAME);
        let is_recorded = |flag: &Flag| has.iter().any(|(name, _)| *name == flag.name);
        flags.iter().filter(|flag| !is_recorded(flag)).map(|flag| flag.name).collect()
    }
}

#[test]
fn a_run_keeps_all_flags_but_those_that_name_files() {
    let unrecorded = each(&mut Unrecorded).concat();
    assert_eq!(unrecorded, if cfg!(feature = "digits") { vec!["mnist", "reference"] } else { vec![] });
}

fn given(values: &[(&'static str, Value)]) -> Given {
    Given::new(values.iter().cloned())
}

#[test]
fn flags_of_sums_of_subsets_replace_what_is_published() {
    let published = StaticConfig::published(Operation::Mul, CellName::Nmu, 500_000);
    let of = |values: &[(&'static str, Value)]| {
        let both = [("op", Value::name("mul")), ("cell", Value::name("nmu"))];
        StaticConfig::configure(&given(&[&both[..], values].concat()))
    };
    assert_eq!(of(&[]), published);
    let rate = of(&[("learning-rate", Value::Number(3e-3))]);
    assert_eq!(rate, StaticConfig { learning_rate: LearningRate::constant(3e-3), ..published.clone() });
    let ramp = of(&[("ramp", Value::Ramp((5, 9)))]);
    assert_eq!(ramp, StaticConfig { sparsity: Sparsity { ramp: (5, 9), ..published.sparsity }, ..published.clone() });
    assert!(published.has_published_sparsity() && !ramp.has_published_sparsity());
    let first = of(&[("first", Value::name("nac"))]);
    assert_eq!(first, StaticConfig { first: CellName::Nac, ..published.clone() });
    let long = of(&[("iterations", Value::Whole(5_000_000))]);
    assert_eq!(long, StaticConfig::published(Operation::Mul, CellName::Nmu, 5_000_000));
    assert!(!long.clone().late().has_published_sparsity());
}

#[test]
fn flags_of_the_other_tasks_are_those_of_their_settings() {
    let single = given(&[("op", Value::name("div")), ("cell", Value::name("nmru")), ("iterations", Value::Whole(99))]);
    assert_eq!(SingleConfig::configure(&single), SingleConfig::published(Operation::Div, CellName::Nmru, 99));
    let recurrent = given(&[("op", Value::name("root")), ("cell", Value::name("gru")), ("units", Value::Whole(16))]);
    assert_eq!(
        RecurrentConfig::configure(&recurrent),
        RecurrentConfig::new(Operation::Root, RecurrentModel::Gru, 16, 200_000)
    );
    let language = given(&[("cell", Value::name("lstm-nalu-each")), ("units", Value::Whole(16))]);
    assert_eq!(
        LanguageConfig::configure(&language),
        LanguageConfig::new(LanguageModel::Each(CellName::Nalu), 16, 20_000)
    );
    let program = given(&[("op", Value::name("branch")), ("cell", Value::name("lstm-nac"))]);
    assert_eq!(
        ProgramConfig::configure(&program),
        ProgramConfig::new(Kind::Branch, ProgramModel::Last(CellName::Nac), 32, 20_000)
    );
    let cells = Value::Names(vec!["tanh".to_owned(), "nau".to_owned()]);
    let identity = IdentityConfig::configure(&given(&[("cell", cells), ("learning-rate", Value::Number(0.01))]));
    assert_eq!(identity.cells, [CellName::Dense(Activation::Tanh), CellName::Nau]);
    assert_eq!((identity.learning_rate, identity.iterations), (0.01, 20_000));
    // Two cells take turns: a seed of each.
    assert_eq!((identity.work().turns, identity.work().steps, identity.cell()), (2, 20_000, None));
}

#[test]
fn a_folder_is_named_after_task_operation_and_cell() {
    for (folder, expected) in [
        (StaticConfig::configure(&Given::default()).folder(), "numeracy__static-add__nau"),
        (RecurrentConfig::configure(&Given::default()).folder(), "numeracy__recurrent-add__sum-nau"),
        (LanguageConfig::configure(&Given::default()).folder(), "numeracy__language__register"),
        (ProgramConfig::configure(&Given::default()).folder(), "numeracy__program-add__calculator"),
        (IdentityConfig::configure(&given(&[("cell", Value::name("nac"))])).folder(), "numeracy__identity"),
    ] {
        assert_eq!(folder, expected);
    }
}

/// Visitor that looks for the entry of each planned experiment among those of all of them.
struct Entries;

impl Visitor for Entries {
    type Output = usize;

    fn visit<T: Listed>(&mut self) -> usize {
        let plan = T::plan(None);
        let (nothing, given) = (Default::default(), Given::default());
        for (index, planned) in plan.iter().enumerate() {
            // Identity and the single layers have an entry for each cell or range that was trained: none without seeds.
            let around = Surroundings { given: &given, cache: None, table: None, recorded: Some(&planned.config) };
            let config = planned.config.clone().complete(&around).expect("a run that goes on needs no file");
            let criterion = config.criterion();
            let entries = config.entries(config.summarize(&criterion, &nothing), 1.0);
            for entry in &entries {
                let own: Vec<usize> = (0..plan.len()).filter(|&other| plan[other].config.describes(entry)).collect();
                assert_eq!(own, [index], "{}-{}", T::NAME, planned.name);
            }
            if index == 3 {
                break;
            }
        }
        plan.len()
    }
}

#[test]
fn an_entry_of_the_document_is_of_one_planned_experiment() {
    assert!(each(&mut Entries).iter().sum::<usize>() > 90);
}

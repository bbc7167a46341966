//! Every task of the table keeps what the command line, the records and the pages expect of one.

use std::collections::BTreeSet;

use gridworld_numeracy::results::plan;
use gridworld_numeracy::tasks::flag::{Flag, Given, Takes, Value};
use gridworld_numeracy::tasks::{Listed, TaskConfig, Visitor, each, try_each, with};

/// Visitor that asks every task the same.
struct Ask<F>(F);

macro_rules! of_every_task {
    ($name:ident, $task:ident, $body:block) => {
        #[test]
        fn $name() {
            impl Visitor for Ask<std::marker::PhantomData<fn($name)>> {
                type Output = ();

                fn visit<$task: Listed>(&mut self) $body
            }
            #[allow(non_camel_case_types, reason = "it tells the visitors apart")]
            struct $name;
            assert!(each(&mut Ask(std::marker::PhantomData::<fn($name)>)).len() >= 6);
        }
    };
}

of_every_task!(settings_have_the_tasks_name_in_their_document_and_come_back, T, {
    let config: TaskConfig = T::configure(&Given::default()).into();
    let text = serde_json::to_string(&config).unwrap();
    assert!(text.starts_with(&format!("{{\"task\":\"{}\",", T::NAME)), "{text}");
    let again: TaskConfig = serde_json::from_str(&text).unwrap();
    assert!(again == config && config.name() == T::NAME);
    assert!(T::of(&config).is_some_and(|own| own.work() == config.work()));
    assert!(config.work().steps * config.work().turns > 0);
});

of_every_task!(flags_are_told_apart_and_have_help, T, {
    let flags = T::flags();
    let names: BTreeSet<&str> = flags.iter().map(|flag| flag.name).collect();
    assert_eq!(names.len(), flags.len(), "{}", T::NAME);
    assert!(names.contains("cell"), "{}: what learns can be chosen", T::NAME);
    for Flag { name, help, .. } in flags {
        assert!(help.len() > 12 && !help.ends_with('.') && !help.contains('\n'), "--{name}: {help}");
    }
    let called = format!("gridworld numeracy {}", T::NAME);
    assert!(T::EXAMPLES.starts_with("Examples:\n") && T::EXAMPLES.contains(&called), "{}", T::NAME);
});

/// Finds the value that a flag's help gives as the default, where it is one that can be read.
fn default(help: &str) -> Option<&str> {
    let (_, default) = help.rsplit_once("[default: ")?;
    let default = default.strip_suffix(']')?;
    let default = default.split_once(',').map_or(default, |(value, _)| value);
    (!default.contains(' ')).then_some(default)
}

of_every_task!(defaults_are_those_that_the_help_tells, T, {
    let values = T::configure(&Given::default()).values();
    let mut compared = 0;
    for Flag { name, help, .. } in T::flags() {
        let (Some(told), Some((_, has))) = (default(help), values.iter().find(|(flag, _)| *flag == name)) else {
            continue;
        };
        let is_same = match has {
            Value::Whole(number) => told.parse::<f64>().unwrap() == *number as f64,
            Value::Number(number) => told.parse::<f64>().unwrap() == *number,
            other => told == other.to_string(),
        };
        assert!(is_same, "{} --{name}: the help tells {told}, it is {has}", T::NAME);
        compared += 1;
    }
    assert!(compared >= 2, "{}: {compared}", T::NAME);
});

/// Gives a value that a flag takes.
fn some(flag: &Flag) -> Option<Value> {
    Some(match flag.takes {
        Takes::Listed(names) | Takes::Name(names) | Takes::Several(names) => Value::name((names.all)()[1]),
        Takes::Updates => Value::Whole(1234),
        Takes::Count => Value::Whole(7),
        Takes::Positive => Value::Number(0.25),
        Takes::Ramp => Value::Ramp((3, 4)),
        Takes::Folder | Takes::Run => return None,
    })
}

of_every_task!(each_flag_sets_its_own_value_and_no_run_contradicts_its_own, T, {
    for flag in T::flags() {
        let Some(value) = some(&flag) else { continue };
        let given = Given::new([(flag.name, value.clone())]);
        let config = T::configure(&given);
        let values = config.values();
        let (_, has) = values.iter().find(|(name, _)| *name == flag.name).expect("a value for each flag");
        assert_eq!(*has, value, "{} --{}", T::NAME, flag.name);
        assert_eq!(given.contradiction(&values), None);
        let other = T::configure(&Given::default()).values();
        if other.iter().any(|(name, has)| *name == flag.name && *has != value) {
            assert_eq!(given.contradiction(&other).map(|(name, ..)| name), Some(flag.name));
        }
    }
});

of_every_task!(what_can_be_chosen_is_named_by_the_settings, T, {
    let config = T::configure(&Given::default());
    let flags = T::flags();
    assert_eq!(config.operation().is_some(), flags.iter().any(|flag| flag.name == "op"), "{}", T::NAME);
    let folder = config.folder();
    assert!(folder.starts_with(&format!("numeracy__{}", T::NAME)), "{folder}");
    assert!(config.operation().is_none_or(|operation| folder.contains(&operation)), "{folder}");
});

of_every_task!(planned_experiments_have_names_of_their_own_and_no_more_updates_than_are_allowed, T, {
    let planned = T::plan(Some(20));
    let names: BTreeSet<&str> = planned.iter().map(|planned| planned.name.as_str()).collect();
    assert!(!planned.is_empty() && names.len() == planned.len(), "{}", T::NAME);
    for (planned, whole) in planned.iter().zip(T::plan(None)) {
        assert_eq!((planned.config.work().steps, &planned.name), (20, &whole.name));
        assert!(whole.config.work().steps >= 3000, "{}", planned.name);
        let config: TaskConfig = whole.config.clone().into();
        assert_eq!(serde_json::from_str::<TaskConfig>(&serde_json::to_string(&config).unwrap()).unwrap(), config);
    }
});

#[test]
fn every_task_is_found_by_its_name_and_no_other_is() {
    struct Name;
    impl Visitor for Name {
        type Output = &'static str;
        fn visit<T: Listed>(&mut self) -> &'static str {
            T::NAME
        }
    }
    let names = each(&mut Name);
    assert_eq!(names[..6], ["identity", "static", "single", "recurrent", "language", "program"]);
    assert!(names.iter().all(|name| with(name, &mut Name) == Some(*name)) && with("sums", &mut Name).is_none());
}

#[test]
fn the_first_failure_ends_a_visit_of_all() {
    struct Third(usize);
    impl Visitor for Third {
        type Output = Result<(), &'static str>;
        fn visit<T: Listed>(&mut self) -> Result<(), &'static str> {
            self.0 += 1;
            if self.0 == 3 { Err(T::NAME) } else { Ok(()) }
        }
    }
    let mut visitor = Third(0);
    assert_eq!(try_each(&mut visitor), Err("single"));
    assert_eq!(visitor.0, 3, "nothing comes after it");
}

#[test]
fn all_experiments_of_the_table_can_be_asked_for_by_name() {
    let names = plan::names();
    let of = |task: &str| names.iter().filter(|name| plan::is_called(name, task)).count();
    // 18 pairs of operation and cell, one of which comes twice; two operations by 6 models and four by 5; 3 kinds by 7 models.
    let counts = ["identity", "static", "single", "recurrent", "language", "program"].map(of);
    assert_eq!(counts, [1, 19, 8, 32, 12, 21]);
    if cfg!(feature = "digits") {
        assert_eq!(of("mnist"), 30);
        let first = |cell: &str| names.iter().position(|name| *name == format!("mnist-sum-{cell}"));
        assert!(first("perfect") < first("nau"), "the reference comes before what is judged by it");
    }
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    for name in ["static-mul-nmu-late", "recurrent-div-sum-quotient", "program-branch-lstm-nalu-each"] {
        assert!(names.iter().any(|other| other == name), "{name}");
    }
}

//! The settings of a task that a user chooses, and those that were chosen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cells::CellName;

/// A setting that a user chooses: a flag of the task's command.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// Its name: that of `--iterations` is `iterations`.
    pub name: &'static str,
    /// Its help, with the default.
    pub help: &'static str,
    /// The values that it takes.
    pub takes: Takes,
}

/// The values that a flag takes.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// One of some names, all of which the help lists.
    Listed(Names),
    /// One of some names, which another flag's help lists.
    Name(Names),
    /// Some of these names, separated by commas.
    Several(Names),
    /// A whole number of updates, at least 1.
    Updates,
    /// A number of things in memory, at least 1.
    Count,
    /// A number above 0.
    Positive,
    /// Two numbers of updates, the second no less than the first.
    Ramp,
    /// A folder.
    Folder,
    /// The folder of another run; it is not asked for again when a run goes on.
    Run,
}

/// Names that a flag takes.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// What the help calls one.
    pub value: &'static str,
    /// All of them.
    pub all: fn() -> Vec<&'static str>,
}

/// A value that a flag was given, or that a run has.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Names: one, or some.
    Names(Vec<String>),
    /// A whole number.
    Whole(u64),
    /// Any number.
    Number(f64),
    /// The ends of a ramp.
    Ramp((u64, u64)),
    /// A folder.
    Path(PathBuf),
}

impl Value {
    /// One name.
    pub fn name(name: impl ToString) -> Value {
        Value::Names(vec![name.to_string()])
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Names(names) => formatter.write_str(&names.join(",")),
            Value::Whole(number) => write!(formatter, "{number}"),
            Value::Number(number) => write!(formatter, "{number}"),
            Value::Ramp((from, to)) => write!(formatter, "{from}..{to}"),
            Value::Path(path) => write!(formatter, "{}", path.display()),
        }
    }
}

impl Flag {
    /// `--op`: the operation.
    pub const fn operation(help: &'static str, value: &'static str, all: fn() -> Vec<&'static str>) -> Flag {
        Flag { name: "op", help, takes: Takes::Listed(Names { value, all }) }
    }

    /// `--cell`: what learns.
    pub const fn cell(help: &'static str, all: fn() -> Vec<&'static str>) -> Flag {
        Flag { name: "cell", help, takes: Takes::Listed(Names { value: "CELL", all }) }
    }

    /// `--units`: the size of a model.
    pub const fn units(help: &'static str) -> Flag {
        Flag { name: "units", help, takes: Takes::Count }
    }

    /// `--iterations`: updates of each seed.
    pub const fn iterations(help: &'static str) -> Flag {
        Flag { name: "iterations", help, takes: Takes::Updates }
    }

    /// Whether it takes several names at once.
    pub fn takes_several(&self) -> bool {
        matches!(self.takes, Takes::Several(_))
    }

    /// `--learning-rate`: the optimizer's step size.
    pub const fn learning_rate(help: &'static str) -> Flag {
        Flag { name: "learning-rate", help, takes: Takes::Positive }
    }
}

/// The names of all cells of arithmetic and affine layers.
pub fn cells() -> Vec<&'static str> {
    CellName::all().map(|(_, name)| name).collect()
}

/// The names of a list of choices.
pub fn names<T>(all: &[(T, &'static str)]) -> Vec<&'static str> {
    all.iter().map(|&(_, name)| name).collect()
}

/// The flags that were given, with their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given(BTreeMap<&'static str, Value>);

impl Given {
    /// Those of a command line.
    pub fn new(values: impl IntoIterator<Item = (&'static str, Value)>) -> Given {
        Given(values.into_iter().collect())
    }

    /// The value of a flag.
    pub fn value(&self, flag: &str) -> Option<&Value> {
        self.0.get(flag)
    }

    /// The choice that a flag names among `all`.
    pub fn choice<T: Copy>(&self, flag: &str, all: &[(T, &'static str)]) -> Option<T> {
        let Value::Names(names) = self.value(flag)? else { return None };
        all.iter().find(|(_, name)| names.first().is_some_and(|given| given == name)).map(|&(choice, _)| choice)
    }

    /// The cells that a flag names.
    pub fn cells(&self, flag: &str) -> Option<Vec<CellName>> {
        let Value::Names(names) = self.value(flag)? else { return None };
        names.iter().map(|name| CellName::parse(name)).collect()
    }

    /// The one cell that a flag names.
    pub fn cell(&self, flag: &str) -> Option<CellName> {
        self.cells(flag)?.first().copied()
    }

    /// The whole number of a flag.
    pub fn whole(&self, flag: &str) -> Option<u64> {
        if let Value::Whole(number) = self.value(flag)? { Some(*number) } else { None }
    }

    /// The number of a flag.
    pub fn number(&self, flag: &str) -> Option<f64> {
        if let Value::Number(number) = self.value(flag)? { Some(*number) } else { None }
    }

    /// The ramp of a flag.
    pub fn ramp(&self, flag: &str) -> Option<(u64, u64)> {
        if let Value::Ramp(ramp) = self.value(flag)? { Some(*ramp) } else { None }
    }

    /// The folder of a flag.
    pub fn path(&self, flag: &str) -> Option<&Path> {
        if let Value::Path(path) = self.value(flag)? { Some(path) } else { None }
    }

    /// Finds the first flag that was given another value than the run has.
    pub fn contradiction<'a>(
        &'a self,
        has: &'a [(&'static str, Value)],
    ) -> Option<(&'static str, &'a Value, &'a Value)> {
        has.iter().find_map(|(flag, has)| {
            let given = self.value(flag).filter(|given| *given != has)?;
            Some((*flag, given, has))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::Activation;

    fn given() -> Given {
        Given::new([
            ("op", Value::name("add")),
            ("cell", Value::Names(vec!["nau".to_owned(), "relu".to_owned()])),
            ("iterations", Value::Whole(300)),
            ("learning-rate", Value::Number(1e-3)),
            ("ramp", Value::Ramp((5, 9))),
            ("mnist", Value::Path("digits".into())),
        ])
    }

    #[test]
    fn a_value_is_found_by_its_flag_and_kind() {
        let given = given();
        assert_eq!(given.choice("op", &[('+', "add"), ('-', "sub")]), Some('+'));
        assert_eq!(given.cells("cell"), Some(vec![CellName::Nau, CellName::Dense(Activation::Relu)]));
        assert_eq!((given.whole("iterations"), given.number("learning-rate")), (Some(300), Some(1e-3)));
        assert_eq!((given.ramp("ramp"), given.path("mnist")), (Some((5, 9)), Some(Path::new("digits"))));
        assert_eq!((given.whole("units"), given.whole("ramp"), given.number("iterations")), (None, None, None));
    }

    #[test]
    fn the_first_contradiction_is_told_as_it_was_written() {
        let has = [
            ("op", Value::name("add")),
            ("units", Value::Whole(2)),
            ("iterations", Value::Whole(200)),
            ("ramp", Value::Ramp((5, 8))),
        ];
        let given = given();
        let (flag, written, has_now) = given.contradiction(&has).expect("a contradiction");
        assert_eq!((flag, written.to_string(), has_now.to_string()), ("iterations", "300".into(), "200".into()));
        assert_eq!(given.contradiction(&has[..2]), None, "a flag that was not given contradicts nothing");
        assert_eq!([Value::Number(1e-3), Value::Ramp((5, 9))].map(|value| value.to_string()), ["0.001", "5..9"]);
    }
}

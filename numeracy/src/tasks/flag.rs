//! Flags of the tasks, and the values that were given to them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cells::CellName;

/// A setting that a user chooses: a flag of the task's command.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// Name of the flag: that of `--iterations` is `iterations`.
    pub name: &'static str,
    /// Help text of the flag, with the default.
    pub help: &'static str,
    /// Kind of values that the flag takes.
    pub takes: Takes,
}

/// Kind of values that a flag takes.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// One name out of a list, all of which the help shows.
    Listed(Names),
    /// One name out of a list, which another flag's help shows.
    Name(Names),
    /// Several names out of a list, separated by commas.
    Several(Names),
    /// A whole number of updates, at least 1.
    Updates,
    /// A number of objects in memory, at least 1.
    Count,
    /// A number greater than 0.
    Positive,
    /// Two numbers of updates, the second no less than the first.
    Ramp,
    /// The path of a folder.
    Folder,
    /// The folder of another run; it is not asked for again when a run goes on.
    Run,
}

/// List of names that a flag takes.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// Placeholder for a name in the help.
    pub value: &'static str,
    /// Function that gives all names.
    pub all: fn() -> Vec<&'static str>,
}

/// A value that a flag was given, or that a run has.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One name or several.
    Names(Vec<String>),
    /// A whole number.
    Whole(u64),
    /// A number that need not be whole.
    Number(f64),
    /// The ends of a ramp.
    Ramp((u64, u64)),
    /// The path of a folder.
    Path(PathBuf),
}

impl Value {
    /// Makes a value of one name.
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
    /// Makes `--op`: the operation.
    pub const fn operation(help: &'static str, value: &'static str, all: fn() -> Vec<&'static str>) -> Flag {
        Flag { name: "op", help, takes: Takes::Listed(Names { value, all }) }
    }

    /// Makes `--cell`: the cell that learns.
    pub const fn cell(help: &'static str, all: fn() -> Vec<&'static str>) -> Flag {
        Flag { name: "cell", help, takes: Takes::Listed(Names { value: "CELL", all }) }
    }

    /// Makes `--units`: the size of a model.
    #[must_use]
    pub const fn units(help: &'static str) -> Flag {
        Flag { name: "units", help, takes: Takes::Count }
    }

    /// Makes `--iterations`: updates of each seed.
    #[must_use]
    pub const fn iterations(help: &'static str) -> Flag {
        Flag { name: "iterations", help, takes: Takes::Updates }
    }

    /// Tells if the flag takes several names at once.
    #[must_use]
    pub fn takes_several(&self) -> bool {
        matches!(self.takes, Takes::Several(_))
    }

    /// Makes `--learning-rate`: the optimizer's step size.
    #[must_use]
    pub const fn learning_rate(help: &'static str) -> Flag {
        Flag { name: "learning-rate", help, takes: Takes::Positive }
    }
}

/// Gives the names of all cells of arithmetic and affine layers.
#[must_use]
pub fn cells() -> Vec<&'static str> {
    CellName::all().map(|(_, name)| name).collect()
}

/// Gives the names of a list of choices.
pub fn names<T>(all: &[(T, &'static str)]) -> Vec<&'static str> {
    all.iter().map(|&(_, name)| name).collect()
}

/// Flags that were given, with their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given(BTreeMap<&'static str, Value>);

impl Given {
    /// Makes the given flags of a command line.
    pub fn new(values: impl IntoIterator<Item = (&'static str, Value)>) -> Given {
        Given(values.into_iter().collect())
    }

    /// Gives the value of a flag, if it was given.
    #[must_use]
    pub fn value(&self, flag: &str) -> Option<&Value> {
        self.0.get(flag)
    }

    /// Gives the choice that a flag names among `all`.
    pub fn choice<T: Copy>(&self, flag: &str, all: &[(T, &'static str)]) -> Option<T> {
        let Value::Names(names) = self.value(flag)? else { return None };
        all.iter().find(|(_, name)| names.first().is_some_and(|given| given == name)).map(|&(choice, _)| choice)
    }

    /// Gives the cells that a flag names.
    #[must_use]
    pub fn cells(&self, flag: &str) -> Option<Vec<CellName>> {
        let Value::Names(names) = self.value(flag)? else { return None };
        names.iter().map(|name| CellName::parse(name)).collect()
    }

    /// Gives the one cell that a flag names.
    #[must_use]
    pub fn cell(&self, flag: &str) -> Option<CellName> {
        self.cells(flag)?.first().copied()
    }

    /// Gives the whole number that a flag has.
    #[must_use]
    pub fn whole(&self, flag: &str) -> Option<u64> {
        if let Value::Whole(number) = self.value(flag)? { Some(*number) } else { None }
    }

    /// Gives the number of objects in memory that a flag has.
    #[must_use]
    pub fn count(&self, flag: &str) -> Option<usize> {
        usize::try_from(self.whole(flag)?).ok()
    }

    /// Gives the number that a flag has.
    #[must_use]
    pub fn number(&self, flag: &str) -> Option<f64> {
        if let Value::Number(number) = self.value(flag)? { Some(*number) } else { None }
    }

    /// Gives the ramp that a flag has.
    #[must_use]
    pub fn ramp(&self, flag: &str) -> Option<(u64, u64)> {
        if let Value::Ramp(ramp) = self.value(flag)? { Some(*ramp) } else { None }
    }

    /// Gives the folder that a flag names.
    #[must_use]
    pub fn path(&self, flag: &str) -> Option<&Path> {
        if let Value::Path(path) = self.value(flag)? { Some(path) } else { None }
    }

    /// Finds the first flag that was given another value than the run has.
    #[must_use]
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

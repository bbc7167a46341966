//! What the argument parser is told of operations and cells.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::tasks::Operation;

/// The operations.
pub fn operations() -> impl TypedValueParser<Value = Operation> {
    PossibleValuesParser::new(Operation::ALL.map(|(_, name)| name)).map(|written| {
        let chosen = Operation::ALL.into_iter().find(|(_, name)| *name == written);
        chosen.map(|(operation, _)| operation).expect("only names of the list pass")
    })
}

/// The cells.
pub fn cells() -> impl TypedValueParser<Value = CellName> {
    PossibleValuesParser::new(CellName::all().map(|(_, name)| name))
        .map(|written| CellName::parse(&written).expect("only names of the list pass"))
}

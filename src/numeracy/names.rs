//! What the argument parser is told of cells.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use gridworld_numeracy::cells::CellName;

/// The cells.
pub fn cells() -> impl TypedValueParser<Value = CellName> {
    PossibleValuesParser::new(CellName::all().map(|(_, name)| name))
        .map(|written| CellName::parse(&written).expect("only names of the list pass"))
}

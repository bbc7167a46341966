//! What the argument parser is told of cells.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use gridworld_numeracy::cells::CellName;

/// The cells.
pub fn cells() -> impl TypedValueParser<Value = CellName> {
    PossibleValuesParser::new(CellName::all().map(|(_, name)| name))
        .map(|written| CellName::parse(&written).expect("only names of the list pass"))
}

/// Returns a number as it is `written`, or that it is infinite: errors of networks that diverged count as that.
pub fn or_infinite(number: f64, written: String) -> String {
    if number.is_finite() { written } else { "infinite".to_owned() }
}

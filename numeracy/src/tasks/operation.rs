//! Operations of arithmetic that are to be learned.

use serde::{Deserialize, Serialize};

use crate::engine::{BATCH, Real, Row, vectorized};

/// An operation on two numbers a and b; `Square` and `Root` ignore b.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Sum of both, a + b.
    Add,
    /// Difference of both, a − b.
    Sub,
    /// Product of both, a b.
    Mul,
    /// Quotient of both, a / b.
    Div,
    /// Square of the first, a².
    Square,
    /// Square root of the first, √a.
    Root,
}

impl Operation {
    /// All operations, with their names.
    pub const ALL: [(Operation, &'static str); 6] = [
        (Operation::Add, "add"),
        (Operation::Sub, "sub"),
        (Operation::Mul, "mul"),
        (Operation::Div, "div"),
        (Operation::Square, "square"),
        (Operation::Root, "root"),
    ];

    /// Gives the operation's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Operation::ALL.iter().find(|(other, _)| *other == self).map_or("", |(_, name)| name)
    }

    /// Computes the result, example by example.
    pub fn apply<T: Real>(self, a: &Row<T>, b: &Row<T>, result: &mut Row<T>) {
        match self {
            Operation::Add => map(a, b, result, |a, b| a + b),
            Operation::Sub => map(a, b, result, |a, b| a - b),
            Operation::Mul => map(a, b, result, |a, b| a * b),
            Operation::Div => map(a, b, result, |a, b| a / b),
            Operation::Square => map(a, b, result, |a, _| a * a),
            Operation::Root => map(a, b, result, |a, _| a.sqrt()),
        }
    }
}

fn map<T: Real>(a: &Row<T>, b: &Row<T>, result: &mut Row<T>, f: impl Fn(T, T) -> T) {
    vectorized(
        #[inline(always)]
        || {
            for lane in 0..BATCH {
                result[lane] = f(a[lane], b[lane]);
            }
        },
    );
}

impl std::fmt::Display for Operation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

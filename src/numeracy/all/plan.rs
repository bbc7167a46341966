//! The experiments of the table.

use gridworld_numeracy::cells::{Activation, CellName};
use gridworld_numeracy::tasks::Operation;

/// Static arithmetic: what is computed by what, those first that are asked for most.
pub const STATIC: [(Operation, CellName); 15] = [
    (Operation::Add, CellName::Nau),
    (Operation::Add, CellName::Nac),
    (Operation::Sub, CellName::Nau),
    (Operation::Sub, CellName::Nac),
    (Operation::Mul, CellName::Nmu),
    (Operation::Div, CellName::Quotient),
    (Operation::Add, CellName::Dense(Activation::Linear)),
    (Operation::Square, CellName::Nmu),
    (Operation::Add, CellName::Nalu),
    (Operation::Mul, CellName::NacMul),
    (Operation::Mul, CellName::Nalu),
    (Operation::Sub, CellName::Nalu),
    (Operation::Sub, CellName::Dense(Activation::Linear)),
    (Operation::Div, CellName::Nmru),
    (Operation::Div, CellName::Nalu),
];

/// The single-layer task: the same.
pub const SINGLE: [(Operation, CellName); 8] = [
    (Operation::Add, CellName::Nau),
    (Operation::Sub, CellName::Nau),
    (Operation::Mul, CellName::Nmu),
    (Operation::Mul, CellName::NmuAll),
    (Operation::Div, CellName::RealNpu),
    (Operation::Div, CellName::RealNpuWhole),
    (Operation::Div, CellName::Nmru),
    (Operation::Add, CellName::Nalu),
];

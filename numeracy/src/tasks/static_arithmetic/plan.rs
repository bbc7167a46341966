//! Planned experiments of static arithmetic in the table of results.

use super::config::StaticConfig;
use crate::cells::{Activation, CellName};
use crate::tasks::Operation;
use crate::tasks::task::{Planned, within};

/// Number of updates of a published cell.
const PUBLISHED: u64 = 5_000_000;
/// Number of updates of our cells for divisions and roots, which need fewer.
const OURS: u64 = 1_000_000;

/// Operations and cells of the experiments: those first that are asked for most.
const PLAN: [(Operation, CellName); 18] = [
    (Operation::Add, CellName::Nau),
    (Operation::Add, CellName::Nac),
    (Operation::Sub, CellName::Nau),
    (Operation::Sub, CellName::Nac),
    (Operation::Mul, CellName::Nmu),
    (Operation::Div, CellName::Quotient),
    (Operation::Root, CellName::Root),
    (Operation::Add, CellName::Dense(Activation::Linear)),
    (Operation::Square, CellName::Nmu),
    (Operation::Add, CellName::Nalu),
    (Operation::Mul, CellName::NacMul),
    (Operation::Mul, CellName::Nalu),
    (Operation::Sub, CellName::Nalu),
    (Operation::Sub, CellName::Dense(Activation::Linear)),
    (Operation::Div, CellName::Nmru),
    (Operation::Div, CellName::Nalu),
    (Operation::Root, CellName::NacMul),
    (Operation::Root, CellName::Nalu),
];

/// Plans the experiments, within so many updates. Products by an NMU come a second time, with a regularizer that comes
/// later.
pub fn plan(most: Option<u64>) -> Vec<Planned<StaticConfig>> {
    let mut plan = Vec::new();
    for (operation, cell) in PLAN {
        let updates = if matches!(cell, CellName::Quotient | CellName::Root) { OURS } else { PUBLISHED };
        let config = StaticConfig::published(operation, cell, within(most, updates));
        plan.push(Planned { name: format!("{operation}-{cell}"), config: config.clone() });
        if (operation, cell) == (Operation::Mul, CellName::Nmu) {
            plan.push(Planned { name: format!("{operation}-{cell}-late"), config: config.late() });
        }
    }
    plan
}

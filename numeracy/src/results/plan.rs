//! The experiments of the table.

use crate::cells::{Activation, CellName};
use crate::tasks::Operation;
use crate::tasks::static_arithmetic::StaticConfig;

use super::sequences;

/// An experiment of static arithmetic.
#[derive(Clone, Copy)]
pub struct Static {
    /// What is computed.
    pub operation: Operation,
    /// By what.
    pub cell: CellName,
    /// When the sparsity regularizer comes.
    sparsity: Coming,
}

/// When the sparsity regularizer comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coming {
    /// As published.
    Published,
    /// A million updates later.
    Late,
}

impl Static {
    const fn new(operation: Operation, cell: CellName) -> Static {
        Static { operation, cell, sparsity: Coming::Published }
    }

    const fn late(operation: Operation, cell: CellName) -> Static {
        Static { operation, cell, sparsity: Coming::Late }
    }

    /// Its name, which is that of its folder.
    pub fn name(&self) -> String {
        let late = if self.sparsity == Coming::Late { "-late" } else { "" };
        format!("static-{}-{}{late}", self.operation, self.cell)
    }

    /// Its settings, with so many updates at most.
    pub fn config(&self, most: Option<u64>) -> StaticConfig {
        // Ours for divisions and roots need fewer updates than the published cells were given.
        let ours = matches!(self.cell, CellName::Quotient | CellName::Root);
        let published = if ours { 1_000_000 } else { 5_000_000 };
        let iterations = most.map_or(published, |most| most.min(published));
        let config = StaticConfig::published(self.operation, self.cell, iterations);
        match self.sparsity {
            Coming::Published => config,
            Coming::Late => config.late(),
        }
    }
}

/// Static arithmetic: those first that are asked for most.
pub const STATIC: [Static; 19] = [
    Static::new(Operation::Add, CellName::Nau),
    Static::new(Operation::Add, CellName::Nac),
    Static::new(Operation::Sub, CellName::Nau),
    Static::new(Operation::Sub, CellName::Nac),
    Static::new(Operation::Mul, CellName::Nmu),
    Static::late(Operation::Mul, CellName::Nmu),
    Static::new(Operation::Div, CellName::Quotient),
    Static::new(Operation::Root, CellName::Root),
    Static::new(Operation::Add, CellName::Dense(Activation::Linear)),
    Static::new(Operation::Square, CellName::Nmu),
    Static::new(Operation::Add, CellName::Nalu),
    Static::new(Operation::Mul, CellName::NacMul),
    Static::new(Operation::Mul, CellName::Nalu),
    Static::new(Operation::Sub, CellName::Nalu),
    Static::new(Operation::Sub, CellName::Dense(Activation::Linear)),
    Static::new(Operation::Div, CellName::Nmru),
    Static::new(Operation::Div, CellName::Nalu),
    Static::new(Operation::Root, CellName::NacMul),
    Static::new(Operation::Root, CellName::Nalu),
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

/// The name of an experiment of the single-layer task.
pub fn single(operation: Operation, cell: CellName) -> String {
    format!("single-{operation}-{cell}")
}

/// The name of the experiment with autoencoders.
pub const IDENTITY: &str = "identity";

/// The names of all experiments, in their order.
pub fn names() -> Vec<String> {
    let mut names = vec![IDENTITY.to_owned()];
    names.extend(STATIC.iter().map(Static::name));
    names.extend(SINGLE.map(|(operation, cell)| single(operation, cell)));
    names.extend(sequences::names());
    names
}

/// Whether an experiment goes by this name: its own, or the first words of it.
pub fn is_called(name: &str, asked: &str) -> bool {
    name.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

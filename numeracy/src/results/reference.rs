//! The figures behind the section, as a file keeps them.

use crate::cells::CellName;
use crate::schedule::Sparsity;
use crate::tasks::identity::IdentityCurve;
use crate::tasks::static_arithmetic::StaticConfig;
use crate::tasks::{Operation, Summary};
use serde::{Deserialize, Serialize};

use super::sequences;
use crate::tasks::single_layer::OfRange;

/// The figures behind the section.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reference {
    /// The command that repeats it.
    pub command: String,
    /// The version of the program.
    pub version: String,
    /// Its git revision.
    pub revision: String,
    /// Identity, cell by cell.
    pub identity: Vec<IdentityCurve>,
    /// Static arithmetic.
    #[serde(rename = "static")]
    pub static_arithmetic: Vec<StaticEntry>,
    /// The single-layer task.
    pub single: Vec<SingleEntry>,
    /// Arithmetic over sequences.
    pub recurrent: Vec<sequences::RecurrentEntry>,
    /// Language to number.
    pub language: Vec<sequences::LanguageEntry>,
    /// Program evaluation.
    pub program: Vec<sequences::ProgramEntry>,
}

/// One experiment of static arithmetic.
#[derive(Debug, Serialize, Deserialize)]
pub struct StaticEntry {
    /// What is computed.
    pub operation: Operation,
    /// By what.
    pub cell: CellName,
    /// Updates of a seed at most.
    pub updates: u64,
    /// Its sparsity regularizer.
    pub sparsity: Sparsity,
    /// What it came to.
    pub summary: Summary,
}

impl StaticEntry {
    /// Whether the sparsity regularizer comes when it is published to.
    pub fn is_published(&self) -> bool {
        StaticConfig::published(self.operation, self.cell, self.updates).sparsity == self.sparsity
    }
}

/// One experiment of the single-layer task.
#[derive(Debug, Serialize, Deserialize)]
pub struct SingleEntry {
    /// What is computed.
    pub operation: Operation,
    /// By what.
    pub cell: CellName,
    /// What it came to, range by range.
    pub ranges: Vec<OfRange>,
}

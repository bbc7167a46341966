//! Entry of a static arithmetic experiment in the table of results.

use serde::{Deserialize, Serialize};

use super::config::StaticConfig;
use crate::cells::CellName;
use crate::schedule::Sparsity;
use crate::tasks::{Operation, Summary};

/// A static arithmetic experiment and its summary, for the page of results.
#[derive(Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StaticEntry {
    /// Operation that is learned.
    pub operation: Operation,
    /// Cell that learns it.
    pub cell: CellName,
    /// Greatest number of updates of a seed.
    pub updates: u64,
    /// Sparsity regularizer of the experiment.
    pub sparsity: Sparsity,
    /// Summary of all seeds.
    pub summary: Summary,
}

impl StaticEntry {
    /// Tells if the sparsity regularizer has its published settings.
    #[must_use]
    pub fn is_published(&self) -> bool {
        StaticConfig::published(self.operation, self.cell, self.updates).sparsity == self.sparsity
    }
}

//! An experiment and what it came to.

use serde::{Deserialize, Serialize};

use super::config::StaticConfig;
use crate::cells::CellName;
use crate::schedule::Sparsity;
use crate::tasks::{Operation, Summary};

/// An experiment of static arithmetic, and what it came to.
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

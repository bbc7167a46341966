//! Differences of the runs' configurations.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::compared::Compared;
use crate::run::configuration::written;
use crate::run::settings::{Lists, flattened};

/// A field of `config.json` that is not the same in all runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Name of the field, such as `training.sparsity.weight`.
    pub field: String,
    /// Value of each run; nothing where it has no such field.
    pub values: Vec<Option<Value>>,
}

/// All differences, by the names of their fields. The commands differ always, and say nothing more.
pub fn find(runs: &[Compared]) -> Vec<Difference> {
    let documents: Vec<Value> = runs.iter().map(|run| written(&run.config)).collect();
    between(&documents).into_iter().filter(|difference| !difference.field.starts_with("commands")).collect()
}

/// The fields, at any depth, that are not the same in all documents.
pub fn between(documents: &[Value]) -> Vec<Difference> {
    let leaves: Vec<Vec<(String, Value)>> = documents.iter().map(leaves).collect();
    let fields: BTreeSet<&str> = leaves.iter().flatten().map(|(field, _)| field.as_str()).collect();
    let of = |field: &str| {
        let value =
            |leaves: &Vec<(String, Value)>| leaves.iter().find(|(name, _)| name == field).map(|(_, v)| v.clone());
        Difference { field: field.to_owned(), values: leaves.iter().map(value).collect() }
    };
    let differs = |difference: &Difference| difference.values.windows(2).any(|pair| pair[0] != pair[1]);
    fields.into_iter().map(of).filter(differs).collect()
}

/// Lists the single values of a document. A part that one run has and another has not is absent in that, not null.
fn leaves(document: &Value) -> Vec<(String, Value)> {
    flattened(document, Lists::Parted).into_iter().filter(|(_, value)| !value.is_null()).collect()
}

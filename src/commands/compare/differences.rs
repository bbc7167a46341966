//! Where configurations differ.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::compared::Compared;
use crate::run::configuration::written;

/// A field of `config.json` that is not the same in all runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Its place, such as `training.sparsity.weight`.
    pub field: String,
    /// What each run has there; nothing where it has no such field.
    pub values: Vec<Option<Value>>,
}

/// All differences, by the names of their fields. The commands differ always, and say nothing more.
pub fn find(runs: &[Compared]) -> Vec<Difference> {
    let documents: Vec<Value> = runs.iter().map(|run| written(&run.config)).collect();
    between(&documents).into_iter().filter(|difference| !difference.field.starts_with("commands")).collect()
}

/// The fields, at any depth, that are not the same in all documents.
pub fn between(documents: &[Value]) -> Vec<Difference> {
    let leaves: Vec<Vec<(String, Value)>> = documents.iter().map(|document| leaves("", document)).collect();
    let fields: BTreeSet<&str> = leaves.iter().flatten().map(|(field, _)| field.as_str()).collect();
    let of = |field: &str| {
        let value =
            |leaves: &Vec<(String, Value)>| leaves.iter().find(|(name, _)| name == field).map(|(_, v)| v.clone());
        Difference { field: field.to_owned(), values: leaves.iter().map(value).collect() }
    };
    let differs = |difference: &Difference| difference.values.windows(2).any(|pair| pair[0] != pair[1]);
    fields.into_iter().map(of).filter(differs).collect()
}

/// Every value that holds no other, with its place.
fn leaves(place: &str, value: &Value) -> Vec<(String, Value)> {
    let below = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    match value {
        Value::Object(fields) => fields.iter().flat_map(|(name, value)| leaves(&below(name), value)).collect(),
        Value::Array(items) => {
            let item = |(index, value)| leaves(&format!("{place}[{index}]"), value);
            items.iter().enumerate().flat_map(item).collect()
        }
        // A part that one run has and another has not is absent in that, not null.
        Value::Null => Vec::new(),
        value => vec![(place.to_owned(), value.clone())],
    }
}

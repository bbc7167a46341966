//! The single values of a document, by name.

use serde_json::Value;

/// Treatment of lists in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    /// A list is one value.
    Whole,
    /// Each item of a list has a name with its index, such as `convolutions[0]`.
    Parted,
}

/// The values of `document` that hold no others, by their places, such as `training.sparsity.weight`.
pub fn flattened(document: &Value, lists: Lists) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    flatten(String::new(), document, lists, &mut found);
    found
}

fn flatten(place: String, value: &Value, lists: Lists, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            flatten(place, value, lists, found);
        }),
        Value::Array(items) if lists == Lists::Parted => items.iter().enumerate().for_each(|(index, value)| {
            flatten(format!("{place}[{index}]"), value, lists, found);
        }),
        other => found.push((place, other.clone())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_have_the_names_of_their_places() {
        let document = json!({"agent": "lstm", "model": {"feedback": null, "sizes": [{"kernel": 3}, 8], "none": {}}});
        let sizes = json!([{"kernel": 3}, 8]);
        let rows = |rows: &[(&str, Value)]| {
            rows.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<Vec<_>>()
        };
        let whole = [("agent", json!("lstm")), ("model.feedback", Value::Null), ("model.sizes", sizes)];
        assert_eq!(flattened(&document, Lists::Whole), rows(&whole));
        let [agent, feedback, _] = whole;
        let parted = [agent, feedback, ("model.sizes[0].kernel", json!(3)), ("model.sizes[1]", json!(8))];
        assert_eq!(flattened(&document, Lists::Parted), rows(&parted));
    }
}

//! Configurations of which the differences are known.

use serde_json::{Value, json};

use super::differences::{Difference, between};

#[test]
fn a_field_that_differs_at_any_depth_is_named_and_no_other() {
    let documents = [
        json!({"agent": "lstm", "training": {"seed": 1, "envs": 64, "ramp": [0.1, 0.3]}, "loop": null}),
        json!({"agent": "lstm", "training": {"seed": 2, "envs": 64, "ramp": [0.1, 0.5]}, "loop": {"units": 8}}),
        json!({"agent": "lstm", "training": {"seed": 2, "envs": 64}, "loop": {"units": 8}}),
    ];
    let row = |field: &str, values: [Value; 3]| {
        let values = values.map(|value| Some(value).filter(|value| !value.is_null())).to_vec();
        Difference { field: field.to_owned(), values }
    };
    let expected = [
        row("loop.units", [Value::Null, json!(8), json!(8)]),
        row("training.ramp[0]", [json!(0.1), json!(0.1), Value::Null]),
        row("training.ramp[1]", [json!(0.3), json!(0.5), Value::Null]),
        row("training.seed", [json!(1), json!(2), json!(2)]),
    ];
    assert_eq!(between(&documents), expected);
    assert_eq!(between(&[documents[0].clone(), documents[0].clone()]), []);
}

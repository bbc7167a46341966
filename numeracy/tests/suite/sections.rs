//! Tests of the page engine: every number of the committed page is computed anew from the committed document, by other
//! code, and a document that lacks a field is refused by the name of that field.

use gridworld_numeracy::results::{Picture, Reference, pages};
use gridworld_numeracy::tasks::{Entries, Listed, Visitor, each};
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../../runs/reference/numeracy.json");
const PAGE: &str = include_str!("../../../docs/results.md");

fn document() -> Value {
    serde_json::from_str(DOCUMENT).expect("JSON")
}

/// Gives the rows of the first table under a heading, each as its cells, and fails if they have not all as many.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let section = PAGE.split_once("<!-- section: arithmetic -->").expect("a section").1;
    let under = section.split_once(heading).unwrap_or_else(|| panic!("no {heading}")).1;
    let lines = under.lines().skip_while(|line| !line.starts_with("| ")).take_while(|line| line.starts_with('|'));
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>();
    let rows: Vec<Vec<&str>> = lines.map(cells).collect();
    assert!(rows.len() > 2 && rows.iter().all(|row| row.len() == rows[0].len()), "{heading}: {rows:?}");
    rows.into_iter().enumerate().filter(|(index, _)| *index != 1).map(|(_, row)| row).collect()
}

/// Returns a number of the document; infinite where it is null, as an error of a network that diverged is.
fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::INFINITY)
}

/// Writes a share of seeds as whole per cent with the interval, from counts alone.
fn share(at: &Value) -> String {
    let (solved, seeds) = (number(&at["solved"]), number(&at["seeds"]));
    let percent = |share: &Value| format!("{:.0}", 100.0 * number(share));
    format!("{:.0} % ({}–{})", 100.0 * solved / seeds, percent(&at["ci95"][0]), percent(&at["ci95"][1]))
}

fn name(value: &Value) -> &str {
    value.as_str().expect("a name")
}

#[test]
fn shares_of_sums_of_subsets_are_those_of_the_document() {
    let (document, rows) = (document(), table("## Sums of subsets: seeds solved"));
    let entries = document["static"].as_array().expect("entries");
    assert_eq!(rows.len() - 1, entries.len());
    for (entry, row) in entries.iter().zip(&rows[1..]) {
        let summary = &entry["summary"];
        assert!(row[0] == name(&entry["operation"]) && row[1].starts_with(name(&entry["cell"])), "{row:?}");
        assert_eq!((row[2], row[4]), (&*summary["seeds"].to_string(), &*share(summary)));
        assert_eq!(row[3].parse::<f64>().expect("a number"), number(&entry["updates"]));
        let median = |field: &str| summary[field]["median"].as_f64();
        // To two digits, as the column has them.
        for (cell, expected) in [(row[6], median("solved_at")), (row[8], median("sparsity_error"))] {
            let found = cell.split(' ').next().and_then(|number| number.parse::<f64>().ok());
            let is_near = found.zip(expected).is_none_or(|(found, expected)| (found / expected - 1.0).abs() < 0.051);
            assert!(found.is_some() == expected.is_some() && is_near, "{cell}, not {expected:?}");
        }
    }
}

#[test]
fn relative_errors_of_sums_of_subsets_are_those_of_the_document() {
    let (document, rows) = (document(), table("## Sums of subsets: error relative"));
    let entries = document["static"].as_array().expect("entries");
    let mut entries = entries.iter().filter(|entry| {
        // The published ramp of the NMU begins after a fifth of the updates.
        entry["cell"] != "nmu" || entry["sparsity"]["ramp"][0] == 1_000_000
    });
    for row in &rows[1..] {
        let entry = entries.next().expect("an entry for each row");
        assert_eq!((row[0], row[1]), (name(&entry["operation"]), name(&entry["cell"])));
        let ours =
            |field: &str| entry["summary"][field].as_f64().map_or("–".to_owned(), |error| format!("{error:.1}"));
        assert_eq!((row[2], row[4]), (&*ours("relative_interpolation"), &*ours("relative_extrapolation")));
    }
    assert!(entries.next().is_none());
}

#[test]
fn counts_of_single_layers_are_those_of_the_document() {
    let (document, rows) = (document(), table("## One cell, two numbers, nine ranges"));
    let entries = document["single"].as_array().expect("entries");
    assert_eq!((rows.len() - 1, rows[0].len()), (entries.len(), 11));
    for (entry, row) in entries.iter().zip(&rows[1..]) {
        assert_eq!((row[0], row[1]), (name(&entry["operation"]), name(&entry["cell"])));
        for (range, (head, cell)) in
            entry["ranges"].as_array().expect("nine").iter().zip(rows[0][2..].iter().zip(&row[2..]))
        {
            let (low, high) = (number(&range["interpolation"]["low"]), number(&range["interpolation"]["high"]));
            assert_eq!(*head, format!("U[{low}, {high}]"));
            assert_eq!(*cell, format!("{} of {}", range["solved"], range["seeds"]));
            assert!(number(&range["extrapolation_range"]["high"]) > number(&range["extrapolation_range"]["low"]));
        }
    }
}

#[test]
fn errors_of_identity_are_means_of_the_errors_at_each_point() {
    let (document, rows) = (document(), table("## Identity"));
    for (entry, row) in document["identity"].as_array().expect("entries").iter().zip(&rows[1..]) {
        assert!(row[0].starts_with(name(&entry["cell"])), "{row:?}");
        // 81 points from −20 to 20: the middle 21 are those from −5 to 5.
        let errors: Vec<f64> = entry["errors"].as_array().expect("errors").iter().map(number).collect();
        assert_eq!(errors.len(), 81);
        let within = errors[30..51].iter().sum::<f64>() / 21.0;
        let beyond = (errors[..30].iter().sum::<f64>() + errors[51..].iter().sum::<f64>()) / 60.0;
        for (cell, expected) in [(row[1], within), (row[2], beyond)] {
            assert!((cell.parse::<f64>().expect("a number") - expected).abs() <= 0.5001e-4, "{row:?}: {expected}");
        }
    }
}

#[test]
fn shares_and_errors_over_time_are_those_of_the_document() {
    let (document, rows) = (document(), table("## Sums over time"));
    let entries = document["recurrent"].as_array().expect("entries");
    assert_eq!(rows.len() - 1, entries.len());
    for (entry, row) in entries.iter().zip(&rows[1..]) {
        assert_eq!(row[0], name(&entry["operation"]));
        for (at, cells) in entry["summary"]["lengths"].as_array().expect("lengths").iter().zip(row[3..].chunks(2)) {
            assert_eq!((row[2], cells[0]), (&*at["seeds"].to_string(), &*share(at)));
            let median = number(&at["relative"]["median"]);
            let expected = if median.is_finite() { format!("{median:.0e}") } else { "∞".to_owned() };
            assert_eq!(cells[1], expected, "{row:?}");
        }
    }
}

#[test]
fn errors_of_words_are_those_of_the_document() {
    let (document, rows) = (document(), table("## Language to number"));
    let entries = document["language"].as_array().expect("entries");
    assert_eq!(rows.len() - 1, entries.len());
    for (entry, row) in entries.iter().zip(&rows[1..]) {
        for (part, cell) in ["training", "validation", "test"].iter().zip(&row[1..4]) {
            let Value::Object(fields) = &entry["summary"][part] else { panic!("a median") };
            let [median, low, high] = [&fields["median"], &fields["ci95"][0], &fields["ci95"][1]]
                .map(|value| format!("{:.2}", number(value)));
            assert_eq!(*cell, format!("{median} ({low}–{high})"));
        }
        assert_eq!(row[6], format!("{:.1} %", 100.0 * number(&entry["summary"]["right"]["median"])));
    }
}

#[test]
fn counts_and_errors_of_programs_are_those_of_the_document() {
    let document = document();
    let mut compared = 0;
    for kind in ["add", "chain", "branch"] {
        let of_kind = |entry: &&Value| entry["kind"] == kind;
        let entries = document["program"].as_array().expect("entries").iter().filter(of_kind);
        // Each kind has a table of its own, which its name heads.
        let section = PAGE.split_once("## Programs").expect("a section").1;
        let rows = section.split_once(&format!("| {kind} |")).expect("a table").1.lines().skip(2);
        for (entry, row) in entries.zip(rows) {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            for (at, cells) in entry["summary"]["sizes"].as_array().expect("sizes").iter().zip(cells[1..].chunks(2)) {
                assert_eq!(cells[0], format!("{} of {}", at["solved"], at["seeds"]), "{kind}: {row}");
                let (found, median) = (cells[1].parse::<f64>().expect("a number"), number(&at["absolute"]["median"]));
                // Half a unit of the last digit that is shown.
                let digits = if median >= 1e5 {
                    0.06 * median.abs() * 10.0
                } else if median >= 100.0 {
                    0.51
                } else {
                    0.0051
                };
                assert!((found - median).abs() <= digits.max(0.0051), "{kind}: {found}, not {median}");
                compared += 1;
            }
        }
    }
    assert!(compared > 60, "{compared}");
}

/// Lists the places of all fields of the first entry of a task, as pointers into the document.
fn fields(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => entries.iter().for_each(|(name, value)| {
            found.push(format!("{place}/{name}"));
            fields(value, &format!("{place}/{name}"), found);
        }),
        Value::Array(items) => items.iter().take(1).for_each(|item| fields(item, &format!("{place}/0"), found)),
        _ => {}
    }
}

#[test]
fn a_field_that_is_missing_is_named() {
    let whole = document();
    // Fields whose absence means something: no weights made whole, nothing solved, no interval.
    let optional = [
        "solved_at",
        "sparsity_error",
        "extrapolation",
        "relative_interpolation",
        "relative_extrapolation",
        "relative",
        "of_random",
        "training",
        "validation",
        "test",
        "right",
        "absolute",
        "ci95",
        "sign",
    ];
    let mut refused = 0;
    for task in ["identity", "static", "single", "recurrent", "language", "program"] {
        let entry = json!({"command": "c", "version": "1", "revision": "x", task: [whole[task][0]]});
        assert!(serde_json::from_value::<Reference>(entry.clone()).is_ok(), "{task}");
        let mut places = Vec::new();
        fields(&entry[task], &format!("/{task}"), &mut places);
        for place in places {
            let (parent, field) = place.rsplit_once('/').expect("a field");
            let mut without = entry.clone();
            without.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object").remove(field);
            match serde_json::from_value::<Reference>(without) {
                Err(error) => {
                    let said = error.to_string();
                    // The name of a model's kind is a field of JSON, and not of ours.
                    let is_model = parent.ends_with("/model") || field == "model";
                    assert!(is_model || said.contains(&format!("missing field `{field}`")), "{place}: {said}");
                    refused += 1;
                }
                Ok(_) => assert!(optional.contains(&field), "{place} is not missed"),
            }
        }
    }
    assert!(refused > 40, "{refused}");
}

#[test]
fn a_picture_is_shown_once_before_its_table_and_only_if_it_is_there() {
    let picture = |name: &str| Picture { name: name.to_owned(), alt: format!("alt of {name}") };
    let mut reference: Reference = serde_json::from_value(document()).expect("a document");
    let written = pages(&mut reference, &[picture("static"), picture("mnist"), picture("language")]);
    assert_eq!(written.shown, ["static", "language"], "nobody asks for a picture of digits");
    for (task, head) in [("static", "| operation | cell | seeds |"), ("language", "| model | training |")] {
        let shown = format!("[![alt of {task}](figures/{task}.png)](figures/{task}.svg)\n\n{head}");
        assert_eq!(written.sections.matches(&shown).count(), 1, "{task}");
    }
    assert_eq!(written.sections.matches("figures/").count(), 4);
}

#[test]
fn sections_have_one_order_whatever_the_order_of_the_tasks() {
    let mut reference: Reference = serde_json::from_value(document()).expect("a document");
    let written = pages(&mut reference, &[]).sections;
    let headings: Vec<&str> = written.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let expected = [
        "Sums of subsets: seeds solved",
        "Sums of subsets: error relative to an untrained network",
        "One cell, two numbers, nine ranges",
        "Identity",
        "Sums over time",
        "Language to number",
        "Programs",
    ];
    assert_eq!(headings, expected);
    // Every task but that of digits is first in the table of tasks, and has its own entries.
    struct Count<'a>(&'a mut Entries);
    impl Visitor for Count<'_> {
        type Output = (&'static str, usize);
        fn visit<T: Listed>(&mut self) -> (&'static str, usize) {
            (T::NAME, T::entries_of(self.0).len())
        }
    }
    let counts = each(&mut Count(&mut reference.entries));
    assert!(counts[..6].iter().all(|(_, count)| *count > 0), "{counts:?}");
}

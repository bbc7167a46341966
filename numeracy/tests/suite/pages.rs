//! Tests of the pages: what was published of a document is what is made of it now, and tables worked out by hand.

use std::collections::BTreeMap;

use gridworld_numeracy::results::{Picture, Reference, pages};
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../../runs/reference/numeracy.json");
const PAGE: &str = include_str!("../../../docs/results.md");

/// Gives the section of arithmetic on the page.
fn section() -> &'static str {
    let (_, from) = PAGE.split_once("<!-- section: arithmetic -->\n\n").expect("a section");
    from.split_once("\n\n<!-- end of section: arithmetic -->").expect("its end").0
}

/// Gives the pictures of a page, as it names and describes them.
fn pictures(page: &str) -> Vec<Picture> {
    let picture = |line: &str| {
        let (alt, rest) = line.strip_prefix("[![")?.split_once("](figures/")?;
        Some(Picture { name: rest.split_once(".png")?.0.to_owned(), alt: alt.to_owned() })
    };
    page.lines().filter_map(picture).collect()
}

fn read(document: Value) -> Reference {
    serde_json::from_value(document).expect("a document")
}

fn document() -> Value {
    serde_json::from_str(DOCUMENT).expect("JSON")
}

/// Splits a page into its sections by their headings.
fn by_heading(page: &str) -> BTreeMap<&str, &str> {
    page.trim().split("\n## ").filter_map(|section| section.split_once('\n')).collect()
}

#[test]
fn the_page_in_the_documentation_is_made_of_the_document_beside_it() {
    let pictures = pictures(section());
    assert!(pictures.len() >= 4, "{pictures:?}");
    let written = pages(&mut read(document()), &pictures);
    let (made, published) = (by_heading(&written.sections), by_heading(section()));
    assert!(published.len() >= 8 && made.len() == published.len());
    for (heading, text) in published {
        assert_eq!(made.get(heading).map(|made| made.trim()), Some(text.trim()), "{heading}");
    }
    let names: Vec<&String> = pictures.iter().map(|picture| &picture.name).collect();
    assert!(names.iter().all(|name| written.shown.contains(name)) && names.len() == written.shown.len());
    assert!(written.own.is_empty(), "no digits, no page of digits");
}

#[test]
fn a_document_is_written_as_it_was_read() {
    let mut after = serde_json::to_value(read(document())).expect("JSON");
    // A task that the document does not have.
    assert!(after.as_object_mut().expect("fields").remove("mnist").is_none_or(|entries| entries == json!([])));
    assert_eq!(after, document());
}

#[test]
fn what_is_not_there_is_neither_shown_nor_drawn() {
    let empty = json!({"command": "gridworld numeracy all", "version": "1", "revision": "x"});
    let written = pages(&mut read(empty), &[]);
    assert!(written.sections.starts_with("# Arithmetic\n\nWritten by `gridworld numeracy all`;"));
    for heading in ["## Identity", "## One cell", "## Sums over time", "## Language", "## Programs"] {
        assert!(!written.sections.contains(heading), "{heading}");
    }
    assert!(written.own.is_empty() && written.shown.is_empty());
}

/// Finds a row of a table by the beginnings of two of its cells.
fn row<'a>(page: &'a str, first: &str, second: &str) -> Vec<&'a str> {
    let begins = format!("| {first} | {second} |");
    let line = page.lines().find(|line| line.starts_with(&begins)).unwrap_or_else(|| panic!("no {begins} in {page}"));
    line.trim_matches('|').split('|').map(str::trim).collect()
}

fn rate(solved: u64, seeds: u64, ci95: [f64; 2]) -> Value {
    json!({"solved": solved, "seeds": seeds, "rate": solved as f64 / seeds as f64, "ci95": ci95})
}

fn with(mut fields: Value, more: Value) -> Value {
    let more = more.as_object().expect("fields").clone();
    fields.as_object_mut().expect("fields").extend(more);
    fields
}

#[test]
fn published_figures_stand_beside_ours_where_the_settings_are_the_published_ones() {
    let summary = with(
        rate(95, 100, [0.8882, 0.9785]),
        json!({"threshold": 1e-5, "solved_at": {"median": 1_420_000.0, "ci95": [1.4e6, 1.5e6]},
               "sparsity_error": {"median": 4.84e-7, "ci95": null}, "extrapolation": null,
               "relative_interpolation": 12.345, "relative_extrapolation": null, "iterations": 1}),
    );
    let entry = |start: u64| {
        json!({"operation": "mul", "cell": "nmu", "updates": 5_000_000_u64,
               "sparsity": {"weight": 10.0, "ramp": [start, start + 1_000_000]}, "summary": summary})
    };
    let document =
        json!({"command": "c", "version": "1", "revision": "x", "static": [entry(1_000_000), entry(2_000_000)]});
    let page = pages(&mut read(document), &[]).sections;
    let ours = ["100", "5e6", "95 % (89–98)"];
    let found = row(&page, "mul", "nmu");
    assert_eq!(found[2..5], ours);
    // Madsen & Johansen 2020: 98 % of the seeds, with an interval from 93 to 99.
    assert_eq!((found[5], found[6], found[8]), ("98 % (93–99)", "1.4e6 (1.4e6–1.5e6)", "4.8e-7"));
    let late = row(&page, "mul", "nmu, regularizer later (ours)");
    assert_eq!((late[4], late[5], late[7], late[9]), (ours[2], "–", "–", "–"));
    // The error table has what is published alone.
    let errors = page.split_once("## Sums of subsets: error relative").expect("a second table").1;
    assert_eq!(errors.matches("| mul | nmu |").count(), 1);
    assert_eq!(row(errors, "mul", "nmu")[2], "12.3");
}

#[test]
fn errors_that_are_no_numbers_are_infinite() {
    let curve = |cell: &str, beyond: Value| json!({"cell": cell, "seeds": 4, "trained": 0.00125, "beyond": beyond, "errors": []});
    let length = |length: u64, relative: Value| {
        with(rate(1, 2, [0.0945, 0.9055]), json!({"length": length, "relative": relative, "of_random": null}))
    };
    let document = json!({
        "command": "c", "version": "1", "revision": "x",
        "identity": [curve("nac", json!(0.5)), curve("relu", Value::Null)],
        "recurrent": [{"operation": "add", "model": "lstm", "summary": {"sparsity_error": null, "lengths":
            [length(10, json!({"median": 0.000_24, "ci95": null})), length(100, json!({"median": null, "ci95": null})),
             length(1000, Value::Null)]}}],
    });
    let page = pages(&mut read(document), &[]).sections;
    assert!(page.contains("| nac, all layers | 0.0013 | 0.5000 |\n| relu | 0.0013 | ∞ |\n"), "{page}");
    assert!(page.contains("mean over 4 seeds per cell"));
    let found = row(&page, "add", "lstm");
    assert_eq!(found[2..], ["2", "50 % (9–91)", "2e-4", "50 % (9–91)", "∞", "50 % (9–91)", "–"]);
    assert!(page.contains("Trained on length 10, tested"));
}

#[test]
fn programs_have_a_table_for_each_kind_and_digits_as_they_are_needed() {
    let entry = |kind: &str, model: Value, error: f64| {
        let size = with(
            rate(3, 10, [0.1, 0.6]),
            json!({"size": {"digits": 2, "terms": 2},
            "absolute": {"median": error, "ci95": null}, "right": null}),
        );
        json!({"kind": kind, "model": model, "summary": {"sizes": [size]}})
    };
    let models = [
        (json!({"last": "linear"}), 123_456.0),
        (json!("gru"), 123.4),
        (json!("calculator"), 0.004),
        (json!({"last": "nac"}), 1.234),
    ];
    let mut entries: Vec<Value> = models.iter().map(|(model, error)| entry("add", model.clone(), *error)).collect();
    entries.push(entry("chain", json!({"last": "linear"}), 2.0));
    let document = json!({"command": "c", "version": "1", "revision": "x", "program": entries});
    let page = pages(&mut read(document), &[]).sections;
    let add = page.split_once("| add |").expect("a table of sums").1;
    let (add, chain) = add.split_once("| chain |").expect("a table of chains");
    for (model, error) in [("lstm", "1e5"), ("gru", "123"), ("calculator", "0"), ("lstm-nac", "1.23")] {
        assert!(add.contains(&format!("| {model} | 3 of 10 | {error} |")), "{model}: {add}");
    }
    assert!(chain.contains("| lstm | 3 of 10 | 2.00 |") && !page.contains("| branch |"));
}

#[cfg(feature = "digits")]
mod digits {
    use super::*;

    fn median(median: f64) -> Value {
        json!({"median": median, "ci95": null})
    }

    fn entry(operation: &str, cell: &str, lengths: &[u64], solved: Option<Value>, error: f64) -> Value {
        let at = |length: &u64| {
            json!({"length": length, "solved": solved, "threshold": null, "mse": median(1.0), "mae": median(error),
                   "relative": median(2.0 * error), "exact": median(0.873)})
        };
        json!({"operation": operation, "cell": cell, "steps": 3000, "train": 8004, "test": 1996, "seconds": 26.6,
               "summary": {"seeds": 10, "diverged": 0, "lengths": lengths.iter().map(at).collect::<Vec<_>>(),
                           "sparsity_error": null}})
    }

    fn page(entries: &[Value]) -> String {
        let document = json!({"command": "gridworld numeracy all", "version": "1", "revision": "x", "mnist": entries});
        let written = pages(&mut read(document), &[]);
        let [(file, text)] = &written.own[..] else { panic!("one page") };
        assert_eq!(*file, "mnist.md");
        text.clone()
    }

    #[test]
    fn the_page_says_what_the_committed_page_says() {
        let lengths = [1, 10, 100, 1000];
        let product = [1, 2, 5, 10, 20, 40];
        let text = page(&[
            entry("sum", "perfect", &lengths, None, 0.302),
            entry("count", "perfect", &lengths, None, 0.302),
            entry("product", "perfect", &product, None, 0.302),
        ]);
        let committed = include_str!("../../../docs/mnist.md");
        let prose = |page: &str| page.split_once("\n| cell").expect("a table").0.to_owned();
        assert_eq!(prose(&text), prose(committed));
        let heads = |page: &str| -> Vec<String> {
            page.lines()
                .filter(|line| line.starts_with("| cell") || line.starts_with("|---") || line.starts_with('#'))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(heads(&text), heads(committed));
        assert!(text.ends_with(" |\n") && !text.contains("\n\n\n"));
    }

    #[test]
    fn rows_are_those_of_the_document() {
        let solved = rate(8, 10, [0.4902, 0.9433]);
        let text = page(&[entry("sum", "counter", &[1, 10, 100, 1000], Some(solved), 1.64)]);
        let expected = "| counter (ours) | 8 of 10 | 49–94 % | 8 of 10 | 8 of 10 | 1.64 | 1.64 | 1.64 | 1.64 | 87.3 % | 87.3 % \
                        | – | 27 |";
        assert!(text.lines().any(|line| line == expected), "{text}");
        assert!(!text.contains("## Products") && text.contains("Seeds 1 to 10, 3,000 updates"));
        let product = page(&[entry("product", "nmu", &[1, 2, 5, 10, 20, 40], None, 0.02)]);
        assert!(product.contains("| NMU | – | – | – | – | – | – | 0.04 |"), "relative errors: {product}");
    }

    #[test]
    fn numbers_have_three_digits_as_python_writes_them() {
        // f"{x:.3g}" below 100, f"{x:,.0f}" below 10⁵, f"{x:.1e}" from there on.
        let written = [
            (0.0, "0"),
            (0.000_367_9, "0.000368"),
            (0.000_036_79, "3.68e-05"),
            (0.081_94, "0.0819"),
            (0.302, "0.302"),
            (4.4, "4.4"),
            (6.0, "6"),
            (29.84, "29.8"),
            (99.94, "99.9"),
            (99.96, "100"),
            (436.4, "436"),
            (4432.6, "4,433"),
            (99_999.4, "99,999"),
            (560_000.0, "5.6e+05"),
            (49_000_000.0, "4.9e+07"),
            (1e27, "1.0e+27"),
        ];
        for (number, expected) in written {
            let text = page(&[entry("sum", "nac", &[1, 10, 100, 1000], None, number)]);
            let found = text.lines().find(|line| line.starts_with("| NAC |")).expect("a row").split('|').nth(6);
            assert_eq!(found.map(str::trim), Some(expected), "{number}");
        }
    }
}

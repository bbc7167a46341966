//! Tests that every published figure is well formed, and stands beside ours on the page.

use std::collections::BTreeSet;

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::published::{Published, Success};
use gridworld_numeracy::results::{Reference, pages};
use gridworld_numeracy::tasks::static_arithmetic::StaticConfig;
use gridworld_numeracy::tasks::{Listed, Operation};
use serde_json::{Value, json};

/// Makes the page of a document with these entries.
fn page(task: &str, entries: &[Value]) -> String {
    let document = json!({"command": "c", "version": "1", "revision": "x", task: entries});
    pages(&mut serde_json::from_value::<Reference>(document).expect("a document"), &[]).sections
}

/// Gives the entry of an experiment with the published settings, in which nothing was solved.
fn entry(operation: Operation, cell: CellName) -> Value {
    let sparsity = StaticConfig::published(operation, cell, 5_000_000).sparsity;
    json!({"operation": operation, "cell": cell, "updates": 5_000_000, "sparsity": sparsity, "summary": {
        "solved": 0, "seeds": 100, "rate": 0.0, "ci95": [0.0, 0.037], "threshold": 1e-5, "solved_at": null,
        "sparsity_error": null, "extrapolation": null, "relative_interpolation": 0.5, "relative_extrapolation": 1.5,
        "iterations": 1}})
}

/// Finds the cells of the row of an operation and a cell in a table under this heading.
fn row<'a>(page: &'a str, heading: &str, operation: Operation, cell: CellName) -> Vec<&'a str> {
    let table = page.split_once(heading).expect("the heading").1;
    let begin = format!("| {operation} | {cell} |");
    let line = table.lines().find(|line| line.starts_with(&begin)).unwrap_or_else(|| panic!("no {begin}"));
    line.trim_matches('|').split('|').map(str::trim).collect()
}

#[test]
fn each_published_rate_of_success_stands_in_its_row() {
    let published = Published::all();
    let entries: Vec<Value> = published.successes.iter().map(|row| entry(row.operation, row.cell)).collect();
    let page = page("static", &entries);
    for Success { operation, cell, success, ci95: (low, high), solved_at, sparsity_error, .. } in &published.successes {
        let found = row(&page, "seeds solved", *operation, *cell);
        assert_eq!(found[5], format!("{success} % ({low}–{high})"), "{operation} by {cell}");
        let power = |number: &Option<f64>| number.map_or("–".to_owned(), |number| format!("{number:.1e}"));
        assert_eq!((found[7], found[9]), (&*power(solved_at), &*power(sparsity_error)), "{operation} by {cell}");
        // Ours beside it.
        assert_eq!((found[2], found[4], found[6], found[8]), ("100", "0 % (0–4)", "–", "–"));
    }
}

#[test]
fn each_published_relative_error_stands_in_its_row() {
    let published = Published::all();
    let entries: Vec<Value> = published.relative.iter().map(|row| entry(row.operation, row.cell)).collect();
    let page = page("static", &entries);
    for theirs in &published.relative {
        let found = row(&page, "error relative to an untrained network", theirs.operation, theirs.cell);
        let expected = [theirs.interpolation, theirs.extrapolation].map(|error| format!("{error:.1}"));
        assert_eq!([found[3], found[5]], expected.each_ref().map(String::as_str));
        assert_eq!([found[2], found[4]], ["0.5", "1.5"], "ours beside it");
    }
}

#[test]
fn each_published_error_of_words_stands_in_its_row() {
    let published = Published::all();
    let median = |median: f64| json!({"median": median, "ci95": null});
    let entry = |model: &Value| {
        json!({"model": model, "summary": {"solved": 1, "seeds": 2, "rate": 0.5, "ci95": [0.1, 0.9],
               "training": median(1.0), "validation": median(2.0), "test": median(3.0), "right": median(0.25)}})
    };
    let models: Vec<Value> = published.language.iter().map(|words| json!(words.model)).collect();
    let page = page("language", &models.iter().map(entry).collect::<Vec<_>>());
    for words in &published.language {
        let begin = format!("| {} | 1.00 | 2.00 | 3.00 |", words.model);
        let line = page.lines().find_map(|line| line.strip_prefix(&begin)).unwrap_or_else(|| panic!("no {begin}"));
        // The errors on the test: the last of three.
        let of = |errors: Option<[f64; 3]>| errors.map_or("–".to_owned(), |errors| format!("{:.2}", errors[2]));
        assert_eq!(line, format!(" {} | {} | 25.0 % |", of(words.article), of(words.reproduction)));
        assert!(words.article.is_some() || words.reproduction.is_some());
    }
    assert!(page.contains(&published.language_article) && page.contains(&published.language_reproduction));
}

#[test]
fn published_figures_have_their_units_and_no_row_hides_another() {
    let published = Published::all();
    let mut met = BTreeSet::new();
    for row in &published.successes {
        let Success { operation, cell, success, ci95: (low, high), solved_at, sparsity_error, .. } = row;
        assert!(met.insert((operation.as_str(), cell.as_str())), "{row:?} twice");
        assert!(published.success(*operation, *cell).is_some_and(|found| std::ptr::eq(found, row)));
        // Shares are whole per cent of a hundred seeds, and a median needs a seed that was solved.
        assert!(
            success.fract() == 0.0 && 0.0 <= *low && low <= success && success <= high && *high <= 100.0,
            "{row:?}"
        );
        assert_eq!((solved_at.is_some(), sparsity_error.is_some()), (*success > 0.0, *success > 0.0), "{row:?}");
        assert!(solved_at.is_none_or(|at| at % 1000.0 == 0.0 && at <= 5e6), "checks are a thousand updates apart");
        assert!(sparsity_error.is_none_or(|error| (0.0..=0.5).contains(&error)), "{row:?}");
    }
    met.clear();
    for row in &published.relative {
        assert!(met.insert((row.operation.as_str(), row.cell.as_str())), "{row:?} twice");
        assert!([row.interpolation, row.extrapolation].iter().all(|error| (0.0..=100.0).contains(error)), "{row:?}");
    }
    // Each table has every operation, as often as the others.
    for (operation, _) in Operation::ALL {
        let of = |operations: Vec<Operation>| operations.into_iter().filter(|other| *other == operation).count();
        assert_eq!(of(published.successes.iter().map(|row| row.operation).collect()), 8);
        assert_eq!(of(published.relative.iter().map(|row| row.operation).collect()), 4);
    }
}

#[test]
fn most_planned_experiments_have_a_published_figure_beside_them() {
    let published = Published::all();
    let planned: Vec<StaticConfig> = <StaticConfig as gridworld_numeracy::tasks::Task>::plan(None)
        .into_iter()
        .map(|planned| planned.config)
        .collect();
    let is_known = |config: &&StaticConfig| published.success(config.operation, config.cell).is_some();
    // Quotient, root and the NMRU are of later papers, or ours.
    assert_eq!((planned.iter().filter(is_known).count(), planned.len()), (16, 19));
    assert_eq!(StaticConfig::NAME, "static");
}

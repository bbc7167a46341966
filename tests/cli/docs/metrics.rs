//! docs/metrics.md, held to the metrics that a training writes.

use std::collections::BTreeSet;

use gridworld_agents::training::Tag;

use super::root;
use crate::support::{metrics, tiny_run};

/// A tag without its T: those of all T are explained together.
fn general(tag: &str) -> String {
    match tag.strip_prefix("eval/success_T") {
        Some(_) => "eval/success_T".to_owned(),
        None => tag.to_owned(),
    }
}

#[test]
fn the_page_of_metrics_explains_each_that_a_training_writes_and_no_other() {
    let page = std::fs::read_to_string(root().join("docs/metrics.md")).expect("a page");
    let table = page.lines().skip_while(|line| *line != "| tag | meaning |").skip(2);
    let tags = table.take_while(|line| line.starts_with('|')).filter_map(|line| line.split('|').nth(1));
    let explained: BTreeSet<String> =
        tags.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(general).collect::<Vec<_>>()).collect();
    let lines = metrics(tiny_run());
    let keys = lines.iter().filter_map(|line| line.as_object()).flat_map(|line| line.keys());
    let (tags, others): (BTreeSet<String>, BTreeSet<String>) =
        keys.map(|key| general(key)).partition(|key| key.contains('/'));
    // That of a training that was rolled back, which this one was not.
    let written: BTreeSet<String> = tags.into_iter().chain([Tag::Rollbacks.to_string()]).collect();
    assert_eq!(explained, written);
    assert!(written.len() > 10, "{written:?}");
    for key in others {
        assert!(page.contains(&format!("`{key}`")), "{key}");
    }
}

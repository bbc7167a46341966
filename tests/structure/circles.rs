//! No circle of files: each crate's files can be read in an order in which each comes after all that it imports.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{Edge, workspace};

/// The circles among files, each as the imports that tie it.
fn circles(edges: &[Edge]) -> Vec<Vec<&Edge>> {
    let mut onwards: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for edge in edges {
        onwards.entry(&edge.from).or_default().push(&edge.to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> = onwards.keys().map(|file| (*file, reached(&onwards, file))).collect();
    let reaches = |from: &str, to: &str| reached.get(from).is_some_and(|files| files.contains(to));
    let mut found: BTreeMap<&str, Vec<&Edge>> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| reaches(&edge.to, &edge.from)) {
        // The first file of those that reach each other names the circle.
        let first = onwards.keys().find(|file| reaches(file, &edge.from) && reaches(&edge.from, file));
        found.entry(first.copied().unwrap_or(&edge.from)).or_default().push(edge);
    }
    found.into_values().collect()
}

fn reached<'a>(onwards: &BTreeMap<&'a str, Vec<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for next in onwards.get(file).into_iter().flatten() {
            if reached.insert(*next) {
                open.push(next);
            }
        }
    }
    reached
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut looked_at = 0;
    let mut words = String::new();
    for member in workspace() {
        let edges = member.tree.edges();
        looked_at += edges.len();
        for circle in circles(&edges) {
            words += &format!("a circle in {}:\n", member.name);
            for edge in circle {
                words += &format!("  {}:{} imports {} ({})\n", edge.from, edge.line, edge.to, edge.path);
            }
        }
    }
    assert!(looked_at > 800, "only {looked_at} imports");
    assert!(words.is_empty(), "{words}");
}

#[cfg(test)]
mod tests {
    use super::circles;
    use crate::tree::planted;

    #[test]
    fn a_planted_circle_is_found() {
        let child_and_parent = planted(&[
            ("lib.rs", "mod a; mod d;"),
            ("a/mod.rs", "mod b; mod c; pub use b::B; struct A(B);"),
            ("a/b.rs", "use super::c::C;"),
            ("a/c.rs", "use super::A; pub struct C;"),
            ("d.rs", "use crate::a::B;"),
        ]);
        let edges = child_and_parent.edges();
        let found = circles(&edges);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].len(), 3, "{found:?}");
        let straight = planted(&[("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b::C;"), ("b.rs", "pub struct C;")]);
        assert!(circles(&straight.edges()).is_empty() && straight.edges().len() == 1);
    }
}

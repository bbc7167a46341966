//! The folders of `src/` in their order: what is in one imports from itself and from those before it.

use crate::tree::{Edge, Tree, workspace};

/// The folders, from what knows nothing to what knows all.
pub const FLOORS: [&str; 6] = ["run", "options", "replay", "figure_data", "training", "commands"];

/// The folder below `folder/` that a file is in; a file right there is called after itself.
fn below<'a>(folder: &str, file: &'a str) -> Option<&'a str> {
    let rest = file.strip_prefix(folder)?.strip_prefix('/')?;
    Some(rest.split('/').next().unwrap_or(rest).trim_end_matches(".rs"))
}

fn described(edge: &Edge, rule: &str) -> String {
    format!("{}:{} imports {} ({}): {rule}", edge.from, edge.line, edge.to, edge.path)
}

/// Finds the imports from a floor to a higher one.
fn upwards(edges: &[Edge], floors: &[&str], folder: &str) -> Vec<String> {
    let floor = |file: &str| below(folder, file).and_then(|name| floors.iter().position(|floor| *floor == name));
    let is_upwards = |edge: &&Edge| match (floor(&edge.from), floor(&edge.to)) {
        (Some(from), Some(to)) => to > from,
        // The root imports from all floors, and none from it.
        (Some(_), None) => true,
        (None, _) => false,
    };
    edges.iter().filter(is_upwards).map(|edge| described(edge, "that lies above")).collect()
}

/// The imports from one command to another, or to what calls them all.
fn across(edges: &[Edge], folder: &str) -> Vec<String> {
    let is_across = |edge: &&Edge| match (below(folder, &edge.from), below(folder, &edge.to)) {
        (Some("mod"), _) | (_, None) | (None, _) => false,
        (Some(from), Some(to)) => from != to,
    };
    edges.iter().filter(is_across).map(|edge| described(edge, "a command knows no other one")).collect()
}

fn of_program() -> Tree {
    workspace().into_iter().find(|member| member.name == "src").expect("the program").tree
}

#[test]
fn imports_go_down_the_floors() {
    let tree = of_program();
    let folders: std::collections::BTreeSet<&str> = tree
        .modules
        .values()
        .filter(|module| module.file.matches('/').count() > 1)
        .filter_map(|m| below("src", &m.file))
        .collect();
    let mut expected = FLOORS;
    expected.sort_unstable();
    assert_eq!(folders.into_iter().collect::<Vec<_>>(), expected, "each folder of src/ is in FLOORS");
    let edges = tree.edges();
    assert!(edges.len() > 250, "only {} imports", edges.len());
    assert_eq!(upwards(&edges, &FLOORS, "src"), [""; 0]);
}

#[test]
fn no_command_imports_another() {
    let edges = of_program().edges();
    let of_commands = edges.iter().filter(|edge| edge.from.starts_with("src/commands/")).count();
    assert!(of_commands > 200, "only {of_commands} imports");
    assert_eq!(across(&edges, "src/commands"), [""; 0]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::planted;

    #[test]
    fn a_planted_import_from_above_is_found() {
        let edges = planted(&[
            ("lib.rs", "mod low; mod high; pub struct Root; fn f() { high::g() }"),
            ("low/mod.rs", "pub mod a;"),
            ("low/a.rs", "use crate::high; use crate::Root; fn f() { high::g() }"),
            ("high.rs", "use crate::low::a::B; pub fn g() {}"),
        ])
        .edges();
        let found = upwards(&edges, &["low", "high"], "x");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("x/low/a.rs:1 imports x/high.rs (high::g)"), "{found:?}");
        assert!(found[1].starts_with("x/low/a.rs:1 imports x/lib.rs"), "{found:?}");
    }

    #[test]
    fn a_planted_import_of_another_command_is_found() {
        let edges = planted(&[
            ("lib.rs", "mod commands;"),
            ("commands/mod.rs", "mod a; mod b; use a::A;"),
            ("commands/a/mod.rs", "mod c; pub use c::A; fn f() { super::b::g() }"),
            ("commands/a/c.rs", "pub struct A;"),
            ("commands/b.rs", "use super::a::A;"),
        ])
        .edges();
        let found = across(&edges, "x/commands");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("x/commands/a/mod.rs:1 imports x/commands/b.rs"), "{found:?}");
        assert!(found[1].starts_with("x/commands/b.rs:1 imports x/commands/a/c.rs"), "{found:?}");
    }
}

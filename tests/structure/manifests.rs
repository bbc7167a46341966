//! The packages that a crate depends on: those of its manifest, and those that these bring.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::root;

/// The lines `name = …` of a manifest's section `[dependencies]`.
pub fn direct(manifest: &str) -> BTreeSet<String> {
    let mut section = "";
    let mut found = BTreeSet::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if section == "[dependencies]"
            && let Some((name, _)) = line.split_once('=')
        {
            found.insert(name.trim().trim_end_matches(".workspace").to_owned());
        }
    }
    found
}

/// Reads the dependencies of each package of `Cargo.lock`, by `name version`.
pub fn locked(lock: &str) -> BTreeMap<String, BTreeSet<String>> {
    let value = |line: &str| line.split('"').nth(1).unwrap_or_default().to_owned();
    let mut packages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut name = String::new();
    let mut package = String::new();
    for line in lock.lines() {
        if line.starts_with("name = ") {
            name = value(line);
        } else if line.starts_with("version = ") && !name.is_empty() {
            package = format!("{name} {}", value(line));
            packages.entry(package.clone()).or_default();
        } else if line.starts_with(" \"") {
            packages.entry(package.clone()).or_default().insert(value(line));
        }
    }
    packages
}

/// The packages that these names bring, by name, themselves included.
///
/// Packages of the workspace are followed by their manifests: the lock file counts what their tests need, too.
pub fn closure(
    names: &BTreeSet<String>,
    manifests: &BTreeMap<String, BTreeSet<String>>,
    locked: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<String> = names.iter().cloned().collect();
    while let Some(wanted) = open.pop() {
        let name = wanted.split(' ').next().unwrap_or_default().to_owned();
        if let Some(dependencies) = manifests.get(&name) {
            if found.insert(name) {
                open.extend(dependencies.iter().cloned());
            }
            continue;
        }
        // `name`, or `name version` where there are several.
        let of_lock = |package: &&String| **package == wanted || package.split(' ').next() == Some(&wanted);
        for package in locked.keys().filter(of_lock) {
            if found.insert(package.clone()) {
                open.extend(locked[package].iter().cloned());
            }
        }
    }
    found.iter().filter_map(|package| package.split(' ').next()).map(str::to_owned).collect()
}

/// Gives the package's name of a crate.
pub fn package(member: &str) -> String {
    if member == "src" { "gridworld".to_owned() } else { format!("gridworld-{member}") }
}

/// Reads the packages that the manifest of each crate of the workspace names, by package.
pub fn manifests(members: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let read = |member: &&str| {
        let folder = if **member == *"src" { root().to_owned() } else { root().join(member) };
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        (package(member), direct(&manifest))
    };
    members.iter().map(read).collect()
}

/// Reads the lock file.
pub fn lock() -> BTreeMap<String, BTreeSet<String>> {
    locked(&std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::MEMBERS;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_manifest_names_what_is_not_for_tests_alone() {
        let manifest = "[package]\nname = \"a\"\n[dependencies]\nb = { workspace = true }\nc.workspace = true\n\n\
                        [dev-dependencies]\nd = \"1\"\n[lib]\nbench = false";
        assert_eq!(direct(manifest), set(&["b", "c"]));
    }

    #[test]
    fn what_is_brought_by_others_is_found() {
        let lock = "version = 4\n[[package]]\nname = \"a\"\nversion = \"1\"\ndependencies = [\n \"b 2\",\n]\n\
                    [[package]]\nname = \"b\"\nversion = \"1\"\ndependencies = [\n \"no\",\n]\n\
                    [[package]]\nname = \"b\"\nversion = \"2\"\ndependencies = [\n \"c\",\n]\n\
                    [[package]]\nname = \"c\"\nversion = \"1\"\n[[package]]\nname = \"no\"\nversion = \"1\"\n";
        let manifests = BTreeMap::from([("x".to_owned(), set(&["a"]))]);
        assert_eq!(closure(&set(&["x"]), &manifests, &locked(lock)), set(&["a", "b", "c", "x"]));
    }

    #[test]
    fn crates_of_the_workspace_depend_on_each_other_as_it_is_drawn() {
        // The picture in ARCHITECTURE.md.
        let drawn: [(&str, &[&str]); 11] = [
            ("agents", &["checkpoint", "envs", "kernels"]),
            ("checkpoint", &[]),
            ("envs", &[]),
            ("figures", &["statistics"]),
            ("kernels", &[]),
            ("link", &[]),
            ("numeracy", &["agents", "envs", "records", "statistics"]),
            ("records", &[]),
            ("src", &["agents", "checkpoint", "envs", "figures", "numeracy", "records", "statistics", "terminal"]),
            ("statistics", &[]),
            ("terminal", &["records"]),
        ];
        let manifests = manifests(&MEMBERS);
        for (member, expected) in drawn {
            let named = &manifests[&package(member)];
            assert!(!named.is_empty() || member == "link", "{member} depends on nothing at all");
            let of_workspace: Vec<&str> = named.iter().filter_map(|name| name.strip_prefix("gridworld-")).collect();
            assert_eq!(of_workspace, expected, "{member}");
        }
        let text = std::fs::read_to_string(root().join("Cargo.toml")).expect("the workspace");
        let members = text.lines().find(|line| line.starts_with("members")).expect("members");
        let expected = MEMBERS.iter().filter(|member| **member != "src");
        assert_eq!(members.matches('"').count() / 2, expected.count(), "{members}: name each crate in MEMBERS");
    }
}

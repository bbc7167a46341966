//! Absences: packages that a crate does not need, and paths, macros and words that its source does not have.

use std::collections::BTreeSet;

use crate::manifests::{closure, lock, manifests, package};
use crate::tree::{MEMBERS, Member, Outside, Tree, root, workspace};

/// Packages, paths and macros that some crates do without.
struct Absent {
    /// Sentence of ARCHITECTURE.md.
    sentence: &'static str,
    crates: &'static [&'static str],
    /// Packages that are neither named by a manifest nor brought by another package.
    packages: &'static [&'static str],
    /// Beginnings of paths.
    paths: &'static [&'static str],
    macros: &'static [&'static str],
}

const PRINTING: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];

/// Absences, as ARCHITECTURE.md says them.
const ABSENT: &[Absent] = &[
    Absent {
        sentence: "No tensor in `envs`, `statistics`, `figures`, `records`",
        crates: &["envs", "statistics", "figures", "records"],
        packages: &["tch", "torch-sys", "safetensors", "gemm", "ndarray"],
        paths: &["tch"],
        macros: &[],
    },
    Absent {
        sentence: "No libtorch in `checkpoint`, `kernels`, `terminal`",
        crates: &["checkpoint", "kernels", "terminal"],
        packages: &["tch", "torch-sys"],
        paths: &["tch"],
        macros: &[],
    },
    Absent {
        sentence: "No terminal in `envs`, `agents`, `checkpoint`, `kernels`, `statistics`, `figures`, `records`, `numeracy`",
        crates: &["envs", "agents", "checkpoint", "kernels", "statistics", "figures", "records", "numeracy"],
        packages: &["console", "indicatif", "ratatui", "crossterm", "clap"],
        paths: &["std::io::stdout", "std::io::stderr", "std::io::stdin"],
        macros: PRINTING,
    },
    Absent {
        sentence: "No file and no clock in `envs`, `agents`, `checkpoint`, `kernels`, `statistics`, `figures`",
        crates: &["envs", "agents", "checkpoint", "kernels", "statistics", "figures"],
        packages: &["protobuf", "tensorboard-rs"],
        paths: &[
            "std::fs",
            "std::env",
            "std::process",
            "std::net",
            "std::time::Instant",
            "std::time::SystemTime",
            "nix",
            "tempfile",
        ],
        macros: &[],
    },
    Absent {
        sentence: "No clock in `records`",
        crates: &["records"],
        packages: &[],
        paths: &["std::time::Instant", "std::time::SystemTime::now"],
        macros: &[],
    },
];

/// Tells if `path` is `beginning`, or goes on from there.
fn begins(path: &str, beginning: &str) -> bool {
    path.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Paths of these beginnings, and these macros, in a crate.
fn present(tree: &Tree, absent: &Absent) -> Vec<String> {
    let is_named = |outside: &Outside| absent.paths.iter().any(|beginning| begins(&outside.path, beginning));
    let paths = tree.outside().into_iter().filter(is_named);
    let paths = paths.map(|outside| format!("{}:{} has {}", outside.file, outside.line, outside.path));
    let macros = tree.modules.values().flat_map(|module| {
        let found = module.source.macros.iter().filter(|(name, _)| absent.macros.contains(&name.as_str()));
        found.map(|(name, line)| format!("{}:{line} has {name}!", module.file))
    });
    paths.chain(macros).collect()
}

/// The words of ARCHITECTURE.md, whatever its line breaks.
fn architecture() -> String {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_said_to_be_absent_is() {
    let (members, manifests, lock) = (workspace(), manifests(&MEMBERS), lock());
    let architecture = architecture();
    let mut wrong = Vec::new();
    for absent in ABSENT {
        assert!(architecture.contains(absent.sentence), "ARCHITECTURE.md does not say: {}", absent.sentence);
        for name in absent.crates {
            let member = members.iter().find(|member| member.name == *name).expect("a crate");
            assert!(member.tree.outside().len() > 5, "{name} names nothing outside itself");
            wrong.extend(present(&member.tree, absent));
            let brought = closure(&BTreeSet::from([package(name)]), &manifests, &lock);
            assert!(brought.len() > 5, "{name} needs {brought:?}");
            let unwanted = absent.packages.iter().filter(|package| brought.contains(**package));
            wrong.extend(unwanted.map(|package| format!("{name} depends on {package}")));
        }
        // A name that no package has would be absent everywhere.
        for package in absent.packages {
            assert!(
                lock.keys().any(|known| known.starts_with(&format!("{package} "))),
                "no package is called {package}"
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The folder of `numeracy` with tensors.
const DIGITS: &str = "numeracy/src/tasks/digits/";

#[test]
fn arithmetic_has_tensors_for_digits_alone() {
    assert!(architecture().contains(&format!("No tensor in `numeracy` outside `{DIGITS}`")));
    let members = workspace();
    let numeracy = members.iter().find(|member| member.name == "numeracy").expect("a crate");
    let of_tensors = |path: &str| ["tch", "torch_sys", "gridworld_agents"].iter().any(|name| begins(path, name));
    let (within, outside): (Vec<Outside>, Vec<Outside>) = numeracy
        .tree
        .outside()
        .into_iter()
        .filter(|outside| of_tensors(&outside.path))
        .partition(|outside| outside.file.starts_with(DIGITS));
    assert!(within.len() > 5, "{}", within.len());
    assert!(outside.is_empty(), "{outside:?}");
}

/// The one file with code that the compiler does not check.
const UNSAFE: &str = "kernels/src/lib.rs";

/// Files with `unsafe` in their code.
fn unsafe_files(members: &[Member]) -> BTreeSet<&str> {
    let modules = members.iter().flat_map(|member| member.tree.modules.values());
    modules.filter(|module| module.source.words.contains_key("unsafe")).map(|module| module.file.as_str()).collect()
}

#[test]
fn one_file_is_unsafe() {
    assert!(architecture().contains(&format!("No `unsafe` outside `{UNSAFE}`")));
    let members = workspace();
    assert_eq!(unsafe_files(&members), BTreeSet::from([UNSAFE]));
}

/// The suites with a name: they are experiments on one environment each.
const PRESETS: &str = "src/commands/suite/preset.rs";

/// Places outside `envs` where an environment is named: as a whole string, or by its types.
fn named_environments(members: &[Member]) -> Vec<String> {
    let is_id = |text: &str| matches!(text, "TimedArrival-v1" | "IntervalReproduction-v1");
    let is_type = |outside: &Outside| {
        let beginnings = ["TimedArrival", "IntervalReproduction"];
        let of_envs = outside.path.strip_prefix("gridworld_envs::");
        of_envs.is_some_and(|name| beginnings.iter().any(|beginning| name.starts_with(beginning)))
    };
    let mut found = Vec::new();
    for member in members.iter().filter(|member| member.name != "envs") {
        let types = member.tree.outside().into_iter().filter(is_type);
        found.extend(types.map(|outside| format!("{}:{} {}", outside.file, outside.line, outside.path)));
        for module in member.tree.modules.values() {
            let ids = module.source.texts.iter().filter(|(text, _)| is_id(text));
            found.extend(ids.map(|(text, line)| format!("{}:{line} {text}", module.file)));
        }
    }
    found
}

#[test]
fn environments_are_named_where_they_are() {
    let sentence = format!("No environment's name outside `envs`, but for the suites of `{PRESETS}`");
    assert!(architecture().contains(&sentence), "ARCHITECTURE.md does not say: {sentence}");
    let (of_presets, others): (Vec<String>, Vec<String>) =
        named_environments(&workspace()).into_iter().partition(|place| place.starts_with(PRESETS));
    assert!(!of_presets.is_empty(), "nothing was found where they are named");
    assert_eq!(others, [""; 0]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::planted;

    #[test]
    fn a_planted_path_is_found() {
        let tree = planted(&[
            ("lib.rs", "mod a; use std::time; fn f() { println!(); time::Instant::now() }"),
            (
                "a.rs",
                "use std::{fmt, fs::{self, File}}; fn f() { fs::read() } #[cfg(test)] mod tests { use std::env; }",
            ),
        ]);
        let files = ABSENT.iter().find(|absent| absent.sentence.starts_with("No file")).expect("a row of files");
        let absent = Absent { macros: PRINTING, ..*files };
        let found = present(&tree, &absent);
        let expected = [
            "x/a.rs:1 has std::fs",
            "x/a.rs:1 has std::fs::File",
            "x/a.rs:1 has std::fs::read",
            "x/lib.rs:1 has std::time::Instant::now",
            "x/lib.rs:1 has println!",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn planted_names_of_environments_and_unsafe_code_are_found() {
        let tree = planted(&[(
            "lib.rs",
            "use gridworld_envs::TimedArrivalTask; fn f(id: &str) { if id == \"TimedArrival-v1\" { unsafe {} } }",
        )]);
        let members = [Member { name: "src", tree }];
        assert_eq!(named_environments(&members).len(), 2);
        assert_eq!(unsafe_files(&members), BTreeSet::from(["x/lib.rs"]));
    }
}

//! The files of a crate, and which of them imports which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path as FilePath, PathBuf};

use crate::source::{Path, Source};

/// A file imports another one, or something that is defined there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: String,
    pub to: String,
    /// First line that imports, and its path.
    pub line: usize,
    pub path: String,
}

/// A path that leaves the crate, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outside {
    pub file: String,
    pub line: usize,
    /// `std::fs::read`, with the words of the `use` line in front that brought its beginning.
    pub path: String,
}

/// A module that is a file.
#[derive(Debug)]
pub struct Module {
    /// Path of the file, relative to the repository.
    pub file: String,
    pub source: Source,
}

/// A crate's files by module, `[]` for `lib.rs`.
#[derive(Debug)]
pub struct Tree {
    pub modules: BTreeMap<Path, Module>,
    /// Files that are compiled for tests alone.
    pub tests: BTreeSet<String>,
}

/// More steps than there are from a name to its definition, by way of the modules that hand it on.
const STEPS: usize = 16;

impl Tree {
    /// Reads a crate whose files are below `folder`, by way of `text`, which gives what a file holds, if it is there.
    pub fn read(folder: &str, text: &dyn Fn(&str) -> Option<String>) -> Tree {
        let mut tree = Tree { modules: BTreeMap::new(), tests: BTreeSet::new() };
        let root = format!("{folder}/lib.rs");
        let held = text(&root).unwrap_or_else(|| panic!("{root} is not there"));
        tree.add(Path::new(), folder, root, &held, text);
        tree
    }

    fn add(&mut self, module: Path, folder: &str, file: String, held: &str, text: &dyn Fn(&str) -> Option<String>) {
        let source = Source::read(held);
        for name in &source.test_modules {
            let places = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
            self.tests.extend(places.into_iter().filter(|place| text(place).is_some()));
        }
        for name in &source.modules {
            let child: Path = module.iter().chain([name]).cloned().collect();
            let places = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/mod.rs")];
            let place = places.into_iter().find_map(|place| Some((text(&place)?, place)));
            let (held, place) = place.unwrap_or_else(|| panic!("{file} declares {name}, which has no file"));
            self.add(child, &format!("{folder}/{name}"), place, &held, text);
        }
        self.modules.insert(module, Module { file, source });
    }

    /// Finds all imports from one file to another.
    pub fn edges(&self) -> Vec<Edge> {
        let mut edges: BTreeMap<(String, String), Edge> = BTreeMap::new();
        for (module, Module { file, source }) in &self.modules {
            let mut add = |path: &Path, line: usize| {
                let Some(target) = self.resolve(module, path, STEPS) else { return };
                let to = &self.modules[&target.module].file;
                // Naming a module imports nothing: what is taken from it does.
                if to != file && !target.is_module {
                    let (from, to, path) = (file.clone(), to.clone(), path.join("::"));
                    edges.entry((from.clone(), to.clone())).or_insert(Edge { from, to, line, path });
                }
            };
            for import in &source.imports {
                // A module that hands a name on does not import it, unless it uses it.
                if !import.is_public || source.words.contains_key(&import.name) {
                    add(&import.path, import.line);
                }
            }
            for (path, line) in &source.paths {
                add(path, *line);
            }
        }
        edges.into_values().collect()
    }

    /// Finds all paths that leave the crate.
    pub fn outside(&self) -> Vec<Outside> {
        let mut found = BTreeSet::new();
        for (module, Module { file, source }) in &self.modules {
            let imports = source.imports.iter().map(|import| (&import.path, import.line));
            for (path, line) in imports.chain(source.paths.iter().map(|(path, line)| (path, *line))) {
                if self.resolve(module, path, STEPS).is_none() {
                    let path = self.expanded(module, path).join("::");
                    found.insert(Outside { file: file.clone(), line, path });
                }
            }
        }
        found.into_iter().collect()
    }

    /// Expands a path by the import of its first word.
    fn expanded(&self, module: &Path, path: &Path) -> Path {
        let mut path = path.clone();
        for _ in 0..STEPS {
            match self.modules[module].source.import(&path[0]) {
                Some(import) if import.path[0] != path[0] => {
                    path = import.path.iter().chain(&path[1..]).cloned().collect();
                }
                Some(import) if import.path.len() > 1 && !path.starts_with(&import.path) => {
                    path = import.path.iter().chain(&path[1..]).cloned().collect();
                }
                _ => break,
            }
        }
        path
    }

    /// The module that a path of `module` leads to; nothing if it leads out of the crate.
    fn resolve(&self, module: &Path, path: &Path, steps: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.descend(Path::new(), rest, steps),
            "self" => self.descend(module.clone(), rest, steps),
            "super" => self.resolve_from_parent(module, rest, steps),
            name if self.is_module(module, name) => self.descend(module.clone(), path, steps),
            name => {
                let import = self.modules[module].source.import(name).filter(|import| import.path != *path)?;
                let path: Path = import.path.iter().chain(rest).cloned().collect();
                self.resolve(module, &path, steps.checked_sub(1)?)
            }
        }
    }

    fn resolve_from_parent(&self, module: &Path, rest: &[String], steps: usize) -> Option<Target> {
        let parent = module[..module.len().checked_sub(1)?].to_vec();
        match rest.first().map(String::as_str) {
            Some("super") => self.resolve_from_parent(&parent, &rest[1..], steps),
            _ => self.descend(parent, rest, steps),
        }
    }

    fn is_module(&self, module: &Path, name: &str) -> bool {
        let child: Path = module.iter().cloned().chain([name.to_owned()]).collect();
        self.modules.contains_key(&child)
    }

    /// Goes from a module along a path: into modules of that name, and to the origins of names that are handed on.
    fn descend(&self, mut module: Path, path: &[String], steps: usize) -> Option<Target> {
        for (index, name) in path.iter().enumerate() {
            if self.is_module(&module, name) {
                module.push(name.clone());
                continue;
            }
            let source = &self.modules[&module].source;
            let Some(import) = source.import(name) else {
                return Some(Target { module, is_module: false });
            };
            let onwards: Path = import.path.iter().chain(&path[index + 1..]).cloned().collect();
            return self.resolve(&module, &onwards, steps.checked_sub(1)?);
        }
        Some(Target { module, is_module: true })
    }
}

/// Module that a path leads to.
struct Target {
    module: Path,
    /// True if the path is the module itself, and not something in it.
    is_module: bool,
}

/// A crate of the workspace.
#[derive(Debug)]
pub struct Member {
    /// Name of the folder; `src` for the program.
    pub name: &'static str,
    pub tree: Tree,
}

/// The folders of the crates, and `src` for the package at the root.
pub const MEMBERS: [&str; 11] = [
    "agents",
    "checkpoint",
    "envs",
    "figures",
    "kernels",
    "link",
    "numeracy",
    "records",
    "src",
    "statistics",
    "terminal",
];

/// Gives the folder of the repository.
pub fn root() -> &'static FilePath {
    FilePath::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads all crates of the workspace.
pub fn workspace() -> Vec<Member> {
    let text = |path: &str| std::fs::read_to_string(root().join(path)).ok();
    let sources = |name: &'static str| if name == "src" { name.to_owned() } else { format!("{name}/src") };
    MEMBERS.map(|name| Member { name, tree: Tree::read(&sources(name), &text) }).into()
}

/// All files below a folder of the repository with this extension, relative to the repository.
pub fn files(folder: &str, extension: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            if entry.file_type().expect("a type").is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == extension) {
                found.insert(path.to_str().expect("UTF-8").to_owned());
            }
        }
    }
    found
}

/// Makes a crate of these files, for the tests.
#[cfg(test)]
pub fn planted(files: &[(&str, &str)]) -> Tree {
    let files: BTreeMap<String, String> =
        files.iter().map(|(path, text)| (format!("x/{path}"), (*text).to_owned())).collect();
    Tree::read("x", &|path| files.get(path).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows(tree: &Tree) -> Vec<String> {
        tree.edges().iter().map(|edge| format!("{} -> {}", &edge.from[2..], &edge.to[2..])).collect()
    }

    #[test]
    fn every_file_is_read_or_is_a_test() {
        let members = workspace();
        let mut count = 0;
        for Member { name, tree } in &members {
            let sources = if *name == "src" { "src".to_owned() } else { format!("{name}/src") };
            let mut read: BTreeSet<String> = tree.modules.values().map(|module| module.file.clone()).collect();
            read.extend(tree.tests.iter().cloned());
            read.insert("src/main.rs".to_owned());
            let unread: Vec<String> = files(&sources, "rs").into_iter().filter(|file| !read.contains(file)).collect();
            assert!(unread.is_empty(), "nothing declares {unread:?}");
            count += read.len();
        }
        assert!(count > 300, "only {count} files");
    }

    #[test]
    fn names_lead_to_the_file_that_defines_them() {
        let tree = planted(&[
            ("lib.rs", "mod a; mod b; pub use b::inner::C;"),
            ("a.rs", "use crate::b::{C, D}; use crate::b; fn f() { b::other::g() }"),
            ("b/mod.rs", "pub mod inner; pub mod other; pub use inner::C; pub struct D;"),
            ("b/inner.rs", "use super::other::g;"),
            ("b/other.rs", "fn f() -> super::super::C { self::h() }"),
        ]);
        let expected = [
            "a.rs -> b/inner.rs",
            "a.rs -> b/mod.rs",
            "a.rs -> b/other.rs",
            "b/inner.rs -> b/other.rs",
            "b/other.rs -> b/inner.rs",
        ];
        assert_eq!(arrows(&tree), expected);
    }

    #[test]
    fn handing_on_imports_nothing_and_using_does() {
        let hands_on = [("lib.rs", "mod a; pub use a::B;"), ("a.rs", "pub struct B;")];
        assert_eq!(arrows(&planted(&hands_on)), [""; 0]);
        let uses = [("lib.rs", "mod a; pub use a::B; impl B {}"), ("a.rs", "pub struct B;")];
        assert_eq!(arrows(&planted(&uses)), ["lib.rs -> a.rs"]);
        let calls = [("lib.rs", "mod a; fn f() { a::g() }"), ("a.rs", "pub fn g() {}")];
        assert_eq!(arrows(&planted(&calls)), ["lib.rs -> a.rs"]);
    }

    #[test]
    fn paths_out_of_the_crate_are_whole() {
        let tree = planted(&[
            ("lib.rs", "mod a; use std::{io, time as t}; use a::B; fn f() { io::stdout(); t::Instant::now(); B::c() }"),
            ("a.rs", "pub use std::fs; use tch::Tensor; fn f() { Tensor::new(); fs::read() }"),
        ]);
        let paths: BTreeSet<String> = tree.outside().into_iter().map(|outside| outside.path).collect();
        let expected = [
            "std::fs",
            "std::fs::read",
            "std::io",
            "std::io::stdout",
            "std::time",
            "std::time::Instant::now",
            "tch::Tensor",
            "tch::Tensor::new",
        ];
        assert_eq!(paths, expected.map(str::to_owned).into());
    }
}

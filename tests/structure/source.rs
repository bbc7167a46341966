//! Reader of one file: the modules that it declares, its imports, and the paths in its code.

use std::collections::{BTreeMap, BTreeSet};

use crate::tokens::{Kind, Token, tokens, without_tests};

/// Words of a path.
pub type Path = Vec<String>;

/// A name that a `use` line brings into the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub path: Path,
    /// The name in this file; `*` for all names of a module.
    pub name: String,
    /// True if other files may import it from here.
    pub is_public: bool,
    pub line: usize,
}

/// Declarations of a file without its tests.
#[derive(Debug, Default)]
pub struct Source {
    /// Modules in files of their own.
    pub modules: Vec<String>,
    /// Modules in files of their own, for tests alone.
    pub test_modules: Vec<String>,
    pub imports: Vec<Import>,
    /// Paths of two words at least outside `use` lines, and the line of each.
    pub paths: Vec<(Path, usize)>,
    /// Words outside `use` lines, and the first line of each.
    pub words: BTreeMap<String, usize>,
    /// Names in front of a `!`, and the first line of each.
    pub macros: BTreeMap<String, usize>,
    /// Contents of strings, and the line of each.
    pub texts: Vec<(String, usize)>,
}

impl Source {
    /// Reads the text of a file.
    pub fn read(text: &str) -> Source {
        let stripped = without_tests(&tokens(text));
        let mut source = Source { test_modules: stripped.test_modules, ..Source::default() };
        let mut scan = Scan { tokens: &stripped.tokens, at: 0, inner: Vec::new(), depth: 0 };
        while scan.at < scan.tokens.len() {
            scan.step(&mut source);
        }
        source
    }

    /// Finds the import of this name.
    pub fn import(&self, name: &str) -> Option<&Import> {
        self.imports.iter().find(|import| import.name == name)
    }
}

struct Scan<'a> {
    tokens: &'a [Token],
    at: usize,
    /// The depths of braces at which the modules began that are written within this file.
    inner: Vec<usize>,
    depth: usize,
}

impl Scan<'_> {
    fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    fn step(&mut self, source: &mut Source) {
        let token = &self.tokens[self.at];
        match &token.kind {
            Kind::Sign('{') => self.depth += 1,
            Kind::Sign('}') => {
                self.depth = self.depth.saturating_sub(1);
                if self.inner.last() == Some(&self.depth) {
                    self.inner.pop();
                }
            }
            Kind::Text(text) => source.texts.push((text.clone(), token.line)),
            Kind::Word(word) if word == "use" => return self.import(source),
            Kind::Word(word) if word == "mod" && self.token(1).is_some_and(|next| next.word().is_some()) => {
                return self.module(source);
            }
            Kind::Word(_) => return self.path(source),
            Kind::Sign(_) | Kind::Separator => {}
        }
        self.at += 1;
    }

    fn module(&mut self, source: &mut Source) {
        let name = self.token(1).and_then(Token::word).unwrap_or_default().to_owned();
        if self.token(2).is_some_and(|token| token.is_sign('{')) {
            self.inner.push(self.depth);
            self.depth += 1;
        } else {
            source.modules.push(name);
        }
        self.at += 3;
    }

    /// Reads a word, or a path of several.
    fn path(&mut self, source: &mut Source) {
        let line = self.tokens[self.at].line;
        let is_field = self.at > 0 && self.tokens[self.at - 1].is_sign('.');
        let mut path = Path::new();
        while let Some(word) = self.token(0).and_then(Token::word) {
            path.push(word.to_owned());
            self.at += 1;
            let goes_on = self.token(0).is_some_and(|token| token.kind == Kind::Separator)
                && self.token(1).is_some_and(|token| token.word().is_some());
            if !goes_on {
                break;
            }
            self.at += 1;
        }
        let opens = |token: &Token| ['(', '[', '{'].iter().any(|sign| token.is_sign(*sign));
        if self.token(0).is_some_and(|token| token.is_sign('!')) && self.token(1).is_some_and(opens) {
            source.macros.entry(path[path.len() - 1].clone()).or_insert(line);
        }
        for word in &path {
            source.words.entry(word.clone()).or_insert(line);
        }
        if path.len() > 1 && !is_field {
            source.paths.extend(self.outside(path).map(|path| (path, line)));
        }
    }

    fn import(&mut self, source: &mut Source) {
        let line = self.tokens[self.at].line;
        let before = self.at.checked_sub(1).map(|at| &self.tokens[at]);
        // `pub use` and `pub(crate) use`.
        let is_public = before.is_some_and(|token| token.is_word("pub") || token.is_sign(')'));
        self.at += 1;
        let mut leaves = Vec::new();
        self.tree(&Path::new(), &mut leaves);
        for (path, name) in leaves {
            if let Some(path) = self.outside(path) {
                source.imports.push(Import { path, name, is_public: is_public && self.inner.is_empty(), line });
            }
        }
    }

    /// Reads one tree of a `use` line, up to its `,`, `;` or `}`.
    fn tree(&mut self, before: &Path, leaves: &mut Vec<(Path, String)>) {
        let mut path = before.clone();
        while let Some(token) = self.token(0).cloned() {
            match token.kind {
                Kind::Separator => self.at += 1,
                Kind::Sign('{') => {
                    self.at += 1;
                    while !self.token(0).is_none_or(|token| token.is_sign('}')) {
                        self.tree(&path, leaves);
                        if self.token(0).is_some_and(|token| token.is_sign(',')) {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                Kind::Sign('*') => {
                    self.at += 1;
                    leaves.push((path, "*".to_owned()));
                    return;
                }
                Kind::Word(word) if word == "as" => {
                    let name = self.token(1).and_then(Token::word).unwrap_or_default().to_owned();
                    self.at += 2;
                    leaves.push((path, name));
                    return;
                }
                // `{self, …}`: the module itself.
                Kind::Word(word) if word == "self" && !path.is_empty() => self.at += 1,
                Kind::Word(word) => {
                    path.push(word);
                    self.at += 1;
                }
                Kind::Sign(_) | Kind::Text(_) => break,
            }
        }
        if let Some(name) = path.last().cloned() {
            leaves.push((path, name));
        }
    }

    /// A path as it is from the file's own module; nothing if it stays in a module within the file.
    fn outside(&self, mut path: Path) -> Option<Path> {
        for level in 0..self.inner.len() {
            match path.first().map(String::as_str) {
                Some("super") => {
                    path.remove(0);
                }
                Some("self") => return None,
                _ if level == 0 => return Some(path),
                _ => return None,
            }
        }
        if !self.inner.is_empty() && path.first().is_some_and(|first| first != "super") {
            path.insert(0, "self".to_owned());
        }
        Some(path)
    }
}

/// The first words of all paths of a file, for the tests.
#[cfg(test)]
pub fn imported(text: &str) -> BTreeSet<String> {
    Source::read(text).imports.iter().map(|import| format!("{} = {}", import.name, import.path.join("::"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_trees_are_taken_apart() {
        let text = "use a::{self, b::{c, d as e}, f::*};\npub use super::g;\nfn h() { use crate::i::{j}; }\npub(crate) use k::l;";
        let expected =
            ["a = a", "c = a::b::c", "e = a::b::d", "* = a::f", "g = super::g", "j = crate::i::j", "l = k::l"];
        assert_eq!(imported(text), expected.iter().map(|import| (*import).to_owned()).collect());
        let public: Vec<String> = Source::read(text)
            .imports
            .into_iter()
            .filter(|import| import.is_public)
            .map(|import| import.name)
            .collect();
        assert_eq!(public, ["g", "l"]);
    }

    #[test]
    fn paths_in_code_are_found() {
        let source = Source::read("fn a() -> b::C { crate::d::e::<f::G>(); x.y::<Z>(); if !h::i { j!(k) } l != m }");
        let paths: Vec<String> = source.paths.iter().map(|(path, _)| path.join("::")).collect();
        assert_eq!(paths, ["b::C", "crate::d::e", "f::G", "h::i"]);
        assert_eq!(source.macros.keys().collect::<Vec<_>>(), ["j"]);
    }

    #[test]
    fn a_module_within_a_file_is_part_of_it() {
        let text = "mod a;\nmod b { use super::c::D; use super::super::e::F; mod g { use super::H; } }\nuse super::i;";
        let source = Source::read(text);
        assert_eq!(source.modules, ["a"]);
        let expected = ["D = self::c::D", "F = super::e::F", "i = super::i"];
        assert_eq!(imported(text), expected.iter().map(|import| (*import).to_owned()).collect());
    }

    #[test]
    fn imports_of_tests_are_none() {
        assert!(imported("#[cfg(test)]\nmod tests { use std::fs; }").is_empty());
        assert_eq!(Source::read("#[cfg(test)] mod tests; mod a;").test_modules, ["tests"]);
    }
}

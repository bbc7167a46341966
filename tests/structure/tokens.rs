//! Rust source as words, signs and strings: comments are left out, and so is what is compiled for tests alone.

/// Kind of a piece of source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name, a keyword or a number.
    Word(String),
    /// Separator of a path, `::`.
    Separator,
    /// Any sign that is no separator.
    Sign(char),
    /// Contents of a string, as it is written.
    Text(String),
}

/// A piece of source and its line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
}

impl Token {
    /// Gives the word, if it is one.
    pub fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// Splits a text into its tokens.
pub fn tokens(text: &str) -> Vec<Token> {
    let characters: Vec<char> = text.chars().collect();
    let mut reader = Reader { characters: &characters, at: 0, line: 1 };
    let mut tokens = Vec::new();
    while reader.at < characters.len() {
        let line = reader.line;
        if let Some(kind) = reader.next() {
            tokens.push(Token { kind, line });
        }
    }
    tokens
}

struct Reader<'a> {
    characters: &'a [char],
    at: usize,
    line: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> char {
        self.characters.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.line += usize::from(self.peek(0) == '\n');
            self.at += 1;
        }
    }

    fn next(&mut self) -> Option<Kind> {
        match (self.peek(0), self.peek(1)) {
            ('/', '/') => self.line_comment(),
            ('/', '*') => self.block_comment(),
            ('"', _) => return Some(Kind::Text(self.string())),
            ('\'', _) => self.character_or_lifetime(),
            (':', ':') => {
                self.skip(2);
                return Some(Kind::Separator);
            }
            (c, _) if c.is_alphanumeric() || c == '_' => return self.word(),
            (c, _) => {
                self.skip(1);
                return (!c.is_whitespace()).then_some(Kind::Sign(c));
            }
        }
        None
    }

    fn line_comment(&mut self) {
        while self.at < self.characters.len() && self.peek(0) != '\n' {
            self.skip(1);
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.characters.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    self.skip(1);
                    continue;
                }
            }
            self.skip(2);
            if depth == 0 {
                return;
            }
        }
    }

    /// Reads a string, from its quotation mark on.
    fn string(&mut self) -> String {
        self.skip(1);
        let start = self.at;
        while self.at < self.characters.len() && self.peek(0) != '"' {
            self.skip(if self.peek(0) == '\\' { 2 } else { 1 });
        }
        let held = self.characters[start..self.at.min(self.characters.len())].iter().collect();
        self.skip(1);
        held
    }

    /// A raw string, from its number signs or its quotation mark on.
    fn raw_string(&mut self) -> String {
        let signs = (0..).take_while(|ahead| self.peek(*ahead) == '#').count();
        self.skip(signs + 1);
        let start = self.at;
        let ends = |reader: &Self| reader.peek(0) == '"' && (1..=signs).all(|ahead| reader.peek(ahead) == '#');
        while self.at < self.characters.len() && !ends(self) {
            self.skip(1);
        }
        let held = self.characters[start..self.at].iter().collect();
        self.skip(signs + 1);
        held
    }

    fn character_or_lifetime(&mut self) {
        if self.peek(1) == '\\' {
            self.skip(3);
            while self.at < self.characters.len() && self.peek(0) != '\'' {
                self.skip(1);
            }
            self.skip(1);
        } else if self.peek(2) == '\'' {
            self.skip(3);
        } else {
            self.skip(1);
            while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
                self.skip(1);
            }
        }
    }

    fn word(&mut self) -> Option<Kind> {
        let start = self.at;
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
            self.skip(1);
        }
        let word: String = self.characters[start..self.at].iter().collect();
        let opens = self.peek(0) == '"' || (self.peek(0) == '#' && matches!(self.peek(1), '#' | '"'));
        match word.as_str() {
            "r" | "br" | "cr" if opens => Some(Kind::Text(self.raw_string())),
            "b" | "c" if self.peek(0) == '"' => Some(Kind::Text(self.string())),
            "b" if self.peek(0) == '\'' => {
                self.character_or_lifetime();
                None
            }
            // A raw name.
            "r" if self.peek(0) == '#' => {
                self.skip(1);
                self.word()
            }
            _ => Some(Kind::Word(word)),
        }
    }
}

/// Source that is compiled outside tests, and the modules in files of their own that are compiled for tests alone.
#[derive(Debug, Default)]
pub struct WithoutTests {
    pub tokens: Vec<Token>,
    pub test_modules: Vec<String>,
}

/// Leaves out each item behind `#[cfg(test)]`.
pub fn without_tests(tokens: &[Token]) -> WithoutTests {
    let mut kept = WithoutTests::default();
    let mut at = 0;
    while at < tokens.len() {
        let Some(end) = attribute(&tokens[at..]) else {
            kept.tokens.push(tokens[at].clone());
            at += 1;
            continue;
        };
        let words: Vec<&str> = tokens[at..at + end].iter().filter_map(Token::word).collect();
        at += end;
        if words.first() != Some(&"cfg") || !words.contains(&"test") || words.contains(&"not") {
            // Attributes name derives and settings of macros; they import nothing.
            continue;
        }
        while let Some(end) = attribute(&tokens[at..]) {
            at += end;
        }
        let end = item(&tokens[at..]);
        let words: Vec<&str> = tokens[at..at + end].iter().filter_map(Token::word).collect();
        if let (["mod", name] | ["pub", "mod", name], true) = (&words[..], tokens[at + end - 1].is_sign(';')) {
            kept.test_modules.push((*name).to_owned());
        }
        at += end;
    }
    kept
}

/// The length of the attribute at the beginning, `#[…]` or `#![…]`.
fn attribute(tokens: &[Token]) -> Option<usize> {
    let bracket = match tokens {
        [sign, bracket, ..] if sign.is_sign('#') && bracket.is_sign('[') => 1,
        [sign, bang, bracket, ..] if sign.is_sign('#') && bang.is_sign('!') && bracket.is_sign('[') => 2,
        _ => return None,
    };
    Some(bracket + closed(&tokens[bracket..], '[', ']'))
}

/// The length of an item: up to its `;`, or to the end of its braces.
fn item(tokens: &[Token]) -> usize {
    let ends = |token: &Token| token.is_sign(';') || token.is_sign('{');
    match tokens.iter().position(ends) {
        Some(end) if tokens[end].is_sign('{') => end + closed(&tokens[end..], '{', '}'),
        Some(end) => end + 1,
        None => tokens.len(),
    }
}

/// The number of tokens up to the sign that closes the first one, that sign included.
pub fn closed(tokens: &[Token], open: char, close: char) -> usize {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate() {
        if token.is_sign(open) {
            depth += 1;
        } else if token.is_sign(close) {
            depth -= 1;
        }
        if depth == 0 {
            return index + 1;
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        without_tests(&tokens(text)).tokens.iter().filter_map(Token::word).map(str::to_owned).collect()
    }

    #[test]
    fn comments_strings_and_characters_hold_no_words() {
        let text = "a /* b /* c */ d */ e // f\n'g' '\\'' '\\u{68}' \"i \\\" j\" r#\"k \" l\"# b'm' b\"n\" 'o: r#p";
        assert_eq!(words(text), ["a", "e", "p"]);
        let read = tokens("x\n\"y\nz\"\n w");
        assert_eq!(read.last().map(|token| token.line), Some(4));
        assert!(read.contains(&Token { kind: Kind::Text("y\nz".to_owned()), line: 2 }));
    }

    #[test]
    fn what_is_for_tests_is_left_out() {
        let text = "a #[cfg(test)] #[path = \"x\"] mod b { fn c() { {} } } d #[cfg(test)] use e; #[cfg(not(test))] f";
        assert_eq!(words(text), ["a", "d", "f"]);
        let modules = without_tests(&tokens("#[cfg(test)]\nmod tests;\nmod others;")).test_modules;
        assert_eq!(modules, ["tests"]);
    }
}

//! Programs of arithmetic: symbols, sizes, random programs and their values.

use serde::{Deserialize, Serialize};

use crate::engine::{BATCH, Random, Row};

/// Kinds of programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Programs that add two numbers: `12+345.`
    Add,
    /// Programs that add and subtract numbers: `12-345+6.`
    Chain,
    /// Programs that add and subtract numbers, some of which depend on a comparison: `12-(3if40<5else60)+7.`
    Branch,
}

impl Kind {
    /// All kinds, with their names.
    pub const ALL: [(Kind, &'static str); 3] = [(Kind::Add, "add"), (Kind::Chain, "chain"), (Kind::Branch, "branch")];

    /// Gives the kind's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Kind::ALL.iter().find(|(other, _)| *other == self).map_or("", |(_, name)| name)
    }

    /// Gives the size of the programs that are trained on: numbers of up to two digits, and up to three of them.
    #[must_use]
    pub fn trained(self) -> Size {
        Size { digits: 2, terms: if self == Kind::Add { 2 } else { 3 } }
    }

    /// Gives the sizes of the test programs: as large as the greatest that are trained on first, then with longer
    /// numbers, then with more of them. Answers are below 2²⁴, up to which an `f32` has every whole number.
    #[must_use]
    pub fn asked(self) -> Vec<Size> {
        let trained = self.trained();
        let mut sizes: Vec<Size> = [2, 3, 4, 6].map(|digits| Size { digits, ..trained }).to_vec();
        if self != Kind::Add {
            sizes.extend([10, 30].map(|terms| Size { terms, ..trained }));
        }
        sizes
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Size of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Number of digits of each number.
    pub digits: usize,
    /// Count of numbers that are added or subtracted.
    pub terms: usize,
}

impl Size {
    /// Gives the most symbols that a program of this kind and size has.
    #[must_use]
    pub fn symbols(self, kind: Kind) -> usize {
        let term = match kind {
            Kind::Add | Kind::Chain => self.digits,
            // Four numbers, two brackets, `if`, a comparison and `else`.
            Kind::Branch => 4 * self.digits + 5,
        };
        // An operator before each but the first, and a full stop.
        self.terms * (term + 1)
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} × {} digits", self.terms, self.digits)
    }
}

/// Symbols after the ten digits.
const WORDS: [&str; 9] = ["+", "-", ".", "(", ")", "if", "else", "<", ">"];
const PLUS: usize = 10;
const MINUS: usize = 11;
const END: usize = 12;
const OPEN: usize = 13;
const CLOSE: usize = 14;
const IF: usize = 15;
const ELSE: usize = 16;
const LESS: usize = 17;
const GREATER: usize = 18;

/// Number of different symbols.
pub const SYMBOLS: usize = 10 + WORDS.len();

/// Choice of a program's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sizes {
    /// Random sizes: every number has from one digit to those of the size, and there are from two terms to its.
    UpTo(Size),
    /// Exactly this size.
    Exactly(Size),
}

/// A program and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    symbols: Vec<usize>,
    value: i64,
}

impl Program {
    /// Makes a random program.
    pub fn new(kind: Kind, sizes: Sizes, random: &mut Random) -> Program {
        let terms = match sizes {
            Sizes::UpTo(Size { terms, .. }) => 2 + random.below(terms - 1),
            Sizes::Exactly(Size { terms, .. }) => terms,
        };
        let mut program = Program { symbols: Vec::new(), value: 0 };
        for term in 0..terms {
            let subtracted = kind != Kind::Add && term > 0 && random.below(2) == 1;
            if term > 0 {
                program.symbols.push(if subtracted { MINUS } else { PLUS });
            }
            let value = match kind {
                Kind::Branch if random.below(3) == 0 => program.branch(sizes, random),
                _ => program.number(sizes, random),
            };
            program.value += if subtracted { -value } else { value };
        }
        program.symbols.push(END);
        program
    }

    /// Gives the program's symbols.
    #[must_use]
    pub fn symbols(&self) -> &[usize] {
        &self.symbols
    }

    /// Gives the value of the program.
    #[must_use]
    pub fn value(&self) -> i64 {
        self.value
    }

    /// Writes a number; gives its value. No number but 0 begins with 0.
    fn number(&mut self, sizes: Sizes, random: &mut Random) -> i64 {
        let digits = match sizes {
            Sizes::UpTo(Size { digits, .. }) => 1 + random.below(digits),
            Sizes::Exactly(Size { digits, .. }) => digits,
        };
        let mut value = 0;
        for place in 0..digits {
            let digit = if place == 0 && digits > 1 { 1 + random.below(9) } else { random.below(10) };
            self.symbols.push(digit);
            value = 10 * value + digit as i64;
        }
        value
    }

    /// Writes a number that depends on a comparison; gives its value.
    fn branch(&mut self, sizes: Sizes, random: &mut Random) -> i64 {
        self.symbols.push(OPEN);
        let if_so = self.number(sizes, random);
        self.symbols.push(IF);
        let left = self.number(sizes, random);
        let less = random.below(2) == 0;
        self.symbols.push(if less { LESS } else { GREATER });
        let right = self.number(sizes, random);
        self.symbols.push(ELSE);
        let if_not = self.number(sizes, random);
        self.symbols.push(CLOSE);
        if (less && left < right) || (!less && left > right) { if_so } else { if_not }
    }
}

/// Writes the program as people do.
impl std::fmt::Display for Program {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for &symbol in &self.symbols {
            match symbol.checked_sub(10) {
                None => write!(formatter, "{symbol}")?,
                Some(word) => formatter.write_str(WORDS[word])?,
            }
        }
        Ok(())
    }
}

/// Writes a batch of programs into `x`, which has a row for each symbol of the longest, the last symbol last, and their
/// values into `targets`. In places without a symbol there is 0; symbols are counted from 1.
pub fn draw(kind: Kind, sizes: Sizes, random: &mut Random, x: &mut [Row<f32>], targets: &mut Row<f32>) {
    x.as_flattened_mut().fill(0.0);
    for lane in 0..BATCH {
        let program = Program::new(kind, sizes, random);
        targets[lane] = program.value as f32;
        let start = x.len() - program.symbols.len();
        for (x, symbol) in x[start..].iter_mut().zip(program.symbols) {
            x[lane] = (symbol + 1) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Purpose;

    /// Evaluates a program's text: a sum of signed terms, each a number or a bracket.
    fn evaluated(text: &str) -> i64 {
        let text = text.strip_suffix('.').expect("a full stop");
        let (mut sum, mut begin, mut depth) = (0, 0, 0);
        for (at, letter) in text.char_indices().chain([(text.len(), '+')]) {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                '+' | '-' if depth == 0 && at > 0 => {
                    sum += signed(&text[begin..at]);
                    begin = at;
                }
                _ => {}
            }
        }
        sum
    }

    fn signed(term: &str) -> i64 {
        match (term.strip_prefix('-'), term.strip_prefix('+')) {
            (Some(rest), _) => -unsigned(rest),
            (_, Some(rest)) => unsigned(rest),
            _ => unsigned(term),
        }
    }

    fn unsigned(term: &str) -> i64 {
        let Some(within) = term.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else {
            return term.parse().expect("a number");
        };
        let (if_so, rest) = within.split_once("if").expect("a condition");
        let (condition, if_not) = rest.split_once("else").expect("another value");
        let number = |text: &str| text.parse::<i64>().expect("a number");
        let holds = match condition.split_once('<') {
            Some((left, right)) => number(left) < number(right),
            None => condition.split_once('>').map(|(left, right)| number(left) > number(right)).expect("a comparison"),
        };
        number(if holds { if_so } else { if_not })
    }

    #[test]
    fn the_evaluator_of_the_tests_is_right_by_hand() {
        for (text, value) in
            [("12+345.", 357), ("12-345+6.", -327), ("12-(3if40<5else60)+7.", -41), ("(3if4<5else60)+7.", 10)]
        {
            assert_eq!(evaluated(text), value, "{text}");
        }
    }

    #[test]
    fn programs_come_to_what_they_say() {
        let mut random = Random::new(3, Purpose::Test);
        for (kind, _) in Kind::ALL {
            for size in kind.asked() {
                for sizes in [Sizes::Exactly(size), Sizes::UpTo(size)] {
                    for _ in 0..300 {
                        let program = Program::new(kind, sizes, &mut random);
                        assert_eq!(program.value(), evaluated(&program.to_string()), "{program}");
                        assert!(program.symbols().len() <= size.symbols(kind), "{program}");
                        assert!(program.value().abs() < 1 << 24, "{program}");
                    }
                }
            }
        }
    }

    #[test]
    fn numbers_have_the_digits_that_are_asked_for() {
        let mut random = Random::new(3, Purpose::Test);
        for _ in 0..100 {
            let text = Program::new(Kind::Add, Sizes::Exactly(Size { digits: 4, terms: 2 }), &mut random).to_string();
            let numbers: Vec<&str> = text.trim_end_matches('.').split('+').collect();
            assert!(numbers.len() == 2 && numbers.iter().all(|number| number.len() == 4 && !number.starts_with('0')));
        }
    }

    #[test]
    fn the_last_symbol_is_in_the_last_row() {
        let size = Size { digits: 1, terms: 2 };
        let (mut x, mut targets) = (vec![[7.0; BATCH]; 6], [0.0; BATCH]);
        draw(Kind::Add, Sizes::Exactly(size), &mut Random::new(1, Purpose::Test), &mut x, &mut targets);
        for lane in 0..BATCH {
            assert_eq!([x[0][lane], x[1][lane], x[3][lane], x[5][lane]], [0.0, 0.0, 11.0, 13.0]);
            assert_eq!(x[2][lane] - 1.0 + x[4][lane] - 1.0, targets[lane]);
        }
    }
}

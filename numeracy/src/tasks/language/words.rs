//! English number words.

/// Words of the numbers below 20, each of which has one of its own.
const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
/// Words of 20, 30, … 90.
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const HUNDRED: usize = SMALL.len() + TENS.len();
const AND: usize = HUNDRED + 1;

/// Number of words in the vocabulary.
pub const WORDS: usize = AND + 1;
/// Greatest number of words that a number below [`NUMBERS`] has.
pub const LONGEST: usize = 5;
/// Number of numbers that there are words for: 0, 1, … 999.
pub const NUMBERS: u32 = 1000;

/// Gives the words of a number below 1000, as indices into the vocabulary: 721 is seven, hundred, and, twenty, one.
pub fn words(number: u32) -> Vec<usize> {
    assert!(number < NUMBERS, "words go to {}", NUMBERS - 1);
    let (hundreds, rest) = ((number / 100) as usize, (number % 100) as usize);
    let mut words = Vec::with_capacity(LONGEST);
    if hundreds > 0 {
        words.extend([hundreds, HUNDRED]);
        if rest == 0 {
            return words;
        }
        words.push(AND);
    }
    if rest < SMALL.len() {
        words.push(rest);
    } else {
        words.push(SMALL.len() + rest / 10 - 2);
        if !rest.is_multiple_of(10) {
            words.push(rest % 10);
        }
    }
    words
}

/// Gives a word of the vocabulary.
pub fn word(index: usize) -> &'static str {
    match index {
        AND => "and",
        HUNDRED => "hundred",
        _ if index < SMALL.len() => SMALL[index],
        _ => TENS[index - SMALL.len()],
    }
}

/// Writes a number below 1000 in words: `seven hundred and twenty one`.
pub fn phrase(number: u32) -> String {
    words(number).into_iter().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_irregular_form_is_what_a_person_writes() {
        let written = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
                       seventeen eighteen nineteen twenty";
        for (number, word) in written.split_whitespace().enumerate() {
            assert_eq!(phrase(number as u32), word);
        }
        for (number, expected) in [
            (21, "twenty one"),
            (30, "thirty"),
            (40, "forty"),
            (50, "fifty"),
            (60, "sixty"),
            (70, "seventy"),
            (80, "eighty"),
            (90, "ninety"),
            (99, "ninety nine"),
            (100, "one hundred"),
            (101, "one hundred and one"),
            (110, "one hundred and ten"),
            (112, "one hundred and twelve"),
            (118, "one hundred and eighteen"),
            (120, "one hundred and twenty"),
            (340, "three hundred and forty"),
            (500, "five hundred"),
            (615, "six hundred and fifteen"),
            (721, "seven hundred and twenty one"),
            (999, "nine hundred and ninety nine"),
        ] {
            assert_eq!(phrase(number), expected);
        }
    }

    /// Reads a phrase without knowing how phrases are made: it adds up what it hears.
    fn hear(text: &str) -> u32 {
        let values = "zero 0 one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10 eleven 11 twelve 12 \
                      thirteen 13 fourteen 14 fifteen 15 sixteen 16 seventeen 17 eighteen 18 nineteen 19 twenty 20 \
                      thirty 30 forty 40 fifty 50 sixty 60 seventy 70 eighty 80 ninety 90 and 0";
        let dictionary: Vec<&str> = values.split_whitespace().collect();
        text.split(' ').fold(0, |total, heard| match dictionary.chunks(2).find(|entry| entry[0] == heard) {
            Some(entry) => total + entry[1].parse::<u32>().unwrap(),
            None => {
                assert_eq!(heard, "hundred");
                total * 100
            }
        })
    }

    #[test]
    fn all_numbers_go_to_words_and_back() {
        let phrases: HashSet<String> = (0..NUMBERS).map(phrase).collect();
        assert_eq!(phrases.len(), 1000);
        for number in 0..NUMBERS {
            assert_eq!(hear(&phrase(number)), number, "{}", phrase(number));
            assert!((1..=LONGEST).contains(&words(number).len()));
        }
        let used: HashSet<usize> = (0..NUMBERS).flat_map(words).collect();
        assert_eq!(used.len(), WORDS);
    }
}

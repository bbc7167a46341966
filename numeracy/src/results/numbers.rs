//! Numbers as tables show them.

use crate::summary::Rate;

/// Returns a number as it is `written`, or that it is infinite: errors of networks that diverged count as that.
#[must_use]
pub fn or_infinite(number: f64, written: String) -> String {
    if number.is_finite() { written } else { "infinite".to_owned() }
}

/// Writes a share as per cent with a digit behind the point: `93.1 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// Writes an interval of shares as whole per cent: `89–98 %`.
#[must_use]
pub fn interval((low, high): (f64, f64)) -> String {
    format!("{:.0}–{:.0} %", 100.0 * low, 100.0 * high)
}

/// Writes how many of the seeds are solved: `95 of 100`.
#[must_use]
pub fn solved(rate: &Rate) -> String {
    format!("{} of {}", rate.solved, rate.seeds)
}

/// Writes how many of the seeds are solved as a sentence: `95 of 100 seeds solved, 95 % (95 % interval 89–98 %)`.
#[must_use]
pub fn seeds_solved(rate: &Rate) -> String {
    format!("{} seeds solved, {:.0} % (95 % interval {})", solved(rate), 100.0 * rate.rate, interval(rate.ci95))
}

/// Writes a number as short as it can be understood: `12,345`, `3.46`, `2.5e-7`; a dash where there is none.
#[must_use]
pub fn short(number: Option<f64>) -> String {
    number.map_or("–".to_owned(), |number| match number {
        number if !number.is_finite() => "infinite".to_owned(),
        number if number.abs() >= 1e6 => format!("{number:.1e}"),
        number if number.abs() >= 100.0 => grouped(number.round() as u64),
        number if number == 0.0 || number.abs() >= 0.01 => format!("{number:.2}"),
        number => format!("{number:.1e}"),
    })
}

/// Writes a share of seeds as whole per cent, with its interval: `95 % (89–98)`.
#[must_use]
pub fn rate(rate: &Rate) -> String {
    let percent = |share: f64| (100.0 * share).round();
    format!("{} % ({}–{})", percent(rate.rate), percent(rate.ci95.0), percent(rate.ci95.1))
}

/// Writes a number as `1.8e4`; a dash where there is none.
#[must_use]
pub fn power(number: Option<f64>) -> String {
    number.map_or("–".to_owned(), |number| format!("{number:.1e}"))
}

/// Writes a whole number with commas between thousands: `1,234,567`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([Some(18_321.0), Some(0.000_25), None].map(power), ["1.8e4", "2.5e-4", "–"]);
        assert_eq!((percent(0.9314), or_infinite(f64::NAN, String::new())), ("93.1 %".into(), "infinite".into()));
        let numbers =
            [Some(0.0), Some(2.5e-7), Some(0.25), Some(99.994), Some(12_345.4), Some(2e7), Some(f64::NAN), None];
        let written = ["0.00", "2.5e-7", "0.25", "99.99", "12,345", "2.0e7", "infinite", "–"];
        assert_eq!(numbers.map(short), written);
        // Wilson's interval of 95 of 100 (Newcombe 1998): 88.8 to 97.8.
        assert_eq!(rate(&Rate::new(95, 100)), "95 % (89–98)");
        assert_eq!(seeds_solved(&Rate::new(95, 100)), "95 of 100 seeds solved, 95 % (95 % interval 89–98 %)");
    }
}

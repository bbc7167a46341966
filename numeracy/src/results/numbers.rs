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
        // Wilson's interval of 95 of 100 (Newcombe 1998): 88.8 to 97.8.
        assert_eq!(rate(&Rate::new(95, 100)), "95 % (89–98)");
    }
}

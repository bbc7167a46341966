//! Numbers as people read them.

/// Writes `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes a number of things that are one `noun` each: `1 run`, `1,200 runs`.
#[must_use]
pub fn counted(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number as u64), if number == 1 { "" } else { "s" })
}

/// Gives a written number its minus sign: `−0.5` in the place of `-0.5`. Exponents have none.
#[must_use]
pub fn with_minus(number: &str) -> String {
    number.replace('-', "−")
}

/// Writes a share in 0..=1 as `93.1`, where its unit stands elsewhere.
#[must_use]
pub fn per_cent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

/// Writes a share in 0..=1 as `93.1 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    per_cent(share) + " %"
}

/// Writes the ends of an interval of shares as `89.9–95.0`.
#[must_use]
pub fn interval((low, high): (f64, f64)) -> String {
    format!("{}–{}", per_cent(low), per_cent(high))
}

/// Writes the share of `total` that `step` is as `93.1 %`, rounded down so that it is 100 at the end and not sooner.
pub(crate) fn done(step: u64, total: u64) -> String {
    let tenths = if total == 0 { 1000 } else { 1000 * u128::from(step.min(total)) / u128::from(total) };
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// Writes seconds as `42 s`, `3 min 5 s` or `2 h 10 min`; `?` where they are no such number.
#[must_use]
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "?".to_owned();
    }
    match seconds.round() as u64 {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

/// Writes seconds in the greatest unit of which there is one: `59 s`, `5 min`, `2 h`, `3 d`.
#[must_use]
pub fn age(seconds: f64) -> String {
    match seconds as u64 {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3_600 => format!("{} min", seconds / 60),
        seconds @ 3_600..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        let numbers = [0, 999, 1_000, 1_234_567, 100_000];
        assert_eq!(numbers.map(grouped), ["0", "999", "1,000", "1,234,567", "100,000"]);
        assert_eq!([0, 1, 1_200].map(|number| counted(number, "run")), ["0 runs", "1 run", "1,200 runs"]);
        assert_eq!([with_minus("  -0.5"), with_minus("+1")], ["  −0.5", "+1"]);
        assert_eq!([0.0, 0.9314, 1.0].map(percent), ["0.0 %", "93.1 %", "100.0 %"]);
        assert_eq!(interval((0.899, 0.95)), "89.9–95.0");
        let shares = [done(0, 3), done(1, 3), done(39_999, 40_000), done(4, 3), done(0, 0), done(u64::MAX, u64::MAX)];
        assert_eq!(shares, ["0.0 %", "33.3 %", "99.9 %", "100.0 %", "100.0 %", "100.0 %"]);
        let seconds = [0.4, 59.4, 59.6, 185.0, 7_805.0, f64::NAN, f64::INFINITY, -1.0];
        let words = ["0 s", "59 s", "1 min 0 s", "3 min 5 s", "2 h 10 min", "?", "?", "?"];
        assert_eq!(seconds.map(duration), words);
        let ages = [59.9, 60.0, 3_600.0, 172_799.0, 172_800.0].map(age);
        assert_eq!(ages, ["59 s", "1 min", "1 h", "47 h", "2 d"]);
    }
}

//! Words for weights: the content of a sum of T and t.

/// A sum in words: `T − t`, `−T`, `0.43 T − 0.41 t`, `t1 − 2`, `0`. Each term is a weight and what it weighs, with no
/// name where that is 1. Only weights that are whole to the last bit are written as whole numbers: over a thousand
/// steps, 0.999 is not 1.
pub fn sum<S: AsRef<str>>(terms: &[(f64, S)]) -> String {
    let mut text = String::new();
    for (weight, of) in terms.iter().filter(|(weight, _)| *weight != 0.0) {
        text += match (text.is_empty(), *weight < 0.0) {
            (true, false) => "",
            (true, true) => "−",
            (false, false) => " + ",
            (false, true) => " − ",
        };
        text += &times(weight.abs(), of.as_ref());
    }
    if text.is_empty() { "0".to_owned() } else { text }
}

/// `factor` times something, where once is not said, or `factor` alone if that has no name.
fn times(factor: f64, of: &str) -> String {
    match (of, factor) {
        ("", _) => number(factor),
        (_, 1.0) => of.to_owned(),
        _ => format!("{} {of}", number(factor)),
    }
}

/// A number with two decimals, or with as many as it takes to see that it is not whole.
fn number(value: f64) -> String {
    if value.fract() == 0.0 {
        return format!("{value}");
    }
    let is_whole = |text: &str| text.parse::<f64>().is_ok_and(|shown| shown.fract() == 0.0);
    let written = (2..=7).map(|decimals| format!("{value:.decimals$}")).find(|text| !is_whole(text));
    written.unwrap_or_else(|| format!("{value:.0e}"))
}

/// Writes the step at which a T + b t is zero: at a share of T, or never.
pub fn crossing(t_share: Option<f64>) -> String {
    t_share.map_or("never".to_owned(), |share| format!("t = {}", times(share, "T")))
}

/// Gives the greatest distance of a weight from the nearest whole number.
pub fn distance_from_whole(weights: &[f64]) -> f64 {
    weights.iter().map(|weight| (weight - weight.round()).abs()).fold(0.0, f64::max)
}

/// A small number that is 0 only if it says so: three decimals, or an exponent.
pub fn small(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        _ if value < 5e-4 => format!("{value:.0e}"),
        _ => format!("{value:.3}"),
    }
}

/// A number as whole if it is so, else with three decimals.
pub fn decimal(value: f64) -> String {
    let sign = if value < 0.0 { "−" } else { "" };
    let size = value.abs();
    if size.fract() == 0.0 { format!("{sign}{size}") } else { format!("{sign}{size:.3}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(weight_t: f64, clock: f64) -> String {
        sum(&[(weight_t, "T"), (clock, "t")])
    }

    #[test]
    fn whole_weights_are_words() {
        let rows = [
            (1.0, -1.0, "T − t"),
            (-1.0, 1.0, "−T + t"),
            (0.0, 1.0, "t"),
            (0.0, -1.0, "−t"),
            (1.0, 0.0, "T"),
            (1.0, 1.0, "T + t"),
            (-1.0, 0.0, "−T"),
            (-1.0, -1.0, "−T − t"),
            (0.0, 0.0, "0"),
            (-0.0, 0.0, "0"),
            (2.0, -3.0, "2 T − 3 t"),
        ];
        for (weight, clock, words) in rows {
            assert_eq!(counter(weight, clock), words);
            assert_eq!(distance_from_whole(&[weight, clock]), 0.0);
        }
    }

    #[test]
    fn what_is_added_once_is_a_number() {
        assert_eq!(sum(&[(1.0, "t1"), (-1.0, "t2"), (-2.0, "")]), "t1 − t2 − 2");
        assert_eq!(sum(&[(0.0, "t1"), (1.0, "")]), "1");
    }

    #[test]
    fn other_weights_are_shown_and_never_pass_for_whole() {
        assert_eq!(counter(0.43, -0.41), "0.43 T − 0.41 t");
        assert_eq!(counter(-0.426, 1.0), "−0.43 T + t");
        assert_eq!(counter(0.999, -0.9961), "0.999 T − 0.996 t");
        assert_eq!(counter(0.004, -1.0), "0.004 T − t");
        assert_eq!(counter(f64::from(1.0_f32.next_down()), 0.0), "0.9999999 T");
        assert_eq!(counter(3e-9, 0.0), "3e-9 T");
        assert!((distance_from_whole(&[0.43, -0.41]) - 0.43).abs() < 1e-12);
        assert!((distance_from_whole(&[0.9, -0.98]) - 0.1).abs() < 1e-12);
        assert_eq!(distance_from_whole(&[]), 0.0);
    }

    #[test]
    fn crossings_are_shares_of_the_instruction() {
        assert_eq!(crossing(Some(1.0)), "t = T");
        assert_eq!(crossing(Some(0.43 / 0.41)), "t = 1.05 T");
        assert_eq!(crossing(Some(1.002)), "t = 1.002 T");
        assert_eq!(crossing(None), "never");
    }

    #[test]
    fn numbers_keep_their_size_and_sign() {
        assert_eq!([0.0, 0.43, 0.0005, 2e-6].map(small), ["0", "0.430", "0.001", "2e-6"]);
        assert_eq!([0.0, -0.0, -1.0, -0.5, 12.3456].map(decimal), ["0", "0", "−1", "−0.500", "12.346"]);
    }
}

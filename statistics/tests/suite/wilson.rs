//! Tests of Wilson's interval.

use gridworld_statistics::wilson95;

#[test]
fn wilson_intervals_are_the_published_ones() {
    let cases = [
        ((0, 10), (0.0, 0.2775)),
        ((9, 10), (0.5958, 0.9821)),
        ((95, 100), (0.8882, 0.9785)),
        ((10, 10), (0.7225, 1.0)),
        ((5, 10), (0.2366, 0.7634)),
        ((0, 0), (0.0, 1.0)),
    ];
    for ((successes, trials), (lower, upper)) in cases {
        let found = wilson95(successes, trials);
        assert!(
            (found.0 - lower).abs() < 6e-5 && (found.1 - upper).abs() < 6e-5,
            "{successes} of {trials}: {found:?}, not {:?}",
            (lower, upper)
        );
    }
}

//! Tests of the numbers that tasks are trained and tested on.

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::engine::{BATCH, Purpose, Random, Row, zeros};
use gridworld_numeracy::tasks::identity::{TRAINED, is_trained, points};
use gridworld_numeracy::tasks::language::{self, NUMBERS, SPLIT, Split, phrase};
use gridworld_numeracy::tasks::program::{Kind, Size};
use gridworld_numeracy::tasks::recurrent_arithmetic::{self as recurrent, LENGTHS};
use gridworld_numeracy::tasks::single_layer::RANGES;
use gridworld_numeracy::tasks::static_arithmetic::StaticConfig;
use gridworld_numeracy::tasks::{Operation, Range};

/// Gives the training and the test range of every task that has a pair of them.
fn pairs() -> Vec<(Range, Range)> {
    let StaticConfig { interpolation, extrapolation, .. } =
        StaticConfig::published(Operation::Add, CellName::Nau, 1000);
    [(interpolation, extrapolation)].into_iter().chain(RANGES).collect()
}

/// Draws many numbers of a range.
fn drawn(range: Range, purpose: Purpose) -> Vec<f64> {
    let (mut random, mut rows) = (Random::new(3, purpose), vec![zeros::<f64>(); 100]);
    range.draw(&mut random, &mut rows);
    rows.concat()
}

fn is_mirrored(range: Range) -> bool {
    range == Range::mirrored(range.low, range.high)
}

#[test]
fn numbers_lie_in_their_range_and_fill_it_evenly() {
    for range in pairs().into_iter().flat_map(|(trained, tested)| [trained, tested]) {
        let numbers = drawn(range, Purpose::Training);
        let (Range { low, high, .. }, count) = (range, numbers.len() as f64);
        let size = |x: f64| if is_mirrored(range) { x.abs() } else { x };
        assert!(numbers.iter().all(|&x| (low..=high).contains(&size(x))), "{range}");
        // Ten bins of equal width; the deviation of a bin's count is √(n · 0.1 · 0.9).
        let mut bins = [0.0; 10];
        numbers.iter().for_each(|&x| bins[((size(x) - low) / (high - low) * 10.0).min(9.0) as usize] += 1.0);
        let bound = 5.0 * (count * 0.09).sqrt();
        assert!(bins.iter().all(|bin| (bin - count / 10.0).abs() < bound), "{range}: {bins:?}");
        let negative = numbers.iter().filter(|&&x| x < 0.0).count() as f64;
        let expected = if is_mirrored(range) { 0.5 } else { (-low / (high - low)).clamp(0.0, 1.0) };
        assert!((negative / count - expected).abs() < 5.0 * 0.5 / count.sqrt(), "{range}: {negative} negative");
    }
}

#[test]
fn neighbours_and_the_two_inputs_are_independent() {
    let numbers = drawn(Range::new(-1.0, 1.0), Purpose::Training);
    // Variance ⅓; the mean of n products of independent numbers has a deviation of ⅓ / √n.
    for lag in [1, 2, 64, BATCH] {
        let products: Vec<f64> = numbers.iter().zip(&numbers[lag..]).map(|(a, b)| a * b).collect();
        let mean = products.iter().sum::<f64>() / products.len() as f64;
        assert!(mean.abs() < 5.0 / 3.0 / (products.len() as f64).sqrt(), "lag {lag}: {mean}");
    }
}

#[test]
fn streams_of_seeds_and_purposes_are_reproducible_and_differ() {
    let range = Range::new(1.0, 2.0);
    let purposes =
        [Purpose::Training, Purpose::Validation, Purpose::Test, Purpose::Initial, Purpose::Problem, Purpose::Threshold];
    let streams: Vec<Vec<f64>> = purposes.iter().map(|&purpose| drawn(range, purpose)).collect();
    for (i, stream) in streams.iter().enumerate() {
        assert_eq!(*stream, drawn(range, purposes[i]));
        assert!(streams[..i].iter().all(|other| other[..8] != stream[..8]), "{:?}", purposes[i]);
    }
    let of = |seed| -> [Row<f32>; 1] {
        let mut rows = [zeros()];
        range.draw(&mut Random::new(seed, Purpose::Training), &mut rows);
        rows
    };
    assert!((1..50).all(|seed| of(seed) != of(seed + 1) && of(seed) == of(seed)));
}

#[test]
fn what_is_tested_is_never_trained_on() {
    let pairs = pairs();
    assert_eq!(pairs.len(), 10);
    for (trained, tested) in pairs {
        assert!(!is_mirrored(trained), "{trained}");
        // At most the ends are common.
        let apart = match is_mirrored(tested) {
            true => trained.low >= -tested.low && trained.high <= tested.low,
            false => tested.low >= trained.high || tested.high <= trained.low,
        };
        assert!(apart, "{trained} and {tested}");
        let width = trained.high - trained.low;
        assert!(tested.high - tested.low >= width, "{tested} is at least as wide as {trained}");
    }
}

#[test]
fn ranges_are_written_as_they_are_read() {
    for (range, json, text) in [
        (Range::new(-1.2, -1.1), r#"{"low":-1.2,"high":-1.1}"#, "U[-1.2, -1.1]"),
        (Range::mirrored(2.0, 6.0), r#"{"low":2.0,"high":6.0,"sign":"random"}"#, "U[−6, −2] ∪ U[2, 6]"),
    ] {
        assert_eq!((serde_json::to_string(&range).unwrap(), range.to_string()), (json.to_owned(), text.to_owned()));
        assert_eq!(serde_json::from_str::<Range>(json).unwrap(), range);
    }
}

#[test]
fn identity_is_tested_on_four_times_the_trained_range_evenly() {
    let points: Vec<f64> = points().collect();
    assert_eq!((points[0], points[80], points.len()), (-20.0, 20.0, 81));
    assert!(points.windows(2).all(|pair| (pair[1] - pair[0] - 0.5).abs() < 1e-12));
    assert_eq!(TRAINED, (-5.0, 5.0));
    let beyond = points.iter().filter(|x| !is_trained(**x)).count();
    assert_eq!(beyond, 60, "thirty on each side");
}

#[test]
fn sequences_are_tested_at_the_trained_length_first_and_a_hundred_times_as_far() {
    assert_eq!((LENGTHS, LENGTHS[0]), ([10, 100, 1000], recurrent::TRAINED));
}

#[test]
fn numbers_in_words_are_split_without_overlap_and_numbers_are_spread_over_the_parts() {
    let mut in_test = vec![0_u32; NUMBERS as usize];
    let seeds = 300;
    for seed in 1..=seeds {
        let Split { training, validation, test } = Split::new(seed);
        assert_eq!([training.len(), validation.len(), test.len()], SPLIT);
        let mut all = [&training[..], &validation, &test].concat();
        all.sort_unstable();
        assert_eq!(all, (0..NUMBERS).collect::<Vec<_>>(), "seed {seed}");
        // Every word that is tested was trained on.
        let words = |numbers: &[u32]| -> std::collections::BTreeSet<String> {
            numbers
                .iter()
                .flat_map(|&number| phrase(number).split(' ').map(str::to_owned).collect::<Vec<_>>())
                .collect()
        };
        assert!(words(&test).is_subset(&words(&training)), "seed {seed}");
        test.iter().for_each(|&number| in_test[number as usize] += 1);
        assert_eq!(Split::new(seed).test, test);
    }
    assert!(in_test[..20].iter().all(|&times| times == 0), "small numbers are always trained on");
    // Of the others 631 of 980 are tested: 193 of 300 seeds, with a deviation of 8.
    assert!(in_test[20..].iter().all(|&times| (140..=245).contains(&times)), "{in_test:?}");
}

#[test]
fn phrases_of_all_numbers_are_made_of_thirty_words_and_no_two_are_alike() {
    let phrases: Vec<String> = (0..NUMBERS).map(phrase).collect();
    let mut words: Vec<&str> = phrases.iter().flat_map(|phrase| phrase.split(' ')).collect();
    words.sort_unstable();
    words.dedup();
    // Twenty up to nineteen, eight tens, hundred and and.
    assert_eq!(words.len(), 30);
    let mut sorted = phrases.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), phrases.len());
    assert!(phrases.iter().enumerate().all(|(n, phrase)| (n >= 100) == phrase.contains("hundred")));
    assert!(phrases.iter().enumerate().all(|(n, phrase)| (n > 100 && n % 100 > 0) == phrase.contains(" and ")));
    assert_eq!(language::SPLIT.iter().sum::<usize>(), phrases.len());
}

#[test]
fn programs_are_tested_on_more_than_they_are_trained_on() {
    for (kind, name) in Kind::ALL {
        let (trained, asked) = (kind.trained(), kind.asked());
        assert_eq!(asked[0], trained, "{name}: the trained size comes first");
        assert!(asked[1..].iter().all(|size| size.digits > trained.digits || size.terms > trained.terms), "{name}");
        assert_eq!(asked.iter().any(|size| size.terms > trained.terms), kind != Kind::Add, "{name}");
        // Each number has as many digits, an operator before it or a full stop behind it.
        let symbols = |size: Size| size.symbols(kind);
        let Size { digits, terms } = trained;
        let longest = if kind == Kind::Branch { terms * (4 * digits + 6) } else { terms * (digits + 1) };
        assert_eq!(symbols(trained), longest, "{name}");
        assert!(asked.iter().all(|&size| symbols(size) >= symbols(trained)), "{name}");
    }
    let Size { digits, terms } = Kind::Chain.trained();
    assert_eq!(Size { digits, terms }.to_string(), "3 × 2 digits");
}

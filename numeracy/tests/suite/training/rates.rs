//! Step sizes and regularizers at the corners of their schedules.

use gridworld_numeracy::schedule::{LearningRate, Sparsity};
use gridworld_numeracy::training::Rate;

use super::{asked, descents, diary, evaluations};

fn rates(updates: u64, evaluate_every: u64, rate: Rate) -> Vec<f64> {
    descents(&asked(diary(updates, evaluate_every, rate))).iter().map(|descent| descent.rate).collect()
}

fn assert_close(found: &[f64], expected: &[f64], what: &str) {
    let close = |(found, expected): (&f64, &f64)| (found - expected).abs() <= 1e-12 * expected.abs();
    assert!(found.len() == expected.len() && found.iter().zip(expected).all(close), "{what}: {found:?} {expected:?}");
}

#[test]
fn a_regularizer_is_nothing_until_its_start_and_whole_from_its_end_on() {
    // Madsen & Johansen 2020, equation 10, written as it is there.
    let by_definition = |weight: f64, (start, end): (u64, u64), t: u64| {
        weight * ((t as f64 - start as f64) / (end as f64 - start as f64)).clamp(0.0, 1.0)
    };
    for ramp in [(0, 1), (0, 7), (3, 4), (3, 11), (1_000_000, 2_000_000)] {
        for weight in [0.0, 0.05, 10.0] {
            let sparsity = Sparsity { weight, ramp };
            let (start, end) = ramp;
            for t in [0, 1, start, start + 1, (start + end) / 2, end - 1, end, end + 1, u64::MAX] {
                assert_close(&[sparsity.at(t)], &[by_definition(weight, ramp, t)], "weight");
                assert_eq!(sparsity.is_full(t), sparsity.at(t) == weight, "{ramp:?} {weight} {t}");
            }
        }
    }
    // A ramp of no length is a step, after which it is whole.
    let step = Sparsity { weight: 2.0, ramp: (5, 5) };
    assert_eq!([4, 5, 6].map(|t| step.at(t)), [0.0, 0.0, 2.0]);
    assert!(Sparsity::NONE.is_full(0), "no regularizer has nothing to wait for");
}

#[test]
fn a_ramp_fits_into_a_short_training_and_is_never_later_than_it_was() {
    let published = Sparsity { weight: 10.0, ramp: (1_000_000, 2_000_000) };
    for updates in [0, 1, 4, 5, 9, 10, 1000, 4_999_999, 5_000_000, 5_000_001, 50_000_000] {
        let Sparsity { weight, ramp: (start, end) } = published.within(updates);
        assert_eq!(weight, 10.0);
        assert!(start <= end && start <= 1_000_000 && end <= 2_000_000);
        assert!(start * 5 <= updates && end * 5 <= 2 * updates, "{updates}: {start} {end}");
        // It is as late as these allow.
        assert!(start == 1_000_000 || (start + 1) * 5 > updates, "{updates}: {start}");
        assert!(end == 2_000_000 || (end + 1) * 5 > 2 * updates, "{updates}: {end}");
        assert_eq!(published.within(updates).within(updates), published.within(updates));
    }
}

#[test]
fn a_step_size_meets_its_points_and_is_a_geometric_mean_between_them() {
    let rate = LearningRate::through(1e-2, [(10, 1e-3), (20, 4e-3), (21, 1e-5)]);
    for (at, expected) in [(0, 1e-2), (10, 1e-3), (20, 4e-3), (21, 1e-5), (22, 1e-5), (u64::MAX, 1e-5)] {
        assert_close(&[rate.at(at)], &[expected], "point");
    }
    for at in (1..10).chain(11..20) {
        let mean = (rate.at(at - 1) * rate.at(at + 1)).sqrt();
        assert_close(&[rate.at(at)], &[mean], "between two points");
    }
    // From the first update on it may be another than the one that it begins with.
    assert_close(&[LearningRate::through(1e-2, [(0, 3.0)]).at(0)], &[3.0], "two points at once");
    let text = serde_json::to_string(&rate).expect("JSON");
    assert_eq!(text, "[[0,0.01],[10,0.001],[20,0.004],[21,0.00001]]");
    assert_eq!(serde_json::from_str::<LearningRate>(&text).expect("a step size"), rate);
}

#[test]
fn a_step_size_is_held_from_evaluation_to_evaluation() {
    // From 1 by a half with each update.
    let halving = LearningRate::through(1.0, [(6, 2_f64.powi(-6))]);
    let powers = |powers: &[i32]| powers.iter().map(|power| 2_f64.powi(-power)).collect::<Vec<_>>();
    assert_close(&rates(7, 3, Rate::Held(halving.clone())), &powers(&[0, 0, 0, 3, 3, 3, 6]), "every third");
    assert_close(&rates(4, 1, Rate::Held(halving.clone())), &powers(&[0, 1, 2, 3]), "every one");
    assert_close(&rates(4, 100, Rate::Held(halving.clone())), &powers(&[0, 0, 0, 0]), "none but the first");
    assert_close(&rates(4, 100, Rate::Each(halving)), &powers(&[0, 1, 2, 3]), "however few evaluations there are");
}

#[test]
fn a_cosine_may_be_all_of_a_training_or_none() {
    let cosine = |warm| Rate::Cosine { rate: 2.0, warm, factor: 0.5 };
    let half = |share: f64| 1.0 + (std::f64::consts::PI * share).cos();
    assert_close(&rates(4, 4, cosine(0)), &[half(0.0), half(0.25), half(0.5), half(0.75)], "all");
    assert_close(&rates(4, 4, cosine(1)), &[1.0, half(0.25), half(0.5), half(0.75)], "but the first");
    assert_close(&rates(4, 4, cosine(9)), &[1.0; 4], "none");
    assert_close(&rates(1, 1, cosine(0)), &[2.0], "one update");
}

#[test]
fn a_training_may_end_before_its_first_update() {
    let mut settled = diary(10, 5, Rate::Each(LearningRate::constant(1.0)));
    settled.settles_at = Some(0);
    let asked = asked(settled);
    assert_eq!((evaluations(&asked), descents(&asked).len()), (vec![0], 0));
}

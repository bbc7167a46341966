//! The cells against values worked by hand, against libtorch's own, and their gradients against
//! central differences, in f64.

use std::sync::{Mutex, MutexGuard, PoisonError};

use gridworld_agents::AgentName;
use gridworld_agents::cells::nac::{self, initial_range, nac, weight};
use gridworld_agents::cells::nalu::{EPSILON, nalu};
use gridworld_agents::cells::nmu::{GREATEST, nmu};
use gridworld_agents::cells::{About, Cell, LoopCell, gru, lstm, nau, rnn};
use tch::{Device, Kind, Tensor};

/// A NAC under another name.
struct Renamed<const NAME: char>;

impl<const NAME: char> LoopCell for Renamed<NAME> {
    const ABOUT: About = match NAME {
        'a' => About { name: "another", agent: "lstm-another", ..nac::Nac::ABOUT },
        _ => About { agent: "lstm-nac-too", ..nac::Nac::ABOUT },
    };

    fn weights(parameters: &[&Tensor]) -> Vec<Tensor> {
        nac::Nac::weights(parameters)
    }

    fn output(x: &Tensor, weights: &[Tensor]) -> Tensor {
        nac::Nac::output(x, weights)
    }
}

#[test]
fn a_registered_cell_is_known_by_its_name() {
    let read = || serde_json::from_str::<AgentName>("\"lstm-another\"");
    assert!(read().unwrap_err().to_string().starts_with("unknown variant `lstm-another`, expected one of `lstm`,"));
    let cell = Cell::register::<Renamed<'a'>>();
    assert_eq!(read().unwrap(), AgentName::LstmWith(cell));
    assert_eq!(serde_json::from_str::<Cell>("\"another\"").unwrap(), cell);
    assert_eq!(serde_json::to_string(&cell).unwrap(), "\"another\"");
    assert_eq!(Cell::register::<Renamed<'a'>>(), cell, "the same once more");
}

#[test]
#[should_panic(expected = "there is a cell `nac` already")]
fn a_name_that_is_taken_is_refused() {
    Cell::register::<Renamed<'b'>>();
}

fn matrix<const N: usize>(rows: &[[f64; N]]) -> Tensor {
    Tensor::from_slice(rows.as_flattened()).view([rows.len() as i64, N as i64])
}

fn numbers(tensor: &Tensor) -> Vec<f64> {
    Vec::try_from(tensor.to_kind(Kind::Double).contiguous().view([-1])).expect("numbers")
}

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (i, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "[{i}]: {a}, not {b}");
    }
}

/// Compares the gradient of `f`, a number, on each input with central differences.
fn check_gradient(inputs: &[Tensor], f: impl Fn(&[Tensor]) -> Tensor) {
    const STEP: f64 = 1e-6;
    let leaves: Vec<Tensor> = inputs.iter().map(|input| input.copy().set_requires_grad(true)).collect();
    f(&leaves).backward();
    let mut largest = 0.0_f64;
    for (which, leaf) in leaves.iter().enumerate() {
        for (i, slope) in numbers(&leaf.grad()).into_iter().enumerate() {
            let moved = |by: f64| {
                let inputs: Vec<Tensor> = inputs.iter().map(Tensor::copy).collect();
                let _ = inputs[which].view([-1]).get(i as i64).g_add_scalar_(by);
                f(&inputs).double_value(&[])
            };
            let difference = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
            assert!(
                (slope - difference).abs() < 1e-7 * (1.0 + slope.abs()),
                "input {which}[{i}]: {slope}, differences give {difference}"
            );
            largest = largest.max(slope.abs());
        }
    }
    assert!(largest > 0.01, "something has a slope");
}

/// Seeds libtorch's generator, which is one for the whole process: other tests that draw from it wait.
fn seeded(seed: i64) -> MutexGuard<'static, ()> {
    static GENERATOR: Mutex<()> = Mutex::new(());
    let alone = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    tch::manual_seed(seed);
    alone
}

fn random(rows: i64, columns: i64) -> Tensor {
    Tensor::randn([rows, columns], (Kind::Double, Device::Cpu))
}

#[test]
fn nac_gives_what_the_equations_give_by_hand() {
    // tanh(ln 2) = 3/5, tanh(ln 3) = 4/5, σ(ln 3) = 3/4, σ(ln 4) = 4/5, σ(0) = 1/2.
    let (ln2, ln3, ln4) = (2_f64.ln(), 3_f64.ln(), 4_f64.ln());
    let w = weight(&matrix(&[[ln2, -ln3, 0.0], [ln3, 0.0, -ln2]]), &matrix(&[[ln3, 0.0, 5.0], [ln4, 1.0, -ln3]]));
    assert_close(&numbers(&w), &[0.45, -0.4, 0.0, 0.64, 0.0, -0.15], 1e-12);
    let a = nac(&matrix(&[[2.0, -1.0, 7.0], [0.5, 4.0, 0.0]]), &w);
    assert_close(&numbers(&a), &[1.3, 0.23, -1.375, 0.32], 1e-12);
    assert_eq!(a.size(), [2, 2]);
}

#[test]
fn nac_weights_end_at_minus_one_zero_and_one() {
    let w = weight(&matrix(&[[30.0, -30.0, 30.0, 0.0]]), &matrix(&[[30.0, 30.0, -30.0, 30.0]]));
    assert_close(&numbers(&w), &[1.0, -1.0, 0.0, 0.0], 1e-12);
}

#[test]
fn nalu_mixes_a_sum_and_a_product_as_worked_by_hand() {
    // The gate is σ(0) = 1/2, σ(ln 3) = 3/4 and σ(−ln 3) = 1/4 for x = [2, 3].
    let ln3 = 3_f64.ln();
    let x = matrix(&[[2.0, 3.0]]);
    let weight = matrix(&[[1.0, 1.0], [1.0, -1.0], [2.0, 0.0]]);
    let gate = matrix(&[[0.0, 0.0], [ln3 / 2.0, 0.0], [0.0, -ln3 / 3.0]]);
    // 1/2 · 5 + 1/2 · 6, 3/4 · (−1) + 1/4 · 2/3, 1/4 · 4 + 3/4 · 4.
    assert_close(&numbers(&nalu(&x, &weight, &gate)), &[5.5, -7.0 / 12.0, 4.0], 1e-6);
}

#[test]
fn nalu_loses_the_sign_of_a_product_and_stays_finite_at_zero() {
    let product = matrix(&[[-60.0, -60.0]]);
    let made = |x: [f64; 2], weight: [f64; 2]| numbers(&nalu(&matrix(&[x]), &matrix(&[weight]), &product))[0];
    // The gate is closed, and a logarithm knows no sign: (−2) · 3 is 6.
    assert!((made([-2.0, 3.0], [1.0, 1.0]) - 6.0).abs() < 1e-5);
    assert!((made([2.0, 3.0], [1.0, 1.0]) - 6.0).abs() < 1e-5);
    assert!((made([0.0, 1.0], [1.0, 0.0]) - f64::from(EPSILON)).abs() < 1e-12);
    assert!((made([0.0, 1.0], [-3.0, 0.0]) - 20_f64.exp()).abs() < 1.0, "1 / ε³ is held at e^20");
}

#[test]
fn nmu_multiplies_as_worked_by_hand() {
    // (2/2 + 1/2) (3/4 + 3/4), 2 · 3, 1 · 3, and nothing at all.
    let weight = matrix(&[[0.5, 0.25], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]);
    assert_close(&numbers(&nmu(&matrix(&[[2.0, 3.0]]), &weight)), &[2.25, 6.0, 3.0, 1.0], 1e-12);
    let held = numbers(&nmu(&matrix(&[[1e5, -1e5], [1e5, 1e-5]]), &matrix(&[[1.0, 1.0]])));
    assert_close(&held, &[-f64::from(GREATEST), 1.0], 1e-9);
}

#[test]
fn nau_sparsity_is_the_mean_distance_to_the_nearest_of_minus_one_zero_and_one() {
    let weights = [0.25, -0.5, 0.75, -1.0, 0.0, 1.0, -0.1, 0.9];
    assert!((nau::sparsity(&weights) - (0.25 + 0.5 + 0.25 + 0.1 + 0.1) / 8.0).abs() < 1e-7);
    let mut gradient = vec![0.0; weights.len()];
    nau::add_sparsity_gradient(&weights, 8.0, &mut gradient);
    assert_eq!(gradient, [1.0, 1.0, -1.0, 0.0, 0.0, 0.0, -1.0, -1.0]);
    // Against central differences, away from the corners.
    for (i, slope) in gradient.iter().enumerate().filter(|&(i, _)| ![1, 3, 4, 5].contains(&i)) {
        let moved = |by: f32| {
            let mut weights = weights;
            weights[i] += by;
            8.0 * nau::sparsity(&weights)
        };
        let difference = (moved(0.01) - moved(-0.01)) / 0.02;
        assert!((difference - f64::from(*slope)).abs() < 1e-4, "{i}: {slope}, differences give {difference}");
    }
}

#[test]
fn nau_weights_stay_within_one_and_the_regularizer_comes_slowly() {
    let mut weights = [1.5, -3.0, 0.5, -1.0];
    nau::clamp(&mut weights, (-1.0, 1.0));
    assert_eq!(weights, [1.0, -1.0, 0.5, -1.0]);
    let shares = [0.0, 0.3, 0.45, 0.6, 1.0].map(|share| nau::ramp(share, (0.3, 0.6)));
    assert_close(&shares, &[0.0, 0.0, 0.5, 1.0, 1.0], 1e-12);
    assert_eq!([0.2, 0.3].map(|share| nau::ramp(share, (0.3, 0.3))), [0.0, 1.0]);
    assert!((nau::initial_range(2, 8) - 0.5).abs() < 1e-12 && (nau::initial_range(50, 46) - 0.25).abs() < 1e-12);
}

#[test]
fn a_discretized_unit_crosses_zero_where_it_did_if_its_ratio_was_whole() {
    let mut weights = [0.4, -0.4, -0.05, 0.05, 0.9, 0.3, 0.2, -0.7, 1e-5, -1e-5, 0.6, -0.9];
    nau::discretize(&mut weights, 2);
    assert_eq!(weights, [1.0, -1.0, -1.0, 1.0, 1.0, 0.0, 0.0, -1.0, 0.0, 0.0, 1.0, -1.0]);
    let before = weights;
    nau::discretize(&mut weights, 2);
    assert_eq!(weights, before, "whole weights stay");
}

/// Var[tanh(u)·σ(v)] for u, v ~ U[−r, r], by Simpson's rule.
fn variance(r: f64) -> f64 {
    let mean = |f: &dyn Fn(f64) -> f64| {
        const PARTS: usize = 2_000;
        let sum: f64 = (0..=PARTS)
            .map(|i| {
                let weight = if i == 0 || i == PARTS { 1.0 } else { 2.0 + 2.0 * (i % 2) as f64 };
                weight * f(r * (2.0 * i as f64 / PARTS as f64 - 1.0))
            })
            .sum();
        sum / (3.0 * PARTS as f64)
    };
    let mean_product = mean(&f64::tanh) * mean(&|v| 1.0 / (1.0 + (-v).exp()));
    mean(&|u| u.tanh().powi(2)) * mean(&|v| (1.0 + (-v).exp()).powi(-2)) - mean_product.powi(2)
}

#[test]
fn nac_initial_range_gives_glorots_variance() {
    for (fans, expected) in [(16, 1.61043), (32, 0.98382), (64, 0.65124), (128, 0.44630)] {
        for fan_in in [1, fans / 2, fans - 1] {
            let r = initial_range(fan_in, fans - fan_in);
            assert!((r - expected).abs() < 6e-6, "{fans}: {r}, not {expected}");
            assert!((variance(r) - 2.0 / fans as f64).abs() < 1e-9, "{fans}: variance {}", variance(r));
        }
    }
    assert!((variance(initial_range(2, 3)) - 0.4).abs() < 1e-9);
}

#[test]
fn nac_initial_range_of_small_cells_is_nine_tenths_of_the_way() {
    for (fan_in, fan_out) in [(1, 1), (1, 2), (2, 2), (3, 1)] {
        let r = initial_range(fan_in, fan_out);
        assert!((variance(r) - 0.45).abs() < 1e-6, "{fan_in} + {fan_out}: {r} has variance {}", variance(r));
    }
}

#[test]
fn lstm_gives_what_the_equations_give_by_hand() {
    // i = 3/4, f = 1/2, g = 3/5, o = 4/5: c = 1/2 · 1/2 + 3/4 · 3/5 = 0.7.
    let gates = matrix(&[[3_f64.ln(), 0.0, 2_f64.ln(), 4_f64.ln()]]);
    let (h, c) = lstm(&gates, &matrix(&[[0.5]]));
    assert_close(&numbers(&c), &[0.7], 1e-12);
    assert_close(&numbers(&h), &[0.8 * 0.604_367_777_117_163_5], 1e-12);
}

#[test]
fn lstm_equals_libtorchs() {
    let _alone = seeded(11);
    let (batch, inputs, hidden) = (3, 4, 5);
    let (x, h, c) = (random(batch, inputs), random(batch, hidden), random(batch, hidden));
    let (w_x, w_h, bias) = (random(4 * hidden, inputs), random(4 * hidden, hidden), random(1, 4 * hidden).view([-1]));
    let (expected_h, expected_c) = x.lstm_cell(&[&h, &c], &w_x, &w_h, Some(&bias), Some(&bias.zeros_like()));
    let (found_h, found_c) = lstm(&(x.matmul(&w_x.tr()) + h.matmul(&w_h.tr()) + &bias), &c);
    assert_close(&numbers(&found_h), &numbers(&expected_h), 1e-12);
    assert_close(&numbers(&found_c), &numbers(&expected_c), 1e-12);
}

#[test]
fn gru_gives_what_the_equations_give_by_hand() {
    // r = 3/4, z = 4/5; the candidate is tanh(ln 2 − 3/4 · 4 + 3) = 3/5: h = 1/5 · 3/5 + 4/5 · 1/2.
    let x = matrix(&[[3_f64.ln(), 1.0, 2_f64.ln() + 3.0]]);
    let h = matrix(&[[0.0, 4_f64.ln() - 1.0, -4.0]]);
    assert_close(&numbers(&gru(&x, &h, &matrix(&[[0.5]]))), &[0.52], 1e-12);
}

#[test]
fn gru_and_rnn_equal_libtorchs() {
    let _alone = seeded(13);
    let (batch, inputs, hidden) = (3, 4, 5);
    let (x, h) = (random(batch, inputs), random(batch, hidden));
    for gates in [1, 3] {
        let (w_x, w_h) = (random(gates * hidden, inputs), random(gates * hidden, hidden));
        let (b_x, b_h) = (random(1, gates * hidden).view([-1]), random(1, gates * hidden).view([-1]));
        let (from_x, from_h) = (x.matmul(&w_x.tr()) + &b_x, h.matmul(&w_h.tr()) + &b_h);
        let (expected, found) = match gates {
            1 => (x.rnn_tanh_cell(&h, &w_x, &w_h, Some(&b_x), Some(&b_h)), rnn(&(from_x + from_h))),
            _ => (x.gru_cell(&h, &w_x, &w_h, Some(&b_x), Some(&b_h)), gru(&from_x, &from_h, &h)),
        };
        assert_close(&numbers(&found), &numbers(&expected), 1e-12);
    }
}

#[test]
fn gradients_equal_central_differences() {
    let _alone = seeded(12);
    let coefficients = random(3, 2);
    check_gradient(&[random(3, 4), random(2, 4), random(2, 4)], |inputs| {
        (nac(&inputs[0], &weight(&inputs[1], &inputs[2])) * &coefficients).sum(Kind::Double)
    });
    check_gradient(&[random(3, 4), random(2, 4), random(2, 4)], |inputs| {
        (nalu(&inputs[0], &inputs[1], &inputs[2]) * &coefficients).sum(Kind::Double)
    });
    check_gradient(&[random(3, 4), random(2, 4)], |inputs| {
        (nmu(&inputs[0], &inputs[1]) * &coefficients).sum(Kind::Double)
    });
    let (on_h, on_c) = (random(3, 2), random(3, 2));
    check_gradient(&[random(3, 8), random(3, 2)], |inputs| {
        let (h, c) = lstm(&inputs[0], &inputs[1]);
        (h * &on_h + c * &on_c).sum(Kind::Double)
    });
    let on_h = random(3, 2);
    check_gradient(&[random(3, 6), random(3, 6), random(3, 2)], |inputs| {
        (gru(&inputs[0], &inputs[1], &inputs[2]) * &on_h).sum(Kind::Double)
    });
}

//! The cells against values worked out by hand.

mod bounds;
mod contract;
mod exact;
mod initial;
mod slow;

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::engine::{BATCH, Purpose, Random, Row, zeros};

/// Computes the outputs of a cell with these parameters for one example.
pub fn output(cell: &str, parameters: &[f64], x: &[f64], outputs: usize) -> Vec<f64> {
    let rows: Vec<Row<f64>> = x.iter().map(|&x| [x; BATCH]).collect();
    let mut y = vec![zeros(); outputs];
    CellName::parse(cell).expect("a cell").cell(x.len(), outputs).forward(parameters, &rows, &mut y);
    y.iter().map(|row| row[BATCH / 2]).collect()
}

#[test]
fn cells_give_what_their_equations_give_by_hand() {
    let (ln2, ln3) = (2_f64.ln(), 3_f64.ln());
    // tanh(ln 2) = 3/5, tanh(ln 3) = 4/5, σ(0) = 1/2, σ(ln 3) = 3/4: W = (0.3, 0.6).
    let hats = [ln2, ln3, 0.0, ln3];
    let cases: [(&str, &[f64], &[f64], f64); 13] = [
        ("nau", &[0.5, -1.0], &[2.0, 3.0], -2.0),
        // (½ · 4 + ½) · (1 · 3 + 0)
        ("nmu", &[0.5, 1.0], &[4.0, 3.0], 7.5),
        ("nac", &hats, &[2.0, 5.0], 3.6),
        // 1024^0.3 · 32^0.6 = 2³ · 2³
        ("nac-mul", &hats, &[-1024.0, 32.0], 64.0),
        // g = σ(0) = ½: half of 0.3 · 1024 + 0.6 · 32 and of 64.
        ("nalu", &[ln2, ln3, 0.0, ln3, 0.0, 0.0], &[1024.0, 32.0], 0.5 * 326.4 + 32.0),
        ("nalu-separate", &[0.0, 0.0, 0.0, 0.0, ln2, ln3, 0.0, ln3, 0.0, 0.0], &[1024.0, 32.0], 32.0),
        // g = σ(0): half of 0.3 · 1024 + 0.6 · −32, and of 2³ · 2³ with the sign (1 − 0 · 0.3) · (1 − 2 · 0.6).
        ("inalu", &[ln2, ln3, 0.0, ln3, ln2, ln3, 0.0, ln3, 0.0], &[1024.0, -32.0], 0.5 * 288.0 - 0.2 * 32.0),
        // g = σ(−ln 3) = ¼, and an exponent of 0.3 · 40 + 0.6 · 40 that is cut off at 20.
        ("inalu", &[0.0, 0.0, 0.0, 0.0, ln2, ln3, 0.0, ln3, -ln3], &[40_f64.exp(), 40_f64.exp()], 0.75 * 20_f64.exp()),
        // Half-open gates: (½ · 7 + ½)² / (½ · 3 + ½).
        ("real-npu", &[2.0, -1.0, 0.5, 0.5], &[7.0, 3.0], 8.0),
        // cos(π · 1) = −1
        ("real-npu", &[1.0, -1.0, 1.0, 1.0], &[-6.0, 3.0], -2.0),
        // 6 · 1/3, and the reciprocal of −3 turns the sign.
        ("nmru", &[1.0, 0.0, 0.0, 1.0], &[6.0, -3.0], -2.0),
        ("linear", &[2.0, -1.0, 0.5], &[3.0, 4.0], 2.5),
        ("prelu", &[2.0, -1.0, 0.0, 0.25], &[3.0, 10.0], -1.0),
    ];
    for (cell, parameters, x, expected) in cases {
        let found = output(cell, parameters, x, 1)[0];
        assert!((found - expected).abs() < 1e-5 * expected.abs(), "{cell} of {x:?}: {found} for {expected}");
    }
}

#[test]
fn quotient_and_root_begin_as_what_they_are_called() {
    for (name, x, expected) in [("quotient", [-6.0, 3.0], -2.0), ("root", [49.0, 3.0], 7.0)] {
        let cell = CellName::parse(name).expect("a cell").cell::<f64>(2, 1);
        let mut parameters = vec![f64::NAN; cell.parameters()];
        cell.initialize(&mut parameters, &mut Random::new(1, Purpose::Initial));
        let found = output(name, &parameters, &x, 1)[0];
        assert!((found - expected).abs() < 1e-5, "{name}: {found}");
        // The gates of what begins whole are not moved by the regularizer, nor is a root's exponent.
        let mut gradient = vec![0.0; parameters.len()];
        cell.add_sparsity(&parameters, 1.0, &mut gradient);
        assert!(gradient.iter().all(|by| *by == 0.0), "{name}: {gradient:?}");
    }
}

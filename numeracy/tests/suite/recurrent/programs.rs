//! Register and calculator with decided symbols, against arithmetic of whole numbers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gridworld_numeracy::cells::{Cell, CellName};
use gridworld_numeracy::engine::{Purpose, Random};
use gridworld_numeracy::recurrent::{Accumulated, Calculator, FirstState, Gru, Pairs, Register, SYMBOL, Unroll};

use super::one;

/// Lets a cell read symbols from a state of zeros.
fn read(cell: &mut dyn Cell<f64>, symbols: &[&[f64]]) -> Vec<f64> {
    let zeros = vec![0.0; cell.outputs()];
    symbols.iter().fold(zeros, |state, symbol| one(cell, &[], &[symbol, &state[..]].concat()))
}

#[test]
fn a_register_adds_and_multiplies() {
    let mut random = Random::new(1, Purpose::Problem);
    for _ in 0..200 {
        let (mut expected, mut words) = (0_i64, Vec::new());
        for _ in 0..1 + random.below(6) {
            let number = 1 + random.below(9) as i64;
            // A gate that leans a little to a side is decided for it; what it does not ask for may be anything.
            let lean = random.uniform(0.01, 2.0);
            if random.below(2) == 0 {
                expected += number;
                words.extend([number as f64 / 10.0, random.uniform(-1.0, 1.0), lean - 1.0]);
            } else {
                expected *= number;
                words.extend([random.uniform(-1.0, 1.0), (number as f64).ln(), -lean - 1.0]);
            }
        }
        Register::decide(&mut words);
        let found = read(&mut Register, &words.chunks(3).collect::<Vec<_>>())[0];
        assert!((found - expected as f64).abs() < 1e-9 * (expected as f64).max(1.0), "{found} {expected}");
    }
}

#[test]
fn decided_gates_are_where_they_leaned_to() {
    // The register's gate is σ(s + 1), the calculator's σ(s − 1): at s = ∓1 they lean to neither side.
    let mut words = [0.5, 0.25, -0.99, 0.5, 0.25, -1.01];
    Register::decide(&mut words);
    assert_eq!(words, [0.5, 0.25, 30.0, 0.5, 0.25, -30.0]);
    let mut symbols = [0.4, 0.3, 1.01, 2.9, 0.4, 0.3, 0.99, 3.1];
    Calculator::decide(&mut symbols);
    assert_eq!(symbols, [0.4, 0.3, 30.0, 2.9, 0.4, 0.3, -30.0, 3.1], "the gate alone");
    // Values and factors go to whole numbers, factors to no less than 1; the sign's σ(p − 3) leans at p = 3.
    let mut symbols = [2.6, 9.8_f64.ln(), 30.0, 2.9, -0.4, -4.0, -30.0, 3.1];
    Calculator::round(&mut symbols);
    assert_eq!(symbols, [3.0, 10_f64.ln(), 30.0, -30.0, 0.0, 0.0, -30.0, 30.0]);
}

#[test]
fn a_calculator_adds_and_subtracts_numbers_of_any_length() {
    // Twelve symbols: ten digits that multiply by ten and add themselves, and two that close the operand.
    let mut table: Vec<f64> = (0..10).flat_map(|digit| [f64::from(digit), 10_f64.ln(), -9.0, 0.0]).collect();
    table.extend([1.0, 0.5, 9.0, -9.0, 1.0, 0.5, 9.0, 9.0]);
    Calculator::decide(&mut table);
    Calculator::round(&mut table);
    let symbol = |index: usize| &table[index * SYMBOL..][..SYMBOL];
    let mut random = Random::new(2, Purpose::Problem);
    for _ in 0..200 {
        let (mut symbols, mut expected, mut sign) = (Vec::new(), 0_i64, 1);
        for term in 0..1 + random.below(4) {
            if term > 0 {
                sign = 1 - 2 * random.below(2) as i64;
                symbols.push(symbol(if sign > 0 { 10 } else { 11 }));
            }
            let digits: Vec<usize> = (0..1 + random.below(5)).map(|_| random.below(10)).collect();
            symbols.extend(digits.iter().map(|digit| symbol(*digit)));
            expected += sign * digits.iter().fold(0, |number, digit| number * 10 + *digit as i64);
        }
        let found = read(&mut Calculator, &symbols);
        // In f64, e⁻²⁹ of a closed operand of up to 2 · 10⁵ is left, which the digits after it make 10⁵ times as great.
        assert!((found[0] - expected as f64).abs() < 0.01, "{found:?} {expected}");
        assert!((found[2] - (sign - 1) as f64).abs() < 1e-6, "the sign of what would come next: {found:?}");
    }
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let refused = |work: &dyn Fn(), expected: &str| {
        let reason = catch_unwind(AssertUnwindSafe(work)).expect_err("it does not fit");
        let text = reason.downcast_ref::<String>().cloned();
        let text = text.or_else(|| reason.downcast_ref::<&str>().map(|text| (*text).to_owned())).expect("a reason");
        assert!(text.contains(expected), "{text}");
    };
    let nau = |inputs, outputs| move || CellName::Nau.cell::<f64>(inputs, outputs);
    // A state of three numbers of which the fourth is read, and a step that reads nothing but its state.
    refused(&|| drop(Unroll::new(2, 0..4, FirstState::Zero, nau(5, 3))), "a step reads inputs and its state");
    refused(&|| drop(Unroll::new(2, 0..3, FirstState::Zero, nau(3, 3))), "a step reads inputs and its state");
    refused(&|| drop(Pairs::new(2, nau(3, 1))), "two vectors of one size");
    let memory = || -> Box<dyn Cell<f64>> { Box::new(Gru::new(2, 2)) };
    refused(&|| drop(Accumulated::new(memory(), 2, nau(2, 1)())), "the cell reads the memory and its own number");
}

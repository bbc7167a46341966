//! The contract of a cell, which a network relies on, kept by every cell and every recurrent one.

use gridworld_numeracy::cells::{Cell, CellName};
use gridworld_numeracy::engine::{BATCH, Purpose, Random, Real, Row, zeros};

use crate::recurrent::kinds;

type Build<T> = Box<dyn Fn() -> Box<dyn Cell<T>>>;

/// All cells, each of 3 inputs and 2 outputs where it has a choice.
fn cells<T: Real>() -> Vec<(&'static str, Build<T>)> {
    let layers = CellName::all().map(|(cell, name)| (name, Box::new(move || cell.cell(3, 2)) as Build<T>));
    layers.chain(kinds().into_iter().map(|(name, build)| (name, Box::new(build) as Build<T>))).collect()
}

/// A cell with parameters, inputs and derivatives by its outputs, of numbers that every kind of number has.
struct Given<T> {
    cell: Box<dyn Cell<T>>,
    parameters: Vec<T>,
    x: Vec<Row<T>>,
    dy: Vec<Row<T>>,
}

impl<T: Real> Given<T> {
    fn new(build: &Build<T>) -> Given<T> {
        let cell = build();
        let mut random = Random::new(12, Purpose::Test);
        // Of f32, whatever the cell computes with.
        let mut rows = |count: usize, low: f64| -> Vec<Row<T>> {
            let mut rows = vec![zeros::<f32>(); count];
            random.fill(&mut rows, low, 2.0);
            random.sign(&mut rows);
            rows.iter().map(|row| row.map(|x| T::from_f64(f64::from(x)))).collect()
        };
        let (x, dy) = (rows(cell.inputs(), 0.3), rows(cell.outputs(), 0.0));
        let parameters = rows(cell.parameters().div_ceil(BATCH), 0.1).concat();
        let half = T::from_f64(0.5);
        Given { parameters: parameters[..cell.parameters()].iter().map(|p| *p * half).collect(), cell, x, dy }
    }

    fn forward(&mut self) -> Vec<Row<T>> {
        let mut y = vec![[T::from_f64(f64::NAN); BATCH]; self.cell.outputs()];
        self.cell.forward(&self.parameters, &self.x, &mut y);
        y
    }

    /// Computes the gradients by the parameters and by the inputs, the latter added to 1.
    fn backward(&mut self, dy: &[Row<T>]) -> (Vec<T>, Vec<Row<T>>) {
        let y = self.forward();
        let (mut dx, mut gradient) = (vec![[T::ONE; BATCH]; self.x.len()], self.no_numbers());
        self.cell.backward(&self.parameters, &self.x, &y, dy, Some(&mut dx), &mut gradient);
        (gradient, dx)
    }

    fn no_numbers(&self) -> Vec<T> {
        vec![T::from_f64(f64::NAN); self.parameters.len()]
    }

    /// Gives the derivatives by the outputs of every second example, and 0 for the others.
    fn every_second(&self, first: usize) -> Vec<Row<T>> {
        let of = |row: &Row<T>| std::array::from_fn(|lane| if lane % 2 == first { row[lane] } else { T::ZERO });
        self.dy.iter().map(of).collect()
    }
}

/// Compares numbers, of which each may be off by a part of its size and of 1.
fn assert_close<T: Real, S: Real>(found: &[T], expected: &[S], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let (found, expected) = (found.to_f64(), expected.to_f64());
        assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "{what}: {found} for {expected}");
    }
}

#[test]
fn an_example_is_computed_without_the_others() {
    for (name, build) in cells::<f64>() {
        let mut given = Given::new(&build);
        let y = given.forward();
        assert_eq!(given.forward(), y, "{name}: nothing is left of the pass before");
        given.x.iter_mut().for_each(|row| row.reverse());
        let reversed = given.forward();
        // To the last bit, be it in a vector with others or not.
        let same = y.iter().zip(&reversed).all(|(y, reversed)| y.iter().eq(reversed.iter().rev()));
        assert!(same && !y.is_empty(), "{name}");
        // What is no number in one example stays there.
        given.x.iter_mut().for_each(|row| row[5] = f64::NAN);
        let broken = given.forward();
        let others = |row: &Row<f64>| [&row[..5], &row[6..]].concat();
        assert!(broken.iter().zip(&reversed).all(|(broken, whole)| others(broken) == others(whole)), "{name}");
    }
}

#[test]
fn gradients_are_sums_over_the_examples() {
    for (name, build) in cells::<f64>() {
        let mut given = Given::new(&build);
        let (whole, dx) = given.backward(&given.dy.clone());
        let [(even, dx_even), (odd, dx_odd)] = [0, 1].map(|first| given.backward(&given.every_second(first)));
        let sum: Vec<f64> = even.iter().zip(odd).map(|(even, odd)| even + odd).collect();
        assert_close(&whole, &sum, 1e-10, name);
        for ((dx, dx_even), dx_odd) in dx.iter().zip(&dx_even).zip(&dx_odd) {
            for lane in 0..BATCH {
                let (own, other) = if lane.is_multiple_of(2) { (dx_even, dx_odd) } else { (dx_odd, dx_even) };
                assert_eq!((own[lane], other[lane]), (dx[lane], 1.0), "{name}: {lane}");
            }
        }
        // Twice the derivatives by the outputs are twice the gradient.
        let doubled: Vec<Row<f64>> = given.dy.iter().map(|row| row.map(|dy| 2.0 * dy)).collect();
        let twice: Vec<f64> = whole.iter().map(|by| 2.0 * by).collect();
        assert_close(&given.backward(&doubled).0, &twice, 1e-12, name);
    }
}

#[test]
fn gradients_by_parameters_do_not_depend_on_who_asks_for_those_by_inputs() {
    for (name, build) in cells::<f32>() {
        let mut given = Given::new(&build);
        let dy = given.dy.clone();
        let (with, _) = given.backward(&dy);
        let (y, mut without) = (given.forward(), given.no_numbers());
        given.cell.backward(&given.parameters, &given.x, &y, &dy, None, &mut without);
        assert_eq!(without, with, "{name}");
    }
}

#[test]
fn cells_of_both_kinds_of_number_compute_the_same() {
    for ((name, single), (_, double)) in cells::<f32>().into_iter().zip(cells::<f64>()) {
        let (mut single, mut double) = (Given::new(&single), Given::new(&double));
        assert_close(&single.x.concat(), &double.x.concat(), 0.0, name);
        assert_close(&single.forward().concat(), &double.forward().concat(), 2e-5, name);
        let (gradient, dx) = single.backward(&single.dy.clone());
        let (expected, expected_dx) = double.backward(&double.dy.clone());
        assert_close(&dx.concat(), &expected_dx.concat(), 2e-4, name);
        // A gradient is a sum over 128 examples, whose size is that of the greatest of the cell.
        let size = expected.iter().fold(1.0_f64, |size, by| size.max(by.abs()));
        let scaled: Vec<f64> = gradient.iter().map(|by| f64::from(*by) / size).collect();
        let expected: Vec<f64> = expected.iter().map(|by| by / size).collect();
        assert_close(&scaled, &expected, 2e-4, name);
    }
}

#[test]
fn parameters_begin_as_their_seed_says_and_weights_are_theirs_alone() {
    for (name, build) in cells::<f64>() {
        let mut given = Given::new(&build);
        let drawn = |seed| {
            let mut parameters = given.no_numbers();
            given.cell.initialize(&mut parameters, &mut Random::new(seed, Purpose::Initial));
            parameters
        };
        let first = drawn(1);
        assert!(first.iter().all(|parameter| parameter.is_finite()), "{name}: {first:?}");
        assert_eq!(drawn(1), first, "{name}");
        let fixed = ["quotient", "root", "register", "calculator"].contains(&name);
        assert_eq!(drawn(2) == first, fixed, "{name}: other seeds begin elsewhere");
        let weights = given.cell.weights(&first);
        given.forward();
        assert_eq!(given.cell.weights(&first), weights, "{name}");
        assert_eq!(build().weights(&first), weights, "{name}");
    }
}

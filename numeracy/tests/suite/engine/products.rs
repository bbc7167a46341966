//! Sums and products of rows, against loops over whole numbers, which every order adds up to the same.

use std::panic::{AssertUnwindSafe, catch_unwind};

use gridworld_numeracy::engine::{
    BATCH, Purpose, Random, Real, Row, add, add_input_gradient, add_rows, dot, product, sum, weight_gradient, zeros,
};

/// Whole numbers from −8 to 8: sums of thousands of their products are exact in f32, too.
fn whole<T: Real>(random: &mut Random, count: usize) -> Vec<T> {
    (0..count).map(|_| T::from_f64(random.below(17) as f64 - 8.0)).collect()
}

fn rows<T: Real>(random: &mut Random, count: usize) -> Vec<Row<T>> {
    (0..count).map(|_| whole(random, BATCH).try_into().expect("a number for each example")).collect()
}

/// Compares all products of layers of this size with loops.
fn compare<T: Real>(inputs: usize, outputs: usize) {
    let mut random = Random::new((inputs * 100 + outputs) as u64, Purpose::Test);
    let w: Vec<T> = whole(&mut random, inputs * outputs);
    let (x, dy): (Vec<Row<T>>, Vec<Row<T>>) = (rows(&mut random, inputs), rows(&mut random, outputs));
    let at = |o: usize, i: usize| w[o * inputs + i].to_f64();
    let what = format!("{inputs} inputs, {outputs} outputs");

    let mut y = vec![[T::from_f64(f64::NAN); BATCH]; outputs];
    product(&w, &x, &mut y);
    let mut dw = vec![T::from_f64(f64::NAN); w.len()];
    weight_gradient(&x, &dy, &mut dw);
    let before: Vec<Row<T>> = rows(&mut random, inputs);
    let mut dx = before.clone();
    add_input_gradient(&w, &dy, &mut dx);
    for o in 0..outputs {
        for lane in 0..BATCH {
            let expected: f64 = (0..inputs).map(|i| at(o, i) * x[i][lane].to_f64()).sum();
            assert_eq!(y[o][lane].to_f64(), expected, "{what}: y {o} of {lane}");
        }
        for i in 0..inputs {
            let expected: f64 = (0..BATCH).map(|lane| dy[o][lane].to_f64() * x[i][lane].to_f64()).sum();
            assert_eq!(dw[o * inputs + i].to_f64(), expected, "{what}: dw {o} {i}");
        }
    }
    for i in 0..inputs {
        for lane in 0..BATCH {
            let more: f64 = (0..outputs).map(|o| at(o, i) * dy[o][lane].to_f64()).sum();
            assert_eq!(dx[i][lane].to_f64(), before[i][lane].to_f64() + more, "{what}: dx {i} of {lane}");
        }
    }
}

#[test]
fn products_are_those_of_loops_for_every_shape() {
    // Outputs are taken two by two: odd numbers of them leave one over.
    for inputs in [1, 2, 3, 4, 7, 20] {
        for outputs in [0, 1, 2, 3, 4, 5, 9] {
            compare::<f32>(inputs, outputs);
            compare::<f64>(inputs, outputs);
        }
    }
}

#[test]
fn sums_of_rows_are_off_by_seven_roundings_at_most() {
    let mut random = Random::new(2, Purpose::Test);
    for _ in 0..200 {
        let mut pair = [zeros::<f32>(); 2];
        random.fill(&mut pair, 0.001, 1.0);
        random.sign(&mut pair);
        let [a, b] = &pair;
        // 128 numbers are halved seven times; a product of f32 is exact in f64, and fused or rounded once here.
        let unit = f64::from(f32::EPSILON) / 2.0;
        let exact = |numbers: &dyn Fn(usize) -> f64| {
            (0..BATCH).map(numbers).fold((0.0, 0.0), |(sum, size), x| (sum + x, size + x.abs()))
        };
        let (expected, size) = exact(&|lane| f64::from(a[lane]));
        assert!((f64::from(sum(a)) - expected).abs() <= 7.0 * unit * size);
        let (expected, size) = exact(&|lane| f64::from(a[lane]) * f64::from(b[lane]));
        assert!((f64::from(dot(a, b)) - expected).abs() <= 8.0 * unit * size);
        assert_eq!(dot(a, &[1.0; BATCH]), sum(a), "a product with ones is rounded as a sum is");
    }
}

#[test]
fn every_example_is_in_a_sum_once() {
    for lane in 0..BATCH {
        let mut row = zeros::<f32>();
        row[lane] = 3.0;
        assert_eq!((sum(&row), dot(&row, &row)), (3.0, 9.0), "{lane}");
    }
    // Halves that are each other's opposite are added first, and leave nothing behind.
    let row: Row<f32> = std::array::from_fn(|lane| if lane < 64 { 0.1 } else { -0.1 } * (1 + lane % 64) as f32);
    assert_eq!((sum(&row), sum(&row.map(|x| x * 1e30))), (0.0, 0.0));
}

#[test]
fn numbers_are_added_one_to_one() {
    let mut sums = [1.0_f32, 2.0, 3.0];
    add(&mut sums, &[10.0, -2.0, 0.5]);
    assert_eq!(sums, [11.0, 0.0, 3.5]);
    add::<f32>(&mut [], &[]);
    let mut rows = [[1.0_f64; BATCH], [2.0; BATCH]];
    add_rows(&mut rows, &[[0.5; BATCH], [-2.0; BATCH]]);
    assert_eq!(rows, [[1.5; BATCH], [0.0; BATCH]]);
}

#[test]
fn shapes_that_do_not_fit_are_refused() {
    let refused = |work: &mut dyn FnMut()| {
        let reason = catch_unwind(AssertUnwindSafe(work)).expect_err("a shape that does not fit");
        let reason = reason.downcast_ref::<String>().expect("a reason").clone();
        assert!(reason.contains("for each"), "{reason}");
    };
    let (x, mut y, mut dx) = ([zeros::<f32>(); 2], [zeros(); 3], [zeros(); 2]);
    refused(&mut || product(&[0.0; 5], &x, &mut y));
    refused(&mut || weight_gradient(&x, &[zeros(); 3], &mut [0.0; 7]));
    refused(&mut || add_input_gradient(&[0.0; 5], &[zeros(); 3], &mut dx));
    refused(&mut || add(&mut [0.0; 2], &[1.0]));
    refused(&mut || add_rows(&mut dx, &[zeros()]));
}

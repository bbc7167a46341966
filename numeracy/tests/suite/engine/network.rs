//! Networks against their cells, one after the other.

use std::panic::catch_unwind;

use gridworld_numeracy::cells::{Activation, Cell, CellName};
use gridworld_numeracy::engine::{Adam, BATCH, Descent, Network, Purpose, Random, Real, Row, zeros};

type Cells<T> = Vec<Box<dyn Cell<T>>>;

/// Makes a network of three layers of different kinds, and of two outputs.
fn cells<T: Real>() -> Cells<T> {
    vec![CellName::Dense(Activation::Tanh).cell(3, 4), CellName::Nau.cell(4, 3), CellName::Nmu.cell(3, 2)]
}

/// Makes the network with inputs, and targets for its outputs.
fn network<T: Real>() -> (Network<T>, [Row<T>; 2]) {
    let mut network = Network::new(cells(), &mut Random::new(4, Purpose::Initial));
    let mut targets = [zeros(); 2];
    let mut random = Random::new(4, Purpose::Training);
    random.fill(network.inputs(), -1.0, 2.0);
    random.fill(&mut targets, -1.0, 1.0);
    (network, targets)
}

/// Computes the mean of the squared differences in any order.
fn mean_squared_error(outputs: &[Row<f64>], targets: &[Row<f64>]) -> f64 {
    let squares = outputs.concat().into_iter().zip(targets.concat()).map(|(y, t)| (y - t).powi(2));
    squares.sum::<f64>() / (outputs.len() * BATCH) as f64
}

#[test]
fn parameters_lie_in_the_order_of_the_cells() {
    let (mut network, _) = network::<f32>();
    let mut random = Random::new(4, Purpose::Initial);
    let drawn = cells::<f32>().into_iter().flat_map(|cell| {
        let mut own = vec![f32::NAN; cell.parameters()];
        cell.initialize(&mut own, &mut random);
        own
    });
    assert_eq!(network.parameters(), drawn.collect::<Vec<_>>());
    assert_eq!(network.parameters().len(), (3 * 4 + 4) + 4 * 3 + 3 * 2);
}

#[test]
fn outputs_are_those_of_cell_after_cell() {
    let (mut network, targets) = network::<f64>();
    let parameters = network.parameters().to_vec();
    let (mut values, mut rest) = (network.inputs().to_vec(), parameters.as_slice());
    for mut cell in cells::<f64>() {
        let (own, others) = rest.split_at(cell.parameters());
        let mut outputs = vec![zeros(); cell.outputs()];
        cell.forward(own, &values, &mut outputs);
        (values, rest) = (outputs, others);
    }
    assert_eq!(network.forward(), values);
    assert!((network.loss(&targets) - mean_squared_error(&values, &targets)).abs() < 1e-14);
}

#[test]
fn gradients_go_through_all_cells() {
    const STEP: f64 = 1e-6;
    let (mut network, targets) = network::<f64>();
    network.forward();
    let found = network.backward(&targets).to_vec();
    for (i, found) in found.iter().enumerate() {
        let mut at = |moved: f64| {
            network.parameters()[i] += moved;
            let loss = mean_squared_error(network.forward(), &targets);
            network.parameters()[i] -= moved;
            loss
        };
        let difference = (at(STEP) - at(-STEP)) / (2.0 * STEP);
        assert!((found - difference).abs() < 1e-8, "parameter {i}: {found} {difference}");
    }
    // A second pass back leaves nothing of the first.
    network.forward();
    network.backward(&targets);
    network.forward();
    let again = network.backward(&targets);
    assert!(again.iter().zip(&found).all(|(again, found)| (again - found).abs() < 1e-12));
}

#[test]
fn an_update_is_its_parts_in_their_order() {
    let descent = Descent { rate: 0.02, sparsity: 0.3, clip: Some(0.5) };
    let (mut whole, targets) = network::<f32>();
    let (mut parts, _) = network::<f32>();
    let (mut adam, mut adam_of_parts) = (Adam::new(34), Adam::new(34));
    for _ in 0..20 {
        whole.descend(&targets, &mut adam, &descent, |by| 3.0 * by);
        parts.forward();
        parts.backward(&targets).iter_mut().for_each(|by| *by *= 3.0);
        parts.add_sparsity(0.3);
        parts.clip(0.5);
        parts.update(&mut adam_of_parts, 0.02);
        assert_eq!(whole.parameters(), parts.parameters());
    }
    let plain = Descent { sparsity: 0.0, clip: None, ..descent };
    let (mut other, _) = network::<f32>();
    other.descend(&targets, &mut Adam::new(34), &plain, |by| 3.0 * by);
    assert_ne!(network::<f32>().0.parameters(), other.parameters());
}

#[test]
fn a_long_gradient_is_shortened_to_the_norm_and_keeps_its_direction() {
    // Adam's first step is s = g / (|g| + ε) times its rate: gradients as small as ε are read from it, |g| = ε |s| / (1 −
    // |s|).
    const EPSILON: f64 = 1e-8;
    const RATE: f64 = 1e-3;
    let norm = |gradient: &[f64]| gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
    for (greatest, expected) in [(2.0, 2.0), (0.5, 0.5), (3.5, 3.0), (f64::INFINITY, 3.0)] {
        let (mut network, targets) = network::<f64>();
        let before = network.parameters().to_vec();
        network.forward();
        let gradient = network.backward(&targets);
        let scale = 3.0 * EPSILON / norm(gradient);
        gradient.iter_mut().for_each(|by| *by *= scale);
        let direction: Vec<f64> = gradient.iter().map(|by| by / (3.0 * EPSILON)).collect();
        network.clip(greatest * EPSILON);
        network.update(&mut Adam::new(34), RATE);
        for ((after, before), direction) in network.parameters().iter().zip(&before).zip(direction) {
            let step = (before - after) / RATE;
            let found = EPSILON * step / (1.0 - step.abs());
            assert!((found / EPSILON - expected * direction).abs() < 1e-9, "{greatest}: {found:e} {direction}");
        }
    }
}

#[test]
fn regularizers_reach_the_parameters_of_their_cells_alone() {
    let (mut network, targets) = network::<f64>();
    network.forward();
    let before = network.backward(&targets).to_vec();
    network.add_sparsity(0.0);
    network.forward();
    let after = network.backward(&targets).to_vec();
    assert_eq!(after, before);
    // A dense layer has none; the other two draw by their weight over their number of weights.
    let mut cell_gradients = vec![0.0; 34];
    let parameters = network.parameters().to_vec();
    let mut begin = 0;
    for cell in cells::<f64>() {
        let end = begin + cell.parameters();
        cell.add_sparsity(&parameters[begin..end], 2.0, &mut cell_gradients[begin..end]);
        begin = end;
    }
    assert!(cell_gradients[..16].iter().all(|by| *by == 0.0));
    assert!(cell_gradients[16..28].iter().all(|by| by.abs() == 2.0 / 12.0), "{cell_gradients:?}");
    assert!(cell_gradients[28..].iter().all(|by| by.abs() == 2.0 / 6.0), "{cell_gradients:?}");
}

#[test]
fn the_sparsity_error_is_the_greatest_distance_from_a_whole_number() {
    // Madsen & Johansen 2020, §4.1: max min(|w|, |1 − |w||), over all cells.
    let cases: [(&[f64], f64); 7] = [
        (&[0.0, 1.0, -1.0, 0.0, 1.0, 0.0], 0.0),
        (&[0.0, 1.0, -0.75, 0.0, 1.0, 0.0], 0.25),
        (&[0.125, 1.0, -1.0, 0.0, 1.0, 0.0], 0.125),
        // Of the second cell.
        (&[0.125, 1.0, -1.0, 0.0, 0.5, 0.0], 0.5),
        // Beyond 1, too.
        (&[1.5, 1.0, -1.75, 0.0, 1.0, 0.0], 0.75),
        (&[0.0, f64::NAN, 0.5, 0.0, 1.0, 0.0], f64::INFINITY),
        (&[0.0, 0.5, 0.5, 0.0, 1.0, f64::NEG_INFINITY], f64::INFINITY),
    ];
    for (parameters, expected) in cases {
        let cells: Cells<f64> = vec![CellName::Nau.cell(2, 2), CellName::Nmu.cell(2, 1)];
        let mut network = Network::new(cells, &mut Random::new(1, Purpose::Initial));
        network.parameters().copy_from_slice(parameters);
        assert_eq!(network.sparsity_error(), expected, "{parameters:?}");
    }
    // Weights that are a function of the parameters: tanh(∞) σ(0) = ½.
    let mut nac = Network::new(vec![CellName::Nac.cell::<f64>(1, 1)], &mut Random::new(1, Purpose::Initial));
    nac.parameters().copy_from_slice(&[40.0, 0.0]);
    assert_eq!(nac.sparsity_error(), 0.5);
}

#[test]
fn weights_are_back_within_their_bounds_after_each_update() {
    let (mut network, targets) = network::<f32>();
    let mut adam = Adam::new(34);
    let huge = Descent { rate: 5.0, sparsity: 0.0, clip: None };
    for _ in 0..10 {
        network.descend(&targets, &mut adam, &huge, |by| by);
        let parameters = network.parameters();
        assert!(parameters[16..28].iter().all(|w| (-1.0..=1.0).contains(w)), "{parameters:?}");
        assert!(parameters[28..].iter().all(|w| (0.0..=1.0).contains(w)), "{parameters:?}");
        assert!(parameters[..16].iter().any(|w| w.abs() > 2.0), "nothing holds a dense layer");
    }
}

#[test]
fn cells_that_do_not_fit_are_refused() {
    let refused = catch_unwind(|| {
        let cells: Cells<f32> = vec![CellName::Nau.cell(2, 3), CellName::Nau.cell(2, 1)];
        Network::new(cells, &mut Random::new(1, Purpose::Initial))
    });
    let reason = *refused.err().expect("three outputs for two inputs").downcast::<String>().expect("a reason");
    assert!(reason.contains("cells fit together"), "{reason}");
}

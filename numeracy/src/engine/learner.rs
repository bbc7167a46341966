//! A network in training.

use super::{Adam, Cell, Descent, Network, Purpose, Random, Row, zeros};

/// A network of one output, its optimizer, and the source of its examples.
pub struct Learner {
    /// Network that is trained.
    pub network: Network<f32>,
    optimizer: Adam<f32>,
    random: Random,
    targets: [Row<f32>; 1],
}

impl Learner {
    /// Makes a network of these cells, as a seed begins.
    #[must_use]
    pub fn new(cells: Vec<Box<dyn Cell<f32>>>, seed: u64) -> Learner {
        let mut network = Network::new(cells, &mut Random::new(seed, Purpose::Initial));
        let optimizer = Adam::new(network.parameters().len());
        Learner { network, optimizer, random: Random::new(seed, Purpose::Training), targets: [zeros()] }
    }

    /// Makes one update on the inputs and targets that `draw` writes, with derivatives of the mean squared error as
    /// `scaled` gives them.
    pub fn update(
        &mut self,
        descent: &Descent,
        draw: impl FnOnce(&mut Random, &mut [Row<f32>], &mut Row<f32>),
        scaled: impl Fn(f32) -> f32,
    ) {
        draw(&mut self.random, self.network.inputs(), &mut self.targets[0]);
        self.network.descend(&self.targets, &mut self.optimizer, descent, scaled);
    }
}

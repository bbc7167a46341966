//! Arithmetic that extrapolates: the experiments of Trask et al. 2018 (arXiv:1808.00508) and of later papers.
//!
//! This crate tests whether a small network has learned to add, multiply or divide, and not only to fit the numbers
//! that it has seen. An update takes two to three microseconds: a hundred seeds of up to 500,000 updates take about a
//! minute on two cores.
//!
//! [`cells`] has layers whose derivatives are written by hand, [`recurrent`] those that read sequences, and [`engine`]
//! the networks that are built of them. [`tasks`] defines what is learned and when a seed counts as solved,
//! [`training`] the training loop that all tasks share. [`runner`] trains many seeds in parallel, [`seed_log`] records
//! the outcome of each seed in a run folder, and [`results`] writes the pages of results.
//!
//! Handwritten digits are read by a convnet of libtorch, and come with the default feature `digits`. Without it, this crate
//! needs no libtorch.
//!
//! ```
//! use gridworld_numeracy::cells::CellName;
//! use gridworld_numeracy::engine::{Adam, BATCH, Network, Purpose, Random, Row};
//!
//! // A neural addition unit learns a + b from numbers between 1 and 2.
//! let mut network = Network::<f32>::new(vec![CellName::Nau.cell(2, 1)], &mut Random::new(1, Purpose::Initial));
//! let mut adam = Adam::new(network.parameters().len());
//! let mut random = Random::new(1, Purpose::Training);
//! let mut draw = |inputs: &mut [Row<f32>], least, greatest| -> [Row<f32>; 1] {
//!     random.fill(inputs, least, greatest);
//!     [std::array::from_fn(|example: usize| inputs[0][example] + inputs[1][example])]
//! };
//! for _ in 0..3_000 {
//!     let sums = draw(network.inputs(), 1.0, 2.0);
//!     network.forward();
//!     network.backward(&sums);
//!     network.update(&mut adam, 1e-2);
//! }
//! // It is asked for sums a hundred times as great, of 128 examples at once.
//! let sums = draw(network.inputs(), 100.0, 200.0);
//! network.forward();
//! assert!(network.loss(&sums) < 1.0 && BATCH == 128);
//! ```

pub mod cells;
pub mod diverged;
pub mod engine;
pub mod metrics;
pub mod published;
pub mod recurrent;
pub mod results;
pub mod run_context;
pub mod runner;
pub mod schedule;
pub mod seed_log;
pub mod summary;
pub mod tasks;
pub mod training;

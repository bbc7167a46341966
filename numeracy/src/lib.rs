//! Arithmetic that extrapolates: the experiments of Trask et al. 2018 (arXiv:1808.00508) and of those who followed them.
//!
//! For whoever asks if a small network has learned to add, multiply or divide, and not only to fit the numbers that it has
//! seen. A step of training takes a few microseconds, so that a hundred seeds are a matter of a minute.
//!
//! [`cells`] are layers with derivatives worked out by hand, and [`recurrent`] ones read sequences. [`engine`] trains small
//! networks of them. [`tasks`] are what is learned, and how it is judged; [`training`] is the loop that all of them share. A
//! [`runner`] works on many seeds side by side, a [`seed_log`] keeps what each seed came to in a run's folder, and [`results`]
//! are the pages about all of them.
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

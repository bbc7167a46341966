//! Settings of an identity experiment.

use serde::{Deserialize, Serialize};

use crate::cells::{Activation, CellName};

/// Settings of an identity experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdentityConfig {
    /// Cells of the networks, which take turns from seed to seed.
    pub cells: Vec<CellName>,
    /// Number of updates of each seed. The paper does not say.
    pub iterations: u64,
    /// Step size of Adam. The paper does not say.
    pub learning_rate: f64,
}

impl Default for IdentityConfig {
    /// Makes an experiment with all non-linearities and the NAC.
    fn default() -> IdentityConfig {
        let dense = Activation::ALL.into_iter().map(|(activation, _)| CellName::Dense(activation));
        let cells = dense.chain([CellName::Nac]).collect();
        IdentityConfig { cells, iterations: 20_000, learning_rate: 1e-3 }
    }
}

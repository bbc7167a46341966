//! Training settings of each cell in the published experiments.

use crate::schedule::Sparsity;

/// Training settings of a cell in the experiments of two papers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learning {
    /// The regularizer on sums of subsets, of five million updates (Madsen & Johansen 2020, table 4); nothing for cells of
    /// ours, which have a schedule of their own there. Cells that the paper does not have are treated as its NMU.
    pub subsets: Option<Sparsity>,
    /// The regularizer on pairs, of 50,000 updates (Mistry et al. 2022a, and their programs).
    pub pairs: Sparsity,
    /// Adam's step size on pairs.
    pub pairs_rate: f64,
    /// The greatest norm of a gradient on pairs, if there is one.
    pub pairs_clip: Option<f64>,
}

/// Makes a regularizer of this weight that grows between two updates.
const fn sparsity(weight: f64, start: u64, end: u64) -> Sparsity {
    Sparsity { weight, ramp: (start, end) }
}

impl Learning {
    /// Settings without a regularizer.
    pub const PLAIN: Learning =
        Learning { subsets: Some(Sparsity::NONE), pairs: Sparsity::NONE, pairs_rate: 1e-3, pairs_clip: None };
    /// Settings for weights of a sum, drawn to whole numbers.
    pub const SUM: Learning = Learning {
        subsets: Some(sparsity(0.01, 5_000, 50_000)),
        pairs: sparsity(0.01, 20_000, 35_000),
        ..Learning::PLAIN
    };
    /// Settings for weights of a product, drawn to whole numbers.
    pub const PRODUCT: Learning = Learning::regularized(10.0);
    /// Settings for the improved NALU.
    pub const INALU: Learning = Learning::regularized(0.05);
    /// Settings for the neural multiplicative reciprocal unit.
    pub const RECIPROCAL: Learning = Learning { pairs_rate: 1e-2, pairs_clip: Some(1.0), ..Learning::PRODUCT };
    /// Settings for powers.
    pub const POWER: Learning = Learning { pairs_rate: 5e-3, ..Learning::PLAIN };
    /// Settings for powers, drawn to whole numbers.
    pub const WHOLE_POWER: Learning =
        Learning { subsets: Learning::PRODUCT.subsets, pairs: sparsity(1.0, 40_000, 50_000), ..Learning::POWER };
    /// Settings for powers that begin as a quotient or a root.
    pub const OURS: Learning = Learning { subsets: None, ..Learning::WHOLE_POWER };

    const fn regularized(weight: f64) -> Learning {
        Learning {
            subsets: Some(sparsity(weight, 1_000_000, 2_000_000)),
            pairs: sparsity(weight, 20_000, 35_000),
            ..Learning::PLAIN
        }
    }
}

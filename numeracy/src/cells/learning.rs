//! Training settings of each cell in the published experiments.

use crate::schedule::Sparsity;

/// Training settings of a cell in the experiments of Madsen & Johansen 2020 and of Mistry et al. 2022a.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Learning {
    /// The regularizer on sums of subsets, of five million updates (Madsen & Johansen 2020, table 4); `None` for this
    /// project's own cells, which have a schedule of their own there. Other cells that the paper does not have are
    /// treated as its NMU.
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
    /// Settings of the cells without a regularizer: [`CellName::Nac`](super::CellName::Nac), `NacMul`, `Nalu`,
    /// `NaluSeparate` and `Dense`.
    pub const PLAIN: Learning =
        Learning { subsets: Some(Sparsity::NONE), pairs: Sparsity::NONE, pairs_rate: 1e-3, pairs_clip: None };
    /// Settings of [`CellName::Nau`](super::CellName::Nau) and [`CellName::NauHalf`](super::CellName::NauHalf), sums
    /// with a sparsity regularizer.
    pub const SUM: Learning = Learning {
        subsets: Some(sparsity(0.01, 5_000, 50_000)),
        pairs: sparsity(0.01, 20_000, 35_000),
        ..Learning::PLAIN
    };
    /// Settings of [`CellName::Nmu`](super::CellName::Nmu) and [`CellName::NmuAll`](super::CellName::NmuAll), products
    /// with a sparsity regularizer.
    pub const PRODUCT: Learning = Learning::regularized(10.0);
    /// Settings of [`CellName::INalu`](super::CellName::INalu).
    pub const INALU: Learning = Learning::regularized(0.05);
    /// Settings of [`CellName::Nmru`](super::CellName::Nmru).
    pub const RECIPROCAL: Learning = Learning { pairs_rate: 1e-2, pairs_clip: Some(1.0), ..Learning::PRODUCT };
    /// Settings of [`CellName::RealNpu`](super::CellName::RealNpu).
    pub const POWER: Learning = Learning { pairs_rate: 5e-3, ..Learning::PLAIN };
    /// Settings of [`CellName::RealNpuWhole`](super::CellName::RealNpuWhole).
    pub const WHOLE_POWER: Learning =
        Learning { subsets: Learning::PRODUCT.subsets, pairs: sparsity(1.0, 40_000, 50_000), ..Learning::POWER };
    /// Settings of [`CellName::Quotient`](super::CellName::Quotient) and [`CellName::Root`](super::CellName::Root).
    pub const OURS: Learning = Learning { subsets: None, ..Learning::WHOLE_POWER };

    const fn regularized(weight: f64) -> Learning {
        Learning {
            subsets: Some(sparsity(weight, 1_000_000, 2_000_000)),
            pairs: sparsity(weight, 20_000, 35_000),
            ..Learning::PLAIN
        }
    }
}

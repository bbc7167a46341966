//! Vector instructions without `unsafe`.

use pulp::Arch;

/// Runs `work` compiled for the widest vectors that this processor has. What it does to each number is the same
/// everywhere: fused products are written as such, and nothing is reordered.
#[inline(always)]
pub fn vectorized<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

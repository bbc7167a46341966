//! Version and revision of this program.

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The git revision that it was built from; `unknown` outside a checkout.
pub const REVISION: &str = env!("GRIDWORLD_REVISION");

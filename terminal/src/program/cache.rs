//! The cache folder, which holds what the scripts prepare.

use std::path::PathBuf;

/// Gives the path of the cache folder, which holds the things that scripts prepare: libtorch, and digits.
#[must_use]
pub fn cache_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("GRIDWORLD_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|path| path.join("gridworld")))
        .or_else(|| set("HOME").map(|path| path.join(".cache/gridworld")))
}

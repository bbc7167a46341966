//! Build script help: programs that find libtorch when they are started, without `LD_LIBRARY_PATH`.
//!
//! Cargo hands the flags of a linker only to the package whose build script gives them, so each package with a program,
//! a test or an example that trains needs this line in the `main` of its `build.rs`:
//!
//! ```no_run
//! gridworld_link::link();
//! ```
//!
//! and in its `Cargo.toml`, beside a dependency on `gridworld` or `gridworld-agents`:
//!
//! ```toml
//! [build-dependencies]
//! gridworld-link = { path = "../gridworld/link" }
//! ```

use std::env;
use std::path::{Path, PathBuf};

/// Variables in which cargo tells a build script where libtorch is, each by a package on which it depends directly.
const PLACES: [&str; 3] = ["DEP_TCH_LIBTORCH_LIB", "DEP_GRIDWORLD_LIBTORCH_LIB", "DEP_GRIDWORLD_AGENTS_LIBTORCH_LIB"];

/// Tells cargo, on standard output, how programs of this package are linked: with libtorch, and with its folder in them.
///
/// Packages that depend on this one are told the place, too, if it has `links` in its manifest. Where no dependency has
/// told it, there is a warning and nothing else.
pub fn link() {
    let Some(lib) = PLACES.into_iter().find_map(|name| env::var(name).ok()) else {
        println!(
            "cargo::warning=no dependency says where libtorch is: depend on gridworld or gridworld-agents directly"
        );
        return;
    };
    // The project's `libtorch` is a link that may be moved or point elsewhere later; what it points to stays.
    let lib = Path::new(&lib).canonicalize().unwrap_or_else(|_| PathBuf::from(&lib));
    println!("cargo::rerun-if-changed={}", lib.join("../build-version").display());
    if env::var_os("CARGO_MANIFEST_LINKS").is_some() {
        println!("cargo::metadata=libtorch_lib={}", lib.display());
    }
    for argument in arguments(&lib) {
        println!("cargo::rustc-link-arg={argument}");
    }
}

/// The linker's arguments for the libtorch in the folder `lib`.
fn arguments(lib: &Path) -> Vec<String> {
    let mut arguments = vec![
        // A path in DT_RPATH, unlike one in DT_RUNPATH, is also searched for what the libraries need.
        "-Wl,--disable-new-dtags".to_owned(),
        format!("-Wl,-rpath,{}", lib.display()),
        "-Wl,-rpath,$ORIGIN/../lib".to_owned(),
        // libtorch registers itself when loaded; the linker sees no use of it and would drop it.
        "-Wl,--no-as-needed".to_owned(),
        "-ltorch".to_owned(),
    ];
    if lib.join("libtorch_cuda.so").exists() {
        arguments.push("-ltorch_cuda".to_owned());
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuda_is_linked_where_it_is_there() {
        let here = arguments(Path::new("/nowhere/lib"));
        assert!(here.contains(&"-Wl,-rpath,/nowhere/lib".to_owned()) && !here.contains(&"-ltorch_cuda".to_owned()));
    }
}

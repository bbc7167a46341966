//! Tells the linker where libtorch is, and the program which revision it is built from. Serves both
//! packages that link with libtorch.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    link();
    revision();
}

/// Without these a binary would find its libraries only through LD_LIBRARY_PATH.
fn link() {
    // Set by torch-sys, on which a package must depend directly to see it.
    let Ok(lib) = std::env::var("DEP_TCH_LIBTORCH_LIB") else { return };
    // The project's `libtorch` is a link that may be moved or point elsewhere later; what it points
    // to stays.
    let lib = Path::new(&lib).canonicalize().unwrap_or_else(|_| PathBuf::from(&lib));
    println!("cargo:rerun-if-changed={}", lib.join("../build-version").display());
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
    for argument in arguments {
        println!("cargo:rustc-link-arg={argument}");
    }
}

/// Sets GRIDWORLD_REVISION; `unknown` outside a git checkout.
fn revision() {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if let Some(folder) = git(&["rev-parse", "--absolute-git-dir"]) {
        // The log of HEAD grows with every commit and checkout.
        for file in ["HEAD", "logs/HEAD"] {
            println!("cargo:rerun-if-changed={folder}/{file}");
        }
    }
    let revision = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo:rustc-env=GRIDWORLD_REVISION={revision}");
}

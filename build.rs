//! Tells the linker where libtorch is, and the program which revision it is.

use std::path::Path;
use std::process::Command;

fn main() {
    link();
    let revision = revision().unwrap_or_else(|| "unknown".to_owned());
    println!("cargo:rustc-env=GRIDWORLD_REVISION={revision}");
}

/// Without these a binary would find its libraries only through LD_LIBRARY_PATH.
fn link() {
    let Ok(lib) = std::env::var("DEP_TCH_LIBTORCH_LIB") else { return };
    let lib = Path::new(&lib);
    let real = lib.canonicalize().unwrap_or_else(|_| lib.to_owned());
    println!("cargo:rustc-link-arg=-Wl,-rpath,{}", real.display());
    println!("cargo:rustc-link-arg=-Wl,-rpath,$ORIGIN/../lib");
    println!("cargo:rustc-link-arg=-Wl,--no-as-needed");
    println!("cargo:rustc-link-arg=-ltorch");
}

fn revision() -> Option<String> {
    let output = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

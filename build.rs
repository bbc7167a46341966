//! Links with libtorch, and tells the program which revision it is built from.

use std::process::Command;

fn main() {
    gridworld_link::link();
    revision();
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

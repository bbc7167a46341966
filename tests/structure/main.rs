//! The shape of the workspace, as ARCHITECTURE.md and CONTRIBUTING.md describe it: read from the manifests and from the
//! source. Nothing here is linked with the program.

mod absent;
mod circles;
mod contributing;
mod floors;
mod manifests;
mod pages;
mod readmes;
mod source;
mod tokens;
mod tree;

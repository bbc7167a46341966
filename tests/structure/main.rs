//! The shape of the workspace, as ARCHITECTURE.md describes it: read from the manifests and from the source.

mod absent;
mod circles;
mod floors;
mod manifests;
mod source;
mod tokens;
mod tree;

//! The only file with `unsafe`, compiled by itself: see `make memcheck`.

#[path = "../../agents/src/kernels.rs"]
pub mod kernels;

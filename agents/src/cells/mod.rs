//! The cells: small pure functions over tensors, each with the equation that it computes.

pub mod lstm;
pub mod nac;
pub mod nalu;
pub mod nau;

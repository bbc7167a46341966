//! The cells: small pure functions over tensors, each with the equation that it computes.

pub mod gru;
pub mod lstm;
pub mod nac;
pub mod nalu;
pub mod nau;
pub mod rnn;

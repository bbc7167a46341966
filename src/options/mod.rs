//! Flags that several commands have, and the parsing of their values.

pub mod arguments;
pub mod device;
pub mod environment;
pub mod player;
pub mod training;

//! Flags that several commands have, and the parsing of their values.

pub mod arguments;
pub mod device;
pub mod environment;
pub mod subject;
pub mod training;

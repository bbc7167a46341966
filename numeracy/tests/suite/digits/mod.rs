//! Tests of sequences of digits: their files, the operations on them, and learning.

mod completion;
mod drawn;
mod files;
mod learning;

//! Sequences of digits: their files, what is asked of them, and that they are learned.

mod drawn;
mod files;
mod learning;

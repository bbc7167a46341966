//! The cells: small pure functions over tensors, each with the equation that it computes, and those of the feedback loop
//! as [`LoopCell`]s, by name in the table [`Cell::ALL`].

mod given;
mod gru;
mod loop_cell;
mod loop_step;
mod lstm;
pub mod nac;
pub mod nalu;
pub mod nau;
pub mod nmu;
mod rnn;
mod table;
mod ternary;

pub use gru::gru;
pub use loop_cell::{About, Constraint, Initial, LoopCell, Output, Unit, UnitGradient, dot};
pub(crate) use loop_step::show_phase;
pub use loop_step::{Gradients, Loop, LoopRows, MOST_UNITS, Shown};
pub use lstm::lstm;
pub use rnn::rnn;
pub use table::{Cell, CellEntry};
pub(crate) use ternary::ternary;

macro_rules! table {
    ($($name:ident: $cell:ty,)+) => {
        #[allow(non_upper_case_globals, reason = "they are written like variants, and are so in all but their number")]
        impl Cell {
            $(
                #[doc = concat!("The built-in cell `", stringify!($name), "`.")]
                pub const $name: Cell = Cell::of::<$cell>();
            )+

            /// The built-in cells, in the order of the tables.
            pub const ALL: &'static [Cell] = &[$(Cell::$name),+];
        }
    };
}

table! {
    Nac: nac::Nac,
    Nalu: nalu::Nalu,
    Nau: nau::Nau,
    Nmu: nmu::Nmu,
    Ternary: ternary::Ternary,
    Elapsed: given::Elapsed,
    Remaining: given::Remaining,
}

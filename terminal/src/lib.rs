//! The command line as a process and a screen: errors, interruption, output files, tables, colours and progress.
//!
//! For the commands of `gridworld`, and for programs beside it that should look and end alike. A command gives a
//! [`CliError`](program::CliError), whose report is one line and an exit status; it prints through [`output`],
//! which writes files whole or not at all and lets no name command the terminal; a [`Reporter`] shows
//! the progress of a training that it hears of as a listener of `gridworld-records`. Nothing here knows libtorch, agents
//! or environments.
//!
//! ```
//! use gridworld_terminal::columns::{Column, Side, Table};
//!
//! let columns = vec![Column::new("agent", Side::Left), Column::new("success", Side::Right)];
//! let rows = vec![vec!["lstm-nac".into(), "100.0 %".into()], vec!["random".into(), "1.2 %".into()]];
//! assert_eq!(Table { columns, rows }.plain("  ").lines().count(), 3);
//! ```

pub mod bars;
mod colour;
pub mod columns;
pub mod full_screen;
pub mod output;
mod palette;
pub mod program;
mod progress;

pub use colour::ColourChoice;
pub use palette::Palette;
pub use progress::{Countdown, Glyphs, Progress, Reporter, Words, metrics};

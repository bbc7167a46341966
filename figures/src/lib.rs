//! Figures from plain numbers: panels with axes, curves, intervals and a legend, as SVG and as PNG.
//!
//! This crate draws numbers as pictures that are the same on every machine: the font is part of the program, and
//! nothing is read from the system. Nothing here depends on agents, tasks, files or commands.
//!
//! A figure begins as a [`FigureFrame`] with its title and legend. [`Panel`]s with an [`Axis`] each way are drawn
//! on its [`svg::Svg`]. [`png()`] gives the same picture in pixels. [`raster`] has pictures of few colours, and
//! animations of them.
//!
//! [`trainings::draw`] makes the figures of agents that were trained: what they learn, and what they do at each T.
//! [`experiments::draw`] makes those of experiments in arithmetic. Both take the numbers of each seed, and estimate over the
//! seeds.
//!
//! ```
//! use gridworld_figures::{Axis, Named, Panel, png, BELOW, LEFT, MARGIN, FigureFrame, WIDTH};
//! use gridworld_figures::style::INK;
//! use gridworld_figures::svg::{Rect, Stroke};
//!
//! let mut sheet = FigureFrame::new("squares", "Squares", "Of the numbers from 0 to 10.", &[]);
//! let area = Rect { x: LEFT, y: sheet.top, width: WIDTH - LEFT - MARGIN, height: 200.0 };
//! let x = Axis::linear("n", (0.0, 10.0), (area.x, area.right()), 5);
//! let y = Axis::linear("n²", (0.0, 100.0), (area.bottom(), area.y), 5);
//! let panel = Panel::new(&mut sheet.svg, area, x, y, Named::Both);
//! let squares = (0..=10).map(f64::from).map(|n| (n, n * n));
//! panel.line(&mut sheet.svg, "squares", squares, &Stroke::solid(INK, 1.5));
//! let figure = sheet.finish(area.bottom() + BELOW);
//!
//! assert!(figure.svg.starts_with("<svg"));
//! assert_eq!(png(&figure.svg, 2.0)?.width, 1520);
//! # Ok::<(), gridworld_figures::PixelError>(())
//! ```

mod axis;
pub mod experiments;
mod figure_frame;
mod font;
#[cfg(test)]
mod legible;
mod panel;
mod pixels;
pub mod raster;
pub mod style;
pub mod svg;
pub mod trainings;
mod words;

pub use axis::{Axis, Place, Tick};
pub use figure_frame::{BELOW, Entry, Figure, FigureFrame, LEFT, MARGIN, WIDTH};
pub use font::Weight;
pub use panel::{Named, Panel};
pub use pixels::{PixelError, Png, SCALE, png};

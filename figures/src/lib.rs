//! Figures from plain numbers: an SVG picture of panels with axes, curves, intervals and a legend, and the same in pixels.
//!
//! A figure begins as a [`sheet::Sheet`] with its title and legend; [`panel::Panel`]s with an [`axis::Axis`] each way are
//! drawn on its [`svg::Svg`]. The letters are part of the program, so that a figure is the same on every machine;
//! [`pixels::png`] draws one in pixels. Pictures of few colours, and animations of them, are in [`raster`]. Nothing here knows runs, agents or files.

pub mod axis;
pub mod font;
pub mod panel;
pub mod pixels;
pub mod raster;
pub mod sheet;
pub mod style;
pub mod svg;

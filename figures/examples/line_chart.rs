//! A line chart from plain numbers, as SVG and PNG: two groups of three curves each, drawn as interquartile means with
//! bootstrap intervals.
//!
//! `cargo run --release -p gridworld-figures --example line_chart [POINTS] [FOLDER]`

use std::path::PathBuf;

use gridworld_figures::style::styles;
use gridworld_figures::svg::Rect;
use gridworld_figures::{Axis, BELOW, Entry, FigureFrame, LEFT, MARGIN, Named, Panel, WIDTH, png};
use gridworld_statistics::curves::{Curve, along};

const STEPS: f64 = 200_000.0;

/// Makes a learning curve that comes to `1 − 1/e` after `scale` steps.
fn curve(points: usize, scale: f64) -> Curve {
    let places = (0..points).map(|index| STEPS * index as f64 / (points - 1).max(1) as f64);
    places.map(|steps| (steps, 1.0 - (-steps / scale).exp())).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let points = std::env::args().nth(1).map_or(Ok(40), |points| points.parse())?;
    let folder = match std::env::args_os().nth(2) {
        Some(path) => PathBuf::from(path),
        None => tempfile::tempdir()?.keep(),
    };
    let groups = [("fast", [20e3, 25e3, 40e3]), ("slow", [60e3, 90e3, 150e3])];

    let names = groups.map(|(name, _)| name.to_owned());
    let styles = styles(&names, &[]);
    let legend: Vec<Entry> =
        styles.iter().zip(&names).map(|(style, name)| Entry::Group(*style, name.clone())).collect();
    let note = "Interquartile means over three runs, with 95 % bootstrap intervals.";
    let mut sheet = FigureFrame::new("line-chart", "Success while learning", note, &legend);

    let area = Rect { x: LEFT, y: sheet.top, width: WIDTH - LEFT - MARGIN, height: 260.0 };
    let x = Axis::linear("environment steps", (0.0, STEPS), (area.x, area.right()), 5);
    let y = Axis::linear("success", (0.0, 1.0), (area.bottom(), area.y), 5);
    let panel = Panel::new(&mut sheet.svg, area, x, y, Named::Both);
    for ((name, scales), style) in groups.iter().zip(&styles) {
        let runs = scales.map(|scale| curve(points, scale));
        let estimates = along(&runs, points)?;
        panel.curve(&mut sheet.svg, name, &estimates, style, |index| index % 8 == 0);
    }
    let figure = sheet.finish(area.bottom() + BELOW);

    std::fs::create_dir_all(&folder)?;
    let picture = png(&figure.svg, 2.0)?;
    let paths = ["line_chart.svg", "line_chart.png"].map(|file| folder.join(file));
    std::fs::write(&paths[0], &figure.svg)?;
    std::fs::write(&paths[1], &picture.bytes)?;
    println!("{}", figure.alt);
    println!("{}\n{}, {}×{} pixels", paths[0].display(), paths[1].display(), picture.width, picture.height);
    Ok(())
}

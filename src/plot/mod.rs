//! `gridworld plot`: figures of runs.

mod axis;
mod estimate;
mod figures;
mod font;
mod identity;
mod kinds;
mod material;
mod panel;
mod pixels;
mod runs;
mod sheet;
mod style;
mod svg;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::output::{self, write_file};
pub use figures::{Album, Figure, FigureName, Missing, evaluation, figures};
pub use identity::identity;
pub use kinds::{Kind, kinds, runs};
pub use material::Material;
pub use pixels::{Png, png};
pub use runs::RunData;

/// Pixels of a PNG for each of a figure's own.
pub const SCALE: f32 = 2.0;

/// What `plot` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Runs' folders, or folders of runs
    #[arg(required = true, value_name = "RUN", value_hint = ValueHint::DirPath)]
    runs: Vec<PathBuf>,
    /// Folder of the figures; figures of the same names in it are replaced
    #[arg(long, value_name = "DIR", default_value = "figures", value_hint = ValueHint::DirPath)]
    out: PathBuf,
    /// Which files are written for each figure
    #[arg(long, value_enum, default_value_t = Format::Both)]
    format: Format,
    /// Only these figures [default: all]
    #[arg(long, value_enum, value_name = "NAME", value_delimiter = ',')]
    only: Vec<FigureName>,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld plot runs/TimedArrival-v1__lstm-nac__seed1__20261123-120000
  gridworld plot runs/paper
  gridworld plot runs/paper/lstm__seed* runs/paper/lstm-nau__seed* --only success,arrival --out mine
  gridworld plot runs/paper --format svg --json";

/// The kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines and letters, sharp at any size
    Svg,
    /// Pixels
    Png,
    /// An SVG and a PNG
    Both,
}

/// Plots.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let wanted: Vec<FigureName> =
        FigureName::ALL.into_iter().filter(|name| arguments.only.is_empty() || arguments.only.contains(name)).collect();
    let out = folder(&arguments.out)?;
    let material = Material::read(&arguments.runs)?;
    let album = figures(&material, &wanted).map_err(Failure::failed)?;
    let mut files = Vec::new();
    for figure in &album.figures {
        let written = write(figure, out, arguments.format)?;
        if !arguments.json {
            let names = written.iter().filter_map(|file| file["path"].as_str()).collect::<Vec<_>>();
            output::print(&format!("{}: {}\n", figure.name.as_str(), names.join(", ")))?;
        }
        files.push(json!({"figure": figure.name, "title": figure.title, "alt": figure.alt, "files": written}));
    }
    if arguments.json {
        let groups = material.groups.iter().map(|group| {
            let runs = group.runs.iter().map(|run| &run.path).collect::<Vec<_>>();
            json!({"name": group.name, "agent": group.runs[0].agent(), "runs": runs})
        });
        let groups = groups.collect::<Vec<_>>();
        output::print_json(&json!({"groups": groups, "figures": files, "missing": album.missing}))?;
    } else {
        album.missing.iter().for_each(|missing| output::tell(&missing.line()));
    }
    match album.figures.is_empty() {
        true => Err(Failure::failed("no figure could be drawn")),
        false => Ok(()),
    }
}

impl Missing {
    /// What is left out, in a line.
    pub fn line(&self) -> String {
        let run = self.run.as_ref().map_or(String::new(), |run| format!(" without {run}"));
        let what = if self.run.is_some() { "" } else { " is left out" };
        format!("{}{run}{what}: {}", self.figure.as_str(), self.reason)
    }
}

/// Writes the files of a figure, each whole or not at all.
fn write(figure: &Figure, out: &Path, format: Format) -> Result<Vec<Value>, Failure> {
    let mut written = Vec::new();
    let mut keep = |ending: &str, bytes: &[u8], mut document: Value| {
        let path = out.join(format!("{}.{ending}", figure.name.as_str()));
        write_file(&path, bytes)?;
        (document["path"], document["bytes"]) = (json!(path), json!(bytes.len()));
        written.push(document);
        Ok::<(), Failure>(())
    };
    if format != Format::Png {
        keep("svg", figure.svg.as_bytes(), json!({}))?;
    }
    if format != Format::Svg {
        let picture = png(&figure.svg, SCALE).map_err(Failure::failed)?;
        keep("png", &picture.bytes, json!({"width": picture.width, "height": picture.height}))?;
    }
    Ok(written)
}

/// The folder `path`, which is made where it is missing, if it can be written to.
fn folder(path: &Path) -> Result<&Path, Failure> {
    let refuse = |error: std::io::Error| Failure::usage(format!("--out {}: {error}", path.display()));
    fs::create_dir_all(path).map_err(refuse)?;
    tempfile::tempfile_in(path).map(|_| path).map_err(refuse)
}

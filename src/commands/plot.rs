//! `gridworld plot`: figures of runs, agents' and arithmetic's.

use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum, ValueHint};
use gridworld_figures::trainings::{Missing, draw, names};
use gridworld_figures::{Figure, SCALE, png};
use serde_json::{Map, Value, json};

use crate::figure_data::{Variant, experiments, found, runs, trainings, variants};

use crate::run::configuration::is_arithmetic;
use gridworld_envs::Registry;
use gridworld_terminal::output::{self, folder, write_file};
use gridworld_terminal::program::{CliError, message, shell};

/// Arguments of `plot`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Runs to plot, or folders of runs (agents or arithmetic)
    #[arg(required = true, value_name = "RUN", value_hint = ValueHint::DirPath)]
    runs: Vec<PathBuf>,
    /// Folder for the figures; files of the same names are replaced
    #[arg(long, value_name = "DIR", default_value = "figures", value_hint = ValueHint::DirPath)]
    out: PathBuf,
    /// File format of the figures
    #[arg(long, value_enum, default_value_t = Format::Both)]
    format: Format,
    /// Only these figures (agent runs) [default: all]
    #[arg(long, value_parser = figure_names(), value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld plot runs/TimedArrival-v1__lstm-nac__seed1__20261123-120000
  gridworld plot runs/paper
  gridworld plot runs/paper/lstm__seed* --only success,arrival --out mine
  gridworld plot runs/paper --format svg --json
  gridworld plot runs/numeracy/static-mul-nmu runs/numeracy/static-mul-nmu-late";

/// Kinds of the files of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Vector graphics, sharp at any size
    Svg,
    /// Pixel graphics, for programs without SVG
    Png,
    /// Both an SVG and a PNG
    Both,
}

/// Gives the names of figures of agents.
fn figure_names() -> PossibleValuesParser {
    names().map(|(name, summary)| PossibleValue::new(name).help(summary)).into()
}

/// Runs the command `plot`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    let found = found(&arguments.runs)?;
    let (experiments, agents): (Vec<PathBuf>, Vec<PathBuf>) = found.into_iter().partition(|path| is_arithmetic(path));
    let (mut document, mut files) = (Map::new(), Vec::new());
    // What cannot be drawn leaves no folder behind.
    let variants = variants(runs(&agents, registry)?);
    let trainings = if variants.is_empty() { None } else { Some(trainings(&variants.iter().collect::<Vec<_>>())?) };
    let out = folder::ready("--out", &arguments.out, |path| fs::create_dir_all(path))?;
    if let Some(trainings) = trainings {
        let album = draw(&trainings, &arguments.only).map_err(CliError::failed)?;
        for figure in &album.figures {
            files.push(write(figure, out, arguments)?);
        }
        if !arguments.json {
            album.missing.iter().for_each(|missing| message::tell(&missing.line()));
        }
        document.insert("groups".to_owned(), variants.iter().map(group).collect());
        document.insert("missing".to_owned(), album.missing.iter().map(missing).collect());
    }
    // A name of `--only` is that of a figure of agents.
    if !experiments.is_empty() && (agents.is_empty() || arguments.only.is_empty()) {
        files.extend(of_arithmetic(arguments, out, &experiments)?);
        let runs: Vec<_> = experiments.iter().map(|run| run.to_string_lossy()).collect();
        document.insert("runs".to_owned(), json!(runs));
    }
    let drawn = !files.is_empty();
    document.insert("figures".to_owned(), Value::Array(files));
    if arguments.json {
        output::print_json(&document)?;
    }
    if !drawn {
        return Err(CliError::failed("no figure could be drawn"));
    }
    if !arguments.json && !agents.is_empty() {
        // A report is of agents alone.
        let has_agents = |path: &Path| agents.iter().any(|run| run.starts_with(path));
        let runs = arguments.runs.iter().filter(|path| has_agents(path)).map(|run| run.as_os_str());
        let words = ["report".as_ref()].into_iter().chain(runs).chain(["--out".as_ref(), "report.html".as_ref()]);
        message::suggest(&shell::command_here(words));
    }
    Ok(())
}

/// Gives a group, as `--json` has it.
fn group(Variant { name, runs }: &Variant) -> Value {
    let paths = runs.iter().map(|run| run.path.to_string_lossy()).collect::<Vec<_>>();
    json!({"name": name, "agent": runs[0].agent(), "runs": paths})
}

/// Gives a figure that is left out, or a run of it, as `--json` has it.
fn missing(Missing { figure, run, reason }: &Missing) -> Value {
    json!({"figure": figure, "run": run, "reason": reason})
}

/// Plots runs of arithmetic: each figure, as `--json` has it.
fn of_arithmetic(arguments: &Arguments, out: &Path, runs: &[PathBuf]) -> Result<Vec<Value>, CliError> {
    if let Some(name) = arguments.only.first() {
        return Err(CliError::usage(format!(
            "--only {name}: arithmetic runs have no figure of that name; drop the flag"
        )));
    }
    experiments(runs)?.iter().map(|figure| write(figure, out, arguments)).collect()
}

/// Writes the files of a figure, each whole or not at all, and says so where no document is asked for; gives the figure as
/// `--json` has it.
fn write(figure: &Figure, out: &Path, arguments: &Arguments) -> Result<Value, CliError> {
    let (Figure { name, title, alt, svg }, format) = (figure, arguments.format);
    let mut written = Vec::new();
    let mut keep = |ending: &str, bytes: &[u8], mut document: Value| {
        let path = out.join(format!("{name}.{ending}"));
        write_file(&path, bytes)?;
        (document["path"], document["bytes"]) = (json!(path.to_string_lossy()), json!(bytes.len()));
        written.push(document);
        Ok::<(), CliError>(())
    };
    if format != Format::Png {
        keep("svg", svg.as_bytes(), json!({}))?;
    }
    if format != Format::Svg {
        let picture = png(svg, SCALE).map_err(CliError::failed)?;
        keep("png", &picture.bytes, json!({"width": picture.width, "height": picture.height}))?;
    }
    if !arguments.json {
        let names = written.iter().filter_map(|file| file["path"].as_str()).map(message::shown).collect::<Vec<_>>();
        output::print(&format!("{name}: {}\n", names.join(", ")))?;
    }
    Ok(json!({"figure": name, "title": title, "alt": alt, "files": written}))
}

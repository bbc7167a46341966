//! `gridworld report`: an HTML report of runs, in which the trained agents play.

mod assets;
mod configuration;
mod group;
mod html;
mod markdown;
mod page;
mod player;
mod results;
mod scores;

use std::path::PathBuf;

use clap::{Args, ValueHint};
use serde_json::json;

use crate::figure_data::{RunData, found, runs, variants};
use gridworld_envs::Registry;
use gridworld_terminal::output::numbers::counted;
use gridworld_terminal::output::{self, Format, OutputFile};
use gridworld_terminal::program::{CliError, message};
use group::Group;
use page::Page;

/// Arguments of `report`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Folders of runs, or folders that contain runs
    #[arg(required = true, value_name = "RUN", value_hint = ValueHint::DirPath)]
    runs: Vec<PathBuf>,
    /// HTML file to write; an existing file is replaced
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld report runs/paper --out report.html
  gridworld report runs/mine --out report.html
  gridworld report runs/paper/lstm__seed* runs/mine --out report.html --json

The report is one self-contained file of at most 3 MB, which works offline: open it in a browser.";

/// Runs the command `report`.
pub fn run(arguments: &Arguments, registry: &Registry) -> Result<(), CliError> {
    let out = OutputFile::new("--out", &arguments.out, Format::Html)?;
    out.share_with_json(arguments.json)?;
    let groups = groups(&arguments.runs, registry)?;
    let page = Page::of(&groups)?;
    out.write(page.text.as_bytes())?;
    let names: Vec<String> = groups.iter().flat_map(Group::runs).map(group::name).collect();
    if arguments.json {
        return output::print_json(&json!({
            "out": arguments.out.to_string_lossy(),
            "bytes": page.text.len(),
            "runs": names,
            "agents": groups.iter().map(Group::name).collect::<Vec<_>>(),
            "players": page.players,
            "without_player": page.without,
        }));
    }
    let (shown, size) = (message::shown(&arguments.out), page.text.len().div_ceil(1024));
    let (runs, playing) = (counted(names.len(), "run"), counted(page.players.len(), "agent"));
    let mut text = format!("{shown}: report of {runs}, in which {playing} can be played, {size} KiB\n");
    if !page.without.is_empty() {
        text += &format!(
            "no room for the weights of {}: a report of fewer runs has them\n",
            page.without.iter().map(message::shown).collect::<Vec<_>>().join(", ")
        );
    }
    for environment in page.unplayable {
        text += &format!("agents cannot be played in {environment}: the report does not have its rules\n");
    }
    out.print_beside(&text)?;
    if out.is_regular() {
        message::suggest(&format!("open {shown} in a browser"));
    }
    Ok(())
}

/// The runs in groups, environment by environment.
fn groups(paths: &[PathBuf], registry: &Registry) -> Result<Vec<Group>, CliError> {
    let mut left = runs(&found(paths)?, registry)?;
    let mut groups = Vec::new();
    for known in registry.descriptions() {
        let (own, others): (Vec<RunData>, _) =
            left.into_iter().partition(|run| run.config.environment.id() == known.id);
        left = others;
        groups.extend(variants(own).into_iter().map(Group::of).collect::<Result<Vec<_>, _>>()?);
    }
    Ok(groups)
}

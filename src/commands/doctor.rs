//! `gridworld doctor`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use gridworld_terminal::output;
use gridworld_terminal::output::folder::can_write_into;
use gridworld_terminal::output::numbers::counted;
use gridworld_terminal::program::{CliError, cache_folder, message, shell};
use serde_json::json;
use tch::Cuda;

use crate::run::version::{REVISION, VERSION};

/// Arguments of `doctor`.
#[derive(Args)]
#[command(after_help = "Examples:\n  gridworld doctor\n  gridworld doctor --runs /data/runs --json")]
pub struct Arguments {
    /// Folder for runs, to check that it is writable
    #[arg(long, value_name = "DIR", default_value = "runs", value_hint = ValueHint::DirPath)]
    runs: PathBuf,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// The version of libtorch that the program is built for; with another one it does not build.
const LIBTORCH: &str = "2.13.0";

/// Runs the command `doctor`: looks at what a training needs.
pub fn run(arguments: &Arguments) -> Result<(), CliError> {
    let libtorch = libtorch().map_or("an unknown place".to_owned(), |path| path.display().to_string());
    let cuda = if Cuda::is_available() { Cuda::device_count() } else { 0 };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let product = tch::Tensor::ones([2, 3], (tch::Kind::Float, tch::Device::Cpu))
        .matmul(&tch::Tensor::ones([3, 2], (tch::Kind::Float, tch::Device::Cpu)))
        .sum(tch::Kind::Float)
        .double_value(&[]);
    let writable = can_write_into(&arguments.runs).map_err(|error| error.to_string());
    let cache = cache_folder().filter(|folder| folder.is_dir());
    if arguments.json {
        output::print_json(&json!({
            "version": VERSION, "revision": REVISION,
            "libtorch": {"version": LIBTORCH, "file": libtorch, "computes": product == 12.0},
            "cuda_devices": cuda, "threads": threads, "cache": cache.as_deref().map(Path::to_string_lossy),
            "runs": {"folder": arguments.runs.to_string_lossy(), "problem": writable.as_ref().err()},
        }))?;
    } else {
        let computes = if product == 12.0 { "passed" } else { "FAILED" };
        let cache = cache.map_or("none (optional)".to_owned(), message::shown);
        let runs = message::shown(&arguments.runs);
        let can = if writable.is_ok() { "writable" } else { "NOT writable" };
        let conclusion = match usize::from(writable.is_err()) + usize::from(product != 12.0) {
            0 => "everything works".to_owned(),
            problems => counted(problems, "problem"),
        };
        output::print(&format!(
            "gridworld  {VERSION} ({REVISION})\n\
             libtorch   {LIBTORCH} in {libtorch}; test computation {computes}\n\
             devices    cpu with {}, {}\n\
             cache      {cache}\n\
             runs       folder {runs}: {can}\n\n\
             {conclusion}\n",
            counted(threads, "thread"),
            counted(usize::try_from(cuda).unwrap_or(0), "CUDA device"),
        ))?;
        if writable.is_ok() && product == 12.0 {
            message::suggest(&shell::command_here(["train"]));
        }
    }
    writable.map_err(|problem| CliError::Failed(format!("--runs {}: {problem}", arguments.runs.display())))
}

/// Gives the path that libtorch was loaded from.
fn libtorch() -> Option<PathBuf> {
    let maps = std::fs::read("/proc/self/maps").ok()?;
    let maps = String::from_utf8_lossy(&maps);
    let line = maps.lines().find(|line| line.contains("libtorch_cpu"))?;
    line.find('/').map(|start| PathBuf::from(&line[start..]))
}

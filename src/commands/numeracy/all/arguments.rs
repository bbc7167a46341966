//! Arguments of `numeracy all`.

use std::path::PathBuf;

use clap::Args;

use crate::options::arguments::{count, positive, seeds};
use gridworld_numeracy::results::plan;

/// Arguments of `numeracy all`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Seeds per setting [default: as published: 100, 25 per range, 10 for sequences]
    #[arg(long, value_name = "N", value_parser = seeds)]
    pub seeds: Option<u64>,
    /// Updates per seed at most [default: as published]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub iterations: Option<u64>,
    /// Train nothing: write the page from finished runs and the numbers in --reference
    #[arg(long)]
    pub finished: bool,
    /// Experiments to train: names or their first words, such as static-mul or language, separated by commas [default:
    /// all]
    #[arg(long, value_name = "NAME", value_parser = experiment, value_delimiter = ',')]
    pub only: Vec<String>,
    /// Seeds in parallel [default: one per core]
    #[arg(long, value_name = "N", value_parser = count)]
    pub workers: Option<usize>,
    /// Folder of the runs; finished runs are reused, interrupted ones are resumed
    #[arg(long, value_name = "DIR", default_value = "runs/numeracy", value_hint = clap::ValueHint::DirPath)]
    pub runs: PathBuf,
    /// Page to write the section into; mnist.md is written beside it
    #[arg(long, value_name = "FILE", default_value = "docs/results.md")]
    pub page: PathBuf,
    /// JSON file with the numbers of the page; experiments that are not finished in --runs keep theirs
    #[arg(long, value_name = "FILE", default_value = "runs/reference/numeracy.json")]
    pub reference: PathBuf,
    /// Folder of the figures
    #[arg(long, value_name = "DIR", default_value = "docs/figures", value_hint = clap::ValueHint::DirPath)]
    pub figures: PathBuf,
    /// Print one JSON document at the end, and nothing else, on standard output
    #[arg(long)]
    pub json: bool,
    /// No progress output
    #[arg(long, short)]
    pub quiet: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy all
  gridworld numeracy all --seeds 10 --iterations 100000 --page mine.md
  gridworld numeracy all --only static-add,static-mul-nmu
  gridworld numeracy all --finished";

/// Checks the name of an experiment, or the first words of several.
fn experiment(text: &str) -> Result<String, String> {
    if plan::names().iter().any(|name| plan::is_called(name, text)) {
        return Ok(text.to_owned());
    }
    Err("no such experiment; names look like identity, static-mul-nmu, single-sub, recurrent, language-lstm".to_owned())
}

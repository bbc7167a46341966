//! What is asked for.

use std::path::PathBuf;

use clap::Args;

use crate::options::arguments::{count, positive, seeds};
use gridworld_numeracy::results::plan;

/// What `all` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// How many seeds [default: the published numbers: 100, and 25 of each range]
    #[arg(long, value_name = "N", value_parser = seeds)]
    pub seeds: Option<u64>,
    /// Updates of each seed at most [default: the published numbers]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub iterations: Option<u64>,
    /// Only what is finished: nothing is trained, and the table has what is there
    #[arg(long)]
    pub finished: bool,
    /// Nothing else is trained but the experiments of these names, or whose names begin with these words, such as
    /// static-mul or language; separated by commas [default: all]
    #[arg(long, value_name = "NAME", value_parser = experiment, value_delimiter = ',')]
    pub only: Vec<String>,
    /// Seeds side by side [default: one a core]
    #[arg(long, value_name = "N", value_parser = count)]
    pub workers: Option<usize>,
    /// Folder of the runs; what is finished there is kept, what was interrupted goes on
    #[arg(long, value_name = "DIR", default_value = "runs/numeracy", value_hint = clap::ValueHint::DirPath)]
    pub runs: PathBuf,
    /// The page that gets the section; pages of their own, such as mnist.md, come beside it
    #[arg(long, value_name = "FILE", default_value = "docs/results.md")]
    pub page: PathBuf,
    /// Where the figures behind it go
    #[arg(long, value_name = "FILE", default_value = "runs/reference/numeracy.json")]
    pub reference: PathBuf,
    /// Folder of its figure
    #[arg(long, value_name = "DIR", default_value = "docs/figures", value_hint = clap::ValueHint::DirPath)]
    pub figures: PathBuf,
    /// Print one JSON document at the end, and nothing else, on standard output
    #[arg(long)]
    pub json: bool,
    /// Show no progress
    #[arg(long, short)]
    pub quiet: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy all
  gridworld numeracy all --seeds 10 --iterations 100000 --page mine.md
  gridworld numeracy all --only static-add,static-mul-nmu
  gridworld numeracy all --finished";

/// The name of an experiment, or the first words of some.
fn experiment(text: &str) -> Result<String, String> {
    if plan::names().iter().any(|name| plan::is_called(name, text)) {
        return Ok(text.to_owned());
    }
    Err("is the name of no experiment; names are such as identity, static-mul-nmu, single-sub, recurrent, language-lstm"
        .to_owned())
}

//! Arguments of `suite`.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use gridworld_agents::AgentName;
use gridworld_envs::Instructions;

use super::preset::Preset;
use super::seeds::Seeds;
use super::shard::Shard;
use crate::options::arguments::{agents, count, positive};
use crate::run::evaluation::EVALUATED;

/// Arguments of `suite`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Named suite: its agents and flags are fixed, and it writes a page of docs/ and the numbers behind it
    pub preset: Option<Preset>,
    /// Agents to train, separated by commas [default: lstm,lstm-nac]
    #[arg(long, value_parser = agents(), value_delimiter = ',')]
    pub agents: Vec<AgentName>,
    /// Environment to train in (`gridworld list` describes them)
    #[arg(long, hide_possible_values = true)]
    pub env: Option<String>,
    /// Seeds per agent: N for 1, 2, … N, or A..B [default: 10, or those of the named suite]
    #[arg(long, value_name = "N or A..B", allow_hyphen_values = true)]
    pub seeds: Option<Seeds>,
    #[arg(long = "T", help = format!("Values of T to train on [default: the environment's, {}]", Instructions::PAPER), value_name = "LIST", allow_hyphen_values = true)]
    pub instructions: Option<Instructions>,
    #[arg(long = "eval-T", help = format!("Values of T to evaluate [default: {EVALUATED}]"), value_name = "LIST", allow_hyphen_values = true)]
    pub evaluated: Option<Instructions>,
    /// Episodes per T in the evaluation, drawn [default: one from each start, so that shares are exact]
    #[arg(long, value_name = "N", value_parser = count)]
    pub episodes: Option<usize>,
    /// Environment steps per run [default: the agent's]
    #[arg(long, value_name = "N", value_parser = positive)]
    pub steps: Option<u64>,
    /// Runs in parallel [default: one per core, or as many as the cores have room for the workers of]
    #[arg(long, value_name = "N", value_parser = count)]
    pub jobs: Option<usize>,
    /// Only part I of N of the runs, for example 2/4: several machines that share the folder can do one part each
    #[arg(long, value_name = "I/N", default_value = "1/1")]
    pub shard: Shard,
    /// Folder of the runs; finished runs in it are kept, interrupted ones are resumed [default: runs/suite, or that of the
    /// named suite]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub runs: Option<PathBuf>,
    /// Page that a named suite writes [default: in docs/]
    #[arg(long, value_name = "FILE")]
    pub page: Option<PathBuf>,
    /// File of the numbers behind that page [default: in runs/reference/]
    #[arg(long, value_name = "FILE")]
    pub reference: Option<PathBuf>,
    /// Print one JSON document at the end, and nothing else, on standard output
    #[arg(long)]
    pub json: bool,
    /// Further flags of `gridworld train`, for the runs of every agent on which they act
    #[arg(last = true, value_name = "TRAIN FLAGS")]
    pub train: Vec<String>,
}

const EXAMPLES: &str = "Examples:
  gridworld suite --agents lstm,lstm-nac --seeds 10
  gridworld suite paper
  gridworld suite --agents lstm-nac --seeds 5 --runs runs/small -- --hidden 32
  gridworld suite --env IntervalReproduction-v1 --seeds 5 --runs runs/interval
  gridworld suite --seeds 10 --shard 1/4";

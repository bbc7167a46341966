//! `gridworld numeracy all`: the experiments of the table in docs/results.md, one after the other, and the table.

mod page;
mod plan;
mod sequences;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use clap::Args;
use gridworld_agents::checkpoint::atomic;
use gridworld_agents::records::{Progress, write_json};
use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::crew::Experiment;
use gridworld_numeracy::tasks::identity::{IdentityConfig, IdentityCurve, curves};
use gridworld_numeracy::tasks::single_layer::{RANGES, SingleConfig, SingleLayer};
use gridworld_numeracy::tasks::static_arithmetic::{StaticArithmetic, StaticConfig};
use gridworld_numeracy::tasks::{Operation, Summary};
use serde::{Deserialize, Serialize};

use super::session::{Crew, Session, Work};
use super::single_layer::{OfRange, ranges};
use super::task::TaskConfig;
use crate::arguments::{count, positive};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{self, tell};
use crate::plot;
use crate::run_config::command;
use crate::section;
use crate::version::{REVISION, VERSION};

/// The section of the page.
pub const SECTION: &str = "arithmetic";

/// What `all` takes.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// How many seeds [default: the published numbers: 100, and 25 of each range]
    #[arg(long, value_name = "N", value_parser = positive)]
    seeds: Option<u64>,
    /// Updates of each seed at most [default: the published numbers]
    #[arg(long, value_name = "N", value_parser = positive)]
    iterations: Option<u64>,
    /// Only what is finished: nothing is trained, and the table has what is there
    #[arg(long)]
    finished: bool,
    /// Seeds side by side [default: one a core]
    #[arg(long, value_name = "N", value_parser = count)]
    workers: Option<usize>,
    /// Folder of the runs; what is finished there is kept, what was interrupted goes on
    #[arg(long, value_name = "DIR", default_value = "runs/numeracy", value_hint = clap::ValueHint::DirPath)]
    runs: PathBuf,
    /// The page that gets the section
    #[arg(long, value_name = "FILE", default_value = "docs/results.md")]
    page: PathBuf,
    /// Where the figures behind it go
    #[arg(long, value_name = "FILE", default_value = "runs/reference/numeracy.json")]
    reference: PathBuf,
    /// Folder of its figure
    #[arg(long, value_name = "DIR", default_value = "docs/figures", value_hint = clap::ValueHint::DirPath)]
    figures: PathBuf,
    /// Print one JSON document at the end, and nothing else, on standard output
    #[arg(long)]
    json: bool,
    /// Show no progress
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "Examples:
  gridworld numeracy all
  gridworld numeracy all --seeds 10 --iterations 100000 --page arithmetic.md --reference arithmetic.json
  gridworld numeracy all --finished";

/// The figures behind the section.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reference {
    /// The command that repeats it.
    pub command: String,
    /// The version of the program.
    pub version: String,
    /// Its git revision.
    pub revision: String,
    /// Identity, cell by cell.
    pub identity: Vec<IdentityCurve>,
    /// Static arithmetic.
    #[serde(rename = "static")]
    pub static_arithmetic: Vec<StaticEntry>,
    /// The single-layer task.
    pub single: Vec<SingleEntry>,
    /// Arithmetic over sequences.
    pub recurrent: Vec<sequences::RecurrentEntry>,
    /// Language to number.
    pub language: Vec<sequences::LanguageEntry>,
}

/// One experiment of static arithmetic.
#[derive(Debug, Serialize, Deserialize)]
pub struct StaticEntry {
    /// What is computed.
    pub operation: Operation,
    /// By what.
    pub cell: CellName,
    /// Updates of a seed at most.
    pub updates: u64,
    /// What it came to.
    pub summary: Summary,
}

/// One experiment of the single-layer task.
#[derive(Debug, Serialize, Deserialize)]
pub struct SingleEntry {
    /// What is computed.
    pub operation: Operation,
    /// By what.
    pub cell: CellName,
    /// What it came to, range by range.
    pub ranges: Vec<OfRange>,
}

/// Runs what is not finished, and writes the section.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let stop = interrupt::listen()?;
    let display = if arguments.quiet { Progress::Quiet } else { Progress::detect() };
    let work = Experiments { arguments, crew: Crew { workers: arguments.workers, display, stop } };
    let reference = Reference {
        identity: work.identity()?,
        static_arithmetic: work.static_arithmetic()?,
        single: work.single()?,
        recurrent: work.recurrent()?,
        language: work.language()?,
        command: command(),
        version: VERSION.to_owned(),
        revision: REVISION.to_owned(),
    };
    if stop.load(Ordering::Relaxed) {
        return Err(Failure::Interrupted("what is finished is kept; the same command goes on".to_owned()));
    }
    write(arguments, &reference)?;
    tell(&format!("written: {} and {}", arguments.page.display(), arguments.reference.display()));
    if arguments.json { output::print_json(&reference) } else { Ok(()) }
}

/// Writes the figures, the page and the picture on it, each whole or not at all.
fn write(arguments: &Arguments, reference: &Reference) -> Result<(), Failure> {
    let picture = arguments.figures.join("identity.svg");
    for path in [&arguments.page, &arguments.reference, &picture] {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let failed = |error| Failure::failed(format!("cannot make {}: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let keep = |path: &Path, bytes: &[u8]| {
        atomic::write(path, bytes).map_err(|error| Failure::failed(format!("cannot write {}: {error}", path.display())))
    };
    write_json(&arguments.reference, reference).map_err(Failure::failed)?;
    if !reference.identity.is_empty() {
        let (svg, _) = plot::identity(&reference.identity);
        keep(&picture, svg.as_bytes())?;
        keep(&picture.with_extension("png"), &plot::png(&svg, plot::SCALE).map_err(Failure::failed)?.bytes)?;
    }
    let old = std::fs::read_to_string(&arguments.page).unwrap_or_default();
    keep(&arguments.page, section::replace(&old, SECTION, &page::text(reference)).as_bytes())
}

struct Experiments<'a> {
    arguments: &'a Arguments,
    crew: Crew,
}

/// A session whose seeds are all done, and what they came to, by seed.
type Finished<O> = (Session, BTreeMap<u64, O>);

impl Experiments<'_> {
    /// What the seeds of the experiment `name` come to, by seed, with its session; nothing where it is not finished. Seeds
    /// that succeed are done sooner: a part of them would say too much.
    fn outcomes<E: Experiment>(
        &self,
        name: &str,
        task: TaskConfig,
        seeds: u64,
        experiment: &E,
        work: Work,
    ) -> Result<Option<Finished<E::Outcome>>, Failure> {
        let path = self.arguments.runs.join(name);
        if self.crew.stop.load(Ordering::Relaxed) || self.arguments.finished && !path.join("seeds.jsonl").exists() {
            return Ok(None);
        }
        let session = Session::named(&self.arguments.runs, name, task, self.arguments.seeds.unwrap_or(seeds))?;
        let mut finished = session.finished::<E>(work.turns)?;
        if finished.is_none() && !self.arguments.finished {
            if !self.arguments.quiet {
                tell(&format!("{name}: {}", path.display()));
            }
            session.work(&self.crew, experiment, work)?;
            finished = session.finished::<E>(work.turns)?;
        }
        Ok(finished.map(|outcomes| (session, outcomes)))
    }

    fn within(&self, published: u64) -> u64 {
        self.arguments.iterations.map_or(published, |iterations| iterations.min(published))
    }

    fn identity(&self) -> Result<Vec<IdentityCurve>, Failure> {
        let default = IdentityConfig::default();
        let config = IdentityConfig { iterations: self.within(default.iterations), ..default };
        let work = Work { turns: config.cells.len() as u64, steps: config.iterations };
        let task = TaskConfig::Identity(config.clone());
        let Some((session, outcomes)) = self.outcomes("identity", task, 100, &config, work)? else {
            return Ok(Vec::new());
        };
        let curves = curves(outcomes.values());
        session.report(&curves)?;
        Ok(curves)
    }

    fn static_arithmetic(&self) -> Result<Vec<StaticEntry>, Failure> {
        let mut entries = Vec::new();
        for (operation, cell) in plan::STATIC {
            // Ours needs fewer updates than the published cells were given.
            let published = if cell == CellName::Quotient { 1_000_000 } else { 5_000_000 };
            let config = StaticConfig::published(operation, cell, self.within(published));
            let name = format!("static-{operation}-{cell}");
            let experiment = StaticArithmetic::new(config.clone());
            let work = Work { turns: 1, steps: config.iterations };
            let task = TaskConfig::Static(config.clone());
            let Some((session, outcomes)) = self.outcomes(&name, task, 100, &experiment, work)? else { continue };
            let summary = Summary::new(experiment.threshold(), &outcomes.values().collect::<Vec<_>>());
            session.report(&summary)?;
            entries.push(StaticEntry { operation, cell, updates: config.iterations, summary });
        }
        Ok(entries)
    }

    fn single(&self) -> Result<Vec<SingleEntry>, Failure> {
        let mut entries = Vec::new();
        for (operation, cell) in plan::SINGLE {
            let config = SingleConfig::published(operation, cell, self.within(50_000));
            let name = format!("single-{operation}-{cell}");
            let experiment = SingleLayer::new(config.clone());
            let work = Work { turns: RANGES.len() as u64, steps: config.iterations };
            let task = TaskConfig::Single(config.clone());
            let Some((session, outcomes)) = self.outcomes(&name, task, 25, &experiment, work)? else { continue };
            let ranges = ranges(&experiment, &outcomes.values().collect::<Vec<_>>());
            session.report(&ranges)?;
            entries.push(SingleEntry { operation, cell, ranges });
        }
        Ok(entries)
    }
}

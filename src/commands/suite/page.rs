//! The page and the figures that a suite with a name leaves.

use std::fmt::Write;

use gridworld_statistics::ordered::{ascending, median};
use gridworld_statistics::{Estimate, Estimator, Resamples, Scores, StatisticsError, improvement, iqm, profile};
use gridworld_terminal::output::numbers::{interval, per_cent, with_minus};
use gridworld_terminal::output::{Format, OutputFile, json_text, section};
use gridworld_terminal::program::CliError;
use gridworld_terminal::program::message::tell;
use serde_json::{Value, json};

use super::arguments::Arguments;
use super::plan::Plan;
use super::preset::Preset;
use super::search;
use super::summary::{Entry, Run, Summary};
use crate::run::evaluation::{Row, reach};
use crate::run::version::{REVISION, VERSION};

/// Files of the page and of the results behind it.
pub struct Files {
    page: OutputFile,
    reference: OutputFile,
}

impl Files {
    /// Checks that the files of the arguments, or else the preset's, can be written.
    pub fn new(arguments: &Arguments, preset: Preset) -> Result<Files, CliError> {
        let page = arguments.page.clone().unwrap_or_else(|| preset.page().into());
        let reference = format!("runs/reference/{}.json", preset.as_str());
        let reference = arguments.reference.clone().unwrap_or_else(|| reference.into());
        let page = OutputFile::new_with_folder("--page", &page, Format::Markdown)?;
        let reference = OutputFile::new_with_folder("--reference", &reference, Format::Json)?;
        [&page, &reference].iter().try_for_each(|file| file.share_with_json(arguments.json))?;
        page.read()?;
        Ok(Files { page, reference })
    }

    /// The one that goes to standard output, if one does.
    pub fn on_standard_output(&self) -> Option<&OutputFile> {
        [&self.page, &self.reference].into_iter().find(|file| file.is_standard_output())
    }
}

/// Writes the page and the results behind it.
///
/// # Errors
/// If one cannot be written.
pub fn write(files: &Files, preset: Preset, plan: &Plan, summary: &Summary) -> Result<(), CliError> {
    files.reference.write_with_folder(&json_text(&reference(preset, plan, summary))?)?;
    let text = Page { preset, plan, summary }.text().map_err(CliError::failed)?;
    // What another command has written on the same page stays.
    let text = section::keep(&text, &files.page.read()?, section::ARITHMETIC);
    files.page.write_with_folder(text.as_bytes())?;
    tell(&format!("written: {} and {}", files.page.path().display(), files.reference.path().display()));
    Ok(())
}

/// Gives the command that repeats the suite.
fn command(preset: Preset, plan: &Plan) -> String {
    format!("gridworld suite {} --seeds {}", preset.as_str(), plan.seeds)
}

/// Gives the name of the processor, as far as the system tells it.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    format!("{cores} × {}", name.map_or(std::env::consts::ARCH, |(_, name)| name.trim()))
}

/// The figures as one small document: of each variant and seed, a number for each T.
fn reference(preset: Preset, plan: &Plan, summary: &Summary) -> Value {
    let agents = summary.agents.iter().map(|entry| {
        let runs = entry.runs.iter().map(|run| {
            let column = |number: fn(&Row) -> Option<f64>| -> Vec<Option<f64>> {
                run.results.iter().map(|found| number(found).map(|x| (x * 1e4).round() / 1e4)).collect()
            };
            json!({
                "seed": run.seed,
                "training": run.training,
                "success_of_feasible": column(|found| Some(found.success_of_feasible)),
                "reward_mean": column(|found| Some(found.reward_mean)),
                "arrival_mean": column(|found| found.arrival_mean),
            })
        });
        json!({"name": entry.name, "agent": entry.agent, "flags": entry.flags, "runs": runs.collect::<Vec<_>>()})
    });
    json!({
        "command": command(preset, plan),
        "version": VERSION,
        "revision": REVISION,
        "machine": machine(),
        "environment": plan.environment.id(),
        "train": plan.train.join(" "),
        "evaluate": plan.evaluate.join(" "),
        "T": summary.instructions(),
        "agents": agents.collect::<Vec<_>>(),
    })
}

/// The page in the making.
struct Page<'a> {
    preset: Preset,
    plan: &'a Plan,
    summary: &'a Summary,
}

impl Page<'_> {
    fn text(&self) -> Result<String, StatisticsError> {
        let (title, introduction) = self.preset.introduction();
        let episodes = self.summary.episodes();
        let (command, machine) = (command(self.preset, self.plan), machine());
        let environment = self.plan.environment.id();
        let seeds = if self.plan.seeds == 1 { "seed 1".to_owned() } else { format!("seeds 1 to {}", self.plan.seeds) };
        let workers = if self.plan.workers == 1 {
            "one worker".to_owned()
        } else {
            format!("{} asynchronous workers", self.plan.workers)
        };
        let mut text = format!(
            "# {title}\n\nWritten by `{command}`; do not edit.\n\n{introduction}\n\ngridworld {VERSION} on \
             {machine}: {environment}, {seeds}, {workers} each; best checkpoint of each run, greedy actions, \
             {episodes} per T. `runs/reference/{}.json` has the numbers of every seed.\n",
            self.preset.as_str(),
        );
        if self.preset == Preset::Search {
            return Ok(text + &search::tables(self.summary));
        }
        if self.summary.agents.iter().any(|entry| !entry.flags.is_empty()) {
            text += &self.flags();
        }
        text += &self.success()?;
        text += &self.reach();
        if self.preset == Preset::Paper {
            text += &self.rewards();
            text += &self.comparison()?;
        }
        text += &self.trainings();
        Ok(text)
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.summary.agents.iter().filter(|entry| entry.learned())
    }

    fn flags(&self) -> String {
        let mut text = heading("Settings", "Flags of `gridworld train`; everything else is the default.");
        text += &row(["line", "agent", "flags"]);
        text += "|---|---|---|\n";
        for entry in self.entries() {
            let flags = if entry.flags.is_empty() { "–".to_owned() } else { format!("`{}`", entry.flags) };
            text += &row([entry.name.clone(), entry.agent.to_string(), flags]);
        }
        text
    }

    /// IQM over the seeds with its interval, for each T and variant.
    fn success(&self) -> Result<String, StatisticsError> {
        let words = format!(
            "Success on feasible episodes in per cent: interquartile mean over the seeds and, in parentheses, its 95 % \
             interval (stratified bootstrap; Agarwal et al. 2021). {} `oracle` is the ceiling, `random` the floor; `\\*` \
             marks the T of the training.",
            self.preset.feasible(),
        );
        let mut text = heading("Success at each T", &words);
        let mut estimator = Estimator::new(Resamples::Table);
        let instructions = self.summary.instructions();
        // Many variants are rows, few are columns.
        let wide = self.summary.agents.len() > 8;
        let mut cells = Vec::new();
        for entry in &self.summary.agents {
            let mut column = Vec::new();
            for index in 0..instructions.len() {
                let shares = entry.shares(index);
                column.push(if shares.len() == 1 || wide {
                    per_cent(iqm(&Scores::of_runs(&shares)?))
                } else {
                    estimated(&estimator.over_seeds(&shares)?)
                });
            }
            cells.push(column);
        }
        let trained = &self.summary.agents[0].runs[0].results;
        let label = |index: usize| {
            let found = &trained[index];
            format!("{}{}", found.instruction, if found.trained { "\\*" } else { "" })
        };
        let names = self.summary.agents.iter().map(|entry| entry.name.clone());
        if wide {
            text += &row(std::iter::once(String::new()).chain((0..instructions.len()).map(label)));
            text += &rule(instructions.len());
            for (name, cells) in names.zip(cells) {
                text += &row(std::iter::once(name).chain(cells));
            }
            text += "\n(Intervals are left out to save width; the file named above has every seed. `\\*` marks the default \
                     range.)\n";
        } else {
            text += &row(std::iter::once("T".to_owned()).chain(names));
            text += &rule(self.summary.agents.len());
            for index in 0..instructions.len() {
                text += &row(std::iter::once(label(index)).chain(cells.iter().map(|column| column[index].clone())));
            }
        }
        Ok(text)
    }

    /// Writes the largest T of each seed.
    fn reach(&self) -> String {
        let mut text = heading(
            "Largest T",
            "For each seed, the end of the longest series of evaluated T with at least 99 % success on feasible episodes \
             each that includes a T trained on; `–`: none.",
        );
        let greatest = self.summary.instructions().into_iter().max().unwrap_or(0);
        text += &row(["".to_owned(), "each seed".to_owned(), format!("seeds that reach {greatest}")]);
        text += "|---|---|--:|\n";
        for entry in self.entries() {
            let trained = |run: &Run| -> Vec<u32> {
                run.results.iter().filter(|row| row.trained).map(|row| row.instruction).collect()
            };
            let reached: Vec<Option<u32>> = entry.runs.iter().map(|run| reach(&run.results, &trained(run))).collect();
            let all = reached.iter().filter(|reached| **reached == Some(greatest)).count();
            let shown = reached.iter().map(|reached| reached.map_or("–".to_owned(), |reached| reached.to_string()));
            let list = shown.collect::<Vec<_>>().join(", ");
            text += &row([entry.name.clone(), list, format!("{all} of {}", reached.len())]);
        }
        text
    }

    /// The paper's figure has the reward on its axis.
    fn rewards(&self) -> String {
        let mut text =
            heading("Mean reward of an episode", "Mean over the seeds; the paper's figure shows this quantity.");
        text += &row(std::iter::once("T".to_owned()).chain(self.summary.agents.iter().map(|entry| entry.name.clone())));
        text += &rule(self.summary.agents.len());
        for (index, instruction) in self.summary.instructions().into_iter().enumerate() {
            let cells = self.summary.agents.iter().map(|entry| {
                let sum: f64 = entry.runs.iter().map(|run| run.results[index].reward_mean).sum();
                // Adding zero takes the sign from a zero.
                with_minus(&format!("{:.3}", (1e3 * sum / entry.runs.len() as f64).round() / 1e3 + 0.0))
            });
            text += &row(std::iter::once(instruction.to_string()).chain(cells));
        }
        text
    }

    /// Writes which variant is better beyond the training, and how the runs are spread.
    fn comparison(&self) -> Result<String, StatisticsError> {
        const TAUS: [f64; 4] = [0.1, 0.5, 0.9, 0.99];
        let beyond: Vec<usize> = (0..self.summary.instructions().len())
            .filter(|&index| !self.summary.agents[0].runs[0].results[index].trained)
            .collect();
        if beyond.is_empty() {
            return Ok(String::new());
        }
        let scores = |entry: &Entry| {
            let rows: Vec<Vec<f64>> = entry
                .runs
                .iter()
                .map(|run| beyond.iter().map(|&index| run.results[index].success_of_feasible).collect())
                .collect();
            Scores::new(&rows)
        };
        let mut text = heading(
            "Beyond the training range",
            "Over all evaluated T outside the training range: interquartile mean (IQM) with its 95 % interval, \
             performance profile (fraction of runs and T whose success is above each threshold), and the probability \
             that a run of the row is better than a run of the column.",
        );
        let names: Vec<&str> = self.entries().map(|entry| entry.name.as_str()).collect();
        let columns = ["IQM".to_owned()].into_iter().chain(TAUS.map(|tau| format!("> {tau}")));
        text += &row(std::iter::once(String::new())
            .chain(columns)
            .chain(names.iter().map(|name| format!("better than {name}"))));
        text += &rule(1 + TAUS.len() + names.len());
        let mut estimator = Estimator::new(Resamples::Summary);
        for entry in self.entries() {
            let own = scores(entry)?;
            let mut cells = vec![entry.name.clone(), estimated(&estimator.iqm(&own))];
            cells.extend(profile(&own, &TAUS).into_iter().map(|share| format!("{share:.2}")));
            for other in self.entries() {
                let better = improvement(&own, &scores(other)?)?;
                cells.push(if other.name == entry.name { "–".to_owned() } else { format!("{better:.2}") });
            }
            text += &row(cells);
        }
        Ok(text)
    }

    /// Writes the duration of each training, and the step at which it had mastered the T that it trained on.
    fn trainings(&self) -> String {
        let mut text = heading(
            "Training time",
            "Mastery is the first of two evaluations in a row with success of at least 99 % on feasible episodes at \
             every T of the training (with a NAU, once its weights are rounded). Medians over the seeds; seconds while other \
             trainings ran beside it, unless there were several workers.",
        );
        text += &row(["", "steps", "seconds", "mastered", "mastery: 10⁶ steps", "mastery: seconds"]);
        text += "|---|--:|--:|--:|--:|--:|\n";
        for entry in self.entries() {
            let trainings: Vec<_> = entry.runs.iter().filter_map(|run| run.training).collect();
            let mastered: Vec<(u64, f64)> = trainings.iter().filter_map(|training| training.mastery).collect();
            let shown =
                |value: Option<f64>, digits: usize| value.map_or("–".into(), |value| format!("{value:.digits$}"));
            text += &row([
                entry.name.clone(),
                trainings.iter().map(|training| training.steps).max().unwrap_or(0).to_string(),
                shown(median(&ascending(trainings.iter().map(|training| training.seconds))), 1),
                format!("{} of {}", mastered.len(), trainings.len()),
                shown(median(&ascending(mastered.iter().map(|&(steps, _)| steps as f64 / 1e6))), 2),
                shown(median(&ascending(mastered.iter().map(|&(_, seconds)| seconds))), 1),
            ]);
        }
        text
    }
}

/// Writes a share and its interval, in per cent.
fn estimated(estimate: &Estimate) -> String {
    format!("{} ({})", per_cent(estimate.point), interval(estimate.interval))
}

fn heading(title: &str, words: &str) -> String {
    format!("\n## {title}\n\n{words}\n\n")
}

fn row<S: std::fmt::Display>(cells: impl IntoIterator<Item = S>) -> String {
    let mut text = "|".to_owned();
    // Writing to a string cannot fail.
    for cell in cells {
        let _ = write!(text, " {cell} |");
    }
    text + "\n"
}

/// The line below a table's head: the first column to the left, `count` others to the right.
fn rule(count: usize) -> String {
    format!("|---|{}\n", "--:|".repeat(count))
}

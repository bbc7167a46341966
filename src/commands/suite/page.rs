//! The page and the figures that a suite with a name leaves.

use std::fmt::Write;

use gridworld_statistics::ordered::{ascending, least, median};
use gridworld_statistics::{
    Estimate, Estimator, MASTERY, Resamples, Scores, StatisticsError, improvement, iqm, largest_t, profile,
};
use gridworld_terminal::output::numbers::{interval, per_cent, with_minus};
use gridworld_terminal::output::{Format, OutputFile, json_text, section};
use gridworld_terminal::program::CliError;
use gridworld_terminal::program::message::tell;

use super::arguments::Arguments;
use super::plan::Plan;
use super::preset::{About, Preset};
use super::reference::{Line, Reference, Seed};
use super::search;
use super::summary::Summary;

/// Files of the page and of the results behind it.
pub struct Files {
    page: OutputFile,
    reference: OutputFile,
}

impl Files {
    /// Checks that the files of the arguments, or else the preset's, can be written.
    pub fn new(arguments: &Arguments, preset: Preset) -> Result<Files, CliError> {
        let page = arguments.page.clone().unwrap_or_else(|| preset.about().page.into());
        let reference = format!("runs/reference/{}.json", preset.about().name);
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
    let reference = Reference::of(preset.about().name, plan, summary);
    files.reference.write_with_folder(&json_text(&reference)?)?;
    let text = Page { preset, results: &reference }.text().map_err(CliError::failed)?;
    // What another command has written on the same page stays.
    let text = section::keep(&text, &files.page.read()?, section::ARITHMETIC);
    files.page.write_with_folder(text.as_bytes())?;
    tell(&format!("written: {} and {}", files.page.path().display(), files.reference.path().display()));
    Ok(())
}

/// The page in the making.
struct Page<'a> {
    preset: Preset,
    results: &'a Reference,
}

impl Page<'_> {
    fn text(&self) -> Result<String, StatisticsError> {
        let About { name, title, introduction, .. } = self.preset.about();
        let Reference { command, version, machine, revision, environment, train, episodes, .. } = self.results;
        let mut seeds = self.results.agents[0].runs.iter().filter_map(|run| run.seed);
        let seeds = match (seeds.next(), seeds.next_back()) {
            (Some(first), Some(last)) => format!("seeds {first} to {last}"),
            (first, _) => format!("seed {}", first.unwrap_or(1)),
        };
        let workers = match self.results.workers {
            1 => "one worker".to_owned(),
            several => format!("{several} asynchronous workers"),
        };
        let mut text = format!(
            "# {title}\n\nWritten by `{command}`; do not edit.\n\n{introduction}\n\ngridworld {version}, revision {revision}, \
             on {machine}: {environment}, {seeds}, {workers} each; trained with `{train}` and else the defaults of that revision; best checkpoint of each run, greedy actions, {episodes} per T. \
             `runs/reference/{name}.json` has the numbers of every seed.\n",
        );
        match self.preset {
            Preset::Search => return Ok(text + &search::LOOPS.tables(self.results)),
            Preset::ExactSearch => return Ok(text + &search::EXACT.tables(self.results)),
            Preset::Finalists => return Ok(text + &search::final_table(self.results)),
            _ => {}
        }
        if self.results.agents.iter().any(|entry| !entry.flags.is_empty()) {
            text += &self.flags();
        }
        text += &self.success()?;
        text += &self.on_the_step()?;
        text += &self.held_out();
        text += &self.reach();
        if self.preset == Preset::Paper {
            text += &self.rewards();
            text += &self.comparison()?;
        }
        text += &self.trainings();
        Ok(text)
    }

    fn entries(&self) -> impl Iterator<Item = &Line> {
        self.results.agents.iter().filter(|entry| entry.learned())
    }

    fn flags(&self) -> String {
        let mut text = heading("Settings", "Flags of `gridworld train`; everything else is the default.");
        text += &row(["line", "agent", "flags"]);
        text += "|---|---|---|\n";
        for entry in self.entries() {
            let flags = if entry.flags.is_empty() { "–".to_owned() } else { format!("`{}`", entry.flags) };
            text += &row([entry.name.clone(), entry.agent.clone(), flags]);
        }
        text
    }

    /// IQM over the seeds with its interval, for each T and variant.
    fn success(&self) -> Result<String, StatisticsError> {
        let words = format!(
            "Success on feasible episodes in per cent: interquartile mean over the seeds and, in parentheses, its 95 % \
             interval (stratified bootstrap; Agarwal et al. 2021); after the semicolon, the least of the seeds. {} `oracle` is the ceiling, `random` the floor; `\\*` \
             marks the T of the training.",
            self.preset.about().feasible,
        );
        Ok(heading("Success at each T", &words) + &self.at_each_t(Line::shares)?)
    }

    /// Writes the arrivals on the very step, if success tolerates others.
    fn on_the_step(&self) -> Result<String, StatisticsError> {
        if self.results.agents.iter().flat_map(|entry| &entry.runs).all(|run| run.on_the_step.is_empty()) {
            return Ok(String::new());
        }
        let words = "The same without tolerance: arrivals on the very step, in per cent of the feasible episodes.";
        Ok(heading("On the very step", words) + &self.at_each_t(Line::shares_on_the_step)?)
    }

    /// Writes a table of `shares` of each line and T: interquartile mean, interval and least.
    fn at_each_t(&self, shares: fn(&Line, usize) -> Vec<f64>) -> Result<String, StatisticsError> {
        let mut text = String::new();
        let mut estimator = Estimator::new(Resamples::Table);
        let instructions = &self.results.instructions;
        // Many variants are rows, few are columns.
        let wide = self.results.agents.len() > 8;
        let mut cells = Vec::new();
        for entry in &self.results.agents {
            let mut column = Vec::new();
            for index in 0..instructions.len() {
                let shares = shares(entry, index);
                let lowest = per_cent(least(shares.iter().copied()));
                column.push(match shares.len() {
                    1 => lowest,
                    _ if wide => format!("{}; {lowest}", per_cent(iqm(&Scores::of_runs(&shares)?))),
                    _ => format!("{}; {lowest}", estimated(&estimator.over_seeds(&shares)?)),
                });
            }
            cells.push(column);
        }
        let trained = self.trained();
        let label = |index: usize| {
            let instruction = instructions[index];
            format!("{instruction}{}", if trained.contains(&instruction) { "\\*" } else { "" })
        };
        let names = self.results.agents.iter().map(|entry| entry.name.clone());
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
            text += &rule(self.results.agents.len());
            for index in 0..instructions.len() {
                text += &row(std::iter::once(label(index)).chain(cells.iter().map(|column| column[index].clone())));
            }
        }
        Ok(text)
    }

    /// Writes the success from the starts that training never drew, if there are such.
    fn held_out(&self) -> String {
        let lines: Vec<&Line> =
            self.entries().filter(|entry| entry.runs.iter().all(|run| !run.held_out.is_empty())).collect();
        if lines.is_empty() {
            return String::new();
        }
        let mut text = heading(
            "Starts held out of training",
            "Success on feasible episodes in per cent, from the starts that training never drew: mean over the seeds and, \
             after the semicolon, the least of them.",
        );
        text += &row(std::iter::once("T".to_owned()).chain(lines.iter().map(|entry| entry.name.clone())));
        text += &rule(lines.len());
        for (index, instruction) in self.results.instructions.iter().enumerate() {
            let cells = lines.iter().map(|entry| {
                let shares = entry.runs.iter().map(|run| run.held_out[index]);
                let mean = shares.clone().sum::<f64>() / entry.runs.len() as f64;
                format!("{}; {}", per_cent(mean), per_cent(least(shares)))
            });
            text += &row(std::iter::once(instruction.to_string()).chain(cells));
        }
        text
    }

    /// Values of T that the first line was trained on.
    fn trained(&self) -> &[u32] {
        self.results.agents.first().map_or(&[], |line| &line.trained)
    }

    /// Gives the largest T of a run that was trained on `trained`.
    fn reached(&self, run: &Seed, trained: &[u32]) -> Option<u32> {
        let shares: Vec<(u32, f64)> =
            self.results.instructions.iter().copied().zip(run.success_of_feasible.iter().copied()).collect();
        largest_t(&shares, trained, MASTERY).ok().flatten()
    }

    /// Writes the largest T of each seed.
    fn reach(&self) -> String {
        let mut text = heading(
            "Largest T",
            "For each seed, the end of the longest series of evaluated T with at least 99 % success on feasible episodes \
             each that includes a T trained on; `–`: none.",
        );
        let greatest = self.results.instructions.iter().copied().max().unwrap_or(0);
        text += &row(["".to_owned(), "each seed".to_owned(), format!("seeds that reach {greatest}")]);
        text += "|---|---|--:|\n";
        for entry in self.entries() {
            let reached: Vec<Option<u32>> = entry.runs.iter().map(|run| self.reached(run, &entry.trained)).collect();
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
        text += &row(std::iter::once("T".to_owned()).chain(self.results.agents.iter().map(|entry| entry.name.clone())));
        text += &rule(self.results.agents.len());
        for (index, instruction) in self.results.instructions.iter().enumerate() {
            let cells = self.results.agents.iter().map(|entry| {
                let sum: f64 = entry.runs.iter().map(|run| run.reward_mean[index]).sum();
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
        let beyond: Vec<usize> = (0..self.results.instructions.len())
            .filter(|&index| !self.trained().contains(&self.results.instructions[index]))
            .collect();
        if beyond.is_empty() {
            return Ok(String::new());
        }
        let scores = |entry: &Line| {
            let rows: Vec<Vec<f64>> = entry
                .runs
                .iter()
                .map(|run| beyond.iter().map(|&index| run.success_of_feasible[index]).collect())
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
             trainings ran beside it, unless there were several workers. Staleness is the mean number of updates by other \
             workers between the copy of the parameters and the gradient on them.",
        );
        text += &row(["", "steps", "seconds", "mastered", "mastery: 10⁶ steps", "mastery: seconds", "staleness"]);
        text += &rule(6);
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
                shown(median(&ascending(trainings.iter().filter_map(|training| training.staleness))), 2),
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::ValueEnum;

    use super::*;

    /// Every number of these pages is computed anew from the committed results. `GRIDWORLD_BLESS=1` writes the pages.
    #[test]
    fn pages_are_what_the_committed_results_say() {
        for &preset in Preset::value_variants() {
            let About { name, page, .. } = preset.about();
            let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
            // A suite that has not been run has no page either.
            let Some(results) = Reference::committed(name) else {
                assert!(!page.exists(), "{} without the results of {name}", page.display());
                continue;
            };
            let written = std::fs::read_to_string(&page).unwrap_or_default();
            let text = Page { preset, results: &results }.text().expect("a page");
            let text = section::keep(&text, &written, section::ARITHMETIC);
            if std::env::var_os("GRIDWORLD_BLESS").is_some() {
                std::fs::write(&page, &text).expect("a page");
            } else {
                assert!(text == written, "{} differs: GRIDWORLD_BLESS=1 writes it", page.display());
            }
        }
    }
}

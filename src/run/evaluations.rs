//! The evaluations of a run that are on record: its own in `evaluation.json`, and all others beside it, each under a
//! name that says what it is of.
//!
//! A run's *own* evaluation is what `gridworld evaluate RUN` asks: its best checkpoint, greedy, on episodes of seed 0,
//! computed on the processor. It is what tables and figures show. Evaluations at other T add to it; at one T an exact
//! one counts, or else that of the most episodes. One with fewer episodes than the values of T in training have, where those have fewer than
//! a thousand, and else than a thousand, is no part of it. That one, and whatever asks something else, such as another
//! checkpoint, a sampled policy or another seed, is in a file of its own in `evaluations/`.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use gridworld_envs::Instructions;
use gridworld_records::{RunError, RunFolder, read_json, write_json};
use gridworld_statistics::Interval;
use gridworld_terminal::output::numbers::grouped;
use gridworld_terminal::program::shell;

use crate::run::checkpoint_file;
use crate::run::evaluation::{Document, EXACT, Row};
use crate::run::player::PolicyChoice;

/// Episodes at a T that are enough to be shown, however many others have: the default of `evaluate`.
pub const ENOUGH: u64 = 1000;

/// The evaluation that tables and figures show of a run.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Results of the evaluation.
    pub document: Document,
    /// Description of the evaluation, if it is not of the run's own question, or of a checkpoint that is no longer
    /// the best.
    pub otherwise: Option<String>,
}

impl Document {
    /// Tells if the evaluation asks what a run's own evaluation does.
    pub fn is_own(&self) -> bool {
        let Document { checkpoint, policy, seed, device, .. } = self;
        (checkpoint.as_deref(), *policy, *seed, device.as_str()) == (Some("best"), PolicyChoice::Greedy, 0, "cpu")
    }

    /// Tells if the evaluation is of one of the run's own checkpoints, and not of a file.
    fn is_of_the_run(&self) -> bool {
        matches!(self.checkpoint.as_deref(), Some("best" | "last"))
    }

    /// Tells if both evaluations asked the same of the same checkpoint.
    fn asks_what(&self, other: &Document) -> bool {
        let asked = |document: &Document| {
            let Document { checkpoint, steps, policy, seed, device, .. } = document;
            (checkpoint.clone(), *steps, *policy, *seed, device.clone())
        };
        asked(self) == asked(other)
    }

    /// Gives the fewest and the most episodes at a T.
    pub fn episodes(&self) -> (u64, u64) {
        fewest_and_most(self.results.iter().map(|row| row.episodes))
    }

    /// Describes the evaluation in a line: checkpoint, policy, episodes, seed.
    pub fn how(&self) -> String {
        let checkpoint = self.checkpoint.as_deref().unwrap_or("none");
        let steps = self.steps.map_or(String::new(), |steps| format!(" at step {}", grouped(steps)));
        let (policy, played) = (self.policy.word(), played(self.results.iter()));
        let seed =
            if self.results.iter().all(|row| row.exact) { String::new() } else { format!(", seed {}", self.seed) };
        let device = if self.device == "cpu" { String::new() } else { format!(", on {}", self.device) };
        format!("checkpoint {checkpoint}{steps}, {policy}, {played} per T{seed}{device}")
    }
}

/// The least and the greatest of numbers of episodes; zero where there is none.
pub fn fewest_and_most(numbers: impl Iterator<Item = u64> + Clone) -> (u64, u64) {
    (numbers.clone().min().unwrap_or(0), numbers.max().unwrap_or(0))
}

/// Describes the episodes of rows in words: their number, and if they are one from each start.
pub fn played<'a>(rows: impl Iterator<Item = &'a Row> + Clone) -> String {
    let number = episodes(fewest_and_most(rows.clone().map(|row| row.episodes)));
    match (rows.clone().all(|row| row.exact), rows.clone().any(|row| row.exact)) {
        (true, true) => format!("{number} (each start once)"),
        (_, true) => format!("{number} (each start once, or drawn)"),
        _ => number,
    }
}

/// A number of episodes, or a range of it, in words.
pub fn episodes((fewest, most): (u64, u64)) -> String {
    match (grouped(fewest), grouped(most)) {
        (_, most) if fewest == 1 && most == "1" => "1 episode".to_owned(),
        (fewest, most) if fewest == most => format!("{most} episodes"),
        (fewest, most) => format!("{fewest} to {most} episodes"),
    }
}

/// The evaluation to show of the run in `folder`: its own, or else one of its other checkpoints, policies and seeds;
/// nothing where there is none. That of a file that is named by `--checkpoint` is never the run's.
///
/// # Errors
/// If a file cannot be read, or says what cannot be.
pub fn shown(folder: &RunFolder) -> Result<Option<Shown>, String> {
    let kept = read_own(folder)?;
    if let Some(document) = kept.as_ref().filter(|document| document.is_own()) {
        let best = best_steps(folder).filter(|&steps| document.steps.is_some_and(|evaluated| evaluated != steps));
        let otherwise =
            best.map(|steps| format!("{}; the best checkpoint is now that of step {}", document.how(), grouped(steps)));
        return Ok(Some(Shown { document: document.clone(), otherwise }));
    }
    let all = kept.into_iter().chain(apart(folder)?).filter(Document::is_of_the_run);
    let rank = |document: &Document| {
        let trained = document.results.iter().filter(|row| row.trained).count();
        let (best, greedy) = (document.checkpoint.as_deref() == Some("best"), document.policy == PolicyChoice::Greedy);
        (trained, best, greedy, document.episodes().0, document.steps, std::cmp::Reverse(document.seed))
    };
    Ok(all.max_by_key(rank).map(|document| Shown { otherwise: Some(document.how()), document }))
}

/// The rows of the run's own question at these T, of at least this [rank](Row::rank) each; nothing where one is missing, or they are
/// of a checkpoint that is no longer the best.
///
/// # Errors
/// If a file cannot be read, or says what cannot be.
pub fn own_rows(folder: &RunFolder, instructions: &[u32], rank: u64) -> Result<Option<Vec<Row>>, String> {
    let best = best_steps(folder);
    let all = read_own(folder)?.into_iter().chain(apart(folder)?);
    let own = all.filter(|document| document.is_own() && (best.is_none() || document.steps == best));
    let rows: Vec<Row> = own.flat_map(|document| document.results).filter(|row| row.rank() >= rank).collect();
    let at = |&instruction: &u32| {
        let rows = rows.iter().filter(|row| row.instruction == instruction);
        rows.max_by_key(|row| row.rank()).cloned()
    };
    Ok(instructions.iter().map(at).collect())
}

/// Puts an evaluation of the run in `folder`, which was trained on `trained`, on record; gives its file.
///
/// # Errors
/// If a file cannot be written.
pub fn keep(folder: &RunFolder, found: &Document, trained: &[u32]) -> Result<PathBuf, RunError> {
    // Two that end at once must not lose each other's rows. Where a folder cannot be locked, the last one counts.
    let _lock = File::open(folder.path()).and_then(|file| file.lock().map(|()| file));
    if !found.is_own() {
        return put_apart(folder, found);
    }
    // What cannot be read, or says what cannot be, is replaced.
    let kept = read(&folder.evaluation()).ok().flatten();
    let (own, coarse) = match &kept {
        Some(kept) if kept.asks_what(found) => merged(kept, found, trained),
        Some(kept) => {
            put_apart(folder, kept)?;
            (found.clone(), Vec::new())
        }
        None => (found.clone(), Vec::new()),
    };
    let mut path = folder.evaluation();
    if !coarse.is_empty() {
        let apart = put_apart(folder, &Document { results: coarse, ..found.clone() })?;
        if !own.results.iter().any(|row| found.results.contains(row)) {
            path = apart;
        }
    }
    if kept.as_ref() != Some(&own) {
        write_json(&folder.evaluation(), &own)?;
    }
    Ok(path)
}

/// Merges two evaluations of one question: at each T the exact row or that of more episodes, or else the later one. Rows of too few
/// episodes are given apart.
fn merged(kept: &Document, found: &Document, trained: &[u32]) -> (Document, Vec<Row>) {
    let (mut rows, mut coarse) = (found.results.clone(), Vec::new());
    for row in &kept.results {
        match rows.iter_mut().find(|other| other.instruction == row.instruction) {
            Some(new) if new.rank() < row.rank() => coarse.push(std::mem::replace(new, row.clone())),
            Some(_) => {}
            None => rows.push(row.clone()),
        }
    }
    rows.sort_by_key(|row| row.instruction);
    let at = |&instruction: &u32| rows.iter().find(|row| row.instruction == instruction).map_or(0, Row::rank);
    let enough = trained.iter().map(at).min().unwrap_or(0).min(ENOUGH);
    let (rows, few): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.rank() >= enough);
    (Document { results: rows, ..found.clone() }, [coarse, few].concat())
}

/// Keeps an evaluation in `evaluations/`, a file for each number of episodes, and one for exact results; gives the last one.
fn put_apart(folder: &RunFolder, document: &Document) -> Result<PathBuf, RunError> {
    let evaluations = folder.evaluations();
    let failed = |source| RunError::Io { action: "create", path: evaluations.clone(), source };
    fs::create_dir_all(&evaluations).map_err(failed)?;
    let mut left = document.results.clone();
    let mut path = evaluations.clone();
    while let Some(rank) = left.first().map(Row::rank) {
        let (same, others): (Vec<Row>, Vec<Row>) = left.into_iter().partition(|row| row.rank() == rank);
        left = others;
        let names = (1_u32..).map(|number| name(document, rank, number));
        let free = names.map(|name| evaluations.join(name)).find_map(|path| match path.symlink_metadata() {
            Err(_) => Some((path, None)),
            // What is no file, or cannot be read, is none of ours.
            Ok(file) if !file.is_file() => None,
            Ok(_) => {
                let kept = read(&path).ok().flatten().filter(|kept| kept.asks_what(document))?;
                Some((path, Some(kept)))
            }
        });
        let (file, kept) = free.expect("there is a free name");
        let known = |row: &Row| same.iter().any(|other| other.instruction == row.instruction);
        let mut rows: Vec<Row> = kept.map_or(Vec::new(), |kept| kept.results);
        rows.retain(|row| !known(row));
        rows.extend(same);
        rows.sort_by_key(|row| row.instruction);
        write_json(&file, &Document { results: rows, ..document.clone() })?;
        path = file;
    }
    Ok(path)
}

/// Gives the name of an evaluation's file: `last-step4001280-sampled-seed0-1000episodes.json`. From the second on,
/// files of one name have a `number`.
fn name(document: &Document, rank: u64, number: u32) -> String {
    let plain = |text: &str| -> String {
        let letters = text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' });
        letters.take(60).collect()
    };
    let checkpoint = match document.checkpoint.as_deref() {
        Some(name @ ("best" | "last")) => name.to_owned(),
        Some(file) => {
            let stem = Path::new(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
            format!("file_{}", plain(&stem.unwrap_or_default()))
        }
        None => "none".to_owned(),
    };
    let (steps, policy, seed) = (document.steps.unwrap_or(0), document.policy.word(), document.seed);
    let device = if document.device == "cpu" { String::new() } else { format!("-{}", plain(&document.device)) };
    let number = if number == 1 { String::new() } else { format!("-{number}") };
    let episodes = match rank {
        EXACT => "exact".to_owned(),
        1 => "1episode".to_owned(),
        count => format!("{count}episodes"),
    };
    format!("{checkpoint}-step{steps}-{policy}-seed{seed}{device}-{episodes}{number}.json")
}

/// Reads the evaluations in `evaluations/`, by name.
fn apart(folder: &RunFolder) -> Result<Vec<Document>, String> {
    let path = folder.evaluations();
    let entries = match fs::read_dir(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| format!("cannot read {}: {error}", path.display()))?,
    };
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| {
        // A link could lead out of the run, and what begins with a dot is being written.
        let is_file = file.symlink_metadata().is_ok_and(|file| file.is_file());
        let name = file.file_name().unwrap_or_default().as_encoded_bytes();
        is_file && name.ends_with(b".json") && !name.starts_with(b".")
    });
    files.sort();
    Ok(files.iter().map(|file| read(file)).collect::<Result<Vec<_>, String>>()?.into_iter().flatten().collect())
}

/// Reads the evaluation in `evaluation.json`; an error says what replaces it.
fn read_own(folder: &RunFolder) -> Result<Option<Document>, String> {
    read(&folder.evaluation()).map_err(|error| {
        format!("{error}; evaluate the run again: {}", shell::command_on("evaluate", folder.path(), ""))
    })
}

/// Reads an evaluation; nothing where there is no file.
fn read(path: &Path) -> Result<Option<Document>, String> {
    let document: Document = match read_json(path) {
        Err(RunError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|error| error.to_string())?,
    };
    match fault(&document.results) {
        None => Ok(Some(document)),
        Some(fault) => Err(format!("{}: {fault}", path.display())),
    }
}

/// Explains a fault in an evaluation's numbers, if there is one: whoever wrote them need not have been this program.
fn fault(rows: &[Row]) -> Option<String> {
    if rows.is_empty() {
        return Some("there is nothing in `results`".to_owned());
    }
    if !rows.is_sorted_by(|one, next| one.instruction < next.instruction) {
        return Some("the values of T do not ascend".to_owned());
    }
    let share = |(low, high): Interval| 0.0 <= low && low <= high && high <= 1.0;
    let wrong = rows.iter().find(|row| {
        let known = (1..=Instructions::GREATEST).contains(&row.instruction) && row.episodes > 0;
        let success = row.success_of_feasible;
        !known || !share((success, success)) || !row.success_of_feasible_ci95.is_none_or(share)
    });
    wrong.map(|row| format!("what it says of T = {} cannot be", row.instruction))
}

/// Environment steps of the checkpoint that is the best now; nothing where there is none.
fn best_steps(folder: &RunFolder) -> Option<u64> {
    checkpoint_file::glance(&folder.best_checkpoint()).ok()?.field("steps").ok()
}

#[cfg(test)]
mod tests;

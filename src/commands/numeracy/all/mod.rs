//! `gridworld numeracy all`: the experiments of the table in docs/results.md, one after the other, and the table.

mod arguments;
mod experiments;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

pub use arguments::Arguments;
use experiments::Experiments;

use gridworld_figures::{Figure, SCALE, png};
use gridworld_numeracy::results::{self, Picture, Reference};
use gridworld_numeracy::tasks::{Entries, try_each};
use gridworld_terminal::Progress;
use gridworld_terminal::output::{self, Format, OutputFile, folder, json_text, section, write_file};
use gridworld_terminal::program::message::{suggest, tell};
use gridworld_terminal::program::{CliError, shell};

use super::session::Runner;
use crate::figure_data;
use crate::run::configuration::command;
use crate::run::version::{REVISION, VERSION};

/// Runs what is not finished, until `stop` is set, and writes the section.
pub fn run(arguments: &Arguments, stop: &'static AtomicBool) -> Result<(), CliError> {
    let files = Files::new(arguments)?;
    let display = if arguments.quiet { Progress::Quiet } else { Progress::detect() };
    let runner = Runner { workers: arguments.workers, display, stop };
    let mut before = files.before()?;
    let mut work = Experiments {
        arguments,
        runner,
        entries: Entries::default(),
        finished: Vec::new(),
        before: before.as_mut().map(|before| std::mem::take(&mut before.entries)).unwrap_or_default(),
        kept: Vec::new(),
        skipped: Vec::new(),
    };
    try_each(&mut work)?;
    let Experiments { entries, finished, kept, skipped, .. } = work;
    let mut reference = match before {
        // The numbers are all those of before, and so is what made them.
        Some(before) if finished.is_empty() => Reference { entries, skipped, ..before },
        _ => Reference {
            command: command(),
            version: VERSION.to_owned(),
            revision: REVISION.to_owned(),
            entries,
            skipped,
        },
    };
    if stop.load(Ordering::Relaxed) {
        return Err(CliError::Interrupted("finished seeds are saved; rerun the same command to resume".to_owned()));
    }
    files.write(&mut reference, &finished, &kept)?;
    tell(&format!("wrote {} and {}", arguments.page.display(), arguments.reference.display()));
    if arguments.json {
        return output::print_json(&reference);
    }
    if !arguments.quiet && !finished.is_empty() {
        suggest(&shell::command_on("plot", &arguments.runs, ""));
    }
    Ok(())
}

/// Files of the page, of the numbers behind it and of the figures.
struct Files<'a> {
    page: OutputFile,
    reference: OutputFile,
    figures: &'a Path,
}

impl Files<'_> {
    /// Takes the files from the arguments, if they can be written.
    fn new(arguments: &Arguments) -> Result<Files<'_>, CliError> {
        let page = OutputFile::new_with_folder("--page", &arguments.page, Format::Markdown)?;
        let reference = OutputFile::new_with_folder("--reference", &arguments.reference, Format::Json)?;
        [&page, &reference].iter().try_for_each(|file| file.share_with_json(arguments.json))?;
        page.read()?;
        let figures = arguments.figures.as_path();
        folder::check_name("--figures", figures)?;
        folder::can_write_into(figures)
            .map_err(|error| CliError::usage(format!("--figures {}: {error}", figures.display())))?;
        Ok(Files { page, reference, figures })
    }

    /// Reads the document that is there already.
    fn before(&self) -> Result<Option<Reference>, CliError> {
        let text = self.reference.read()?;
        if text.is_empty() {
            return Ok(None);
        }
        serde_json::from_str(&text).map(Some).map_err(|error| {
            let shown = self.reference.path().display();
            CliError::usage(format!("--reference {shown}: not a document of numeracy all ({error}); name another file"))
        })
    }

    /// Finds the picture of a task that is there already, by the description that it has for those who do not see it.
    fn picture(&self, task: &str) -> Option<Picture> {
        let svg = std::fs::read_to_string(self.figures.join(format!("{task}.svg"))).ok()?;
        let (_, rest) = svg.split_once("<desc")?;
        let (alt, _) = rest.split_once('>')?.1.split_once("</desc>")?;
        Some(Picture { name: task.to_owned(), alt: alt.to_owned() })
    }

    /// Writes the figures, the pages and the pictures on them, each whole or not at all. Figures are of the finished
    /// runs; a task of which entries were `kept` has curves that are not among these, and keeps its figure.
    fn write(&self, reference: &mut Reference, finished: &[PathBuf], kept: &[&str]) -> Result<(), CliError> {
        let mut drawings = if finished.is_empty() { Vec::new() } else { figure_data::experiments(finished)? };
        drawings.retain(|drawing| !kept.contains(&drawing.name));
        let picture = |drawing: &Figure| Picture { name: drawing.name.to_owned(), alt: drawing.alt.clone() };
        let mut pictures: Vec<Picture> = drawings.iter().map(picture).collect();
        pictures.extend(kept.iter().filter_map(|task| self.picture(task)));
        let written = results::pages(reference, &pictures);
        drawings.retain(|drawing| written.shown.iter().any(|shown| shown == drawing.name));
        folder::make(self.figures)?;
        self.reference.write_with_folder(&json_text(reference)?)?;
        for drawing in &drawings {
            let picture = |ending: &str| self.figures.join(format!("{}.{ending}", drawing.name));
            write_file(&picture("svg"), drawing.svg.as_bytes())?;
            write_file(&picture("png"), &png(&drawing.svg, SCALE).map_err(CliError::failed)?.bytes)?;
        }
        for (file, text) in written.own {
            let Some(page) = self.page.beside(file) else { continue };
            OutputFile::new_with_folder("--page", &page, Format::Markdown)?.write_with_folder(text.as_bytes())?;
            tell(&format!("wrote {}", page.display()));
        }
        let text = section::replace(&self.page.read()?, section::ARITHMETIC, &written.sections);
        self.page.write_with_folder(text.as_bytes())
    }
}

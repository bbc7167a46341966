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
use gridworld_terminal::program::CliError;
use gridworld_terminal::program::message::tell;

use super::session::Runner;
use crate::figure_data;
use crate::run::configuration::command;
use crate::run::version::{REVISION, VERSION};

/// Runs what is not finished, until `stop` is set, and writes the section.
pub fn run(arguments: &Arguments, stop: &'static AtomicBool) -> Result<(), CliError> {
    let files = Files::new(arguments)?;
    let display = if arguments.quiet { Progress::Quiet } else { Progress::detect() };
    let runner = Runner { workers: arguments.workers, display, stop };
    let (entries, finished, skipped) = (Entries::default(), Vec::new(), Vec::new());
    let mut work = Experiments { arguments, runner, entries, finished, skipped };
    try_each(&mut work)?;
    let Experiments { entries, finished, skipped, .. } = work;
    let (command, version, revision) = (command(), VERSION.to_owned(), REVISION.to_owned());
    let mut reference = Reference { command, version, revision, entries, skipped };
    if stop.load(Ordering::Relaxed) {
        return Err(CliError::Interrupted("what is finished is kept; the same command goes on".to_owned()));
    }
    files.write(&mut reference, &finished)?;
    tell(&format!("written: {} and {}", arguments.page.display(), arguments.reference.display()));
    if arguments.json { output::print_json(&reference) } else { Ok(()) }
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

    /// Writes the figures, the pages and the pictures on them, which are of these runs; each whole or not at all.
    fn write(&self, reference: &mut Reference, finished: &[PathBuf]) -> Result<(), CliError> {
        let mut drawings = if finished.is_empty() { Vec::new() } else { figure_data::experiments(finished)? };
        let picture = |drawing: &Figure| Picture { name: drawing.name.to_owned(), alt: drawing.alt.clone() };
        let pictures: Vec<Picture> = drawings.iter().map(picture).collect();
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
            tell(&format!("written: {}", page.display()));
        }
        let text = section::replace(&self.page.read()?, section::ARITHMETIC, &written.sections);
        self.page.write_with_folder(text.as_bytes())
    }
}

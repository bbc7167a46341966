//! The document with the numbers of the pages of results, and those pages.

use serde::{Deserialize, Serialize};

use super::pages::{Pages, Picture, Written};
use crate::published::Published;
use crate::tasks::{Entries, Listed, Visitor, each};

/// Document with the numbers of the pages of results.
#[derive(Debug, Serialize, Deserialize)]
pub struct Reference {
    /// Command that makes the document again.
    pub command: String,
    /// Version of the program.
    pub version: String,
    /// Git revision of the program.
    pub revision: String,
    /// Finished experiments, task by task.
    #[serde(flatten)]
    pub entries: Entries,
    /// Names of the experiments that were asked for, and could not be worked on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<String>,
}

/// Writer of the pages of a document.
struct Writer<'a, 'b> {
    entries: &'a mut Entries,
    pages: &'a mut Pages<'b>,
}

impl Visitor for Writer<'_, '_> {
    type Output = ();

    fn visit<T: Listed>(&mut self) {
        T::pages(T::entries_of(self.entries), self.pages);
    }
}

/// Writes the pages of the finished experiments, with these pictures.
pub fn pages(reference: &mut Reference, pictures: &[Picture]) -> Written {
    let Reference { command, entries, .. } = reference;
    let published = Published::all();
    let mut pages = Pages::new(&published, command, pictures);
    each(&mut Writer { entries, pages: &mut pages });
    let mut written = pages.written();
    written.sections = format!(
        "# Arithmetic\n\nWritten by `{command}`; not to be edited by hand. The figures are in \
         `runs/reference/numeracy.json`.\n{}",
        written.sections
    );
    written
}

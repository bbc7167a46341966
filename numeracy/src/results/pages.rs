//! The pages of results, and what tasks write on them.

use crate::published::Published;

/// A figure of a task: `figures/NAME.svg` and `figures/NAME.png` beside the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Name of the task, which names the picture's files.
    pub name: String,
    /// Alternative text of the picture, for those who do not see it.
    pub alt: String,
}

/// The pages of results, while they are written.
#[derive(Debug)]
pub struct Pages<'a> {
    /// Published figures for comparison.
    pub published: &'a Published,
    /// Command that writes the pages.
    pub command: &'a str,
    pictures: &'a [Picture],
    shown: Vec<String>,
    sections: Vec<(u8, String)>,
    own: Vec<(&'static str, String)>,
}

/// The pages of results, as they are written to files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// Sections of the page that tasks share, in their order.
    pub sections: String,
    /// File names of the tasks' own pages, and their texts.
    pub own: Vec<(&'static str, String)>,
    /// Names of the pictures that are shown on the pages.
    pub shown: Vec<String>,
}

impl<'a> Pages<'a> {
    /// Makes empty pages, and takes the pictures that can be shown on them.
    #[must_use]
    pub fn new(published: &'a Published, command: &'a str, pictures: &'a [Picture]) -> Pages<'a> {
        Pages { published, command, pictures, shown: Vec::new(), sections: Vec::new(), own: Vec::new() }
    }

    /// Shows the picture of a task, if there is one; gives the Markdown for it.
    pub fn picture(&mut self, task: &str) -> String {
        let Some(Picture { name, alt }) = self.pictures.iter().find(|picture| picture.name == task) else {
            return String::new();
        };
        self.shown.push(name.clone());
        format!("[![{alt}](figures/{name}.png)](figures/{name}.svg)\n\n")
    }

    /// Writes a section of the page that tasks share, where sections stand in the order of their places.
    pub fn section(&mut self, place: u8, text: String) {
        self.sections.push((place, text));
    }

    /// Writes a page of the task's own.
    pub fn own(&mut self, file: &'static str, text: String) {
        self.own.push((file, text));
    }

    /// Gives the pages as they are to be written.
    #[must_use]
    pub fn written(mut self) -> Written {
        self.sections.sort_by_key(|(place, _)| *place);
        let sections = self.sections.into_iter().map(|(_, text)| text).collect();
        Written { sections, own: self.own, shown: self.shown }
    }
}

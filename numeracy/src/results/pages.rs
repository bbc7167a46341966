//! What the tasks write on the pages of results.

use crate::published::Published;

/// A figure of a task: `figures/NAME.svg` and `figures/NAME.png` beside the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The task: what its files are called.
    pub name: String,
    /// The description for those who do not see it.
    pub alt: String,
}

/// The pages, while they are written.
#[derive(Debug)]
pub struct Pages<'a> {
    /// Published figures to stand beside ours.
    pub published: &'a Published,
    /// The command that writes the pages.
    pub command: &'a str,
    pictures: &'a [Picture],
    shown: Vec<String>,
    sections: Vec<(u8, String)>,
    own: Vec<(&'static str, String)>,
}

/// The pages, written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The sections of the page that tasks share, in their order.
    pub sections: String,
    /// The files of pages of their own, and their texts.
    pub own: Vec<(&'static str, String)>,
    /// The pictures that are shown.
    pub shown: Vec<String>,
}

impl<'a> Pages<'a> {
    /// Empty pages, and the pictures that can be shown on them.
    pub fn new(published: &'a Published, command: &'a str, pictures: &'a [Picture]) -> Pages<'a> {
        Pages { published, command, pictures, shown: Vec::new(), sections: Vec::new(), own: Vec::new() }
    }

    /// Shows the picture of a task, if there is one: the Markdown for it.
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

    /// Writes a page of its own.
    pub fn own(&mut self, file: &'static str, text: String) {
        self.own.push((file, text));
    }

    /// The pages as they are to be.
    pub fn written(mut self) -> Written {
        self.sections.sort_by_key(|(place, _)| *place);
        let sections = self.sections.into_iter().map(|(_, text)| text).collect();
        Written { sections, own: self.own, shown: self.shown }
    }
}

//! Pieces of Markdown that the tables share.

use crate::summary::Rate;

/// A figure of a task: `figures/NAME.svg` and `figures/NAME.png` beside the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The task: what its files are called.
    pub name: String,
    /// The description for those who do not see it.
    pub alt: String,
}

/// The picture of a task, if there is one.
pub fn picture(task: &str, drawings: &[Picture]) -> String {
    let drawing = drawings.iter().find(|drawing| drawing.name == task);
    drawing.map_or(String::new(), |Picture { name, alt }| {
        format!("[![{alt}](figures/{name}.png)](figures/{name}.svg)\n\n")
    })
}

/// Per cent, with the interval.
pub fn rate(rate: &Rate) -> String {
    let percent = |share: f64| (100.0 * share).round();
    format!("{} % ({}–{})", percent(rate.rate), percent(rate.ci95.0), percent(rate.ci95.1))
}

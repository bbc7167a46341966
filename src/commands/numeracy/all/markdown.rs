//! Pieces of Markdown that the tables share.

use gridworld_numeracy::summary::Rate;

use crate::charts::Drawing;

/// The picture of a task, if there is one.
pub fn picture(task: &str, drawings: &[Drawing]) -> String {
    let drawing = drawings.iter().find(|drawing| drawing.name == task);
    drawing.map_or(String::new(), |Drawing { name, alt, .. }| {
        format!("[![{alt}](figures/{name}.png)](figures/{name}.svg)\n\n")
    })
}

/// Per cent, with the interval.
pub fn rate(rate: &Rate) -> String {
    let percent = |share: f64| (100.0 * share).round();
    format!("{} % ({}–{})", percent(rate.rate), percent(rate.ci95.0), percent(rate.ci95.1))
}

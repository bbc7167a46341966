//! Settings that the runs were trained with, and their commands.

use gridworld_terminal::output::numbers::grouped;
use std::collections::BTreeMap;

use super::group::{self, Group, Settings, differing};
use super::html::Html;
use super::results::scrolling;
use crate::options::training::setting_of;
use crate::run::evaluation::LARGEST_T;
use crate::run::evaluations::Shown;

/// The settings that all groups share, and those in which they differ.
pub fn settings(groups: &[Group]) -> Html {
    let all: Vec<&Settings> = groups.iter().map(|group| &group.settings).collect();
    let different = differing(&all);
    let mut html = Html::default();
    if !different.is_empty() {
        html.markup("<h3>Settings that differ</h3>\n");
        html.html(&scrolling("Settings that differ"));
        html.markup("<table class=\"text\"><thead><tr><th scope=\"col\">setting</th>");
        for group in groups {
            html.element("<th scope=\"col\">", group.name(), "</th>");
        }
        html.markup("</tr></thead><tbody>\n");
        for name in &different {
            setting(&mut html, name);
            for settings in &all {
                html.element("<td>", settings.get(name).map_or("–", String::as_str), "</td>");
            }
            html.markup("</tr>\n");
        }
        html.markup("</tbody></table></div>\n<p>–: no such setting; none: switched off, or not set.</p>\n");
    }
    let common: BTreeMap<&String, &String> = all[0].iter().filter(|(name, _)| !different.contains(*name)).collect();
    html.markup(if different.is_empty() { "<details open>" } else { "<details>" });
    html.element("<summary>", format!("{} identical settings", common.len()), "</summary>\n");
    html.html(&scrolling("Identical settings"));
    html.markup("<table class=\"text\"><tbody>\n");
    for (name, value) in common {
        setting(&mut html, name);
        html.element("<td class=\"long\">", value, "</td></tr>\n");
    }
    html.markup("</tbody></table></div></details>\n");
    html
}

/// The beginning of a setting's row, by its flag where it has one; a name without one can be broken at its dots.
fn setting(html: &mut Html, name: &str) {
    let shown = setting_of(name);
    html.markup("<tr><th scope=\"row\">");
    html.markup(if shown.starts_with("--") { "<code class=\"flag\">" } else { "<code>" });
    for (index, part) in shown.split('.').enumerate() {
        html.element(if index > 0 { ".<wbr>" } else { "" }, part, "");
    }
    html.markup("</code></th>");
}

/// Columns of the table of runs, after their names.
const COLUMNS: [&str; 7] = ["agent", "seed", "steps", "seconds", "largest T", "evaluation", "version"];

/// Each run: its training, its evaluation, and the commands that made it.
pub fn runs(groups: &[Group]) -> Html {
    let mut html = Html::default();
    html.html(&scrolling("Runs"));
    html.markup("<table class=\"text cards\"><thead><tr><th scope=\"col\">run</th>");
    for column in COLUMNS {
        html.element("<th scope=\"col\">", column, "</th>");
    }
    html.markup("</tr></thead><tbody>\n");
    for (group, run) in groups.iter().flat_map(|group| group.runs().iter().map(move |run| (group, run))) {
        let (steps, seconds) = run
            .metrics
            .last()
            .map_or(("–".to_owned(), "–".to_owned()), |line| (grouped(line.step), format!("{:.0}", line.seconds)));
        let evaluated = run.evaluation.as_ref().map_or("not yet".to_owned(), |Shown { document, otherwise }| {
            otherwise.as_ref().map_or(document.how(), |how| format!("not the standard one: {how}"))
        });
        let reach = group::reach(run).map_or("–".to_owned(), |reach| reach.to_string());
        html.element("<tr><th scope=\"row\">", group::name(run), "</th>");
        let version = format!("{} {}", run.config.version, run.config.revision);
        let cells = [group.name().to_owned(), group::seed(run).to_string(), steps, seconds, reach, evaluated, version];
        for (column, cell) in COLUMNS.into_iter().zip(cells) {
            html.element("<td data-label=\"", column, "\">").element("", cell, "</td>");
        }
        html.markup("</tr>\n");
    }
    html.markup("</tbody></table></div>\n<p>");
    html.element("", LARGEST_T, "; –: none. seconds: of training.</p>\n<details><summary>Commands</summary>\n");
    for run in groups.iter().flat_map(Group::runs) {
        for command in &run.config.commands {
            html.element("<pre><code>", command, "</code></pre>\n");
        }
    }
    html.markup("</details>\n");
    html
}

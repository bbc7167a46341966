//! Tables of results on the page.

use gridworld_terminal::output::numbers::{interval, per_cent, with_minus};
use std::collections::BTreeMap;

use super::group;
use super::group::Group;
use super::html::Html;
use super::scores::{Column, Score};

/// More columns than these are hard to read: then agents are rows.
const WIDE: usize = 8;

/// Writes the tables of an environment.
pub fn results(groups: &[&Group], columns: &[Column]) -> Html {
    let mut html = Html::default();
    if columns.iter().all(|column| column.scores.is_empty()) {
        html.markup(
            "<p>None of the runs has been evaluated yet: run <code>gridworld evaluate RUN --T 5..30</code>.</p>\n",
        );
        return html;
    }
    html.markup(
        "<p>Success in % of feasible episodes, in which success is possible because the target is near enough: the \
         interquartile mean over seeds and, in brackets, its 95&nbsp;% interval (stratified bootstrap; Agarwal et al. \
         2021), or for a single seed Wilson’s interval over its episodes. <code>oracle</code> is the best possible \
         policy, <code>random</code> takes random actions. <span class=\"key-trained\">Values of T with * and a \
         tint</span> were trained on. ",
    );
    html.text(provenance(groups)).markup("</p>\n");
    html.html(&table(columns, "Success by T", |html, score| {
        html.text(per_cent(score.success));
        html.element(" <small>(", interval(score.interval), ")</small>");
    }));
    html.html(&reach(groups));
    html.markup("<details><summary>Mean reward of an episode</summary>\n");
    html.html(&table(columns, "Mean reward by T", |html, score| {
        // Adding zero takes the sign from a zero.
        html.text(with_minus(&format!("{:.3}", (1e3 * score.reward).round() / 1e3 + 0.0)));
    }));
    html.markup("</details>\n");
    html
}

/// Writes how many episodes the results are of, and who played them.
fn provenance(groups: &[&Group]) -> String {
    let runs = groups.iter().flat_map(|group| group.runs());
    crate::figure_data::provenance(&runs.filter(|run| !run.rows().is_empty()).collect::<Vec<_>>())
}

/// A table of T and agents; `cell` writes what is known of a pair.
fn table(columns: &[Column], label: &'static str, cell: impl Fn(&mut Html, &Score)) -> Html {
    let mut instructions: BTreeMap<u32, bool> = BTreeMap::new();
    for (&instruction, score) in columns.iter().flat_map(|column| &column.scores) {
        *instructions.entry(instruction).or_default() |= score.trained;
    }
    let name =
        |(instruction, trained): (&u32, &bool)| format!("{instruction}{}", if *trained { "\u{202f}*" } else { "" });
    let labels: Vec<String> = instructions.iter().map(name).collect();
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let score = |row: usize, column: usize| {
        let (instruction, agent) = if columns.len() > WIDE { (column, row) } else { (row, column) };
        columns[agent].scores.get(instructions.keys().nth(instruction)?)
    };
    let (corner, rows, heads) = if columns.len() > WIDE { ("agent", &names, &labels) } else { ("T", &labels, &names) };
    let mut html = scrolling(label);
    html.element("<table><thead><tr><th scope=\"col\">", corner, "</th>");
    for head in heads {
        html.element("<th scope=\"col\">", head, "</th>");
    }
    html.markup("</tr></thead><tbody>\n");
    for (row, name) in rows.iter().enumerate() {
        html.element("<tr><th scope=\"row\">", name, "</th>");
        for column in 0..heads.len() {
            match score(row, column) {
                Some(score) => {
                    html.markup(if score.trained { "<td class=\"trained\">" } else { "<td>" });
                    cell(&mut html, score);
                    html.markup("</td>");
                }
                None => drop(html.markup("<td>–</td>")),
            }
        }
        html.markup("</tr>\n");
    }
    html.markup("</tbody></table></div>\n");
    html
}

/// Writes the largest T of each seed.
fn reach(groups: &[&Group]) -> Html {
    let mut html = Html::default();
    html.markup(
        "<h3>Largest T with at least 99&nbsp;% success</h3>\n<p>For each seed, the end of the longest series of evaluated T \
         with at least 99&nbsp;% success each that includes a T trained on; “–”: none.</p>\n",
    );
    html.html(&scrolling("Largest T of each seed"));
    html.markup(
        "<table><thead><tr><th scope=\"col\">agent</th><th scope=\"col\">seeds</th><th scope=\"col\">smallest</th><th \
         scope=\"col\">median</th><th scope=\"col\">largest</th><th scope=\"col\">seeds at 99&nbsp;% up to the \
         largest T evaluated</th></tr></thead><tbody>\n",
    );
    for group in groups {
        let Some(&greatest) = group.evaluated().last() else { continue };
        let evaluated = group.runs().iter().filter(|run| !run.rows().is_empty());
        let mut reached: Vec<Option<u32>> = evaluated.map(group::reach).collect();
        reached.sort_unstable();
        let shown = |reached: Option<u32>| reached.map_or("–".to_owned(), |reached| reached.to_string());
        let holding = reached.iter().filter(|reached| **reached == Some(greatest)).count();
        html.element("<tr><th scope=\"row\">", group.name(), "</th>");
        html.element("<td>", reached.len().to_string(), "</td>");
        // Of an even number, the lower of the middle two: it is a T that a seed has reached.
        for index in [0, (reached.len() - 1) / 2, reached.len() - 1] {
            html.element("<td>", shown(reached[index]), "</td>");
        }
        html.element("<td>", format!("{holding} of {} (T = {greatest})", reached.len()), "</td></tr>\n");
    }
    html.markup("</tbody></table></div>\n");
    html
}

/// The beginning of something that is scrolled sideways where it has no room, also with the keyboard.
pub fn scrolling(label: &'static str) -> Html {
    let mut html = Html::default();
    html.element("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", label, "\">");
    html
}

//! Effects of changed counters, and the errors of the probe, as text for a terminal of 80 columns.

use gridworld_terminal::output::numbers::{per_cent, percent, with_minus};

use super::document::Document;
use super::table::table;
use crate::run::intervention::{AMOUNTS, Change, Changed, Intervened};
use crate::run::probe::Probed;

/// Writes a table for each T that was played with changed counters, and one of the probe.
pub fn render(document: &Document, core: &str) -> Vec<String> {
    let mut parts: Vec<String> = document.interventions.iter().map(intervened).collect();
    if let Some(last) = parts.last_mut() {
        *last += "\n";
        *last += &legend(core, &document.interventions);
    }
    if !document.probe.is_empty() {
        parts.push(probed(&document.probe, core, &document.instructions));
    }
    parts
}

fn intervened(played: &Intervened) -> String {
    let Intervened { instruction, after, episodes, success_of_feasible, changes, off } = played;
    let rows = changes.chunks(AMOUNTS.len()).map(|changes| {
        let name = match changes[0].changed {
            Changed::Instruction => "T".to_owned(),
            Changed::Clock => "clock".to_owned(),
            Changed::Counter(counter) => counter.to_string(),
        };
        let success = match changes[0].changed {
            Changed::Counter(counter) => {
                off.iter().find(|off| off.counter == counter).map(|off| percent(off.success_of_feasible))
            }
            Changed::Instruction | Changed::Clock => None,
        };
        let shifts = changes.iter().map(shift);
        std::iter::once(name).chain(shifts).chain([success.unwrap_or_default()]).collect()
    });
    let amounts = AMOUNTS.map(|amount| format!("δ = {}", signed(f64::from(amount), 0)));
    let titles: Vec<&str> = ["<changed"].into_iter().chain(amounts.iter().map(String::as_str)).chain(["off"]).collect();
    let on_time = per_cent(*success_of_feasible);
    format!(
        "T = {instruction}, {episodes} episodes, {on_time} % of the feasible on time without a change.\nMean shift of the \
         arrival in steps, if δ is added after step {after}:\n\n{}",
        table(&titles, rows)
    )
}

/// The mean shift, with the share of the episodes that do not arrive any more.
fn shift(change: &Change) -> String {
    let lost = change.timeouts as f64 / (change.timeouts + change.compared) as f64;
    match change.shift_mean {
        Some(mean) if lost < 0.005 => signed(mean, 2),
        Some(mean) => format!("{} ({} %)", signed(mean, 2), (100.0 * lost).round()),
        None => "–".to_owned(),
    }
}

/// Writes a number with its sign; what rounds to zero has none.
fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    let is_zero = text.parse::<f64>().is_ok_and(|value| value == 0.0);
    with_minus(if is_zero { &text[1..] } else { &text })
}

fn legend(core: &str, played: &[Intervened]) -> String {
    let has = |changed| played.iter().any(|played| played.changes.iter().any(|change| change.changed == changed));
    let all = [
        (Changed::Instruction, "T: all counters, as a T that is greater by δ would have made them\n"),
        (Changed::Clock, "clock: all counters, as δ further steps would have made them\n"),
    ];
    let all: String = all.into_iter().filter(|(changed, _)| has(*changed)).map(|(_, words)| words).collect();
    format!(
        "{all}0, 1, …: this counter alone; off: on time if the {core} does not read it\n\
         in brackets: share of the episodes that do not arrive any more; –: none arrives\n"
    )
}

fn probed(probed: &[Probed], core: &str, trained: &str) -> String {
    let rows = probed.iter().map(|Probed { instruction, error, r2, .. }| {
        vec![instruction.to_string(), format!("{error:.2}"), with_minus(&format!("{:.3}", r2.max(-999.0)))]
    });
    format!(
        "T − t, read from the {core}'s state by a linear probe fitted on T = {trained}:\n\n{}mean error: mean absolute error \
         in steps, in episodes that it was not fitted on\nR²: 1 is perfect, 0 no better than the mean of T − t\n",
        table(&["T", "mean error", "R²"], rows)
    )
}

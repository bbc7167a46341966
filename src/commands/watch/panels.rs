//! Panels of the network's activity: the policy, the counters and the core, as lines of text.

use gridworld_agents::evaluation::Activations;
use gridworld_terminal::Palette;
use gridworld_terminal::bars::{bar, curve, range};
use gridworld_terminal::output::numbers::with_minus;
use ratatui::text::{Line, Span};

use super::viewer::Viewer;
use crate::replay::renderer::{busiest, unnamed};

/// A panel's least width: below it, nothing can be read.
const LEAST: usize = 16;
/// Width from which on a panel has room for words.
const ROOMY: usize = 34;

/// Draws all panels in `width` columns and `height` rows: the policy first, then as many counters as there are, then as
/// many units of the core as there is room for.
pub fn panels(viewer: &Viewer, palette: Palette, width: usize, height: usize) -> Vec<Line<'static>> {
    let width = width.max(LEAST);
    let Some(activations) = viewer.replay.activations(viewer.t) else {
        return vec![
            heading("Policy", width, palette),
            Line::raw("no network: this agent follows a rule"),
            chosen(viewer, palette),
        ];
    };
    let mut lines = policy(viewer, activations, palette, width);
    // The headings of what follows, and a few units of the core, have their place before long lists.
    let left = height.saturating_sub(lines.len());
    let counted = activations.n.len().min(if activations.h.is_empty() { left } else { left.saturating_sub(4) });
    if counted > 0 {
        lines.extend(counters(viewer, activations, palette, width, counted));
    }
    let left = height.saturating_sub(lines.len() + 1);
    if left > 0 && !activations.h.is_empty() {
        lines.extend(units(viewer, activations, palette, width, left));
    }
    lines
}

/// Gives a title in words, or a short one where they have no room.
fn titled(width: usize, words: &str, short: &str) -> String {
    if width < ROOMY.max(words.chars().count()) { short.to_owned() } else { words.to_owned() }
}

fn heading(text: &str, width: usize, palette: Palette) -> Line<'static> {
    let rule = "─".repeat(width.saturating_sub(text.chars().count() + 1));
    Line::from(vec![Span::styled(text.to_owned(), palette.strong()), Span::styled(format!(" {rule}"), palette.faint())])
}

/// Writes the action of a player without a network.
fn chosen(viewer: &Viewer, palette: Palette) -> Line<'static> {
    let action = viewer
        .replay
        .record
        .step_records
        .get(viewer.t)
        .map(|step| viewer.replay.actions[usize::from(step.action)].as_str());
    Line::styled(action.map_or(String::new(), |action| format!("> {action}")), palette.chosen())
}

fn policy(viewer: &Viewer, activations: &Activations, palette: Palette, width: usize) -> Vec<Line<'static>> {
    let room = width.saturating_sub(14);
    let title = if viewer.is_over() { "Policy at its last step" } else { "Policy" };
    let phase = activations.phase.map_or(String::new(), |phase| format!(", phase {}", phase.now));
    let mut lines = vec![heading(&(title.to_owned() + &phase), width, palette)];
    let step = viewer.replay.record.step_records.get(viewer.t).or(viewer.replay.record.step_records.last());
    for (index, (name, probability)) in viewer.replay.actions.iter().zip(activations.probabilities()).enumerate() {
        let is_chosen = step.is_some_and(|step| usize::from(step.action) == index);
        let (mark, style) = if is_chosen { ('>', palette.chosen()) } else { (' ', palette.bar()) };
        let emphasis = if is_chosen { palette.strong() } else { ratatui::style::Style::new() };
        lines.push(Line::from(vec![
            Span::styled(format!("{mark} {name:<5.5} "), emphasis),
            Span::styled(bar(probability, room), style),
            Span::styled(format!(" {probability:>5.3}"), emphasis),
        ]));
    }
    if let Some(phase) = activations.phase {
        lines.push(Line::from(vec![
            Span::raw(format!("  {:<5} ", "next")),
            Span::styled(bar(phase.probability(), room), palette.bar()),
            Span::raw(format!(" {:>5.3}", phase.probability())),
        ]));
    }
    let values: Vec<f32> = viewer.replay.activations_until(viewer.t).map(|activations| activations.value).collect();
    let all = range(viewer.replay.activations_until(usize::MAX - 1).map(|activations| activations.value));
    lines.push(Line::from(vec![
        Span::raw("  value "),
        Span::styled(curve(&values, all, room.saturating_sub(1)), palette.bar()),
        Span::raw(with_minus(&format!(" {:>6.3}", activations.value))),
    ]));
    lines
}

/// Draws the counters in their order, or the busiest if there is no room for all.
fn counters(
    viewer: &Viewer,
    activations: &Activations,
    palette: Palette,
    width: usize,
    count: usize,
) -> impl Iterator<Item = Line<'static>> {
    let mut shown = busiest(&viewer.replay.record, |activations| &activations.read);
    shown.truncate(count);
    shown.sort_unstable();
    let all = activations.n.len();
    let title = match width {
        _ if count < all => format!("Counters ({count} of {all})"),
        _ => titled(width, "Counters: value, history, LSTM input", "Counters"),
    };
    let mut names: Vec<String> =
        shown.iter().map(|&unit| viewer.replay.counters.get(unit).cloned().unwrap_or_else(|| unnamed(unit))).collect();
    // Half of a formula would be another one.
    if names.iter().any(|name| name.chars().count() > width * 2 / 5) {
        names = shown.iter().copied().map(unnamed).collect();
    }
    let name_width = names.iter().map(|name| name.chars().count()).max().unwrap_or(1).max(3);
    // Where there is little room, the course of n says more than what is read of it.
    let reads = width >= ROOMY;
    let room = width.saturating_sub(name_width + if reads { 17 } else { 10 });
    let lines: Vec<_> = shown
        .into_iter()
        .zip(&names)
        .map(|(unit, name)| {
            let (n, read) = (activations.n[unit], activations.read[unit]);
            let history: Vec<f32> =
                viewer.replay.activations_until(viewer.t).map(|activations| activations.n[unit]).collect();
            let ends = range(viewer.replay.activations_until(usize::MAX - 1).map(|activations| activations.n[unit]));
            Line::from(vec![
                Span::raw(format!("{name:<name_width$} {} ", with_minus(&format!("{n:>+8.2}")))),
                Span::styled(curve(&history, ends, room), palette.bar()),
                Span::raw(if reads { with_minus(&format!(" {read:>+6.2}")) } else { String::new() }),
            ])
        })
        .collect();
    std::iter::once(heading(&title, width, palette)).chain(lines)
}

fn units(
    viewer: &Viewer,
    activations: &Activations,
    palette: Palette,
    width: usize,
    count: usize,
) -> impl Iterator<Item = Line<'static>> {
    let all = activations.h.len();
    let core = viewer.replay.core;
    let (words, short) =
        (format!("{core}: most active of {all} units"), format!("{core} ({} of {all})", count.min(all)));
    let title = titled(width, &words, &short);
    let room = width.saturating_sub(12);
    let line = |&unit: &usize| {
        let history: Vec<f32> =
            viewer.replay.activations_until(viewer.t).map(|activations| activations.h[unit]).collect();
        Line::from(vec![
            Span::raw(format!("h{unit:<4}")),
            Span::styled(curve(&history, (-1.0, 1.0), room), palette.bar()),
            Span::raw(with_minus(&format!(" {:>+6.2}", activations.h[unit]))),
        ])
    };
    let lines: Vec<_> = viewer.replay.busiest.iter().take(count).map(line).collect();
    std::iter::once(heading(&title, width, palette)).chain(lines)
}

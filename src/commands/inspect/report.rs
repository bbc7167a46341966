//! Findings in an agent, as text for a terminal of 80 columns.

use gridworld_agents::config::{Mode, When};

use super::document::{Document, Loop};
use crate::program::message::shown;
use crate::run::accumulators::counters::{Counter, Gate};
use crate::run::accumulators::words::{crossing, decimal, small};
use crate::terminal::columns::{Cell, Column, Side, Table};

/// Everything, from what matters most to what it is made of.
pub fn render(document: &Document) -> String {
    let parts = [heading(document), told(document)];
    let found = document.feedback.as_ref().map(|looped| feedback(looped, core(document), &document.instructions));
    parts.into_iter().chain(found).chain([parameters(document)]).collect::<Vec<_>>().join("\n")
}

fn heading(document: &Document) -> String {
    let Document { agent, environment, instructions, checkpoint, steps, config, .. } = document;
    let name = shown(document.run.file_name().unwrap_or(document.run.as_os_str()));
    let checkpoint = shown(checkpoint);
    let (model, training) = (&config.model, &config.training);
    let convolutions = model.convolutions.iter();
    let convolutions: Vec<_> =
        convolutions.map(|layer| format!("{} × {2}×{2} / {1}", layer.channels, layer.stride, layer.kernel)).collect();
    let title = model.core.about().title;
    let core = if title == "LSTM" { format!("an {title}") } else { format!("a {title}") };
    let mode = match training.mode {
        Mode::Async => "async",
        Mode::Sync => "sync",
    };
    format!(
        "{agent}: {name}\n\
         checkpoint {checkpoint}, at step {steps} of {}; seed {}, {mode}\n\
         trained on {environment}, T in {instructions}\n\
         convolutions {}; {} features; {core} of {} units\n",
        training.steps,
        training.seed,
        convolutions.join(" and "),
        model.features,
        model.hidden,
    )
}

fn told(document: &Document) -> String {
    let (looped, core) = (document.feedback.is_some(), core(document));
    let besides = if looped { ", beside the loop" } else { "" };
    let read = decimal(document.told.read);
    let mut text = match document.told.when {
        When::Always => format!("The {core} reads T in every step{besides}; norm of its weights {read}.\n"),
        When::First => format!("The {core} reads T in the first step{besides}; norm of its weights {read}.\n"),
        When::Never if looped => format!("The {core} is told T by the loop alone.\n"),
        When::Never => format!("The {core} is not told T.\n"),
    };
    if !document.told.shown {
        text += "In this environment T is not told: 0 stands in its place, whatever its weights.\n";
    }
    text
}

fn core(document: &Document) -> &'static str {
    document.config.model.core.about().title
}

fn feedback(looped: &Loop, core: &str, trained: &str) -> String {
    let Loop { cell, equation, gain, counters, sparsity_error } = looped;
    // What the last column of the counters' table is.
    let read = format!("read: how strongly the {core} reads it, the norm of its column in weight_feedback.\n");
    let plain = counters.iter().any(|counter| counter.words.is_some());
    let meaning = if plain {
        "n: what a counter holds in step t of an episode, counted from 1.\n"
    } else {
        "The weights of a counter by what they weigh, as norms where these are many.\n"
    };
    let mut text = format!("The loop: {equation}; the {core} reads tanh({gain} n).\n{meaning}{read}\n");
    text += &if plain { in_words(counters) } else { by_groups(counters) };
    if counters.iter().any(|counter| counter.gate.is_some()) {
        text += &gates(counters, cell.about().title, trained);
    }
    text + &format!("\nsparsity error, mean of min(|w|, 1 − |w|): {}\n", small(*sparsity_error))
}

/// Writes a line for each counter with its content.
fn in_words(counters: &[Counter]) -> String {
    let rows = counters.iter().map(|counter| {
        let words = counter.words.clone().unwrap_or_default();
        let zero = if words == "nothing" { "always".to_owned() } else { crossing(counter.zero_at) };
        let row = [counter.counter.to_string(), words, zero, small(counter.distance_from_whole)];
        row.into_iter().chain([decimal(counter.read)]).collect()
    });
    table(&["counter", "<n", "<zero at", "from whole", "read"], rows)
}

/// A line for each counter: where its weights are.
fn by_groups(counters: &[Counter]) -> String {
    let shown = |weight: Option<f64>| weight.map_or("–".to_owned(), decimal);
    let rows = counters.iter().map(|counter| {
        let weights = &counter.weights;
        let groups = [Some(weights.instruction), weights.clock, weights.h, weights.own].map(shown);
        let row = std::iter::once(counter.counter.to_string()).chain(groups);
        row.chain([small(counter.distance_from_whole), decimal(counter.read)]).collect()
    });
    table(&["counter", "T", "clock", "norm, h", "norm, n", "from whole", "read"], rows)
}

/// A line for each counter: how far its gate is open.
fn gates(counters: &[Counter], title: &str, trained: &str) -> String {
    let rows = counters.iter().filter_map(|counter| {
        let Gate { shown: [least, greatest], later, step_adds } = counter.gate?;
        let [later, adds] = [later, step_adds].map(|value| value.map_or("–".to_owned(), decimal));
        Some(vec![counter.counter.to_string(), decimal(least), decimal(greatest), later, adds])
    });
    let table = table(&["counter", "least T", "greatest T", "later", "a later step adds"], rows);
    format!(
        "\nThat is W x, one of a {title}'s two ways. Its gate, 1 for W x and 0 for products,\n\
         while T is shown (T in {trained}) and later, and what a later step really adds:\n\n{table}"
    )
}

/// Columns as wide as they must be; a title that begins with `<` stands on the left.
fn table(titles: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let column = |title: &&str| match title.strip_prefix('<') {
        Some(title) => Column::new(title, Side::Left),
        None => Column::new(*title, Side::Right),
    };
    let rows = rows.map(|row| row.into_iter().map(Cell::from).collect()).collect();
    Table { columns: titles.iter().map(column).collect(), rows }.plain("  ")
}

fn parameters(document: &Document) -> String {
    let rows = document.parameters.iter().map(|parameter| {
        let shape: Vec<String> = parameter.shape.iter().map(i64::to_string).collect();
        vec![parameter.name.clone(), shape.join(" × "), parameter.count.to_string()]
    });
    let total = vec!["all together".to_owned(), String::new(), document.count.to_string()];
    let rows = rows.chain([total]);
    table(&["<parameter", "<shape", "numbers"], rows)
}

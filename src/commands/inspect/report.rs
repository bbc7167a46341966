//! Findings in an agent, as text for a terminal of 80 columns.

use gridworld_agents::{InstructionInput, Mode, Read};
use gridworld_terminal::output::numbers::grouped;
use gridworld_terminal::program::message::shown;

use super::causes;
use super::document::{Document, Loop};
use super::table::table;
use crate::run::accumulators::counters::{Counter, Gate};
use crate::run::accumulators::words::{crossing, decimal, small};

/// Everything, from what matters most to what it is made of.
pub fn render(document: &Document) -> String {
    let parts = [heading(document), told(document)];
    let trained = document.told.shown.then_some(document.instructions.as_str());
    let found = document.feedback.as_ref().map(|looped| feedback(looped, core(document), trained));
    let causes = causes::render(document, core(document));
    parts.into_iter().chain(found).chain(causes).chain([parameters(document)]).collect::<Vec<_>>().join("\n")
}

fn heading(document: &Document) -> String {
    let Document { agent, environment, instructions, checkpoint, steps, config, .. } = document;
    let name = shown(document.run.file_name().unwrap_or(document.run.as_os_str()));
    let checkpoint = shown(checkpoint);
    let (model, training) = (&config.model, &config.training);
    let convolutions = model.convolutions.iter();
    let convolutions: Vec<_> =
        convolutions.map(|layer| format!("{} × {2}×{2} / {1}", layer.channels, layer.stride, layer.kernel)).collect();
    let core = core(document);
    let mode = match training.mode {
        Mode::Async => "async",
        Mode::Sync => "sync",
    };
    format!(
        "{agent}: {name}\n\
         checkpoint {checkpoint} at step {}, of a run of {} steps; seed {}, {mode}\n\
         trained on {environment}, T = {instructions}\n\
         convolutions: {} (channels × kernel / stride)\n\
         network: image embedding of {} numbers, {core} of {} units\n",
        grouped(*steps),
        grouped(training.steps),
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
        InstructionInput::Always => {
            format!("T is an input of the {core} in every step{besides} (weight norm {read}).\n")
        }
        InstructionInput::Start => {
            format!("T is an input of the {core} in the first step{besides} (weight norm {read}).\n")
        }
        InstructionInput::Never if looped => format!("T reaches the {core} through the feedback loop alone.\n"),
        InstructionInput::Never => format!("T is not an input of the {core}.\n"),
    };
    if !document.told.shown {
        text += "This environment does not state T: the input is 0 in its place, and no value below contains T.\n";
    }
    text
}

fn core(document: &Document) -> &'static str {
    document.config.model.core.about().title
}

/// Explanations of the last two columns of the counters' tables.
fn legend(core: &str) -> String {
    format!(
        "rounding error: largest distance of its weights from whole numbers\n\
         {core} weight: how strongly the {core} reads it, the norm of its weight_feedback\n"
    )
}

/// Explanations of the columns of the counters that T and t alone decide on.
const VALUE: &str = "value: what the counter n holds in step t of an episode, t = 1, 2, …\n";
const PHASES: &str = "t1, t2, …: the number of those steps that were in phase 1, 2, …; phases are counted from 0; a number alone is\nadded in the first step\n";
const ZERO_AT: &str = "zero at: the step at which that is zero\n";

/// Describes the loop; `trained` are the values of T that it was trained on, if the environment states T.
fn feedback(looped: &Loop, core: &str, trained: Option<&str>) -> String {
    let Loop { cell, equation, gain, read, counters, sparsity_error } = looped;
    let plain = counters.iter().any(|counter| counter.words.is_some());
    let read = match read {
        Read::Tanh => format!("tanh({gain} n)"),
        Read::Linear => format!("{gain} n"),
    };
    let mut text = format!("Feedback loop: {equation};\nthe {core} reads {read} of each counter n.\n\n");
    text += &if plain { in_words(counters, core, trained.is_some()) } else { by_groups(counters, core) };
    text += &legend(core);
    let gated = counters.iter().any(|counter| counter.gate.is_some());
    if gated {
        text += &gates(counters, cell.about().title, trained);
    } else if plain && trained.is_some() {
        text += &format!("\n{}\n", conclusion(counters, core));
    }
    let error = small(*sparsity_error);
    text + &format!("\nsparsity error {error}: mean of min(|w|, 1 − |w|); 0 if all weights are −1, 0 or 1\n")
}

/// Greatest distance, as a share of T, of a zero that is said to be near T.
const NEAR: f64 = 0.1;

/// A sentence on what the zeros of the counters show.
fn conclusion(counters: &[Counter], core: &str) -> String {
    let within = |distance: f64| {
        let zeros = counters.iter().filter_map(|counter| counter.zero_at);
        zeros.filter(|zero| (zero - 1.0).abs() <= distance).count()
    };
    let all = counters.len();
    let cross = |count: usize| if count == 1 { "counter is" } else { "counters are" };
    match (within(0.0), within(NEAR)) {
        (0, 0) => format!("None of {all} counters is zero near t = T by itself; the {core} can combine them."),
        (0, near) => {
            format!("Of {all}, {near} {} zero within 10 % of t = T: a countdown that drifts for large T.", cross(near))
        }
        (exact, _) => {
            format!("Of {all}, {exact} {} zero at exactly t = T: a countdown that holds for any T.", cross(exact))
        }
    }
}

/// Writes a line for each counter with its content, and explains it; where it is zero only if T `is_told`.
fn in_words(counters: &[Counter], core: &str, is_told: bool) -> String {
    let rows = counters.iter().map(|counter| {
        let words = counter.words.clone().unwrap_or_default();
        let zero = if words == "0" { "always".to_owned() } else { crossing(counter.zero_at) };
        let content = [counter.counter.to_string(), words].into_iter().chain(is_told.then_some(zero));
        content.chain([small(counter.distance_from_whole), decimal(counter.read)]).collect()
    });
    let zero = is_told.then_some("<zero at");
    let titles: Vec<&str> = ["counter", "<value"].into_iter().chain(zero).chain(["rounding error"]).collect();
    let table = table(&[&titles[..], &[&format!("{core} weight")]].concat(), rows);
    let phased = counters.iter().any(|counter| !counter.weights.phases.is_empty());
    format!("{table}\n{VALUE}{}{}", if phased { PHASES } else { "" }, if is_told { ZERO_AT } else { "" })
}

/// Writes a line for each counter with its weights by their inputs, and explains those inputs that there are.
fn by_groups(counters: &[Counter], core: &str) -> String {
    let weights: Vec<_> = counters
        .iter()
        .map(|Counter { weights, .. }| [Some(weights.instruction), weights.clock, weights.h, weights.own])
        .collect();
    let inputs = [
        ("T", "T: weight of T\n".to_owned()),
        ("1 (each step)", "1 (each step): weight of the 1 that is an input in each step\n".to_owned()),
        ("h", format!("h: norm of the weights of the {core}'s last output\n")),
        ("n", "n: norm of the weights of the loop's own last output\n".to_owned()),
    ];
    let present: Vec<usize> = (0..inputs.len()).filter(|&at| weights.iter().any(|row| row[at].is_some())).collect();
    let shown = |weight: Option<f64>| weight.map_or("–".to_owned(), decimal);
    let rows = counters.iter().zip(&weights).map(|(counter, weights)| {
        let groups = present.iter().map(|&at| shown(weights[at]));
        let row = std::iter::once(counter.counter.to_string()).chain(groups);
        row.chain([small(counter.distance_from_whole), decimal(counter.read)]).collect()
    });
    let titles = present.iter().map(|&at| inputs[at].0);
    let titles: Vec<&str> = std::iter::once("counter").chain(titles).chain(["rounding error"]).collect();
    let table = table(&[&titles[..], &[&format!("{core} weight")]].concat(), rows);
    format!("{table}\n{}", present.iter().map(|&at| inputs[at].1.as_str()).collect::<String>())
}

/// A line for each counter: how far its gate is open; while T is an input only where T is stated.
fn gates(counters: &[Counter], title: &str, trained: Option<&str>) -> String {
    let rows = counters.iter().filter_map(|counter| {
        let Gate { shown: [least, greatest], later, step_adds } = counter.gate?;
        let [later, adds] = [later, step_adds].map(|value| value.map_or("–".to_owned(), decimal));
        let told = trained.map(|_| [decimal(least), decimal(greatest)]);
        let number = std::iter::once(counter.counter.to_string());
        Some(number.chain(told.into_iter().flatten()).chain([later, adds]).collect())
    });
    let introduction = format!(
        "\nThat is W x, which a {title} adds; it multiplies, too, and a gate mixes both:\n1 adds only, 0 multiplies only."
    );
    match trained {
        Some(trained) => format!(
            "{introduction} The gate while T is an input (T = {trained})\nand in later steps, and what each of these adds in \
             the end:\n\n{}",
            table(&["counter", "smallest T", "largest T", "later", "added per later step"], rows)
        ),
        None => format!(
            "{introduction} The gate, and what each step adds in the end:\n\n{}",
            table(&["counter", "gate", "added per step"], rows)
        ),
    }
}

fn parameters(document: &Document) -> String {
    let rows = document.parameters.iter().map(|parameter| {
        let shape: Vec<String> = parameter.shape.iter().map(i64::to_string).collect();
        vec![parameter.name.clone(), shape.join(" × "), grouped(parameter.count as u64)]
    });
    let total = vec!["total".to_owned(), String::new(), grouped(document.count as u64)];
    let rows = rows.chain([total]);
    table(&["<parameter", "<shape", "count"], rows)
}

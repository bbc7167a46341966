//! Films as text, for pipes and files.

use std::fmt::Write;

use gridworld_envs::Drawing;
use gridworld_terminal::output;
use gridworld_terminal::output::numbers::with_minus;
use gridworld_terminal::program::CliError;

use crate::replay::board::Lines;
use crate::replay::episode_result::Timing;
use crate::replay::renderer::{Renderer, Replay, busiest, unnamed};

/// Most columns of a line.
const WIDTH: usize = 80;
/// Columns before the counters' columns.
const BEFORE: usize = 35;
/// Fewest columns of a counter.
const COUNTER: usize = 7;

/// Prints the heading, then the episodes of each T as soon as they are there, then how many were on time.
pub fn print(
    renderer: &Renderer,
    replays: impl Iterator<Item = Result<Vec<Replay>, CliError>>,
) -> Result<(), CliError> {
    let player = renderer.player();
    let (introduction, seed) = (player.introduction(), player.seed);
    output::print(&format!(
        "{introduction}, seed {seed}\n{}",
        legend(player.environment.description().drawing, player.trained.is_some())
    ))?;
    let (mut count, mut on_time) = (0, 0);
    for replays in replays {
        for replay in replays? {
            output::print(&text(&replay, player.environment.description().timing))?;
            count += 1;
            on_time += usize::from(replay.ending.timing == Timing::OnTime);
        }
    }
    if count > 1 {
        output::print(&format!("\n{on_time} of {count} on time\n"))?;
    }
    Ok(())
}

/// Explanations of the board and of the columns; of a flash where there are such, of a network where one has `learned`.
fn legend(drawing: Option<Drawing>, learned: bool) -> String {
    let board = match drawing.map(|drawing| drawing.flash) {
        Some(Some(_)) => "board: A agent, X target, * a flash; ",
        Some(None) => "board: A agent, X target; ",
        None => "",
    };
    let network = match learned {
        true => "p: probability of the action; value: predicted return\n",
        false => "",
    };
    format!("{board}t: steps taken; at: row,column of the agent\n{network}")
}

/// Writes one episode: the board at its start, a line for each step, and its end.
pub fn text(replay: &Replay, timing: &str) -> String {
    let choice = &replay.choice;
    let limit = replay.time_limit.map_or(String::new(), |limit| format!(", time limit {limit}"));
    let mut text = format!("\nT = {}, episode {}{limit}\n\n", choice.instruction, choice.episode + 1);
    if let Some(board) = replay.boards.first() {
        text += &board.text();
    }
    let counters = shown_counters(replay);
    text += &explained(replay, &counters);
    text += &format!("\n{}\n", header(replay, &counters));
    for (t, step) in replay.record.step_records.iter().enumerate() {
        text += &place(replay, t);
        // Writing to a string cannot fail.
        let _ = write!(text, "  {:<6}", replay.actions[usize::from(step.action)]);
        if let Some(activations) = &step.activations {
            let probability = activations.probabilities()[usize::from(step.action)];
            let _ = write!(text, " {probability:>6.3} {}", with_minus(&format!("{:>8.3}", activations.value)));
            if let Some(phase) = activations.phase {
                let _ = write!(text, " {:>5} {:>6.3}", phase.now, phase.probability());
            }
            for &(unit, width) in &counters {
                let _ = write!(text, " {}", with_minus(&format!("{:>width$.2}", activations.n[unit])));
            }
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    let _ = write!(text, "{}\n\n{}\n", place(replay, replay.record.steps()).trim_end(), replay.ending.line(timing));
    text
}

/// The time and where the agent is, with a star in a flash.
fn place(replay: &Replay, t: usize) -> String {
    let board = replay.board(t);
    let place = board.agent().map_or("?".to_owned(), |(row, column)| format!("{row},{column}"));
    let star = if board.lines == Lines::Flash { "*" } else { "" };
    format!("{t:>5}  {:<5}", place + star)
}

/// Explains the columns of counters, which have little room for names: a line for each whose content words can say.
fn explained(replay: &Replay, counters: &[(usize, usize)]) -> String {
    let phases = match is_phased(replay) {
        true => "\nphase: counted from 0; next: probability of going on to the next phase\n",
        false => "",
    };
    let all = replay.activations(0).map_or(0, |activations| activations.n.len());
    if all == 0 {
        return phases.to_owned();
    }
    let which = match counters.len() {
        shown if shown == all => format!("n0 to n{}: the counters", all - 1),
        shown => format!("n0, n1, …: the {shown} of {all} counters that change most; gridworld inspect lists all"),
    };
    let mut text =
        format!("{phases}\n{which}\nValues of the step that comes next: their t is 1 more than in the first column.\n");
    for &(unit, _) in counters {
        if let Some(words) = replay.counters.get(unit).filter(|words| **words != unnamed(unit)) {
            let _ = writeln!(text, "{} = {words}", unnamed(unit));
        }
    }
    text
}

/// Titles of the columns of an agent that tells phases apart.
const PHASE: &str = " phase   next";

fn is_phased(replay: &Replay) -> bool {
    replay.activations(0).is_some_and(|activations| activations.phase.is_some())
}

fn header(replay: &Replay, counters: &[(usize, usize)]) -> String {
    let mut header = "    t  at     action".to_owned();
    if replay.activations(0).is_some() {
        header += "      p    value";
        if is_phased(replay) {
            header += PHASE;
        }
        for &(unit, width) in counters {
            let _ = write!(header, " {:>width$}", unnamed(unit));
        }
    }
    header
}

/// The counters that have room in a line, the busiest if there is none for all, and the columns of each.
fn shown_counters(replay: &Replay) -> Vec<(usize, usize)> {
    let width = |unit: usize| {
        let values = replay.activations_until(usize::MAX - 1).map(|activations| activations.n[unit]);
        values.map(|value| format!("{value:.2}").len()).max().unwrap_or(1).clamp(COUNTER - 1, 12)
    };
    let mut room = WIDTH - BEFORE - if is_phased(replay) { PHASE.len() } else { 0 };
    let mut shown = Vec::new();
    for unit in busiest(&replay.record, |activations| &activations.read) {
        let width = width(unit);
        if width + 1 > room {
            break;
        }
        room -= width + 1;
        shown.push((unit, width));
    }
    shown.sort_unstable();
    shown
}

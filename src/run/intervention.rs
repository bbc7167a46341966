//! Changes of an agent's counters while it plays, and what becomes of its arrivals.

use std::sync::Arc;

use gridworld_agents::Update;
use gridworld_agents::cells::Output;
use gridworld_agents::evaluation::{
    Actor, AgentActor, Choice, IntervenedActor, Intervention, Moment, Tally, lanes_for, play, play_starts,
};
use gridworld_envs::contract::ContractViolation;
use gridworld_envs::{Domain, StreamId, Task};
use gridworld_terminal::program::CliError;
use serde::Serialize;
use tch::{Device, Tensor};

use super::accumulators::sum_weights;
use super::player::MOST_LANES;
use super::playing::Episodes;
use super::trained_agent::Trained;

/// Amounts δ that are added, in steps.
pub const AMOUNTS: [i32; 4] = [-2, -1, 1, 2];

/// Arrivals at one T: without a change, and with each of the changes.
#[derive(Debug, Serialize)]
pub struct Intervened {
    /// Value of T, in steps.
    #[serde(rename = "T")]
    pub instruction: u32,
    /// Steps of an episode before the change.
    pub after: u32,
    /// Number of episodes.
    pub episodes: u64,
    /// Success as a share of the feasible episodes, without a change.
    pub success_of_feasible: f64,
    /// Results of each change.
    pub changes: Vec<Change>,
    /// Results of each counter that the core no longer reads.
    pub off: Vec<Off>,
}

/// Counters that are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// All counters, as a T greater by δ would have made them.
    #[serde(rename = "T")]
    Instruction,
    /// All counters, as δ further steps would have made them.
    Clock,
    /// One counter, with this index.
    Counter(usize),
}

/// Arrivals after a change of the counters, compared with those without, from the same starts.
#[derive(Debug, Serialize)]
pub struct Change {
    /// Counters that are changed.
    pub changed: Changed,
    /// Amount δ that is added.
    pub added: i32,
    /// Number of episodes that are compared: those that arrive later than the change without it, and at some time with it.
    pub compared: u64,
    /// Number of episodes that no longer arrive.
    pub timeouts: u64,
    /// Mean shift of the arrival, in steps; nothing if no episode is compared.
    pub shift_mean: Option<f64>,
    /// Share of the compared episodes whose arrival shifts by the change of T, or against that of the clock; nothing for a
    /// single counter.
    pub as_expected: Option<f64>,
}

/// Success of the agent whose core does not read one of the counters.
#[derive(Debug, Serialize)]
pub struct Off {
    /// Index of the counter.
    pub counter: usize,
    /// Success as a share of the feasible episodes.
    pub success_of_feasible: f64,
}

/// The arrivals of the episodes, each `Some` where there was one, and their counts.
struct Played {
    arrivals: Vec<Option<i32>>,
    tally: Tally,
}

/// Plays at T = `instruction` without and with each change of the counters after `after` steps of an episode.
///
/// # Errors
/// If the agent or the environment breaks their contract.
pub fn intervene(trained: &Trained, instruction: u32, after: u32) -> Result<Intervened, CliError> {
    let task = trained.config.environment.task().with_instruction(instruction);
    let starts = Episodes::EachStart.starts(&*task);
    let lanes = starts.map_or(MOST_LANES, lanes_for);
    let actor = |parameters: &[f32]| {
        AgentActor::new(
            &Arc::clone(&trained.model),
            &Tensor::from_slice(parameters),
            lanes,
            Device::Cpu,
            Choice::Greedy,
        )
    };
    // Its memory of frames serves all plays.
    let mut agent = actor(&trained.parameters);
    let plain = played(&*task, starts, &mut agent)?;
    let changes =
        changes(trained).into_iter().flat_map(|(changed, added)| AMOUNTS.map(|delta| (changed, added.clone(), delta)));
    let change = |(changed, added, delta): (Changed, Vec<f32>, i32)| -> Result<Change, CliError> {
        let added = added.iter().map(|amount| amount * delta as f32).collect();
        let mut changed_agent = IntervenedActor::new(&mut agent, Intervention { after, added });
        let after_change = played(&*task, starts, &mut changed_agent)?;
        Ok(compare(&plain, &after_change, after, (changed, delta)))
    };
    let off = (0..trained.model.wiring().feedback.map_or(0, |(_, feedback)| feedback.units)).map(|counter| {
        let success_of_feasible =
            played(&*task, starts, &mut actor(&without(trained, counter)))?.tally.success_of_feasible();
        Ok(Off { counter, success_of_feasible })
    });
    Ok(Intervened {
        instruction,
        after,
        episodes: plain.tally.episodes,
        success_of_feasible: plain.tally.success_of_feasible(),
        changes: changes.map(change).collect::<Result<_, CliError>>()?,
        off: off.collect::<Result<_, CliError>>()?,
    })
}

/// The changes of the counters, and what each adds to every counter for δ = 1.
fn changes(trained: &Trained) -> Vec<(Changed, Vec<f32>)> {
    let Some((cell, feedback)) = trained.model.wiring().feedback else { return Vec::new() };
    let is_sum = cell.about().output == Output::Sum && feedback.update == Update::Add;
    let weights = if is_sum { sum_weights(trained) } else { Vec::new() };
    let all = [("T", Changed::Instruction), ("clock", Changed::Clock)].into_iter().filter_map(|(input, changed)| {
        let (_, column) = weights.iter().find(|(name, _)| *name == input)?;
        Some((changed, column.iter().map(|&weight| weight as f32).collect()))
    });
    let one = |counter| {
        let mut added = vec![0.0; feedback.units];
        added[counter] = 1.0;
        (Changed::Counter(counter), added)
    };
    all.chain((0..feedback.units).map(one)).collect()
}

/// Gives the agent's parameters with zeros for the weights through which the core reads `counter`.
fn without(trained: &Trained, counter: usize) -> Vec<f32> {
    let mut parameters = trained.parameters.clone();
    let layout = trained.model.layout();
    for parameter in layout.parameters().iter().filter(|parameter| parameter.name.ends_with(".weight_feedback")) {
        let weights = &mut parameters[parameter.offset..][..parameter.len()];
        let counters = parameter.shape[1] as usize;
        weights.chunks_exact_mut(counters).for_each(|row| row[counter] = 0.0);
    }
    parameters
}

/// Plays an episode from each of the `starts`, or drawn ones where there is none: one in each lane, the same each time.
fn played(task: &dyn Task, starts: Option<usize>, actor: &mut dyn Actor) -> Result<Played, CliError> {
    let stream = StreamId { seed: 0, domain: Domain::Evaluation, index: task.instructions()[0] };
    let episodes = starts.unwrap_or(MOST_LANES);
    let mut found = Played { arrivals: vec![None; episodes], tally: Tally::default() };
    let mut note = |episode: usize, moment: Moment| {
        found.tally.add(&moment);
        if moment.outcome.ends() {
            found.arrivals[episode] = moment.info.timing;
        }
    };
    let result: Result<(), ContractViolation> = match starts {
        Some(starts) => play_starts(task, actor, 0..starts, stream, note),
        None => play(task, actor, episodes, stream, |moment| note(moment.lane, moment)),
    };
    result.map_err(CliError::failed)?;
    Ok(found)
}

fn compare(plain: &Played, changed: &Played, after: u32, (what, delta): (Changed, i32)) -> Change {
    let before = plain.arrivals.iter().zip(&changed.arrivals);
    // An arrival at step `after` is over before the change.
    let affected = before.filter_map(|(plain, changed)| Some((plain.filter(|&at| at > after as i32)?, *changed)));
    let (mut shifts, mut timeouts) = (Vec::new(), 0);
    for (plain, changed) in affected {
        match changed {
            Some(changed) => shifts.push(changed - plain),
            None => timeouts += 1,
        }
    }
    let compared = shifts.len();
    let share = |count: usize| count as f64 / compared as f64;
    let expected = match what {
        Changed::Instruction => Some(delta),
        Changed::Clock => Some(-delta),
        Changed::Counter(_) => None,
    };
    Change {
        changed: what,
        added: delta,
        compared: compared as u64,
        timeouts,
        shift_mean: (compared > 0).then(|| f64::from(shifts.iter().sum::<i32>()) / compared as f64),
        as_expected: expected
            .filter(|_| compared > 0)
            .map(|expected| share(shifts.iter().filter(|&&shift| shift == expected).count())),
    }
}

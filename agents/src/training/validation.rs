//! Evaluations in the course of a training: greedy play at each T.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gridworld_envs::contract::{Caller, ContractViolation, Place};
use gridworld_envs::{Domain, StreamId, Task};
use tch::{Device, Tensor};

use crate::evaluation::{Actor, AgentActor, Choice, Tally, evaluate, evaluate_exactly, lanes_for};
use crate::model::Model;

/// Episodes at each T where none are asked for and starts cannot be enumerated.
const EPISODES: usize = 100;

/// The result at one T, or the broken contract.
type Played = Result<Tally, ContractViolation>;

/// An evaluation in the course of a training: what its threads share.
#[derive(Clone, Copy)]
pub struct Validation<'a> {
    pub task: &'a dyn Task,
    pub device: Device,
    /// The training's seed.
    pub seed: u64,
    /// Number of the evaluation in the training: where episodes are drawn, each evaluation draws others.
    pub round: u32,
    /// Episodes at each T that are drawn; nothing for one from each start that is not held out.
    pub episodes: Option<usize>,
}

impl Validation<'_> {
    /// Plays with these `parameters` at each of these T, or as the task is where none is named, on at most so many
    /// `threads`; gives the counts in the order of the T.
    pub fn tallies(
        &self,
        (model, parameters): (&Arc<Model>, &Tensor),
        threads: usize,
        instructions: &[Option<u32>],
    ) -> Vec<Played> {
        // The greatest T takes longest: it goes first. An actor's memory of frames serves all of its T.
        let left = &AtomicUsize::new(instructions.len());
        let work = |parameters: Tensor| -> Vec<(usize, Played)> {
            let make = |lanes| AgentActor::new(model, &parameters, lanes, self.device, Choice::Greedy);
            let mut actor = None;
            let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).ok();
            let played = std::iter::from_fn(take);
            played.map(|after| (after - 1, self.play(&mut actor, &make, instructions[after - 1]))).collect()
        };
        let others = if self.device == Device::Cpu { threads.min(instructions.len()) - 1 } else { 0 };
        let mut played = std::thread::scope(|scope| {
            let start = |_| {
                let (parameters, work) = (parameters.shallow_clone(), &work);
                let thread = move || {
                    tch::set_num_threads(1);
                    work(parameters)
                };
                // Where the system gives no more threads, those that are there do it all.
                std::thread::Builder::new().spawn_scoped(scope, thread).ok()
            };
            let threads: Vec<_> = (0..others).filter_map(start).collect();
            let own = work(parameters.shallow_clone());
            let joined = threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            joined.chain([own]).flatten().collect::<Vec<_>>()
        });
        played.sort_by_key(|(index, _)| *index);
        played.into_iter().map(|(_, tally)| tally).collect()
    }

    /// Plays at one T, with the actor that is there if it has as many lanes as are needed.
    fn play(
        &self,
        actor: &mut Option<AgentActor>,
        make: &dyn Fn(usize) -> AgentActor,
        instruction: Option<u32>,
    ) -> Played {
        let fixed = instruction.map(|instruction| self.fixed(instruction)).transpose()?;
        let task = fixed.as_deref().unwrap_or(self.task);
        let index = instruction.unwrap_or(0).wrapping_add(self.round.wrapping_mul(0x9E37_79B1));
        let stream = StreamId { seed: self.seed, domain: Domain::Validation, index };
        let starts = task.starts().filter(|_| self.episodes.is_none());
        let episodes = starts.or(self.episodes).unwrap_or(EPISODES);
        let lanes = if starts.is_some() { lanes_for(episodes) } else { episodes };
        let mut fitting = actor.take().filter(|actor| actor.lanes() == lanes).unwrap_or_else(|| make(lanes));
        let exact = if starts.is_some() { evaluate_exactly(task, &mut fitting, stream)? } else { None };
        let tally = exact.map_or_else(|| evaluate(task, &mut fitting, episodes, stream), |exact| Ok(exact.drawn))?;
        *actor = Some(fitting);
        Ok(tally)
    }

    fn fixed(&self, instruction: u32) -> Result<Box<dyn Task>, ContractViolation> {
        let place = Place::before(&self.task.spec().id, Caller::Evaluation);
        place.watch(&format!("making a task with T = {instruction}"), || self.task.with_instruction(instruction))
    }
}

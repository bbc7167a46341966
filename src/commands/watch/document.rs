//! Films as one JSON document.

use gridworld_agents::evaluation::Shot;
use gridworld_envs::Outcome;
use serde_json::{Value, json};

use crate::replay::reel::{Projector, Reel};

/// Every film with every step: what was seen, what went on, what was done.
pub fn document(projector: &Projector, reels: &[Reel]) -> Value {
    let subject = projector.subject();
    let trained = subject.trained.as_ref();
    json!({
        "run": trained.map(|trained| trained.folder.path().to_string_lossy()),
        "agent": subject.agent,
        "environment": subject.environment.id(),
        "checkpoint": trained.map(|trained| &trained.checkpoint),
        "steps": trained.map(|trained| trained.steps),
        "policy": subject.policy,
        "seed": subject.seed,
        "actions": *projector.actions(),
        "episodes": reels.iter().map(episode).collect::<Vec<_>>(),
    })
}

fn episode(reel: &Reel) -> Value {
    let verdict = reel.film.verdict();
    json!({
        "T": reel.choice.instruction,
        "lane": reel.choice.episode,
        "time_limit": reel.time_limit,
        "counters": reel.counters,
        "steps": reel.film.shots.iter().map(step).collect::<Vec<_>>(),
        "last": reel.film.last.0,
        "outcome": if reel.film.outcome() == Outcome::Truncated { "truncated" } else { "terminated" },
        "success": verdict.success,
        "feasible": verdict.feasible,
        "timing": verdict.timing,
        "reward": reel.film.reward(),
    })
}

fn step(shot: &Shot) -> Value {
    let mut step = json!({
        "frame": shot.frame.0,
        "instruction": shot.instruction,
        "action": shot.action,
        "reward": shot.reward,
    });
    if let (Some(thought), Value::Object(fields)) = (&shot.thought, &mut step) {
        let network = [
            ("logits", json!(thought.logits)),
            ("probabilities", json!(thought.probabilities())),
            ("value", json!(thought.value)),
            ("n", json!(thought.n)),
            ("read", json!(thought.read)),
            ("h", json!(thought.h)),
            ("c", json!(thought.c)),
        ];
        fields.extend(network.map(|(name, value)| (name.to_owned(), value)));
    }
    step
}

//! Films as one JSON document.

use gridworld_agents::evaluation::StepRecord;
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
    let info = reel.film.info();
    json!({
        "T": reel.choice.instruction,
        "lane": reel.choice.episode,
        "time_limit": reel.time_limit,
        "counters": reel.counters,
        "steps": reel.film.shots.iter().map(step).collect::<Vec<_>>(),
        "last": reel.film.last.0,
        "outcome": if reel.film.outcome() == Outcome::Truncated { "truncated" } else { "terminated" },
        "success": info.success,
        "feasible": info.feasible,
        "timing": info.timing,
        "reward": reel.film.reward(),
    })
}

fn step(shot: &StepRecord) -> Value {
    let mut step = json!({
        "frame": shot.frame.0,
        "instruction": shot.instruction,
        "action": shot.action,
        "reward": shot.reward,
    });
    if let (Some(activations), Value::Object(fields)) = (&shot.activations, &mut step) {
        let network = [
            ("logits", json!(activations.logits)),
            ("probabilities", json!(activations.probabilities())),
            ("value", json!(activations.value)),
            ("n", json!(activations.n)),
            ("read", json!(activations.read)),
            ("h", json!(activations.h)),
            ("c", json!(activations.c)),
        ];
        fields.extend(network.map(|(name, value)| (name.to_owned(), value)));
    }
    step
}

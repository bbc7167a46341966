//! Films as one JSON document.

use gridworld_agents::evaluation::StepRecord;
use gridworld_envs::Outcome;
use serde_json::{Value, json};

use crate::replay::renderer::{Renderer, Replay};

/// Every film with every step: what was seen, what went on, what was done.
pub fn document(renderer: &Renderer, replays: &[Replay]) -> Value {
    let player = renderer.player();
    let trained = player.trained.as_ref();
    json!({
        "run": trained.map(|trained| trained.folder.path().to_string_lossy()),
        "agent": player.agent,
        "environment": player.environment.id(),
        "checkpoint": trained.map(|trained| &trained.checkpoint),
        "steps": trained.map(|trained| trained.steps),
        "policy": player.policy,
        "seed": player.seed,
        "actions": *renderer.actions(),
        "episodes": replays.iter().map(episode).collect::<Vec<_>>(),
    })
}

fn episode(replay: &Replay) -> Value {
    let info = replay.film.info();
    json!({
        "T": replay.choice.instruction,
        "lane": replay.choice.episode,
        "time_limit": replay.time_limit,
        "counters": replay.counters,
        "steps": replay.film.shots.iter().map(step).collect::<Vec<_>>(),
        "last": replay.film.last.0,
        "outcome": if replay.film.outcome() == Outcome::Truncated { "truncated" } else { "terminated" },
        "success": info.success,
        "feasible": info.feasible,
        "timing": info.timing,
        "reward": replay.film.reward(),
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

//! Films as one JSON document.

use gridworld_agents::evaluation::StepRecord;
use gridworld_envs::Outcome;
use serde_json::{Value, json};

use crate::replay::renderer::{Renderer, Replay};

/// Every episode with every step: what was seen, what went on, what was done.
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
    let info = replay.record.info();
    json!({
        "T": replay.choice.instruction,
        "lane": replay.choice.episode,
        "time_limit": replay.time_limit,
        "counters": replay.counters,
        "steps": replay.record.step_records.iter().map(step).collect::<Vec<_>>(),
        "last": replay.record.last.0,
        "outcome": if replay.record.outcome() == Outcome::Truncated { "truncated" } else { "terminated" },
        "success": info.success,
        "feasible": info.feasible,
        "timing": info.timing,
        "reward": replay.record.reward(),
    })
}

fn step(step: &StepRecord) -> Value {
    let mut document = json!({
        "frame": step.frame.0,
        "instruction": step.instruction,
        "action": step.action,
        "reward": step.reward,
    });
    if let (Some(activations), Value::Object(fields)) = (&step.activations, &mut document) {
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
        if let Some(phase) = activations.phase {
            fields.insert("phase".to_owned(), json!(phase.now));
            fields.insert("phase_logit".to_owned(), json!(phase.logit));
        }
    }
    document
}

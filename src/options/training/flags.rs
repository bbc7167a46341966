//! The flags by name: those that a run that goes on takes anew, and where `config.json` has what the others say.

/// Flags that a resumed run takes anew, whatever it had before.
pub const FREE: &[&str] = &["resume", "steps", "until", "on_nan", "device", "json", "quiet"];

/// The other flags, by their names in the argument parser, and where `config.json` has what they say.
pub const KEPT: &[(&str, &str)] = &[
    ("agent", "/agent"),
    ("env", "/environment/id"),
    ("instructions", "/environment/T"),
    ("reward", "/environment/reward"),
    ("time_limit", "/environment/time_limit"),
    ("tolerance", "/environment/tolerance"),
    ("set", "/set"),
    ("seed", "/training/seed"),
    ("workers", "/training/workers"),
    ("envs", "/training/envs"),
    ("rollout", "/training/rollout"),
    ("mode", "/training/mode"),
    ("learning_rate", "/training/learning_rate"),
    ("schedule", "/training/schedule"),
    ("optimizer", "/training/optimizer"),
    ("discount", "/training/discount"),
    ("lambda", "/training/lambda"),
    ("entropy", "/training/entropy"),
    ("value", "/training/value"),
    ("clip", "/training/clip"),
    ("advantages", "/training/advantages"),
    ("eval_interval", "/training/eval_interval"),
    ("eval_episodes", "/training/eval_episodes"),
    ("hidden", "/model/hidden"),
    ("features", "/model/features"),
    ("told", "/model/told"),
    ("reading", "/model/feedback/reading"),
    ("units", "/model/feedback/units"),
    ("gain", "/model/feedback/gain"),
    ("sparsity", "/training/sparsity/weight"),
    ("sparsity_ramp", "/training/sparsity/ramp"),
    ("discretize", "/training/sparsity/discretize"),
    ("runs", "/runs"),
    ("name", "/name"),
];

/// The flag that says what `config.json` has in `field`, such as `training.envs`, if one does.
pub fn flag_of(field: &str) -> Option<String> {
    let place = format!("/{}", field.replace('.', "/"));
    KEPT.iter().find(|(_, kept)| *kept == place).map(|(name, _)| spelled(name))
}

/// A flag as it is typed, by its name in the argument parser.
pub fn spelled(name: &str) -> String {
    if name == "instructions" { "--T".to_owned() } else { format!("--{}", name.replace('_', "-")) }
}

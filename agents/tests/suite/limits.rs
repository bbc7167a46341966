//! Configurations that cannot be, each named by its field.

use gridworld_agents::{AgentName, Config};
use gridworld_envs::{FrameShape, Spec};

fn spec() -> Spec {
    Spec::new("Board-v1", FrameShape { height: 56, width: 56, channels: 3 }, ["up", "down", "left", "right", "pass"])
}

#[test]
fn every_default_passes() {
    for agent in AgentName::ALL {
        Config::of(agent).check(&spec()).unwrap();
    }
}

#[test]
fn what_cannot_be_is_named() {
    type Change = fn(&mut Config);
    let rows: &[(&str, Change)] = &[
        ("model.hidden", |config| config.model.hidden = 0),
        ("model.hidden", |config| config.model.hidden = 1 << 20),
        ("model.hidden", |config| config.model.hidden = usize::MAX),
        ("model.features", |config| config.model.features = usize::MAX / 2),
        ("model.convolutions.kernel", |config| config.model.convolutions[0].kernel = 57),
        ("model.convolutions.stride", |config| config.model.convolutions[1].stride = 0),
        ("model.convolutions.channels", |config| config.model.convolutions[1].channels = usize::MAX),
        ("model.feedback.units", |config| config.model.feedback.as_mut().unwrap().units = 65),
        ("model.feedback", |config| config.agent = AgentName::Lstm),
        ("model.instruction_scale", |config| config.model.instruction_scale = f32::NAN),
        ("training.workers", |config| config.training.workers = 1 << 20),
        ("training.envs", |config| config.training.envs = 1 << 20),
        ("training.rollout", |config| config.training.rollout = 0),
        ("training.steps", |config| config.training.steps = u64::MAX),
        ("training.eval_interval", |config| config.training.eval_interval = 0),
        ("training.discount", |config| config.training.discount = 1.5),
        ("training.learning_rate", |config| config.training.learning_rate = f64::INFINITY),
        ("training.clip", |config| config.training.clip = -1.0),
        ("training.until", |config| config.training.until = Some(f64::NAN)),
    ];
    for (field, change) in rows {
        let mut config = Config::of(AgentName::LstmNac);
        change(&mut config);
        assert_eq!(config.check(&spec()).unwrap_err().field, *field);
    }
    let mut many = Config::of(AgentName::LstmNac);
    many.training.envs = 8192;
    many.check(&spec()).unwrap();
    let error = many.check(&spec().drawn()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`training.envs` cannot be 8192: with these workers and rollouts the images make 1918894080 numbers"
    );
    let small = Spec { frame: FrameShape { height: 4, width: 4, channels: 1 }, ..spec() };
    let error = Config::of(AgentName::Lstm).check(&small).unwrap_err();
    assert_eq!(error.to_string(), "`model.convolutions.kernel` cannot be 8: it must be from 1 to 4");
}

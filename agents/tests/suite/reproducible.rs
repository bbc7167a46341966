//! Sync mode gives the same bits from the same configuration, also across an interruption.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use gridworld_agents::training::{Tag, Trainer, Worker, model_parameters};
use gridworld_agents::{AgentName, Config, InstructionInput, Model, OptimizerConfig};
use gridworld_checkpoint::{Array, Checkpoint};
use gridworld_envs::Task;
use tch::{Device, Tensor};

use crate::fakes::Keys;
use crate::fakes::runs::{bytes, config, task, through_bytes, train, whole};

#[test]
fn the_same_configuration_gives_the_same_bytes() {
    let stable = [(AgentName::Lstm, 3), (AgentName::LstmNac, 2), (AgentName::LstmNau, 2)];
    let cases = stable.map(|(agent, workers)| (agent, workers, Keys::Stable));
    for (agent, workers, keys) in cases.into_iter().chain([(AgentName::LstmNac, 2, Keys::None)]) {
        let config = config(agent, 71, workers);
        let first = whole(&config, keys);
        assert!(first == whole(&config, keys), "{agent} with {workers} workers, {keys:?}");
    }
}

#[test]
fn the_workers_mean_gradient_is_applied() {
    let mut config = config(AgentName::LstmNac, 76, 3);
    config.training.log_interval = 1;
    let interrupt = AtomicBool::new(false);
    let (_, keeper) = train(&config, Keys::Stable, None, u64::MAX, &interrupt);
    let (_, start) = &keeper.saved[0];
    assert_eq!(start.field::<u64>("steps").expect("steps"), 0);
    let task = task(Keys::Stable);
    let model = Arc::new(Model::new(&config.model, &task.spec()));
    let parameters = Tensor::from_slice(&model_parameters(start, &model).expect("all parameters"));
    let gradients: Vec<Tensor> = (0..3)
        .map(|index| {
            let mut worker = Worker::new(&model, &task, &config.training, index, Device::Cpu).expect("a worker");
            tch::no_grad(|| worker.parameters().copy_(&parameters));
            worker.update(0.0).expect("an update").0
        })
        .collect();
    let expected = Tensor::stack(&gradients, 0).mean_dim(Some([0_i64].as_slice()), false, None).norm();
    let expected = expected.double_value(&[]);
    let found = keeper.records[0].get(Tag::GradientNorm).expect("a norm");
    assert!(expected > 1e-3 && (found / expected - 1.0).abs() < 1e-5, "norm {found}, not {expected}");
}

#[test]
fn another_seed_gives_other_parameters() {
    let interrupt = AtomicBool::new(false);
    let parameters = |seed| {
        let (_, keeper) = train(&config(AgentName::Lstm, seed, 2), Keys::Stable, None, u64::MAX, &interrupt);
        keeper.last().tensors["model.core.lstm.weight_recurrent"].clone()
    };
    assert_eq!(parameters(71), parameters(71));
    assert_ne!(parameters(71), parameters(72));
}

#[test]
fn going_on_from_a_milestone_gives_the_same_bytes() {
    for keys in [Keys::Stable, Keys::Fresh, Keys::None] {
        let config = config(AgentName::LstmNac, 73, 2);
        let interrupt = AtomicBool::new(false);
        let (_, keeper) = train(&config, keys, None, u64::MAX, &interrupt);
        let expected = bytes(keeper.last());
        let mut tried = 0;
        for (saved, checkpoint) in &keeper.saved {
            let steps: u64 = checkpoint.field("steps").expect("steps");
            if steps == 0 || steps >= config.training.steps {
                continue;
            }
            let (summary, resumed) = train(&config, keys, Some(&through_bytes(checkpoint)), u64::MAX, &interrupt);
            assert!(summary.steps > steps);
            assert!(bytes(resumed.last()) == expected, "{keys:?}, from {saved:?} at {steps}");
            tried += 1;
        }
        assert!(tried >= 2, "{tried} checkpoints before the end");
    }
}

#[test]
fn going_on_after_interruptions_gives_the_same_bytes() {
    let stable = [AgentName::Lstm, AgentName::LstmNac, AgentName::LstmNau].map(|agent| (agent, Keys::Stable));
    for (agent, keys) in stable.into_iter().chain([(AgentName::LstmNac, Keys::None)]) {
        let config = config(agent, 74, 2);
        let expected = whole(&config, keys);
        let mut checkpoint = None;
        let mut interruptions = 0;
        for interrupt_at in [80, 1_000, 2_900] {
            let interrupt = AtomicBool::new(false);
            let (summary, keeper) = train(&config, keys, checkpoint.as_ref(), interrupt_at, &interrupt);
            interruptions += u32::from(summary.interrupted);
            assert_eq!(keeper.last().field::<u64>("steps").expect("steps"), summary.steps);
            checkpoint = Some(through_bytes(keeper.last()));
        }
        assert!(interruptions > 0, "no interruption came before the end");
        let interrupt = AtomicBool::new(false);
        let (summary, keeper) = train(&config, keys, checkpoint.as_ref(), u64::MAX, &interrupt);
        assert!(!summary.interrupted);
        assert!(bytes(keeper.last()) == expected, "{agent}, after {interruptions} interruptions");
    }
}

#[test]
fn a_checkpoint_that_was_tampered_with_is_refused_by_name() {
    let interrupt = AtomicBool::new(false);
    let config = config(AgentName::LstmNac, 77, 2);
    let (_, keeper) = train(&config, Keys::Stable, None, u64::MAX, &interrupt);
    let whole = keeper.last();
    type Change = fn(&mut Checkpoint);
    let rows: &[(&str, Change)] = &[
        ("model.core.nac.w_hat", |c| drop(c.tensors.remove("model.core.nac.w_hat"))),
        ("model.core.nac.extra", |c| c.insert("model.core.nac.extra", Array::flat(vec![1.0_f32]))),
        ("stray", |c| c.insert("stray", Array::flat(vec![1_u8]))),
        ("worker0.more", |c| c.insert("worker0.more", Array::flat(vec![1_u8]))),
        ("optimizer.mean.heads.value.bias", |c| {
            c.insert("optimizer.mean.heads.value.bias", Array::flat(vec![1.0_f64]));
        }),
        ("model.heads.value.bias", |c| c.insert("model.heads.value.bias", Array::flat(vec![f32::NAN]))),
        ("worker1.first", |c| c.insert("worker1.first", Array::flat(vec![0_u8; 7]))),
        ("worker1.time", |c| c.insert("worker1.time", Array::flat(vec![u64::MAX]))),
        ("`steps`", |c| c.set_field("steps", &u64::MAX).expect("a field")),
        ("`updates`", |c| c.set_field("updates", &-1).expect("a field")),
        ("`progress`", |c| drop(c.metadata.remove("progress"))),
        ("another seed: 9", |c| c.metadata["config"]["training"]["seed"] = 9.into()),
        ("another agent: lstm", |c| c.metadata["config"]["agent"] = "lstm".into()),
    ];
    for (culprit, change) in rows {
        let mut tampered = whole.clone();
        change(&mut tampered);
        let task = task(Keys::Stable);
        let error = Trainer::resume(&task, &config, Device::Cpu, &tampered).err().expect(culprit).to_string();
        assert!(error.contains(culprit), "{culprit}: {error}");
    }
}

#[test]
fn a_checkpoint_of_another_training_is_refused() {
    let interrupt = AtomicBool::new(false);
    let (_, keeper) = train(&config(AgentName::Lstm, 75, 2), Keys::Stable, None, u64::MAX, &interrupt);
    let task = task(Keys::Stable);
    let base = config(AgentName::Lstm, 75, 2);
    let changed = |change: &dyn Fn(&mut Config)| {
        let mut config = base.clone();
        change(&mut config);
        config
    };
    let others = [
        ("the agent", config(AgentName::LstmNac, 75, 2)),
        ("having fewer workers", config(AgentName::Lstm, 75, 3)),
        ("having more workers", config(AgentName::Lstm, 75, 1)),
        ("the seed", config(AgentName::Lstm, 76, 2)),
        ("how the network is told T", changed(&|config| config.model.told = InstructionInput::Start)),
        ("the number of environments", changed(&|config| config.training.envs = 4)),
        ("the network's size", changed(&|config| config.model.hidden = 12)),
        ("the optimizer", changed(&|config| config.training.optimizer = OptimizerConfig::RMSPROP)),
    ];
    assert!(Trainer::resume(&task, &base, Device::Cpu, keeper.last()).is_ok());
    for (what, other) in others {
        let refused = Trainer::resume(&task, &other, Device::Cpu, keeper.last()).is_err();
        assert!(refused, "a checkpoint that differs in {what} was taken");
    }
}

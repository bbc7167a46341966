//! Trainings on a CUDA device, beside the processor's. They need such a device: `make test-cuda` runs them.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use gridworld_agents::evaluation::{AgentActor, Choice, evaluate};
use gridworld_agents::training::{Trainer, Worker, model_parameters};
use gridworld_agents::{AgentName, Config, Mode, Model, TrainingConfig};
use gridworld_checkpoint::Checkpoint;
use gridworld_envs::{Domain, StreamId, Task};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use tch::{Cuda, Device, Tensor};

use crate::fakes::games::Recall;
use crate::fakes::observer::Keeper;
use crate::fakes::runs::through_bytes;
use crate::fakes::updates::{compare, largest};
use crate::fakes::{Fake, Keys};

const SEED: u64 = 171;
const AGENTS: [AgentName; 4] = [AgentName::Lstm, AgentName::LstmNac, AgentName::LstmNalu, AgentName::LstmNau];

fn cuda() -> Device {
    assert!(Cuda::is_available(), "there is no CUDA device, or this libtorch has no CUDA");
    Device::Cuda(0)
}

#[test]
#[ignore = "needs a CUDA device: make test-cuda"]
fn gradients_are_those_of_the_processor() {
    for agent in AGENTS {
        for keys in [Keys::Stable, Keys::Fresh, Keys::None] {
            let config = crate::fakes::config(agent);
            let task = Fake { game: Recall::new(2), keys };
            let model = Arc::new(Model::new(&config.model, &task.spec()));
            let training = TrainingConfig { envs: 6, rollout: 5, ..config.training };
            let worker = |device| Worker::new(&model, &task, &training, 0, device).expect("a worker");
            let [mut here, mut there] = [Device::Cpu, cuda()].map(worker);
            let parameters = Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(SEED)));
            let updates = compare([&mut here, &mut there], &parameters, 12, &format!("{agent}, {keys:?}"));
            let slope = updates.gradients.iter().map(largest).fold(0.0, f64::max);
            assert!(slope > 1e-3 && updates.episodes > 20, "{agent}, {keys:?}: {slope}, {}", updates.episodes);
        }
    }
}

fn config(agent: AgentName, steps: u64) -> Config {
    let base = crate::fakes::config(agent);
    let training = TrainingConfig {
        seed: SEED,
        mode: Mode::Sync,
        steps,
        envs: 16,
        rollout: 8,
        learning_rate: 1e-2,
        eval_interval: 20_000,
        discount: 0.9,
        ..base.training
    };
    Config { training, ..base }
}

/// Trains to the end, from the start or from a checkpoint, and gives what was saved last.
fn train(config: &Config, device: Device, from: Option<&Checkpoint>) -> Checkpoint {
    let task = Fake::new(Recall::new(1));
    let interrupt = AtomicBool::new(false);
    let mut keeper = Keeper::new(&interrupt);
    let trainer = match from {
        Some(checkpoint) => Trainer::resume(&task, config, device, checkpoint),
        None => Trainer::new(&task, config, device),
    };
    trainer.expect("a training").run(&mut keeper, &interrupt).expect("nothing goes wrong");
    through_bytes(keeper.last())
}

/// Success of greedy play in 400 episodes.
fn success(config: &Config, checkpoint: &Checkpoint, device: Device) -> f64 {
    let task = Fake::new(Recall::new(1));
    let model = Arc::new(Model::new(&config.model, &task.spec()));
    let parameters = model_parameters(checkpoint, &model).expect("all parameters");
    let mut actor = AgentActor::new(&model, &Tensor::from_slice(&parameters), 40, device, Choice::Greedy);
    let stream = StreamId { seed: SEED, domain: Domain::Evaluation, index: 0 };
    evaluate(&task, &mut actor, 400, stream).expect("an evaluation").success()
}

#[test]
#[ignore = "needs a CUDA device: make test-cuda"]
fn each_device_goes_on_from_the_other_s_checkpoint() {
    for agent in AGENTS {
        for (first, second) in [(Device::Cpu, cuda()), (cuda(), Device::Cpu), (cuda(), cuda())] {
            let half = train(&config(agent, 20_000), first, None);
            let whole = train(&config(agent, 40_000), second, Some(&half));
            for device in [Device::Cpu, cuda()] {
                let success = success(&config(agent, 40_000), &whole, device);
                assert!(success >= 0.95, "{agent}, {first:?} then {second:?}, played on {device:?}: {success}");
            }
        }
    }
}

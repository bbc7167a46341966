//! Images that are drawn from the state: more than a key can say, never the same twice, and learnt from,
//! evaluated, recorded and saved as others are.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use gridworld_agents::evaluation::{AgentActor, Choice, EpisodeRecord, Picture, evaluate, record_episodes};
use gridworld_agents::training::{Trainer, Worker};
use gridworld_agents::unroll::{self, Input, Sizes, Unroll};
use gridworld_agents::vision::{FusedImages, Gradient, ImageEncoder, PlainImages};
use gridworld_agents::{AgentName, Bound, Config, Convolution, Mode, Model, ModelConfig, TrainingConfig};
use gridworld_checkpoint::Checkpoint;
use gridworld_envs::conformance::{Plan, check, equal};
use gridworld_envs::{Domain, Outcome, Policy, RandomPolicy, StreamId, Task, TimedArrivalConfig, TimedArrivalTask};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use tch::{Device, Tensor};

use crate::fakes::observer::Keeper;
use crate::fakes::runs::{bytes, through_bytes};
use crate::fakes::snow::{Alone, Snow, UnkeyedTask};
use crate::fakes::updates::{compare, largest};

const SEED: u64 = 131;
const AGENTS: [AgentName; 4] = [AgentName::Lstm, AgentName::LstmNac, AgentName::LstmNalu, AgentName::LstmNau];
const ALL: [Outcome; 3] = [Outcome::Running, Outcome::Terminated, Outcome::Truncated];

fn stream(domain: Domain) -> StreamId {
    StreamId { seed: SEED, domain, index: 0 }
}

fn snow() -> Alone<Snow> {
    Alone { make: Snow::new }
}

fn timed_arrival() -> TimedArrivalTask {
    let config = TimedArrivalConfig { instructions: vec![2, 3, 5], time_limit: Some(6), ..Default::default() };
    TimedArrivalTask::new(config).expect("it can be met")
}

/// A small network for large images too.
fn config(agent: AgentName, kernel: usize, stride: usize) -> Config {
    let base = crate::fakes::config(agent);
    let convolutions =
        vec![Convolution { channels: 4, kernel, stride }, Convolution { channels: 20, kernel: 2, stride: 1 }];
    Config { model: ModelConfig { convolutions, ..base.model }, ..base }
}

fn parameters(model: &Model) -> Tensor {
    Tensor::from_slice(&model.initialize(&mut ChaCha8Rng::seed_from_u64(SEED)))
}

#[test]
fn they_conform() {
    let report = check(&snow(), &Plan::new(&ALL)).unwrap();
    assert!(report.frames > 900, "no image comes twice: {report:?}");
    let report = check(&UnkeyedTask(timed_arrival()), &Plan::new(&ALL)).unwrap();
    assert!(report.frames > 100, "{report:?}");
}

/// One form of the core and of vision.
struct Form {
    unroll: Box<dyn Unroll>,
    encoder: Box<dyn ImageEncoder>,
}

/// Plays a rollout of random actions, and gives the outputs of all steps, the values peeked at after
/// it, and the gradient of `Σ outputs · weight` on the parameters.
fn rollout(form: &mut Form, model: &Model, flat: &Tensor, (lanes, steps): (usize, usize)) -> (Tensor, Tensor, Tensor) {
    let leaf = flat.detach().copy().set_requires_grad(true);
    let bound: Bound = model.layout().bind(&leaf);
    let mut batch = snow().batch(lanes, stream(Domain::Training));
    let mut policy = RandomPolicy::new(model.actions(), stream(Domain::Actions));
    let (mut first, mut actions) = (vec![true; lanes], vec![0; lanes]);
    form.encoder.load(&bound);
    form.unroll.load(model.weights(&bound, None));
    let mut outputs = Vec::new();
    let mut rows: Vec<u32> = (0..lanes as u32).collect();
    for _ in 0..steps {
        let mut draw = |lane: usize, pixels: &mut [u8]| batch.draw(lane, pixels);
        let features = form.encoder.encode(lanes, &mut draw, Gradient::Wanted);
        form.unroll.extend(model.table(&bound, &features));
        let instructions = batch.observe().instructions;
        outputs.extend_from_slice(form.unroll.step(Input { rows: &rows, instructions, first: &first, phases: &[] }));
        policy.act(batch.observe(), &first, &mut actions);
        let outcomes = batch.step(&actions).outcomes;
        first.iter_mut().zip(outcomes).for_each(|(first, outcome)| *first = outcome.ends());
        rows.iter_mut().for_each(|row| *row += lanes as u32);
    }
    let mut draw = |lane: usize, pixels: &mut [u8]| batch.draw(lane, pixels);
    let features = form.encoder.encode(lanes, &mut draw, Gradient::Unwanted);
    form.unroll.extend(model.table(&bound, &features));
    let input = Input { rows: &rows, instructions: batch.observe().instructions, first: &first, phases: &[] };
    let peeked = form.unroll.peek(&(0..lanes).collect::<Vec<_>>(), input);
    let weight: Vec<f32> = (0..outputs.len()).map(|i| (i as f32 * 0.37).sin()).collect();
    form.unroll.backward(&weight);
    let mut gradient = leaf.grad().copy();
    form.encoder.backward(model.layout(), &mut gradient);
    (Tensor::from_slice(&outputs), Tensor::from_slice(&peeked), gradient)
}

#[test]
fn the_fused_forms_learn_what_the_plain_ones_do() {
    for agent in AGENTS {
        let model = Model::new(&config(agent, 4, 2).model, &snow().spec());
        let flat = parameters(&model);
        let sizes = Sizes::new(&model, 11, 6);
        let mut plain = Form {
            unroll: Box::new(unroll::Plain::new(sizes, model.wiring(), Device::Cpu)),
            encoder: Box::new(PlainImages::new(model.vision())),
        };
        let mut fused = Form {
            unroll: Box::new(unroll::Fused::new(sizes, model.wiring())),
            encoder: Box::new(FusedImages::new(model.vision())),
        };
        let (outputs, peeked, gradient) = rollout(&mut plain, &model, &flat, (11, 6));
        assert!(largest(&outputs) > 0.01 && largest(&gradient) > 0.1, "{agent}: they say something");
        // Sums of up to 320 products of 24 bits, through four layers and six steps; those of the gradient
        // have 66 samples more.
        let found = rollout(&mut fused, &model, &flat, (11, 6));
        let off = [(&found.0, &outputs), (&found.1, &peeked)].map(|(a, b)| largest(&(a - b)) / (1.0 + largest(b)));
        assert!(off.iter().all(|&off| off < 1e-5), "{agent}: outputs {off:?}");
        let off = largest(&(&found.2 - &gradient)) / largest(&gradient);
        // The logarithm of an input near zero multiplies what rounding left in it.
        let tolerance = if agent == AgentName::LstmNalu { 1e-3 } else { 1e-4 };
        assert!(off < tolerance, "{agent}: gradients differ by {off}");
    }
}

#[test]
fn timed_arrival_is_learnt_from_alike_with_keys_and_without() {
    // As in a training's threads: how many threads add decides a sum's last bits.
    tch::set_num_threads(1);
    let (keyed, drawn) = (timed_arrival(), UnkeyedTask(timed_arrival()));
    for agent in AGENTS {
        let config = config(agent, 8, 4);
        let training = TrainingConfig { envs: 6, rollout: 8, ..config.training };
        let worker = |task: &dyn Task| {
            let model = Arc::new(Model::new(&config.model, &task.spec()));
            Worker::new(&model, task, &training, 0, Device::Cpu).expect("a worker")
        };
        let parameters = parameters(&Model::new(&config.model, &Task::spec(&keyed)));
        let updates = || {
            let [mut expected, mut found] = [worker(&keyed), worker(&drawn)];
            compare([&mut expected, &mut found], &parameters, 8, agent.as_str())
        };
        let (once, again) = (updates(), updates());
        assert!(once.gradients == again.gradients, "{agent}: the same worker finds something else");
        assert!(once.episodes > 50, "{} episodes", once.episodes);
    }
    let actions = stream(Domain::Actions);
    let batch = |task: &dyn Task| task.batch(4, stream(Domain::Training));
    assert!(equal(&mut *batch(&drawn), &mut *batch(&drawn), 100, actions).is_ok());
}

/// Trains from the start or from `checkpoint`, to the end.
fn train<'a>(task: &dyn Task, config: &Config, from: Option<&Checkpoint>, interrupt: &'a AtomicBool) -> Keeper<'a> {
    let mut trainer = match from {
        Some(checkpoint) => Trainer::resume(task, config, Device::Cpu, checkpoint),
        None => Trainer::new(task, config, Device::Cpu),
    }
    .expect("a training");
    let mut keeper = Keeper::new(interrupt);
    trainer.run(&mut keeper, interrupt).expect("nothing goes wrong");
    keeper
}

fn sync(config: Config, steps: u64) -> Config {
    let training = TrainingConfig { mode: Mode::Sync, seed: SEED, steps, eval_interval: steps / 3, ..config.training };
    Config { training, ..config }
}

#[test]
fn a_training_begins_with_the_same_numbers_with_keys_and_without() {
    let config = sync(config(AgentName::LstmNac, 8, 4), 240);
    let interrupt = AtomicBool::new(false);
    let first = |task: &dyn Task| {
        let keeper = train(task, &config, None, &interrupt);
        let (_, checkpoint) = keeper.saved.into_iter().next().expect("a checkpoint");
        assert_eq!(checkpoint.field::<u64>("steps").expect("steps"), 0);
        let of_model = |(name, _): &(String, _)| name.starts_with("model.");
        checkpoint.tensors.into_iter().filter(of_model).collect::<Vec<_>>()
    };
    let (keyed, drawn) = (first(&timed_arrival()), first(&UnkeyedTask(timed_arrival())));
    assert!(keyed.len() > 10 && keyed == drawn, "vision was calibrated by other images");
}

#[test]
fn a_training_is_reproducible_and_goes_on_where_it_was() {
    let interrupt = AtomicBool::new(false);
    let task = snow();
    let config = sync(config(AgentName::LstmNac, 4, 2), 2_400);
    let whole = train(&task, &config, None, &interrupt);
    let expected = bytes(whole.last());
    assert!(bytes(train(&task, &config, None, &interrupt).last()) == expected, "again");
    let mut tried = 0;
    for (_, checkpoint) in &whole.saved {
        let steps: u64 = checkpoint.field("steps").expect("steps");
        if (1..config.training.steps).contains(&steps) {
            let resumed = train(&task, &config, Some(&through_bytes(checkpoint)), &interrupt);
            assert!(bytes(resumed.last()) == expected, "from step {steps}");
            tried += 1;
        }
    }
    assert!(tried >= 2, "{tried} checkpoints before the end");
}

fn actor(task: &dyn Task, lanes: usize) -> AgentActor {
    let model = Arc::new(Model::new(&config(AgentName::LstmNau, 4, 2).model, &task.spec()));
    AgentActor::new(&model, &parameters(&model), lanes, Device::Cpu, Choice::Sample(stream(Domain::Actions)))
}

fn recorded(task: &dyn Task, lanes: usize) -> Vec<EpisodeRecord> {
    record_episodes(task, &mut actor(task, lanes), 0..lanes, stream(Domain::Evaluation)).expect("recorded episodes")
}

#[test]
fn a_film_keeps_the_images_that_were_seen() {
    let task = snow();
    let found = recorded(&task, 12);
    assert_eq!(found, recorded(&task, 12), "the same again");
    let tally = evaluate(&task, &mut actor(&task, 12), 12, stream(Domain::Evaluation)).expect("an evaluation");
    let rewards: f32 = found.iter().map(EpisodeRecord::reward).sum();
    assert_eq!(tally.reward, f64::from(rewards));
    let painter = task.batch(1, stream(Domain::Validation));
    let bytes = task.spec().frame.bytes();
    let (mut expected, mut shown) = (vec![0; bytes], vec![0; bytes]);
    let mut looked = 0;
    for (lane, record) in found.iter().enumerate() {
        let mut batch = task.batch(12, stream(Domain::Evaluation));
        assert_eq!(record.images.len(), record.steps() + 1);
        for (t, action) in record.actions().into_iter().enumerate() {
            batch.draw(lane, &mut expected);
            record.picture(t).draw(&*painter, &mut shown);
            assert_eq!(shown, expected, "lane {lane}, step {t}");
            batch.step(&[action; 12]);
            looked += 1;
        }
        batch.draw_last(lane, &mut expected);
        for t in [record.steps(), record.steps() + 7] {
            record.picture(t).draw(&*painter, &mut shown);
            assert_eq!(shown, expected, "lane {lane}, the end");
        }
    }
    assert!(looked > 24);
}

#[test]
fn a_film_keeps_equal_images_once() {
    let record = recorded_without_keys();
    let (mut shared, mut different) = (0, 0);
    for (index, image) in record.images.iter().enumerate() {
        for other in &record.images[..index] {
            assert_eq!(Arc::ptr_eq(image, other), image == other);
            *(if image == other { &mut shared } else { &mut different }) += 1;
        }
    }
    assert!(shared > 0 && different > 0, "{shared} and {different}");
    assert!(matches!(record.picture(0), Picture::Drawn(_)));
}

/// An episode of timed arrival in which the agent stands still now and then.
fn recorded_without_keys() -> EpisodeRecord {
    let task = UnkeyedTask(timed_arrival());
    let model = Arc::new(Model::new(&config(AgentName::Lstm, 8, 4).model, &task.spec()));
    let choice = Choice::Sample(stream(Domain::Actions));
    let mut actor = AgentActor::new(&model, &parameters(&model), 40, Device::Cpu, choice);
    let record_episodes =
        record_episodes(&task, &mut actor, 0..40, stream(Domain::Evaluation)).expect("recorded episodes");
    record_episodes
        .into_iter()
        .find(|record| record.actions().contains(&4) && record.steps() > 4)
        .expect("someone passes")
}

#[test]
fn an_image_that_cannot_be_drawn_is_told_with_its_place() {
    let task = Alone { make: Snow::with_a_hole };
    let config = config(AgentName::Lstm, 4, 2);
    let model = Arc::new(Model::new(&config.model, &task.spec()));
    let mut worker = Worker::new(&model, &task, &config.training, 3, Device::Cpu).expect("a worker");
    let error = worker.update(0.0).expect_err("a hole").to_string();
    for part in ["Snow-v1 (worker 3, step 0, lane ", "a panic while drawing what it shows: ", "nothing but snow"] {
        assert!(error.contains(part), "{error}");
    }
    let error = Trainer::new(&task, &config, Device::Cpu).err().expect("a hole").to_string();
    assert!(error.contains("random play before the training"), "{error}");
    let acted = evaluate(&task, &mut actor(&task, 4), 4, stream(Domain::Evaluation));
    assert!(acted.expect_err("a hole").to_string().contains("nothing but snow"));
}

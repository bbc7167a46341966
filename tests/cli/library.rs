//! The library behind the command line, as a program of somebody else uses it.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use gridworld::Device;
use gridworld::run::{Episodes, Player, PolicyChoice, Trained, Walk, evaluate};
use gridworld::training::{Changes, Resumption, Session};
use gridworld_agents::training::Tag;
use gridworld_agents::{AgentName, Config, Mode};
use gridworld_envs::{Configured, Outcome, Registry, TimedArrivalConfig};
use gridworld_records::{Nobody, read_metrics};
use gridworld_terminal::metrics;
use gridworld_terminal::program::shell::PLAYERS;

fn environment() -> Configured {
    Configured::new(TimedArrivalConfig { instructions: vec![3, 4], ..Default::default() }).expect("an environment")
}

fn config(steps: u64) -> Config {
    let mut config = Config::of(AgentName::LstmNac);
    (config.model.hidden, config.model.features) = (4, 4);
    let training = &mut config.training;
    (training.steps, training.workers, training.envs, training.mode) = (steps, 1, 4, Mode::Sync);
    (training.eval_interval, training.eval_episodes) = (400, Some(2));
    config
}

fn train(runs: &Path, name: &str, steps: u64) -> Session {
    let session = Session::create(runs, Some(name), environment(), config(steps), Device::Cpu).expect("a session");
    let session = session.with_metrics(|record| vec![("mine/scalars".to_owned(), record.scalars.len() as f64)]);
    let finished = session.run(Nobody, &AtomicBool::new(false)).expect("a training");
    assert!(finished.summary.steps >= steps && !finished.summary.interrupted);
    session
}

#[test]
fn a_walk_is_the_episode_that_an_evaluation_plays() {
    for player in Player::bounds(&environment(), 5) {
        let mut successes = 0;
        for episode in 0..20 {
            let steps: Vec<_> = Walk::new(&player, 4, episode).collect();
            let last = steps.last().expect("a step");
            assert!(
                last.outcome.ends() && steps[..steps.len() - 1].iter().all(|step| step.outcome == Outcome::Running)
            );
            successes += u64::from(last.info.success);
        }
        let rows = evaluate(&player, &[4], Episodes::Drawn(20)).expect("an evaluation");
        assert_eq!(successes as f64 / 20.0, rows[0].success, "{}", player.agent);
    }
}

#[test]
fn a_session_that_is_resumed_ends_as_one_that_was_not_stopped() {
    let runs = tempfile::tempdir().expect("a temporary folder");
    let whole = train(runs.path(), "whole", 1600);
    let stopped =
        Session::create(runs.path(), Some("stopped"), environment(), config(1600), Device::Cpu).expect("a session");
    // Before the first step: what is saved is the beginning.
    let finished = stopped.run(Nobody, &AtomicBool::new(true)).expect("a training");
    assert!(finished.summary.interrupted);
    let path = stopped.folder().path().to_owned();
    drop(stopped);
    let registry = Registry::standard();
    let resumed = Resumption::open(&path, &registry).and_then(|run| run.resume(&Changes::default(), Device::Cpu));
    resumed.expect("a session").run(Nobody, &AtomicBool::new(false)).expect("a training");
    let parameters = |path: &Path| {
        let trained = Trained::load(path, Path::new("last"), &registry).expect("an agent");
        trained.parameters.iter().map(|number| number.to_bits()).collect::<Vec<u32>>()
    };
    assert_eq!(parameters(whole.folder().path()), parameters(&path));
}

#[test]
fn metrics_of_ones_own_are_in_every_line_and_agents_can_be_read_back() {
    let runs = tempfile::tempdir().expect("a temporary folder");
    let session = train(runs.path(), "mine", 800);
    let lines = read_metrics(&session.folder().metrics()).expect("metrics");
    assert!(!lines.is_empty() && lines.iter().all(|line| line.scalars.contains_key("mine/scalars")), "{lines:?}");
    let trained = Trained::load(session.folder().path(), Path::new("last"), &Registry::standard()).expect("an agent");
    let player = Player::trained(trained, PolicyChoice::Sample, 1, Device::Cpu);
    assert!(Walk::new(&player, 3, 0).all(|step| step.activations.is_some()));
    // An environment that the program does not know is named, with those that it knows.
    let refused = Trained::load(session.folder().path(), Path::new("last"), &Registry::empty()).err().expect("refused");
    assert!(refused.to_string().contains("no environment is called `TimedArrival-v1`"), "{refused}");
    assert!(fs::metadata(session.folder().config()).is_ok());
}

#[test]
fn what_cannot_be_trained_makes_no_folder() {
    let runs = tempfile::tempdir().expect("a temporary folder");
    let mut wrong = config(100);
    wrong.training.clip = -1.0;
    assert!(Session::create(runs.path(), Some("wrong"), environment(), wrong, Device::Cpu).is_err());
    assert_eq!(fs::read_dir(runs.path()).expect("a folder").count(), 0);
}

#[test]
fn the_terminal_knows_the_names_that_agents_and_experiments_have() {
    let expected = [
        (Tag::StepsPerSecond.name(), metrics::RATE),
        (Tag::Success.name(), metrics::SUCCESS),
        (Tag::EvalSuccessTrain.name(), metrics::EVALUATION),
        (Tag::EVALUATION.into(), metrics::EVALUATIONS),
        (gridworld_numeracy::metrics::SUCCESS.into(), metrics::SUCCESS),
    ];
    for (name, known) in expected {
        assert_eq!(name, known);
    }
    let players: Vec<&str> =
        AgentName::ALL.iter().filter(|agent| !agent.learns()).map(|agent| agent.as_str()).collect();
    assert_eq!(players, PLAYERS);
}

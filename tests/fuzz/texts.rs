//! Lists of T, `config.json` and `metrics.jsonl`.

use std::fs;
use std::time::SystemTime;

use gridworld::run::RunConfig;
use gridworld_agents::training::Trainer;
use gridworld_agents::{AgentName, Config};
use gridworld_envs::{Instructions, Registry};
use gridworld_records::{Beginning, Nobody, Origin, Recorder, RunFolder, read_metrics};
use tempfile::TempDir;

use crate::runner::run;

#[test]
fn lists_of_t() {
    let corpus: &[&[u8]] = &[b"5..12", b"5..=12", b"5..12,19,100", b"7", b"1..10000", b" 3 .. 4 , 9", b"12..5", b"-3"];
    run("lists of T", 20_000, |mutator| {
        let bytes = mutator.changed(corpus, 4096);
        let text = String::from_utf8_lossy(&bytes);
        let Ok(list) = text.parse::<Instructions>() else { return false };
        let values = list.values();
        assert!(!values.is_empty() && values.is_sorted_by(|a, b| a < b), "{text:?}: {values:?}");
        assert!(values[0] >= 1 && values[values.len() - 1] <= Instructions::GREATEST, "{text:?}");
        assert_eq!(list.to_string().parse::<Instructions>().as_ref(), Ok(&list), "{text:?}");
        true
    });
}

/// A folder like a run's, with this `config.json`.
pub fn folder() -> (TempDir, RunFolder) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let begun = RunFolder::create(folder.path(), Some("run"), "", "", 1, SystemTime::UNIX_EPOCH);
    let (run, lock) = begun.expect("a run");
    lock.keep();
    fs::write(run.config(), "{}").expect("a file");
    (folder, run)
}

/// Configurations of small trainings, one for each agent and environment.
pub fn configurations() -> Vec<RunConfig> {
    let registry = Registry::standard();
    let learning = AgentName::ALL.into_iter().filter(|agent| agent.learns());
    let environments: Vec<&str> = registry.descriptions().map(|known| known.id).collect();
    let pairs = learning.flat_map(|agent| environments.iter().map(move |&environment| (agent, environment)));
    pairs
        .map(|(agent, environment)| {
            let mut config = Config::of(agent);
            (config.model.hidden, config.model.features) = (4, 4);
            config.model.convolutions.iter_mut().for_each(|convolution| convolution.channels = 2);
            (config.training.workers, config.training.envs, config.training.rollout) = (1, 2, 2);
            (config.training.steps, config.training.eval_episodes) = (8, Some(2));
            let settings = [("T".to_owned(), "2..3".into())].into_iter().collect();
            let environment = registry.configure(environment, settings).expect("valid settings");
            RunConfig::new(environment, config, "cpu".to_owned())
        })
        .collect()
}

#[test]
fn config_json() {
    let texts: Vec<Vec<u8>> =
        configurations().iter().map(|config| serde_json::to_vec_pretty(config).expect("JSON")).collect();
    let corpus: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
    let (registry, (_folder, run_folder)) = (Registry::standard(), folder());
    run("config.json", 3_000, |mutator| {
        fs::write(run_folder.config(), mutator.changed(&corpus, 1 << 16)).expect("a file");
        let Ok(opened) = RunFolder::open(run_folder.path()) else { return false };
        let Ok(config) = RunConfig::read(&opened, &registry) else { return false };
        config.write(&opened).expect("a file");
        assert_eq!(RunConfig::read(&opened, &registry).expect("the same"), config);
        // What was accepted can be trained, if it is small enough for so many executions.
        let (model, training) = (&config.config.model, &config.config.training);
        let small = model.hidden <= 16 && model.features <= 16 && model.convolutions.iter().all(|c| c.channels <= 64);
        let few = training.workers * training.envs * training.rollout <= 64;
        if small && few && mutator.below(10) == 0 {
            Trainer::new(config.environment.task(), &config.config, tch::Device::Cpu).expect("it was checked");
        }
        true
    });
}

#[test]
fn metrics_jsonl() {
    let line = r#"{"step":1280,"seconds":0.25,"charts/success":0.5,"losses/policy":null,"eval/success_T07":1.0}"#;
    let many: String = (0..20).map(|n| line.replace("1280", &(n * 1280).to_string()) + "\n").collect();
    let corpus: &[&[u8]] = &[line.as_bytes(), many.as_bytes(), b"{\"step\":0,\"seconds\":0}\n\n{\"st"];
    let (_folder, run_folder) = folder();
    run("metrics.jsonl", 2_000, |mutator| {
        fs::write(run_folder.metrics(), mutator.changed(corpus, 1 << 14)).expect("a file");
        let read = read_metrics(&run_folder.metrics());
        if mutator.below(20) == 0 {
            resume(&run_folder, mutator.below(30_000) as u64);
        }
        read.is_ok_and(|lines| !lines.is_empty())
    });
}

/// Goes on with the records after `step`; if that is possible, only those up to it are left.
fn resume(run: &RunFolder, step: u64) {
    let origin = Origin { host: "host".to_owned(), process: 1 };
    let recorder = Recorder::open(run, Beginning::Resumed { step }, &origin, Nobody, SystemTime::UNIX_EPOCH);
    if recorder.is_ok() {
        let lines = read_metrics(&run.metrics()).expect("what was kept is whole");
        assert!(lines.iter().all(|line| line.step <= step));
    }
    for entry in fs::read_dir(run.path()).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with("events.")) {
            fs::remove_file(entry).expect("one event file less");
        }
    }
}

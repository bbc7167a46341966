//! Tests of the numbers that are gathered from made-up runs.

use std::collections::BTreeSet;

use gridworld_agents::{AgentName, Config};
use gridworld_envs::{Configured, IntervalReproductionConfig, Reward, TimedArrivalConfig};
use gridworld_statistics::wilson95;

use super::runs::RunData;
use super::trainings::{provenance, trainings};
use super::variants::{Variant, variants};
use crate::run::configuration::RunConfig;
use crate::run::evaluation::{Document, Row};
use crate::run::evaluations::Shown;
use crate::run::player::PolicyChoice;

fn row(instruction: u32) -> Row {
    Row {
        instruction,
        trained: true,
        episodes: 1000,
        exact: false,
        success: 1.0,
        feasible: 1.0,
        success_of_feasible: 1.0,
        ci95: Some(wilson95(1000, 1000)),
        success_of_feasible_ci95: Some(wilson95(1000, 1000)),
        arrival_mean: Some(f64::from(instruction)),
        arrival_sd: Some(0.1),
        arrivals: Some([(instruction as i32, 1000)].into()),
        timeouts: 0.0,
        reward_mean: 1.0,
        time_limit: Some(20),
        held_out: None,
    }
}

fn run(agent: AgentName, seed: u64) -> RunData {
    let environment = Configured::new(TimedArrivalConfig::default()).expect("an environment");
    let mut config = Config::of(agent);
    config.training.seed = seed;
    let document = Document {
        run: None,
        agent,
        environment: environment.id().to_owned(),
        checkpoint: Some("best".to_owned()),
        steps: Some(3_000_000),
        policy: PolicyChoice::Greedy,
        seed: 0,
        device: "cpu".to_owned(),
        results: [5, 12, 19].map(row).to_vec(),
    };
    RunData {
        path: format!("runs/{agent}__seed{seed}").into(),
        config: RunConfig::new(environment, config, "cpu".to_owned()),
        metrics: Vec::new(),
        evaluation: Some(Shown { document, otherwise: None }),
    }
}

#[test]
fn seeds_of_one_experiment_are_one_group() {
    let mut changed = run(AgentName::LstmNau, 3);
    changed.config.config.training.entropy = 0.5;
    let runs = vec![run(AgentName::LstmNau, 2), run(AgentName::Lstm, 1), run(AgentName::LstmNau, 1), changed];
    let variants = variants(runs);
    let seeds = |kind: &Variant| kind.runs.iter().map(|run| run.config.config.training.seed).collect::<Vec<_>>();
    let groups: Vec<(&str, Vec<u64>)> = variants.iter().map(|kind| (kind.name.as_str(), seeds(kind))).collect();
    let expected = [("lstm", vec![1]), ("lstm-nau, entropy 0.13", vec![1, 2]), ("lstm-nau, entropy 0.5", vec![3])];
    assert_eq!(groups, expected);
}

#[test]
fn what_cannot_share_a_figure_is_refused() {
    let said = |runs: Vec<RunData>| {
        let variants = variants(runs);
        trainings(&variants.iter().collect::<Vec<_>>()).expect_err("refused").to_string()
    };
    let refused = |other: RunData| said(vec![run(AgentName::Lstm, 1), other]);
    let mut other = run(AgentName::Lstm, 2);
    other.config.environment = Configured::new(IntervalReproductionConfig::default()).expect("one");
    assert!(
        refused(other)
            .contains("runs/lstm__seed1 was trained on TimedArrival-v1, runs/lstm__seed2 on IntervalReproduction-v1")
    );
    let mut other = run(AgentName::Lstm, 2);
    other.config.environment =
        Configured::new(TimedArrivalConfig { reward: Reward::Exact, ..Default::default() }).expect("one");
    assert!(refused(other).contains("has graded reward, runs/lstm__seed2 has exact reward"));
    let mut other = run(AgentName::Lstm, 2);
    other.evaluation.as_mut().expect("one").document.policy = PolicyChoice::Sample;
    let words = refused(other);
    assert!(words.contains("was evaluated greedy, runs/lstm__seed2 sampled"), "{words}");
    assert!(words.ends_with("evaluate runs/lstm__seed2"), "{words}");
    let nine = (1..=9).map(|index| {
        let mut run = run(AgentName::Lstm, 1);
        run.config.config.training.entropy = 0.125 * index as f32;
        run
    });
    let words = said(nine.collect());
    assert!(words.contains("9 different settings") && words.contains("at most 8"), "{words}");
}

#[test]
fn a_caption_tells_of_the_episodes_of_its_runs() {
    let of = |change: &dyn Fn(&mut Vec<RunData>)| {
        let mut runs = vec![run(AgentName::Lstm, 1), run(AgentName::Lstm, 2)];
        change(&mut runs);
        provenance(&runs.iter().collect::<Vec<_>>())
    };
    let rows = |run: &mut RunData, episodes: u64| {
        let shown = run.evaluation.as_mut().expect("one");
        shown.document.results.iter_mut().for_each(|row| row.episodes = episodes);
    };
    let otherwise = |run: &mut RunData| run.evaluation.as_mut().expect("one").otherwise = Some("sampled".to_owned());
    assert_eq!(of(&|_| {}), "1,000 episodes per T, greedy, best checkpoint.");
    let said = of(&|runs| rows(&mut runs[1], 200));
    assert_eq!(said, "200 to 1,000 episodes per T, greedy, best checkpoint.");
    let said = of(&|runs| otherwise(&mut runs[0]));
    assert!(said.ends_with("best checkpoint. Evaluated otherwise: runs/lstm__seed1 (sampled)."), "{said}");
    let said = of(&|runs| runs.iter_mut().for_each(otherwise));
    assert!(said.starts_with("1,000 episodes per T. Evaluated otherwise: runs/lstm__seed1 (sampled); r"), "{said}");
}

#[test]
fn no_two_groups_have_one_name() {
    let with = |lambda: f32, value: f32, clip: f64, entropy: f32, discount: f32| {
        let mut run = run(AgentName::Lstm, 1);
        let training = &mut run.config.config.training;
        (training.lambda, training.value, training.clip) = (lambda, value, clip);
        (training.entropy, training.discount) = (entropy, discount);
        run
    };
    // The settings that come first in the alphabet are the same in the first two, but not in the third.
    let runs = vec![with(0.5, 0.5, 1.0, 0.25, 0.5), with(0.5, 0.25, 1.0, 0.25, 0.5), with(0.25, 0.125, 2.0, 0.5, 0.75)];
    let variants = variants(runs);
    let names: BTreeSet<&str> = variants.iter().map(|kind| kind.name.as_str()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

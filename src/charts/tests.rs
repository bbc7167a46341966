//! Figures of made-up runs, read back: as XML, as text boxes of the renderer, and as pixels.

use std::collections::BTreeMap;

use gridworld_agents::config::{AgentName, Config};
use gridworld_envs::timed_arrival::Reward;
use gridworld_envs::{Configured, IntervalReproductionConfig, TimedArrivalConfig};
use gridworld_figures::font;
use gridworld_records::MetricsLine;
use gridworld_statistics::{Bootstrap, Scores, iqm, wilson95};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use resvg::usvg::roxmltree::{Document as Xml, Node as XmlNode};
use resvg::usvg::{Group as Drawing, Node, Options, Rect, Tree};

use super::figures::{Album, Missing, figures, names};
use super::material::Material;
use super::png;
use super::runs::{Episode, RunData};
use crate::run::accumulators::InputWeights;
use crate::run::configuration::RunConfig;
use crate::run::evaluation::{Document, Row};
use crate::run::evaluations::Shown;
use crate::run::subject::PolicyChoice;

/// What the made-up agents are like at T: the share that is on time.
fn success(agent: AgentName, seed: u64, instruction: u32) -> f64 {
    let holds = if agent == AgentName::LstmNau { 20_000.0 } else { 13.0 + seed as f64 };
    (1.0 - (f64::from(instruction) - holds) / 10.0).clamp(0.0, 1.0)
}

fn row(instruction: u32, success: f64) -> Row {
    Row {
        instruction,
        trained: (5..=12).contains(&instruction),
        episodes: 1000,
        success,
        feasible: 1.0,
        success_of_feasible: success,
        ci95: wilson95((1000.0 * success) as u64, 1000),
        success_of_feasible_ci95: wilson95((1000.0 * success) as u64, 1000),
        arrival_mean: (success > 0.0).then_some(f64::from(instruction) + 1.0 - success),
        arrival_sd: Some(0.1),
        timeouts: 1.0 - success,
        reward_mean: 2.0 * success - 1.0,
        time_limit: Some(20),
    }
}

const INSTRUCTIONS: [u32; 12] = [5, 6, 8, 10, 12, 14, 17, 20, 30, 100, 1000, 10_000];

fn run(agent: AgentName, seed: u64) -> RunData {
    let environment = Configured::new(TimedArrivalConfig::default()).expect("an environment");
    let mut config = Config::of(agent);
    config.training.seed = seed;
    let line = |index: u64| MetricsLine {
        step: 100_000 * index,
        seconds: (index * seed) as f64,
        scalars: BTreeMap::from([
            ("eval/success_train".to_owned(), Some(1.0 - 0.5_f64.powi(index as i32))),
            ("charts/episodic_return".to_owned(), Some(1.0 - 0.6_f64.powi(index as i32))),
        ]),
    };
    let weights = |input, shift: f64| InputWeights { input, weights: vec![1.0 - shift, -1.0 + shift, shift] };
    RunData {
        path: format!("runs/{agent}__seed{seed}").into(),
        config: RunConfig::new(environment, config.clone(), "cpu".to_owned()),
        metrics: (1..=30).map(line).collect(),
        evaluation: Some(Shown { document: evaluation(agent, seed), otherwise: None }),
        weights: config.model.feedback.map(|_| Ok(vec![weights("T", 0.01 * seed as f64), weights("clock", 0.1)])),
    }
}

fn evaluation(agent: AgentName, seed: u64) -> Document {
    Document {
        run: None,
        agent,
        environment: "TimedArrival-v1".to_owned(),
        checkpoint: Some("best".to_owned()),
        steps: Some(3_000_000),
        policy: PolicyChoice::Greedy,
        seed: 0,
        device: "cpu".to_owned(),
        results: INSTRUCTIONS.iter().map(|&t| row(t, success(agent, seed, t))).collect(),
    }
}

/// Material of these agents, with `seeds` runs each.
fn material(agents: &[AgentName], seeds: u64) -> Material {
    let runs = agents.iter().flat_map(|&agent| (1..=seeds).map(move |seed| run(agent, seed)));
    let mut material = Material::of(runs.collect()).expect("they fit");
    material.ceiling = INSTRUCTIONS.iter().map(|&t| row(t, 1.0)).collect();
    material.floor = INSTRUCTIONS.iter().map(|&t| row(t, 0.02)).collect();
    for group in material.groups.iter_mut().filter(|group| group.runs[0].weights.is_some()) {
        let slopes = [(1.0, -1.0), (1.0, -1.0), (0.5, 0.25), (0.0, -1.0)];
        let episode = |t: u32| Episode {
            instruction: t,
            names: ["T − t", "T − t", "0.50 T + 0.25 t", "−t"].map(str::to_owned).to_vec(),
            counters: slopes
                .iter()
                .map(|(a, b)| (1..=t).map(|step| a * f64::from(t) + b * f64::from(step)).collect())
                .collect(),
            due: Some(t as usize),
            ending: "on time".to_owned(),
        };
        (group.episodes, group.played) = (vec![episode(12), episode(19)], 1);
    }
    material
}

const FOUR: [AgentName; 4] = [AgentName::Lstm, AgentName::LstmNac, AgentName::LstmNalu, AgentName::LstmNau];

fn drawn(material: &Material) -> Album {
    let album = figures(material, &[]).expect("finite numbers");
    assert_eq!(album.figures.len(), names().len(), "{:?}", album.missing);
    album
}

/// What each text of a picture covers, as the renderer finds it.
fn boxes(group: &Drawing, found: &mut Vec<(String, Rect)>) {
    for node in group.children() {
        match node {
            Node::Group(group) => boxes(group, found),
            Node::Text(text) => {
                let words = text.chunks().iter().map(|chunk| chunk.text()).collect();
                found.push((words, text.abs_bounding_box()));
            }
            _ => {}
        }
    }
}

/// Panics where a text of a picture leaves it, or lies upon another.
pub fn assert_legible(svg: &str, what: &str) {
    let options = Options { fontdb: font::database(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).expect("an SVG");
    let mut found = Vec::new();
    boxes(tree.root(), &mut found);
    assert!(found.len() > 8, "{what} has no text");
    let size = tree.size();
    for (index, (text, area)) in found.iter().enumerate() {
        let within =
            area.left() >= 0.0 && area.top() >= 0.0 && area.right() <= size.width() && area.bottom() <= size.height();
        assert!(within, "{what}: {text:?} leaves the picture: {area:?}");
        for (other, another) in &found[index + 1..] {
            let apart = area.right() <= another.left()
                || another.right() <= area.left()
                || area.bottom() <= another.top()
                || another.bottom() <= area.top();
            assert!(apart, "{what}: {text:?} and {other:?} overlap");
        }
    }
}

#[test]
fn no_text_lies_upon_another_or_beyond_the_picture() {
    for (agents, seeds) in [(&FOUR[..], 3), (&FOUR[..1], 1), (&FOUR[3..], 1), (&FOUR[1..], 10)] {
        let album = figures(&material(agents, seeds), &[]).expect("finite numbers");
        for figure in &album.figures {
            assert_legible(&figure.svg, figure.name);
        }
    }
}

fn class<'a>(node: &XmlNode<'a, '_>) -> &'a str {
    node.attribute("class").unwrap_or_default()
}

fn attribute(node: &XmlNode, name: &str) -> f64 {
    node.attribute(name).expect("an attribute").parse().expect("a number")
}

/// The corners of a path.
fn corners(path: &str) -> Vec<(f64, f64)> {
    let points = path.trim_end_matches('Z').split(['M', 'L']).filter(|point| !point.is_empty());
    let numbers = points.map(|point| point.split_once(' ').expect("x and y"));
    numbers.map(|(x, y)| (x.parse().expect("x"), y.parse().expect("y"))).collect()
}

/// A picture's ticks of one axis in the order in which they are drawn: the name where there is one, and the pixel.
fn ticks(xml: &Xml, axis: &str) -> Vec<(String, f64)> {
    let (lines, place, shift) = match axis {
        "tick-x" => ("x1", "x", 0.0),
        _ => ("y1", "y", -4.0),
    };
    let pixels: Vec<f64> = xml
        .descendants()
        .filter(|node| node.has_tag_name("line") && class(node) == axis)
        .map(|node| attribute(&node, lines))
        .collect();
    let names = xml.descendants().filter(|node| node.has_tag_name("text") && class(node) == axis);
    let named = names.map(|node| (node.text().expect("a name").to_owned(), attribute(&node, place) + shift));
    let nearest = |at: f64| pixels.iter().copied().min_by(|a, b| (a - at).abs().total_cmp(&(b - at).abs()));
    let tick = |(name, at): (String, f64)| {
        let pixel = nearest(at).expect("a tick");
        assert!((pixel - at).abs() < 0.011, "{name} stands at no tick: {at}");
        (name, pixel)
    };
    named.map(tick).collect()
}

#[test]
fn points_lie_where_the_axes_say() {
    let album = drawn(&material(&FOUR, 3));
    let figure = album.figures.iter().find(|figure| figure.name == "success").expect("the figure");
    let xml = Xml::parse(&figure.svg).expect("XML");
    let (across, upwards) = (ticks(&xml, "tick-x"), ticks(&xml, "tick-y"));
    let x = |name: &str| across.iter().find(|(other, _)| other == name).expect("a tick").1;
    let y = |name: &str| upwards.iter().find(|(other, _)| other == name).expect("a tick").1;
    let paths: Vec<Vec<(f64, f64)>> = xml
        .descendants()
        .filter(|node| class(node) == "lstm-nac" && node.attribute("fill") == Some("none"))
        .map(|node| corners(node.attribute("d").expect("a path")))
        .collect();
    // Success on both stretches of the axis, and then the reward.
    assert_eq!(paths.iter().map(Vec::len).collect::<Vec<_>>(), [9, 3, 9, 3]);
    let mean = |t: u32| {
        let values: Vec<[f64; 1]> = (1..=3).map(|seed| [success(AgentName::LstmNac, seed, t)]).collect();
        iqm(&Scores::new(&values).expect("numbers"))
    };
    let (zero, hundred) = (y("0"), y("100"));
    let mut seen = 0;
    for (&t, point) in INSTRUCTIONS.iter().zip(paths[..2].concat()) {
        assert!((point.1 - (zero + mean(t) * (hundred - zero))).abs() < 0.011, "T = {t}: {point:?}");
        let name = gridworld_figures::axis::name(f64::from(t));
        if let Some((_, at)) = across.iter().find(|(other, _)| *other == name) {
            assert_eq!(point.0, *at, "T = {t}");
            seen += 1;
        }
    }
    assert!(seen >= 6, "{across:?}");
    // Between named values of the near stretch it is straight.
    let expected = x("5") + (x("30") - x("5")) * (14.0 - 5.0) / (30.0 - 5.0);
    assert!((paths[0][5].0 - expected).abs() < 0.011);
}

#[test]
fn bands_are_the_bootstrap_of_the_statistics() {
    let album = drawn(&material(&FOUR, 10));
    let figure = album.figures.iter().find(|figure| figure.name == "success").expect("the figure");
    let xml = Xml::parse(&figure.svg).expect("XML");
    let upwards = ticks(&xml, "tick-y");
    let y = |name: &str| upwards.iter().find(|(other, _)| other == name).expect("a tick").1;
    let band = xml.descendants().find(|node| class(node) == "lstm-nac" && node.attribute("fill-opacity").is_some());
    let band = corners(band.expect("a band").attribute("d").expect("a path"));
    assert_eq!(band.len(), 18, "lower ends from left to right, and upper ends back");
    for (index, &t) in INSTRUCTIONS[..9].iter().enumerate() {
        let values: Vec<[f64; 1]> = (1..=10).map(|seed| [success(AgentName::LstmNac, seed, t)]).collect();
        let bootstrap = Bootstrap::new(2_000, 0.95).expect("a bootstrap");
        let scores = Scores::new(&values).expect("numbers");
        let (low, high) = bootstrap.estimate(&scores, iqm, &mut ChaCha8Rng::seed_from_u64(2021)).interval;
        let place = |share: f64| y("0") + share * (y("100") - y("0"));
        assert!((band[index].1 - place(low)).abs() < 0.011, "T = {t}");
        assert!((band[17 - index].1 - place(high)).abs() < 0.011, "T = {t}");
    }
}

#[test]
fn a_png_has_the_size_that_it_says() {
    let album = drawn(&material(&FOUR[3..], 1));
    for figure in &album.figures {
        let picture = png(&figure.svg, 2.0).expect("pixels");
        let mut reader = png::Decoder::new(std::io::Cursor::new(&picture.bytes)).read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut pixels).expect("a picture");
        assert_eq!((info.width, info.height), (picture.width, picture.height));
        assert_eq!(picture.width, 1520);
        assert!(pixels.iter().any(|&byte| byte < 100), "{:?} is empty", figure.name);
        assert!(picture.bytes.len() < 200 << 10, "{:?} has {} bytes", figure.name, picture.bytes.len());
    }
}

#[test]
fn several_figures_fit_in_one_page() {
    let album = drawn(&material(&FOUR, 3));
    let mut ids = Vec::new();
    for figure in &album.figures {
        let xml = Xml::parse(&figure.svg).expect("XML");
        let own: Vec<&str> = xml.descendants().filter_map(|node| node.attribute("id")).collect();
        assert!(own.len() >= 2 && own.iter().all(|id| id.starts_with(figure.name)));
        ids.extend(own.iter().map(|&id| id.to_owned()));
        let root = xml.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        assert!(figure.alt.len() > 40 && figure.svg.contains(&figure.title));
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn what_is_not_there_is_said_with_what_helps() {
    let mut runs = vec![run(AgentName::LstmNac, 1), run(AgentName::LstmNac, 2)];
    (runs[1].evaluation, runs[1].weights) = (None, Some(Err("--checkpoint best: it is not there".to_owned())));
    runs[1].metrics.clear();
    let mut half = Material::of(runs).expect("they fit");
    half.ceiling = INSTRUCTIONS.iter().map(|&t| row(t, 1.0)).collect();
    half.floor = half.ceiling.clone();
    let album = figures(&half, &[]).expect("finite numbers");
    let named: Vec<&str> = album.figures.iter().map(|figure| figure.name).collect();
    assert_eq!(named, ["learning", "success", "arrival", "weights"]);
    let lines: Vec<String> = album.missing.iter().map(Missing::line).collect();
    let (second, program) = ("runs/lstm-nac__seed2", crate::program::shell::program());
    assert_eq!(
        lines,
        [
            format!("learning without {second}: it has no evaluation on record yet; wait for its first one"),
            format!(
                "success without {second}: it has no evaluation of its own; `{program} evaluate {second} --T 5..30` gives one"
            ),
            format!(
                "arrival without {second}: it has no evaluation of its own; `{program} evaluate {second} --T 5..30` gives one"
            ),
            format!("counters without {second}: --checkpoint best: it is not there"),
            "counters is left out: no run has a checkpoint that can be read".to_owned(),
            format!("weights without {second}: --checkpoint best: it is not there"),
        ]
    );
    let nothing = Material::of(vec![RunData { evaluation: None, metrics: Vec::new(), ..run(AgentName::Lstm, 1) }]);
    let album = figures(&nothing.expect("they fit"), &[]).expect("finite numbers");
    assert!(album.figures.is_empty());
    assert_eq!(album.missing.len(), names().len());
}

#[test]
fn seeds_of_one_experiment_are_one_group() {
    let mut changed = run(AgentName::LstmNau, 3);
    changed.config.config.training.entropy = 0.5;
    let runs = vec![run(AgentName::LstmNau, 2), run(AgentName::Lstm, 1), run(AgentName::LstmNau, 1), changed];
    let material = Material::of(runs).expect("they fit");
    let groups: Vec<(&str, Vec<u64>)> = material
        .groups
        .iter()
        .map(|group| {
            (group.name.as_str(), group.runs.iter().map(|run| run.config.config.training.seed).collect::<Vec<_>>())
        })
        .collect();
    let expected = [("lstm", vec![1]), ("lstm-nau, entropy 0.2", vec![1, 2]), ("lstm-nau, entropy 0.5", vec![3])];
    assert_eq!(groups, expected);
}

#[test]
fn what_cannot_share_a_figure_is_refused() {
    let refused = |other: RunData| Material::of(vec![run(AgentName::Lstm, 1), other]).expect_err("refused").to_string();
    let mut other = run(AgentName::Lstm, 2);
    other.config.environment = Configured::new(IntervalReproductionConfig::default()).expect("one");
    assert!(
        refused(other).contains("runs/lstm__seed1 is of TimedArrival-v1, runs/lstm__seed2 of IntervalReproduction-v1")
    );
    let mut other = run(AgentName::Lstm, 2);
    other.config.environment =
        Configured::new(TimedArrivalConfig { reward: Reward::Exact, ..Default::default() }).expect("one");
    assert!(refused(other).contains("has the graded reward, runs/lstm__seed2 the exact one"));
    let mut other = run(AgentName::Lstm, 2);
    other.evaluation.as_mut().expect("one").document.policy = PolicyChoice::Sample;
    let said = refused(other);
    assert!(said.contains("was evaluated greedy, runs/lstm__seed2 sampled"), "{said}");
    assert!(said.ends_with("evaluate runs/lstm__seed2"), "{said}");
    let kinds = (1..=9).map(|index| {
        let mut run = run(AgentName::Lstm, 1);
        run.config.config.training.entropy = 0.125 * index as f32;
        run
    });
    let said = Material::of(kinds.collect()).expect_err("refused").to_string();
    assert!(said.contains("9 kinds") && said.contains("at most 8"), "{said}");
}

/// What stands below the title of a figure.
fn note(album: &Album, name: &str) -> String {
    album.figures.iter().find(|figure| figure.name == name).expect("the figure").alt.clone()
}

#[test]
fn a_caption_tells_of_the_episodes_of_its_runs() {
    let of = |change: &dyn Fn(&mut Vec<RunData>)| {
        let mut runs = vec![run(AgentName::Lstm, 1), run(AgentName::Lstm, 2)];
        change(&mut runs);
        let mut material = Material::of(runs).expect("they fit");
        // More than any run: the bounds' own number is not the figure's.
        material.ceiling = INSTRUCTIONS.iter().map(|&t| Row { episodes: 7777, ..row(t, 1.0) }).collect();
        material.floor = material.ceiling.clone();
        let album = figures(&material, &["success", "arrival"].map(str::to_owned)).expect("finite numbers");
        ["success", "arrival"].map(|name| note(&album, name))
    };
    let rows = |run: &mut RunData, episodes: u64| {
        let shown = run.evaluation.as_mut().expect("one");
        shown.document.results.iter_mut().for_each(|row| row.episodes = episodes);
    };
    for note in of(&|_| {}) {
        assert!(note.contains("1,000 episodes for each T, greedy, by the best checkpoint."), "{note}");
    }
    for note in of(&|runs| rows(&mut runs[1], 200)) {
        assert!(note.contains("200 to 1,000 episodes for each T, greedy, by the best checkpoint."), "{note}");
    }
    for note in of(&|runs| runs.iter_mut().for_each(|run| rows(run, 50))) {
        assert!(note.contains(" 50 episodes for each T, greedy"), "{note}");
    }
    let otherwise = |run: &mut RunData| run.evaluation.as_mut().expect("one").otherwise = Some("sampled".to_owned());
    for note in of(&|runs| otherwise(&mut runs[0])) {
        let expected = "by the best checkpoint. Evaluated otherwise: runs/lstm__seed1 (sampled).";
        assert!(note.contains(expected), "{note}");
    }
    for note in of(&|runs| runs.iter_mut().for_each(otherwise)) {
        assert!(
            note.contains("1,000 episodes for each T. Evaluated otherwise: runs/lstm__seed1 (sampled); r"),
            "{note}"
        );
    }
}

#[test]
fn a_curve_that_leaves_a_panel_is_named() {
    let names = ["success", "arrival", "counters"];
    let whole = material(&FOUR, 2);
    let album = figures(&whole, &names.map(str::to_owned)).expect("finite numbers");
    names.iter().for_each(|&name| assert!(!note(&album, name).contains("not shown"), "{}", note(&album, name)));
    let mut material = material(&FOUR, 2);
    let of = |material: &Material, agent: AgentName| {
        material.groups.iter().position(|group| group.name == agent.as_str()).expect("a group")
    };
    let (lstm, nac, nalu) =
        (of(&material, AgentName::Lstm), of(&material, AgentName::LstmNac), of(&material, AgentName::LstmNalu));
    let rows = |material: &mut Material, group: usize, change: fn(&mut Row)| {
        let runs = material.groups[group].runs.iter_mut().filter_map(|run| run.evaluation.as_mut());
        runs.for_each(|shown| shown.document.results.iter_mut().for_each(change));
    };
    rows(&mut material, lstm, |row| row.reward_mean = if row.instruction == 10_000 { -5.0 } else { 0.5 });
    // Far too late where T is small, and far too soon where it is great.
    rows(&mut material, nac, |row| {
        if row.instruction == 8 {
            row.arrival_mean = Some(500.0)
        }
    });
    rows(&mut material, nalu, |row| {
        if row.instruction == 1000 {
            (row.arrival_mean, row.timeouts) = (Some(2.0), 0.0)
        }
    });
    material.groups[nalu].episodes[1].counters[0][3] = -1e6;
    let album = figures(&material, &names.map(str::to_owned)).expect("finite numbers");
    let said = |name, words: &str| assert!(note(&album, name).contains(words), "{}", note(&album, name));
    said("success", "Rewards below −1 are not shown (lstm).");
    said("arrival", "Times beyond an axis are not shown (");
    said("arrival", "lstm-nac");
    said("arrival", "lstm-nalu");
    said("counters", "Values beyond an axis are not shown (lstm-nalu).");
    for figure in &album.figures {
        assert_legible(&figure.svg, figure.name);
    }
}

#[test]
fn titles_differ_where_the_names_of_runs_do() {
    let named = |units: usize| {
        let mut run = run(AgentName::LstmNau, 1);
        run.config.config.model.feedback.as_mut().expect("a loop").units = units;
        run.path = format!("runs/a-rather-long-name-that-all-of-these-runs-begin-with-units-{units}__seed1").into();
        run
    };
    let mut material = Material::of([1, 2, 16].map(named).to_vec()).expect("they fit");
    material.ceiling = INSTRUCTIONS.iter().map(|&t| row(t, 1.0)).collect();
    material.floor = material.ceiling.clone();
    for group in &mut material.groups {
        let counters = vec![vec![1.0, 2.0, 3.0]];
        let (names, ending) = (vec!["t".to_owned()], "on time".to_owned());
        group.episodes = vec![Episode { instruction: 3, names, counters, due: Some(3), ending }];
        group.episodes.push(group.episodes[0].clone());
    }
    let album = figures(&material, &["counters", "weights"].map(str::to_owned)).expect("finite numbers");
    for (figure, kind) in album.figures.iter().zip(["panel-title", "row"]) {
        let xml = Xml::parse(&figure.svg).expect("XML");
        let texts = xml.descendants().filter(|node| node.has_tag_name("text") && class(node) == kind);
        let mut titles: Vec<String> = texts.filter_map(|node| node.text()).map(str::to_owned).collect();
        titles.retain(|title| title.contains('…'));
        titles.sort();
        titles.dedup();
        assert_eq!(titles.len(), 3, "{titles:?}");
        for units in ["1", "2", "16"] {
            let ends =
                |title: &&String| title.split(" (seed").next().is_some_and(|name| name.ends_with(&format!("-{units}")));
            assert_eq!(titles.iter().filter(ends).count(), 1, "{titles:?}");
        }
        assert_legible(&figure.svg, figure.name);
    }
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
    let material = Material::of(runs).expect("they fit");
    let names: std::collections::BTreeSet<&str> = material.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

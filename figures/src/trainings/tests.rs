//! Tests of figures of made-up trainings, which are read back: as XML, as text boxes of the renderer, and as pixels.

use gridworld_statistics::{Bootstrap, Scores, iqm, wilson95};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use resvg::usvg::roxmltree::{Document as Xml, Node as XmlNode};

use super::{Album, Episode, Group, Missing, Point, Row, Run, Trainings, draw, names};
use crate::legible::assert_legible;
use crate::pixels::png;
use crate::style::styles;

/// Gives the share of a made-up agent's episodes at T that is on time.
fn success(agent: &str, seed: u64, instruction: u32) -> f64 {
    let holds = if agent == "lstm-nau" { 20_000.0 } else { 13.0 + seed as f64 };
    (1.0 - (f64::from(instruction) - holds) / 10.0).clamp(0.0, 1.0)
}

fn row(instruction: u32, success: f64) -> Row {
    let number = |share: f64| (1000.0 * share) as u64;
    let times = [(instruction as i32, number(success)), (instruction as i32 + 1, number(0.5 * (1.0 - success)))];
    Row {
        instruction,
        success,
        interval: wilson95((1000.0 * success) as u64, 1000),
        reward: 2.0 * success - 1.0,
        time: (success > 0.0).then_some(f64::from(instruction) + 1.0 - success),
        timeouts: 1.0 - success,
        feasible: 1000,
        times: Some(times.into_iter().filter(|&(_, number)| number > 0).collect()),
    }
}

const INSTRUCTIONS: [u32; 12] = [5, 6, 8, 10, 12, 14, 17, 20, 30, 100, 1000, 10_000];

fn run(agent: &str, seed: u64) -> Run {
    let point = |index: u32| Point {
        steps: f64::from(100_000 * index),
        seconds: (u64::from(index) * seed) as f64,
        success: Some(1.0 - 0.5_f64.powi(index as i32)),
        episodic_return: Some(1.0 - 0.6_f64.powi(index as i32)),
    };
    let weights = |shift: f64| vec![1.0 - shift, -1.0 + shift, shift];
    Run {
        name: format!("runs/{agent}__seed{seed}"),
        points: (1..=30).map(point).collect(),
        rows: INSTRUCTIONS.iter().map(|&t| row(t, success(agent, seed, t))).collect(),
        evaluate: format!("evaluate {agent}__seed{seed}"),
        weights: (agent != "lstm").then(|| Ok(vec![("T", weights(0.01 * seed as f64)), ("clock", weights(0.1))])),
    }
}

/// Makes two episodes, with the values of four accumulators in them.
fn episodes() -> Vec<Episode> {
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
    vec![episode(12), episode(19)]
}

/// Makes trainings in groups of these names and runs.
fn trainings(groups: Vec<(String, Vec<Run>)>) -> Trainings {
    let names: Vec<String> = groups.iter().map(|(name, _)| name.clone()).collect();
    let group = |((name, runs), style): ((String, Vec<Run>), _)| {
        let episodes = if runs[0].weights.is_some() { episodes() } else { Vec::new() };
        Group { name, style, runs, episodes, played: 1, core: "LSTM".to_owned(), mixing_cell: None }
    };
    Trainings {
        groups: groups.into_iter().zip(styles(&names, &[])).map(group).collect(),
        ceiling: INSTRUCTIONS.iter().map(|&t| row(t, 1.0)).collect(),
        floor: INSTRUCTIONS.iter().map(|&t| row(t, 0.02)).collect(),
        trained: Some((5, 12)),
        timing: "arrival".to_owned(),
        provenance: "1,000 episodes per T, greedy, by the best checkpoint.".to_owned(),
    }
}

/// Makes trainings of these agents, with `seeds` runs each.
fn of_agents(agents: &[&str], seeds: u64) -> Trainings {
    let runs = |agent: &str| (1..=seeds).map(|seed| run(agent, seed)).collect();
    trainings(agents.iter().map(|&agent| (agent.to_owned(), runs(agent))).collect())
}

const FOUR: [&str; 4] = ["lstm", "lstm-nac", "lstm-nalu", "lstm-nau"];

fn drawn(trainings: &Trainings) -> Album {
    let album = draw(trainings, &[]).expect("finite numbers");
    assert_eq!(album.figures.len(), names().len(), "{:?}", album.missing);
    album
}

#[test]
fn no_text_lies_upon_another_or_beyond_the_picture() {
    for (agents, seeds) in [(&FOUR[..], 3), (&FOUR[..1], 1), (&FOUR[3..], 1), (&FOUR[1..], 10)] {
        let album = draw(&of_agents(agents, seeds), &[]).expect("finite numbers");
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

/// Reads the corners of a path.
fn corners(path: &str) -> Vec<(f64, f64)> {
    let points = path.trim_end_matches('Z').split(['M', 'L']).filter(|point| !point.is_empty());
    let numbers = points.map(|point| point.split_once(' ').expect("x and y"));
    numbers.map(|(x, y)| (x.parse().expect("x"), y.parse().expect("y"))).collect()
}

/// Reads a picture's ticks of one axis in the order in which they are drawn: the name where there is one, and the
/// pixel.
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
    let album = drawn(&of_agents(&FOUR, 3));
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
        let values: Vec<[f64; 1]> = (1..=3).map(|seed| [success("lstm-nac", seed, t)]).collect();
        iqm(&Scores::new(&values).expect("numbers"))
    };
    let (zero, hundred) = (y("0"), y("100"));
    let mut seen = 0;
    for (&t, point) in INSTRUCTIONS.iter().zip(paths[..2].concat()) {
        assert!((point.1 - (zero + mean(t) * (hundred - zero))).abs() < 0.011, "T = {t}: {point:?}");
        let name = crate::axis::name(f64::from(t));
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
    let album = drawn(&of_agents(&FOUR, 10));
    let figure = album.figures.iter().find(|figure| figure.name == "success").expect("the figure");
    let xml = Xml::parse(&figure.svg).expect("XML");
    let upwards = ticks(&xml, "tick-y");
    let y = |name: &str| upwards.iter().find(|(other, _)| other == name).expect("a tick").1;
    let band = xml.descendants().find(|node| class(node) == "lstm-nac" && node.attribute("fill-opacity").is_some());
    let band = corners(band.expect("a band").attribute("d").expect("a path"));
    assert_eq!(band.len(), 18, "lower ends from left to right, and upper ends back");
    for (index, &t) in INSTRUCTIONS[..9].iter().enumerate() {
        let values: Vec<[f64; 1]> = (1..=10).map(|seed| [success("lstm-nac", seed, t)]).collect();
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
    let album = drawn(&of_agents(&FOUR[3..], 1));
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
    let album = drawn(&of_agents(&FOUR, 3));
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
    let mut runs = vec![run("lstm-nac", 1), run("lstm-nac", 2)];
    runs[1] = Run {
        name: runs[1].name.clone(),
        evaluate: "evaluate it".to_owned(),
        weights: Some(Err("--checkpoint best: it is not there".to_owned())),
        ..Run::default()
    };
    let half = trainings(vec![("lstm-nac".to_owned(), runs)]);
    let album = draw(&half, &[]).expect("finite numbers");
    assert_eq!(album.figures.len(), names().len());
    let lines: Vec<String> = album.missing.iter().map(Missing::line).collect();
    let (second, timed) = ("runs/lstm-nac__seed2", "evaluation that counts the times of its episodes");
    assert_eq!(
        lines,
        [
            format!("learning without {second}: it has no evaluation of the training yet; wait for the first one"),
            format!("success without {second}: it has no evaluation; run `evaluate it` first"),
            format!("arrival without {second}: it has no evaluation; run `evaluate it` first"),
            format!("weber without {second}: it has no {timed}; run `evaluate it` first"),
            format!("distribution without {second}: it has no {timed}; run `evaluate it` first"),
            format!("counters without {second}: --checkpoint best: it is not there"),
            format!("weights without {second}: --checkpoint best: it is not there"),
        ]
    );
    let damaged = Run { weights: Some(Err("damaged".to_owned())), ..Run::default() };
    for (run, accumulators, lines) in [
        (Run::default(), "weights is not drawn: none of these agents has counters", 7),
        (damaged, "weights is not drawn: no run has a checkpoint that can be read", 9),
    ] {
        let album = draw(&trainings(vec![("lstm".to_owned(), vec![run])]), &[]).expect("finite numbers");
        assert!(album.figures.is_empty());
        assert_eq!(album.missing.len(), lines);
        assert_eq!(album.missing[lines - 1].line(), accumulators);
    }
}

/// Gives the note below the title of a figure.
fn note(album: &Album, name: &str) -> String {
    album.figures.iter().find(|figure| figure.name == name).expect("the figure").alt.clone()
}

#[test]
fn a_curve_that_leaves_a_panel_is_named() {
    let names = ["success", "arrival", "counters"];
    let whole = of_agents(&FOUR, 2);
    let album = draw(&whole, &names.map(str::to_owned)).expect("finite numbers");
    names.iter().for_each(|&name| assert!(!note(&album, name).contains("not shown"), "{}", note(&album, name)));
    let mut trainings = of_agents(&FOUR, 2);
    let rows = |group: &mut Group, change: fn(&mut Row)| {
        group.runs.iter_mut().flat_map(|run| &mut run.rows).for_each(change);
    };
    let [lstm, nac, nalu, _] = &mut trainings.groups[..] else { panic!("four groups") };
    rows(lstm, |row| row.reward = if row.instruction == 10_000 { -5.0 } else { 0.5 });
    // Far too late where T is small, and far too soon where it is great.
    rows(nac, |row| {
        if row.instruction == 8 {
            row.time = Some(500.0)
        }
    });
    rows(nalu, |row| {
        if row.instruction == 1000 {
            (row.time, row.timeouts) = (Some(2.0), 0.0)
        }
    });
    nalu.episodes[1].counters[0][3] = -1e6;
    let album = draw(&trainings, &names.map(str::to_owned)).expect("finite numbers");
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
fn a_weber_fraction_is_the_spread_of_the_feasible_times() {
    let times =
        |times: &[(i32, u64)], feasible| Row { feasible, times: Some(times.iter().copied().collect()), ..row(10, 1.0) };
    assert_eq!(times(&[(10, 540)], 540).weber(), Some(0.0));
    // 9, 9, 11, 11: the variance of the sample is 4/3.
    let fraction = times(&[(9, 2), (11, 2)], 4).weber().expect("a fraction");
    assert!((fraction - (4.0_f64 / 3.0).sqrt() / 10.0).abs() < 1e-12);
    assert_eq!(times(&[(10, 1)], 1).weber(), Some(0.0));
    // Fewer than half of the episodes have a time.
    assert_eq!(times(&[(10, 269)], 540).weber(), None);
    assert_eq!(times(&[], 540).weber(), None);
    assert_eq!(Row { times: None, ..row(10, 1.0) }.weber(), None);
}

#[test]
fn squares_have_the_areas_of_the_shares_of_all_seeds() {
    let timed = |seed, times: &[(i32, u64)]| {
        let rows = vec![Row { feasible: 100, times: Some(times.iter().copied().collect()), ..row(12, 1.0) }];
        Run { rows, ..run("lstm", seed) }
    };
    // In the second run a quarter has no time, and one is further off than there are columns.
    let runs = vec![timed(1, &[(12, 100)]), timed(2, &[(11, 50), (12, 24), (40, 1)])];
    let mut trainings = trainings(vec![("lstm".to_owned(), runs)]);
    trainings.floor = vec![row(12, 0.0)];
    let album = draw(&trainings, &["distribution".to_owned()]).expect("finite numbers");
    let svg = &album.figures[0].svg;
    assert_legible(svg, "distribution");
    let xml = Xml::parse(svg).expect("XML");
    let squares = xml.descendants().filter(|node| node.has_tag_name("rect") && class(node) == "share");
    let mut found: Vec<(f64, f64)> = squares
        .map(|node| {
            let side = attribute(&node, "width");
            (attribute(&node, "x") + side / 2.0, side * attribute(&node, "height") / (10.0 * 10.0))
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ticks = ticks(&xml, "tick-x");
    let tick = |name: &str| ticks.iter().find(|(other, _)| other == name).expect("a tick").1;
    let step = (tick("0") - tick("≤ −10")) / 10.0;
    let expected = [(tick("0") - step, 0.25), (tick("0"), 0.62), (tick("≥ 10"), 0.005)];
    for ((x, share), (expected_x, expected_share)) in found.iter().zip(expected) {
        assert!((x - expected_x).abs() < 0.02 && (share - expected_share).abs() < 2e-3, "{found:?}");
    }
    assert_eq!(found.len(), 3);
}

#[test]
fn titles_differ_where_the_names_of_runs_do() {
    let name = |units: usize| format!("a-rather-long-name-that-all-of-these-runs-begin-with-units-{units}");
    let mut trainings = trainings([1, 2, 16].map(|units| (name(units), vec![run("lstm-nau", 1)])).to_vec());
    trainings.groups.iter_mut().for_each(|group| group.episodes[1] = group.episodes[0].clone());
    let album = draw(&trainings, &["counters", "weights"].map(str::to_owned)).expect("finite numbers");
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

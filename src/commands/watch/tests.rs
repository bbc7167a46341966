//! Keys and time change the viewer; the viewer makes the screen.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gridworld_agents::evaluation::{Activations, EpisodeRecord, StepRecord};
use gridworld_envs::{
    Description, EpisodeInfo, FrameKey, IntervalReproductionConfig, Outcome, Settings as _, TimedArrivalConfig,
};
use gridworld_terminal::Palette;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::KeyCode;
use ratatui::style::Color;

use super::screen::draw;
use super::viewer::{Pace, Request, Viewer};
use crate::replay::board::{Board, Cell, Lines};
use crate::replay::episode_result::EpisodeResult;
use crate::replay::renderer::{Choice, Replay, busiest};

const ACTIONS: &[&str] = &["up", "down", "left", "right", "pass"];
const ENVIRONMENT: &Description = &TimedArrivalConfig::DESCRIPTION;
/// Steps of the episode: it waits, and then goes right.
const STEPS: usize = 7;

/// A network that never was: its first counter is T − t, its second t.
fn activations(t: usize) -> Activations {
    let n = vec![STEPS as f32 - 1.0 - t as f32, t as f32 + 1.0];
    Activations {
        logits: if t < 4 { vec![0.0, 0.0, 0.0, 1.0, 4.0] } else { vec![0.0, 0.0, 0.0, 6.0, 1.0] },
        phase: None,
        value: 0.9 + 0.01 * t as f32,
        h: (0..8).map(|unit| ((unit * t) as f32 * 0.3).sin() * unit as f32 / 8.0).collect(),
        c: vec![0.0; 8],
        read: n.iter().map(|n| n.tanh()).collect(),
        n,
    }
}

fn replay(instruction: u32, thinks: bool) -> Replay {
    let step = |t: usize| {
        let is_last = t + 1 == STEPS;
        let outcome = if is_last { Outcome::Terminated } else { Outcome::Running };
        let success = is_last && instruction == STEPS as u32;
        StepRecord {
            frame: FrameKey(t as u64),
            instruction: instruction as f32,
            activations: thinks.then(|| activations(t)),
            action: if t < 4 { 4 } else { 3 },
            reward: if is_last { 0.5 } else { 0.0 },
            outcome,
            info: EpisodeInfo { success, feasible: true, timing: is_last.then_some(STEPS as i32) },
        }
    };
    let record = EpisodeRecord {
        step_records: (0..STEPS).map(step).collect(),
        last: FrameKey(STEPS as u64),
        ..EpisodeRecord::default()
    };
    let board = |t: usize| {
        let symbols = TimedArrivalConfig::DESCRIPTION.drawing.expect("a drawing").symbols;
        let mut board = Board::empty(5);
        board.cells[1][4] = Cell::Thing(symbols[1]);
        board.cells[1][t.saturating_sub(3).min(4)] = Cell::Thing(symbols[0]);
        board.lines = if t == 2 { Lines::Flash } else { Lines::Dark };
        Arc::new(board)
    };
    Replay {
        choice: Choice { instruction, episode: 2, checkpoint: PathBuf::from("best") },
        boards: (0..=STEPS).map(board).collect(),
        ending: EpisodeResult::of(&record, instruction),
        actions: ACTIONS.iter().map(|&name| name.to_owned()).collect(),
        due: Some(instruction as usize),
        time_limit: Some(20),
        counters: vec!["T − t".to_owned(), "t".to_owned()],
        core: "LSTM",
        busiest: busiest(&record, |activations| &activations.h),
        agent: "lstm-nau on TimedArrival-v1".to_owned(),
        origin: "best at step 4001280, greedy, seed 0".to_owned(),
        record,
    }
}

fn viewer() -> Viewer {
    Viewer::new(replay(7, true), ENVIRONMENT)
}

fn drawn(viewer: &Viewer, palette: Palette, width: u16, height: u16) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal in memory");
    terminal.draw(|frame| draw(viewer, palette, frame)).expect("drawing in memory");
    terminal
}

/// The screen as text, without the blanks at the ends of its lines.
fn text(viewer: &Viewer, width: u16, height: u16) -> String {
    let terminal = drawn(viewer, Palette::Plain, width, height);
    let cells = terminal.backend().buffer().content();
    let rows = cells.chunks(usize::from(width)).map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>());
    rows.map(|row| row.trim_end().to_owned() + "\n").collect()
}

/// Compares with the file; `GRIDWORLD_BLESS=1` writes it anew, to be read before it is committed.
fn golden(name: &str, screen: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/commands/watch/golden").join(name);
    if std::env::var_os("GRIDWORLD_BLESS").is_some() {
        std::fs::write(&path, screen).expect("a golden screen is written");
    }
    let expected = std::fs::read_to_string(&path).expect("a golden screen");
    assert_eq!(screen, expected, "{name}:\n{screen}");
}

#[test]
fn screens_are_as_they_were_approved() {
    let mut viewer = viewer();
    viewer.t = 5;
    golden("running_80x24.txt", &text(&viewer, 80, 24));
    golden("running_60x20.txt", &text(&viewer, 60, 20));
    golden("running_40x16.txt", &text(&viewer, 40, 16));
    viewer.t = 2;
    golden("flash_80x24.txt", &text(&viewer, 80, 24));
    viewer.help = true;
    golden("help_80x24.txt", &text(&viewer, 80, 24));
    let mut late = Viewer::new(replay(5, true), ENVIRONMENT);
    late.press(KeyCode::End);
    golden("late_80x24.txt", &text(&late, 80, 24));
    let mut ruled = Viewer::new(replay(7, false), ENVIRONMENT);
    ruled.t = 5;
    golden("ruled_80x24.txt", &text(&ruled, 80, 24));
}

#[test]
fn a_formula_is_whole_or_gives_way_to_a_number() {
    let mut replay = replay(7, true);
    replay.counters = vec!["−0.55 T + 0.65 t".to_owned(), "t".to_owned()];
    let viewer = Viewer::new(replay.clone(), ENVIRONMENT);
    let shown = |width| text(&viewer, width, 24);
    assert!(shown(80).contains(" −0.55 T + 0.65 t ") && !shown(80).contains("n0"), "{}", shown(80));
    assert!(!shown(60).contains("−0.55") && shown(60).contains(" n0 ") && shown(60).contains(" n1 "), "{}", shown(60));
    // In text, columns have numbers, and lines above them what those hold.
    let text = super::replay::text(&replay, "arrival");
    let header = text.lines().find(|line| line.ends_with("value     n0     n1"));
    assert!(header.is_some() && text.contains("\nn0 = −0.55 T + 0.65 t\nn1 = t\n"), "{text}");
    assert!(text.contains("\nn0 to n1: the counters\n"), "{text}");
}

#[test]
fn flashes_are_explained_where_there_are_some() {
    for (environment, flashes) in [(ENVIRONMENT, false), (&IntervalReproductionConfig::DESCRIPTION, true)] {
        let mut viewer = Viewer::new(replay(7, true), environment);
        viewer.help = true;
        assert_eq!(text(&viewer, 80, 24).contains("flash"), flashes, "{}", environment.id);
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let mut viewer = viewer();
    viewer.t = STEPS;
    for (width, height) in [(80, 24), (60, 20)] {
        let (plain, coloured) =
            (drawn(&viewer, Palette::Plain, width, height), drawn(&viewer, Palette::Colours, width, height));
        let (plain, coloured) = (plain.backend().buffer(), coloured.backend().buffer());
        let symbols = |buffer: &ratatui::buffer::Buffer| {
            buffer.content().iter().map(|cell| cell.symbol().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(symbols(plain), symbols(coloured));
        assert!(plain.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
        for colour in [Color::Cyan, Color::LightBlue, Color::DarkGray] {
            assert!(coloured.content().iter().any(|cell| cell.fg == colour), "{colour:?}");
        }
    }
}

#[test]
fn no_size_is_too_small() {
    for help in [false, true] {
        for t in [0, STEPS] {
            let mut viewer = viewer();
            (viewer.help, viewer.t) = (help, t);
            viewer.tell("x".repeat(300));
            for width in (0..100).step_by(3) {
                for height in 0..30 {
                    drawn(&viewer, Palette::Colours, width, height);
                }
            }
        }
    }
}

#[test]
fn time_moves_the_film_at_its_speed_to_its_end() {
    let mut viewer = viewer();
    viewer.pass(Duration::from_millis(240));
    assert_eq!((viewer.t, viewer.patience()), (0, Some(Duration::from_millis(10))));
    viewer.pass(Duration::from_millis(20));
    assert_eq!(viewer.t, 1);
    viewer.press(KeyCode::Char('+'));
    viewer.pass(Duration::from_millis(250));
    assert_eq!((viewer.t, viewer.speed()), (3, 8));
    viewer.press(KeyCode::Char(' '));
    viewer.pass(Duration::from_secs(60));
    assert_eq!((viewer.t, viewer.pace), (3, Pace::Paused));
    viewer.press(KeyCode::Char(' '));
    viewer.pass(Duration::from_secs(60));
    assert!(viewer.is_over() && viewer.t == STEPS);
    // Played again from where it ends, it begins anew.
    viewer.press(KeyCode::Char(' '));
    assert_eq!((viewer.t, viewer.pace), (0, Pace::Playing));
    for _ in 0..20 {
        viewer.press(KeyCode::Char('-'));
    }
    assert_eq!(viewer.speed(), 1);
}

#[test]
fn steps_pause_and_stay_in_the_film() {
    let mut viewer = viewer();
    viewer.press(KeyCode::Left);
    assert_eq!((viewer.t, viewer.pace), (0, Pace::Paused));
    for _ in 0..20 {
        viewer.press(KeyCode::Right);
    }
    assert_eq!(viewer.t, STEPS);
    viewer.press(KeyCode::Char('h'));
    assert_eq!(viewer.t, STEPS - 1);
    viewer.press(KeyCode::Char('r'));
    assert_eq!(viewer.t, 0);
    viewer.press(KeyCode::Char('e'));
    assert_eq!(viewer.t, STEPS);
}

#[test]
fn other_episodes_are_asked_for() {
    let mut viewer = viewer();
    let mut asked = |key: KeyCode| match viewer.press(key) {
        Request::Show(choice) => {
            let Choice { instruction, episode, checkpoint } = choice;
            Some((instruction, episode, checkpoint.to_string_lossy().into_owned()))
        }
        _ => None,
    };
    let best = || "best".to_owned();
    assert_eq!(asked(KeyCode::Char('n')), Some((7, 3, best())));
    assert_eq!(asked(KeyCode::Char('p')), Some((7, 1, best())));
    assert_eq!(asked(KeyCode::Up), Some((8, 2, best())));
    assert_eq!(asked(KeyCode::Down), Some((6, 2, best())));
    assert_eq!(asked(KeyCode::Char('c')), Some((7, 2, "last".to_owned())));
    assert_eq!([asked(KeyCode::Char('1')), asked(KeyCode::Char('9'))], [None, None]);
    assert_eq!(asked(KeyCode::Enter), Some((19, 2, best())));
    assert_eq!(asked(KeyCode::Enter), None);
    for key in ['9', '9', '9', '9', '9', '9'] {
        asked(KeyCode::Char(key));
    }
    assert_eq!(asked(KeyCode::Enter), None, "a T that is too great");
    assert!(viewer.message.is_some());
    assert_eq!(viewer.press(KeyCode::Char('q')), Request::Quit);
}

#[test]
fn episodes_go_round_and_t_stays_at_least_1() {
    let at = |instruction, episode| {
        let replay = replay(instruction, true);
        let choice = Choice { episode, ..replay.choice.clone() };
        Viewer::new(Replay { choice, ..replay }, ENVIRONMENT)
    };
    let episode = |viewer: &mut Viewer, key| match viewer.press(KeyCode::Char(key)) {
        Request::Show(choice) => choice.episode,
        other => panic!("{other:?}"),
    };
    assert_eq!(episode(&mut at(7, 255), 'n'), 0);
    assert_eq!(episode(&mut at(7, 0), 'p'), 255);
    assert_eq!(at(1, 0).press(KeyCode::Down), Request::Nothing);
    let mut ruled = Viewer::new(replay(7, false), ENVIRONMENT);
    assert_eq!(ruled.press(KeyCode::Char('c')), Request::Nothing);
    assert!(ruled.message.is_some());
}

#[test]
fn a_terminal_refuses_what_it_would_not_show() {
    let one = "12".parse().unwrap();
    super::check_single(&one, 1).unwrap();
    let refused = |instructions: &str, episodes| {
        super::check_single(&instructions.parse().unwrap(), episodes).unwrap_err().to_string()
    };
    assert!(refused("12", 3).starts_with("--episodes 3: "));
    assert!(refused("12,15", 1).starts_with("--T 12,15: "));
}

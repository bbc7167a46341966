//! The contest by itself, and what its screen tells.

use gridworld_agents::AgentName;
use gridworld_agents::evaluation::{EpisodeRecord, StepRecord};
use gridworld_envs::{Configured, EpisodeInfo, FrameKey, Outcome, TimedArrivalConfig};
use gridworld_terminal::Palette;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::contest::{Contest, Episode, Rival};
use super::screen::{Looks, draw, table};
use crate::replay::episode_result::{EpisodeResult, Timing};
use crate::run::player::Player;

const SEED: u64 = 5;
const LOOKS: Looks = Looks {
    clock: false,
    told: true,
    timing: "arrival",
    summary: "step onto X at step T",
    help: false,
    palette: Palette::Plain,
};

fn environment() -> Configured {
    Configured::new(TimedArrivalConfig::default()).expect("an environment")
}

/// Makes a rival who always arrives a step early.
fn hasty() -> Rival {
    let end = |Episode { instruction, .. }: Episode| {
        let timing = Some(instruction as i32 - 1);
        let info = EpisodeInfo { success: false, feasible: true, timing };
        let (frame, outcome) = (FrameKey(0), Outcome::Terminated);
        let step = StepRecord { frame, instruction: 0.0, activations: None, action: 0, reward: 0.9, outcome, info };
        Ok(EpisodeResult::of(
            &EpisodeRecord { step_records: vec![step], last: frame, ..EpisodeRecord::default() },
            instruction,
        ))
    };
    Rival { name: "hasty".to_owned(), end: Box::new(end) }
}

fn contest() -> Contest {
    Contest::new(environment(), (5..=12).collect(), SEED, vec![hasty()])
}

/// Plays the episode as the oracle does.
fn play_well(contest: &mut Contest) {
    let Episode { instruction, lane } = contest.episode;
    let record_episodes = Player::untrained(AgentName::Oracle, &environment(), SEED)
        .expect("it is known")
        .record_episodes(instruction, lane..lane + 1)
        .expect("a recorded episode");
    for action in record_episodes[0].actions() {
        assert!(contest.ended.is_none());
        contest.act(&environment().task().spec().actions[usize::from(action)]).expect("an action");
    }
}

fn screen(contest: &Contest, looks: Looks, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal in memory");
    terminal.draw(|frame| draw(contest, looks, frame)).expect("drawing in memory");
    let cells = terminal.backend().buffer().content();
    let rows = cells.chunks(usize::from(width.max(1)));
    rows.map(|row| row.iter().map(|cell| cell.symbol()).collect::<String>().trim_end().to_owned() + "\n").collect()
}

#[test]
fn the_oracles_moves_are_on_time_here_too() {
    let mut contest = contest();
    let mut values = Vec::new();
    for episode in 1..=40 {
        values.push(contest.episode.instruction);
        play_well(&mut contest);
        let ending = contest.ended.expect("the oracle arrives");
        assert_eq!(ending.timing == Timing::OnTime, ending.note().is_none(), "episode {episode}");
        contest.next();
    }
    values.sort_unstable();
    values.dedup();
    assert!(values.len() > 5, "{values:?}");
    let score = contest.score();
    assert_eq!((score[0].name.as_str(), score[0].episodes, score[0].on_time), ("you", 40, score[0].feasible));
    assert_eq!((score[1].name.as_str(), score[1].episodes, score[1].on_time), ("hasty", 40, 0));
    assert!((score[1].reward / 40.0 - 0.9).abs() < 1e-5);
}

#[test]
fn nothing_happens_after_the_end_or_by_unknown_actions() {
    let mut contest = contest();
    contest.act("jump").expect("nothing");
    contest.next();
    assert_eq!((contest.t(), contest.episode.lane), (0, 0));
    for _ in 0..100 {
        contest.act("pass").expect("an action");
    }
    assert_eq!(contest.t(), contest.episode.instruction as usize + 8 + (12 - contest.episode.instruction as usize));
    assert_eq!(contest.ended.map(|ending| ending.timing), Some(Timing::OutOfTime));
    assert_eq!(contest.score()[0].episodes, 1);
    contest.next();
    assert_eq!((contest.t(), contest.episode.lane, contest.ended), (0, 1, None));
}

#[test]
fn the_clock_is_hidden_unless_it_is_asked_for() {
    let mut contest = contest();
    (0..3).for_each(|_| contest.act("pass").expect("an action"));
    let hidden = screen(&contest, LOOKS, 80, 24);
    assert!(hidden.contains(&format!("T = {}", contest.episode.instruction)), "{hidden}");
    assert!(!hidden.contains("Steps taken"), "{hidden}");
    assert!(hidden.contains("Last move: pass ▪"), "{hidden}");
    assert!(screen(&contest, Looks { help: true, ..LOOKS }, 80, 24).contains("action by number"));
    assert!(screen(&contest, Looks { clock: true, ..LOOKS }, 80, 24).contains("Steps taken: 3"));
    let untold = screen(&contest, Looks { told: false, summary: "two flashes", ..LOOKS }, 80, 24);
    assert!(!untold.contains("T = ") && untold.contains("flashes"), "{untold}");
}

#[test]
fn the_score_is_shown_after_each_episode_and_fits() {
    let mut contest = contest();
    play_well(&mut contest);
    let shown = screen(&contest, LOOKS, 80, 24);
    for words in ["You: on time", "hasty: 1 step early", "1 episode", "Enter next episode"] {
        assert!(shown.contains(words), "no {words:?} in {shown}");
    }
    for width in (1..100).step_by(7) {
        for height in 1..30 {
            screen(&contest, LOOKS, width, height);
        }
    }
    let expected = "           on time  feasible  % of feasible  mean reward\n\
                    you              1         1            100        1.000\n\
                    hasty            0         1              0        0.900\n\
                    1 episode; feasible: those in which the target was near enough\n";
    assert_eq!(table(&contest.score()), expected);
}

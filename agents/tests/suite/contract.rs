//! Environments and agents of somebody else's that misbehave: each is named, with its place.

use std::process::Command;
use std::sync::atomic::AtomicBool;

use gridworld_agents::evaluation::{Actor, evaluate};
use gridworld_agents::training::{CheckpointKind, TrainError, Trainer};
use gridworld_agents::{AgentName, Config, Mode, TrainingConfig};
use gridworld_envs::contract::ContractViolation;
use gridworld_envs::{
    Batch, BatchOf, Domain, Environment, EpisodeInfo, FrameKey, FrameShape, Observation, Outcome, Policy, RestoreError,
    Spec, Step, Stream, StreamId, Task, panics,
};
use tch::Device;

use crate::fakes::observer::Keeper;

const SHAPE: FrameShape = FrameShape { height: 8, width: 8, channels: 1 };

fn spec() -> Spec {
    Spec::new("Crooked-v1", SHAPE, ["left", "right", "wait"])
}

fn other() -> Spec {
    Spec { frame: FrameShape { height: 9, ..SHAPE }, ..spec() }
}

/// Fault in lane 3 at step 47: after the random play before the training, in a rollout.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Crime {
    None,
    Reward(f32),
    Instruction(f32),
    Panic,
    /// Only half of an image is drawn.
    Image,
    /// The batch is of another size than the task.
    Size,
    /// The batch has a lane too few.
    Lanes,
    /// The fault is in the first episode's beginning.
    Beginning,
}

const LANE: u32 = 3;
const STEP: u64 = 47;

/// Shows the number of steps, modulo 5; never ends before step 60.
struct Crooked {
    crime: Crime,
    guilty: bool,
    time: u64,
}

impl Crooked {
    fn look(&self) -> Observation {
        let caught = self.guilty && self.time == STEP;
        let instruction = if let (true, Crime::Instruction(number)) = (caught, self.crime) { number } else { 1.0 };
        let frame = if caught && self.crime == Crime::Image { 77 } else { self.time % 5 };
        Observation { frame: FrameKey(frame), instruction }
    }
}

impl Environment for Crooked {
    fn spec(&self) -> Spec {
        spec()
    }
    fn reset(&mut self, _stream: &mut Stream) -> Observation {
        assert!(self.crime != Crime::Beginning, "no board");
        self.time = 0;
        self.look()
    }
    fn step(&mut self, action: usize) -> Step {
        self.time += 1;
        let caught = self.guilty && self.time == STEP;
        let reward = match self.crime {
            Crime::Reward(number) if caught => number,
            Crime::Panic if caught => panic!("the floor gave way"),
            _ => action as f32,
        };
        let outcome = if self.time == 60 { Outcome::Truncated } else { Outcome::Running };
        Step { observation: self.look(), reward, outcome }
    }
    fn info(&self) -> EpisodeInfo {
        EpisodeInfo::default()
    }
    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        let image = [frame.0 as u8; 64];
        pixels.copy_from_slice(if frame.0 == 77 { &image[..32] } else { &image });
    }
    fn save(&self) -> Vec<u64> {
        vec![self.time]
    }
    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        self.time = words[0];
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Town(Crime);

impl Task for Town {
    fn spec(&self) -> Spec {
        if self.0 == Crime::Size { other() } else { spec() }
    }
    /// Makes a batch of which only worker 1's has the fault.
    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        let lanes = if self.0 == Crime::Lanes { lanes - 1 } else { lanes };
        let mut lane = 0..;
        let here = stream.domain == Domain::Training && stream.index == 1;
        Box::new(BatchOf::new(lanes, stream, || {
            let guilty = here && lane.next() == Some(LANE);
            Crooked { crime: self.0, guilty, time: 0 }
        }))
    }
    fn instructions(&self) -> &[u32] {
        &[]
    }
    fn time_limit(&self) -> Option<u32> {
        None
    }
    fn with_instruction(&self, _instruction: u32) -> Box<dyn Task> {
        Box::new(*self)
    }
    fn oracle(&self, _lanes: usize) -> Option<Box<dyn Policy>> {
        None
    }
}

fn config(mode: Mode) -> Config {
    let base = crate::fakes::config(AgentName::Lstm);
    Config { training: TrainingConfig { mode, eval_interval: 240, ..base.training }, ..base }
}

/// Trains until it fails; gives the error and the steps of the last checkpoint.
fn fail(crime: Crime, mode: Mode) -> (TrainError, Option<u64>) {
    let interrupt = AtomicBool::new(false);
    let mut keeper = Keeper::new(&interrupt);
    let task = Town(crime);
    let trained =
        Trainer::new(&task, &config(mode), Device::Cpu).and_then(|mut trainer| trainer.run(&mut keeper, &interrupt));
    let steps = keeper.saved(CheckpointKind::Last).last().map(|checkpoint| checkpoint.field("steps").expect("steps"));
    (trained.expect_err("a crime"), steps)
}

#[test]
fn each_crime_is_named_with_its_place() {
    let at = |what: &str| format!("Crooked-v1 (worker 1, step 47, lane 3): {what}");
    let rows = [
        (Crime::Reward(f32::NAN), at("the reward is NaN")),
        (Crime::Reward(f32::INFINITY), at("the reward is inf")),
        (Crime::Instruction(f32::NEG_INFINITY), at("the instruction is -inf")),
        (
            Crime::Panic,
            "Crooked-v1 (worker 1, step 47): a panic while stepping: lane 3, episode 0, step 47: the floor gave way"
                .to_owned(),
        ),
        (Crime::Image, "Crooked-v1 (worker 1, step 47): a panic while drawing frame 77: ".to_owned()),
        (
            Crime::Size,
            "Crooked-v1 (worker 0, step 0): its frames have the size 8×8×1, but its task says 9×8×1".to_owned(),
        ),
        (Crime::Lanes, "Crooked-v1 (worker 0, step 0): it gives 7 lanes for 8 lanes".to_owned()),
        (Crime::Beginning, "Crooked-v1 (worker 0, step 0): a panic while beginning: no board".to_owned()),
    ];
    for mode in [Mode::Async, Mode::Sync] {
        for (crime, expected) in &rows {
            let (error, steps) = fail(*crime, mode);
            let said = error.to_string();
            assert!(matches!(error, TrainError::ContractViolation(_)), "{mode:?}: {said}");
            assert!(said.starts_with(expected), "{mode:?}: {said}");
            assert_eq!(said.lines().count(), 1);
            // What is left is the checkpoint before: in async mode one worker can be ahead.
            let trained = !said.contains("step 0)");
            assert_eq!(steps.is_some_and(|steps| steps >= 240), trained, "{mode:?}, {crime:?}: {steps:?}");
        }
    }
}

/// Chooses an action that there is not, at its third turn.
struct Wild(u32);

impl Actor for Wild {
    fn lanes(&self) -> usize {
        4
    }
    fn act(&mut self, _batch: &dyn Batch, _first: &[bool], actions: &mut [u8]) {
        self.0 += 1;
        actions[2] = if self.0 == 3 { 7 } else { 0 };
        assert!(self.0 < 3 || actions[2] == 7, "lost");
    }
}

#[test]
fn an_action_out_of_range_and_an_agent_that_panics_are_named() {
    let stream = StreamId { seed: 1, domain: Domain::Evaluation, index: 0 };
    let play =
        |turn| -> ContractViolation { evaluate(&Town(Crime::None), &mut Wild(turn), 8, stream).expect_err("wild") };
    assert_eq!(
        play(0).to_string(),
        "Crooked-v1 (evaluation, step 3, lane 2): action 7 was chosen, but there are 3, counted from 0"
    );
    assert_eq!(play(3).to_string(), "Crooked-v1 (evaluation, step 0): a panic while choosing actions: lost");
}

/// Variable that is set in the process that fails on purpose.
const CHILD: &str = "GRIDWORLD_TEST_PANIC";

#[test]
fn a_panic_is_told_once() {
    if std::env::var_os(CHILD).is_some() {
        panics::install_quiet_hook();
        let (error, _) = fail(Crime::Panic, Mode::Async);
        eprintln!("error: {error}");
        std::process::exit(1);
    }
    let child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "--nocapture", "contract::a_panic_is_told_once"])
        .env(CHILD, "1")
        .env("RUST_BACKTRACE", "1")
        .output()
        .expect("it starts");
    let said = String::from_utf8(child.stderr).expect("UTF-8");
    assert_eq!(said.lines().count(), 1, "{said}");
    let expected = "error: Crooked-v1 (worker 1, step 47): a panic while stepping: \
                    lane 3, episode 0, step 47: the floor gave way";
    assert!(said.starts_with(&format!("{expected} ({}:", file!())), "{said}");
}

//! An environment whose images hold more than a key's 64 bits, and change in each step; and the ways
//! in which drawing from the state can go wrong.

use std::cell::Cell;

use gridworld_envs::conformance::{Plan, Rule, check, equal};
use gridworld_envs::{
    Batch, BatchOf, Domain, Environment, EpisodeInfo, FrameKey, FrameShape, Frames, Observation, Observations, Outcome,
    Policy, RestoreError, Spec, Step, Stream, StreamId, Task, Transitions,
};

use crate::training;

const SIDE: usize = 10;
/// Words that hold a byte of snow for each pixel.
const WORDS: usize = (SIDE * SIDE).div_ceil(8);
const ALL: &[Outcome] = &[Outcome::Running, Outcome::Terminated, Outcome::Truncated];

/// Fault of the environment or of its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    LeavesPixels,
    CountsImages,
    ShowsWhatIsNotSaved,
    ChangesTheState,
    LastOneIsOfTheNextEpisode,
    SnowOfAllLanes,
}

/// A walk on a line through falling snow: to the right end, in ten steps.
#[derive(Clone, Debug)]
struct Snow {
    fault: Option<Fault>,
    snow: [u64; WORDS],
    position: u64,
    t: u64,
    outcome: Outcome,
    images: Cell<u8>,
    unsaved: u8,
}

fn spec() -> Spec {
    Spec::new("Snow-v1", FrameShape { height: SIDE, width: SIDE, channels: 1 }, ["left", "right"]).drawn()
}

impl Snow {
    fn new(fault: Option<Fault>) -> Snow {
        Snow {
            fault,
            snow: [0; WORDS],
            position: 0,
            t: 0,
            outcome: Outcome::Truncated,
            images: Cell::new(0),
            unsaved: 0,
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn observation(&self) -> Observation {
        Observation { frame: FrameKey::default(), instruction: 0.0 }
    }

    fn refuse(&self, reason: &str) -> RestoreError {
        RestoreError { environment: "Snow-v1".to_owned(), reason: reason.to_owned() }
    }
}

impl Environment for Snow {
    fn spec(&self) -> Spec {
        spec()
    }

    fn reset(&mut self, stream: &mut Stream) -> Observation {
        self.snow =
            std::array::from_fn(|_| u64::from(stream.below(u32::MAX)) << 32 | u64::from(stream.below(u32::MAX)));
        (self.position, self.t, self.outcome) = (u64::from(stream.below(SIDE as u32 - 1)), 0, Outcome::Running);
        self.unsaved = 0;
        self.observation()
    }

    fn step(&mut self, action: usize) -> Step {
        assert!(action < 2 && self.outcome == Outcome::Running);
        for word in &mut self.snow {
            *word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        }
        self.t += 1;
        self.unsaved = self.unsaved.wrapping_add(1);
        self.position = if action == 0 { self.position.saturating_sub(1) } else { self.position + 1 };
        self.outcome = match (self.position, self.t) {
            (9, _) => Outcome::Terminated,
            (_, 10) => Outcome::Truncated,
            _ => Outcome::Running,
        };
        let reward = f32::from(u8::from(self.outcome == Outcome::Terminated));
        Step { observation: self.observation(), reward, outcome: self.outcome }
    }

    fn info(&self) -> EpisodeInfo {
        EpisodeInfo { success: self.outcome == Outcome::Terminated, feasible: true, timing: None }
    }

    fn draw(&self, pixels: &mut [u8]) {
        let flakes = self.snow.iter().flat_map(|word| word.to_le_bytes());
        let count = if self.has(Fault::LeavesPixels) { SIDE } else { SIDE * SIDE };
        for (pixel, flake) in pixels[..count].iter_mut().zip(flakes) {
            *pixel = flake / 2;
        }
        pixels[self.position as usize] = 255;
        self.images.set(self.images.get().wrapping_add(1));
        match self.fault {
            Some(Fault::CountsImages) => pixels[SIDE] = self.images.get(),
            Some(Fault::ShowsWhatIsNotSaved) => pixels[SIDE] = self.unsaved,
            _ => (),
        }
    }

    fn save(&self) -> Vec<u64> {
        let drawn = if self.has(Fault::ChangesTheState) { u64::from(self.images.get()) } else { 0 };
        [&self.snow[..], &[self.position, self.t, drawn]].concat()
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let (snow, &[position, t, drawn]) = words.split_at_checked(WORDS).ok_or_else(|| self.refuse("too short"))?
        else {
            return Err(self.refuse("not three words after the snow"));
        };
        self.snow = snow.try_into().map_err(|_| self.refuse("too little snow"))?;
        (self.position, self.t, self.outcome) = (position, t, Outcome::Running);
        self.images.set(drawn as u8);
        Ok(())
    }
}

struct SnowTask(Option<Fault>);

/// A sound task that cannot enumerate its starts.
pub fn task() -> impl Task {
    SnowTask(None)
}

impl Task for SnowTask {
    fn spec(&self) -> Spec {
        spec()
    }

    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        let each = BatchOf::new(lanes, stream, || Snow::new(self.0));
        if self.0.is_some() { Box::new(Faulty { fault: self.0, each }) } else { Box::new(each) }
    }

    fn instructions(&self) -> &[u32] {
        &[]
    }

    fn time_limit(&self) -> Option<u32> {
        Some(10)
    }

    fn with_instruction(&self, _instruction: u32) -> Box<dyn Task> {
        panic!("there are no instructions");
    }

    fn oracle(&self, _lanes: usize) -> Option<Box<dyn Policy>> {
        None
    }
}

/// Batch that adds the faults of batches.
struct Faulty {
    fault: Option<Fault>,
    each: BatchOf<Snow>,
}

impl Batch for Faulty {
    fn spec(&self) -> Spec {
        self.each.spec()
    }

    fn lanes(&self) -> usize {
        self.each.lanes()
    }

    fn observe(&self) -> Observations<'_> {
        self.each.observe()
    }

    fn step(&mut self, actions: &[u8]) -> Transitions<'_> {
        self.each.step(actions)
    }

    fn draw(&self, lane: usize, pixels: &mut [u8]) {
        self.each.draw(lane, pixels);
        if self.fault == Some(Fault::SnowOfAllLanes) {
            pixels[SIDE] = self.each.lanes() as u8;
        }
    }

    fn draw_last(&self, lane: usize, pixels: &mut [u8]) {
        match self.fault {
            Some(Fault::LastOneIsOfTheNextEpisode) => self.each.draw(lane, pixels),
            _ => self.each.draw_last(lane, pixels),
        }
    }

    fn save(&self) -> Vec<u64> {
        self.each.save()
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        self.each.restore(words)
    }
}

#[test]
fn it_conforms() {
    let report = check(&SnowTask(None), &Plan::new(ALL)).unwrap();
    assert!(report.frames > 900, "images do not repeat: {report:?}");
    assert!(report.terminated > 0 && report.truncated > 0, "{report:?}");
}

#[test]
fn every_fault_of_drawing_is_found_for_what_it_is() {
    let cases = [
        (Fault::LeavesPixels, Rule::Frames),
        (Fault::CountsImages, Rule::Frames),
        (Fault::ShowsWhatIsNotSaved, Rule::Frames),
        (Fault::ChangesTheState, Rule::Frames),
        (Fault::LastOneIsOfTheNextEpisode, Rule::Frames),
        (Fault::SnowOfAllLanes, Rule::LaneIndependence),
    ];
    for (fault, rule) in cases {
        let violation = check(&SnowTask(Some(fault)), &Plan::new(ALL)).expect_err(&format!("{fault:?}"));
        assert_eq!(violation.rule, rule, "{fault:?}: {violation}");
    }
}

#[test]
fn batches_that_draw_other_images_are_not_equal() {
    let batch = |fault| SnowTask(fault).batch(3, training(4));
    let actions = StreamId { seed: 1, domain: Domain::Actions, index: 0 };
    assert!(equal(&mut *batch(None), &mut *batch(None), 50, actions).is_ok());
    let violation = equal(&mut *batch(None), &mut *batch(Some(Fault::ShowsWhatIsNotSaved)), 50, actions).unwrap_err();
    assert_eq!(violation.rule, Rule::Equality);
}

#[test]
fn the_last_image_is_that_of_the_episode_that_ended() {
    let mut batch = SnowTask(None).batch(1, training(5));
    let mut alone = Snow::new(None);
    let [mut expected, mut found, mut next] = [[0; SIDE * SIDE]; 3];
    let mut seen = 0;
    for episode in 0..40 {
        alone.reset(&mut Stream::new(training(5), 0, episode));
        for action in (0..).map(|t| (t + episode) % 3 % 2) {
            batch.draw(0, &mut found);
            alone.draw(&mut expected);
            assert_eq!(found, expected, "episode {episode}");
            let step = alone.step(action as usize);
            assert_eq!(batch.step(&[action as u8]).outcomes, [step.outcome]);
            if step.outcome.ends() {
                break;
            }
        }
        alone.draw(&mut expected);
        batch.draw_last(0, &mut found);
        batch.draw(0, &mut next);
        assert!(found == expected && found != next, "episode {episode}");
        seen += 1;
    }
    assert_eq!(seen, 40);
}

#[test]
#[should_panic(expected = "lane 0: no episode ended in the last step")]
fn there_is_no_last_image_while_an_episode_goes_on() {
    SnowTask(None).batch(1, training(6)).draw_last(0, &mut [0; SIDE * SIDE]);
}

#[test]
#[should_panic(expected = "Snow-v1: no image has a key, so none has FrameKey(0)")]
fn an_image_without_a_key_is_not_drawn_from_one() {
    SnowTask(None).batch(1, training(7)).render(FrameKey::default(), &mut [0; SIDE * SIDE]);
}

#[test]
fn keyed_batches_draw_the_image_that_they_show() {
    let task = crate::task(5..=12, gridworld_envs::Reward::Graded);
    assert_eq!(task.spec().frames, Frames::Keyed);
    let each: Box<dyn Batch> = Box::new(BatchOf::new(4, training(8), || task.environment()));
    for batch in [each, task.batch(4, training(8))] {
        let mut drawn = vec![0; batch.spec().frame.bytes()];
        let mut rendered = drawn.clone();
        for lane in 0..4 {
            batch.draw(lane, &mut drawn);
            batch.render(batch.observe().frames[lane], &mut rendered);
            assert!(drawn == rendered && drawn.iter().any(|&byte| byte > 0), "lane {lane}");
        }
    }
}

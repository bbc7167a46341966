//! Environments whose images are drawn from their state.

use gridworld_envs::{
    Batch, BatchOf, Environment, EpisodeInfo, FrameKey, FrameShape, Observation, Outcome, Policy, RestoreError, Spec,
    Step, Stream, StreamId, Task, TimedArrival, TimedArrivalTask,
};

const SIDE: usize = 10;
/// Words that hold a byte of snow for each pixel.
const WORDS: usize = (SIDE * SIDE).div_ceil(8);
/// Key of no image: whoever looks one up fails.
const NO_KEY: FrameKey = FrameKey(u64::MAX);

/// Makes any environment a task without instructions.
pub struct Alone<E> {
    pub make: fn() -> E,
}

impl<E: Environment + 'static> Task for Alone<E> {
    fn spec(&self) -> Spec {
        (self.make)().spec()
    }

    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        Box::new(BatchOf::new(lanes, stream, self.make))
    }

    fn instructions(&self) -> &[u32] {
        &[]
    }

    fn time_limit(&self) -> Option<u32> {
        None
    }

    fn with_instruction(&self, _instruction: u32) -> Box<dyn Task> {
        Box::new(Alone { make: self.make })
    }

    fn oracle(&self, _lanes: usize) -> Option<Box<dyn Policy>> {
        None
    }
}

/// Shows a wall on the left or on the right through snow that falls anew in each step, for up to four
/// steps; to walk away from it is rewarded. An image has 800 bits, and none comes twice.
#[derive(Clone, Debug)]
pub struct Snow {
    snow: [u64; WORDS],
    wall: u64,
    left: u64,
    success: bool,
    /// Number of steps to go at which the image cannot be drawn.
    hole: Option<u64>,
}

impl Snow {
    pub fn new() -> Snow {
        Snow { snow: [0; WORDS], wall: 0, left: 0, success: false, hole: None }
    }

    pub fn with_a_hole() -> Snow {
        Snow { hole: Some(2), ..Snow::new() }
    }

    fn seen(&self) -> Observation {
        Observation { frame: NO_KEY, instruction: 0.0 }
    }
}

impl Environment for Snow {
    fn spec(&self) -> Spec {
        let shape = FrameShape { height: SIDE, width: SIDE, channels: 1 };
        Spec::new("Snow-v1", shape, ["left", "right", "wait"]).drawn()
    }

    fn reset(&mut self, stream: &mut Stream) -> Observation {
        for word in &mut self.snow {
            *word = u64::from(stream.below(u32::MAX)) << 32 | u64::from(stream.below(u32::MAX));
        }
        (self.wall, self.left) = (stream.below(2).into(), (stream.below(4) + 1).into());
        self.success = false;
        self.seen()
    }

    fn step(&mut self, action: usize) -> Step {
        for word in &mut self.snow {
            *word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        }
        self.left -= 1;
        self.success = action as u64 == 1 - self.wall;
        let outcome = match self.left {
            0 if action == 2 => Outcome::Truncated,
            0 => Outcome::Terminated,
            _ => Outcome::Running,
        };
        Step { observation: self.seen(), reward: f32::from(u8::from(self.success)), outcome }
    }

    fn info(&self) -> EpisodeInfo {
        EpisodeInfo { success: self.success, feasible: true, timing: None }
    }

    fn draw(&self, pixels: &mut [u8]) {
        assert_ne!(self.hole, Some(self.left), "nothing but snow");
        let flakes = self.snow.iter().flat_map(|word| word.to_le_bytes());
        for (index, (pixel, flake)) in pixels.iter_mut().zip(flakes).enumerate() {
            let wall = index % SIDE / 2 == 4 * self.wall as usize;
            *pixel = if wall { 255 } else { flake / 2 };
        }
    }

    fn save(&self) -> Vec<u64> {
        [&self.snow[..], &[self.wall, self.left]].concat()
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let refuse = || RestoreError { environment: "Snow-v1".to_owned(), reason: format!("{} words", words.len()) };
        let (snow, rest) = words.split_first_chunk().ok_or_else(refuse)?;
        let &[wall, left] = rest else { return Err(refuse()) };
        *self = Snow { snow: *snow, wall, left, success: false, hole: self.hole };
        Ok(())
    }
}

/// Timed arrival without its keys.
pub struct Unkeyed {
    inner: TimedArrival,
    shown: FrameKey,
}

/// Timed arrival as a task without keys.
pub struct UnkeyedTask(pub TimedArrivalTask);

impl Unkeyed {
    fn see(&mut self, observation: Observation) -> Observation {
        self.shown = observation.frame;
        Observation { frame: NO_KEY, ..observation }
    }
}

impl Environment for Unkeyed {
    fn spec(&self) -> Spec {
        self.inner.spec().drawn()
    }

    fn reset(&mut self, stream: &mut Stream) -> Observation {
        let observation = self.inner.reset(stream);
        self.see(observation)
    }

    fn step(&mut self, action: usize) -> Step {
        let step = self.inner.step(action);
        Step { observation: self.see(step.observation), ..step }
    }

    fn info(&self) -> EpisodeInfo {
        self.inner.info()
    }

    fn draw(&self, pixels: &mut [u8]) {
        self.inner.render(self.shown, pixels);
    }

    fn save(&self) -> Vec<u64> {
        [&[self.shown.0][..], &self.inner.save()].concat()
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        self.inner.restore(words.get(1..).unwrap_or_default())?;
        self.shown = FrameKey(words[0]);
        Ok(())
    }
}

impl Task for UnkeyedTask {
    fn spec(&self) -> Spec {
        Task::spec(&self.0).drawn()
    }

    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        let unkeyed = || Unkeyed { inner: self.0.environment(), shown: NO_KEY };
        Box::new(BatchOf::new(lanes, stream, unkeyed))
    }

    fn instructions(&self) -> &[u32] {
        self.0.instructions()
    }

    fn time_limit(&self) -> Option<u32> {
        Some(self.0.time_limit())
    }

    fn with_instruction(&self, instruction: u32) -> Box<dyn Task> {
        Box::new(UnkeyedTask(self.0.try_with_instruction(instruction).expect("an instruction of the task")))
    }

    fn oracle(&self, _lanes: usize) -> Option<Box<dyn Policy>> {
        None
    }
}

//! Timed arrival under noise that changes in each step: no image comes twice, and no part of one.

use gridworld_envs::{
    Batch, BatchOf, Environment, EpisodeInfo, FrameKey, Observation, Policy, RestoreError, Spec, Step, Stream,
    StreamId, Task, TimedArrival, TimedArrivalTask,
};

/// Source of the images: the environment's state, or keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    /// Images are drawn from the state.
    Drawn,
    /// Each image has a key of its own.
    Keyed,
}

/// Keys of timed arrival; the number of the noise lies above them.
const KEYS: u64 = 625;
/// The greatest number of noise that a key has room for.
const NOISES: u64 = u64::MAX / KEYS;

pub struct FlickerTask {
    pub task: TimedArrivalTask,
    pub noise: Noise,
}

impl Task for FlickerTask {
    fn spec(&self) -> Spec {
        let spec = self.task.spec();
        if self.noise == Noise::Drawn { spec.drawn() } else { spec }
    }

    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        let flicker = || Flicker { spec: self.spec(), inner: self.task.environment(), shown: 0, noise: 0 };
        Box::new(BatchOf::new(lanes, stream, flicker))
    }

    fn instructions(&self) -> &[u32] {
        self.task.instructions()
    }

    fn time_limit(&self) -> Option<u32> {
        Some(self.task.time_limit())
    }

    fn with_instruction(&self, instruction: u32) -> Box<dyn Task> {
        let task = self.task.try_with_instruction(instruction).expect("an instruction of the task");
        Box::new(FlickerTask { task, noise: self.noise })
    }

    fn oracle(&self, _lanes: usize) -> Option<Box<dyn Policy>> {
        None
    }
}

struct Flicker {
    spec: Spec,
    inner: TimedArrival,
    /// Key of timed arrival's image.
    shown: u64,
    noise: u64,
}

impl Flicker {
    fn key(&self) -> FrameKey {
        FrameKey(self.noise * KEYS + self.shown)
    }

    fn see(&mut self, observation: Observation) -> Observation {
        self.shown = observation.frame.0;
        self.noise = (self.noise + 1) % NOISES;
        Observation { frame: self.key(), ..observation }
    }
}

impl Environment for Flicker {
    fn spec(&self) -> Spec {
        self.spec.clone()
    }

    fn reset(&mut self, stream: &mut Stream) -> Observation {
        let observation = self.inner.reset(stream);
        let [high, low] = [stream.below(u32::MAX), stream.below(u32::MAX)].map(u64::from);
        self.noise = (high << 32 | low) % NOISES;
        self.see(observation)
    }

    fn step(&mut self, action: usize) -> Step {
        let step = self.inner.step(action);
        Step { observation: self.see(step.observation), ..step }
    }

    fn info(&self) -> EpisodeInfo {
        self.inner.info()
    }

    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        self.inner.render(FrameKey(frame.0 % KEYS), pixels);
        // The output function of SplitMix64, but for its last multiplication (Steele et al. 2014).
        let mut state = frame.0 / KEYS;
        for eight in pixels.as_chunks_mut().0 {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let noise = (mixed ^ mixed >> 27) & 0x3f3f_3f3f_3f3f_3f3f;
            *eight = (u64::from_le_bytes(*eight) ^ noise).to_le_bytes();
        }
    }

    fn draw(&self, pixels: &mut [u8]) {
        self.render(self.key(), pixels);
    }

    fn save(&self) -> Vec<u64> {
        [&[self.shown, self.noise][..], &self.inner.save()].concat()
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let Some((&[shown, noise], words)) = words.split_first_chunk() else {
            return Err(RestoreError {
                environment: self.spec.id.to_string(),
                reason: "fewer than 2 words".to_owned(),
            });
        };
        self.inner.restore(words)?;
        (self.shown, self.noise) = (shown, noise);
        Ok(())
    }
}

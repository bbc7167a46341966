//! Small environments and an observer, so that the tests depend on no particular environment.

pub mod games;
pub mod observer;
pub mod runs;
pub mod snow;
pub mod updates;

use gridworld_agents::cores::CoreName;
use gridworld_agents::{
    Advantages, AgentName, Config, Convolution, InstructionInput, LoopConfig, Mode, ModelConfig, OptimizerConfig,
    Rounding, Schedule, SparsityConfig, TrainingConfig, VisionConfig,
};
use gridworld_envs::{
    Batch, EpisodeInfo, FrameKey, FrameShape, Observations, Outcome, Policy, RestoreError, Spec, Stream, StreamId,
    Task, Transitions,
};

const SHAPE: FrameShape = FrameShape { height: 8, width: 8, channels: 1 };
pub const ACTIONS: &[&str] = &["left", "right", "wait"];
/// Bits of a key that name the image.
const IMAGE_BITS: u32 = 8;

fn spec() -> Spec {
    Spec::new("Fake-v1", SHAPE, ACTIONS.iter().copied())
}

/// The rules of an environment whose state is one word.
pub trait Game: Clone + Send + Sync + 'static {
    /// The state at the start of an episode in a batch with stream `id`.
    fn start(&self, id: StreamId, stream: &mut Stream) -> u64;

    /// The image, under 256, and the instruction that are seen in `state`.
    fn look(&self, state: u64) -> (u8, f32);

    fn step(&self, state: u64, action: u8) -> Next;

    fn instructions(&self) -> &[u32] {
        &[1]
    }

    fn with_instruction(&self, _instruction: u32) -> Self {
        self.clone()
    }
}

/// Result of one step of a [`Game`].
pub struct Next {
    pub state: u64,
    pub reward: f32,
    pub outcome: Outcome,
    pub info: EpisodeInfo,
}

impl Next {
    pub fn running(state: u64) -> Next {
        Next { state, reward: 0.0, outcome: Outcome::Running, info: EpisodeInfo::default() }
    }
}

/// Naming of the images by keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Equal images always have one key.
    Stable,
    /// Every observation has a key of its own.
    Fresh,
    /// The images are drawn from the state. The keys are no images' keys: whoever looks one up fails.
    None,
}

/// A game in the form of a task.
#[derive(Clone)]
pub struct Fake<G> {
    pub game: G,
    pub keys: Keys,
}

impl<G: Game> Fake<G> {
    pub fn new(game: G) -> Fake<G> {
        Fake { game, keys: Keys::Stable }
    }
}

impl<G> Fake<G> {
    fn described(&self) -> Spec {
        if self.keys == Keys::None { spec().drawn() } else { spec() }
    }
}

impl<G: Game> Task for Fake<G> {
    fn spec(&self) -> Spec {
        self.described()
    }

    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        let mut batch = Lanes {
            fake: self.clone(),
            stream,
            states: vec![0; lanes],
            episodes: vec![0; lanes],
            lengths: vec![0; lanes],
            shown: vec![0; lanes],
            frames: vec![FrameKey(0); lanes],
            instructions: vec![0.0; lanes],
            rewards: vec![0.0; lanes],
            outcomes: vec![Outcome::Running; lanes],
            ended_lengths: vec![0; lanes],
            infos: vec![EpisodeInfo::default(); lanes],
            final_frames: vec![FrameKey(0); lanes],
            final_instructions: vec![0.0; lanes],
            final_images: vec![0; lanes],
        };
        (0..lanes).for_each(|lane| batch.reset(lane));
        Box::new(batch)
    }

    fn instructions(&self) -> &[u32] {
        self.game.instructions()
    }

    fn time_limit(&self) -> Option<u32> {
        None
    }

    fn with_instruction(&self, instruction: u32) -> Box<dyn Task> {
        Box::new(Fake { game: self.game.with_instruction(instruction), keys: self.keys })
    }

    fn oracle(&self, _lanes: usize) -> Option<Box<dyn Policy>> {
        None
    }
}

struct Lanes<G> {
    fake: Fake<G>,
    stream: StreamId,
    states: Vec<u64>,
    episodes: Vec<u64>,
    lengths: Vec<u32>,
    /// Number of observations that each lane has given.
    shown: Vec<u64>,
    frames: Vec<FrameKey>,
    instructions: Vec<f32>,
    rewards: Vec<f32>,
    outcomes: Vec<Outcome>,
    ended_lengths: Vec<u32>,
    infos: Vec<EpisodeInfo>,
    final_frames: Vec<FrameKey>,
    final_instructions: Vec<f32>,
    final_images: Vec<u8>,
}

/// Black, with a square for each set bit of the image's number.
fn paint(image: u64, pixels: &mut [u8]) {
    pixels.fill(0);
    for bit in (0..IMAGE_BITS as usize).filter(|bit| image >> bit & 1 == 1) {
        let corner = bit / 4 * 4 * SHAPE.width + bit % 4 * 2;
        for row in 0..3 {
            pixels[corner + row * SHAPE.width..][..2].fill(200);
        }
    }
}

impl<G: Game> Lanes<G> {
    fn reset(&mut self, lane: usize) {
        let mut stream = Stream::new(self.stream, lane as u32, self.episodes[lane]);
        self.states[lane] = self.fake.game.start(self.stream, &mut stream);
        self.lengths[lane] = 0;
        (self.frames[lane], self.instructions[lane]) = self.see(lane);
    }

    /// Gives the next observation of a lane.
    fn see(&mut self, lane: usize) -> (FrameKey, f32) {
        let (image, instruction) = self.fake.game.look(self.states[lane]);
        self.shown[lane] += 1;
        let unique = match self.fake.keys {
            Keys::Stable => 0,
            Keys::Fresh => (lane as u64) << 32 | self.shown[lane],
            Keys::None => return (FrameKey(u64::MAX), instruction),
        };
        (FrameKey(unique << IMAGE_BITS | u64::from(image)), instruction)
    }
}

impl<G: Game> Batch for Lanes<G> {
    fn spec(&self) -> Spec {
        self.fake.described()
    }

    fn lanes(&self) -> usize {
        self.states.len()
    }

    fn observe(&self) -> Observations<'_> {
        Observations { frames: &self.frames, instructions: &self.instructions }
    }

    fn step(&mut self, actions: &[u8]) -> Transitions<'_> {
        assert_eq!(actions.len(), self.lanes());
        for (lane, &action) in actions.iter().enumerate() {
            let next = self.fake.game.step(self.states[lane], action);
            self.states[lane] = next.state;
            self.lengths[lane] += 1;
            self.rewards[lane] = next.reward;
            self.outcomes[lane] = next.outcome;
            self.ended_lengths[lane] = self.lengths[lane];
            self.infos[lane] = next.info;
            let seen = self.see(lane);
            (self.frames[lane], self.instructions[lane]) = seen;
            (self.final_frames[lane], self.final_instructions[lane]) = seen;
            self.final_images[lane] = self.fake.game.look(next.state).0;
            if next.outcome.ends() {
                self.episodes[lane] += 1;
                self.reset(lane);
            }
        }
        Transitions {
            rewards: &self.rewards,
            outcomes: &self.outcomes,
            lengths: &self.ended_lengths,
            infos: &self.infos,
            finals: Observations { frames: &self.final_frames, instructions: &self.final_instructions },
        }
    }

    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        assert_ne!(self.fake.keys, Keys::None, "an image was looked up by a key");
        paint(frame.0, pixels);
    }

    fn draw(&self, lane: usize, pixels: &mut [u8]) {
        paint(u64::from(self.fake.game.look(self.states[lane]).0), pixels);
    }

    fn draw_last(&self, lane: usize, pixels: &mut [u8]) {
        assert!(self.outcomes[lane].ends(), "lane {lane}: no episode has ended");
        paint(u64::from(self.final_images[lane]), pixels);
    }

    fn save(&self) -> Vec<u64> {
        let lane = |i: usize| {
            let seen = [self.frames[i].0, u64::from(self.instructions[i].to_bits())];
            [self.states[i], self.episodes[i], u64::from(self.lengths[i]), self.shown[i], seen[0], seen[1]]
        };
        (0..self.lanes()).flat_map(lane).collect()
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        if words.len() != 6 * self.lanes() {
            return Err(RestoreError { environment: "Fake-v1".to_owned(), reason: format!("{} words", words.len()) });
        }
        for (i, words) in words.chunks_exact(6).enumerate() {
            (self.states[i], self.episodes[i], self.lengths[i]) = (words[0], words[1], words[2] as u32);
            (self.shown[i], self.frames[i]) = (words[3], FrameKey(words[4]));
            self.instructions[i] = f32::from_bits(words[5] as u32);
        }
        Ok(())
    }
}

/// Makes the configuration of a network for the fake images.
pub fn network(feedback: Option<LoopConfig>) -> ModelConfig {
    ModelConfig {
        phases: 1,
        convolutions: vec![
            Convolution { channels: 4, kernel: 4, stride: 2 },
            Convolution { channels: 6, kernel: 2, stride: 1 },
        ],
        features: 8,
        vision: VisionConfig::default(),
        core: CoreName::Lstm,
        hidden: 16,
        instruction_scale: 0.1,
        told: InstructionInput::Always,
        feedback,
    }
}

/// A small training, independent of the defaults in everything that it names.
pub fn config(agent: AgentName) -> Config {
    let feedback = agent.cell().map(|cell| LoopConfig { units: 3, gain: 0.3, ..LoopConfig::of(cell) });
    let training = TrainingConfig {
        seed: 1,
        steps: 6_000,
        workers: 2,
        envs: 8,
        rollout: 5,
        mode: Mode::Async,
        discount: 0.99,
        lambda: 0.95,
        entropy: 0.01,
        value: 0.5,
        clip: 0.5,
        advantages: Advantages::Normalized,
        sparsity: agent.cell().and_then(|cell| cell.about().constraint).map(|_| SparsityConfig {
            weight: 0.3,
            ramp: (0.2, 0.4),
            discretize: 0.5,
            rounding: Rounding::Scheduled,
        }),
        optimizer: OptimizerConfig::ADAM,
        learning_rate: 4e-3,
        schedule: Schedule::Linear,
        log_interval: 400,
        eval_interval: 2_000,
        eval_episodes: Some(8),
        ..TrainingConfig::of(agent)
    };
    Config { agent, model: network(feedback), training }
}

/// Gives the message with which `work` panics; nothing if it does not.
pub fn panic_message(work: impl FnOnce()) -> Option<String> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    caught.err().map(|payload| gridworld_envs::panics::message(&*payload))
}

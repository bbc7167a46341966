//! A batch of any environment.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::environment::{
    Batch, Environment, EpisodeInfo, FrameKey, Frames, Observation, Observations, Outcome, RestoreError, Spec,
    Transitions,
};
use crate::stream::{EPISODES, Stream, StreamId};

/// Words of a lane in a saved state before those of its environment: how many follow, the episode,
/// the steps taken in it, the frame key and the instruction's bits.
const LANE_WORDS: usize = 5;

/// Batch that steps each of its environments by itself. The plainest batch, and the measure of any other.
///
/// It allocates nothing in a step if its environments do not. A frame key means the same image in
/// every environment of a kind, so the first lane's draws for all. Where images are drawn from the
/// state, an episode's last one is drawn before its lane is reset, and kept until the next step.
#[derive(Clone, Debug)]
pub struct BatchOf<E> {
    spec: Spec,
    stream: StreamId,
    environments: Vec<E>,
    /// Number of the episode that each lane plays, counted from 0.
    episodes: Vec<u64>,
    /// Steps taken in each lane's episode.
    times: Vec<u32>,
    now: Shown,
    rewards: Vec<f32>,
    outcomes: Vec<Outcome>,
    lengths: Vec<u32>,
    infos: Vec<EpisodeInfo>,
    finals: Shown,
    /// Last image of each lane's last episode, `[lanes, bytes]`, if frames are drawn from the state.
    last: Vec<u8>,
}

/// Observations of all lanes, one entry for each lane.
#[derive(Clone, Debug)]
struct Shown {
    frames: Vec<FrameKey>,
    instructions: Vec<f32>,
}

impl Shown {
    fn new(lanes: usize) -> Shown {
        Shown { frames: vec![FrameKey(0); lanes], instructions: vec![0.0; lanes] }
    }

    fn set(&mut self, lane: usize, observation: Observation) {
        self.frames[lane] = observation.frame;
        self.instructions[lane] = observation.instruction;
    }

    fn all(&self) -> Observations<'_> {
        Observations { frames: &self.frames, instructions: &self.instructions }
    }
}

impl<E: Environment> BatchOf<E> {
    /// `lanes` environments from `make`, reset with the numbers of `stream`.
    ///
    /// # Panics
    /// If there are no lanes, or the environments differ in their [`Spec`].
    pub fn new(lanes: usize, stream: StreamId, make: impl FnMut() -> E) -> BatchOf<E> {
        assert!(lanes > 0, "a batch has a lane at least");
        let environments: Vec<E> = std::iter::repeat_with(make).take(lanes).collect();
        let spec = environments[0].spec();
        assert!(environments.iter().all(|environment| environment.spec() == spec), "environments of one kind");
        let bytes = match spec.frames {
            Frames::Keyed => 0,
            Frames::Drawn => spec.frame.bytes(),
        };
        let mut each = BatchOf {
            spec,
            stream,
            environments,
            episodes: vec![0; lanes],
            times: vec![0; lanes],
            now: Shown::new(lanes),
            rewards: vec![0.0; lanes],
            outcomes: vec![Outcome::Running; lanes],
            lengths: vec![0; lanes],
            infos: vec![EpisodeInfo::default(); lanes],
            finals: Shown::new(lanes),
            last: vec![0; lanes * bytes],
        };
        for lane in 0..lanes {
            each.reset(lane);
        }
        each
    }

    /// `lanes` environments from `make`, whose first episodes are begun by `begin`, for each lane; `stream` has the numbers
    /// of later ones.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn beginning(
        lanes: usize,
        stream: StreamId,
        make: impl FnMut() -> E,
        mut begin: impl FnMut(&mut E, usize) -> Observation,
    ) -> BatchOf<E> {
        let mut each = BatchOf::new(lanes, stream, make);
        for lane in 0..lanes {
            let observation = begin(&mut each.environments[lane], lane);
            each.now.set(lane, observation);
        }
        each
    }

    /// Begins the lane's next episode.
    fn reset(&mut self, lane: usize) {
        let mut stream = Stream::new(self.stream, lane as u32, self.episodes[lane]);
        let observation = self.environments[lane].reset(&mut stream);
        self.times[lane] = 0;
        self.now.set(lane, observation);
    }

    fn step_lane(&mut self, lane: usize, action: u8) {
        let step = self.environments[lane].step(usize::from(action));
        self.times[lane] += 1;
        self.rewards[lane] = step.reward;
        self.outcomes[lane] = step.outcome;
        self.lengths[lane] = self.times[lane];
        self.infos[lane] = self.environments[lane].info();
        self.finals.set(lane, step.observation);
        self.now.set(lane, step.observation);
        if step.outcome.ends() {
            if self.spec.frames == Frames::Drawn {
                let bytes = self.spec.frame.bytes();
                self.environments[lane].draw(&mut self.last[lane * bytes..][..bytes]);
            }
            self.episodes[lane] += 1;
            self.reset(lane);
        }
    }

    fn refuse(&self, reason: String) -> RestoreError {
        RestoreError { environment: self.spec.id.to_string(), reason }
    }

    /// Takes a lane's words from the front of `words`, and gives the rest.
    fn restore_lane<'a>(&mut self, lane: usize, words: &'a [u64]) -> Result<&'a [u64], RestoreError> {
        let short = || self.refuse(format!("the words end in lane {lane}"));
        let (head, rest) = words.split_at_checked(LANE_WORDS).ok_or_else(short)?;
        let count = usize::try_from(head[0]).map_err(|_| short())?;
        let (state, rest) = rest.split_at_checked(count).ok_or_else(short)?;
        let (Ok(time), Ok(instruction)) = (u32::try_from(head[2]), u32::try_from(head[4])) else {
            return Err(self.refuse(format!("lane {lane}: step {}, instruction {}", head[2], head[4])));
        };
        if head[1] >= EPISODES {
            return Err(self.refuse(format!("lane {lane}: episode {}", head[1])));
        }
        self.environments[lane].restore(state)?;
        self.episodes[lane] = head[1];
        self.times[lane] = time;
        self.now.set(lane, Observation { frame: FrameKey(head[3]), instruction: f32::from_bits(instruction) });
        Ok(rest)
    }
}

impl<E: Environment> Batch for BatchOf<E> {
    fn spec(&self) -> Spec {
        self.spec.clone()
    }

    fn lanes(&self) -> usize {
        self.environments.len()
    }

    fn observe(&self) -> Observations<'_> {
        self.now.all()
    }

    /// A panic in an environment goes on with the lane, the episode and the step before its message:
    /// whoever has a thousand of them must know which.
    fn step(&mut self, actions: &[u8]) -> Transitions<'_> {
        assert_eq!(actions.len(), self.lanes(), "one action a lane");
        let count = self.spec.actions.len();
        for (lane, &action) in actions.iter().enumerate() {
            assert!(usize::from(action) < count, "lane {lane}: action {action}: there are {count}");
        }
        let mut at = 0;
        let stepped = catch_unwind(AssertUnwindSafe(|| {
            for (lane, &action) in actions.iter().enumerate() {
                at = lane;
                self.step_lane(lane, action);
            }
        }));
        if let Err(payload) = stepped {
            let (episode, step) = (self.episodes[at], self.times[at] + 1);
            resume_unwind(Box::new(format!("lane {at}, episode {episode}, step {step}: {}", message(&*payload))));
        }
        Transitions {
            rewards: &self.rewards,
            outcomes: &self.outcomes,
            lengths: &self.lengths,
            infos: &self.infos,
            finals: self.finals.all(),
        }
    }

    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        self.environments[0].render(frame, pixels);
    }

    fn draw(&self, lane: usize, pixels: &mut [u8]) {
        match self.spec.frames {
            Frames::Keyed => self.render(self.now.frames[lane], pixels),
            Frames::Drawn => self.environments[lane].draw(pixels),
        }
    }

    fn draw_last(&self, lane: usize, pixels: &mut [u8]) {
        assert!(self.outcomes[lane].ends(), "lane {lane}: no episode ended in the last step");
        match self.spec.frames {
            Frames::Keyed => self.render(self.finals.frames[lane], pixels),
            Frames::Drawn => pixels.copy_from_slice(&self.last[lane * pixels.len()..][..pixels.len()]),
        }
    }

    fn save(&self) -> Vec<u64> {
        let mut words = Vec::new();
        for (lane, environment) in self.environments.iter().enumerate() {
            let state = environment.save();
            let instruction = self.now.instructions[lane].to_bits();
            words.extend([state.len() as u64, self.episodes[lane], self.times[lane].into()]);
            words.extend([self.now.frames[lane].0, instruction.into()]);
            words.extend(state);
        }
        words
    }

    /// Restores a saved state; on an error some lanes may have changed: the batch is then of no further use.
    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let mut rest = words;
        for lane in 0..self.lanes() {
            rest = self.restore_lane(lane, rest)?;
        }
        if rest.is_empty() { Ok(()) } else { Err(self.refuse(format!("{} words too many", rest.len()))) }
    }
}

/// Gives the message of a panic.
fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
    text.unwrap_or("no message")
}

//! A small environment of another kind, and ways to break it: for tests of the suite itself.

use gridworld_envs::{
    Environment, EpisodeInfo, FrameKey, FrameShape, Observation, Outcome, RestoreError, Spec, Step, Stream, StreamId,
};

/// Fault of the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    NameWithoutVersion,
    SameActionNameTwice,
    UnknownInstruction,
    InstructionForgotten,
    NeverTruncated,
    RewardNotANumber,
    SuccessWhereInfeasible,
    ResetLooksBack,
    TimeNotSaved,
    SurplusWordsTaken,
    RenderLeavesPixels,
    RenderShowsOwnState,
    // Faults of the batch.
    BatchTooLarge,
    RewardsTooFew,
    PosedForgets,
    LimitUnderstated,
    LengthsGoOn,
    FinalsStale,
    NotReset,
    PlayDrifts,
    LanesTouch,
    DomainIgnored,
    LanesAlike,
    ActionsClamped,
    HeldOutIsDrawn,
    StartForgotten,
    LanesOfStartsTooMany,
}

/// Five cells in a row; the way out is at the right end. The instruction is how many steps there
/// are.
#[derive(Clone, Debug)]
pub struct Corridor {
    pub fault: Option<Fault>,
    pub instructions: Vec<u32>,
    /// Stream that every lane draws from, and number of the draws, where sharing is the fault.
    pub shared: (StreamId, u64),
    position: u64,
    limit: u32,
    t: u32,
    outcome: Outcome,
}

pub fn spec(fault: Option<Fault>) -> Spec {
    let id = if fault == Some(Fault::NameWithoutVersion) { "Corridor" } else { "Corridor-v1" };
    let actions = if fault == Some(Fault::SameActionNameTwice) { ["left", "left"] } else { ["left", "right"] };
    Spec::new(id, FrameShape { height: 1, width: 5, channels: 1 }, actions)
}

impl Corridor {
    pub fn new(fault: Option<Fault>, instructions: Vec<u32>, stream: StreamId) -> Corridor {
        Corridor { fault, instructions, shared: (stream, 0), position: 0, limit: 0, t: 0, outcome: Outcome::Truncated }
    }

    /// Begins at a cell, with the first of the instructions.
    pub fn begin(&mut self, position: u64, instruction: u32) -> Observation {
        (self.position, self.limit, self.t, self.outcome) = (position, instruction, 0, Outcome::Running);
        self.observe()
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn observe(&self) -> Observation {
        let instruction = match self.fault {
            Some(Fault::UnknownInstruction) => 7.5,
            Some(Fault::InstructionForgotten) if self.t > 0 => 0.0,
            _ => self.limit as f32,
        };
        Observation { frame: FrameKey(self.position), instruction }
    }
}

impl Environment for Corridor {
    fn spec(&self) -> Spec {
        spec(self.fault)
    }

    fn reset(&mut self, stream: &mut Stream) -> Observation {
        let mut shared = Stream::new(self.shared.0, 0, self.shared.1);
        self.shared.1 += 1;
        let stream = if self.has(Fault::LanesAlike) { &mut shared } else { stream };
        let position = u64::from(stream.below(4));
        let looks_back = self.has(Fault::ResetLooksBack) && self.position == 4;
        self.position = if looks_back { 0 } else { position };
        self.limit = self.instructions[stream.below(self.instructions.len() as u32) as usize];
        (self.t, self.outcome) = (0, Outcome::Running);
        self.observe()
    }

    fn step(&mut self, action: usize) -> Step {
        assert!(action < 2 && self.outcome == Outcome::Running);
        self.t += 1;
        self.position = if action == 0 { self.position.saturating_sub(1) } else { self.position + 1 };
        let in_time = self.t < self.limit || self.has(Fault::NeverTruncated);
        self.outcome = match self.position {
            4 => Outcome::Terminated,
            _ if in_time => Outcome::Running,
            _ => Outcome::Truncated,
        };
        let prize = if self.has(Fault::RewardNotANumber) { f32::NAN } else { 1.0 };
        let reward = if self.outcome == Outcome::Terminated { prize } else { 0.0 };
        Step { observation: self.observe(), reward, outcome: self.outcome }
    }

    fn info(&self) -> EpisodeInfo {
        let feasible = !self.has(Fault::SuccessWhereInfeasible);
        EpisodeInfo { success: self.outcome == Outcome::Terminated, feasible, timing: None }
    }

    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        if !self.has(Fault::RenderLeavesPixels) {
            pixels.fill(0);
        }
        let cell = if self.has(Fault::RenderShowsOwnState) { self.position } else { frame.0 };
        pixels[cell as usize] = 255;
    }

    fn save(&self) -> Vec<u64> {
        let t = if self.has(Fault::TimeNotSaved) { 0 } else { self.t };
        vec![self.position, self.limit.into(), t.into()]
    }

    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let &[position, limit, t] = words else {
            return Err(RestoreError { environment: self.spec().id.to_string(), reason: "not three words".to_owned() });
        };
        (self.position, self.limit, self.t, self.outcome) = (position, limit as u32, t as u32, Outcome::Running);
        Ok(())
    }
}

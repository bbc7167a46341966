//! An environment of somebody else: a button is to be pressed at exactly step T, and the image shows nothing but a wall.

use gridworld_envs::*;
use serde::{Deserialize, Serialize};

/// The settings, which are the task, too: the values of T, and the steps after the greatest until an episode is cut short.
#[derive(Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Press {
    #[serde(rename = "T", with = "instruction_list")]
    pub instructions: Vec<u32>,
    pub grace: u32,
}

impl Default for Press {
    fn default() -> Press {
        Press { instructions: (2..=5).collect(), grace: 3 }
    }
}

impl Settings for Press {
    type Task = Press;
    const DESCRIPTION: Description = Description {
        timing: "press",
        definitions: "press: step of the first press; on time: at step T",
        tells_instruction: true,
        ..Description::new("Press-v1", "press the button at exactly step T")
    };
    fn task(&self) -> Result<Press, String> {
        if self.instructions.is_empty() { Err("no T to draw from".to_owned()) } else { Ok(self.clone()) }
    }
}

impl Task for Press {
    fn spec(&self) -> Spec {
        Spec::new("Press-v1", FrameShape { height: 20, width: 20, channels: 1 }, ["wait", "press"])
    }
    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        Box::new(BatchOf::new(lanes, stream, || Episode { task: self.clone(), instruction: 0, t: 0, pressed: false }))
    }
    fn instructions(&self) -> &[u32] {
        &self.instructions
    }
    fn time_limit(&self) -> Option<u32> {
        self.instructions.iter().max().map(|greatest| greatest.saturating_add(self.grace))
    }
    fn with_instruction(&self, instruction: u32) -> Box<dyn Task> {
        Box::new(Press { instructions: vec![instruction], ..self.clone() })
    }
}

struct Episode {
    task: Press,
    instruction: u32,
    t: u32,
    pressed: bool,
}

impl Environment for Episode {
    fn spec(&self) -> Spec {
        self.task.spec()
    }
    fn reset(&mut self, stream: &mut Stream) -> Observation {
        let drawn = stream.below(self.task.instructions.len() as u32) as usize;
        (self.instruction, self.t, self.pressed) = (self.task.instructions[drawn], 0, false);
        Observation { frame: FrameKey(0), instruction: self.instruction as f32 }
    }
    fn step(&mut self, action: usize) -> Step {
        (self.t, self.pressed) = (self.t + 1, action == 1);
        let outcome = match self.pressed {
            true => Outcome::Terminated,
            false if Some(self.t) >= self.task.time_limit() => Outcome::Truncated,
            false => Outcome::Running,
        };
        let worth = (1.0 - 0.1 * self.t.abs_diff(self.instruction) as f32).max(0.0);
        let observation = Observation { frame: FrameKey(0), instruction: self.instruction as f32 };
        Step { observation, reward: if self.pressed { worth } else { 0.0 }, outcome }
    }
    fn info(&self) -> EpisodeInfo {
        let timing = self.pressed.then_some(self.t as i32);
        EpisodeInfo { success: timing == Some(self.instruction as i32), feasible: true, timing }
    }
    fn render(&self, _frame: FrameKey, pixels: &mut [u8]) {
        pixels.fill(90);
    }
    fn save(&self) -> Vec<u64> {
        vec![self.instruction.into(), self.t.into(), self.pressed.into()]
    }
    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let &[instruction, t, pressed @ 0..=1] = words else {
            return Err(RestoreError { environment: "Press-v1".to_owned(), reason: format!("{words:?}") });
        };
        (self.instruction, self.t, self.pressed) = (instruction as u32, t as u32, pressed == 1);
        Ok(())
    }
}

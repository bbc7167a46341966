//! An environment of one's own: its episode, its task, and its settings; found by name in a registry and checked for
//! conformance.
//!
//! `cargo run --release -p gridworld-envs --example own_environment [STEPS]`

use gridworld_envs::conformance::{Plan, check};
use gridworld_envs::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};

/// The settings, which are the task, too: one of two doors is lit, and it leads out, or the other one does.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default)]
struct Doors {
    swapped: bool,
}

impl Settings for Doors {
    type Task = Doors;
    const DESCRIPTION: Description = Description::new("Doors-v1", "leave by the door that is lit, or by the other one");
    fn task(&self) -> Result<Doors, String> {
        Ok(*self)
    }
}

impl Task for Doors {
    fn spec(&self) -> Spec {
        Spec::new("Doors-v1", FrameShape { height: 1, width: 2, channels: 1 }, ["left", "right"])
    }
    fn batch(&self, lanes: usize, stream: StreamId) -> Box<dyn Batch> {
        Box::new(BatchOf::new(lanes, stream, || Episode { task: *self, lit: 0, success: false }))
    }
}

struct Episode {
    task: Doors,
    lit: u64,
    success: bool,
}

impl Environment for Episode {
    fn spec(&self) -> Spec {
        self.task.spec()
    }
    fn reset(&mut self, stream: &mut Stream) -> Observation {
        (self.lit, self.success) = (u64::from(stream.below(2)), false);
        Observation { frame: FrameKey(self.lit), instruction: 0.0 }
    }
    fn step(&mut self, action: usize) -> Step {
        self.success = (action as u64 == self.lit) != self.task.swapped;
        let observation = Observation { frame: FrameKey(self.lit), instruction: 0.0 };
        Step { observation, reward: f32::from(u8::from(self.success)), outcome: Outcome::Terminated }
    }
    fn info(&self) -> EpisodeInfo {
        EpisodeInfo { success: self.success, feasible: true, timing: None }
    }
    fn render(&self, frame: FrameKey, pixels: &mut [u8]) {
        pixels.copy_from_slice(if frame.0 == 0 { &[255, 0] } else { &[0, 255] });
    }
    fn save(&self) -> Vec<u64> {
        vec![self.lit]
    }
    fn restore(&mut self, words: &[u64]) -> Result<(), RestoreError> {
        let refuse = |_| RestoreError { environment: "Doors-v1".to_owned(), reason: format!("{words:?}") };
        [self.lit] = words.try_into().map_err(refuse)?;
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let steps = std::env::args().nth(1).map_or(Ok(1_000), |steps| steps.parse())?;
    let settings = Map::from_iter([("swapped".to_owned(), json!(true))]);
    let doors = Registry::standard().with::<Doors>().configure("Doors-v1", settings)?;
    // The check tries actions that do not exist, which have to panic; that is nothing to be printed.
    std::panic::set_hook(Box::new(|_| {}));
    let report = check(doors.task(), &Plan { steps, ..Plan::new(&[Outcome::Terminated]) })?;
    println!("{} conforms: {} episodes played, {} images compared", doors.id(), report.episodes, report.frames);
    Ok(())
}

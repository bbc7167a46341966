//! Trace of the played episodes, action by action, to be read or compared.

use gridworld_agents::evaluation::Moment;
use gridworld_envs::Outcome;
use serde::Serialize;

/// One episode: a line of the file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Episode {
    /// Value of T, in steps.
    #[serde(rename = "T")]
    instruction: u32,
    /// Lane of the episode.
    lane: usize,
    /// Number of the episode in its lane, from 0.
    episode: usize,
    /// The key of the first image.
    start: u64,
    /// Indices of the actions.
    actions: Vec<u8>,
    /// Outcome of the episode: `terminated` or `truncated`.
    outcome: &'static str,
    success: bool,
    feasible: bool,
}

/// The episodes at one T, as they are played.
#[derive(Debug)]
pub struct Trace {
    instruction: u32,
    /// The start and the actions of the episode that is on, lane by lane.
    running: Vec<Option<(u64, Vec<u8>)>>,
    ended: Vec<Vec<Episode>>,
}

impl Trace {
    /// Makes a trace without an episode, in `lanes` lanes.
    pub fn new(instruction: u32, lanes: usize) -> Trace {
        Trace { instruction, running: vec![None; lanes], ended: vec![Vec::new(); lanes] }
    }

    /// Adds a step to its lane's episode.
    pub fn note(&mut self, moment: &Moment) {
        let Moment { lane, frame, action, outcome, info, .. } = *moment;
        self.running[lane].get_or_insert_with(|| (frame.0, Vec::new())).1.push(action);
        let outcome = match outcome {
            Outcome::Running => return,
            Outcome::Terminated => "terminated",
            Outcome::Truncated => "truncated",
        };
        let Some((start, actions)) = self.running[lane].take() else { return };
        let (instruction, episode) = (self.instruction, self.ended[lane].len());
        let (success, feasible) = (info.success, info.feasible);
        self.ended[lane].push(Episode { instruction, lane, episode, start, actions, outcome, success, feasible });
    }

    /// The episodes, by lane and then by their order in it, whichever ended first.
    pub fn episodes(self) -> Vec<Episode> {
        self.ended.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use gridworld_envs::{EpisodeInfo, FrameKey};

    use super::*;

    #[test]
    fn episodes_are_in_the_order_of_lanes_whichever_ends_first() {
        let mut trace = Trace::new(5, 2);
        let step = |lane, frame, action, outcome| Moment {
            lane,
            frame: FrameKey(frame),
            action,
            reward: 0.0,
            outcome,
            info: EpisodeInfo { success: outcome == Outcome::Terminated, feasible: true, timing: None },
            next: FrameKey(0),
        };
        for moment in [
            step(0, 7, 4, Outcome::Running),
            step(1, 9, 1, Outcome::Truncated),
            step(0, 8, 2, Outcome::Terminated),
            step(1, 3, 0, Outcome::Terminated),
            step(0, 6, 3, Outcome::Running),
        ] {
            trace.note(&moment);
        }
        let lines: Vec<_> = trace.episodes().iter().map(|line| serde_json::to_string(line).expect("JSON")).collect();
        let expected = [
            r#"{"T":5,"lane":0,"episode":0,"start":7,"actions":[4,2],"outcome":"terminated","success":true,"feasible":true}"#,
            r#"{"T":5,"lane":1,"episode":0,"start":9,"actions":[1],"outcome":"truncated","success":false,"feasible":true}"#,
            r#"{"T":5,"lane":1,"episode":1,"start":3,"actions":[0],"outcome":"terminated","success":true,"feasible":true}"#,
        ];
        assert_eq!(lines, expected);
    }
}

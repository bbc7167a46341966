//! End of an episode, in words.

use gridworld_agents::evaluation::EpisodeRecord;
use gridworld_envs::EpisodeInfo;
use gridworld_terminal::Palette;
use gridworld_terminal::output::numbers::{counted, with_minus};
use ratatui::style::Style;

/// End of an episode, by its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// The episode ended as the task asks.
    OnTime,
    /// The episode ended so many steps too soon.
    Early(u32),
    /// The episode ended so many steps too late.
    Late(u32),
    /// The episode was cut short by the time limit.
    OutOfTime,
    /// The task judges something other than time.
    Failed,
}

/// Facts about an episode's end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpisodeResult {
    /// Punctuality of the end, by the clock.
    pub timing: Timing,
    info: EpisodeInfo,
    instruction: u32,
    steps: usize,
    reward: f32,
}

impl EpisodeResult {
    /// Gives the end of a whole episode with T = `instruction`.
    pub fn of(record: &EpisodeRecord, instruction: u32) -> EpisodeResult {
        let info = record.info();
        let asked = i64::from(instruction);
        let timing = match info.timing.map(i64::from) {
            _ if info.success => Timing::OnTime,
            None if record.outcome() == gridworld_envs::Outcome::Truncated => Timing::OutOfTime,
            Some(time) if time < asked => Timing::Early((asked - time) as u32),
            Some(time) if time > asked => Timing::Late((time - asked) as u32),
            _ => Timing::Failed,
        };
        EpisodeResult { timing, info, instruction, steps: record.steps(), reward: record.reward() }
    }

    /// Gives the end in two words: `on time`, `2 early`.
    pub fn headline(&self) -> String {
        match self.timing {
            Timing::OnTime => "on time".to_owned(),
            Timing::Early(steps) => format!("{steps} early"),
            Timing::Late(steps) => format!("{steps} late"),
            Timing::OutOfTime => "out of time".to_owned(),
            Timing::Failed => "failed".to_owned(),
        }
    }

    /// Gives the end as a person reads it: `on time`, `2 steps early`.
    pub fn words(&self) -> String {
        let apart = |steps: u32, side: &str| format!("{} {side}", counted(steps as usize, "step"));
        match self.timing {
            Timing::Early(steps) => apart(steps, "early"),
            Timing::Late(steps) => apart(steps, "late"),
            _ => self.headline(),
        }
    }

    /// Gives the numbers behind the headline; `timing` is the name of the time that the task judges.
    pub fn detail(&self, timing: &str) -> String {
        let EpisodeResult { instruction, steps, reward, .. } = self;
        let time = match self.info.timing {
            Some(time) => format!("{timing} {}", with_minus(&time.to_string())),
            None => format!("no {timing} in {steps} steps"),
        };
        format!("{time}, T = {instruction}, reward {}", with_minus(&format!("{reward:.3}")))
    }

    /// Gives the style of the words on a terminal.
    pub fn style(&self, palette: Palette) -> Style {
        if self.timing == Timing::OnTime { palette.success() } else { palette.miss() }
    }

    /// Gives the sum of the episode's rewards.
    pub fn reward(&self) -> f32 {
        self.reward
    }

    /// Gives the reason why no agent could have succeeded, if there is one.
    pub fn note(&self) -> Option<&'static str> {
        (!self.info.feasible).then_some("not feasible: the target was too far away")
    }

    /// Gives words, numbers and excuse in a line.
    pub fn line(&self, timing: &str) -> String {
        let note = self.note().map_or(String::new(), |note| format!("; {note}"));
        format!("{}: {}{note}", self.words(), self.detail(timing))
    }
}

#[cfg(test)]
mod tests {
    use gridworld_agents::evaluation::StepRecord;
    use gridworld_envs::{FrameKey, Outcome};

    use super::*;

    fn line(outcome: Outcome, success: bool, feasible: bool, timing: Option<i32>) -> String {
        let (frame, info) = (FrameKey(0), EpisodeInfo { success, feasible, timing });
        let step = StepRecord { frame, instruction: 8.0, activations: None, action: 4, reward: 0.25, outcome, info };
        EpisodeResult::of(&EpisodeRecord { step_records: vec![step; 2], last: frame, ..EpisodeRecord::default() }, 8)
            .line("arrival")
    }

    #[test]
    fn every_end_has_its_words() {
        use Outcome::{Terminated, Truncated};
        assert_eq!(line(Terminated, true, true, Some(8)), "on time: arrival 8, T = 8, reward 0.500");
        // A tolerance makes a neighbour of T a success.
        assert_eq!(line(Terminated, true, true, Some(7)), "on time: arrival 7, T = 8, reward 0.500");
        assert_eq!(line(Terminated, false, true, Some(6)), "2 steps early: arrival 6, T = 8, reward 0.500");
        assert_eq!(line(Terminated, false, true, Some(-3)), "11 steps early: arrival −3, T = 8, reward 0.500");
        let late = "1 step late: arrival 9, T = 8, reward 0.500; not feasible: the target was too far away";
        assert_eq!(line(Terminated, false, false, Some(9)), late);
        assert_eq!(line(Truncated, false, true, None), "out of time: no arrival in 2 steps, T = 8, reward 0.500");
        assert!(line(Terminated, false, true, None).starts_with("failed: no arrival"));
    }
}

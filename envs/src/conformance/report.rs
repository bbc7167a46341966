//! Counts of the steps, episodes and images that the suite saw.

/// Counts of the steps, episodes and images that the suite saw of a task that passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Steps whose outcome was [`Outcome::Running`](crate::Outcome::Running).
    pub running: u64,
    /// Episodes that ended in [`Outcome::Terminated`](crate::Outcome::Terminated).
    pub terminated: u64,
    /// Episodes that ended in [`Outcome::Truncated`](crate::Outcome::Truncated).
    pub truncated: u64,
    /// Episodes that ended, either way.
    pub episodes: u64,
    /// Different frame keys whose images were compared; where images are drawn from the state,
    /// different images.
    pub frames: u64,
}

//! What arriving is worth, by how far off the right moment it is.

/// What arriving is worth; running out of time is worth nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reward {
    /// 1, less 0.1 for each step that arrival is early or late.
    #[default]
    Graded,
    /// 1 for arriving exactly on time, 0 for any other arrival.
    Exact,
}

impl Reward {
    /// The reward of arriving `difference` steps early or late. Graded, it falls below 0 from 11
    /// steps on.
    #[inline]
    pub(crate) fn of_arrival(self, difference: u32) -> f32 {
        match self {
            Reward::Graded => 1.0 - 0.1 * difference as f32,
            Reward::Exact => f32::from(u8::from(difference == 0)),
        }
    }
}

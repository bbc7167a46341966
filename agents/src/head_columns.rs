//! The outputs of the heads, column by column.

/// Gives the probability of a decision between two with this logit: `1 / (1 + e^−logit)`.
pub(crate) fn probability(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// Columns of the heads' outputs: the logits of the actions, the logit of going on to the next phase if the agent has
/// phases, and the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadColumns {
    /// Number of actions.
    pub actions: usize,
    /// True if there is a logit of going on to the next phase.
    pub phases: bool,
}

impl HeadColumns {
    /// Columns of an agent without phases.
    #[must_use]
    pub fn of_actions(actions: usize) -> HeadColumns {
        HeadColumns { actions, phases: false }
    }

    /// Gives the count of columns.
    #[must_use]
    pub fn width(self) -> usize {
        self.actions + usize::from(self.phases) + 1
    }

    /// Gives the logits of the actions in a row of the outputs.
    #[must_use]
    pub fn logits(self, row: &[f32]) -> &[f32] {
        &row[..self.actions]
    }

    /// Gives the logit of going on to the next phase, if the agent has phases.
    #[must_use]
    pub fn advance(self, row: &[f32]) -> Option<f32> {
        self.phases.then(|| row[self.actions])
    }

    /// Gives the value in a row of the outputs.
    #[must_use]
    pub fn value(self, row: &[f32]) -> f32 {
        row[self.width() - 1]
    }
}

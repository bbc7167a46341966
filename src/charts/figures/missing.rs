//! A figure that cannot be drawn.

/// A figure that cannot be drawn, or a run that is not in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The figure.
    pub figure: &'static str,
    /// The run that is left out; nothing where the whole figure is.
    pub run: Option<String>,
    /// Why, and which command helps.
    pub reason: String,
}

impl Missing {
    /// What is left out, in a line.
    pub fn line(&self) -> String {
        let run = self.run.as_ref().map_or(String::new(), |run| format!(" without {run}"));
        let what = if self.run.is_some() { "" } else { " is left out" };
        format!("{}{run}{what}: {}", self.figure, self.reason)
    }
}

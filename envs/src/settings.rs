//! Requirements for registering an environment: its [`Settings`], its [`Description`] and, if its images are boards of
//! cells, the way to read them ([`Drawing`]).

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::environment::Task;

/// Description of an environment, independent of its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Description {
    /// Name and version, as in its [`Spec`](crate::Spec).
    pub id: &'static str,
    /// The task in one line, as somebody reads it in a list.
    pub summary: &'static str,
    /// Name in tables of the time that the task judges ([`EpisodeInfo::timing`](crate::EpisodeInfo)): `arrival`, `response`.
    pub timing: &'static str,
    /// Definitions of that time and of being on time, for people who read such a table.
    pub definitions: &'static str,
    /// The agent is told T; otherwise its observations hold 0.
    pub tells_instruction: bool,
    /// Drawing of its images for people; without one they are shown as they are.
    pub drawing: Option<Drawing>,
}

/// Definitions where an environment has none of its own.
const DEFINITIONS: &str = "time: the one that the environment judges";

impl Description {
    /// Makes the description of an environment that tells the agent no T and whose images are shown as they are; a time
    /// that it judges is called `time`.
    #[must_use]
    pub const fn new(id: &'static str, summary: &'static str) -> Description {
        Description { id, summary, timing: "time", definitions: DEFINITIONS, tells_instruction: false, drawing: None }
    }
}

/// Reading of an image as a square board of cells, so that it can be drawn in letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Rows of cells, and cells in a row; cells divide the image evenly.
    pub side: usize,
    /// Symbols by the colour in the middle of a cell; any other colour is an empty cell.
    pub symbols: &'static [Symbol],
    /// Colour of the image's corner while a flash is shown, if the environment has flashes.
    pub flash: Option<[u8; 3]>,
}

/// Letter and name of a cell's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The colour (red, green, blue).
    pub colour: [u8; 3],
    /// Letter that stands for the colour.
    pub letter: char,
    /// The thing in the cell, in a word.
    pub name: &'static str,
}

/// The settings of an environment, one serializable struct: `config.json` keeps it beside the environment's name.
///
/// Every field has a default. Fields that several environments have bear the same names: `T` (a list such as
/// `5..12,19`, see [`instruction_list`](crate::instruction_list)), `time_limit`, `reward`, `tolerance`.
pub trait Settings: Clone + Default + Serialize + DeserializeOwned + 'static {
    /// Task that the settings describe.
    type Task: Task + 'static;

    /// Description of the environment that the settings belong to.
    const DESCRIPTION: Description;

    /// Makes the task.
    ///
    /// # Errors
    /// If the settings are invalid: a message for the user that says why.
    fn task(&self) -> Result<Self::Task, String>;

    /// The settings with the defaults that the task worked out in place of those that were left open.
    fn resolved(self, _task: &Self::Task) -> Self {
        self
    }
}

//! Environments by name: what each is called, its settings, and the task that they make.
//!
//! A [`Registry`] is what programs choose from: it holds a [`Description`] of each environment and the type of its
//! [`Settings`]. An environment of another crate is registered and used like those of this one:
//!
//! ```
//! use gridworld_envs::{Registry, Task, TimedArrivalConfig};
//! use serde_json::{Map, json};
//!
//! let registry = Registry::empty().with::<TimedArrivalConfig>();
//! let mut settings = Map::new();
//! settings.insert("T".to_owned(), json!("5..12,19"));
//! let environment = registry.configure("TimedArrival-v1", settings)?;
//! assert_eq!(environment.task().instructions().len(), 9);
//! assert_eq!(environment.setting("time_limit"), Some(&json!(27)));
//! # Ok::<(), gridworld_envs::RegistryError>(())
//! ```

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::environment::Task;
use crate::settings::{Description, Settings};

/// An environment with its settings, checked; cloning it is cheap.
#[derive(Clone)]
pub struct Configured {
    description: Description,
    settings: Map<String, Value>,
    task: Arc<dyn Task>,
}

impl Configured {
    /// Checks the settings, and makes the task.
    ///
    /// # Errors
    /// If the settings are invalid.
    pub fn new<S: Settings>(settings: S) -> Result<Configured, RegistryError> {
        let description = S::DESCRIPTION;
        let task = settings.task().map_err(|reason| RegistryError::NoTask { id: description.id, reason })?;
        let settings = object(&settings.resolved(&task));
        Ok(Configured { description, settings, task: Arc::new(task) })
    }

    /// Gives the description of the environment.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Gives the environment's name.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.description.id
    }

    /// The settings, defaults included.
    #[must_use]
    pub fn settings(&self) -> &Map<String, Value> {
        &self.settings
    }

    /// The setting of this name, if the environment has one.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&Value> {
        self.settings.get(name)
    }

    /// The task, which was built when the settings were checked.
    #[must_use]
    pub fn task(&self) -> &dyn Task {
        &*self.task
    }

    /// The values of T, ascending; none if the environment has no such setting.
    #[must_use]
    pub fn instructions(&self) -> &[u32] {
        self.task.instructions()
    }
}

impl fmt::Debug for Configured {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Configured").field("id", &self.id()).field("settings", &self.settings).finish()
    }
}

impl PartialEq for Configured {
    /// Tells if name and settings are equal.
    fn eq(&self, other: &Configured) -> bool {
        (self.id(), &self.settings) == (other.id(), &other.settings)
    }
}

impl Serialize for Configured {
    /// Writes `id` and the settings as one object.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let id = [("id", Value::from(self.id()))];
        let settings = self.settings.iter().map(|(name, value)| (name.as_str(), value.clone()));
        serializer.collect_map(id.into_iter().chain(settings))
    }
}

/// Reasons why an environment cannot be configured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// No environment has this name.
    #[error("no environment is called `{id}`; there are: {known}")]
    Unknown {
        /// Name that no environment has.
        id: String,
        /// The names that there are, separated by commas.
        known: String,
    },
    /// A document does not say which environment it is of.
    #[error("the environment must be an object with an `id`, its name, and its settings")]
    NoId,
    /// The environment has no such setting.
    #[error("{id} has no {setting}; it has: {known}")]
    NoSuchSetting {
        /// Name of the environment.
        id: &'static str,
        /// Name of the setting.
        setting: String,
        /// The names of its settings, separated by commas.
        known: String,
    },
    /// A setting is of the wrong kind.
    #[error("the settings of {id} cannot be read: {reason}")]
    Unreadable {
        /// Name of the environment.
        id: &'static str,
        /// Reader's error message.
        reason: String,
    },
    /// The settings are invalid.
    #[error("{reason}")]
    NoTask {
        /// Name of the environment.
        id: &'static str,
        /// Environment's error message.
        reason: String,
    },
}

type Configure = fn(Map<String, Value>) -> Result<Configured, RegistryError>;

#[derive(Clone, Copy)]
struct Entry {
    description: Description,
    /// Lists the names of the settings.
    settings: fn() -> Vec<String>,
    configure: Configure,
}

/// The environments that a program knows, by name; the first is the default.
#[derive(Clone, Default)]
pub struct Registry(Vec<Entry>);

impl Registry {
    /// A registry without environments.
    #[must_use]
    pub fn empty() -> Registry {
        Registry::default()
    }

    /// Adds an environment, in place of one of the same name.
    #[must_use]
    pub fn with<S: Settings>(mut self) -> Registry {
        let entry = Entry { description: S::DESCRIPTION, settings: names::<S>, configure: configure::<S> };
        match self.0.iter_mut().find(|known| known.description.id == entry.description.id) {
            Some(known) => *known = entry,
            None => self.0.push(entry),
        }
        self
    }

    /// Gives the description of each environment.
    #[must_use]
    pub fn descriptions(&self) -> impl ExactSizeIterator<Item = &Description> {
        self.0.iter().map(|entry| &entry.description)
    }

    /// Names of the settings of the environment `id`.
    ///
    /// # Errors
    /// If there is no such environment.
    pub fn settings(&self, id: &str) -> Result<Vec<String>, RegistryError> {
        Ok((self.entry(id)?.settings)())
    }

    /// The environment `id` with these settings, and the defaults of those that are not named.
    ///
    /// # Errors
    /// If there is no such environment or setting, a setting is of the wrong kind, or the settings are invalid.
    pub fn configure(&self, id: &str, settings: Map<String, Value>) -> Result<Configured, RegistryError> {
        let entry = self.entry(id)?;
        let known = (entry.settings)();
        if let Some(setting) = settings.keys().find(|name| !known.contains(name)) {
            let (id, setting) = (entry.description.id, setting.clone());
            return Err(RegistryError::NoSuchSetting { id, setting, known: known.join(", ") });
        }
        (entry.configure)(settings)
    }

    /// The environment that a document describes: an object with `id` and settings, as [`Configured`] is written.
    ///
    /// # Errors
    /// The errors of [`configure`](Self::configure); also if the document is no such object.
    pub fn read(&self, document: &Value) -> Result<Configured, RegistryError> {
        let mut settings = document.as_object().cloned().ok_or(RegistryError::NoId)?;
        let Some(Value::String(id)) = settings.remove("id") else { return Err(RegistryError::NoId) };
        self.configure(&id, settings)
    }

    fn entry(&self, id: &str) -> Result<&Entry, RegistryError> {
        self.0.iter().find(|entry| entry.description.id == id).ok_or_else(|| {
            let known: Vec<&str> = self.descriptions().map(|description| description.id).collect();
            RegistryError::Unknown { id: id.to_owned(), known: known.join(", ") }
        })
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.descriptions().map(|description| description.id)).finish()
    }
}

fn names<S: Settings>() -> Vec<String> {
    object(&S::default()).into_iter().map(|(name, _)| name).collect()
}

fn configure<S: Settings>(settings: Map<String, Value>) -> Result<Configured, RegistryError> {
    let id = S::DESCRIPTION.id;
    let read: S = serde_json::from_value(Value::Object(settings))
        .map_err(|error| RegistryError::Unreadable { id, reason: error.to_string() })?;
    Configured::new(read)
}

/// The fields of a struct of settings. By way of its text, so that a number of 32 bits is written as it is meant.
fn object(settings: &impl Serialize) -> Map<String, Value> {
    let text = serde_json::to_string(settings).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

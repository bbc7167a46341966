//! `config.json`: everything that made a run what it is.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use gridworld_agents::config::Config;
use gridworld_agents::records::{RunFolder, read_json, write_json};
use serde::{Deserialize, Serialize};

use crate::environment::EnvironmentConfig;
use crate::failure::Failure;
use crate::program;
use crate::version::{REVISION, VERSION};

/// The contents of `config.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunConfig {
    /// The version of the program that started the run.
    pub version: String,
    /// The git revision that it was built from.
    pub revision: String,
    /// The commands that ran it, in their order; the second and later ones resumed it.
    pub commands: Vec<String>,
    /// Where it computed, last.
    pub device: String,
    /// The environment.
    pub environment: EnvironmentConfig,
    /// The agent, its network and its training.
    #[serde(flatten)]
    pub config: Config,
}

impl RunConfig {
    /// A new run's, under the present command.
    pub fn new(environment: EnvironmentConfig, config: Config, device: String) -> RunConfig {
        let (version, revision) = (VERSION.to_owned(), REVISION.to_owned());
        RunConfig { version, revision, commands: vec![command()], device, environment, config }
    }

    /// Reads that of a run. It is checked as flags are: whoever wrote it may have asked for more than
    /// there is room for.
    pub fn read(folder: &RunFolder) -> Result<RunConfig, Failure> {
        let config: RunConfig = read_json(&folder.config()).map_err(|error| match arithmetic(folder) {
            Some(task) => {
                let path = folder.path().display();
                Failure::usage(format!(
                    "{path} is a run of gridworld numeracy {task}, which has no agent: {} plot {path} draws it",
                    program::name()
                ))
            }
            None => Failure::usage(error),
        })?;
        let refuse =
            |reason: &dyn std::fmt::Display| Failure::usage(format!("{}: {reason}", folder.config().display()));
        let task = config.environment.task().map_err(|failure| refuse(&failure))?;
        config.config.check(&task.spec()).map_err(|error| refuse(&error))?;
        Ok(config)
    }

    /// Writes it into a run, whole or not at all.
    pub fn write(&self, folder: &RunFolder) -> Result<(), Failure> {
        write_json(&folder.config(), self).map_err(Failure::failed)
    }
}

/// Whether there is a run of `gridworld numeracy` in this folder.
pub fn is_arithmetic(path: &Path) -> bool {
    RunFolder::open(path).is_ok_and(|folder| arithmetic(&folder).is_some())
}

/// The task of a run of `gridworld numeracy`; nothing if it is another run.
fn arithmetic(folder: &RunFolder) -> Option<String> {
    /// What those have in their `config.json`, and no others.
    #[derive(Deserialize)]
    struct Arithmetic {
        task: String,
    }
    read_json(&folder.config()).ok().map(|Arithmetic { task }| task)
}

/// A document as it is written: a setting of 32 bits, 0.2, stays that, and is not the nearest number of 64 bits to it.
pub fn written(value: &impl Serialize) -> serde_json::Value {
    let text = serde_json::to_string(value).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// The command line of this process, as it could be typed again.
pub fn command() -> String {
    let words = std::env::args_os().skip(1).map(|word| typed(&word));
    std::iter::once(program::NAME.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

/// A word as it is typed into a shell. One that is not UTF-8 is written as bash, zsh and ksh read any bytes.
pub fn typed(word: &OsStr) -> String {
    let Some(word) = word.to_str() else {
        let chunks = word.as_bytes().utf8_chunks().map(|chunk| {
            let bytes = chunk.invalid().iter().map(|byte| format!("\\{byte:03o}")).collect::<String>();
            chunk.valid().replace('\\', r"\\").replace('\'', r"\'") + &bytes
        });
        return format!("$'{}'", chunks.collect::<String>());
    };
    if word.is_empty() || word.contains(|c: char| c.is_whitespace() || "'\"$&|;<>()*?\\`".contains(c)) {
        format!("'{}'", word.replace('\'', r"'\''"))
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_no_text_is_typed_with_its_bytes() {
        let rows: [(&[u8], &str); 4] =
            [(b"a b", "'a b'"), (b"run\xff", r"$'run\377'"), (b"\x80'\\1", r"$'\200\'\\1'"), (b"", "''")];
        for (word, expected) in rows {
            assert_eq!(typed(OsStr::from_bytes(word)), expected);
        }
    }
}

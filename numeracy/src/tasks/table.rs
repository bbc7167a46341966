//! The table of tasks: a line for each.

use gridworld_records::{RecordError, RunFolder};
use serde::{Deserialize, Serialize};

#[cfg(feature = "digits")]
use super::digits::DigitsConfig;
use super::drawing::Drawing;
use super::identity::IdentityConfig;
use super::language::LanguageConfig;
use super::program::ProgramConfig;
use super::recurrent_arithmetic::RecurrentConfig;
use super::single_layer::SingleConfig;
use super::static_arithmetic::StaticConfig;
use super::task::{Task, Work};
use crate::seed_log::read_outcomes;

/// A task of the table.
pub trait Listed: Task + Into<TaskConfig> {
    /// Name of the task: that of its subcommand, and of its `task` in `config.json`.
    const NAME: &'static str;

    /// Gives the settings of this task, if these are such.
    fn of(config: &TaskConfig) -> Option<&Self>;
    /// Gives the task's own entries among those of all tasks.
    fn entries_of(all: &mut Entries) -> &mut Vec<Self::Entry>;

    /// Gives the words that the folder of a run begins with.
    fn folder(&self) -> String {
        let operation = self.operation().map_or(String::new(), |operation| format!("-{operation}"));
        // Identity has cells that take turns, and is named by none.
        let cell = self.cell().filter(|_| !Self::flags().iter().any(|flag| flag.takes_several()));
        let cell = cell.map_or(String::new(), |cell| format!("__{cell}"));
        format!("numeracy__{}{operation}{cell}", Self::NAME)
    }

    /// Gives the name of a planned experiment, which is that of its folder.
    #[must_use]
    fn experiment(planned: &str) -> String {
        if planned.is_empty() { Self::NAME.to_owned() } else { format!("{}-{planned}", Self::NAME) }
    }
}

/// An action on a task, whichever it is.
pub trait Visitor {
    /// Result of the action.
    type Output;

    /// Acts on the task `T`.
    fn visit<T: Listed>(&mut self) -> Self::Output;
}

macro_rules! tasks {
    ($($(#[cfg($only:meta)])? $words:literal $field:ident: $variant:ident($config:ty) = $name:literal;)*) => {
        /// An experiment with all its settings.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "task")]
        pub enum TaskConfig {
            $(
                $(#[cfg($only)])?
                #[doc = $words]
                #[serde(rename = $name)]
                $variant($config),
            )*
        }

        /// Entries of all tasks: their experiments and summaries.
        #[derive(Debug, Default, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Entries {
            $(
                $(#[cfg($only)])?
                #[doc = $words]
                #[serde(rename = $name)]
                pub $field: Vec<<$config as Task>::Entry>,
            )*
        }

        impl TaskConfig {
            /// Gives the task's name: that of its subcommand.
            pub fn name(&self) -> &'static str {
                match self { $($(#[cfg($only)])? TaskConfig::$variant(_) => $name,)* }
            }

            /// Gives the operation, where there is a choice.
            pub fn operation(&self) -> Option<String> {
                match self { $($(#[cfg($only)])? TaskConfig::$variant(config) => config.operation(),)* }
            }

            /// Gives the cell or model that learns; nothing where there are several.
            pub fn cell(&self) -> Option<String> {
                match self { $($(#[cfg($only)])? TaskConfig::$variant(config) => config.cell(),)* }
            }

            /// Gives the amount of work of each seed.
            pub fn work(&self) -> Work {
                match self { $($(#[cfg($only)])? TaskConfig::$variant(config) => config.work(),)* }
            }

            /// Tells if it is known which seeds are solved.
            pub fn is_judged(&self) -> bool {
                match self { $($(#[cfg($only)])? TaskConfig::$variant(config) => config.is_judged(),)* }
            }

            /// Returns the contents of the figure of the run in `folder`, which has these settings.
            ///
            /// # Errors
            /// If its outcomes cannot be read.
            pub fn drawing(&self, folder: &RunFolder) -> Result<Drawing, RecordError> {
                match self {
                    $($(#[cfg($only)])? TaskConfig::$variant(config) => Ok(config.drawing(&read_outcomes(folder)?)),)*
                }
            }
        }

        $(
            $(#[cfg($only)])?
            impl From<$config> for TaskConfig {
                fn from(config: $config) -> TaskConfig {
                    TaskConfig::$variant(config)
                }
            }

            $(#[cfg($only)])?
            impl Listed for $config {
                const NAME: &'static str = $name;

                fn of(config: &TaskConfig) -> Option<&$config> {
                    #[allow(irrefutable_let_patterns, reason = "there may be one task alone")]
                    if let TaskConfig::$variant(config) = config { Some(config) } else { None }
                }

                fn entries_of(all: &mut Entries) -> &mut Vec<Self::Entry> {
                    &mut all.$field
                }
            }
        )*

        /// Visits every task, in the order of the table.
        pub fn each<V: Visitor>(visitor: &mut V) -> Vec<V::Output> {
            vec![$($(#[cfg($only)])? visitor.visit::<$config>(),)*]
        }

        /// Visits every task, in the order of the table, as far as nothing fails.
        ///
        /// # Errors
        /// If a visit fails.
        pub fn try_each<E, V: Visitor<Output = Result<(), E>>>(visitor: &mut V) -> Result<(), E> {
            $($(#[cfg($only)])? visitor.visit::<$config>()?;)*
            Ok(())
        }

        /// Visits the task of this name, if there is one.
        pub fn with<V: Visitor>(name: &str, visitor: &mut V) -> Option<V::Output> {
            match name {
                $($(#[cfg($only)])? $name => Some(visitor.visit::<$config>()),)*
                _ => None,
            }
        }
    };
}

tasks! {
    "Autoencoders of a number." identity: Identity(IdentityConfig) = "identity";
    "Static arithmetic." static_arithmetic: Static(StaticConfig) = "static";
    "The single-layer task." single: Single(SingleConfig) = "single";
    "Arithmetic over sequences." recurrent: Recurrent(RecurrentConfig) = "recurrent";
    "Language to number." language: Language(LanguageConfig) = "language";
    "Program evaluation." program: Program(ProgramConfig) = "program";
    #[cfg(feature = "digits")]
    "Sequences of handwritten digits." mnist: Mnist(DigitsConfig) = "mnist";
}

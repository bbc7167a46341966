//! The commands of the tasks, made from the flags that each of them names.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, ValueHint, value_parser};
use gridworld_numeracy::tasks::flag::{Flag, Given, Names, Takes, Value};
use gridworld_numeracy::tasks::{Listed, Visitor, each, with};

use super::all;
use super::session::Options;
use crate::options::arguments::{above_zero, count, positive, updates};

/// Subcommand of `numeracy`: a task of the table, or all of them.
pub enum Chosen {
    /// One task of the table.
    Task {
        /// Name of the task.
        name: String,
        /// Flags of the task.
        given: Given,
        /// Flags that every task has.
        options: Options,
    },
    /// All experiments of the table of results.
    All(all::Arguments),
}

/// Name of the command that works on all tasks.
const ALL: &str = "all";

impl clap::Subcommand for Chosen {
    fn augment_subcommands(command: Command) -> Command {
        let all = all::Arguments::augment_args(Command::new(ALL));
        let all = all.about("Run all experiments of the section Arithmetic in docs/results.md, and write it");
        each(&mut Commands).into_iter().chain([all]).fold(command, Command::subcommand)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Chosen::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        name == ALL || with(name, &mut Commands).is_some()
    }
}

impl FromArgMatches for Chosen {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Chosen, clap::Error> {
        let (name, matches) =
            matches.subcommand().ok_or(clap::Error::new(clap::error::ErrorKind::MissingSubcommand))?;
        Ok(match with(name, &mut Read(matches)) {
            Some(given) => Chosen::Task { name: name.to_owned(), given, options: Options::from_arg_matches(matches)? },
            None => Chosen::All(all::Arguments::from_arg_matches(matches)?),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Chosen::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Visitor that makes the command of each task.
struct Commands;

impl Visitor for Commands {
    type Output = Command;

    fn visit<T: Listed>(&mut self) -> Command {
        let command = T::flags().iter().map(argument).fold(Command::new(T::NAME), Command::arg);
        let seeds = |seeds: Arg| seeds.help(format!("Seeds per setting [default: {}]", T::SEEDS));
        Options::augment_args(command).mut_arg("seeds", seeds).about(T::ABOUT).after_help(T::EXAMPLES)
    }
}

fn argument(flag: &Flag) -> Arg {
    let argument = Arg::new(flag.name).long(flag.name).help(flag.help);
    let named = |argument: Arg, Names { value, all }: Names| {
        argument.value_name(value).value_parser(PossibleValuesParser::new(all()))
    };
    let folder = |argument: Arg, name| {
        argument.value_name(name).value_hint(ValueHint::DirPath).value_parser(value_parser!(PathBuf))
    };
    match flag.takes {
        Takes::Listed(names) => named(argument, names),
        Takes::Name(names) => named(argument, names).hide_possible_values(true),
        Takes::Several(names) => {
            named(argument, names).hide_possible_values(true).value_delimiter(',').action(ArgAction::Append)
        }
        Takes::Updates => argument.value_name("N").value_parser(positive),
        Takes::Count => argument.value_name("N").value_parser(count),
        Takes::Positive => argument.value_name("X").value_parser(above_zero),
        Takes::Ramp => argument.value_name("A..B").value_parser(updates),
        Takes::Folder => folder(argument, "DIR"),
        Takes::Run => folder(argument, "RUN").conflicts_with("resume"),
    }
}

/// Visitor that reads the flags of a task that were given.
struct Read<'a>(&'a ArgMatches);

impl Visitor for Read<'_> {
    type Output = Given;

    fn visit<T: Listed>(&mut self) -> Given {
        Given::new(T::flags().iter().filter_map(|flag| Some((flag.name, self.value(flag)?))))
    }
}

impl Read<'_> {
    fn value(&self, flag: &Flag) -> Option<Value> {
        let name = flag.name;
        Some(match flag.takes {
            Takes::Listed(_) | Takes::Name(_) | Takes::Several(_) => {
                Value::Names(self.0.get_many::<String>(name)?.cloned().collect())
            }
            Takes::Updates => Value::Whole(*self.0.get_one(name)?),
            Takes::Count => Value::Whole(*self.0.get_one::<usize>(name)? as u64),
            Takes::Positive => Value::Number(*self.0.get_one(name)?),
            Takes::Ramp => Value::Ramp(*self.0.get_one(name)?),
            Takes::Folder | Takes::Run => Value::Path(self.0.get_one::<PathBuf>(name)?.clone()),
        })
    }
}

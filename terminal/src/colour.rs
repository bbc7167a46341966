//! Choice of colours by `--color`, the environment and the terminal, in this order.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal};

/// Choice of the outputs that have colours, as `--color` takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColourChoice {
    /// On a terminal, unless the environment says otherwise
    #[default]
    Auto,
    /// Colours in every output
    Always,
    /// Colours in no output
    Never,
}

/// Wishes of the environment for colours: <https://no-color.org> and <https://bixense.com/clicolors>.
#[derive(Clone, Copy, Debug, Default)]
struct Surroundings {
    /// `NO_COLOR` is set, to something.
    refused: bool,
    /// `CLICOLOR_FORCE` is set, to something but 0.
    forced: bool,
    /// `CLICOLOR` is 0, or `TERM` is dumb or missing.
    dull: bool,
}

impl ColourChoice {
    /// Finds the choice in `arguments` before they are parsed, as errors of the parser have colours, too.
    pub fn find(arguments: impl IntoIterator<Item = OsString>) -> ColourChoice {
        let mut arguments = arguments.into_iter().map(|word| word.to_string_lossy().into_owned());
        let mut choice = ColourChoice::Auto;
        while let Some(word) = arguments.next().filter(|word| word != "--") {
            let value = match word.strip_prefix("--color") {
                Some("") => arguments.next(),
                Some(rest) => rest.strip_prefix('=').map(str::to_owned),
                None => None,
            };
            let named = |value: String| <ColourChoice as clap::ValueEnum>::from_str(&value, false).ok();
            choice = value.and_then(named).unwrap_or(choice);
        }
        choice
    }

    /// Makes everything that is written from here on follow the choice.
    pub fn set(self) {
        let surroundings = Surroundings::look();
        console::set_colors_enabled(self.comes_to(io::stdout().is_terminal(), surroundings));
        console::set_colors_enabled_stderr(self.comes_to(io::stderr().is_terminal(), surroundings));
    }

    /// Gives the choice in the argument parser's terms; the parser looks at the environment in the same way.
    #[must_use]
    pub fn for_parser(self) -> clap::ColorChoice {
        match self {
            ColourChoice::Auto => clap::ColorChoice::Auto,
            ColourChoice::Always => clap::ColorChoice::Always,
            ColourChoice::Never => clap::ColorChoice::Never,
        }
    }

    fn comes_to(self, terminal: bool, surroundings: Surroundings) -> bool {
        match self {
            ColourChoice::Always => true,
            ColourChoice::Never => false,
            ColourChoice::Auto if surroundings.refused => false,
            ColourChoice::Auto => surroundings.forced || (terminal && !surroundings.dull),
        }
    }
}

impl Surroundings {
    fn look() -> Surroundings {
        let is = |name: &str, test: fn(&OsStr) -> bool| std::env::var_os(name).is_some_and(|value| test(&value));
        Surroundings {
            refused: is("NO_COLOR", |value| !value.is_empty()),
            forced: is("CLICOLOR_FORCE", |value| !value.is_empty() && value != "0"),
            dull: is("CLICOLOR", |value| value == "0") || console::is_dumb(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_found_wherever_it_is() {
        let find = |line: &str| ColourChoice::find(line.split(' ').map(OsString::from));
        assert_eq!(find("gridworld train --color never --nonsense"), ColourChoice::Never);
        assert_eq!(find("gridworld --color=always runs"), ColourChoice::Always);
        for line in ["gridworld", "gridworld --color", "gridworld --color blue", "gridworld suite -- --color never"] {
            assert_eq!(find(line), ColourChoice::Auto, "{line}");
        }
    }

    #[test]
    fn the_flag_goes_before_the_environment_and_that_before_the_terminal() {
        let plain = Surroundings::default();
        let refused = Surroundings { refused: true, forced: true, dull: false };
        let forced = Surroundings { forced: true, dull: true, ..plain };
        let dull = Surroundings { dull: true, ..plain };
        let auto = |terminal, surroundings| ColourChoice::Auto.comes_to(terminal, surroundings);
        assert!(auto(true, plain) && !auto(false, plain) && !auto(true, dull));
        assert!(!auto(true, refused) && auto(false, forced));
        assert!(ColourChoice::Always.comes_to(false, refused) && !ColourChoice::Never.comes_to(true, forced));
    }
}

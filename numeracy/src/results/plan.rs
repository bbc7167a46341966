//! The names of the experiments of the table.

use crate::tasks::{Listed, Visitor, each};

struct Names;

impl Visitor for Names {
    type Output = Vec<String>;

    fn visit<T: Listed>(&mut self) -> Vec<String> {
        T::plan(None).iter().map(|planned| T::experiment(&planned.name)).collect()
    }
}

/// Gives the names of all experiments, in their order.
pub fn names() -> Vec<String> {
    each(&mut Names).concat()
}

/// Tells if an experiment goes by this name: its own, or the first words of it.
#[must_use]
pub fn is_called(name: &str, asked: &str) -> bool {
    name.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_experiment_goes_by_the_first_words_of_its_name() {
        for (asked, is_meant) in [("static", true), ("static-mul", true), ("static-mul-nmu", true), ("stat", false)] {
            assert_eq!(is_called("static-mul-nmu", asked), is_meant, "{asked}");
        }
        assert!(!is_called("static", "static-mul"));
    }
}

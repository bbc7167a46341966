//! Order in which runs are listed.

use std::cmp::{Ordering, Reverse};

use super::experiment::Experiment;
use super::listing::Listed;

/// Order of the runs in a list; the name decides between equals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Order {
    /// Folder and name, numbers in numeric order
    #[default]
    Name,
    /// Agent or cell, in alphabetical order
    Agent,
    /// Seed, ascending
    Seed,
    /// Steps, descending
    Steps,
    /// Success at the T trained on, or share solved, descending
    Success,
    /// Largest T, descending
    #[value(name = "largest-T", alias = "furthest")]
    LargestT,
    /// Newest first
    Age,
    /// Status: running, finished, stopped, failed, damaged
    Status,
}

impl Order {
    /// Brings `runs` into this order.
    pub fn apply(self, runs: &mut [Listed]) {
        runs.sort_by(|a, b| self.compare(a, b).then_with(|| natural(&a.name, &b.name)));
    }

    /// Brings `experiments` into this order; into that of their names, where it is none of theirs.
    pub fn apply_to_experiments(self, experiments: &mut [Experiment]) {
        let compare = |a: &Experiment, b: &Experiment| match self {
            Order::Agent => a.cell.is_none().cmp(&b.cell.is_none()).then_with(|| a.cell.cmp(&b.cell)),
            Order::Success => greatest(a.solved, b.solved),
            Order::Age => least(a.age, b.age),
            Order::Status => a.status.cmp(&b.status),
            Order::Name | Order::Seed | Order::Steps | Order::LargestT => Ordering::Equal,
        };
        experiments.sort_by(|a, b| compare(a, b).then_with(|| natural(&a.name, &b.name)));
    }

    fn compare(self, a: &Listed, b: &Listed) -> Ordering {
        let number = |number: Option<u64>| number.map(|number| number as f64);
        match self {
            Order::Name => Ordering::Equal,
            Order::Agent => {
                let name = |run: &Listed| Reverse(run.agent.map(|agent| Reverse(agent.as_str())));
                name(a).cmp(&name(b))
            }
            Order::Seed => least(number(a.seed), number(b.seed)),
            Order::Steps => greatest(number(a.steps), number(b.steps)),
            Order::Success => greatest(a.success_of_feasible, b.success_of_feasible),
            Order::LargestT => greatest(a.largest_t.map(f64::from), b.largest_t.map(f64::from)),
            Order::Age => least(a.age, b.age),
            Order::Status => a.status.cmp(&b.status),
        }
    }
}

/// The least first; what is not known comes last.
fn least(a: Option<f64>, b: Option<f64>) -> Ordering {
    a.is_none().cmp(&b.is_none()).then_with(|| a.unwrap_or_default().total_cmp(&b.unwrap_or_default()))
}

/// The greatest first; what is not known comes last.
fn greatest(a: Option<f64>, b: Option<f64>) -> Ordering {
    least(a.map(|a| -a), b.map(|b| -b))
}

/// Names as people sort them: `seed2` before `seed10`.
fn natural(a: &str, b: &str) -> Ordering {
    let parts = |text: &str| {
        let mut parts: Vec<(u64, String)> = vec![(0, String::new())];
        let mut digits = String::new();
        for letter in text.chars() {
            if letter.is_ascii_digit() {
                digits.push(letter);
                continue;
            }
            if !digits.is_empty() {
                parts.push((digits.parse().unwrap_or(u64::MAX), String::new()));
                digits.clear();
            }
            if let Some((_, words)) = parts.last_mut() {
                words.push(letter);
            }
        }
        parts.push((digits.parse().unwrap_or(0), String::new()));
        parts
    };
    parts(a).cmp(&parts(b)).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_go_by_their_size() {
        let sorted = ["a", "a__seed1", "a__seed2", "a__seed10", "b1/a", "b2/a", "b10/a"];
        let mut names: Vec<&str> = sorted.iter().rev().copied().collect();
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, sorted);
    }
}

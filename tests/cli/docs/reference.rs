//! The committed results of a suite, as the tests of pages read them.

use gridworld_statistics::{Estimate, Estimator, Resamples};
use serde_json::Value;

use super::root;

/// The committed results of a suite.
pub struct Reference(pub Value);

impl Reference {
    /// Reads the results of the suite `name`.
    pub fn read(name: &str) -> Reference {
        let path = root().join("runs/reference").join(name).with_extension("json");
        Reference(serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("JSON"))
    }

    /// Gives the values of T.
    pub fn instructions(&self) -> Vec<u64> {
        self.0["T"].as_array().expect("T").iter().map(|value| value.as_u64().expect("a T")).collect()
    }

    /// Name of each line of the suite, and its seeds' success of the feasible, one number for each T.
    pub fn entries(&self) -> Vec<(String, Vec<Vec<f64>>)> {
        self.entries_of("success_of_feasible")
    }

    /// Name of each line of the suite, and its seeds' numbers in `field`, one for each T; the successes where a seed has no
    /// such field, as it then would be the same.
    pub fn entries_of(&self, field: &str) -> Vec<(String, Vec<Vec<f64>>)> {
        let numbers = |run: &Value| {
            let found = run.get(field).unwrap_or(&run["success_of_feasible"]).as_array().expect("numbers").iter();
            found.map(|value| value.as_f64().expect("a number")).collect()
        };
        let entry = |agent: &Value| {
            let runs = agent["runs"].as_array().expect("runs").iter().map(numbers).collect();
            (agent["name"].as_str().expect("a name").to_owned(), runs)
        };
        self.0["agents"].as_array().expect("agents").iter().map(entry).collect()
    }

    /// Estimates of each line, one for each T, drawn in the order in which the page of results draws them.
    pub fn estimates(&self) -> Vec<(String, Vec<Estimate>)> {
        let mut estimator = Estimator::new(Resamples::Table);
        let mut estimate = |runs: &[Vec<f64>], index: usize| {
            let shares: Vec<f64> = runs.iter().map(|run| run[index]).collect();
            estimator.over_seeds(&shares).expect("seeds")
        };
        let count = self.instructions().len();
        let entries = self.entries();
        entries.into_iter().map(|(name, runs)| (name, (0..count).map(|at| estimate(&runs, at)).collect())).collect()
    }
}

//! Largest T that an agent has mastered.

use super::StatisticsError;

/// Share of the feasible episodes that must succeed for a T to count as mastered.
pub const MASTERY: f64 = 0.99;

/// Returns the largest T that an agent has mastered, or `None` if it has mastered no T of the training.
///
/// A row of `rows` is an evaluated T, ascending, and the success there as a share of the feasible episodes; leave out
/// rows without a feasible episode. `trained` are the T of the training, in any order.
///
/// The rows are split into stretches at each T whose success is below `share`; values of T between two rows do not
/// matter. Of the stretches that contain a T of the training the longest counts, by its last T minus its first; of
/// equally long ones the last. Its last T is returned.
///
/// So a failure within the training range does not hide success beyond it, and success beyond a failure counts only if
/// its stretch contains a T of the training.
///
/// # Errors
///
/// If the rows do not ascend in T, or if `share` or the success of any row is not from 0 to 1.
///
/// # Examples
///
/// ```
/// # use gridworld_statistics::{MASTERY, largest_t};
/// let rows = [(5, 1.0), (6, 0.98), (7, 1.0), (8, 1.0), (1000, 1.0), (2000, 0.3)];
/// assert_eq!(largest_t(&rows, &[5, 6, 7, 8], MASTERY), Ok(Some(1000)));
/// ```
pub fn largest_t(rows: &[(u32, f64)], trained: &[u32], share: f64) -> Result<Option<u32>, StatisticsError> {
    if let Some(pair) = rows.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
        return Err(StatisticsError::NotAscending { instruction: pair[0].0, following: pair[1].0 });
    }
    let mut shares = rows.iter().map(|&(_, success)| success).chain([share]);
    if let Some(value) = shares.find(|value| !(0.0..=1.0).contains(value)) {
        return Err(StatisticsError::NotAShare { value });
    }
    let stretches = rows.split(|&(_, success)| success < share);
    let touching = stretches.filter(|rows| rows.iter().any(|(instruction, _)| trained.contains(instruction)));
    let ends = touching.filter_map(|rows| Some((rows.first()?.0, rows.last()?.0)));
    // Of equal ones `max_by_key` takes the last.
    Ok(ends.max_by_key(|(first, last)| last - first).map(|(_, last)| last))
}

//! Largest T that an agent has mastered.

use super::StatisticsError;

/// The share of the feasible that counts as having mastered a T.
pub const MASTERY: f64 = 0.99;

/// Returns the largest T: the end of the longest stretch that touches the training range.
///
/// A row of `rows` is an evaluated T, ascending, and the success there as a share of the feasible episodes; where none
/// was feasible a share says nothing, and such rows should not be among them. A *stretch* is evaluated values of T that
/// follow one another in `rows`, all of them with at least `share`, as many as there are: the rows before and behind it
/// have less, or there are none. Values between two rows were not evaluated, and do not interrupt it. A stretch *touches
/// the training range* if one of its values is in `trained`, the values of T that were trained on, in any order. Its
/// *length* is its last T minus its first. Of stretches of equal length the one furthest out counts.
///
/// So a miss within the training range does not hide what is held beyond it, and what is held beyond a miss counts only
/// with a T of the training on the same side of it. There is no largest T where no evaluated T of the training has
/// `share`, or none was evaluated.
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

//! How far an agent counts.

use super::StatisticsError;

/// The share of the feasible that counts as having mastered a T.
pub const MASTERY: f64 = 0.99;

/// The furthest T that is reached without a gap: the greatest T in `rows` such that it, and every
/// other T in `rows` from `first_trained` up to it, has at least `share`; nothing where already the
/// first of them has less, or where there is none.
///
/// A row is T and the success there as a share of the feasible episodes. Where none was feasible a
/// share says nothing: such rows should not be among them. Rows below `first_trained` are passed
/// over.
///
/// # Errors
///
/// If the rows do not ascend in T, or if `share` or the success of any row is not from 0 to 1.
pub fn furthest(rows: &[(u32, f64)], first_trained: u32, share: f64) -> Result<Option<u32>, StatisticsError> {
    if let Some(pair) = rows.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
        return Err(StatisticsError::NotAscending { instruction: pair[0].0, following: pair[1].0 });
    }
    let mut shares = rows.iter().map(|&(_, success)| success).chain([share]);
    if let Some(value) = shares.find(|value| !(0.0..=1.0).contains(value)) {
        return Err(StatisticsError::NotAShare { value });
    }
    let trained = rows.iter().filter(|&&(instruction, _)| instruction >= first_trained);
    Ok(trained.take_while(|&&(_, success)| success >= share).last().map(|&(instruction, _)| instruction))
}

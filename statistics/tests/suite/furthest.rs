//! How far an agent counts.

use gridworld_statistics::StatisticsError::{NotAShare, NotAscending};
use gridworld_statistics::{MASTERY, furthest};

const ROWS: [(u32, f64); 6] = [(3, 0.2), (5, 1.0), (8, 0.99), (12, 0.995), (20, 0.5), (30, 1.0)];

#[test]
fn the_furthest_is_before_the_first_gap() {
    // 30 is mastered, but 20 before it is not.
    assert_eq!(furthest(&ROWS, 5, MASTERY), Ok(Some(12)));
    // Only T that were evaluated count: from 6 on the first is 8.
    assert_eq!(furthest(&ROWS, 6, MASTERY), Ok(Some(12)));
    assert_eq!(furthest(&ROWS, 5, 0.992), Ok(Some(5)));
    assert_eq!(furthest(&ROWS, 5, 0.5), Ok(Some(30)));
    assert_eq!(furthest(&ROWS, 30, MASTERY), Ok(Some(30)));
}

#[test]
fn nothing_is_furthest_where_the_first_is_missed() {
    assert_eq!(furthest(&ROWS, 3, MASTERY), Ok(None));
    assert_eq!(furthest(&ROWS, 20, MASTERY), Ok(None));
    assert_eq!(furthest(&ROWS, 31, MASTERY), Ok(None));
    assert_eq!(furthest(&[], 5, MASTERY), Ok(None));
}

#[test]
fn a_share_that_is_just_reached_is_reached() {
    // What 99 of 100 and 990 of 1000 give is the same number as the bound.
    assert_eq!(furthest(&[(5, 99.0 / 100.0), (6, 990.0 / 1000.0), (7, 989.0 / 1000.0)], 5, MASTERY), Ok(Some(6)));
}

#[test]
fn rows_ascend_and_shares_are_shares() {
    let unsorted = [(5, 1.0), (8, 1.0), (7, 1.0)];
    assert_eq!(furthest(&unsorted, 5, MASTERY), Err(NotAscending { instruction: 8, following: 7 }));
    assert_eq!(furthest(&[(5, 1.0), (5, 1.0)], 5, MASTERY), Err(NotAscending { instruction: 5, following: 5 }));
    assert_eq!(furthest(&[(5, 1.5)], 5, MASTERY), Err(NotAShare { value: 1.5 }));
    assert_eq!(furthest(&ROWS, 5, 99.0), Err(NotAShare { value: 99.0 }));
    assert!(matches!(furthest(&[(5, 1.0), (6, f64::NAN)], 5, MASTERY), Err(NotAShare { .. })));
}

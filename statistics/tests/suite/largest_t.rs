//! Tests of the largest T that an agent has mastered.

use gridworld_statistics::StatisticsError::{NotAShare, NotAscending};
use gridworld_statistics::{MASTERY, largest_t};

/// The values of T from 5 to 12.
const RANGE: [u32; 8] = [5, 6, 7, 8, 9, 10, 11, 12];

/// The largest T where the evaluated `held` have everything and the evaluated `missed` nothing.
fn found(trained: &[u32], held: &[u32], missed: &[u32]) -> Option<u32> {
    let mut rows: Vec<(u32, f64)> = held.iter().map(|&t| (t, 1.0)).chain(missed.iter().map(|&t| (t, 0.0))).collect();
    rows.sort_by_key(|row| row.0);
    largest_t(&rows, trained, MASTERY).expect("rows that ascend, and shares")
}

#[test]
fn it_is_the_end_of_a_stretch() {
    assert_eq!(found(&RANGE, &[5, 8, 12, 19], &[3, 20]), Some(19));
    // What is held beyond a miss beyond the training does not count.
    assert_eq!(found(&RANGE, &[5, 8, 12, 30, 40], &[20]), Some(12));
    // Values that were not evaluated do not interrupt it.
    assert_eq!(found(&RANGE, &[5, 1000], &[]), Some(1000));
    // What is held below the training belongs to it, and changes no end.
    assert_eq!(found(&RANGE, &[1, 2, 3, 4, 5], &[6]), Some(5));
}

#[test]
fn a_miss_in_the_training_range_does_not_hide_what_is_beyond() {
    let beyond = [13, 20, 100, 1000];
    let held: Vec<u32> = RANGE.into_iter().filter(|&t| t != 6).chain(beyond).collect();
    assert_eq!(found(&RANGE, &held, &[6]), Some(1000));
    // One or two misses of 200 are no miss, and three are one.
    let with = |misses: f64| {
        let mut rows: Vec<(u32, f64)> = RANGE.into_iter().chain(beyond).map(|t| (t, 1.0)).collect();
        rows[1].1 = 1.0 - misses / 200.0;
        largest_t(&rows, &RANGE, MASTERY).expect("shares")
    };
    assert_eq!([1.0, 2.0, 3.0].map(with), [Some(1000); 3]);
    // Nor does one at its first or its last value.
    assert_eq!(found(&RANGE, &[6, 8, 12, 40], &[5]), Some(40));
    assert_eq!(found(&RANGE, &[5, 6, 11, 13, 40], &[12]), Some(11));
}

#[test]
fn of_several_stretches_the_longest_counts_and_of_equal_ones_the_last() {
    assert_eq!(found(&RANGE, &[5, 6, 7, 8, 9, 10, 12, 13], &[11, 14]), Some(10));
    assert_eq!(found(&RANGE, &[5, 6, 8, 9, 30], &[7, 31]), Some(30));
    // Length is in steps, however many values were evaluated: 5 to 9 is shorter than 12 to 20.
    assert_eq!(found(&RANGE, &[5, 6, 7, 8, 9, 12, 20], &[10, 11]), Some(20));
    assert_eq!(found(&RANGE, &[5, 7, 9], &[6, 8]), Some(9));
}

#[test]
fn a_training_range_may_have_gaps() {
    let trained = [11, 5, 7];
    assert_eq!(found(&trained, &[5, 6, 7, 8, 9, 10, 11, 30], &[]), Some(30));
    // 8 to 10 lie between values that were trained on, but none of them was.
    assert_eq!(found(&trained, &[8, 9, 10], &[5, 7, 11]), None);
    assert_eq!(found(&trained, &[5, 8, 9, 10], &[7, 11]), Some(5));
    assert_eq!(found(&trained, &[6, 8, 100], &[]), None, "none of them was evaluated");
}

#[test]
fn there_is_none_where_nothing_of_the_training_is_held() {
    assert_eq!(found(&RANGE, &[], &RANGE), None);
    assert_eq!(found(&RANGE, &[13, 14, 1000], &RANGE), None);
    assert_eq!(found(&RANGE, &[13, 14, 1000], &[]), None, "only T beyond was evaluated");
    assert_eq!(found(&RANGE, &[1, 2, 3], &[5]), None);
    assert_eq!((found(&RANGE, &[], &[]), found(&[], &[5, 6], &[])), (None, None));
}

#[test]
fn a_share_that_is_just_reached_is_reached() {
    // What 99 of 100 and 990 of 1000 give is the same number as the bound.
    let rows = [(5, 99.0 / 100.0), (6, 990.0 / 1000.0), (7, 989.0 / 1000.0)];
    assert_eq!(largest_t(&rows, &RANGE, MASTERY), Ok(Some(6)));
    assert_eq!(largest_t(&rows, &RANGE, 0.5), Ok(Some(7)));
    assert_eq!(largest_t(&rows, &RANGE, 0.995), Ok(None));
}

#[test]
fn rows_ascend_and_shares_are_shares() {
    let unsorted = [(5, 1.0), (8, 1.0), (7, 1.0)];
    assert_eq!(largest_t(&unsorted, &RANGE, MASTERY), Err(NotAscending { instruction: 8, following: 7 }));
    assert_eq!(largest_t(&[(5, 1.0), (5, 1.0)], &RANGE, MASTERY), Err(NotAscending { instruction: 5, following: 5 }));
    assert_eq!(largest_t(&[(5, 1.5)], &RANGE, MASTERY), Err(NotAShare { value: 1.5 }));
    assert_eq!(largest_t(&[(5, 1.0)], &RANGE, 99.0), Err(NotAShare { value: 99.0 }));
    assert!(matches!(largest_t(&[(5, 1.0), (6, f64::NAN)], &RANGE, MASTERY), Err(NotAShare { .. })));
}

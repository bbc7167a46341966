//! One number for the runs of a group, with its interval.

use super::{Estimate, Estimator, Resamples, StatisticsError};

/// The interquartile mean over seeds, of one number per run, and its 95 % interval; with one run both are that number.
///
/// # Errors
/// Without runs, or if a number is not finite.
pub fn over_seeds(values: &[f64]) -> Result<Estimate, StatisticsError> {
    Estimator::new(Resamples::Curve).over_seeds(values)
}

/// A run's curve: ascending places, and a number at each.
pub type Curve = Vec<(f64, f64)>;

/// A curve of estimates.
pub type Estimates = Vec<(f64, Estimate)>;

/// Interquartile means with intervals over several curves, at `count` evenly spaced places from the greatest of their
/// first places to the least of their last ones; between its points a curve is interpolated linearly. A single curve
/// keeps its own places; there is nothing if the curves do not overlap.
///
/// # Errors
/// If a number is not finite.
pub fn along(curves: &[Curve], count: usize) -> Result<Estimates, StatisticsError> {
    let first = curves.iter().filter_map(|curve| curve.first()).map(|point| point.0).fold(0.0, f64::max);
    let last = curves.iter().filter_map(|curve| curve.last()).map(|point| point.0).fold(f64::INFINITY, f64::min);
    if curves.is_empty() || curves.iter().any(Vec::is_empty) || first > last {
        return Ok(Vec::new());
    }
    let places: Vec<f64> = if let [curve] = curves {
        curve.iter().map(|point| point.0).collect()
    } else {
        (0..count).map(|index| first + (last - first) * index as f64 / (count - 1).max(1) as f64).collect()
    };
    let estimate = |x: f64| {
        let values: Vec<f64> = curves.iter().filter_map(|curve| at(curve, x)).collect();
        over_seeds(&values).map(|estimate| (x, estimate))
    };
    places.into_iter().map(estimate).collect()
}

/// Gives the value of a curve at `x`, between two points by a straight line.
fn at(curve: &Curve, x: f64) -> Option<f64> {
    let after = curve.partition_point(|point| point.0 < x);
    match (after.checked_sub(1).map(|before| curve[before]), curve.get(after)) {
        (_, Some(&(here, y))) if here == x => Some(y),
        (Some((x0, y0)), Some(&(x1, y1))) => Some(y0 + (y1 - y0) * (x - x0) / (x1 - x0)),
        // Rounding can put the last place a little beyond the last point.
        (Some((_, y)), None) | (None, Some(&(_, y))) => Some(y),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_is_its_own_interval() {
        assert_eq!(over_seeds(&[0.5]), Ok(Estimate { point: 0.5, interval: (0.5, 0.5) }));
        assert!(over_seeds(&[]).is_err());
        assert!(over_seeds(&[f64::NAN, 1.0]).is_err());
    }

    #[test]
    fn the_middle_half_counts() {
        // Of eight, the two least and the two greatest are left out.
        let found = over_seeds(&[9.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, -7.0]).expect("numbers");
        assert_eq!(found.point, 2.5);
        assert!(found.interval.0 < 2.5 && found.interval.1 > 2.5);
    }

    #[test]
    fn curves_are_straight_between_points_and_end_with_the_shortest() {
        let curves = [vec![(0.0, 0.0), (10.0, 1.0)], vec![(2.0, 1.0), (6.0, 1.0), (8.0, 0.0)]];
        let found = along(&curves, 4).expect("numbers");
        let points: Vec<(f64, f64)> = found.iter().map(|(x, estimate)| (*x, estimate.point)).collect();
        assert_eq!(points, [(2.0, 0.6), (4.0, 0.7), (6.0, 0.8), (8.0, 0.4)]);
    }

    #[test]
    fn a_single_curve_keeps_its_points() {
        let curve = vec![(1.0, 0.5), (3.0, 0.75)];
        let found = along(&[curve], 100).expect("numbers");
        assert_eq!(
            found.iter().map(|(x, estimate)| (*x, estimate.point)).collect::<Vec<_>>(),
            [(1.0, 0.5), (3.0, 0.75)]
        );
        assert_eq!(along(&[], 10), Ok(Vec::new()));
        assert_eq!(along(&[vec![], vec![(0.0, 0.0)]], 10), Ok(Vec::new()));
    }
}

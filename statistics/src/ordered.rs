//! Numbers in ascending order: their median and their quantiles.

/// Returns numbers in ascending order.
pub fn ascending(numbers: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = numbers.into_iter().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Returns the median of ascending numbers, of an even number the mean of the middle two; nothing where there are none.
#[must_use]
pub fn median(sorted: &[f64]) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    Some((sorted[last / 2] + sorted[sorted.len() / 2]) / 2.0)
}

/// Returns the quantile of ascending numbers, straight between neighbours: the number at `q · (n − 1)`, counted from 0.
///
/// # Panics
/// If there are none.
#[must_use]
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = q * (sorted.len() - 1) as f64;
    let below = at.floor();
    let (low, high) = (sorted[below as usize], sorted[at.ceil() as usize]);
    low + (high - low) * (at - below)
}

/// Gives the least of some numbers; infinity if there is none.
#[must_use]
pub fn least(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&ascending([3.0, -1.0, 2.0])), Some(2.0));
        assert_eq!(median(&ascending([4.0, 1.0, 2.0, f64::INFINITY])), Some(3.0));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn the_least_of_none_is_infinite() {
        assert_eq!(least([3.0, -1.0, 2.0]), -1.0);
        assert_eq!(least([]), f64::INFINITY);
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let sorted = ascending([5.0, 1.0, 2.0]);
        assert_eq!([0.0, 0.25, 0.5, 0.75, 1.0].map(|q| quantile(&sorted, q)), [1.0, 1.5, 2.0, 3.5, 5.0]);
    }
}

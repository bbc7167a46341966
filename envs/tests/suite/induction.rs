//! The most reward there is, by backward induction: what the oracles are measured by.

/// V[cell]: the most reward to be had from there with the whole episode ahead, by Bellman's
/// equation from the last step back, if arriving at step t is worth `arrival(t)`. Written on
/// coordinates, apart from the rules.
pub fn most_reward(target: usize, time_limit: usize, arrival: impl Fn(usize) -> f64) -> [f64; 25] {
    let mut value = [0.0; 25];
    for t in (1..=time_limit).rev() {
        let after = |cell: usize| if cell == target { arrival(t) } else { value[cell] };
        value = std::array::from_fn(|cell| {
            let (row, column) = (cell / 5, cell % 5);
            let mut neighbours = vec![cell];
            neighbours.extend((row > 0).then(|| cell - 5));
            neighbours.extend((row < 4).then(|| cell + 5));
            neighbours.extend((column > 0).then(|| cell - 1));
            neighbours.extend((column < 4).then(|| cell + 1));
            neighbours.into_iter().map(after).fold(f64::NEG_INFINITY, f64::max)
        });
    }
    value
}

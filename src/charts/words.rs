//! Words of the figures of arithmetic.

/// A number of seeds, or a range of it, in words.
pub fn seeds(counts: impl Iterator<Item = usize> + Clone) -> String {
    let (least, most) = (counts.clone().min().unwrap_or(0), counts.max().unwrap_or(0));
    match (least, most) {
        (_, 1) => "1 seed".to_owned(),
        _ if least == most => format!("{most} seeds"),
        _ => format!("{least} to {most} seeds"),
    }
}

//! Words that several figures have.

/// Writes a number of seeds, or a range of it, in words.
pub fn seeds(counts: impl Iterator<Item = usize> + Clone) -> String {
    let (least, most) = (counts.clone().min().unwrap_or(0), counts.max().unwrap_or(0));
    match (least, most) {
        (_, 1) => "1 seed".to_owned(),
        _ if least == most => format!("{most} seeds"),
        _ => format!("{least} to {most} seeds"),
    }
}

/// Writes a name with a number of seeds.
pub fn seeded(name: &str, seeds: usize) -> String {
    format!("{name} ({})", self::seeds([seeds].into_iter()))
}

/// Names the curves that leave their panel, in a sentence; gives nothing where none does.
pub fn not_shown<'a>(what: &str, curves: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = curves.collect();
    if names.is_empty() { String::new() } else { format!(" {what} are not shown ({}).", names.join(", ")) }
}

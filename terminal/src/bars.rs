//! Bars and curves made of characters.

/// Blocks that fill a character from the left, from none of its eighths to all.
const ACROSS: [char; 9] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const UP: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Draws a bar of `share` of `width` characters, filled up with blanks.
#[must_use]
pub fn bar(share: f32, width: usize) -> String {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let eighths = (share * 8.0 * width as f32).round() as usize;
    (0..width).map(|column| ACROSS[eighths.saturating_sub(8 * column).min(8)]).collect()
}

/// Draws the last `width` of `values` as a curve between `low` and `high`, filled up with blanks.
#[must_use]
pub fn curve(values: &[f32], (low, high): (f32, f32), width: usize) -> String {
    let shown = &values[values.len().saturating_sub(width)..];
    let level = |value: f32| {
        let share = (value - low) / (high - low);
        // Values that never change lie in the middle.
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.5 };
        UP[(share * (UP.len() - 1) as f32).round() as usize]
    };
    let curve: String = shown.iter().map(|&value| level(value)).collect();
    format!("{curve}{}", " ".repeat(width - shown.len()))
}

/// Gives the least and the greatest of `values`.
pub fn range(values: impl IntoIterator<Item = f32>) -> (f32, f32) {
    let ends = (f32::INFINITY, f32::NEG_INFINITY);
    values.into_iter().fold(ends, |(low, high), value| (low.min(value), high.max(value)))
}

/// Draws a clock of `width` characters from 0 to `limit`, filled up to `t`, with a mark at `due`.
#[must_use]
pub fn clock(t: usize, due: Option<usize>, limit: usize, width: usize) -> String {
    let place = |time: usize| (time * width).checked_div(limit).unwrap_or(0).min(width);
    let mark = due.map(|due| place(due).saturating_sub(1));
    let filled = place(t);
    let sign = |column: usize| match (Some(column) == mark, column < filled) {
        (true, false) => '┃',
        (true, true) => '╋',
        (false, true) => '━',
        (false, false) => '·',
    };
    (0..width).map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_share() {
        assert_eq!(bar(0.0, 4), "    ");
        assert_eq!(bar(0.5, 4), "██  ");
        assert_eq!(bar(1.0, 4), "████");
        assert_eq!(bar(0.5 + 1.0 / 32.0, 4), "██▏ ");
        assert_eq!((bar(f32::NAN, 2), bar(7.0, 2), bar(0.3, 0)), ("  ".into(), "██".into(), String::new()));
    }

    #[test]
    fn curves_end_with_the_present() {
        assert_eq!(curve(&[0.0, 1.0], (0.0, 1.0), 4), "▁█  ");
        assert_eq!(curve(&[9.0, 0.0, 0.5, 1.0], (0.0, 1.0), 3), "▁▅█");
        assert_eq!(curve(&[3.0, 3.0], (3.0, 3.0), 2), "▅▅");
        assert_eq!((curve(&[], (0.0, 0.0), 2), curve(&[f32::NAN], (0.0, 1.0), 1)), ("  ".into(), "▅".into()));
        assert_eq!(range([2.0, -1.0, 0.0]), (-1.0, 2.0));
    }

    #[test]
    fn a_clock_shows_t_and_its_mark() {
        assert_eq!(clock(0, Some(5), 10, 10), "····┃·····");
        assert_eq!(clock(3, Some(5), 10, 10), "━━━·┃·····");
        assert_eq!(clock(5, Some(5), 10, 10), "━━━━╋·····");
        assert_eq!(clock(10, Some(5), 10, 10), "━━━━╋━━━━━");
        assert_eq!((clock(1, Some(1), 0, 3), clock(1, None, 2, 4)), ("┃··".into(), "━━··".into()));
    }
}

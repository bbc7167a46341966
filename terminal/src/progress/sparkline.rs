//! A curve of success that is a bar of progress too: one character for each part of the training.

use super::Glyphs;

/// Points that are kept at most; a bar has fewer columns.
const MOST: usize = 1024;

/// Successes at environment steps, ascending.
#[derive(Clone, Debug)]
pub(super) struct Sparkline {
    points: Vec<Point>,
    /// Measurements that a point takes before the next one begins.
    stride: u32,
}

/// Measurements that follow one another.
#[derive(Clone, Copy, Debug)]
struct Point {
    /// Step of the last of these measurements.
    step: u64,
    sum: f64,
    count: u32,
}

impl Point {
    fn joined(self, later: Point) -> Point {
        Point { step: later.step, sum: self.sum + later.sum, count: self.count + later.count }
    }
}

impl Default for Sparkline {
    fn default() -> Sparkline {
        Sparkline { points: Vec::new(), stride: 1 }
    }
}

impl Sparkline {
    /// Adds the success at `step`; every point holds back to the one before.
    pub fn add(&mut self, step: u64, success: f64) {
        let point = Point { step, sum: success, count: 1 };
        match self.points.last_mut().filter(|last| last.count < self.stride) {
            Some(last) => *last = last.joined(point),
            None => self.points.push(point),
        }
        if self.points.len() > MOST {
            let joined = |pair: &[Point]| pair[1..].iter().fold(pair[0], |point, &later| point.joined(later));
            self.points = self.points.chunks(2).map(joined).collect();
            self.stride *= 2;
        }
    }

    /// Forgets what was after `step`.
    pub fn rewind(&mut self, step: u64) {
        self.points.retain(|point| point.step <= step);
    }

    /// Gives `width` columns from the beginning to the step `total`. The columns up to `step` are drawn, as high as the
    /// mean success in them; as high as can be where nothing was measured, as in a training that has no successes.
    pub fn columns(&self, step: u64, total: u64, width: usize, glyphs: Glyphs) -> (String, String) {
        let share = if total == 0 { 1.0 } else { (step as f64 / total as f64).min(1.0) };
        // Whoever has begun sees it.
        let drawn = ((share * width as f64).round() as usize).max(usize::from(step > 0)).min(width);
        let edge = |column: usize| (column as f64 / width as f64 * total as f64) as u64;
        let heights = glyphs.heights();
        let column = |column: usize| {
            let level = self.between(edge(column), edge(column + 1)).clamp(0.0, 1.0);
            heights[(level * (heights.len() - 1) as f64).round() as usize]
        };
        let rest = std::iter::repeat_n(glyphs.rest(), width - drawn);
        ((0..drawn).map(column).collect(), rest.collect())
    }

    /// Gives the mean success in the steps after `from` up to `to`; where nothing was measured just there, what was
    /// measured next or, at the end, last.
    fn between(&self, from: u64, to: u64) -> f64 {
        let inside = self.points.iter().filter(|point| from < point.step && point.step <= to).copied();
        let after = || self.points.iter().find(|point| point.step > to).or(self.points.last()).copied();
        let point = inside.reduce(Point::joined).or_else(after);
        point.map_or(1.0, |point| point.sum / f64::from(point.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(points: &[(u64, f64)], step: u64, width: usize, glyphs: Glyphs) -> String {
        let mut sparkline = Sparkline::default();
        points.iter().for_each(|&(step, success)| sparkline.add(step, success));
        let (done, rest) = sparkline.columns(step, 100, width, glyphs);
        done + &rest
    }

    #[test]
    fn a_column_is_as_high_as_the_success_in_its_part_of_the_training() {
        let points = [(10, 0.0), (20, 0.2), (30, 0.4), (40, 0.6), (50, 1.0)];
        assert_eq!(drawn(&points, 50, 10, Glyphs::Unicode), "▁▂▄▅█░░░░░");
        assert_eq!(drawn(&points, 50, 10, Glyphs::Ascii), ".:=+#     ");
        // Two points a column: 0.1, 0.5, and half a column of 1.
        assert_eq!(drawn(&points, 50, 5, Glyphs::Unicode), "▂▅█░░");
    }

    #[test]
    fn between_two_records_the_next_one_counts() {
        assert_eq!(drawn(&[(50, 1.0), (100, 0.0)], 100, 4, Glyphs::Unicode), "██▁▁");
        assert_eq!(drawn(&[(50, 1.0)], 75, 4, Glyphs::Unicode), "███░", "and at the end the last");
        assert_eq!(drawn(&[], 50, 4, Glyphs::Unicode), "██░░", "without successes a plain bar");
        assert_eq!(
            (drawn(&[], 0, 4, Glyphs::Unicode), drawn(&[], 1, 4, Glyphs::Ascii)),
            ("░░░░".into(), "#   ".into())
        );
    }

    #[test]
    fn many_points_take_no_more_room_and_look_the_same() {
        let mut sparkline = Sparkline::default();
        let success = |step: u64| step as f64 / 50_000.0;
        (1..=50_000).for_each(|step| sparkline.add(step, success(step)));
        assert!(sparkline.points.len() <= MOST);
        assert_eq!(sparkline.columns(50_000, 50_000, 8, Glyphs::Unicode).0, "▁▂▃▄▅▆▇█");
        sparkline.rewind(25_000);
        assert_eq!(sparkline.columns(25_000, 50_000, 8, Glyphs::Unicode), ("▁▂▃▄".into(), "░░░░".into()));
    }
}

//! Axes: where a value lies, and which values are named.

/// Rule by which values are spread over a stretch of an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// Equal differences are equally long.
    Linear,
    /// Equal ratios are equally long.
    Log,
}

/// A part of an axis within which values are spread by one rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    spacing: Spacing,
    /// Values at the ends of the stretch.
    values: (f64, f64),
    /// Pixels at the ends of the stretch.
    pixels: (f64, f64),
}

impl Stretch {
    fn holds(&self, value: f64) -> bool {
        // Rounding must not lose the ends themselves.
        let slack = 1e-9 * (self.values.1 - self.values.0);
        (self.values.0 - slack..=self.values.1 + slack).contains(&value)
    }

    fn place(&self, value: f64) -> f64 {
        let (low, high) = self.values;
        let share = match self.spacing {
            Spacing::Linear => (value - low) / (high - low),
            Spacing::Log => (value / low).ln() / (high / low).ln(),
        };
        self.pixels.0 + share * (self.pixels.1 - self.pixels.0)
    }
}

/// A value with a name on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Value that is named on the axis.
    pub value: f64,
    /// Text that stands at the tick.
    pub name: String,
}

/// An axis of one stretch, or of two with a gap between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    stretches: Vec<Stretch>,
    /// Values with a name on the axis.
    pub ticks: Vec<Tick>,
    /// Name of the quantity that the axis shows.
    pub title: String,
}

/// Place of a value on an axis: the index of its stretch, and its pixel.
pub type Place = (usize, f64);

impl Axis {
    /// Makes an axis on which equal differences are equally long, with about `count` ticks.
    #[must_use]
    pub fn linear(title: &str, values: (f64, f64), pixels: (f64, f64), count: usize) -> Axis {
        let stretches = vec![Stretch { spacing: Spacing::Linear, values, pixels }];
        Axis { stretches, ticks: ticks(values, count), title: title.to_owned() }
    }

    /// Makes an axis on which equal ratios are equally long, with ticks at the powers of ten, or at 1, 2 and 5 times
    /// them if those are few.
    #[must_use]
    pub fn log(title: &str, values: (f64, f64), pixels: (f64, f64)) -> Axis {
        let stretches = vec![Stretch { spacing: Spacing::Log, values, pixels }];
        let decades = (values.0.log10().floor() as i32)..=(values.1.log10().ceil() as i32);
        let among = |factors: &[f64]| -> Vec<f64> {
            let all = decades.clone().flat_map(|decade| factors.iter().map(move |factor| factor * 10_f64.powi(decade)));
            all.filter(|value| stretches[0].holds(*value)).collect()
        };
        let powers = among(&[1.0]);
        let chosen = if powers.len() >= 3 { powers } else { among(&[1.0, 2.0, 5.0]) };
        let ticks = chosen.into_iter().map(|value| Tick { value, name: name(value) }).collect();
        Axis { stretches, ticks, title: title.to_owned() }
    }

    /// Makes an axis of shares, on which equal differences are equally long; they are named in per cent from 0 to 100.
    #[must_use]
    pub fn per_cent(title: &str, values: (f64, f64), pixels: (f64, f64)) -> Axis {
        let named = |tick: Tick| Tick { name: format!("{:.0}", 100.0 * tick.value), ..tick };
        Axis::linear(title, values, pixels, 5).with_ticks(ticks((0.0, 1.0), 5).into_iter().map(named).collect())
    }

    /// Joins two axes into one with the title of the first; a value that is on both lies on the first.
    #[must_use]
    pub fn joined(first: Axis, second: Axis) -> Axis {
        let ticks = first.ticks.into_iter().chain(second.ticks).collect();
        let stretches = first.stretches.into_iter().chain(second.stretches).collect();
        Axis { stretches, ticks, title: first.title }
    }

    /// Replaces the ticks of the axis by others.
    #[must_use]
    pub fn with_ticks(self, ticks: Vec<Tick>) -> Axis {
        Axis { ticks, ..self }
    }

    /// Removes the ticks between whole numbers, and names the others without decimals.
    #[must_use]
    pub fn only_whole(mut self) -> Axis {
        self.ticks.retain(|tick| tick.value.fract() == 0.0);
        self.ticks.iter_mut().for_each(|tick| tick.name = name(tick.value));
        self
    }

    /// Multiplies the values of the axis by `unit`, and keeps the names of its ticks.
    pub fn scale(&mut self, unit: f64) {
        self.ticks.iter_mut().for_each(|tick| tick.value *= unit);
        for stretch in &mut self.stretches {
            stretch.values = (stretch.values.0 * unit, stretch.values.1 * unit);
        }
    }

    /// Gives the place of `value`; nothing if it is not on the axis.
    #[must_use]
    pub fn place(&self, value: f64) -> Option<Place> {
        let index = self.stretches.iter().position(|stretch| stretch.holds(value))?;
        Some((index, self.stretches[index].place(value)))
    }

    /// Gives the pixel of `value` as if the first stretch had no ends; on an axis of ratios, whose ends are above zero,
    /// no value lies beyond a thousandth of the lower one.
    #[must_use]
    pub fn beyond(&self, value: f64) -> f64 {
        let first = &self.stretches[0];
        match first.spacing {
            Spacing::Linear => first.place(value),
            Spacing::Log => first.place(value.max(first.values.0 / 1e3)),
        }
    }

    /// Gives the pixels at both ends of each stretch.
    pub fn pixels(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.stretches.iter().map(|stretch| stretch.pixels)
    }

    /// Gives the values at both ends of each stretch.
    pub fn values(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.stretches.iter().map(|stretch| stretch.values)
    }
}

/// Makes ticks at about `count` round values between two others: 1, 2 or 5 times a power of ten apart.
pub fn ticks((low, high): (f64, f64), count: usize) -> Vec<Tick> {
    let step = round_step((high - low) / count.max(1) as f64);
    let digits = (-step.log10().floor()).max(0.0) as usize;
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    let tick = |index: i64| {
        let value = index as f64 * step;
        Tick { value, name: format!("{value:.digits$}").replace('-', "−") }
    };
    (first..=last).map(tick).collect()
}

/// Gives the least number that is 1, 2 or 5 times a power of ten and not much less than `step`.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= 0.7 * step);
    factor.unwrap_or(10.0) * power
}

/// Writes a whole number in groups of three digits, and any other with the digits that it needs.
pub fn name(value: f64) -> String {
    if value.fract() != 0.0 {
        return format!("{value}").replace('-', "−");
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = if value < 0.0 { "−".to_owned() } else { String::new() };
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Gives the least and the greatest of `values`, widened to multiples of a round step, about `count` of which fit
/// between them.
pub fn round_range(values: impl Iterator<Item = f64>, count: usize) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if low > high {
        return (0.0, 1.0);
    }
    let wide = if high - low > 1e-9 * high.abs().max(1.0) { high - low } else { 1.0 };
    let step = round_step(wide / count as f64);
    let ends = ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step);
    if ends.0 < ends.1 { ends } else { (ends.0 - step, ends.1 + step) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.name.as_str()).collect()
    }

    #[test]
    fn values_lie_where_their_share_of_the_axis_is() {
        let axis = Axis::linear("x", (5.0, 30.0), (100.0, 200.0), 5);
        assert_eq!(axis.place(5.0), Some((0, 100.0)));
        assert_eq!(axis.place(17.5), Some((0, 150.0)));
        assert_eq!(axis.place(30.1), None);
        assert_eq!(axis.beyond(55.0), 300.0);
        let axis = Axis::log("x", (10.0, 1000.0), (300.0, 100.0));
        assert_eq!(axis.place(100.0), Some((0, 200.0)));
        assert_eq!(axis.place(1000.0), Some((0, 100.0)));
        assert!(axis.beyond(0.0).is_finite());
    }

    #[test]
    fn a_joined_axis_has_a_gap() {
        let near = Axis::linear("T", (0.0, 10.0), (0.0, 50.0), 2);
        let far = Axis::log("T", (100.0, 10_000.0), (60.0, 100.0));
        let axis = Axis::joined(near, far);
        assert_eq!(axis.place(10.0), Some((0, 50.0)));
        assert_eq!(axis.place(1000.0), Some((1, 80.0)));
        assert_eq!(axis.place(50.0), None);
        assert_eq!(names(&axis.ticks), ["0", "5", "10", "100", "1,000", "10,000"]);
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(names(&ticks((0.0, 1.0), 5)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(names(&ticks((-1.0, 1.0), 4)), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(names(&ticks((5.0, 30.0), 5)), ["5", "10", "15", "20", "25", "30"]);
        assert_eq!(names(&ticks((0.0, 12.4), 6)), ["0", "2", "4", "6", "8", "10", "12"]);
        assert_eq!(names(&Axis::log("y", (20.0, 400.0), (0.0, 1.0)).ticks), ["20", "50", "100", "200"]);
    }

    #[test]
    fn ranges_are_round_and_never_empty() {
        assert_eq!(round_range([0.13, 0.99].into_iter(), 5), (0.0, 1.0));
        assert_eq!(round_range([0.0, 1.0].into_iter(), 5), (0.0, 1.0));
        assert_eq!(round_range([3.0, 3.0].into_iter(), 5), (2.8, 3.2));
        assert_eq!(round_range(std::iter::empty(), 5), (0.0, 1.0));
        assert_eq!([1.0, 1234.0, 1e7, -1000.0, 0.5].map(name), ["1", "1,234", "10,000,000", "−1,000", "0.5"]);
    }
}

//! The table of an evaluation.

use std::fmt::Write;

use console::style;

use crate::evaluate::Row;

/// The heading, then a line for each T; the values that were trained on are marked. `timing` is what
/// the time that the task judges is called.
pub fn render(heading: &str, timing: &str, rows: &[Row]) -> String {
    let timing = format!("{timing} (sd)");
    let titles = format!("       T  success  feasible  of feasible  95 % interval {timing:>14}  timeouts  reward");
    let mut text = format!("{heading}\n\n{}\n", style(titles).bold());
    for row in rows {
        let mark = if row.trained { '*' } else { ' ' };
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let (low, high) = row.success_of_feasible_ci95;
        let arrival = match (row.arrival_mean, row.arrival_sd) {
            (Some(mean), Some(deviation)) => format!("{mean:.1} ({deviation:.1})"),
            _ => "none".to_owned(),
        };
        let interval = format!("{:.1}–{:.1} %", 100.0 * low, 100.0 * high);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{mark} {:>6} {:>8} {:>9} {:>12} {interval:>14} {arrival:>14} {:>9} {:>7.3}",
            row.instruction,
            percent(row.success),
            percent(row.feasible),
            percent(row.success_of_feasible),
            percent(row.timeouts),
            row.reward_mean,
        );
    }
    text.push_str("\n* trained on\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_value() {
        console::set_colors_enabled(false);
        let row = Row {
            instruction: 5,
            trained: true,
            episodes: 1000,
            success: 0.899,
            feasible: 0.9,
            success_of_feasible: 0.9989,
            ci95: (0.879, 0.916),
            success_of_feasible_ci95: (0.9937, 0.9998),
            arrival_mean: Some(5.1),
            arrival_sd: Some(0.3),
            timeouts: 0.0,
            reward_mean: 0.991,
            time_limit: Some(20),
        };
        let lost = Row { instruction: 1000, trained: false, arrival_mean: None, arrival_sd: None, ..row.clone() };
        let text = render("who", "arrival", &[row, lost]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "who");
        assert_eq!(
            lines[2],
            "       T  success  feasible  of feasible  95 % interval   arrival (sd)  timeouts  reward"
        );
        assert_eq!(
            lines[3],
            "*      5   89.9 %    90.0 %       99.9 %   99.4–100.0 %      5.1 (0.3)     0.0 %   0.991"
        );
        assert_eq!(
            lines[4],
            "    1000   89.9 %    90.0 %       99.9 %   99.4–100.0 %           none     0.0 %   0.991"
        );
        assert_eq!(lines[6], "* trained on");
    }
}

//! The table of an evaluation.

use gridworld_terminal::columns::{Cell, Column, Need, Side, Table, paragraph};
use gridworld_terminal::output::numbers::{interval, percent};

use crate::run::evaluation::{FEASIBLE, Row};

/// The heading, then a line for each T, for a terminal of `width` columns; the values that were trained on are marked.
/// `timing` is what the time that the task judges is called.
pub fn render(heading: &str, timing: &str, rows: &[Row], width: Option<usize>) -> String {
    let number = |row: &Row| row.instruction.to_string();
    let longest = rows.iter().map(|row| number(row).len()).max().unwrap_or(1);
    let columns = vec![
        Column::new(format!("{:>1$}", "T", 2 + longest), Side::Left),
        Column::needed("success", Side::Right, Need::Extra(4)),
        Column::needed("feasible", Side::Right, Need::Extra(5)),
        Column::new("of feasible", Side::Right),
        Column::needed("95 % interval", Side::Right, Need::Extra(1)),
        Column::needed(&format!("{timing} (sd)"), Side::Right, Need::Extra(2)),
        Column::needed("timeouts", Side::Right, Need::Extra(6)),
        Column::needed("reward", Side::Right, Need::Extra(3)),
    ];
    let cells = |row: &Row| {
        let mark = if row.trained { '*' } else { ' ' };
        let arrival = match (row.arrival_mean, row.arrival_sd) {
            (Some(mean), Some(deviation)) => format!("{mean:.1} ({deviation:.1})"),
            _ => "none".to_owned(),
        };
        let texts = [
            format!("{mark} {:>longest$}", number(row)),
            percent(row.success),
            percent(row.feasible),
            percent(row.success_of_feasible),
            row.success_of_feasible_ci95.map_or("exact".to_owned(), |ci| interval(ci) + " %"),
            arrival,
            percent(row.timeouts),
            format!("{:.3}", row.reward_mean),
        ];
        texts.map(Cell::from).to_vec()
    };
    let table = Table { columns, rows: rows.iter().map(cells).collect() };
    let legend: String = legend(timing).iter().map(|line| paragraph(line, width)).collect();
    format!("{}\n{}\n{legend}", paragraph(heading, width), table.folded(width))
}

/// Explanations of the columns.
fn legend(timing: &str) -> [String; 5] {
    [
        "* T was trained on".to_owned(),
        format!("success: share of all episodes that are on time; {FEASIBLE}"),
        "of feasible: success as a share of the feasible episodes, with its 95 % interval (Wilson)".to_owned(),
        format!("{timing} (sd): mean {timing} in steps, and its standard deviation"),
        "timeouts: share of episodes cut off by the time limit; reward: mean over episodes".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use console::measure_text_width;

    use super::*;

    fn rows() -> [Row; 2] {
        let row = Row {
            instruction: 5,
            trained: true,
            episodes: 1000,
            exact: false,
            success: 0.899,
            feasible: 0.9,
            success_of_feasible: 0.9989,
            ci95: Some((0.879, 0.916)),
            success_of_feasible_ci95: Some((0.9937, 0.9998)),
            arrival_mean: Some(5.1),
            arrival_sd: Some(0.3),
            timeouts: 0.0,
            reward_mean: 0.991,
            time_limit: Some(20),
            held_out: None,
        };
        let lost = Row { instruction: 1000, trained: false, arrival_mean: None, arrival_sd: None, ..row.clone() };
        [row, lost]
    }

    #[test]
    fn a_line_for_each_value() {
        console::set_colors_enabled(false);
        let expected = "\
who

     T  success  feasible  of feasible  95 % interval  arrival (sd)  timeouts  reward
*    5   89.9 %    90.0 %       99.9 %   99.4–100.0 %     5.1 (0.3)     0.0 %   0.991
  1000   89.9 %    90.0 %       99.9 %   99.4–100.0 %          none     0.0 %   0.991

* T was trained on
success: share of all episodes that are on time; feasible: episodes in which success is possible, as the target is near enough
of feasible: success as a share of the feasible episodes, with its 95 % interval (Wilson)
arrival (sd): mean arrival in steps, and its standard deviation
timeouts: share of episodes cut off by the time limit; reward: mean over episodes
";
        assert_eq!(render("who", "arrival", &rows(), None), expected);
        let shown = render("who", "arrival", &rows(), Some(85));
        assert_eq!(shown.lines().take(6).collect::<Vec<_>>(), expected.lines().take(6).collect::<Vec<_>>());
    }

    #[test]
    fn a_narrow_terminal_has_fewer_columns_and_they_are_named() {
        console::set_colors_enabled(false);
        let expected = "\
who

     T  of feasible  95 % interval  arrival (sd)  reward
*    5       99.9 %   99.4–100.0 %     5.1 (0.3)   0.991
  1000       99.9 %   99.4–100.0 %          none   0.991
not shown (terminal too narrow): timeouts, feasible,
success

* T was trained on
";
        assert!(render("who", "arrival", &rows(), Some(57)).starts_with(expected));
        for width in [20, 40, 60, 80, 84] {
            let text = render("lstm (a, checkpoint best at step 1) on X-v1, greedy", "arrival", &rows(), Some(width));
            assert!(text.lines().all(|line| measure_text_width(line) <= width), "{width}: {text}");
            assert!(text.contains("5") && text.contains("99.9 %") && text.contains("of feasible"), "{width}: {text}");
        }
    }
}

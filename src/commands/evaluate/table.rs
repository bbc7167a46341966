//! The table of an evaluation.

use gridworld_envs::Description;
use gridworld_terminal::columns::{Cell, Column, Need, Side, Table, paragraph};
use gridworld_terminal::output::numbers::{interval, percent, with_minus};

use crate::run::evaluation::{FEASIBLE, Row};

/// Explanation of the column for starts that are held out.
const HELD_OUT: &str = "held out: the same from starts that are held out of training";

/// The heading, then a line for each T, for a terminal of `width` columns; the values that were trained on are marked if
/// the agent `learns`. The environment's description has the name and the meaning of the time that it judges.
pub fn render(heading: &str, environment: &Description, learns: bool, rows: &[Row], width: Option<usize>) -> String {
    let timing = environment.timing;
    let number = |row: &Row| row.instruction.to_string();
    let longest = rows.iter().map(|row| number(row).len()).max().unwrap_or(1);
    // An exact share has no interval, and only some runs hold starts out.
    let (is_drawn, holds_out) = (rows.iter().any(|row| !row.exact), rows.iter().any(|row| row.held_out.is_some()));
    let mut columns = vec![
        Column::new(format!("{:>1$}", "T", 2 + longest), Side::Left),
        Column::needed("success", Side::Right, Need::Extra(4)),
        Column::needed("feasible", Side::Right, Need::Extra(5)),
        Column::new("of feasible", Side::Right),
    ];
    columns.extend(is_drawn.then(|| Column::needed("95 % interval", Side::Right, Need::Extra(1))));
    columns.extend(holds_out.then(|| Column::new("held out", Side::Right)));
    columns.extend([
        Column::needed(&format!("{timing} (sd)"), Side::Right, Need::Extra(2)),
        Column::needed("timeouts", Side::Right, Need::Extra(6)),
        Column::needed("reward", Side::Right, Need::Extra(3)),
    ]);
    let cells = |row: &Row| {
        let mark = if row.trained && learns { '*' } else { ' ' };
        let is_possible = row.feasible > 0.0;
        let arrival = match (row.arrival_mean, row.arrival_sd) {
            (Some(mean), Some(deviation)) => with_minus(&format!("{mean:.1} ({deviation:.1})")),
            _ => "none".to_owned(),
        };
        let mut texts = vec![
            format!("{mark} {:>longest$}", number(row)),
            percent(row.success),
            percent(row.feasible),
            if is_possible { percent(row.success_of_feasible) } else { "–".to_owned() },
        ];
        texts.extend(is_drawn.then(|| match row.success_of_feasible_ci95 {
            _ if !is_possible => "–".to_owned(),
            Some(ci95) => interval(ci95) + " %",
            None => "exact".to_owned(),
        }));
        let held_out = row.held_out.filter(|held_out| held_out.feasible > 0.0);
        texts.extend(
            holds_out.then(|| held_out.map_or("–".to_owned(), |held_out| percent(held_out.success_of_feasible))),
        );
        texts.extend([arrival, percent(row.timeouts), with_minus(&format!("{:.3}", row.reward_mean))]);
        texts.into_iter().map(Cell::from).collect()
    };
    let table = Table { columns, rows: rows.iter().map(cells).collect() };
    let title = format!("{timing} (sd)");
    let mean = format!("{title}: mean {timing} in steps, and its standard deviation");
    let legend = table.legend(
        &[
            &[("", if learns { "* T was trained on" } else { "" })],
            &[("success", "success: share of all episodes that are on time"), ("", FEASIBLE)],
            &[
                ("", "of feasible: success as a share of the feasible episodes"),
                ("95 % interval", if is_drawn { "95 % interval: Wilson's, of that share" } else { "" }),
                ("held out", if holds_out { HELD_OUT } else { "" }),
            ],
            &[("", if rows.iter().all(|row| row.feasible > 0.0) { "" } else { "–: no feasible episode" })],
            &[(&title, &mean)],
            &[("", environment.definitions)],
            &[
                ("timeouts", "timeouts: share of episodes cut off by the time limit"),
                ("reward", "reward: mean over episodes"),
            ],
        ],
        width,
    );
    format!("{}\n{}\n{legend}", paragraph(heading, width), table.folded(width))
}

#[cfg(test)]
mod tests {
    use console::measure_text_width;
    use gridworld_envs::{Settings as _, TimedArrivalConfig};

    use super::*;
    use crate::run::evaluation::HeldOut;

    const ENVIRONMENT: &Description = &TimedArrivalConfig::DESCRIPTION;

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
            arrivals: Some([(5, 1000)].into()),
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
of feasible: success as a share of the feasible episodes; 95 % interval: Wilson's, of that share
arrival (sd): mean arrival in steps, and its standard deviation
arrival: step of the first entry into the target's cell; on time: at step T
timeouts: share of episodes cut off by the time limit; reward: mean over episodes
";
        assert_eq!(render("who", ENVIRONMENT, true, &rows(), None), expected);
        let shown = render("who", ENVIRONMENT, true, &rows(), Some(85));
        assert_eq!(shown.lines().take(6).collect::<Vec<_>>(), expected.lines().take(6).collect::<Vec<_>>());
    }

    #[test]
    fn an_agent_that_does_not_learn_was_trained_on_no_t_and_of_no_episodes_there_is_no_share() {
        console::set_colors_enabled(false);
        let [row, other] = rows();
        let impossible = Row { feasible: 0.0, success: 0.0, success_of_feasible: 1.0, ..row };
        let text = render("who", ENVIRONMENT, false, &[impossible, other], None);
        assert!(!text.contains('*') && !text.contains("trained"), "{text}");
        let line = "     5    0.0 %     0.0 %            –              –     5.1 (0.3)     0.0 %   0.991";
        assert!(text.lines().any(|other| other == line), "{text}");
        assert!(text.contains("\n–: no feasible episode\n"), "{text}");
    }

    #[test]
    fn exact_shares_have_no_interval_and_held_out_starts_a_column() {
        console::set_colors_enabled(false);
        let exact = |row: Row| Row { exact: true, episodes: 480, ci95: None, success_of_feasible_ci95: None, ..row };
        let [row, lost] = rows().map(exact);
        let held_out = HeldOut { episodes: 120, success: 0.6, feasible: 0.8, success_of_feasible: 0.75 };
        let shown =
            render("who", ENVIRONMENT, true, &[Row { held_out: Some(held_out), ..row.clone() }, lost.clone()], None);
        let expected = "\
who

     T  success  feasible  of feasible  held out  arrival (sd)  timeouts  reward
*    5   89.9 %    90.0 %       99.9 %    75.0 %     5.1 (0.3)     0.0 %   0.991
  1000   89.9 %    90.0 %       99.9 %         –          none     0.0 %   0.991
";
        assert!(shown.starts_with(expected), "{shown}");
        assert!(shown.contains("held out: the same") && !shown.contains("interval"), "{shown}");
        let shown = render("who", ENVIRONMENT, true, &[row, lost], None);
        assert!(!shown.contains("held out") && !shown.contains("interval"), "{shown}");
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
feasible: episodes in which success is possible, as the
target is near enough
of feasible: success as a share of the feasible episodes;
95 % interval: Wilson's, of that share
arrival (sd): mean arrival in steps, and its standard
deviation
arrival: step of the first entry into the target's cell;
on time: at step T
reward: mean over episodes
";
        assert_eq!(render("who", ENVIRONMENT, true, &rows(), Some(57)), expected);
        for width in [20, 40, 60, 80, 84] {
            let heading = "lstm (a, checkpoint best at step 1) on X-v1, greedy";
            let text = render(heading, ENVIRONMENT, true, &rows(), Some(width));
            assert!(text.lines().all(|line| measure_text_width(line) <= width), "{width}: {text}");
            assert!(text.contains("5") && text.contains("99.9 %") && text.contains("of feasible"), "{width}: {text}");
        }
    }
}

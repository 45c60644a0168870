//! The charts as a table: for those who cannot see them, and for whoever wants the numbers.

use crate::units::SimTime;
use crate::view::number::short_clock;
use crate::view::picture::Part;
use crate::view::player::Player;
use crate::view::text::MessageId;
use crate::view::timeline::figures::{Chart, Line};
use crate::view::timeline::window;
use crate::view::ui::UiState;

/// The table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Charts {
    /// Titles of the columns but for the first, which is the time.
    pub columns: Vec<String>,
    /// The moment of the playhead, then earlier ones: times and values.
    pub rows: Vec<(String, Vec<String>)>,
}

/// Rows at most, but for that of the playhead.
const ROWS_MAX: u64 = 10;
/// Milliseconds between two rows: the least of these that gives no more rows.
const STEPS_MS: [u64; 14] = [
    100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 300_000, 600_000, 3_600_000, 86_400_000,
];

/// The charts that are drawn, at moments of the window up to the playhead.
#[must_use]
pub fn build(player: &Player, ui: &UiState) -> Charts {
    let lang = ui.lang;
    let shown = |chart: &Chart| ui.part == Part::Charts || chart.is_telling(player);
    let lines: Vec<(Chart, &Line)> = Chart::ALL
        .into_iter()
        .filter(shown)
        .flat_map(|chart| chart.lines().iter().map(move |line| (chart, line)))
        .collect();
    let title = |&(chart, line): &(Chart, &Line)| {
        let title = chart.title().text(lang);
        if chart.lines().len() == 1 {
            return title.to_owned();
        }
        MessageId::ChartsColumn.fill(lang, &[&title, &line.name.text(lang)])
    };
    let values = |t: SimTime| {
        let value = |&(chart, line): &(Chart, &Line)| {
            let series = player.series();
            let value = if chart.has_bars() {
                series.count_before(line.figure, t.0 + 1)
            } else {
                series.value(player.ahead(), line.figure, (t.0, t.0 + 1))
            };
            chart.value(value, lang)
        };
        lines.iter().map(value).collect()
    };
    let now = player.now();
    let (from, length) = window(player, ui.span);
    let (from, to) = (from.max(0.0) as u64, ((from + length).max(0.0) as u64).min(now.0));
    let span = to.saturating_sub(from);
    let step = STEPS_MS.into_iter().find(|step| span / step <= ROWS_MAX).unwrap_or(864_000_000);
    let earlier = (from.div_ceil(step)..=to / step).rev().map(|place| SimTime(place * step));
    let earlier = earlier.filter(|&t| t != now).take(ROWS_MAX as usize + 1);
    let first = (MessageId::ChartsNow.fill(lang, &[&short_clock(now)]), values(now));
    let rows = std::iter::once(first).chain(earlier.map(|t| (short_clock(t), values(t))));
    Charts { columns: lines.iter().map(title).collect(), rows: rows.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::view::shipped;

    #[test]
    fn the_table_says_what_the_charts_show() {
        let mut player = Player::new(Scenario::from_json(shipped::FIRST.1).unwrap());
        player.advance(16.0);
        player.seek(SimTime(65_400));
        let table = build(&player, &UiState::default());
        let columns = ["IteratorAge, Lambda", "IteratorAge, GetRecords", "Concurrent executions"];
        assert_eq!(table.columns[..3], columns);
        let times: Vec<&str> = table.rows.iter().map(|(time, _)| time.as_str()).collect();
        let expect = ["1:05.4 (now)", "1:00.0", "0:50.0", "0:40.0", "0:30.0", "0:20.0", "0:10.0"];
        assert_eq!(times, expect);
        assert_eq!(table.rows[0].1[..3], ["17.5 s", "0.0 s", "3"]);
        let all = build(&player, &UiState { part: Part::Charts, ..UiState::default() });
        assert_eq!(all.columns.len(), 8);
    }
}

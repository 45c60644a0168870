//! Which charts there are, what they show, and in which words and units.

use crate::lang::Lang;
use crate::sim::Simulation;
use crate::units::SimDuration;
use crate::view::number;
use crate::view::player::Player;
use crate::view::series::Figure;
use crate::view::text::MessageId;

/// A chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chart {
    /// Both iterator ages: Lambda's, and the stream's own.
    Age,
    /// Puts and invocations that were refused.
    Throttles,
    /// Invocations that failed.
    Errors,
    /// Invocations that run.
    Concurrency,
    /// Records put and handled, a second.
    Throughput,
}

/// A line of a chart, or its bars.
pub struct Line {
    /// What it shows.
    pub figure: Figure,
    /// How it is drawn.
    pub look: Look,
    /// What it is called beside the other one of its chart.
    pub name: MessageId,
}

/// How a line is drawn: the second of a chart is told from the first by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A line on its ground.
    Main,
    /// A dashed line.
    Other,
    /// Bars.
    Bars,
    /// Narrow bars, outlined.
    OtherBars,
}

const fn line(figure: Figure, look: Look, name: MessageId) -> Line {
    Line { figure, look, name }
}

const AGE: [Line; 2] = [
    line(Figure::LambdaAge, Look::Main, MessageId::ChartLambda),
    line(Figure::StreamAge, Look::Other, MessageId::ChartStream),
];
const THROTTLES: [Line; 2] = [
    line(Figure::PutThrottles, Look::Bars, MessageId::ChartPuts),
    line(Figure::InvocationThrottles, Look::OtherBars, MessageId::ChartInvocations),
];
const ERRORS: [Line; 1] = [line(Figure::Errors, Look::Bars, MessageId::ChartErrors)];
const CONCURRENCY: [Line; 1] = [line(Figure::Running, Look::Main, MessageId::ChartConcurrency)];
const THROUGHPUT: [Line; 2] =
    [line(Figure::In, Look::Main, MessageId::ChartIn), line(Figure::Out, Look::Other, MessageId::ChartOut)];

impl Chart {
    /// All charts, the most telling first.
    pub const ALL: [Self; 5] =
        [Self::Age, Self::Throttles, Self::Errors, Self::Concurrency, Self::Throughput];

    /// Its title.
    #[must_use]
    pub fn title(self) -> MessageId {
        match self {
            Self::Age => MessageId::ChartAge,
            Self::Throttles => MessageId::ChartThrottles,
            Self::Errors => MessageId::ChartErrors,
            Self::Concurrency => MessageId::ChartConcurrency,
            Self::Throughput => MessageId::ChartThroughput,
        }
    }

    /// What it shows, the main line first.
    #[must_use]
    pub fn lines(self) -> &'static [Line] {
        match self {
            Self::Age => &AGE,
            Self::Throttles => &THROTTLES,
            Self::Errors => &ERRORS,
            Self::Concurrency => &CONCURRENCY,
            Self::Throughput => &THROUGHPUT,
        }
    }

    /// Whether it says something about this run: that all is well needs no chart.
    #[must_use]
    pub fn is_telling(self, player: &Player) -> bool {
        let series = player.series();
        let ever = |figure: Figure, least: u32| series.is_ever(figure, least);
        match self {
            Self::Age => ever(Figure::LambdaAge, 1) || ever(Figure::StreamAge, 1),
            Self::Throttles => ever(Figure::PutThrottles, 1) || ever(Figure::InvocationThrottles, 1),
            Self::Errors => ever(Figure::Errors, 1),
            Self::Concurrency => ever(Figure::Running, 2),
            Self::Throughput => true,
        }
    }

    /// Whether it counts what happens, instead of showing how something stands.
    #[must_use]
    pub fn has_bars(self) -> bool {
        match self {
            Self::Throttles | Self::Errors => true,
            Self::Age | Self::Concurrency | Self::Throughput => false,
        }
    }

    /// The most that its first line can come to, if there is a limit: the reserved concurrency, where all mappings are of
    /// one function.
    #[must_use]
    pub fn limit(self, sim: &Simulation) -> Option<u64> {
        let (first, others) = sim.mappings().split_first()?;
        let function = first.config().function_idx;
        if others.iter().any(|mapping| mapping.config().function_idx != function) {
            return None;
        }
        let function = function as usize;
        match self {
            Self::Concurrency => {
                let reserved = sim.scenario().functions[function].reserved_concurrent_executions;
                reserved.map(u64::from).filter(|&reserved| reserved > 0)
            }
            Self::Age | Self::Throttles | Self::Errors | Self::Throughput => None,
        }
    }

    /// The least step of its scale.
    #[must_use]
    pub fn unit_value(self) -> u64 {
        match self {
            Self::Age => 100,
            Self::Throttles | Self::Errors | Self::Concurrency | Self::Throughput => 1,
        }
    }

    /// A value in words: `17.5 s`, `3/s`, `3`.
    #[must_use]
    pub fn value(self, value: u64, lang: Lang) -> String {
        match self {
            Self::Age => number::seconds(SimDuration(value), lang),
            Self::Throughput => MessageId::PerSecond.fill(lang, &[&value]),
            Self::Throttles | Self::Errors | Self::Concurrency => value.to_string(),
        }
    }

    /// A value at its scale, as short as it can be said.
    #[must_use]
    pub fn tick(self, value: u64, lang: Lang) -> String {
        match self {
            Self::Age if value > 0 => number::exact_seconds(SimDuration(value), lang),
            Self::Age | Self::Throttles | Self::Errors | Self::Concurrency | Self::Throughput => {
                match value {
                    1_000_000.. if value.is_multiple_of(100_000) => short(value / 100_000, 'M'),
                    1000.. if value.is_multiple_of(100) => short(value / 100, 'k'),
                    _ => value.to_string(),
                }
            }
        }
    }
}

/// So many tenths with a unit: `1.2k`.
fn short(tenths: u64, unit: char) -> String {
    if tenths.is_multiple_of(10) {
        format!("{}{unit}", tenths / 10)
    } else {
        format!("{}.{}{unit}", tenths / 10, tenths % 10)
    }
}

/// The length of a bin in words: `2 s`, `20 ms`, `5 min`.
#[must_use]
pub(super) fn unit_text(ms: u64, lang: Lang) -> String {
    match ms {
        60_000.. if ms.is_multiple_of(60_000) => MessageId::Minutes.fill(lang, &[&(ms / 60_000)]),
        _ => number::exact_seconds(SimDuration(ms), lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::view::shipped;

    fn telling(id: &str) -> Vec<Chart> {
        let mut player = Player::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
        while player.ahead().now() < player.sim().scenario().until {
            player.advance(16.0);
        }
        Chart::ALL.into_iter().filter(|chart| chart.is_telling(&player)).collect()
    }

    #[test]
    fn charts_are_drawn_where_they_say_something() {
        use Chart::{Age, Concurrency, Errors, Throttles, Throughput};
        assert_eq!(telling("parallelization-1"), [Age, Throughput]);
        assert_eq!(telling("parallelization-3"), [Age, Concurrency, Throughput]);
        assert_eq!(telling("parallelization-3-error"), [Age, Errors, Concurrency, Throughput]);
        assert_eq!(telling("throttled-function"), [Age, Throttles, Concurrency, Throughput]);
        assert!(telling("hot-shard-split").contains(&Throttles));
    }

    #[test]
    fn values_have_units_and_ticks_are_short() {
        assert_eq!(Chart::Age.value(17_450, Lang::En), "17.5 s");
        assert_eq!(Chart::Throughput.value(20, Lang::Ja), "20件/秒");
        let tick = |chart: Chart, value| chart.tick(value, Lang::En);
        assert_eq!([tick(Chart::Age, 0), tick(Chart::Age, 200)], ["0", "0.2 s"]);
        let counts = [999, 1000, 1200, 20_000, 1_500_000].map(|value| tick(Chart::Throughput, value));
        assert_eq!(counts, ["999", "1k", "1.2k", "20k", "1.5M"]);
        assert_eq!(unit_text(20, Lang::En), "0.02 s");
        assert_eq!(unit_text(300_000, Lang::En), "5 min");
    }
}

//! The status line: three figures with their course so far, and what the run kept.

use crate::lang::Lang;
use crate::units::{SimDuration, SimTime};
use crate::view::checks::Verdict;
use crate::view::number::seconds;
use crate::view::player::Player;
use crate::view::series::Figure;
use crate::view::text::MessageId;

/// The status line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// Figures.
    pub metrics: Vec<Metric>,
    /// What the run kept; empty while it is being counted.
    pub verdicts: Vec<Kept>,
}

/// A figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// What it is.
    pub label: MessageId,
    /// Its value now.
    pub value: String,
    /// Its course from the start to now, each in thousandths of the largest.
    pub course: Vec<u16>,
}

/// Something the run keeps, or does not.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What to say.
    pub text: String,
    /// Whether that is good.
    pub good: bool,
}

/// Points of a course.
const POINTS: u64 = 30;

/// The status line as of the playhead.
#[must_use]
pub fn build(player: &Player, verdict: Option<Verdict>, lang: Lang) -> Status {
    let now = player.now();
    let at = |figure: Figure, t: SimTime| player.series().value(player.ahead(), figure, (t.0, t.0 + 1));
    let metric = |label, figure: Figure, say: &dyn Fn(u64) -> String| {
        let course: Vec<u64> = (0..=POINTS).map(|i| at(figure, SimTime(now.0 * i / POINTS))).collect();
        let largest = course.iter().copied().max().unwrap_or(0).max(1);
        let course = course.iter().map(|&value| (value * 1000 / largest) as u16).collect();
        Metric { label, value: say(at(figure, now)), course }
    };
    let age = |ms: u64| seconds(SimDuration(ms), lang);
    Status {
        metrics: vec![
            metric(MessageId::MetricIncoming, Figure::In, &|rate| MessageId::PerSecond.fill(lang, &[&rate])),
            metric(MessageId::MetricStreamAge, Figure::StreamAge, &age),
            metric(MessageId::MetricAge, Figure::LambdaAge, &age),
            metric(MessageId::MetricConcurrency, Figure::Running, &|running| running.to_string()),
        ],
        verdicts: verdict.map_or_else(Vec::new, |verdict| kept(verdict, lang)),
    }
}

fn kept(verdict: Verdict, lang: Lang) -> Vec<Kept> {
    let say = |count: u64, good: MessageId, bad: MessageId| Kept {
        text: if count == 0 { good.text(lang).to_owned() } else { bad.fill(lang, &[&count]) },
        good: count == 0,
    };
    vec![
        say(verdict.out_of_order, MessageId::OrderKept, MessageId::OrderBroken),
        say(verdict.lost, MessageId::NothingLost, MessageId::SomeLost),
        say(verdict.repeats, MessageId::NoRepeats, MessageId::SomeRepeats),
    ]
}

//! An environment and its log stream, among those of its function.

use super::{Inspect, fact, mono};
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::view::deploy::version_name;
use crate::view::number::{clock, short_clock};
use crate::view::text::MessageId;

/// Log streams listed, and lines shown of one, at most: the latest.
const STREAMS_MAX: usize = 60;
const LINES_MAX: usize = 400;
/// Invocations looked through for those of the environment.
const LOOKED_AT: u32 = 50_000;

/// A log stream of the function.
#[derive(Clone, Debug, PartialEq)]
pub struct LogStream {
    /// Its environment.
    pub environment: u32,
    /// Its name.
    pub name: String,
    /// The version that its environment runs, and when it was opened.
    pub text: String,
    /// Whether it is the one that is looked at.
    pub current: bool,
}

/// The environment as of the playhead.
pub(super) fn of(sim: &Simulation, idx: u32, lang: Lang) -> Inspect {
    let environment = sim.environments()[idx as usize];
    let function = &sim.scenario().functions[usize::from(environment.function)];
    let own: Vec<u32> = latest(sim, idx);
    let facts = vec![
        mono(MessageId::FactLogGroup, format!("/aws/lambda/{}", function.name)),
        fact(MessageId::FactVersion, environment.function_version()),
        fact(MessageId::FactOpened, short_clock(environment.opened_at)),
        fact(MessageId::Invocations, own.len()),
    ];
    Inspect {
        title: MessageId::EnvironmentTitle.fill(lang, &[&(idx + 1)]),
        subtitle: sim.log_stream_name(idx),
        facts,
        log: lines(sim, &own, lang),
        streams: streams(sim, idx, lang),
        ..Inspect::default()
    }
}

/// The latest invocations in an environment, oldest first.
fn latest(sim: &Simulation, environment: u32) -> Vec<u32> {
    let count = sim.invocations().len();
    let all = count.saturating_sub(LOOKED_AT)..count;
    all.filter(|&each| sim.invocations().get(each).environment == environment).collect()
}

/// The latest lines with their times.
fn lines(sim: &Simulation, invocations: &[u32], lang: Lang) -> Option<String> {
    let mut blocks: Vec<Vec<String>> = Vec::new();
    let mut count = 0;
    let mut left = invocations.len();
    while left > 0 && count < LINES_MAX {
        left -= 1;
        let lines = sim.log_lines(invocations[left]);
        let block = lines.iter().map(|line| format!("{} {}", clock(line.at), line.text));
        count += lines.len();
        blocks.push(block.collect());
    }
    let mut texts: Vec<String> = blocks.into_iter().rev().flatten().collect();
    let cut = left > 0 || texts.len() > LINES_MAX;
    texts.drain(..texts.len().saturating_sub(LINES_MAX));
    if cut {
        texts.insert(0, MessageId::LogLinesEarlier.text(lang).to_owned());
    }
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn streams(sim: &Simulation, current: u32, lang: Lang) -> Vec<LogStream> {
    let function = sim.environments()[current as usize].function;
    let of_function = (0..).zip(sim.environments()).filter(|(_, each)| each.function == function);
    let mut streams: Vec<LogStream> = of_function
        .map(|(environment, each)| LogStream {
            environment,
            name: sim.log_stream_name(environment),
            text: MessageId::LogStreamText
                .fill(lang, &[&version_name(each.function_version()), &short_clock(each.opened_at)]),
            current: environment == current,
        })
        .collect();
    streams.drain(..streams.len().saturating_sub(STREAMS_MAX));
    streams
}

#[cfg(test)]
mod tests {
    use crate::lang::Lang;
    use crate::scenario::Scenario;
    use crate::sim::Simulation;
    use crate::units::SimTime;
    use crate::view::panels::inspect::build;
    use crate::view::scene::Object;
    use crate::view::shipped;

    #[test]
    fn an_environment_shows_its_whole_log_stream_and_the_others() {
        let mut sim =
            Simulation::new(Scenario::from_json(shipped::text_of("deploy-1-shard").unwrap()).unwrap());
        sim.run_until(SimTime(100_000));
        let last = sim.environments().len() as u32 - 1;
        let inspect = build(&sim, Some(Object::Environment(last)), 0, &None, Lang::En);
        assert_eq!(inspect.streams.len(), sim.environments().len());
        assert!(inspect.streams.iter().filter(|stream| stream.current).count() == 1);
        let log = inspect.log.unwrap();
        let whole: Vec<String> = sim.log_stream(last).map(|line| line.text).collect();
        let shown = log.lines().map(|line| line.split_once(' ').unwrap().1.to_owned());
        let (shown, skipped) = (shown.collect::<Vec<_>>(), whole.len().saturating_sub(super::LINES_MAX));
        assert_eq!(shown[usize::from(skipped > 0)..], whole[skipped..]);
        assert_eq!(inspect.subtitle, sim.log_stream_name(last));
    }
}

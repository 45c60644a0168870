//! The settings, and what is assumed.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::kinesis::StreamStatus;
use crate::lambda::account::{EventSourceMapping, MappingState};
use crate::lang::Lang;
use crate::scenario::{LaneHash, Model, Source};
use crate::sim::Simulation;
use crate::units::SimDuration;
use crate::view::deploy::{self, Deploy, version_name};
use crate::view::knob::{Kind, Knob, NO_LIMIT};
use crate::view::number::exact_seconds;
use crate::view::origin::Origin;
use crate::view::player::Direction;
use crate::view::text::MessageId;

/// The settings, and what is assumed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rail {
    /// Settings of the stream, the mapping and the function that the scenario has.
    pub knobs: Vec<KnobValue>,
    /// The only source of randomness.
    pub seed: u64,
    /// The stream now, if there is one.
    pub stream: Option<StreamNow>,
    /// The first mapping now, until it is deleted.
    pub mapping: Option<MappingNow>,
    /// The function that the first mapping invokes.
    pub deploy: Option<DeployNow>,
    /// What the producers put.
    pub producers: Vec<String>,
    /// What AWS does not document, and what is assumed instead.
    pub assumed: Vec<(MessageId, String)>,
    /// Whether a setting was changed.
    pub changed: bool,
    /// Whether it is an experiment of article C, settings changed or not.
    pub article: bool,
}

/// The stream as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct StreamNow {
    /// `StreamStatus`, while it is not `ACTIVE`.
    pub status: Option<&'static str>,
    /// Open shards.
    pub open: usize,
    /// Whether that is another number than the setting, which stands for t = 0; or there is no such setting.
    pub resharded: bool,
}

/// A mapping as it is now.
#[derive(Clone, Debug, PartialEq)]
pub struct MappingNow {
    /// `State`, while it is not `Enabled`.
    pub state: Option<&'static str>,
    /// Whether it is enabled, or being so.
    pub enabled: bool,
    /// The line that enables or disables it; `None` while the mapping takes no change.
    pub line: Option<Rc<str>>,
}

/// The version that is invoked, and the one that can be deployed.
#[derive(Clone, Debug, PartialEq)]
pub struct DeployNow {
    /// `v1`, or `$LATEST`.
    pub version: String,
    /// What the alias stands for, where the function has several versions.
    pub alias: Option<String>,
    /// What the button says.
    pub name: String,
    /// The command that it runs, or why it can do nothing.
    pub command: Result<String, MessageId>,
}

/// A setting and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct KnobValue {
    /// The setting.
    pub knob: Knob,
    /// Its value, with its unit.
    pub value: String,
    /// Whether it can go down.
    pub can_decrease: bool,
    /// Whether it can go up.
    pub can_increase: bool,
    /// Whether it was changed.
    pub changed: bool,
    /// The values to choose from, for a switch whether it is on: number, text, and whether it is this one.
    pub choices: Vec<(u64, String, bool)>,
}

/// Producers listed, at most.
const PRODUCERS_MAX: usize = 3;

/// The settings of a run's scenario.
#[must_use]
pub fn build(sim: &Simulation, origin: &Origin, lang: Lang) -> Rail {
    let scenario = sim.scenario();
    let changes = origin.changes(scenario);
    let knob = |knob: Knob| {
        let value = knob.value(scenario)?;
        Some(KnobValue {
            knob,
            value: value_text(knob, value, lang),
            can_decrease: knob.neighbor(value, Direction::Back).is_some(),
            can_increase: knob.neighbor(value, Direction::Forward).is_some(),
            changed: changes.iter().any(|&(changed, _)| changed == knob),
            choices: choices(knob, value, lang),
        })
    };
    let producers = scenario.producers.iter().take(PRODUCERS_MAX);
    Rail {
        knobs: Knob::ALL.into_iter().filter_map(knob).collect(),
        seed: scenario.seed,
        stream: stream_now(sim),
        mapping: sim.lambda().mappings.first().and_then(mapping_now),
        deploy: deploy::state(sim).map(|deploy| deploy_now(deploy, lang)),
        producers: producers.map(|producer| producer_text(&producer.source, lang)).collect(),
        assumed: assumed(&scenario.model, lang),
        changed: !changes.is_empty(),
        article: origin.is_article(),
    }
}

fn stream_now(sim: &Simulation) -> Option<StreamNow> {
    let stream = sim.stream();
    if stream.status == StreamStatus::Absent {
        return None;
    }
    let open = stream.open_shards().len();
    let first = Knob::Shards.value(sim.scenario());
    let status = Some(stream.status.name()).filter(|_| stream.status != StreamStatus::Active);
    Some(StreamNow { status, open, resharded: first != Some(open as u64) })
}

fn mapping_now(mapping: &EventSourceMapping) -> Option<MappingNow> {
    let state = mapping.state;
    let (enabled, settled) = match state {
        MappingState::Enabled => (true, true),
        MappingState::Disabled => (false, true),
        MappingState::Creating | MappingState::Enabling | MappingState::Updating => (true, false),
        MappingState::Disabling => (false, false),
        MappingState::Deleting | MappingState::Deleted => return None,
    };
    let flag = if enabled { "--no-enabled" } else { "--enabled" };
    let line = format!("aws lambda update-event-source-mapping --uuid {} {flag}", mapping.uuid);
    Some(MappingNow {
        state: Some(state.name()).filter(|_| state != MappingState::Enabled),
        enabled,
        line: settled.then(|| line.into()),
    })
}

fn deploy_now(deploy: Deploy, lang: Lang) -> DeployNow {
    let Deploy { version, alias, next } = deploy;
    let several = next != Err(MessageId::DeployOneVersion);
    DeployNow {
        version: version_name(version),
        alias: alias.filter(|_| several).map(|alias| alias.text(lang)),
        name: match &next {
            Ok(next) => MessageId::DeployVersion.fill(lang, &[&version_name(next.version)]),
            Err(_) => MessageId::DeployNext.text(lang).to_owned(),
        },
        command: next.map(|next| next.line),
    }
}

/// The values that a setting can be given, with its own among them.
fn choices(knob: Knob, value: u64, lang: Lang) -> Vec<(u64, String, bool)> {
    if knob.kind() == Kind::Stepper {
        return Vec::new();
    }
    let mut values = knob.steps().to_vec();
    values.extend(Some(value).filter(|value| !values.contains(value)));
    values.sort_unstable();
    values.into_iter().map(|each| (each, value_text(knob, each, lang), each == value)).collect()
}

/// A setting's value with its unit.
#[must_use]
pub fn value_text(knob: Knob, value: u64, lang: Lang) -> String {
    match knob {
        Knob::Retries | Knob::RecordAge if value == NO_LIMIT => MessageId::NoLimit.text(lang).to_owned(),
        Knob::Shards | Knob::ParallelizationFactor | Knob::BatchSize | Knob::Retries => value.to_string(),
        Knob::Bisect | Knob::Checkpoint => {
            (if value > 0 { MessageId::On } else { MessageId::Off }).text(lang).to_owned()
        }
        Knob::RecordAge => age_text(value, lang),
        Knob::Destination => match value {
            0 => MessageId::NoDestination.text(lang).to_owned(),
            1 => "SQS".to_owned(),
            2 => "SNS".to_owned(),
            _ => "S3".to_owned(),
        },
        Knob::BatchWindow => exact_seconds(SimDuration::from_secs(value), lang),
        Knob::PerRecord => exact_seconds(SimDuration(value), lang),
    }
}

/// Seconds in the largest unit that divides them.
fn age_text(seconds: u64, lang: Lang) -> String {
    let units = [(86_400, MessageId::Days), (3600, MessageId::Hours), (60, MessageId::Minutes)];
    match units.into_iter().find(|&(unit, _)| seconds.is_multiple_of(unit)) {
        Some((unit, id)) => id.fill(lang, &[&(seconds / unit)]),
        None => exact_seconds(SimDuration::from_secs(seconds), lang),
    }
}

fn producer_text(source: &Source, lang: Lang) -> String {
    match source {
        Source::Records { records, .. } => MessageId::ProducerRecords.fill(lang, &[&records.len()]),
        Source::Rounds { partition_keys, rounds, period, .. } => {
            let period = exact_seconds(*period, lang);
            let distinct = partition_keys.iter().collect::<BTreeSet<_>>().len();
            let id = match (rounds, distinct) {
                (1, _) => MessageId::ProducerRound,
                (_, 1) => MessageId::ProducerRoundsOneKey,
                (..) => MessageId::ProducerRounds,
            };
            id.fill(lang, &[&partition_keys.len(), rounds, &period])
        }
        Source::Loop { partition_key, pause, .. } => {
            MessageId::ProducerLoop.fill(lang, &[partition_key, &exact_seconds(*pause, lang)])
        }
        Source::Rate { records_per_second, keys, .. } => {
            let rate = match records_per_second.denominator() {
                1 => records_per_second.numerator().to_string(),
                denominator => format!("{}/{denominator}", records_per_second.numerator()),
            };
            let id = match (rate == "1", keys.count == 1) {
                (false, false) => MessageId::ProducerRate,
                (false, true) => MessageId::ProducerRateOneKey,
                (true, false) => MessageId::ProducerRateOne,
                (true, true) => MessageId::ProducerRateOneOneKey,
            };
            id.fill(lang, &[&rate, &keys.count])
        }
    }
}

/// A figure without its unit.
fn bare(text: &str) -> &str {
    text.split(' ').next().unwrap_or(text)
}

fn assumed(model: &Model, lang: Lang) -> Vec<(MessageId, String)> {
    let factor = model.backoff_factor;
    let factor = match factor.denominator() {
        1 => factor.numerator().to_string(),
        denominator => format!("{}/{denominator}", factor.numerator()),
    };
    let (base, cap) = (exact_seconds(model.backoff_base, lang), exact_seconds(model.backoff_cap, lang));
    let hash = match model.lane_hash {
        LaneHash::JavaStringHash => "hashCode",
        LaneHash::Md5Low32 => "MD5",
    };
    vec![
        (MessageId::AssumedPoll, exact_seconds(model.poll, lang)),
        (MessageId::AssumedHash, MessageId::AssumedHashValue.fill(lang, &[&hash])),
        (MessageId::AssumedActivation, exact_seconds(model.activation, lang)),
        (MessageId::AssumedOverhead, exact_seconds(model.invoke_overhead, lang)),
        (MessageId::AssumedBackoff, format!("{} × {factor} ≤ {cap}", bare(&base))),
        (MessageId::AssumedEnvelope, MessageId::Bytes.fill(lang, &[&model.envelope])),
        (MessageId::AssumedAge, MessageId::AssumedAgeValue.text(lang).to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::CommandAction;
    use crate::units::SimTime;
    use crate::view::player::Player;
    use crate::view::shipped;

    #[test]
    fn a_mapping_is_paused_and_goes_on_by_its_line() {
        let text = shipped::FIRST.1;
        let mut player = Player::new(crate::scenario::Scenario::from_json(text).unwrap());
        let now = |player: &Player| mapping_now(&player.sim().lambda().mappings[0]).unwrap();
        for (from, state) in [(10_000, None), (60_000, Some("Disabled"))] {
            player.seek(SimTime(from));
            let before = now(&player);
            assert_eq!((before.state, before.enabled), (state, state.is_none()));
            let done = player.command(CommandAction::Cli(before.line.unwrap().to_string()));
            assert_eq!(done.outcome.as_ref().map(|outcome| outcome.exit_code), Some(0));
            assert_eq!(now(&player).enabled, !before.enabled);
        }
        player.seek(SimTime(240_000));
        assert_eq!((now(&player).state, now(&player).enabled), (None, true));
    }
}

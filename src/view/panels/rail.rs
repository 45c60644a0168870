//! The settings, and what is assumed.

pub mod filter;
pub mod state;

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::kinesis::StreamStatus;
use crate::lambda::account::MappingState;
use crate::lang::Lang;
use crate::scenario::{LaneHash, Model, Source};
use crate::sim::Simulation;
use crate::sim::mapping::Mapping;
use crate::units::{SimDuration, SimTime};
use crate::view::deploy::{self, Deploy, version_name};
use crate::view::knob::{Kind, Knob, NO_LIMIT, POSITIONS, Scope, Since};
use crate::view::number::exact_seconds;
use crate::view::origin::Origin;
use crate::view::player::Direction;
use crate::view::text::MessageId;

use state::{Fold, State};

/// The settings, and what is assumed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rail {
    /// Settings of the stream, the mapping and the function that the scenario has, of those that show.
    pub knobs: Vec<KnobValue>,
    /// Whether there is a mapping.
    pub has_consumer: bool,
    /// The mappings to look at, where there are several: what each is called, and whether it is this one.
    pub mappings: Vec<(String, bool)>,
    /// The mapping's filter, while it shows.
    pub filter: Option<Rc<filter::Filter>>,
    /// Its patterns.
    pub filters: usize,
    /// The only source of randomness.
    pub seed: u64,
    /// The stream now, if there is one.
    pub stream: Option<StreamNow>,
    /// `State` of the mapping, while it is not `Enabled`.
    pub mapping_state: Option<&'static str>,
    /// The function that the mapping invokes.
    pub deploy: Option<DeployNow>,
    /// What the producers put.
    pub producers: Vec<String>,
    /// What AWS does not document, and what is assumed instead, where it is not turned.
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
    /// Whether turning it builds the run anew, although settings are to count from the playhead on.
    pub restarts: bool,
    /// Of a dial, the value that is assumed if nothing else is said, with its text.
    pub default: Option<(u64, String)>,
}

/// Settings that always show.
const SHOWN: [Knob; 6] = [
    Knob::Shards,
    Knob::ParallelizationFactor,
    Knob::Bisect,
    Knob::Checkpoint,
    Knob::PerRecord,
    Knob::Reserved,
];

/// More settings of the mapping.
pub const MORE: [Knob; 8] = [
    Knob::BatchSize,
    Knob::BatchWindow,
    Knob::Retries,
    Knob::RecordAge,
    Knob::Destination,
    Knob::TumblingWindow,
    Knob::StartingPosition,
    Knob::Enabled,
];

/// Producers listed, at most.
const PRODUCERS_MAX: usize = 3;

/// The settings as of the playhead.
#[must_use]
pub fn build(sim: &Simulation, origin: &Origin, state: &State, lang: Lang) -> Rail {
    let scenario = sim.scenario();
    let mut wanted = SHOWN.to_vec();
    wanted.extend(MORE.iter().filter(|_| state.shows(Fold::More)));
    wanted.extend(Knob::DIALS.iter().filter(|_| state.shows(Fold::Model)));
    let scope = Scope { mapping: looked_at(sim, state.scope.mapping), ..state.scope };
    let knobs = wanted.into_iter().filter_map(|knob| knob_value(sim, origin, scope, knob, lang));
    let has_consumer = !scenario.mappings.is_empty();
    let live = Knob::BatchSize.is_live(sim, scope);
    let filter = || Rc::new(filter::build(sim, scope.mapping, state, live, lang));
    let producers = scenario.producers.iter().take(PRODUCERS_MAX);
    Rail {
        knobs: knobs.collect(),
        has_consumer,
        mappings: mappings(sim, scope.mapping, lang),
        filter: (has_consumer && state.shows(Fold::Filter)).then(filter),
        filters: filter::in_force(sim, scope.mapping, live).len(),
        seed: scenario.seed,
        stream: stream_now(sim),
        mapping_state: mapping_state(sim, scope.mapping),
        deploy: deploy::state(sim, scope.mapping).map(|deploy| deploy_now(deploy, lang)),
        producers: joined(producers.map(|producer| producer_text(&producer.source, lang)).collect()),
        assumed: assumed(&scenario.model, state.shows(Fold::Model), lang),
        changed: !origin.changes(scenario).is_empty(),
        article: origin.is_article(),
    }
}

/// The mapping that is looked at: the one that was asked for, or the last there is.
#[must_use]
pub fn looked_at(sim: &Simulation, wanted: u16) -> u16 {
    wanted.min(sim.mappings().len().saturating_sub(1) as u16)
}

/// The mappings by their functions, and by their numbers, where there are several.
#[must_use]
pub fn mappings(sim: &Simulation, looked_at: u16, lang: Lang) -> Vec<(String, bool)> {
    let several = sim.mappings().len() > 1;
    let listed = (0..).zip(sim.mappings()).filter(|_| several);
    let name = |(idx, mapping): (u16, &Mapping)| {
        let config = mapping.config();
        let function = &sim.scenario().functions[config.function_idx as usize].name;
        (MessageId::MappingChoice.fill(lang, &[&(idx + 1), function]), idx == looked_at)
    };
    listed.map(name).collect()
}

fn knob_value(sim: &Simulation, origin: &Origin, scope: Scope, knob: Knob, lang: Lang) -> Option<KnobValue> {
    let value = knob.shown(sim, scope)?;
    let since = scope.since;
    let default = knob.default_value();
    Some(KnobValue {
        knob,
        value: value_text(knob, value, lang),
        can_decrease: knob.neighbor(value, Direction::Back).is_some(),
        can_increase: knob.neighbor(value, Direction::Forward).is_some(),
        changed: origin.base_value(knob, scope.mapping) != Some(value),
        choices: choices(knob, value, lang),
        restarts: since == Since::Now && sim.now() > SimTime::ZERO && !knob.is_live(sim, scope),
        default: default.map(|default| (default, value_text(knob, default, lang))),
    })
}

fn stream_now(sim: &Simulation) -> Option<StreamNow> {
    let stream = sim.stream();
    if stream.status == StreamStatus::Absent {
        return None;
    }
    let open = stream.open_shards().len();
    let first = Knob::Shards.value(sim.scenario(), 0);
    let status = Some(stream.status.name()).filter(|_| stream.status != StreamStatus::Active);
    Some(StreamNow { status, open, resharded: first != Some(open as u64) })
}

fn mapping_state(sim: &Simulation, mapping: u16) -> Option<&'static str> {
    let state = sim.lambda().mappings.get(usize::from(mapping))?.state;
    Some(state.name()).filter(|_| state != MappingState::Enabled)
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
        Knob::Reserved if value == NO_LIMIT => MessageId::NotReserved.text(lang).to_owned(),
        Knob::Shards | Knob::ParallelizationFactor | Knob::BatchSize | Knob::Retries | Knob::Reserved => {
            value.to_string()
        }
        Knob::Bisect | Knob::Checkpoint | Knob::Enabled => {
            (if value > 0 { MessageId::On } else { MessageId::Off }).text(lang).to_owned()
        }
        Knob::RecordAge => age_text(value, lang),
        Knob::Destination => match value {
            0 => MessageId::NoDestination.text(lang).to_owned(),
            1 => "SQS".to_owned(),
            2 => "SNS".to_owned(),
            _ => "S3".to_owned(),
        },
        Knob::TumblingWindow if value == 0 => MessageId::NoDestination.text(lang).to_owned(),
        Knob::BatchWindow | Knob::TumblingWindow => exact_seconds(SimDuration::from_secs(value), lang),
        Knob::StartingPosition => POSITIONS[value as usize % POSITIONS.len()].to_owned(),
        Knob::LaneHash => (if value > 0 { "MD5" } else { "hashCode" }).to_owned(),
        Knob::PerRecord
        | Knob::Poll
        | Knob::Activation
        | Knob::Deactivation
        | Knob::Overhead
        | Knob::BackoffBase
        | Knob::BackoffCap
        | Knob::ShardAssignment
        | Knob::ReshardStep
        | Knob::Rollout => exact_seconds(SimDuration(value), lang),
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

/// Equal texts as one with their number, where its first one stood.
fn joined(texts: Vec<String>) -> Vec<String> {
    let mut joined: Vec<(String, u32)> = Vec::new();
    for text in texts {
        match joined.iter_mut().find(|(seen, _)| *seen == text) {
            Some((_, times)) => *times += 1,
            None => joined.push((text, 1)),
        }
    }
    let name = |(text, times)| if times == 1 { text } else { format!("{times} × {text}") };
    joined.into_iter().map(name).collect()
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
            MessageId::ProducerRate.fill(lang, &[&rate, &keys.count])
        }
    }
}

/// A figure without its unit.
fn bare(text: &str) -> &str {
    text.split(' ').next().unwrap_or(text)
}

/// What is assumed; without the dials that show as settings where these do.
fn assumed(model: &Model, dials: bool, lang: Lang) -> Vec<(MessageId, String)> {
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
    let turned = vec![
        (MessageId::AssumedPoll, exact_seconds(model.poll, lang)),
        (MessageId::AssumedHash, MessageId::AssumedHashValue.fill(lang, &[&hash])),
        (MessageId::AssumedActivation, exact_seconds(model.activation, lang)),
        (MessageId::AssumedOverhead, exact_seconds(model.invoke_overhead, lang)),
        (MessageId::AssumedBackoff, format!("{} × {factor} ≤ {cap}", bare(&base))),
    ];
    let fixed = [
        (MessageId::AssumedEnvelope, MessageId::Bytes.fill(lang, &[&model.envelope])),
        (MessageId::AssumedAge, MessageId::AssumedAgeValue.text(lang).to_owned()),
    ];
    let turned = turned.into_iter().filter(|_| !dials);
    let growth = dials.then(|| (MessageId::AssumedGrowth, format!("× {factor}")));
    turned.chain(growth).chain(fixed).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::scenario::{CommandAction, Scenario};
    use crate::view::knob::Turned;
    use crate::view::player::Player;
    use crate::view::shipped;

    fn rail(player: &Player, state: &State) -> Rail {
        let text: Rc<str> = shipped::FIRST.1.into();
        build(player.sim(), &Origin::new(&text, &Scenario::from_json(&text).unwrap()), state, Lang::En)
    }

    fn player() -> Player {
        Player::new(Scenario::from_json(shipped::FIRST.1).unwrap())
    }

    #[test]
    fn a_mapping_is_paused_and_goes_on_by_its_switch() {
        let mut player = player();
        for (from, state, value) in [(10_000, None, 0), (60_000, Some("Disabled"), 1)] {
            player.seek(SimTime(from));
            assert_eq!(mapping_state(player.sim(), 0), state);
            let Some(Turned::Run(line)) = Knob::Enabled.turned(player.sim(), Scope::default(), value) else {
                panic!("a mapping is paused by a call")
            };
            let done = player.command(CommandAction::Cli(line));
            assert_eq!(done.outcome.as_ref().map(|outcome| outcome.exit_code), Some(0));
            assert_eq!(Knob::Enabled.shown(player.sim(), Scope::default()), Some(value));
        }
        player.seek(SimTime(240_000));
        assert_eq!(mapping_state(player.sim(), 0), None);
    }

    #[test]
    fn parts_that_are_folded_are_not_built() {
        let player = player();
        let mut state = State::default();
        let folded = rail(&player, &state);
        assert_eq!((folded.knobs.len(), folded.assumed.len(), folded.filter), (SHOWN.len(), 7, None));
        for fold in [Fold::More, Fold::Filter, Fold::Model] {
            state.edit(&state::Edit::Toggle(fold));
        }
        let open = rail(&player, &state);
        assert_eq!(open.knobs.len(), Knob::ALL.len());
        assert_eq!((open.assumed.len(), open.filter.is_some()), (3, true));
        let dials = open.knobs.iter().filter(|value| value.default.is_some());
        assert_eq!(dials.count(), Knob::DIALS.len());
    }

    #[test]
    fn what_has_no_call_says_that_it_restarts_the_run() {
        let mut player = player();
        let restarts = |player: &Player, since| {
            let mut state = State::default();
            state.edit(&state::Edit::Since(since));
            let rail = rail(player, &state);
            let of = |value: &KnobValue| (value.restarts, value.knob);
            rail.knobs
                .iter()
                .map(of)
                .filter(|&(restarts, _)| restarts)
                .map(|(_, knob)| knob)
                .collect::<Vec<_>>()
        };
        assert_eq!(restarts(&player, Since::Now), []);
        player.seek(SimTime(1000));
        assert_eq!(restarts(&player, Since::Now), [Knob::PerRecord]);
        assert_eq!(restarts(&player, Since::Start), []);
    }
}

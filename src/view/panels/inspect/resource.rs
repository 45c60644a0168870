//! The facts of resources: mappings, functions, aliases, environments, alarms, producers, pollers, checkpoints.

use super::{Fact, Inspect, fact, link, mapping_link, mono, shard_link, some_name};
use crate::kinesis::stream::shard_id;
use crate::lang::Lang;
use crate::scenario::{Qualifier, Source, Version};
use crate::sim::Simulation;
use crate::sim::workload::NEVER;
use crate::units::{SimDuration, SimTime};
use crate::view::explain::journey;
use crate::view::number::{exact_seconds, short_clock};
use crate::view::panels::log::short_shard;
use crate::view::panels::record_name;
use crate::view::scene::{Object, Resource};
use crate::view::text::MessageId;

/// Shards, environments and the like listed, at most.
const LIST_MAX: usize = 24;

/// A resource's name.
pub(super) fn name(sim: &Simulation, resource: Resource, lang: Lang) -> String {
    let function_name = |function: u16| {
        let function = sim.scenario().functions.get(usize::from(function));
        function.map_or(String::new(), |function| function.name.clone())
    };
    match resource {
        Resource::Stream => MessageId::StreamNamed.fill(lang, &[&sim.stream().name]),
        Resource::Producer(producer) => MessageId::ProducerNumber.fill(lang, &[&(u32::from(producer) + 1)]),
        Resource::Poller { shard, .. } => MessageId::PollerOf.fill(lang, &[&short_shard(shard)]),
        Resource::Checkpoint { shard, .. } => MessageId::CheckpointOf.fill(lang, &[&short_shard(shard)]),
        Resource::Mapping(mapping) => MessageId::MappingNumber.fill(lang, &[&(mapping + 1)]),
        Resource::IteratorAge(mapping) => MessageId::AgeOf.fill(lang, &[&(mapping + 1)]),
        Resource::Function(function) => MessageId::FunctionNamed.fill(lang, &[&function_name(function)]),
        Resource::Version { function, version } => {
            MessageId::VersionOf.fill(lang, &[&function_name(function), &Version::Published(version)])
        }
        Resource::Alias { function, alias } => {
            let known = u32::from(alias) < sim.functions().aliases(function.into());
            let name = if known { sim.functions().alias_name(function.into(), alias.into()) } else { "" };
            MessageId::AliasNamed.fill(lang, &[&name])
        }
        Resource::Alarm(alarm) => {
            let alarm = sim.alarms().get(usize::from(alarm));
            MessageId::AlarmNamed.fill(lang, &[&alarm.map_or("", |alarm| &alarm.definition.alarm_name)])
        }
    }
}

/// A resource that there is.
pub(super) fn of(sim: &Simulation, resource: Resource, lang: Lang) -> Inspect {
    let (subtitle, facts) = match resource {
        Resource::Stream => stream(sim, lang),
        Resource::Producer(producer) => of_producer(sim, producer, lang),
        Resource::Poller { mapping, shard } | Resource::Checkpoint { mapping, shard } => {
            reader(sim, mapping, shard, lang)
        }
        Resource::Mapping(mapping) => of_mapping(sim, mapping, lang),
        Resource::IteratorAge(mapping) => age(sim, mapping, lang),
        Resource::Function(function) => of_function(sim, function, lang),
        Resource::Version { function, version } => of_version(sim, function, version, lang),
        Resource::Alias { function, alias } => of_alias(sim, function, alias, lang),
        Resource::Alarm(alarm) => of_alarm(sim, alarm, lang),
    };
    Inspect { title: name(sim, resource, lang), subtitle, facts, ..Inspect::default() }
}

fn resource_link(sim: &Simulation, label: MessageId, resource: Resource, lang: Lang) -> Fact {
    link(label, name(sim, resource, lang), Object::Resource(resource))
}

fn stream(sim: &Simulation, lang: Lang) -> (String, Vec<Fact>) {
    let stream = sim.stream();
    let mut facts = vec![
        fact(MessageId::FactState, stream.status.name()),
        fact(MessageId::FactRecords, stream.records.len()),
        fact(MessageId::FactRetention, exact_seconds(stream.retention(), lang)),
    ];
    facts.extend(stream_cost(sim));
    let open = stream.open_shards().iter().take(LIST_MAX);
    facts.extend(open.map(|&shard| shard_link(MessageId::FactShard, shard)));
    (stream.mode.name().to_owned(), facts)
}

/// What the stream and its consumers have cost so far, and what for.
fn stream_cost(sim: &Simulation) -> Vec<Fact> {
    let (usage, cost) = (sim.usage(), sim.cost());
    let mut facts = vec![fact(MessageId::FactStreamCost, dollars(&cost.kinesis))];
    if usage.shard_ms > 0 {
        facts.push(fact(MessageId::FactShardHours, &cost.shard_hours));
        facts.push(fact(MessageId::FactPayloadUnits, cost.put_payload_units));
    }
    if let Some(used) = &cost.fan_out {
        facts.push(fact(MessageId::FactConsumerHours, &used.consumer_shard_hours));
        facts.push(fact(MessageId::FactConsumerGigabytes, &used.consumer_gigabytes));
    }
    if let Some(used) = &cost.on_demand {
        facts.push(fact(MessageId::FactOnDemandHours, &used.on_demand_hours));
        facts.push(fact(MessageId::FactGigabytesIn, &used.on_demand_gigabytes_in));
        facts.push(fact(MessageId::FactGigabytesOut, &used.on_demand_gigabytes_out));
        facts.push(fact(MessageId::FactOnDemandConsumers, &used.on_demand_consumer_gigabytes));
    }
    facts.push(prices(sim));
    facts
}

/// What the functions have cost so far, and what of it paid for work done again.
fn functions_cost(sim: &Simulation) -> [Fact; 5] {
    let cost = sim.cost();
    [
        fact(MessageId::FactFunctionsCost, dollars(&cost.lambda)),
        fact(MessageId::FactWasted, dollars(&cost.wasted)),
        fact(MessageId::FactRequests, cost.requests),
        fact(MessageId::FactGigabyteSeconds, &cost.gigabyte_seconds),
        prices(sim),
    ]
}

fn dollars(amount: &str) -> String {
    format!("${amount}")
}

/// When and where the prices were read.
fn prices(sim: &Simulation) -> Fact {
    let prices = &sim.scenario().prices;
    fact(MessageId::FactPrices, format_args!("{} · {}", prices.date, prices.source))
}

fn of_producer(sim: &Simulation, idx: u8, lang: Lang) -> (String, Vec<Fact>) {
    let state = sim.producer(idx);
    let kind = match &sim.scenario().producers[usize::from(idx)].source {
        Source::Records { .. } => "records",
        Source::Rounds { .. } => "rounds",
        Source::Loop { .. } => "loop",
        Source::Rate { .. } => "rate",
    };
    let next = match state.due {
        NEVER => MessageId::NoDestination.text(lang).to_owned(),
        due => short_clock(SimTime(due)),
    };
    let mut facts = vec![fact(MessageId::FactNextPut, next), fact(MessageId::FactRefused, state.throttles())];
    if state.due != NEVER {
        facts.push(mono(MessageId::FactKey, sim.stream().keys.text(state.wish.key)));
    }
    (kind.to_owned(), facts)
}

/// A mapping's place in a shard, for its poller and its checkpoint.
fn reader(sim: &Simulation, mapping: u16, shard: u32, lang: Lang) -> (String, Vec<Fact>) {
    let reader = &sim.mapping(mapping).readers[shard as usize];
    let mut facts = vec![
        shard_link(MessageId::FactShard, shard),
        mapping_link(mapping, lang),
        link(
            MessageId::FactPoller,
            some_name(sim, reader.read, lang),
            Object::Resource(Resource::Poller { mapping, shard }),
        ),
        link(
            MessageId::FactCheckpoint,
            some_name(sim, reader.checkpoint, lang),
            Object::Resource(Resource::Checkpoint { mapping, shard }),
        ),
    ];
    if let Some((record, lane)) = journey::oldest_open(sim, mapping, shard) {
        facts.push(link(MessageId::FactOldest, record_name(sim, record), Object::Record(record)));
        let name = MessageId::BatcherNumber.fill(lang, &[&(u32::from(lane.lane) + 1)]);
        facts.push(link(MessageId::FactBatcher, name, Object::Lane(lane)));
    }
    (shard_id(shard), facts)
}

fn of_mapping(sim: &Simulation, idx: u16, lang: Lang) -> (String, Vec<Fact>) {
    let own = sim.mapping(idx);
    let config = own.config();
    let function = config.function_idx as u16;
    let invoked = match config.qualifier {
        Qualifier::Latest => Resource::Function(function),
        Qualifier::Version(version) => Resource::Version { function, version },
        Qualifier::Alias(alias) => Resource::Alias { function, alias: alias as u16 },
    };
    let mut facts = vec![
        fact(MessageId::FactState, own.state.name()),
        fact(MessageId::FactLastResult, sim.lambda().mappings[usize::from(idx)].result.text()),
        resource_link(sim, MessageId::FactInvokes, invoked, lang),
        resource_link(sim, MessageId::FactStream, Resource::Stream, lang),
        resource_link(sim, MessageId::FactIteratorAge, Resource::IteratorAge(idx), lang),
        fact(MessageId::TwinDone, own.succeeded),
        fact(MessageId::FactDiscarded, own.discarded),
        fact(MessageId::FactExpired, own.expired),
        fact(MessageId::FactFiltered, own.filtered),
    ];
    let shards = (0..own.readers.len() as u32).filter(|&shard| sim.stream().shards[shard as usize].is_open());
    let checkpoint = |shard| {
        let resource = Resource::Checkpoint { mapping: idx, shard };
        let text = some_name(sim, own.readers[shard as usize].checkpoint, lang);
        let text = format!("{} · {text}", short_shard(shard));
        link(MessageId::FactCheckpoint, text, Object::Resource(resource))
    };
    facts.extend(shards.take(LIST_MAX).map(checkpoint));
    (sim.scenario().functions[usize::from(function)].name.clone(), facts)
}

fn age(sim: &Simulation, mapping: u16, lang: Lang) -> (String, Vec<Fact>) {
    let mut facts = vec![mapping_link(mapping, lang)];
    let shards = 0..sim.mapping(mapping).readers.len().min(10_000) as u32;
    let oldest = shards.filter_map(|shard| journey::oldest_open(sim, mapping, shard)).min();
    if let Some((record, lane)) = oldest {
        let age = SimDuration(sim.now().0 - sim.stream().records.get(record).arrival().0);
        let text = format!("{} · {}", record_name(sim, record), exact_seconds(age, lang));
        facts.push(link(MessageId::FactOldest, text, Object::Record(record)));
        let name = MessageId::BatcherNumber.fill(lang, &[&(u32::from(lane.lane) + 1)]);
        facts.push(link(MessageId::FactBatcher, name, Object::Lane(lane)));
    }
    let most = exact_seconds(sim.totals().iterator_age_max, lang);
    facts.push(fact(MessageId::FactAgeMax, most));
    (MessageId::TotalAge.text(lang).to_owned(), facts)
}

fn of_function(sim: &Simulation, function: u16, lang: Lang) -> (String, Vec<Fact>) {
    let config = &sim.scenario().functions[usize::from(function)];
    let mut facts = vec![
        fact(MessageId::FactTimeout, exact_seconds(config.timeout, lang)),
        fact(MessageId::FactMemory, format_args!("{} MB", config.memory_mb)),
    ];
    let versions = sim.functions().published(function.into());
    let listed = (0..versions).rev().take(LIST_MAX);
    facts.extend(listed.map(|version| {
        let resource = Resource::Version { function, version };
        link(MessageId::FactVersion, Version::Published(version), Object::Resource(resource))
    }));
    for alias in 0..sim.functions().aliases(function.into()).min(LIST_MAX as u32) {
        let resource = Resource::Alias { function, alias: alias as u16 };
        facts.push(resource_link(sim, MessageId::FactAlias, resource, lang));
    }
    facts.extend(functions_cost(sim));
    (config.arn(&sim.scenario().region, &sim.scenario().account), facts)
}

fn of_version(sim: &Simulation, function: u16, version: u32, lang: Lang) -> (String, Vec<Fact>) {
    let config = &sim.scenario().functions[usize::from(function)];
    let code = &config.versions[version as usize];
    let facts = vec![
        resource_link(sim, MessageId::SectionFunction, Resource::Function(function), lang),
        mono(MessageId::FactTag, &code.tag),
        fact(MessageId::KnobPerRecord, exact_seconds(code.handler.per_record(), lang)),
    ];
    (config.name.clone(), facts)
}

fn of_alias(sim: &Simulation, function: u16, alias: u16, lang: Lang) -> (String, Vec<Fact>) {
    let rollout = sim.functions().rollout(function.into(), alias.into());
    let routing = rollout.routing();
    let version = |version: Version| match version {
        Version::Latest => Resource::Function(function),
        Version::Published(version) => Resource::Version { function, version },
    };
    let mut facts = vec![
        resource_link(sim, MessageId::SectionFunction, Resource::Function(function), lang),
        resource_link(sim, MessageId::FactVersion, version(routing.version), lang),
    ];
    if let Some((second, weight)) = routing.additional {
        let second = Version::Published(second);
        let percent = weight.numerator() * 100 / weight.denominator().max(1);
        let text = format!("{second} · {percent} %");
        facts.push(link(MessageId::FactWeight, text, Object::Resource(version(second))));
    }
    (sim.scenario().functions[usize::from(function)].name.clone(), facts)
}

fn of_alarm(sim: &Simulation, idx: u16, lang: Lang) -> (String, Vec<Fact>) {
    let alarm = &sim.alarms()[usize::from(idx)];
    let definition = &alarm.definition;
    let rule = format!("{} {}", definition.comparison_operator.name(), definition.threshold.text());
    let facts = vec![
        fact(MessageId::FactState, alarm.state.name()),
        fact(MessageId::FactSince, short_clock(alarm.state_since)),
        mono(
            MessageId::FactMetric,
            format_args!("{} ({})", definition.metric_name, definition.statistic.name()),
        ),
        mono(MessageId::FactThreshold, rule),
        fact(MessageId::FactPeriod, exact_seconds(definition.span(), lang)),
    ];
    (definition.namespace.clone(), facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::view::shipped;

    /// The values of facts, by their labels.
    fn facts(id: &str, t: u64, resource: Resource, wanted: &[MessageId]) -> Vec<Option<String>> {
        let mut sim = Simulation::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
        sim.run_until(SimTime(t));
        let facts = of(&sim, resource, Lang::En).facts;
        let value =
            |label: &MessageId| facts.iter().find(|fact| fact.label == *label).map(|fact| fact.value.clone());
        wanted.iter().map(value).collect()
    }

    #[test]
    fn the_cost_stands_beside_what_it_pays_for() {
        let wanted = [MessageId::FactStreamCost, MessageId::FactShardHours, MessageId::FactConsumerHours];
        let some = |text: &str| Some(text.to_owned());
        // A shard's minute is 1/60 hour, of $0.015; the units come on top, the consumer costs as much as the shard.
        let plain = facts("parallelization-3", 60_000, Resource::Stream, &wanted);
        assert_eq!(plain[1..], [some("0.016667"), None]);
        let pushed = facts("enhanced-fan-out", 60_000, Resource::Stream, &wanted);
        assert_eq!(pushed[1], pushed[2]);
        assert!(pushed[0].as_ref().unwrap().starts_with('$'), "{pushed:?}");
        let wanted = [MessageId::FactWasted, MessageId::FactPrices];
        let functions = facts("parallelization-3-error", 120_000, Resource::Function(0), &wanted);
        assert_ne!(functions[0], some("$0.000000"));
        assert!(functions[1].as_ref().unwrap().starts_with("2026-11-21 · "), "{functions:?}");
    }
}

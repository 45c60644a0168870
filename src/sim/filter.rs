//! Filter criteria at work: which records a mapping keeps away from its function.

use serde_json::Value;

use super::Simulation;
use super::mapping::OpenRecord;
use crate::aws::lambda::filter::{FilterCriteria, Subject};
use crate::event_log::Event;

impl Simulation {
    /// Whether filter criteria let a record through, were they those of this mapping.
    #[must_use]
    pub fn matches(&self, mapping: u16, criteria: &FilterCriteria, record: u32) -> bool {
        criteria.is_empty() || criteria.matches(&FilterSubject { sim: self, mapping, record })
    }

    /// Whether a record matches the mapping's filter criteria.
    pub(super) fn passes(&self, idx: u16, record: u32) -> bool {
        self.matches(idx, &self.mapping(idx).config().filter_criteria, record)
    }

    /// A record that a filter keeps away is done.
    pub(super) fn filter_out(&mut self, idx: u16, shard: u32, record: u32) {
        let mapping = &mut self.mappings[usize::from(idx)];
        mapping.readers[shard as usize].read = record;
        mapping.open[shard as usize].push_back(OpenRecord { record, filtered: true });
        mapping.events.filtered_out_event_count += 1;
        mapping.filtered += u64::from(!mapping.counted.remove(&record));
        self.log.push(self.now, Event::RecordFiltered { mapping: idx, record }, [idx.into(), record]);
    }
}

/// A record as filters see it: the members of its entry in an event.
struct FilterSubject<'a> {
    /// The run.
    sim: &'a Simulation,
    /// The mapping that hands the record over, or does not.
    mapping: u16,
    /// The record.
    record: u32,
}

impl Subject for FilterSubject<'_> {
    fn metadata(&self, name: &str) -> Option<Value> {
        let Self { sim, mapping, record } = *self;
        if name == "partitionKey" {
            return Some(sim.stream().keys.text(sim.stream().records.get(record).key).into());
        }
        let event = serde_json::to_value(sim.event_of(mapping, [record].into_iter())).ok()?;
        let entry = &event["Records"][0];
        entry["kinesis"].get(name).or_else(|| entry.get(name)).cloned()
    }
    fn data(&self) -> Vec<u8> {
        self.sim.data(self.record)
    }
}

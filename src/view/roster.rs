//! The partition keys of a scenario, as the picture shows them.

use std::collections::BTreeSet;

use crate::kinesis::{HashKey, KeyId};
use crate::scenario::{LaneHash, Scenario, Source};
use crate::sim::Simulation;
use crate::view::scene::Hue;

/// Keys that are drawn one by one; with more, only their hues are left.
pub const KEYS_MAX: usize = 8;
/// Listed records looked at: beyond them a scenario has many keys anyhow, or repeats those it has.
const LISTED_MAX: usize = 4096;

/// A partition key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its index in the key table; it decides the hue.
    pub id: KeyId,
    /// What is written on its tokens: the key itself, or a letter.
    pub label: String,
    /// Its MD5.
    pub hash: HashKey,
}

/// The keys of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// All keys, in the order of their ids; none where there are more than [`KEYS_MAX`].
    pub keys: Vec<Key>,
    /// How many keys there are.
    pub total: u64,
}

impl Roster {
    /// The keys of a run's scenario.
    #[must_use]
    pub fn of(sim: &Simulation) -> Self {
        let (texts, total) = texts(sim.scenario());
        if texts.len() > KEYS_MAX || total > KEYS_MAX as u64 {
            return Self { keys: Vec::new(), total };
        }
        let table = &sim.stream().keys;
        let key = |text: &String| {
            let id = table.find(text)?;
            Some(Key { id, label: label(text, id), hash: table.hash_key(id) })
        };
        let mut keys: Vec<Key> = texts.iter().filter_map(key).collect();
        keys.sort_by_key(|key| key.id);
        Self { total: keys.len() as u64, keys }
    }

    /// The place of a key among [`Roster::keys`].
    #[must_use]
    pub fn place(&self, id: KeyId) -> Option<usize> {
        self.keys.iter().position(|key| key.id == id)
    }
}

impl Key {
    /// Its hue.
    #[must_use]
    pub fn hue(&self) -> Hue {
        Hue::of(self.id)
    }

    /// Its place among all hash keys, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        share(self.hash)
    }

    /// The first four hexadecimal digits of its MD5.
    #[must_use]
    pub fn digits(&self) -> String {
        format!("{:04x}", self.hash.0 >> 112)
    }

    /// The lane of a mapping that serves it.
    #[must_use]
    pub fn lane(&self, sim: &Simulation, mapping: u16) -> u32 {
        let factor = sim.mapping(mapping).parallelization_factor();
        match sim.scenario().model.lane_hash {
            _ if factor == 1 => 0,
            LaneHash::JavaStringHash => {
                sim.stream().keys.java_hash(self.id).rem_euclid(factor.cast_signed()).cast_unsigned()
            }
            LaneHash::Md5Low32 => self.hash.0 as u32 % factor,
        }
    }
}

/// The place of a hash key among all, 0 to 1.
#[must_use]
pub fn share(hash: HashKey) -> f64 {
    const HIGH_BITS: f64 = 4_294_967_296.0;
    (hash.0 >> 96) as f64 / HIGH_BITS
}

/// What is written on the tokens of a key.
fn label(text: &str, id: KeyId) -> String {
    if text.chars().count() <= 2 {
        return text.to_owned();
    }
    let letter = char::from(b'A' + (id % 26) as u8);
    if id < 26 { letter.into() } else { format!("{letter}{}", id / 26) }
}

/// The distinct keys of a scenario, at most one more than are drawn, and how many there are at least.
fn texts(scenario: &Scenario) -> (BTreeSet<String>, u64) {
    let mut texts = BTreeSet::new();
    let mut generated: u32 = 0;
    for producer in &scenario.producers {
        match &producer.source {
            Source::Records { records, .. } => {
                texts.extend(records.iter().take(LISTED_MAX).map(|record| record.partition_key.clone()));
            }
            Source::Rounds { partition_keys, .. } => texts.extend(partition_keys.iter().cloned()),
            Source::Loop { partition_key, .. } => {
                texts.insert(partition_key.clone());
            }
            Source::Rate { keys, .. } => generated = generated.max(keys.count),
        }
    }
    let total = texts.len() as u64 + u64::from(generated);
    texts.extend((0..generated.min(KEYS_MAX as u32 + 1)).map(|number| format!("key-{number:09}")));
    (texts, total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn article_c_has_five_keys() {
        let text = include_str!("../../tests/fixtures/scenarios/parallelization-3.json");
        let sim = Simulation::new(Scenario::from_json(text).unwrap());
        let roster = Roster::of(&sim);
        let rows: Vec<(&str, String, u32)> =
            roster.keys.iter().map(|key| (key.label.as_str(), key.digits(), key.lane(&sim, 0))).collect();
        let expect =
            [("1", "c4ca", 1), ("2", "c81e", 2), ("3", "eccb", 0), ("4", "a87f", 1), ("5", "e4da", 2)];
        assert_eq!(rows, expect.map(|(label, digits, lane)| (label, digits.to_owned(), lane)));
        assert!((roster.keys[0].share() - 0.7687).abs() < 0.001);
    }

    #[test]
    fn long_keys_have_letters() {
        assert_eq!(
            (label("k1", 5), label("test-01", 2), label("test-99", 27)),
            ("k1".into(), "C".into(), "B1".into())
        );
    }
}

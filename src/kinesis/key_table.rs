//! Partition keys, each stored once with its hash key: MD5 costs more than everything else that happens to a
//! record, so it is computed when a key is first put and never again.

use super::hash_key::HashKey;
use super::interner::Interner;

/// Index of a partition key in the [`KeyTable`].
pub type KeyId = u32;

/// Partition keys by id. Ids below `generated` are the keys `key-000000000`, `key-000000001`, … of rate
/// producers, whose text is made on demand; the others are interned texts.
#[derive(Clone, Debug, Default)]
pub struct KeyTable {
    generated: u32,
    /// Hashes by id; empty where there are more than [`CACHED_KEYS_MAX`] generated keys, of which each is rarely
    /// put twice: theirs are computed at each put.
    cached: Vec<Hashes>,
    /// Records put by id, as long as all are at most 255: a random access to a small table is a fast one.
    narrow_counts: Vec<u8>,
    /// Records put by id, once one is above 255.
    counts: Vec<u32>,
    names: Interner,
}

#[derive(Clone, Copy, Debug, Default)]
struct Hashes {
    hash_key: HashKey,
    java: i32,
    known: bool,
}

/// More generated keys than this are not worth a table of hashes.
const CACHED_KEYS_MAX: u32 = 1 << 16;
const GENERATED_PREFIX: &[u8; 4] = b"key-";
/// Bytes of a generated key: the prefix and nine digits.
pub const GENERATED_KEY_BYTES: usize = 13;

impl KeyTable {
    /// A table whose first `generated` keys are those of rate producers.
    #[must_use]
    pub fn new(generated: u32) -> Self {
        let cached = if generated <= CACHED_KEYS_MAX { generated } else { 0 };
        let cached = vec![Hashes::default(); cached as usize];
        Self { generated, cached, narrow_counts: vec![0; generated as usize], ..Self::default() }
    }

    /// The id of a key, added if it is new.
    pub fn intern(&mut self, text: &str) -> KeyId {
        if let Some(id) = self.find_generated(text) {
            return id;
        }
        let before = self.names.len();
        let id = self.generated + self.names.find_or_push(text);
        if self.names.len() > before {
            self.narrow_counts.push(0);
            if !self.counts.is_empty() {
                self.counts.push(0);
            }
        }
        id
    }

    /// The id of a key that is in the table.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<KeyId> {
        self.find_generated(text).or_else(|| self.names.find(text).map(|idx| self.generated + idx))
    }

    fn find_generated(&self, text: &str) -> Option<KeyId> {
        let digits = text.strip_prefix("key-").filter(|digits| digits.len() == 9)?;
        let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?;
        number.filter(|&id| id < self.generated)
    }

    /// The key's text.
    #[must_use]
    pub fn text(&self, id: KeyId) -> String {
        if id < self.generated {
            generated_key(id).iter().map(|&byte| byte as char).collect()
        } else {
            self.names.get(id - self.generated).to_owned()
        }
    }

    /// Bytes of the key's UTF-8 text.
    #[must_use]
    pub fn text_bytes(&self, id: KeyId) -> u32 {
        if id < self.generated {
            GENERATED_KEY_BYTES as u32
        } else {
            self.names.get(id - self.generated).len() as u32
        }
    }

    /// The hash key of a key that is being put: kept for the next time where that is worth it.
    pub fn hash_key_to_put(&mut self, id: KeyId) -> HashKey {
        let Some(place) = self.place(id) else { return HashKey::of_partition_key(&generated_key(id)) };
        if place >= self.cached.len() {
            self.cached.resize(place + 1, Hashes::default());
        }
        if !self.cached[place].known {
            let hashes = |text: &str| Hashes {
                hash_key: HashKey::of_partition_key(text.as_bytes()),
                java: java_string_hash(text),
                known: true,
            };
            self.cached[place] = match id.checked_sub(self.generated) {
                Some(name) => hashes(self.names.get(name)),
                None => hashes(&self.text(id)),
            };
        }
        self.cached[place].hash_key
    }

    /// The MD5 of the key, which routes its records.
    #[must_use]
    pub fn hash_key(&self, id: KeyId) -> HashKey {
        self.known(id)
            .map_or_else(|| HashKey::of_partition_key(self.text(id).as_bytes()), |hashes| hashes.hash_key)
    }

    /// `java.lang.String.hashCode` of the key, which may assign its records' lane.
    #[must_use]
    pub fn java_hash(&self, id: KeyId) -> i32 {
        self.known(id).map_or_else(|| java_string_hash(&self.text(id)), |hashes| hashes.java)
    }

    fn known(&self, id: KeyId) -> Option<&Hashes> {
        self.place(id).and_then(|place| self.cached.get(place)).filter(|hashes| hashes.known)
    }

    /// Where the key's hashes are cached, if they are.
    fn place(&self, id: KeyId) -> Option<usize> {
        if self.generated <= CACHED_KEYS_MAX {
            Some(id as usize)
        } else {
            id.checked_sub(self.generated).map(|place| place as usize)
        }
    }

    /// Records of the key put so far.
    #[must_use]
    pub fn count(&self, id: KeyId) -> u32 {
        self.counts.get(id as usize).copied().unwrap_or_else(|| self.narrow_counts[id as usize].into())
    }

    /// Sets the number of records of the key put so far.
    pub fn set_count(&mut self, id: KeyId, count: u32) {
        match u8::try_from(count) {
            Ok(narrow) if self.counts.is_empty() => self.narrow_counts[id as usize] = narrow,
            _ => {
                if self.counts.is_empty() {
                    self.counts = self.narrow_counts.iter().map(|&narrow| narrow.into()).collect();
                }
                self.counts[id as usize] = count;
            }
        }
    }

    /// Bytes of memory held.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let counts = self.narrow_counts.capacity() + self.counts.capacity() * size_of::<u32>();
        (self.cached.capacity() * size_of::<Hashes>() + counts + self.names.bytes()) as u64
    }
}

/// `java.lang.String.hashCode`: over UTF-16 units, wrapping.
fn java_string_hash(text: &str) -> i32 {
    text.encode_utf16().fold(0i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(unit.into()))
}

fn generated_key(id: KeyId) -> [u8; GENERATED_KEY_BYTES] {
    let mut text = [b'0'; GENERATED_KEY_BYTES];
    text[..4].copy_from_slice(GENERATED_PREFIX);
    // By threes, which need not wait for one another.
    let (threes, _) = text[4..].as_chunks_mut();
    for (digits, three) in threes.iter_mut().zip([id / 1_000_000, id / 1000 % 1000, id % 1000]) {
        *digits = [three / 100, three / 10 % 10, three % 10].map(|digit| b'0' + digit as u8);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_and_interned_keys_are_one_space() {
        let mut keys = KeyTable::new(3000);
        assert_eq!(keys.text(2999), "key-000002999");
        assert_eq!(keys.intern("key-000000007"), 7);
        assert_eq!(keys.intern("key-000003000"), 3000);
        assert_eq!((keys.intern("é"), keys.intern("é")), (3001, 3001));
        assert_eq!((keys.text(3001).as_str(), keys.text_bytes(3001), keys.text_bytes(0)), ("é", 2, 13));
        assert_eq!(keys.find("nobody"), None);
    }

    #[test]
    fn hashes_are_those_of_the_text() {
        for generated in [10, CACHED_KEYS_MAX + 1] {
            let mut keys = KeyTable::new(generated);
            let id = keys.intern("a");
            for _ in 0..2 {
                assert_eq!(keys.java_hash(3), java_string_hash("key-000000003"));
                assert_eq!(keys.hash_key(3), HashKey::of_partition_key(b"key-000000003"));
                assert_eq!(keys.hash_key_to_put(3), keys.hash_key(3));
                assert_eq!(
                    format!("{:032x}", keys.hash_key_to_put(id).0),
                    "0cc175b9c0f1b6a831c399e269772661"
                );
                assert_eq!((keys.hash_key(id), keys.java_hash(id)), (keys.hash_key_to_put(id), 97));
            }
        }
        // "Aa" and "BB" collide in Java; a surrogate pair counts as two units.
        assert_eq!(java_string_hash("Aa"), java_string_hash("BB"));
        assert_eq!(java_string_hash("😀"), 1_772_899);
        assert_eq!(java_string_hash("polygenelubricants"), i32::MIN);
    }

    #[test]
    fn counts_go_on_beyond_a_byte() {
        let mut keys = KeyTable::new(1);
        let id = keys.intern("a");
        for count in 1..600 {
            keys.set_count(id, count);
            assert_eq!((keys.count(id), keys.count(0)), (count, 0));
        }
        let late = keys.intern("b");
        assert_eq!(keys.count(late), 0);
    }
}

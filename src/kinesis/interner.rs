//! Texts by index, each stored once: side by side in one buffer, found by their hash.
//!
//! A table of our own, since the order of the standard one is random, and a tree costs more than the rest of a put
//! once there are a million keys. The order of its slots is seen by no one.

use xxhash_rust::xxh3::xxh3_64;

/// Texts by index.
#[derive(Clone, Debug, Default)]
pub(super) struct Interner {
    text: String,
    /// Where each text ends in `text`; it starts where the one before ends.
    ends: Vec<u32>,
    /// A hash table of indices plus one, 0 where there is none; as many as a power of two, at most half full.
    slots: Vec<u32>,
}

const SLOTS_MIN: usize = 16;

impl Interner {
    /// Number of texts.
    pub(super) fn len(&self) -> u32 {
        self.ends.len() as u32
    }

    /// The text at `idx`.
    pub(super) fn get(&self, idx: u32) -> &str {
        let start = idx.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.text[start as usize..self.ends[idx as usize] as usize]
    }

    /// The index of a text, if it is there.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        if self.slots.is_empty() { None } else { self.slot(text).1 }
    }

    /// The index of a text, added if it is new: the number of texts before tells.
    pub(super) fn find_or_push(&mut self, text: &str) -> u32 {
        if self.ends.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let (slot, found) = self.slot(text);
        if let Some(found) = found {
            return found;
        }
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).expect("at most 4 GiB of partition keys"));
        self.slots[slot] = self.len();
        self.len() - 1
    }

    /// The slot of a text, or the empty one where it belongs.
    fn slot(&self, text: &str) -> (usize, Option<u32>) {
        let mask = self.slots.len() - 1;
        let mut slot = xxh3_64(text.as_bytes()) as usize & mask;
        loop {
            match self.slots[slot].checked_sub(1) {
                None => return (slot, None),
                Some(idx) if self.get(idx) == text => return (slot, Some(idx)),
                Some(_) => slot = (slot + 1) & mask,
            }
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 4).max(SLOTS_MIN)];
        for idx in 0..self.len() {
            let (slot, _) = self.slot(self.get(idx));
            self.slots[slot] = idx + 1;
        }
    }

    /// Bytes of memory held.
    pub(super) fn bytes(&self) -> usize {
        self.text.capacity() + (self.ends.capacity() + self.slots.capacity()) * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_again() {
        let mut interner = Interner::default();
        assert_eq!((interner.find("a"), interner.find("")), (None, None));
        let text = |i: u32| if i == 7 { String::new() } else { format!("é{}", i * i) };
        for i in 0..5000 {
            assert_eq!(interner.find(&text(i)), None);
            assert_eq!((interner.find_or_push(&text(i)), interner.find_or_push(&text(i))), (i, i));
        }
        for i in 0..5000 {
            assert_eq!((interner.find(&text(i)), interner.get(i)), (Some(i), text(i).as_str()));
        }
        assert_eq!((interner.find("é3"), interner.len()), (None, 5000));
        assert!(interner.slots.len() >= 10_000 && interner.bytes() > 60_000);
    }
}

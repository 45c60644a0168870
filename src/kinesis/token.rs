//! Opaque texts that a caller hands back: shard iterators and the tokens of ListShards. They hold all they need,
//! so that nothing is kept for them, and a checksum, so that any other text is told apart.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use xxhash_rust::xxh3::xxh3_64;

use crate::units::SimTime;

/// Where GetRecords goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardIterator {
    /// Index of the stream.
    pub stream: u32,
    /// The stream's name.
    pub name: String,
    /// The shard.
    pub shard: u32,
    /// Records of the stream before this index have been read, or are not wanted.
    pub from: u32,
    /// When it was handed out.
    pub issued: SimTime,
}

/// Where ListShards goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextToken {
    /// Index of the stream.
    pub stream: u32,
    /// Number of the filter's type.
    pub filter: u8,
    /// Its value, if it has one.
    pub value: u64,
    /// The last shard listed.
    pub after: u32,
    /// When it was handed out.
    pub issued: SimTime,
}

const ITERATOR: u8 = 1;
const NEXT_TOKEN: u8 = 2;
const CHECKSUM_BYTES: usize = 8;

impl ShardIterator {
    /// As text of at most 512 characters.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = vec![ITERATOR];
        bytes.extend(self.stream.to_le_bytes());
        bytes.extend(self.shard.to_le_bytes());
        bytes.extend(self.from.to_le_bytes());
        bytes.extend(self.issued.0.to_le_bytes());
        bytes.extend(self.name.as_bytes());
        seal(bytes)
    }

    /// Reads what [`ShardIterator::encode`] wrote; `None` for any other text.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let mut bytes = &*open(text, ITERATOR)?;
        Some(Self {
            stream: u32::from_le_bytes(take(&mut bytes)?),
            shard: u32::from_le_bytes(take(&mut bytes)?),
            from: u32::from_le_bytes(take(&mut bytes)?),
            issued: SimTime(u64::from_le_bytes(take(&mut bytes)?)),
            name: std::str::from_utf8(bytes).ok()?.to_owned(),
        })
    }
}

impl NextToken {
    /// As text.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = vec![NEXT_TOKEN, self.filter];
        bytes.extend(self.stream.to_le_bytes());
        bytes.extend(self.after.to_le_bytes());
        bytes.extend(self.value.to_le_bytes());
        bytes.extend(self.issued.0.to_le_bytes());
        seal(bytes)
    }

    /// Reads what [`NextToken::encode`] wrote; `None` for any other text.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let mut bytes = &*open(text, NEXT_TOKEN)?;
        Some(Self {
            filter: take::<1>(&mut bytes)?[0],
            stream: u32::from_le_bytes(take(&mut bytes)?),
            after: u32::from_le_bytes(take(&mut bytes)?),
            value: u64::from_le_bytes(take(&mut bytes)?),
            issued: SimTime(u64::from_le_bytes(take(&mut bytes)?)),
        })
    }
}

fn seal(mut bytes: Vec<u8>) -> String {
    bytes.extend(xxh3_64(&bytes).to_le_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What was sealed, without the kind and the checksum.
fn open(text: &str, kind: u8) -> Option<Vec<u8>> {
    const TEXT_MAX: usize = 1 << 20;
    if text.len() > TEXT_MAX {
        return None;
    }
    let mut bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let checksum = bytes.split_off(bytes.len().checked_sub(CHECKSUM_BYTES)?);
    let sound = checksum == xxh3_64(&bytes).to_le_bytes() && bytes.first() == Some(&kind);
    sound.then(|| bytes.split_off(1))
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_hold_all_facts_and_nothing_else_is_accepted() {
        let name = "n".repeat(128);
        let iterator = ShardIterator { stream: 3, name, shard: 77, from: u32::MAX, issued: SimTime(123_456) };
        let text = iterator.encode();
        assert!(text.len() <= 512 && text.is_ascii());
        assert_eq!(ShardIterator::decode(&text), Some(iterator));
        let token = NextToken { stream: 1, filter: 5, value: 1 << 40, after: 9, issued: SimTime(1) };
        assert_eq!(NextToken::decode(&token.encode()), Some(token.clone()));
        assert_eq!(ShardIterator::decode(&token.encode()), None);
        assert_eq!(NextToken::decode(&text), None);
        for garbage in ["", "bogus", "AAAA", "é", &text[1..], &text[..text.len() - 1], &format!("{text}A")] {
            assert_eq!(ShardIterator::decode(garbage), None, "{garbage}");
        }
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(ShardIterator::decode(std::str::from_utf8(&bytes).unwrap()), None, "{at}");
        }
    }
}

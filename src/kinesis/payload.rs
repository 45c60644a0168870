//! The data of records that have their own: those put through the API. Bytes lie in shared append-only chunks,
//! so that a clone of a stream does not copy them.

use std::sync::Arc;

use crate::column::Column;

/// Data by record; records without an entry have none of their own.
#[derive(Clone, Debug, Default)]
pub struct Payloads {
    /// Ascending by record.
    spans: Column<Span>,
    sealed: Vec<Arc<Vec<u8>>>,
    tail: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    record: u32,
    chunk: u32,
    from: u32,
    len: u32,
}

/// A chunk is sealed when it holds this much; a record's data is never cut.
const CHUNK_BYTES: usize = 1 << 18;

impl Payloads {
    /// Keeps the data of a record, which must come after those kept so far.
    pub fn push(&mut self, record: u32, data: &[u8]) {
        assert!(self.spans.last().is_none_or(|span| span.record < record), "records come in order");
        let (chunk, from) = (self.sealed.len() as u32, self.tail.len() as u32);
        self.spans.push(Span { record, chunk, from, len: data.len() as u32 });
        self.tail.extend_from_slice(data);
        if self.tail.len() >= CHUNK_BYTES {
            let full = std::mem::replace(&mut self.tail, Vec::with_capacity(CHUNK_BYTES));
            self.sealed.push(Arc::new(full));
        }
    }

    /// The record's own data.
    #[must_use]
    pub fn get(&self, record: u32) -> Option<&[u8]> {
        let place = self.spans.partition_point(|span| span.record < record);
        let span = (place < self.spans.len()).then(|| self.spans.get(place))?;
        let chunk = self.sealed.get(span.chunk as usize).map_or(&self.tail, |chunk| chunk);
        let from = span.from as usize;
        (span.record == record).then(|| &chunk[from..from + span.len as usize])
    }

    /// Bytes of memory held, chunks shared with clones included.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let sealed: usize = self.sealed.iter().map(|chunk| chunk.capacity()).sum();
        self.spans.bytes() + (sealed + self.tail.capacity()) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_found_by_record_across_chunks() {
        let mut payloads = Payloads::default();
        assert_eq!(payloads.get(0), None);
        let data = |record: u32| vec![record as u8; (record as usize * 977) % 3000];
        for record in (0..2000).step_by(3) {
            payloads.push(record, &data(record));
        }
        payloads.push(5000, &vec![7; 3 * CHUNK_BYTES]);
        payloads.push(5001, b"");
        let clone = payloads.clone();
        payloads.push(5002, b"later");
        assert!(payloads.sealed.len() > 2);
        for record in 0..2000 {
            let expect = (record % 3 == 0).then(|| data(record));
            assert_eq!(clone.get(record), expect.as_deref(), "{record}");
        }
        assert_eq!(payloads.get(5000).map(<[u8]>::len), Some(3 * CHUNK_BYTES));
        assert_eq!((payloads.get(5001), payloads.get(5002)), (Some(&[][..]), Some(&b"later"[..])));
        assert_eq!((clone.get(5002), clone.get(4999)), (None, None));
        assert!(payloads.bytes() > 3 * CHUNK_BYTES as u64);
    }
}

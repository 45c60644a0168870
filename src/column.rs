//! Append-only columns in shared chunks: what records and the event log are stored in.
//!
//! Growing never copies what is there (one growing `Vec` would double the peak), and a clone shares every full
//! chunk, so that a snapshot of a long run is small. Changing an old element copies its chunk if it is shared.

use std::rc::Rc;

/// A growing sequence of small `Copy` elements, addressed by `u32`.
#[derive(Clone, Debug)]
pub struct Column<T> {
    sealed: Vec<Rc<Vec<T>>>,
    /// At most a chunk; a full one is sealed when there is one more element, so that the last one is always here.
    tail: Vec<T>,
}

const CHUNK_BITS: u32 = 12;
const CHUNK: usize = 1 << CHUNK_BITS;

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { sealed: Vec::new(), tail: Vec::new() }
    }
}

impl<T: Copy> Column<T> {
    /// Number of elements.
    #[must_use]
    pub fn len(&self) -> u32 {
        (self.sealed.len() * CHUNK + self.tail.len()) as u32
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tail.is_empty()
    }

    /// The element at `index`, which must be below [`Column::len`].
    #[must_use]
    #[inline]
    pub fn get(&self, index: u32) -> T {
        let (chunk, offset) = split(index);
        match self.sealed.get(chunk) {
            Some(sealed) => sealed[offset],
            None => self.tail[offset],
        }
    }

    /// The element at `index`, for change.
    #[inline]
    pub fn get_mut(&mut self, index: u32) -> &mut T {
        let (chunk, offset) = split(index);
        match self.sealed.get_mut(chunk) {
            Some(sealed) => &mut Rc::make_mut(sealed)[offset],
            None => &mut self.tail[offset],
        }
    }

    /// The last element.
    #[must_use]
    pub fn last(&self) -> Option<T> {
        self.tail.last().copied()
    }

    /// The last element, for change.
    #[inline]
    pub fn last_mut(&mut self) -> Option<&mut T> {
        self.tail.last_mut()
    }

    /// Appends an element.
    #[inline]
    pub fn push(&mut self, element: T) {
        if self.tail.len() == CHUNK {
            self.seal();
        }
        self.tail.push(element);
    }

    #[cold]
    fn seal(&mut self) {
        let full = std::mem::replace(&mut self.tail, Vec::with_capacity(CHUNK));
        self.sealed.push(Rc::new(full));
    }

    /// The first index in `0..len` whose element is not `before`; the column must be partitioned so.
    pub fn partition_point(&self, before: impl Fn(T) -> bool) -> u32 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if before(self.get(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The elements of a range, chunk by chunk: for those who read many of them.
    pub fn slices(&self, range: std::ops::Range<u32>) -> impl DoubleEndedIterator<Item = &[T]> {
        let chunks = split(range.start).0..split(range.end + CHUNK as u32 - 1).0;
        chunks.map(move |chunk| {
            let (start, all) = (chunk * CHUNK, self.sealed.get(chunk).map_or(&self.tail, |sealed| &**sealed));
            let within = |index: u32| (index as usize).saturating_sub(start).min(all.len());
            &all[within(range.start)..within(range.end)]
        })
    }

    /// Bytes of memory held, chunks shared with clones included.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let elements = self.sealed.len() * CHUNK + self.tail.capacity();
        (elements * size_of::<T>() + self.sealed.capacity() * size_of::<Rc<Vec<T>>>()) as u64
    }
}

fn split(index: u32) -> (usize, usize) {
    ((index >> CHUNK_BITS) as usize, index as usize & (CHUNK - 1))
}

/// A growing set of `u32`, one bit each.
#[derive(Clone, Debug, Default)]
pub struct BitColumn(Column<u64>);

impl BitColumn {
    /// Adds `index`; true if it was not there.
    pub fn insert(&mut self, index: u32) -> bool {
        while self.0.len() <= index / 64 {
            self.0.push(0);
        }
        let word = self.0.get_mut(index / 64);
        let bit = 1 << (index % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Whether `index` is there.
    #[must_use]
    pub fn contains(&self, index: u32) -> bool {
        index / 64 < self.0.len() && self.0.get(index / 64) & (1 << (index % 64)) != 0
    }

    /// Bytes of memory held.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_shares_full_chunks_and_is_not_changed_by_its_origin() {
        let mut column = Column::default();
        let count = 3 * CHUNK as u32 + 5;
        (0..count).for_each(|value| column.push(value));
        let clone = column.clone();
        assert!(Rc::ptr_eq(&column.sealed[1], &clone.sealed[1]));
        let changed = CHUNK as u32 + 100;
        *column.get_mut(changed) = 1;
        column.push(7);
        assert_eq!((clone.len(), clone.get(changed), clone.get(count - 1)), (count, changed, count - 1));
        assert_eq!((column.len(), column.get(changed), column.last()), (count + 1, 1, Some(7)));
        assert!(Rc::ptr_eq(&column.sealed[0], &clone.sealed[0]));
    }

    #[test]
    fn the_last_element_is_found_on_both_sides_of_a_chunk_s_end() {
        let mut column = Column::default();
        assert!(column.last_mut().is_none());
        for count in 1..2 * CHUNK as u32 + 2 {
            column.push(0);
            *column.last_mut().unwrap() = count;
            assert_eq!((column.last(), column.get(count - 1)), (Some(count), count));
        }
    }

    #[test]
    fn partition_point_finds_the_border() {
        let mut column = Column::default();
        (0..20_000u32).for_each(|value| column.push(value / 2));
        for border in [0, 1, 4095, 4096, 9999, 10_000] {
            assert_eq!(column.partition_point(|value| value < border), border * 2);
        }
        assert_eq!(Column::<u32>::default().partition_point(|_| true), 0);
    }

    #[test]
    fn a_range_is_read_chunk_by_chunk() {
        let mut column = Column::default();
        let count = 2 * CHUNK as u32 + 5;
        (0..count).for_each(|value| column.push(value));
        let whole = CHUNK as u32;
        for range in [0..0, 3..3, 0..count, 5..whole, whole..whole + 1, 4095..4097, whole * 2..count, 7..9] {
            let read: Vec<u32> = column.slices(range.clone()).flatten().copied().collect();
            assert_eq!(read, range.clone().collect::<Vec<_>>());
            let back: Vec<u32> =
                column.slices(range.clone()).rev().flat_map(|part| part.iter().rev()).copied().collect();
            assert_eq!(back, range.rev().collect::<Vec<_>>());
        }
        assert_eq!(Column::<u32>::default().slices(0..0).count(), 0);
    }

    #[test]
    fn bits_are_set_once() {
        let mut bits = BitColumn::default();
        assert!(!bits.contains(70));
        assert!(bits.insert(70));
        assert!(!bits.insert(70));
        assert!(bits.contains(70) && !bits.contains(69) && !bits.contains(700_000));
    }
}

//! The order of functions in which they compress best: what a compressor has seen lately it need not be told again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Functions are alike as far as they have pieces of this length in common.
const PIECE_BYTES: usize = 5;

/// A piece that more functions have says nothing about them.
const HOLDERS_MAX: usize = 150;

/// gzip looks back 32 kB.
const WINDOW_BYTES: usize = 32_700;

/// Counts against short functions: one piece in common is no likeness yet.
const PIECES_ADDED: u64 = 8;

/// The places of functions' bytes in the order in which they compress best: the next is always the one of which most
/// stands in those just before it.
pub(super) fn order(functions: &[&[u8]]) -> Vec<usize> {
    let mut window = Window::new(functions);
    let mut left: Vec<usize> = (0..functions.len()).collect();
    let mut order = Vec::new();
    while let Some(best) = window.most_alike(&left) {
        let next = left.remove(best);
        window.add(next);
        order.push(next);
    }
    order
}

/// What a compressor still knows of.
struct Window<'a> {
    functions: &'a [&'a [u8]],
    /// The pieces of each function that others have too, by their numbers.
    pieces: Vec<Vec<usize>>,
    /// The functions that have each piece.
    holders: Vec<Vec<usize>>,
    /// How often each piece stands in the window.
    seen: Vec<u32>,
    /// How many pieces of each function stand in the window.
    shared: Vec<u64>,
    /// The functions in the window.
    queue: VecDeque<usize>,
    bytes: usize,
}

impl<'a> Window<'a> {
    fn new(functions: &'a [&'a [u8]]) -> Self {
        let mut by_piece: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
        for (function, bytes) in functions.iter().enumerate() {
            for piece in bytes.windows(PIECE_BYTES).collect::<BTreeSet<_>>() {
                by_piece.entry(piece).or_default().push(function);
            }
        }
        let holders: Vec<Vec<usize>> =
            by_piece.into_values().filter(|holders| (2..=HOLDERS_MAX).contains(&holders.len())).collect();
        let mut pieces = vec![Vec::new(); functions.len()];
        for (piece, holders) in holders.iter().enumerate() {
            holders.iter().for_each(|&holder| pieces[holder].push(piece));
        }
        let (seen, shared) = (vec![0; holders.len()], vec![0; functions.len()]);
        Self { functions, pieces, holders, seen, shared, queue: VecDeque::new(), bytes: 0 }
    }

    /// The place of the function that is most like the window; of equals the first.
    fn most_alike(&self, left: &[usize]) -> Option<usize> {
        let likeness =
            |function: usize| (self.shared[function], self.pieces[function].len() as u64 + PIECES_ADDED);
        (0..left.len()).reduce(|best, place| {
            let ((shared, of), (best_shared, best_of)) = (likeness(left[place]), likeness(left[best]));
            if shared * best_of > best_shared * of { place } else { best }
        })
    }

    fn add(&mut self, function: usize) {
        for &piece in &self.pieces[function] {
            self.seen[piece] += 1;
            if self.seen[piece] == 1 {
                self.holders[piece].iter().for_each(|&holder| self.shared[holder] += 1);
            }
        }
        self.queue.push_back(function);
        self.bytes += self.functions[function].len();
        while self.bytes > WINDOW_BYTES
            && let Some(oldest) = self.queue.pop_front()
        {
            self.bytes -= self.functions[oldest].len();
            for &piece in &self.pieces[oldest] {
                self.seen[piece] -= 1;
                if self.seen[piece] == 0 {
                    self.holders[piece].iter().for_each(|&holder| self.shared[holder] -= 1);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_stands_together() {
        let texts: [&[u8]; 5] =
            [b"read a table", b"0123456789", b"write a table", b"x0123456789", b"a table"];
        assert_eq!(order(&texts), [0, 2, 4, 1, 3]);
    }

    #[test]
    fn what_is_out_of_the_window_is_forgotten() {
        let (long, other) = ([b"12345678".as_slice(), &[0; WINDOW_BYTES]].concat(), [0; 16]);
        let functions: [&[u8]; 3] = [b"12345678", &long, &other];
        let mut window = Window::new(&functions);
        window.add(0);
        assert_eq!(window.shared, [4, 4, 0]);
        window.add(1);
        assert!(window.queue.is_empty());
        assert_eq!(window.shared, [0, 0, 0]);
    }
}

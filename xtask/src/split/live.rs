//! Which locals may still be read.

use std::ops::Range;

use wasmparser::Operator;

use super::body::Body;

/// A set of locals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Locals(Vec<u64>);

impl Locals {
    /// None of a number of locals.
    pub(super) fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, local: u32) {
        self.0[local as usize / 64] |= 1 << (local % 64);
    }

    fn remove(&mut self, local: u32) {
        self.0[local as usize / 64] &= !(1 << (local % 64));
    }

    pub(super) fn add(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word |= other);
    }

    /// Leaves those that are in the others too.
    pub(super) fn keep(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word &= other);
    }

    /// The locals, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..).zip(&self.0).flat_map(|(place, &word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place * 64 + bit)
        })
    }
}

/// For each instruction of a range: the locals that may be read from there on, if `after` are read wherever control
/// leaves the range.
pub(super) fn live(body: &Body<'_>, range: Range<usize>, after: &Locals) -> Vec<Locals> {
    let next: Vec<Vec<usize>> = range.clone().map(|at| body.successors(at)).collect();
    let mut live = vec![Locals::none(body.locals.len()); range.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for (place, at) in range.clone().enumerate().rev() {
            let mut read = Locals::none(body.locals.len());
            for to in &next[place] {
                read.add(if range.contains(to) { &live[to - range.start] } else { after });
            }
            match body.operators[at] {
                Operator::LocalGet { local_index } => read.insert(local_index),
                Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                    read.remove(local_index);
                }
                _ => {}
            }
            if live[place] != read {
                live[place] = read;
                changed = true;
            }
        }
    }
    live
}

/// The locals that the instructions of a range write.
pub(super) fn written(body: &Body<'_>, range: Range<usize>) -> Locals {
    let mut written = Locals::none(body.locals.len());
    for operator in &body.operators[range] {
        if let Operator::LocalSet { local_index } | Operator::LocalTee { local_index } = operator {
            written.insert(*local_index);
        }
    }
    written
}

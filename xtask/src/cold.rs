//! Which regions of the first part's functions the first picture does not run: `cold.txt`.
//!
//! A line has the digest of a function's shape, the places of points in it, and its name. When a function has become
//! another one, its digest is another one too, and all of it is early until the list is made anew.

use std::collections::{BTreeMap, BTreeSet};

use crate::late::readable;
use crate::split::Shape;

/// The points that were not reached, those in the regions of others left out, by a function's name and digest.
pub(crate) struct Cold(BTreeMap<(String, String), Vec<usize>>);

/// Shorter regions are not worth their place in the list: no call would be shorter.
const REGION_BYTES_MIN: usize = 12;

const HEADING: &str = "\
# Of functions that the first picture, and article C as it plays, do run, the regions that they do not: the digest of
# the function's shape, the regions' points, its name. Written by `cargo xtask late`.
";

impl Cold {
    /// Reads a list.
    pub(crate) fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let parts = lines.filter_map(|line| {
            let mut parts = line.splitn(3, ' ');
            let (digest, points, name) = (parts.next()?, parts.next()?, parts.next()?);
            let points = points.split(',').filter_map(|point| point.parse().ok()).collect();
            Some(((name.to_owned(), digest.to_owned()), points))
        });
        Self(parts.collect())
    }

    /// The points of functions that were not reached. Functions of one name and shape count as one.
    pub(crate) fn new<'a>(functions: impl Iterator<Item = (&'a Shape, &'a [bool])>) -> Self {
        let mut missed: BTreeMap<(String, String), (&Shape, Vec<bool>)> = BTreeMap::new();
        for (shape, reached) in functions {
            let key = (readable(&shape.name), shape.digest.clone());
            let known = missed.entry(key).or_insert((shape, vec![true; reached.len()]));
            known.1.iter_mut().zip(reached).for_each(|(missed, reached)| *missed &= !reached);
        }
        let lines = missed.into_iter().map(|(key, (shape, missed))| (key, outermost(shape, &missed)));
        Self(lines.filter(|(_, points)| !points.is_empty()).collect())
    }

    /// The points of a function that were not reached, by their places.
    pub(crate) fn points(&self, function: &Shape) -> BTreeSet<usize> {
        let listed = self.0.get(&(readable(&function.name), function.digest.clone()));
        let regions = listed.into_iter().flatten().filter_map(|&point| function.points.get(point));
        let regions: Vec<_> = regions.map(|region| region.range.clone()).collect();
        let is_cold = |&point: &usize| {
            let at = function.points[point].range.start;
            regions.iter().any(|range| range.contains(&at))
        };
        (0..function.points.len()).filter(is_cold).collect()
    }

    /// How many regions it names.
    pub(crate) fn regions(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// The list as a text.
    pub(crate) fn text(&self) -> String {
        let lines = self.0.iter().map(|((name, digest), points)| {
            let points: Vec<String> = points.iter().map(ToString::to_string).collect();
            format!("{digest} {} {name}\n", points.join(","))
        });
        lines.fold(HEADING.to_owned(), |text, line| text + &line)
    }
}

/// The points that were missed and are in no other one's region, but not those of short regions.
fn outermost(shape: &Shape, missed: &[bool]) -> Vec<usize> {
    let mut free = 0;
    let mut points = Vec::new();
    for (place, (region, _)) in
        shape.points.iter().zip(missed).enumerate().filter(|(_, (_, missed))| **missed)
    {
        if region.range.start >= free {
            free = region.range.end;
            points.extend((region.bytes >= REGION_BYTES_MIN).then_some(place));
        }
    }
    points
}

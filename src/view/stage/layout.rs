//! Where things stand on the stage.
//!
//! `along` is the way records go, `across` the other: x and y in a wide picture, y and x in a tall one.

use super::family::overlap;
use super::reshard;
use super::state::{ShardView, State};
use super::tray;
use crate::view::picture::Picture;
use crate::view::scene::{Bounds, Point};

/// Which way records go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Right,
    Down,
}

impl Flow {
    /// The point at these places along and across.
    pub(super) fn point(self, along: f64, across: f64) -> Point {
        match self {
            Self::Right => Point::new(along, across),
            Self::Down => Point::new(across, along),
        }
    }

    /// The rectangle between these places.
    pub(super) fn bounds(self, along: (f64, f64), across: (f64, f64)) -> Bounds {
        let (from, to) = (self.point(along.0, across.0), self.point(along.1, across.1));
        Bounds::new(from.x, from.y, to.x - from.x, to.y - from.y)
    }

    pub(super) fn along(self, point: Point) -> f64 {
        match self {
            Self::Right => point.x,
            Self::Down => point.y,
        }
    }
}

/// Places along the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stops {
    /// Middle of the producers' tokens.
    pub(super) producer: f64,
    /// Where threads leave the producers.
    pub(super) thread: f64,
    pub(super) bar: (f64, f64),
    pub(super) shard: (f64, f64),
    pub(super) batcher: (f64, f64),
    pub(super) card: (f64, f64),
    pub(super) stored: (f64, f64),
}

/// Where the sentence and the figures stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heading {
    /// First baseline of the sentence, and how far below the next one is; 0 where it must be one line.
    pub(super) sentence: (f64, f64),
    pub(super) labels: f64,
    pub(super) figures: f64,
    /// Left ends of the five figures.
    pub(super) columns: [f64; 5],
    pub(super) right: f64,
}

#[derive(Clone, Debug)]
pub(super) struct ShardPlace {
    pub(super) bounds: Bounds,
    /// Along: where records come in and go out.
    pub(super) along: (f64, f64),
    /// Whether it shares the room with other generations.
    pub(super) narrow: bool,
    /// Across, by row.
    pub(super) rows: Vec<f64>,
    pub(super) pitch: f64,
    /// Part of the band that belongs to the shard, across.
    pub(super) span: (f64, f64),
}

#[derive(Clone, Debug)]
pub(super) struct LanePlace {
    pub(super) flow: Flow,
    pub(super) batcher: Bounds,
    pub(super) card: Bounds,
    pub(super) stored: Bounds,
    /// Across, by row.
    pub(super) rows: Vec<f64>,
    /// Across, between rows.
    pub(super) pitch: f64,
    /// Too flat for a line of text above the records.
    pub(super) compact: bool,
    /// Edge of a token in decks and cells.
    pub(super) token: f64,
}

/// Where everything stands.
pub(super) struct Layout {
    pub(super) flow: Flow,
    pub(super) heading: Heading,
    pub(super) stops: Stops,
    /// The part of the picture that lanes share, across.
    pub(super) band: (f64, f64),
    /// Middles of the producers' tokens.
    pub(super) producers: Vec<Point>,
    pub(super) producer_size: f64,
    pub(super) shards: Vec<ShardPlace>,
    pub(super) lanes: Vec<LanePlace>,
}

impl Layout {
    pub(super) fn of(picture: &Picture, state: &State) -> Self {
        let tall = picture.tall();
        let flow = if tall { Flow::Down } else { Flow::Right };
        let (heading, mut stops, band) = if tall { tall_frame(picture) } else { wide_frame(picture) };
        if state.factor() == 0 {
            // Nobody reads: the shards have the room of what would follow.
            stops.shard.1 = stops.stored.1;
        }
        let mut layout = Self {
            flow,
            heading,
            stops,
            band,
            producers: Vec::new(),
            producer_size: 20.0,
            shards: Vec::new(),
            lanes: Vec::new(),
        };
        layout.place_producers(state);
        let spans = layout.place_lanes(state);
        layout.place_shards(state, &spans);
        layout
    }

    /// The place of a hash key on the bar, across.
    pub(super) fn on_bar(&self, share: f64) -> f64 {
        self.band.0 + share * (self.band.1 - self.band.0)
    }

    fn place_producers(&mut self, state: &State) {
        let count = state.roster.keys.len().max(1) as f64;
        let room = match self.flow {
            Flow::Right => self.band.1 - self.band.0 - 48.0,
            Flow::Down => self.band.1 - self.band.0,
        };
        let pitch = (room / count).min(if self.flow == Flow::Right { 46.0 } else { 38.0 });
        self.producer_size = (pitch - 4.0).clamp(10.0, if self.flow == Flow::Right { 20.0 } else { 22.0 });
        let middle = f64::midpoint(self.band.0, self.band.1);
        for place in 0..count as usize {
            let across = middle + (place as f64 - (count - 1.0) / 2.0) * pitch;
            self.producers.push(self.flow.point(self.stops.producer, across));
        }
        if self.flow == Flow::Down {
            // Records fall from above their place on the bar: the tokens stand in order of the hash keys.
            let mut order: Vec<usize> = (0..state.roster.keys.len()).collect();
            order.sort_by_key(|&key| state.roster.keys[key].hash);
            let places = self.producers.clone();
            for (place, &key) in order.iter().enumerate() {
                self.producers[key] = places[place];
            }
        }
    }

    /// Gives each piece its part of the band, and each of its lanes a part of that.
    fn place_lanes(&mut self, state: &State) -> Vec<(f64, f64)> {
        let factor = state.factor().max(1) as usize;
        let slots = |root: u32| if state.family.reads(root) { factor } else { 1 };
        let pieces = &state.family.pieces;
        let count: usize = pieces.iter().map(|piece| slots(piece.root)).sum();
        let (from, to) = self.band;
        let gap: f64 = match count {
            0..=4 => {
                if self.flow == Flow::Right {
                    14.0
                } else {
                    8.0
                }
            }
            5..=6 => 8.0,
            _ => 5.0,
        };
        let weights: Vec<f64> = pieces.iter().map(|piece| reshard::weight(state, piece.root)).collect();
        let sum: f64 =
            weights.iter().zip(pieces).map(|(weight, piece)| weight * slots(piece.root) as f64).sum();
        let height = ((to - from) - gap * (count as f64 - 1.0)) / sum;
        let mut lanes = state.lanes.iter();
        let mut spans = Vec::new();
        let mut start = from;
        for (piece, weight) in pieces.iter().zip(&weights) {
            let top = start;
            for _ in 0..slots(piece.root) {
                let across = (start, start + height * weight);
                start = across.1 + gap;
                if state.family.reads(piece.root)
                    && let Some(lane) = lanes.next()
                {
                    self.lanes.push(lane_place(self.flow, &self.stops, across, lane.rows.len()));
                }
            }
            spans.push((top, start - gap));
        }
        spans
    }

    fn place_shards(&mut self, state: &State, spans: &[(f64, f64)]) {
        for view in &state.shards {
            let span = across_of(state, view.shard, spans);
            let place = if view.generations == 1 {
                self.shard_place(self.stops.shard, span, view.rows.len())
            } else {
                let moved = reshard::opening(state, view);
                let closed = !state.sim.stream().shards[view.shard as usize].is_open();
                let along = columns(self.flow, &self.stops, view, moved);
                self.member_place(along, span, closed, view.rows.len())
            };
            self.shards.push(place);
        }
    }

    fn shard_place(&self, along: (f64, f64), span: (f64, f64), rows: usize) -> ShardPlace {
        let length = span.1 - span.0;
        let margins = match self.flow {
            // Room for the name above and the marks below.
            Flow::Right if length >= 170.0 => (0.23 * length, 0.23 * length),
            Flow::Right if length >= 76.0 => (18.0, 20.0),
            Flow::Right => (18.0f64.min(length / 3.0), 0.0),
            Flow::Down if length >= 300.0 => (0.3 * length, 0.3 * length),
            Flow::Down => (length * 0.1, length * 0.1),
        };
        self.between(along, span, margins, rows)
    }

    /// The place of one of several generations.
    fn member_place(&self, along: (f64, f64), span: (f64, f64), closed: bool, rows: usize) -> ShardPlace {
        let margins = match self.flow {
            // Two lines below.
            Flow::Right if closed && span.1 - span.0 >= 100.0 => (16.0, 31.0),
            Flow::Right if span.1 - span.0 >= 54.0 => (16.0, 18.0),
            Flow::Right if span.1 - span.0 >= 30.0 => (16.0, 0.0),
            Flow::Right | Flow::Down => (0.0, 0.0),
        };
        self.between(along, span, margins, rows)
    }

    fn between(&self, along: (f64, f64), span: (f64, f64), margins: (f64, f64), rows: usize) -> ShardPlace {
        let across = (span.0 + margins.0, span.1 - margins.1);
        let bounds = self.flow.bounds(along, across);
        let room = across.1 - across.0;
        let pitch = (room / (rows as f64 + 0.6)).min(if self.flow == Flow::Right { 22.0 } else { 24.0 });
        let narrow = along != self.stops.shard;
        ShardPlace {
            bounds,
            along,
            narrow,
            rows: spread(f64::midpoint(across.0, across.1), pitch, rows),
            pitch,
            span,
        }
    }
}

/// The part of the band that belongs to a shard: within each piece, what lies between two borders of shards has the
/// same room.
fn across_of(state: &State, shard: u32, spans: &[(f64, f64)]) -> (f64, f64) {
    const BETWEEN: f64 = 8.0;
    let range = |shard: u32| state.sim.stream().shards[shard as usize].range;
    let own = range(shard);
    let mut across: Option<(f64, f64)> = None;
    for (piece, &(from, to)) in state.family.pieces.iter().zip(spans) {
        if !overlap(piece.range, own) {
            continue;
        }
        let inside = |start: &u128| piece.range.start().0 < *start && *start <= piece.range.end().0;
        let starts = state.shards.iter().map(|view| range(view.shard).start().0);
        let ends = state.shards.iter().filter_map(|view| range(view.shard).end().0.checked_add(1));
        let mut borders: Vec<u128> = starts.chain(ends).filter(inside).collect();
        borders.sort_unstable();
        borders.dedup();
        let each = (to - from) / (borders.len() + 1) as f64;
        let below = borders.partition_point(|&border| border <= own.start().0);
        let above = borders.partition_point(|&border| border <= own.end().0) + 1;
        let start = from + each * below as f64 + if below > 0 { BETWEEN / 2.0 } else { 0.0 };
        let end = from + each * above as f64 - if above <= borders.len() { BETWEEN / 2.0 } else { 0.0 };
        across = Some((across.map_or(start, |across| across.0), end));
    }
    across.unwrap_or_default()
}

/// Where a shard of one of several generations lies, along: the youngest where records come in. A generation that has
/// just opened takes its room from the others; `moved` tells how much of it, 0 to 1.
fn columns(flow: Flow, stops: &Stops, view: &ShardView, moved: f64) -> (f64, f64) {
    let between = |from: (f64, f64), to: (f64, f64)| {
        let at = |from: f64, to: f64| from + (to - from) * moved;
        (at(from.0, to.0), at(from.1, to.1))
    };
    let to = column(flow, stops, view.generations, view.generation);
    let from = if view.generation + 1 == view.generations {
        (to.0, to.0)
    } else {
        column(flow, stops, view.generations - 1, view.generation)
    };
    between(from, to)
}

/// Where a generation lies among so many, along.
fn column(flow: Flow, stops: &Stops, generations: u8, generation: u8) -> (f64, f64) {
    let gap = if flow == Flow::Right { 16.0 } else { 10.0 };
    let (from, to) = match flow {
        _ if generations == 1 => return stops.shard,
        Flow::Right => (stops.shard.0 - 4.0, stops.batcher.0 - 22.0),
        Flow::Down => (stops.shard.0 - 10.0, stops.batcher.0 - 20.0),
    };
    // From the oldest on.
    let shares: &[f64] = if generations == 2 { &[0.32, 0.68] } else { &[0.26, 0.28, 0.46] };
    let room = to - from - gap * f64::from(generations - 1);
    let before: f64 = shares[..usize::from(generation)].iter().sum();
    let end = to - before * room - gap * f64::from(generation);
    (end - shares[usize::from(generation)] * room, end)
}

/// `count` places with this pitch around a middle.
fn spread(middle: f64, pitch: f64, count: usize) -> Vec<f64> {
    (0..count).map(|place| middle + (place as f64 - (count as f64 - 1.0) / 2.0) * pitch).collect()
}

fn lane_place(flow: Flow, stops: &Stops, across: (f64, f64), rows: usize) -> LanePlace {
    let height = across.1 - across.0;
    let compact = height < if flow == Flow::Right { 58.0 } else { 64.0 };
    let (above, below) = match flow {
        Flow::Right if compact => (1.0, 4.0),
        Flow::Right => (27.0, 8.0),
        Flow::Down => (0.0, if compact { 0.0 } else { 12.0 }),
    };
    let rows = rows.max(1);
    let room = height - above - below;
    let spare = if compact { 0.0 } else { 0.25 };
    let pitch = (room / (rows as f64 + spare)).min(40.0);
    let least = if flow == Flow::Right { 12.0 } else { 16.0 };
    let (rows, pitch) = if pitch < least { (1, room) } else { (rows, pitch) };
    let middle = f64::midpoint(across.0 + above, across.1 - below);
    let token = match flow {
        Flow::Right => (pitch - 2.5).clamp(8.0, 16.0),
        Flow::Down => (pitch - 6.0).clamp(10.0, 18.0),
    };
    LanePlace {
        flow,
        batcher: flow.bounds(stops.batcher, across),
        card: flow.bounds(stops.card, across),
        stored: flow.bounds(stops.stored, across),
        rows: spread(middle, pitch, rows),
        pitch,
        compact,
        token,
    }
}

/// Which way records go, the places along it, and the part of the picture that the bar takes, across.
pub(super) fn frame(picture: &Picture) -> (Flow, Stops, (f64, f64)) {
    let (flow, (_, stops, band)) =
        if picture.tall() { (Flow::Down, tall_frame(picture)) } else { (Flow::Right, wide_frame(picture)) };
    (flow, stops, band)
}

/// Places at widths 560, 880 and 1200, with straight lines between.
fn at_width(width: f64, places: [f64; 3]) -> f64 {
    let [narrow, middle, wide] = places;
    let share = ((width - 880.0) / 320.0).clamp(-1.0, 1.0);
    let place =
        if share < 0.0 { middle + (middle - narrow) * share } else { middle + (wide - middle) * share };
    // Whatever is wider still leaves its room at the right.
    place.round()
}

fn wide_frame(picture: &Picture) -> (Heading, Stops, (f64, f64)) {
    let at = |places| at_width(picture.width, places);
    let stops = Stops {
        producer: at([26.0, 34.0, 40.0]),
        thread: at([38.0, 80.0, 92.0]),
        bar: (at([70.0, 128.0, 160.0]), at([70.0, 128.0, 160.0]) + 8.0),
        shard: (at([100.0, 176.0, 224.0]), at([180.0, 312.0, 424.0])),
        batcher: (at([214.0, 376.0, 512.0]), at([324.0, 548.0, 748.0])),
        card: (at([332.0, 560.0, 764.0]), at([484.0, 776.0, 1072.0])),
        stored: (at([492.0, 788.0, 1088.0]), at([552.0, 872.0, 1188.0])),
    };
    let roomy = picture.height >= 380.0;
    let heading = Heading {
        sentence: (if roomy { 36.0 } else { 28.0 }, 0.0),
        labels: if roomy { 66.0 } else { 50.0 },
        figures: if roomy { 90.0 } else { 72.0 },
        columns: [
            at([16.0, 24.0, 28.0]),
            stops.shard.0 + 8.0,
            stops.batcher.0,
            stops.card.0,
            stops.stored.0 + 4.0,
        ],
        right: picture.width - 16.0,
    };
    let band = if roomy { (112.0, picture.height - 20.0) } else { (92.0, picture.height - 12.0) };
    (heading, stops, (band.0, band.1.max(band.0 + 120.0)))
}

fn tall_frame(picture: &Picture) -> (Heading, Stops, (f64, f64)) {
    const HEADING: f64 = 100.0;
    const FLOW: f64 = 440.0;
    let tray = if tray::may_be(picture) { tray::HEIGHT + tray::APART } else { 0.0 };
    let scale = ((picture.height - HEADING - tray) / FLOW).clamp(0.6, 1.6);
    let at = |place: f64| HEADING + place * scale;
    let right = picture.width - 16.0;
    let stops = Stops {
        producer: HEADING + 11.0,
        thread: HEADING + 22.0,
        bar: (at(50.0), at(50.0) + 8.0),
        shard: (at(92.0), at(160.0)),
        batcher: (at(192.0), at(280.0)),
        card: (at(288.0), at(396.0)),
        stored: (at(404.0), at(404.0) + 30.0),
    };
    let column = (right - 16.0) / 5.0;
    let heading = Heading {
        sentence: (20.0, 20.0),
        labels: 61.0,
        figures: 82.0,
        columns: [0.0, 1.0, 2.0, 3.0, 4.0].map(|place| 16.0 + place * column),
        right,
    };
    (heading, stops, (16.0, right))
}

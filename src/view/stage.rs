//! The stage: what is where right now.
//!
//! Records go one way, to the right or, in a tall picture, down:
//!
//! ```text
//! producers ─ hash bar ─ shard ─ batchers ─ invocations ─ stored
//! ```
//!
//! One thread per key runs through all of it and tokens sit on it, so that a still picture shows what goes
//! where. `state` reads the simulation, `layout` decides where things stand, the others draw.
//!
//! Invariants: the figures add up to the records put, with what stands beside the last one, and without what a redrive
//! has in flight, which is given up still; the picture is a function of [`Picture`] alone, also in flight; the number of
//! shapes is bounded whatever the run.

mod again;
mod backlog;
mod caption;
mod card;
mod census;
mod counts;
mod crowd;
mod cut;
mod deck;
mod environments;
mod family;
mod heading;
pub(super) mod lanes;
mod layout;
mod motion;
mod poller;
mod reshard;
mod shard;
mod source;
mod state;
mod summary;
mod thread;
mod tray;

use super::hover;
use super::number::whole_clock;
use super::picture::Picture;
use super::scene::{Object, Scene};
use crate::units::SimTime;
pub use cut::cut_at;
pub(in crate::view) use cut::what;
use layout::Layout;
use motion::Flights;
pub(in crate::view) use shard::{shard_name, short_name};
use state::State;

/// Draws the stage of a picture into an emptied scene.
pub fn draw(picture: &Picture, scene: &mut Scene) {
    scene.clear(picture.width, picture.height);
    let state = State::of(picture);
    let layout = Layout::of(picture, &state);
    heading::draw(&state, &layout, scene);
    let mut flights = Flights::new(&state, &layout);
    shard::draw_ground(&state, &layout, scene);
    for (lane, place) in state.lanes.iter().zip(&layout.lanes) {
        deck::draw_ground(lane, place, scene);
    }
    thread::draw(&state, &layout, scene);
    source::draw(&state, &layout, scene);
    shard::draw(&state, &layout, &mut flights, scene);
    reshard::draw(&state, &layout, scene);
    poller::draw(&state, &layout, scene);
    for (lane, place) in state.lanes.iter().zip(&layout.lanes) {
        deck::draw(&state, lane, place, &mut flights, scene);
        card::draw(&state, lane, place, &mut flights, scene);
        deck::draw_stored(&state, lane, place, &mut flights, scene);
    }
    environments::draw(&state, &layout, scene);
    tray::draw(&state, &layout, scene);
    flights.draw(&state, scene);
    reshard::draw_bounces(&state, &layout, scene);
    summary::draw(&state, &layout, scene);
    hover::draw(picture, scene);
    cut::draw(&state, &layout, scene);
}

/// The five figures above the picture: records put, open shards, records waiting, in flight, stored; and the records
/// that are nowhere else, since they were given up, expired or stand before the mapping's starting position.
///
/// Put = waiting + in flight + stored + the others.
#[must_use]
pub fn figures(picture: &Picture) -> [u64; 6] {
    let counts = State::of(picture).counts;
    let others = counts.discarded + counts.expired + counts.skipped;
    [counts.put, counts.shards, counts.waiting(), counts.in_hand, counts.stored, others]
}

/// The first shards of the pages before and after those that a picture draws; `None` where there is no such page.
#[must_use]
pub fn pages(picture: &Picture) -> [Option<u32>; 2] {
    summary::pages(&State::bare(picture))
}

/// Whether a record is selected.
fn is_selected(selected: Option<Object>, record: u32) -> bool {
    selected == Some(Object::Record(record))
}

/// `1:05`: minutes and seconds, and hours where there are any.
pub(in crate::view) fn clock(ms: u64) -> String {
    whole_clock(SimTime(ms))
}

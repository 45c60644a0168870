//! The time line: what happened so far, and what is known to follow.
//!
//! Two parts over one time axis. `quilt`: hash keys over time, a tick for each arrival, and how far each key's
//! checkpoint is behind. `gantt`: a row for each lane, a bar for each invocation, a cell for each record where
//! there is room. The future, known from [`super::player::Player::ahead`], is faint.
//!
//! The axis shows the whole run where that is short, over or asked for; else a window of [`WINDOW_MS`] that slides along,
//! with the playhead at two thirds once it has come that far.
//!
//! Invariant: the number of shapes is bounded by the size of the picture, whatever the run.

mod axis;
mod commands;
mod gantt;
mod lifetimes;
mod quilt;

use super::picture::{Part, Picture};
use super::scene::{Class, Point, Scene, measure};
use super::stage::lanes::{DrawnLane, drawn_lanes};
use super::text::MessageId;
use axis::Axis;

/// Length of the sliding window.
pub const WINDOW_MS: u64 = 92_000;

/// Heights from which both parts fit.
const BOTH_FROM: f64 = 230.0;

/// Where the parts stand.
struct Layout {
    /// Left edge of titles.
    margin: f64,
    quilt: Option<(f64, f64)>,
    /// Baseline of the axis.
    axis: f64,
    /// Top and pitch of the rows, and height of a bar.
    gantt: Option<(f64, f64, f64)>,
    lanes: Vec<DrawnLane>,
    bottom: f64,
}

/// Draws the time line of a picture into an emptied scene.
pub fn draw(picture: &Picture, scene: &mut Scene) {
    scene.clear(picture.width, picture.height);
    let layout = layout(picture);
    let axis = Axis::of(picture, layout.margin, layout.axis);
    if let Some(across) = layout.quilt {
        quilt::draw(picture, &axis, across, scene);
    }
    if let Some(rows) = layout.gantt {
        if layout.quilt.is_none() && !picture.tall() {
            let title = measure::width_of(Class::Title, MessageId::Invocations.text(picture.lang));
            axis.draw_switch(picture, Point::new(layout.margin + title + 14.0, rows.0 - 15.0), scene);
        }
        gantt::draw(picture, &axis, &layout.lanes, rows, layout.margin, scene);
    }
    let title = measure::width_of(Class::Title, MessageId::Invocations.text(picture.lang));
    let top = layout.quilt.map_or(layout.gantt.map_or(0.0, |rows| rows.0), |quilt| quilt.0) - 6.0;
    axis.draw((top, layout.bottom), layout.margin + title + 6.0, scene);
}

fn layout(picture: &Picture) -> Layout {
    let (height, tall) = (picture.height, picture.tall());
    let margin = if tall { 16.0 } else { 24.0 };
    let lanes = drawn_lanes(picture, Axis::of(picture, margin, 0.0).range());
    let rows = lanes.len().max(1) as f64;
    let part = match picture.part {
        Part::Both if lanes.is_empty() => Part::Quilt,
        Part::Both if height < BOTH_FROM => Part::Gantt,
        Part::Both | Part::Quilt | Part::Gantt => picture.part,
    };
    let top = if tall { 8.0 } else { 40.0 };
    let below_axis = |axis: f64| (axis + 44.0, height - 12.0);
    let bar = |pitch: f64| (pitch * 0.7).clamp(6.0, 24.0);
    match part {
        Part::Both => {
            // The rows of invocations take what they need, at most a little more than half; many rows more.
            let room = height - top - 18.0 - 44.0 - 12.0;
            let share = if rows > 6.0 { 0.65 } else { 0.56 };
            let pitch = (room * share / rows).min(36.0);
            let axis = top + room - pitch * rows + 18.0;
            let (first, bottom) = below_axis(axis);
            Layout {
                margin,
                quilt: Some((top, axis - 18.0)),
                axis,
                gantt: Some((first, pitch, bar(pitch))),
                lanes,
                bottom,
            }
        }
        Part::Quilt => {
            let axis = height - 10.0;
            Layout { margin, quilt: Some((top, axis - 18.0)), axis, gantt: None, lanes, bottom: axis }
        }
        Part::Gantt => {
            let axis = height - 10.0;
            let pitch = ((axis - 18.0 - top) / rows).min(36.0);
            Layout { margin, quilt: None, axis, gantt: Some((top, pitch, bar(pitch))), lanes, bottom: axis }
        }
    }
}

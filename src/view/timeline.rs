//! The time line: what happened so far, and what is known to follow.
//!
//! Three parts over one time axis. `quilt`: hash keys over time, a tick for each arrival, and how far each key's
//! checkpoint is behind. `gantt`: a row for each lane, a bar for each invocation, a cell for each record where
//! there is room. The future, known from [`super::player::Player::ahead`], is faint.
//!
//! The axis shows the whole run where that is short, takes hours, is over or asked for; else a window of [`WINDOW_MS`]
//! that slides along, with the playhead at two thirds once it has come that far; or the window that was chosen
//! ([`super::zoom`]).
//!
//! Invariant: the number of shapes is bounded by the size of the picture, whatever the run.

mod axis;
mod charts;
pub(super) mod commands;
mod crosshair;
pub mod figures;
mod gantt;
mod lifetimes;
mod quilt;

use super::hover;
use super::picture::{Part, Picture, Span};
use super::player::Player;
use super::scene::{Anchor, Class, Point, Scene, measure};
use super::stage::lanes::{DrawnLane, drawn_lanes};
use super::text::MessageId;
use crate::units::SimTime;
use axis::Axis;
use figures::Chart;

/// Length of the sliding window.
pub const WINDOW_MS: u64 = 92_000;

/// Width that the page's controls take of the line of titles.
const CONTROLS: f64 = 400.0;
/// Heights from which several parts fit.
const SEVERAL_FROM: f64 = 230.0;
/// Heights of the quilt beside charts, wanted and least, and of a row of invocations.
const QUILT: f64 = 80.0;
const QUILT_MIN: f64 = 64.0;
const ROW_MIN: f64 = 25.0;
/// Most from one row of invocations to the next, and most height of a bar, where there is nothing else to see.
const PITCH_ALONE: f64 = 80.0;
const BAR_ALONE: f64 = 52.0;
/// Between the axis and what is below it, its title included.
const BELOW_AXIS: f64 = 44.0;

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
    charts: Vec<Chart>,
    /// Where the charts stand.
    charts_at: (f64, f64),
    bottom: f64,
}

/// The visible part of time: its start in milliseconds, which may lie before that of the run, and its length.
#[must_use]
pub fn window(player: &Player, span: Span) -> (f64, f64) {
    axis::window(player, span)
}

/// The time at a place of the picture, as long as it lies over the plot.
#[must_use]
pub fn time_at(picture: &Picture, x: f64) -> Option<SimTime> {
    let axis = Axis::of(picture, margin(picture), 0.0);
    axis.over_plot(x).then(|| axis.time_at(x))
}

/// By how much the playhead has moved since a moment, as a part of what shows.
#[must_use]
pub fn moved(player: &Player, span: Span, since: SimTime) -> f64 {
    (player.now().0 as f64 - since.0 as f64).abs() / window(player, span).1
}

/// What the time line shows once two moments have come to where two fingers are, unless the fingers are in one place.
#[must_use]
pub fn pinched(picture: &Picture, fingers: [(SimTime, f64); 2]) -> Option<(SimTime, SimTime)> {
    let axis = Axis::of(picture, margin(picture), 0.0);
    let [(one, x), (other, other_x)] = fingers;
    let scale = (other.0 as f64 - one.0 as f64) / (other_x - x);
    let at = |place: f64| SimTime((one.0 as f64 + (place - x) * scale).max(0.0) as u64);
    (scale.is_finite() && scale > 0.0).then(|| (at(axis.left), at(axis.right)))
}

/// Whether the playhead can be taken at a point of the picture.
#[must_use]
pub fn is_handle(picture: &Picture, at: Point) -> bool {
    let layout = layout(picture);
    Axis::of(picture, layout.margin, layout.axis).on_strip(at)
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
        gantt::draw(picture, &axis, &layout.lanes, rows, layout.margin, scene);
    }
    charts::draw(picture, &axis, &layout.charts, layout.charts_at, scene);
    if layout.quilt.is_none() && layout.gantt.is_none() && !picture.tall() {
        let at = Point::new(layout.margin, 25.0);
        scene.text(Class::Title, at, Anchor::Start, MessageId::PartCharts.text(picture.lang));
    }
    let title = measure::width_of(Class::Title, MessageId::Invocations.text(picture.lang));
    let first = layout.gantt.map_or(layout.charts_at.0, |rows| rows.0);
    let top = layout.quilt.map_or(first, |quilt| quilt.0) - 6.0;
    axis.draw((top, layout.bottom), layout.margin + title + 6.0, scene);
    axis.draw_bookmarks(picture.bookmarks, scene);
    crosshair::draw(picture, &axis, (top, layout.bottom), scene);
    hover::draw(picture, scene);
}

fn margin(picture: &Picture) -> f64 {
    if picture.tall() { 16.0 } else { 24.0 }
}

fn layout(picture: &Picture) -> Layout {
    let (height, tall) = (picture.height, picture.tall());
    let margin = margin(picture);
    let lanes = drawn_lanes(picture, Axis::of(picture, margin, 0.0).range());
    let rows = lanes.len().max(1) as f64;
    let part = match picture.part {
        Part::All if lanes.is_empty() && height < SEVERAL_FROM => Part::Quilt,
        Part::All if height < SEVERAL_FROM => Part::Gantt,
        Part::All | Part::Quilt | Part::Gantt | Part::Charts => picture.part,
    };
    let top = if tall { 8.0 } else { 40.0 };
    let bar = |pitch: f64| (pitch * 0.7).clamp(6.0, BAR_ALONE);
    // The axis below a single part.
    let axis = height - 10.0;
    let none = Layout {
        margin,
        quilt: None,
        axis,
        gantt: None,
        lanes: Vec::new(),
        charts: Vec::new(),
        charts_at: (0.0, 0.0),
        bottom: axis,
    };
    match part {
        Part::All => all_parts(picture, lanes, top, none),
        Part::Quilt => Layout { quilt: Some((top, axis - 18.0)), ..none },
        Part::Gantt => {
            let pitch = ((axis - 18.0 - top) / rows).min(PITCH_ALONE);
            // Few rows have the axis right below them, not far away.
            let axis = axis.min(top + pitch * rows + 18.0);
            // The first row is wider than its bar.
            let first = top.max((pitch - bar(pitch)) / 2.0);
            Layout { gantt: Some((first, pitch, bar(pitch))), lanes, axis, bottom: axis, ..none }
        }
        Part::Charts => {
            let top = top - 4.0;
            let room = ((axis - 14.0 - top) / charts::HEIGHT_MIN).max(1.0) as usize;
            let charts = if room < Chart::ALL.len() { charts::telling(picture) } else { Chart::ALL.to_vec() };
            let charts = charts.into_iter().take(room).collect();
            Layout { charts, charts_at: (top, axis - 12.0), ..none }
        }
    }
}

/// All parts: the rows of invocations take what they need, at most a little more than half, many rows more; charts
/// take what is left by a quilt that is flat, but can be read.
fn all_parts(picture: &Picture, lanes: Vec<DrawnLane>, top: f64, none: Layout) -> Layout {
    let rows = lanes.len() as f64;
    let below = if lanes.is_empty() { 14.0 } else { BELOW_AXIS };
    let room = picture.height - top - 18.0 - below - 12.0;
    let least = (ROW_MIN * rows).min(room * 0.5);
    let count = ((room - least - QUILT_MIN) / charts::HEIGHT_MIN).max(0.0) as usize;
    let charts: Vec<Chart> = charts::telling(picture).into_iter().take(count.min(2)).collect();
    let high = (charts.len() as f64 * charts::HEIGHT).min(room - least - QUILT_MIN).max(0.0);
    let room = room - high;
    let pitch = match (lanes.is_empty(), charts.is_empty()) {
        (true, _) => 0.0,
        (false, false) => ((room - QUILT) / rows).clamp(least / rows, 36.0),
        (false, true) => (room * if rows > 6.0 { 0.65 } else { 0.56 } / rows).min(36.0),
    };
    let axis = top + room - pitch * rows + 18.0;
    let bottom = picture.height - 12.0;
    Layout {
        quilt: Some((top, axis - 18.0)),
        axis,
        gantt: (!lanes.is_empty()).then(|| (axis + below, pitch, (pitch * 0.7).clamp(6.0, 24.0))),
        lanes,
        charts,
        charts_at: (bottom - high + 8.0, bottom + 8.0),
        bottom,
        ..none
    }
}

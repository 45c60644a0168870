//! The time axis: scale, labels and playhead.

use super::WINDOW_MS;
use crate::units::SimTime;
use crate::view::picture::{Picture, Span};
use crate::view::player::Player;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Point, Scene, Segment, measure};
use crate::view::stage::clock;

/// From this length on all of a run is shown.
const LONG_MS: u64 = 7_200_000;
/// Half the height of the strip of labels.
const STRIP: f64 = 12.0;
/// Steps between ticks: 1, 2, 5 and the like of seconds, then of minutes and hours.
pub(super) const STEPS_MS: [u64; 24] = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000,
    600_000, 1_200_000, 3_600_000, 7_200_000, 18_000_000, 86_400_000,
];
/// Least distance of two labels.
const LABEL_PITCH: f64 = 64.0;

/// The visible part of time.
pub(super) struct Axis {
    /// Left edge of the plot.
    pub(super) left: f64,
    /// Right edge of the plot.
    pub(super) right: f64,
    /// Time at the left edge, in milliseconds; may lie before the start.
    pub(super) from: f64,
    /// Pixels for a millisecond.
    pub(super) scale: f64,
    pub(super) now: SimTime,
    /// Baseline of the labels.
    pub(super) baseline: f64,
}

/// The visible part of time: its start in milliseconds, which may lie before that of the run, and its length.
pub(super) fn window(player: &Player, span: Span) -> (f64, f64) {
    let now = player.now();
    let end = player.end().0.max(now.0).max(1000);
    let whole = match span {
        Span::Chosen(zoom) => {
            let (from, to) = zoom.shown(now);
            return (from as f64, (to - from) as f64);
        }
        Span::Whole => true,
        Span::Window => end <= WINDOW_MS,
        // Of a run of hours a window shows next to nothing; once a run is over, all of it is what is left to see.
        Span::Near => end <= WINDOW_MS || end >= LONG_MS || !player.playing() && now >= player.end(),
    };
    // Room before the start, so that what happens at 0 can be seen.
    let before = |length: f64| -0.02 * length;
    if whole {
        let length = end as f64 * 1.16;
        return (before(length), length);
    }
    let length = WINDOW_MS as f64;
    ((now.0 as f64 - length * 2.0 / 3.0).max(before(length)), length)
}

impl Axis {
    pub(super) fn of(picture: &Picture, margin: f64, baseline: f64) -> Self {
        let left = if picture.tall() { margin + 34.0 } else { margin + 40.0 };
        let right = picture.width - margin.min(16.0);
        let now = picture.player.now();
        let (from, length) = window(picture.player, picture.span);
        let left = left + if picture.tall() { 0.0 } else { 0.02 * (right - left) - 1.0 };
        Self { left, right, from, scale: (right - left) / length, now, baseline }
    }

    /// The place of a time, which may lie outside the plot.
    pub(super) fn x(&self, ms: f64) -> f64 {
        self.left + (ms - self.from) * self.scale
    }

    /// The place of a time, within the plot.
    pub(super) fn within(&self, ms: f64) -> f64 {
        self.x(ms).clamp(self.left, self.right)
    }

    pub(super) fn x_now(&self) -> f64 {
        self.x(self.now.0 as f64)
    }

    /// The visible times, in whole milliseconds from the start.
    pub(super) fn range(&self) -> (SimTime, SimTime) {
        let to = self.from + (self.right - self.left) / self.scale;
        (SimTime(self.from.max(0.0) as u64), SimTime(to.max(0.0) as u64))
    }

    /// The time at a place, kept within the plot and the run.
    pub(super) fn time_at(&self, x: f64) -> SimTime {
        let ms = self.from + (x.clamp(self.left, self.right) - self.left) / self.scale;
        SimTime(ms.max(0.0) as u64)
    }

    /// Whether a point lies on the strip of labels, where the playhead can be taken.
    pub(super) fn on_strip(&self, at: Point) -> bool {
        (at.y - (self.baseline - 4.0)).abs() <= STRIP && self.over_plot(at.x)
    }

    /// Whether a place lies in the plot, the room for half a label included.
    pub(super) fn over_plot(&self, x: f64) -> bool {
        (self.left - 24.0..=self.right + 8.0).contains(&x)
    }

    /// Whether the playhead is in sight.
    pub(super) fn sees_now(&self) -> bool {
        let x = self.x_now();
        self.left - 0.5 <= x && x <= self.right + 0.5
    }

    /// A mark for each bookmark in sight, above the labels.
    pub(super) fn draw_bookmarks(&self, bookmarks: &[SimTime], scene: &mut Scene) {
        let (from, to) = self.range();
        let top = self.baseline - 20.0;
        for t in bookmarks.iter().filter(|&&t| from <= t && t <= to) {
            let x = self.x(t.0 as f64);
            let at = |along: f64, across: f64| Point::new(x + along, top + across);
            let flag = [
                Segment::Move(at(-4.0, 0.0)),
                Segment::Line(at(4.0, 0.0)),
                Segment::Line(at(4.0, 9.0)),
                Segment::Line(at(0.0, 6.0)),
                Segment::Line(at(-4.0, 9.0)),
                Segment::Close,
            ];
            scene.path(Class::Bookmark, Hue::NONE, &flag);
        }
    }

    /// From one tick to the next, and the digits behind the second that tell the ticks from each other.
    fn step(&self) -> (u64, usize) {
        let last = self.range().1.0;
        let fits = |&step: &u64| {
            let room = step as f64 * self.scale;
            room >= LABEL_PITCH
                && (step >= 1000
                    || room >= measure::width_of(Class::Label, &label(last, digits(step))) + 14.0)
        };
        let step = STEPS_MS.into_iter().find(fits).unwrap_or(864_000_000);
        (step, digits(step))
    }

    /// Draws labels and, over everything else, the playhead.
    ///
    /// The playhead leaves out the title below the axis, which ends at `title_right`, if it would cross it.
    pub(super) fn draw(&self, (top, bottom): (f64, f64), title_right: f64, scene: &mut Scene) {
        let (step, digits) = self.step();
        let label = |ms: u64| label(ms, digits);
        let x_now = self.x_now();
        // Where the playhead is out of sight, which way it is.
        let name = match (x_now < self.left - 0.5, self.sees_now()) {
            (true, _) => format!("‹ {}", label(self.now.0)),
            (false, true) => label(self.now.0),
            (false, false) => format!("{} ›", label(self.now.0)),
        };
        let pill = (measure::width_of(Class::PillText, &name) + 16.0).max(44.0);
        let pill_x = (x_now - pill / 2.0).clamp(self.left - 24.0, self.right - pill);
        let (from, to) = self.range();
        for ms in (from.0.div_ceil(step)..=to.0 / step).map(|tick| tick * step) {
            let (x, half) = (self.x(ms as f64), measure::width_of(Class::Label, &label(ms)) / 2.0);
            let clear = x + half + 4.0 < pill_x || x - half - 4.0 > pill_x + pill;
            if clear && x + half <= self.right {
                scene.text(Class::Label, Point::new(x, self.baseline), Anchor::Middle, label(ms));
            }
        }
        let below = self.baseline + 34.0;
        let ends = if !self.sees_now() {
            Vec::new()
        } else if x_now < title_right && below < bottom {
            vec![(top, self.baseline), (below, bottom)]
        } else {
            vec![(top, bottom)]
        };
        for (top, bottom) in ends {
            scene.line(Class::Playhead, Hue::NONE, Point::new(x_now, top), Point::new(x_now, bottom));
        }
        let bounds = Bounds::new(pill_x, self.baseline - 13.0, pill, 18.0);
        scene.rect(Class::Pill, Hue::NONE, bounds, 9.0);
        let at = Point::new(bounds.center().x, self.baseline);
        scene.text(Class::PillText, at, Anchor::Middle, name);
    }
}

/// Digits behind the second that ticks so far apart need.
fn digits(step: u64) -> usize {
    match step {
        0..10 => 3,
        10..100 => 2,
        100..1000 => 1,
        _ => 0,
    }
}

/// A time with so many digits behind the second, rounded down.
fn label(ms: u64, digits: usize) -> String {
    let mut text = clock(ms);
    if digits > 0 {
        text += &format!(".{:03}", ms % 1000)[..=digits];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighboring_ticks_have_different_labels() {
        for step in STEPS_MS {
            let labels = [1, 2, 3].map(|tick| label(tick * step, digits(step)));
            assert!(labels[0] != labels[1] && labels[1] != labels[2], "{step}: {labels:?}");
        }
        assert_eq!(
            [(950, 50), (1205, 5), (1200, 100)].map(|(t, step)| label(t, digits(step))),
            ["0:00.95", "0:01.205", "0:01.2"]
        );
        assert_eq!(label(61_999, digits(1000)), "1:01");
    }
}

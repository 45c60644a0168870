//! The time axis: scale, labels and playhead.

use super::WINDOW_MS;
use crate::units::SimTime;
use crate::view::picture::{Control, Picture, Span};
use crate::view::scene::{Anchor, Bounds, Class, Hue, Point, Scene, measure};
use crate::view::stage::clock;
use crate::view::text::MessageId;

/// Steps between ticks: 1, 2, 5 and the like of seconds, then of minutes and hours.
const STEPS_MS: [u64; 24] = [
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
    baseline: f64,
}

/// Whether the whole run is shown: once it is over, that is what is left to see.
fn is_whole(picture: &Picture) -> bool {
    let player = picture.player;
    match picture.span {
        Span::Whole => true,
        Span::Window => false,
        Span::Near => !player.playing() && player.now() >= player.end(),
    }
}

impl Axis {
    pub(super) fn of(picture: &Picture, margin: f64, baseline: f64) -> Self {
        let left = if picture.tall() { margin + 34.0 } else { margin + 40.0 };
        let right = picture.width - margin.min(16.0);
        let now = picture.player.now();
        let end = picture.player.end().0.max(now.0).max(1000);
        // Room before the start, so that what happens at 0 can be seen.
        let before = |length: f64| -0.02 * length;
        let (from, length) = if end <= WINDOW_MS || is_whole(picture) {
            let length = end as f64 * 1.16;
            (before(length), length)
        } else {
            let length = WINDOW_MS as f64;
            ((now.0 as f64 - length * 2.0 / 3.0).max(before(length)), length)
        };
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

    /// Draws the switch between the whole run and a part of it, where the run is longer than that.
    pub(super) fn draw_switch(&self, picture: &Picture, at: Point, scene: &mut Scene) {
        if !picture.controls || picture.player.end().0.max(self.now.0) <= WINDOW_MS {
            return;
        }
        let (id, to) = if is_whole(picture) {
            (MessageId::ShowWindow, Span::Window)
        } else {
            (MessageId::ShowWhole, Span::Whole)
        };
        let text = id.text(picture.lang);
        let bounds = Bounds::new(at.x, at.y - 14.0, measure::width_of(Class::Label, text) + 18.0, 20.0);
        scene.rect(Class::Button, Hue::NONE, bounds, 10.0).control(Control::Span(to));
        scene.text(Class::Label, Point::new(bounds.center().x, at.y), Anchor::Middle, text);
    }

    /// Draws labels and, over everything else, the playhead.
    ///
    /// The playhead leaves out the title below the axis, which ends at `title_right`, if it would cross it.
    pub(super) fn draw(&self, (top, bottom): (f64, f64), title_right: f64, scene: &mut Scene) {
        let fine = 1000.0 * self.scale > LABEL_PITCH * 2.0;
        let label = |ms: u64| if fine { format!("{}.{}", clock(ms), ms / 100 % 10) } else { clock(ms) };
        let pill = (measure::width_of(Class::PillText, &clock(self.now.0)) + 16.0).max(44.0);
        let x_now = self.x_now();
        let pill_x = (x_now - pill / 2.0).clamp(self.left - 24.0, self.right - pill);
        let step =
            STEPS_MS.into_iter().find(|&step| step as f64 * self.scale >= LABEL_PITCH).unwrap_or(864_000_000);
        let (from, to) = self.range();
        for ms in (from.0.div_ceil(step)..=to.0 / step).map(|tick| tick * step) {
            let (x, half) = (self.x(ms as f64), measure::width_of(Class::Label, &label(ms)) / 2.0);
            let clear = x + half + 4.0 < pill_x || x - half - 4.0 > pill_x + pill;
            if clear && x + half <= self.right {
                scene.text(Class::Label, Point::new(x, self.baseline), Anchor::Middle, label(ms));
            }
        }
        let below = self.baseline + 34.0;
        let ends = if x_now < title_right && below < bottom {
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
        scene.text(Class::PillText, at, Anchor::Middle, clock(self.now.0));
    }
}

//! What follows the mouse over the time line: a hair at its moment, which the charts read their values at, and the
//! window that is being drawn up.

use super::axis::Axis;
use crate::units::SimDuration;
use crate::view::number::{seconds, short_clock};
use crate::view::picture::Picture;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Point, Scene, measure};

/// Less than this is a click, not a window.
const WINDOW_FROM: f64 = 4.0;

/// Draws both between two heights.
pub(super) fn draw(picture: &Picture, axis: &Axis, (top, bottom): (f64, f64), scene: &mut Scene) {
    let Some(pointer) = picture.pointer.filter(|pointer| axis.over_plot(pointer.at.x)) else { return };
    let x = pointer.at.x.clamp(axis.left, axis.right);
    let t = axis.time_at(x);
    let mut text = short_clock(t);
    if let Some(pressed) = pointer.pressed.filter(|pressed| (x - pressed).abs() >= WINDOW_FROM) {
        let pressed = pressed.clamp(axis.left, axis.right);
        let band = Bounds::new(x.min(pressed), top, (x - pressed).abs(), bottom - top);
        scene.rect(Class::WindowBand, Hue::NONE, band, 0.0);
        let length = SimDuration(t.0.abs_diff(axis.time_at(pressed).0));
        text = seconds(length, picture.lang);
    } else {
        scene.line(Class::Crosshair, Hue::NONE, Point::new(x, top), Point::new(x, bottom));
    }
    let width = measure::width_of(Class::Strong, &text) + 12.0;
    let left = (x - width / 2.0).clamp(axis.left - 24.0, axis.right - width);
    let pill = Bounds::new(left, axis.baseline - 13.0, width, 18.0);
    scene.rect(Class::CrosshairPill, Hue::NONE, pill, 9.0);
    scene.text(Class::Strong, Point::new(pill.center().x, axis.baseline), Anchor::Middle, text);
}

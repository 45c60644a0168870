//! A version's outline, so that old and new are told apart by shape.

use super::{Bounds, Class, Hue, Object, Point, Scene, Segment};

/// From the outer edge to the second one.
const EDGES_APART: f64 = 2.5;
/// Radius of round corners, and length of cut ones, at most.
const CORNER_MAX: f64 = 14.0;

impl Scene {
    /// Adds the outline of what a version does, by the index of its code: the first has square corners, the second
    /// round ones and a double edge, the third cut ones; then again from the first.
    pub fn version(&mut self, class: Class, bounds: Bounds, code: u32, object: Object) {
        let corner = (bounds.height.min(bounds.width) / 2.0).min(CORNER_MAX);
        match code % 3 {
            0 => drop(self.rect(class, Hue::NONE, bounds, 0.0).object(object)),
            1 => {
                self.rect(class, Hue::NONE, bounds, corner).object(object);
                let inner = bounds.grown(-EDGES_APART);
                if inner.width > 0.0 && inner.height > 0.0 {
                    let radius = (corner - EDGES_APART).max(0.0);
                    self.rect(Class::VersionEdge, Hue::NONE, inner, radius);
                }
            }
            _ => drop(self.path(class, Hue::NONE, &cut_corners(bounds, corner)).object(object)),
        }
    }
}

/// The rectangle with its corners cut off.
fn cut_corners(bounds: Bounds, corner: f64) -> [Segment; 9] {
    let (left, top, right, bottom) = (bounds.x, bounds.y, bounds.right(), bounds.bottom());
    let at = Point::new;
    [
        Segment::Move(at(left, top + corner)),
        Segment::Line(at(left + corner, top)),
        Segment::Line(at(right - corner, top)),
        Segment::Line(at(right, top + corner)),
        Segment::Line(at(right, bottom - corner)),
        Segment::Line(at(right - corner, bottom)),
        Segment::Line(at(left + corner, bottom)),
        Segment::Line(at(left, bottom - corner)),
        Segment::Close,
    ]
}

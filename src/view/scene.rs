//! Scenes: what a picture consists of, without knowing how it is painted.
//!
//! A [`Scene`] is a reused buffer of [`Shape`]s. A shape carries a semantic [`Class`], and a hue where a
//! partition key decides it; `www/scene.css` gives each class its look, for the canvas and for the SVG alike.
//! Coordinates are CSS pixels, x to the right and y down. Sizes of texts are decided here, because the layout
//! depends on them. A record's token is pushed as its parts, so that a painter knows four forms only.

pub mod class;
pub mod measure;
pub mod svg;
pub mod token;
pub mod version;

use std::fmt::Write;

pub use class::Class;
pub use token::{Token, TokenState};

use super::picture::Control;
use crate::sim::agenda::LaneRef;

/// Something in the picture that can be pointed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// A record, by index.
    Record(u32),
    /// An invocation, by index.
    Invocation(u32),
    /// A lane.
    Lane(LaneRef),
    /// A shard, by index.
    Shard(u32),
    /// Records that were given up together, by index.
    Discard(u32),
    /// An execution environment, by index.
    Environment(u32),
    /// What records do not pass through, but which decides on them.
    Resource(Resource),
}

/// What decides on records: a resource of AWS, or a part of one that has a state of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// The scenario's stream.
    Stream,
    /// A producer, by index.
    Producer(u8),
    /// What reads a shard for a mapping.
    Poller {
        /// The mapping.
        mapping: u16,
        /// The shard.
        shard: u32,
    },
    /// How far a mapping is done with a shard.
    Checkpoint {
        /// The mapping.
        mapping: u16,
        /// The shard.
        shard: u32,
    },
    /// An event source mapping, by index.
    Mapping(u16),
    /// The iterator age of a mapping's batches.
    IteratorAge(u16),
    /// A function, by index.
    Function(u16),
    /// A published version of a function, both by index.
    Version {
        /// The function.
        function: u16,
        /// The version.
        version: u32,
    },
    /// An alias of a function, both by index.
    Alias {
        /// The function.
        function: u16,
        /// The alias.
        alias: u16,
    },
    /// An alarm, by index.
    Alarm(u16),
}

impl Object {
    /// The mapping that it is of, where it says so itself.
    #[must_use]
    pub fn mapping(self) -> Option<u16> {
        match self {
            Self::Lane(LaneRef { mapping, .. })
            | Self::Resource(
                Resource::Poller { mapping, .. }
                | Resource::Checkpoint { mapping, .. }
                | Resource::Mapping(mapping)
                | Resource::IteratorAge(mapping),
            ) => Some(mapping),
            Self::Record(_)
            | Self::Invocation(_)
            | Self::Shard(_)
            | Self::Discard(_)
            | Self::Environment(_)
            | Self::Resource(
                Resource::Stream
                | Resource::Producer(_)
                | Resource::Function(_)
                | Resource::Version { .. }
                | Resource::Alias { .. }
                | Resource::Alarm(_),
            ) => None,
        }
    }
}

/// A partition key's hue: 1..=8, or 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hue(pub u8);

impl Hue {
    /// Not of any key.
    pub const NONE: Self = Self(0);
    /// Number of hues; further keys begin again.
    pub const COUNT: u32 = 8;

    /// The hue of the key with this index.
    #[must_use]
    pub fn of(key: u32) -> Self {
        Self((key % Self::COUNT) as u8 + 1)
    }
}

/// Where a text's position lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its left end.
    Start,
    /// In its middle.
    Middle,
    /// At its right end.
    End,
}

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Point {
    /// The point (x, y).
    #[must_use]
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The point `share` of the way to `to`.
    #[must_use]
    pub fn towards(self, to: Self, share: f64) -> Self {
        Self { x: self.x + (to.x - self.x) * share, y: self.y + (to.y - self.y) * share }
    }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Bounds {
    /// The rectangle with this corner and size.
    #[must_use]
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }

    /// A square around a point.
    #[must_use]
    pub fn square(center: Point, size: f64) -> Self {
        Self::new(center.x - size / 2.0, center.y - size / 2.0, size, size)
    }

    /// Right edge.
    #[must_use]
    pub fn right(self) -> f64 {
        self.x + self.width
    }

    /// Lower edge.
    #[must_use]
    pub fn bottom(self) -> f64 {
        self.y + self.height
    }

    /// The middle.
    #[must_use]
    pub fn center(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Larger by `margin` on each side; smaller where it is negative.
    #[must_use]
    pub fn grown(self, margin: f64) -> Self {
        Self::new(self.x - margin, self.y - margin, self.width + 2.0 * margin, self.height + 2.0 * margin)
    }

    /// Whether the point lies in it.
    #[must_use]
    pub fn contains(self, point: Point) -> bool {
        self.x <= point.x && point.x <= self.right() && self.y <= point.y && point.y <= self.bottom()
    }

    /// Whether the two share more than an edge.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Segment {
    /// Starts at a point.
    Move(Point),
    /// A straight line to a point.
    Line(Point),
    /// A cubic curve: two control points and the end.
    Cubic(Point, Point, Point),
    /// Back to the start.
    Close,
}

/// What a shape is; paths and texts lie in the scene's shared buffers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// A rectangle with rounded corners.
    Rect {
        /// Where.
        bounds: Bounds,
        /// Radius of the corners.
        radius: f64,
    },
    /// A circle.
    Circle {
        /// Its center.
        center: Point,
        /// Its radius.
        radius: f64,
    },
    /// Lines and curves.
    Path {
        /// Index of the first segment.
        first: u32,
        /// Number of segments.
        count: u32,
    },
    /// One line of text.
    Text {
        /// On the baseline.
        at: Point,
        /// What `at` is to the text.
        anchor: Anchor,
        /// Size of the font, in pixels.
        size: f64,
        /// Index of the first byte.
        first: u32,
        /// Number of bytes.
        count: u32,
    },
}

/// One shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// What it means, and so how it looks.
    pub class: Class,
    /// The key's hue, if a key decides it.
    pub hue: Hue,
    /// Multiplies the look's own opacity.
    pub opacity: f64,
    /// What it stands for, if it can be pointed at.
    pub object: Option<Object>,
    /// What a click on it asks for, if it is a control.
    pub control: Option<Control>,
    /// Its form.
    pub form: Form,
}

/// A picture: shapes in the order they are painted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    shapes: Vec<Shape>,
    segments: Vec<Segment>,
    text: String,
    width: f64,
    height: f64,
}

impl Scene {
    /// Empties it for a picture of this size; keeps its memory.
    pub fn clear(&mut self, width: f64, height: f64) {
        self.shapes.clear();
        self.segments.clear();
        self.text.clear();
        (self.width, self.height) = (width, height);
    }

    /// Its size.
    #[must_use]
    pub fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// All shapes, in the order they are painted.
    #[must_use]
    pub fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// Segments of a path.
    #[must_use]
    pub fn segments(&self, first: u32, count: u32) -> &[Segment] {
        &self.segments[first as usize..(first + count) as usize]
    }

    /// A text.
    #[must_use]
    pub fn text_of(&self, first: u32, count: u32) -> &str {
        &self.text[first as usize..(first + count) as usize]
    }

    /// Adds a rectangle.
    pub fn rect(&mut self, class: Class, hue: Hue, bounds: Bounds, radius: f64) -> &mut Shape {
        self.push(class, hue, Form::Rect { bounds, radius })
    }

    /// Adds a circle.
    pub fn circle(&mut self, class: Class, hue: Hue, center: Point, radius: f64) -> &mut Shape {
        self.push(class, hue, Form::Circle { center, radius })
    }

    /// Adds a path.
    pub fn path(&mut self, class: Class, hue: Hue, segments: &[Segment]) -> &mut Shape {
        let first = self.segments.len() as u32;
        self.segments.extend_from_slice(segments);
        self.push(class, hue, Form::Path { first, count: segments.len() as u32 })
    }

    /// Adds a straight line.
    pub fn line(&mut self, class: Class, hue: Hue, from: Point, to: Point) -> &mut Shape {
        self.path(class, hue, &[Segment::Move(from), Segment::Line(to)])
    }

    /// Adds a text of the class's own size.
    pub fn text(
        &mut self,
        class: Class,
        at: Point,
        anchor: Anchor,
        text: impl std::fmt::Display,
    ) -> &mut Shape {
        self.text_sized(class, Hue::NONE, class.font_size(), at, anchor, text)
    }

    /// Adds a text.
    pub fn text_sized(
        &mut self,
        class: Class,
        hue: Hue,
        size: f64,
        at: Point,
        anchor: Anchor,
        text: impl std::fmt::Display,
    ) -> &mut Shape {
        let first = self.text.len();
        // Writing to a `String` cannot fail.
        let _ = write!(self.text, "{text}");
        let count = (self.text.len() - first) as u32;
        self.push(class, hue, Form::Text { at, anchor, size, first: first as u32, count })
    }

    fn push(&mut self, class: Class, hue: Hue, form: Form) -> &mut Shape {
        let place = self.shapes.len();
        self.shapes.push(Shape { class, hue, opacity: 1.0, object: None, control: None, form });
        &mut self.shapes[place]
    }

    /// Hatches a rectangle: lines from the lower left to the upper right, so far apart along an edge.
    pub fn hatch(&mut self, class: Class, bounds: Bounds, apart: f64) {
        let (width, height) = (bounds.width, bounds.height);
        let mut lines = Vec::new();
        let mut at = apart;
        while at < width + height {
            // A line of all points whose distances from the upper left corner add up to `at`.
            let low = Point::new(bounds.x + (at - height).max(0.0), bounds.y + at.min(height));
            let high = Point::new(bounds.x + at.min(width), bounds.y + (at - width).max(0.0));
            lines.extend([Segment::Move(low), Segment::Line(high)]);
            at += apart;
        }
        if width > 0.0 && height > 0.0 {
            self.path(class, Hue::NONE, &lines);
        }
    }

    /// The topmost object at a point, with a little tolerance.
    #[must_use]
    pub fn object_at(&self, x: f64, y: f64) -> Option<Object> {
        self.topmost(x, y, |shape| shape.object)
    }

    /// The topmost control at a point, with a little tolerance.
    #[must_use]
    pub fn control_at(&self, x: f64, y: f64) -> Option<Control> {
        self.topmost(x, y, |shape| shape.control)
    }

    fn topmost<T>(&self, x: f64, y: f64, wanted: impl Fn(&Shape) -> Option<T>) -> Option<T> {
        const TOLERANCE: f64 = 1.5;
        let point = Point::new(x, y);
        self.shapes.iter().rev().find_map(|shape| {
            let hit = match shape.form {
                Form::Rect { bounds, .. } => bounds.grown(TOLERANCE).contains(point),
                Form::Circle { center, radius } => {
                    Bounds::square(center, 2.0 * (radius + TOLERANCE)).contains(point)
                }
                Form::Path { .. } | Form::Text { .. } => {
                    wanted(shape).is_some() && self.bounds(shape).grown(TOLERANCE).contains(point)
                }
            };
            wanted(shape).filter(|_| hit)
        })
    }

    /// The box around a shape: exact for rectangles and circles, of the control points for paths, estimated for
    /// texts.
    #[must_use]
    pub fn bounds(&self, shape: &Shape) -> Bounds {
        match shape.form {
            Form::Rect { bounds, .. } => bounds,
            Form::Circle { center, radius } => Bounds::square(center, 2.0 * radius),
            Form::Path { first, count } => path_bounds(self.segments(first, count)),
            Form::Text { at, anchor, size, first, count } => {
                let width = measure::width(shape.class, size, self.text_of(first, count));
                let left = match anchor {
                    Anchor::Start => 0.0,
                    Anchor::Middle => width / 2.0,
                    Anchor::End => width,
                };
                Bounds::new(at.x - left, at.y - size * 0.76, width, size * 0.95)
            }
        }
    }
}

impl Shape {
    /// Makes it stand for an object.
    pub fn object(&mut self, object: Object) -> &mut Self {
        self.object = Some(object);
        self
    }

    /// Makes it a control.
    pub fn control(&mut self, control: Control) -> &mut Self {
        self.control = Some(control);
        self
    }

    /// Multiplies its look's opacity.
    pub fn opacity(&mut self, opacity: f64) -> &mut Self {
        self.opacity = opacity;
        self
    }
}

fn path_bounds(segments: &[Segment]) -> Bounds {
    let points = segments.iter().flat_map(|segment| match *segment {
        Segment::Move(to) | Segment::Line(to) => [Some(to), None, None],
        Segment::Cubic(first, second, to) => [Some(first), Some(second), Some(to)],
        Segment::Close => [None; 3],
    });
    let mut corners: Option<(Point, Point)> = None;
    for point in points.flatten() {
        let (low, high) = corners.unwrap_or((point, point));
        let low = Point::new(low.x.min(point.x), low.y.min(point.y));
        corners = Some((low, Point::new(high.x.max(point.x), high.y.max(point.y))));
    }
    let (low, high) = corners.unwrap_or_default();
    Bounds::new(low.x, low.y, high.x - low.x, high.y - low.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topmost_object_is_found() {
        let mut scene = Scene::default();
        scene.clear(100.0, 100.0);
        scene.rect(Class::Card, Hue::NONE, Bounds::new(0.0, 0.0, 50.0, 50.0), 0.0).object(Object::Shard(1));
        scene.circle(Class::Dot, Hue::of(0), Point::new(10.0, 10.0), 4.0).object(Object::Record(7));
        scene.rect(Class::Pipe, Hue::NONE, Bounds::new(0.0, 0.0, 100.0, 100.0), 0.0);
        assert_eq!(scene.object_at(11.0, 12.0), Some(Object::Record(7)));
        assert_eq!(scene.object_at(40.0, 40.0), Some(Object::Shard(1)));
        assert_eq!(scene.object_at(80.0, 80.0), None);
    }

    #[test]
    fn clearing_keeps_the_memory() {
        let mut scene = Scene::default();
        for _ in 0..3 {
            scene.clear(10.0, 10.0);
            scene.text(Class::Label, Point::default(), Anchor::Start, "λ 17");
            scene.line(Class::Hair, Hue::NONE, Point::default(), Point::new(1.0, 2.0));
        }
        assert_eq!((scene.shapes().len(), scene.text.len(), scene.segments.len()), (2, 5, 2));
        assert_eq!(scene.bounds(&scene.shapes()[1]), Bounds::new(0.0, 0.0, 1.0, 2.0));
    }
}

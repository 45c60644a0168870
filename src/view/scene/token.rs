//! A record's token: a rounded square in its key's hue, with a label and its state.

use std::fmt::Display;

use super::{Anchor, Bounds, Class, Hue, Object, Point, Scene, Segment, Shape};

/// State of a record, shown by shape and mark, never by hue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// Waits.
    Waiting,
    /// Waits in a deck, partly covered by the next one.
    InDeck,
    /// Is being handled.
    Current,
    /// Was handled.
    Done,
    /// Made its invocation fail.
    Failed,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Its middle.
    pub center: Point,
    /// Length of an edge.
    pub size: f64,
    /// The key's hue.
    pub hue: Hue,
    /// The record's state.
    pub state: TokenState,
    /// From 0, invisible, to 1.
    pub opacity: f64,
    /// The record, if it is one.
    pub record: Option<u32>,
    /// Whether it is selected.
    pub selected: bool,
}

impl Token {
    /// A waiting record.
    #[must_use]
    pub fn new(center: Point, size: f64, hue: Hue) -> Self {
        Self { center, size, hue, state: TokenState::Waiting, opacity: 1.0, record: None, selected: false }
    }

    fn radius(&self) -> f64 {
        (self.size * 0.22).max(1.5)
    }
}

impl Scene {
    /// Adds a token with a label, which may be empty. Handled and failed tokens show a mark instead.
    pub fn token(&mut self, token: Token, label: impl Display) {
        let bounds = Bounds::square(token.center, token.size);
        let radius = token.radius();
        let class = match token.state {
            TokenState::Waiting | TokenState::Current => Class::Token,
            TokenState::InDeck => Class::TokenCard,
            TokenState::Done => Class::TokenDone,
            TokenState::Failed => Class::TokenFailed,
        };
        if token.selected {
            let around = bounds.grown(if token.state == TokenState::Current { 4.0 } else { 3.0 });
            self.rect(Class::Selected, Hue::NONE, around, radius + 3.0).opacity(token.opacity);
        } else if token.state == TokenState::Current {
            self.rect(Class::TokenRing, Hue::NONE, bounds.grown(2.5), radius + 2.5).opacity(token.opacity);
        }
        let square = self.rect(class, token.hue, bounds, radius).opacity(token.opacity);
        square.object = token.record.map(Object::Record);
        match token.state {
            TokenState::Done => {
                self.tick(Class::Check, token.center, token.size).opacity(token.opacity);
            }
            TokenState::Failed => self.cross(Class::Cross, token.center, token.size, token.opacity),
            TokenState::Waiting | TokenState::InDeck | TokenState::Current => {
                let label = label.to_string();
                let size = label_size(token.size, label.chars().count());
                let at = Point::new(token.center.x, token.center.y + size * 0.36);
                if !label.is_empty() && size >= LABEL_MIN {
                    self.text_sized(Class::TokenText, token.hue, size, at, Anchor::Middle, label)
                        .opacity(token.opacity);
                }
            }
        }
    }

    /// Adds a tick.
    pub fn tick(&mut self, class: Class, center: Point, size: f64) -> &mut Shape {
        let unit = size / 16.0;
        let at = |x: f64, y: f64| Point::new(center.x + x * unit, center.y + y * unit);
        let segments =
            [Segment::Move(at(-3.6, 0.4)), Segment::Line(at(-1.1, 3.0)), Segment::Line(at(3.7, -2.6))];
        self.path(class, Hue::NONE, &segments)
    }

    /// Adds an arrow that bounces back.
    pub fn bounce(&mut self, class: Class, center: Point, size: f64) -> &mut Shape {
        let unit = size / 16.0;
        let at = |x: f64, y: f64| Point::new(center.x + x * unit, center.y + y * unit);
        let segments = [
            Segment::Move(at(3.0, 3.5)),
            Segment::Cubic(at(5.5, -0.5), at(1.5, -4.0), at(-4.0, -0.5)),
            Segment::Move(at(-4.0, -4.2)),
            Segment::Line(at(-4.2, -0.4)),
            Segment::Line(at(-0.6, 0.4)),
        ];
        self.path(class, Hue::NONE, &segments)
    }

    /// Adds a cross.
    pub fn cross(&mut self, class: Class, center: Point, size: f64, opacity: f64) {
        let arm = size * 0.2;
        let at = |x: f64, y: f64| Point::new(center.x + x * arm, center.y + y * arm);
        let segments = [
            Segment::Move(at(-1.0, -1.0)),
            Segment::Line(at(1.0, 1.0)),
            Segment::Move(at(1.0, -1.0)),
            Segment::Line(at(-1.0, 1.0)),
        ];
        self.path(class, Hue::NONE, &segments).opacity(opacity);
    }
}

/// Labels smaller than this are left out.
const LABEL_MIN: f64 = 6.0;

/// Size of the label on a token of this size: smaller for three characters and more.
fn label_size(token: f64, characters: usize) -> f64 {
    const EM: f64 = 0.63;
    let fitting = (token - 2.0) / (EM * characters.max(1) as f64);
    (token * 0.65).round().min(14.0).min((fitting * 2.0).round() / 2.0)
}

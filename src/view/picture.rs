//! What is asked for when a picture is drawn.

use super::cut::Step;
use super::hover::Hover;
use super::player::{Player, Speed};
use super::scene::{Object, Point};
use super::zoom::Zoom;
use crate::kinesis::HashKey;
use crate::lang::Lang;
use crate::units::SimTime;

/// Whether records fly from place to place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// They do.
    #[default]
    Full,
    /// They fade in where they go (`prefers-reduced-motion`).
    Reduced,
}

/// Which parts of the time line are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// One above the other: hash key over time, invocations, and the charts that say most of this run; less where
    /// there is no room.
    #[default]
    All,
    /// Hash key over time.
    Quilt,
    /// Invocations.
    Gantt,
    /// All charts.
    Charts,
}

impl Part {
    /// All choices.
    pub const ALL: [Self; 4] = [Self::All, Self::Quilt, Self::Gantt, Self::Charts];

    /// Its name for links and style.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Quilt => "keys",
            Self::Gantt => "invocations",
            Self::Charts => "charts",
        }
    }

    /// The choice after this one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::All => Self::Quilt,
            Self::Quilt => Self::Gantt,
            Self::Gantt => Self::Charts,
            Self::Charts => Self::All,
        }
    }
}

/// How much time the time line shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// The whole run where it is short, takes hours or is over, else a window that slides along with the playhead.
    #[default]
    Near,
    /// The window, also when the run is over.
    Window,
    /// The whole run.
    Whole,
    /// A window that was chosen.
    Chosen(Zoom),
}

impl Span {
    /// The whole run, or else the window.
    #[must_use]
    pub fn toggled(self) -> Self {
        match self {
            Self::Whole => Self::Window,
            Self::Near | Self::Window | Self::Chosen(_) => Self::Whole,
        }
    }
}

/// A control of the picture itself: what a click on it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Draw the shards from this one on, or those that the picture chooses: [`Picture::shard_first`].
    Shards(Option<u32>),
    /// Do this with the scissors.
    Cut(Step),
}

/// The mouse, or a finger, over the time line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pointer {
    /// Where it is.
    pub at: Point,
    /// Where it was pressed, while it draws up a window; only how far to the right it is counts.
    pub pressed: Option<f64>,
}

/// A picture of the run at its playhead. The picture is a function of this value alone.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    /// The run.
    pub player: &'a Player,
    /// The language of its texts.
    pub lang: Lang,
    /// Width in CSS pixels; below [`TALL_BELOW`] records fall instead of moving to the right.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
    /// Whether records fly.
    pub motion: Motion,
    /// What is selected.
    pub selected: Option<Object>,
    /// The event source mapping that is drawn.
    pub mapping: u16,
    /// The first of the shards that are drawn, in order of their hash keys; `None` leaves the choice to the picture.
    pub shard_first: Option<u32>,
    /// Which parts of the time line are drawn.
    pub part: Part,
    /// How much time the time line shows.
    pub span: Span,
    /// What is pointed at or focused, anywhere on the page.
    pub hover: Hover,
    /// What points into the time line.
    pub pointer: Option<Pointer>,
    /// Moments that are marked.
    pub bookmarks: &'a [SimTime],
    /// Whether the picture has its own controls.
    pub controls: bool,
    /// Where a shard is about to be cut, while that is being chosen.
    pub cut: Option<HashKey>,
}

/// Narrower pictures are tall.
pub const TALL_BELOW: f64 = 560.0;

/// From this speed on nothing flies: there would be no time to see it.
const FLIGHT_SPEED_MAX: f64 = 20.0;

impl<'a> Picture<'a> {
    /// A picture of this size with nothing selected.
    #[must_use]
    pub fn new(player: &'a Player, lang: Lang, width: f64, height: f64) -> Self {
        Self {
            player,
            lang,
            width,
            height,
            motion: Motion::Full,
            selected: None,
            mapping: 0,
            shard_first: None,
            controls: false,
            cut: None,
            part: Part::All,
            span: Span::Near,
            hover: Hover::default(),
            pointer: None,
            bookmarks: &[],
        }
    }

    /// Whether records fall.
    #[must_use]
    pub fn tall(&self) -> bool {
        self.width < TALL_BELOW
    }

    /// Simulated milliseconds for each real one, where records fly; `None` where they do not.
    #[must_use]
    pub fn pace(&self) -> Option<f64> {
        match (self.motion, self.player.speed()) {
            (Motion::Full, Speed::Times(times)) if times < FLIGHT_SPEED_MAX => Some(times),
            (Motion::Full, Speed::Times(_) | Speed::Max) | (Motion::Reduced, _) => None,
        }
    }

    /// The same where records fade in.
    #[must_use]
    pub fn fading_pace(&self) -> Option<f64> {
        match self.motion {
            Motion::Full => None,
            Motion::Reduced => Picture { motion: Motion::Full, ..*self }.pace(),
        }
    }
}

//! The two canvases, and what else moves in every frame: the clock and the scrub bar.
//!
//! All of it is drawn straight from the run, past the virtual DOM.

use web_sys::{HtmlCanvasElement, HtmlElement, HtmlInputElement};

use super::browser;
use super::canvas::Painter;
use super::transport::{CLOCK, SCRUB, percent};
use crate::kinesis::HashKey;
use crate::lang::Lang;
use crate::units::SimTime;
use crate::view::bookmark::Bookmarks;
use crate::view::hover::Hover;
use crate::view::number::clock;
use crate::view::panels::rail::looked_at;
use crate::view::picture::{Control, Motion, Part, Picture, Pointer, Span};
use crate::view::player::Player;
use crate::view::scene::{Object, Point, Scene};
use crate::view::ui::UiState;
use crate::view::{stage, timeline};

/// Frames after which the canvases are measured again, should they have changed without a word: measuring has the browser
/// lay out the page.
const MEASURED_EVERY: u32 = 30;

/// While it plays, the time line waits until the playhead has moved by such a part of it, about half a pixel, but no longer
/// than so many frames, and one more if the panels have this one.
const WAITED_MAX: u32 = 2;
const MOVED_MIN: f64 = 0.0005;

/// Steps of the scrub bar that can be told apart.
const SCRUB_STEPS: u64 = 2000;

/// Ids of the canvases.
pub(super) const CANVASES: [&str; 2] = ["stage", "timeline"];

/// What the pictures depend on besides the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Look {
    /// The language.
    pub(super) lang: Lang,
    /// What is selected.
    pub(super) selected: Option<Object>,
    /// The mapping that is looked at, if there is such a one.
    pub(super) mapping: u16,
    /// The first of the shards that are drawn, if not the picture's own choice.
    pub(super) shard_first: Option<u32>,
    /// How much time the time line shows.
    pub(super) span: Span,
    /// Which parts of it.
    pub(super) part: Part,
    /// Moments that are marked.
    pub(super) bookmarks: Bookmarks,
    /// What is pointed at or focused.
    pub(super) hover: Hover,
    /// Where a shard is about to be cut.
    pub(super) cut: Option<HashKey>,
}

impl Look {
    /// What the page's state asks for.
    pub(super) fn of(ui: &UiState) -> Self {
        let &UiState { lang, selection: selected, shard_first, span, part, hover, cut, .. } = ui;
        let mapping = ui.rail.scope.mapping;
        Self { lang, selected, mapping, shard_first, span, part, bookmarks: ui.bookmarks.clone(), hover, cut }
    }

    fn picture<'a>(&'a self, player: &'a Player, motion: Motion, (width, height): (f64, f64)) -> Picture<'a> {
        let &Self { lang, selected, mapping, shard_first, span, part, ref bookmarks, hover, cut } = self;
        let picture = Picture::new(player, lang, width, height);
        Picture {
            motion,
            selected,
            mapping: looked_at(player.sim(), mapping),
            shard_first,
            span,
            part,
            bookmarks,
            hover,
            cut,
            controls: true,
            ..picture
        }
    }
}

/// The canvases and the elements that move.
pub(super) struct Screen {
    canvases: Vec<Canvas>,
    clock: Option<HtmlElement>,
    scrub: Option<HtmlInputElement>,
    motion: Motion,
    /// What was drawn last.
    look: Look,
    /// What points into the time line.
    pointer: Option<Pointer>,
    stale: bool,
    /// Frames drawn since the canvases were measured.
    drawn: u32,
    /// Frames for which the time line has waited, and the moment that it shows.
    waited: (u32, SimTime),
    /// What the scrub bar shows: the moment, and where it ends.
    scrubbed: (SimTime, SimTime),
}

/// The page is not laid out yet where a canvas is narrower than this, in pixels: nothing could be drawn in it.
const WIDTH_MIN: i32 = 120;

struct Canvas {
    element: HtmlCanvasElement,
    painter: Painter,
    scene: Scene,
    draw: fn(&Picture, &mut Scene),
    size: (i32, i32),
    /// The device's pixels for each CSS pixel.
    ratio: f64,
    /// Whether it shows.
    shows: bool,
}

impl Screen {
    /// The elements that the page has rendered.
    pub(super) fn attach() -> Self {
        let draws: [fn(&Picture, &mut Scene); 2] = [stage::draw, timeline::draw];
        let canvas = |(id, draw): (&str, fn(&Picture, &mut Scene))| {
            let element: HtmlCanvasElement = browser::element(id)?;
            let painter = Painter::new(&element)?;
            Some(Canvas {
                element,
                painter,
                scene: Scene::default(),
                draw,
                size: (WIDTH_MIN, WIDTH_MIN),
                ratio: 1.0,
                shows: false,
            })
        };
        Self {
            canvases: CANVASES.into_iter().zip(draws).filter_map(canvas).collect(),
            clock: browser::element(CLOCK),
            scrub: browser::element(SCRUB),
            motion: Motion::Full,
            look: Look::default(),
            pointer: None,
            stale: true,
            drawn: 0,
            waited: (0, SimTime::ZERO),
            scrubbed: (SimTime::ZERO, SimTime::ZERO),
        }
    }

    /// Draws again in the next frame.
    pub(super) fn invalidate(&mut self) {
        self.stale = true;
    }

    /// Reads colors and preferences again, and draws in the next frame.
    pub(super) fn restyle(&mut self) {
        self.motion = if browser::prefers_reduced_motion() { Motion::Reduced } else { Motion::Full };
        for canvas in &mut self.canvases {
            canvas.painter.refresh_style();
        }
        self.stale = true;
    }

    /// Draws if anything has changed; `busy` if the panels are rendered in the same frame.
    pub(super) fn draw(&mut self, player: &Player, look: Look, moved: bool, busy: bool) {
        let stopped = self.waited.0 > 0 && !player.playing();
        let stale = std::mem::take(&mut self.stale) || stopped;
        if !(stale || moved || look != self.look) {
            return;
        }
        let plays = player.playing() && !stale && look == self.look;
        self.look = look;
        let waits = plays && self.waits(player, busy);
        self.waited = if waits { (self.waited.0 + 1, self.waited.1) } else { (0, player.now()) };
        self.drawn += 1;
        let measure = stale || self.drawn >= MEASURED_EVERY;
        if measure {
            self.drawn = 0;
        }
        for (place, canvas) in self.canvases.iter_mut().enumerate() {
            if measure {
                canvas.measure();
            }
            if waits && place > 0 {
                continue;
            }
            canvas.draw(player, &self.look, self.motion, self.pointer);
        }
        self.show_time(player);
    }

    /// Whether the time line looks as it did, as far as can be seen.
    fn waits(&self, player: &Player, busy: bool) -> bool {
        let (waited, since) = self.waited;
        waited < WAITED_MAX + u32::from(busy) && timeline::moved(player, self.look.span, since) < MOVED_MIN
    }

    /// Shows what points into the time line.
    pub(super) fn point(&mut self, pointer: Option<Pointer>) {
        self.stale |= self.pointer != pointer;
        self.pointer = pointer;
    }

    /// Asks the picture of the time line.
    pub(super) fn of_timeline<R>(&self, player: &Player, ask: impl FnOnce(&Picture) -> R) -> Option<R> {
        let canvas = self.canvases.iter().find(|canvas| canvas.element.id() == CANVASES[1])?;
        Some(ask(&self.look.picture(player, self.motion, canvas.size())))
    }

    /// The time at a place of the time line, if it lies over the plot.
    pub(super) fn time_at(&self, player: &Player, x: f64) -> Option<SimTime> {
        self.of_timeline(player, |picture| timeline::time_at(picture, x)).flatten()
    }

    /// Whether the playhead can be taken at a point of the time line.
    pub(super) fn is_handle(&self, player: &Player, at: Point) -> bool {
        self.of_timeline(player, |picture| timeline::is_handle(picture, at)).unwrap_or(false)
    }

    /// The object at a point of a canvas, in CSS pixels from its corner.
    pub(super) fn object_at(&self, id: &str, x: f64, y: f64) -> Option<Object> {
        self.canvases.iter().find(|canvas| canvas.element.id() == id)?.scene.object_at(x, y)
    }

    /// The control of the picture at a point of a canvas.
    pub(super) fn control_at(&self, id: &str, x: f64, y: f64) -> Option<Control> {
        self.canvases.iter().find(|canvas| canvas.element.id() == id)?.scene.control_at(x, y)
    }

    /// What would be cut at a point of a canvas.
    pub(super) fn cut_at(&self, id: &str, player: &Player, x: f64, y: f64) -> Option<HashKey> {
        let canvas = self.canvases.iter().find(|canvas| canvas.element.id() == id && id == CANVASES[0])?;
        stage::cut_at(&self.look.picture(player, self.motion, canvas.size()), x, y)
    }

    /// The first shards of the pages before and after those that the stage draws.
    pub(super) fn pages(&self, player: &Player) -> [Option<u32>; 2] {
        let Some(canvas) = self.canvases.first() else { return [None; 2] };
        stage::pages(&self.look.picture(player, self.motion, canvas.size()))
    }

    fn show_time(&mut self, player: &Player) {
        let (now, end) = (player.now(), player.end());
        if let Some(element) = &self.clock {
            element.set_text_content(Some(&clock(now)));
        }
        let (before, end_before) = self.scrubbed;
        // What cannot be seen waits while it plays: each of these has the browser look at the bar anew.
        let near = end == end_before && now.0.abs_diff(before.0) * SCRUB_STEPS < end.0;
        if let Some(scrub) = self.scrub.as_ref().filter(|_| !(near && player.playing())) {
            self.scrubbed = (now, end);
            if end != end_before {
                scrub.set_max(&end.0.to_string());
            }
            scrub.set_value(&now.0.to_string());
            // A style that is refused only leaves the bar's color behind.
            let _ = scrub.style().set_property("--at", &percent(now.0, end.0));
            let _ = scrub.set_attribute("aria-valuetext", &clock(now));
        }
    }
}

impl Canvas {
    fn size(&self) -> (f64, f64) {
        (f64::from(self.size.0), f64::from(self.size.1))
    }

    fn measure(&mut self) {
        let size = (self.element.client_width(), self.element.client_height());
        self.shows = size.0 >= WIDTH_MIN && size.1 > 0;
        // One that does not show keeps the size that it had.
        if self.shows {
            self.size = size;
        }
        self.ratio = browser::window().map_or(1.0, |window| window.device_pixel_ratio());
    }

    fn draw(&mut self, player: &Player, look: &Look, motion: Motion, pointer: Option<Pointer>) {
        if !self.shows {
            return;
        }
        let (width, height) = self.size();
        self.painter.resize(width, height, self.ratio);
        let picture = Picture { pointer, ..look.picture(player, motion, (width, height)) };
        (self.draw)(&picture, &mut self.scene);
        self.painter.paint(&self.scene);
    }
}

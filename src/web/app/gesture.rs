//! What mouse and fingers do to the time line: take the playhead, draw up a window, push the axis, spread it.
//!
//! A mouse that is pressed beside the axis' labels draws up a window; on the labels it takes the playhead. A finger pushes
//! the axis along, two fingers spread it; up and down it scrolls the page, if that scrolls. The wheel zooms at the mouse.
//! All of it can be done by keys and buttons as well.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, PointerEvent, WheelEvent};
use yew::Callback;

use super::Shared;
use crate::units::SimTime;
use crate::view::hover::Hover;
use crate::view::picture::Pointer;
use crate::view::player::Direction;
use crate::view::scene::Point;
use crate::view::timeline;
use crate::view::ui::Action;
use crate::view::zoom::Step;
use crate::web::screen::CANVASES;
use crate::web::{browser, session};

/// Pixels that a pointer moves before it is more than a click.
const MOVED: f64 = 4.0;
/// Pixels that the wheel turns for one step.
const WHEEL: f64 = 50.0;
/// Pixels of a line that the wheel turns.
const LINE: f64 = 20.0;

/// What goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    /// Nothing.
    #[default]
    Idle,
    /// A pointer was pressed here, and may become more than a click.
    Pressed(f64),
    /// The playhead is taken along.
    Scrub,
    /// A window is drawn up from here.
    Window(f64),
    /// This moment stays under the finger.
    Push(SimTime),
    /// It was more than a click, and is over.
    Over,
}

/// A finger on the time line: its id, where it is, and the moment that it holds.
#[derive(Clone, Copy, Debug)]
struct Finger {
    id: i32,
    x: f64,
    holds: SimTime,
}

/// What is done to the time line by mouse or fingers.
#[derive(Debug, Default)]
pub(super) struct Gesture {
    state: Cell<State>,
    fingers: RefCell<Vec<Finger>>,
    /// What the wheel has turned since its last step.
    wheel: Cell<f64>,
}

impl Gesture {
    /// Whether something goes on.
    pub(super) fn is_on(&self) -> bool {
        matches!(self.state.get(), State::Scrub | State::Window(_) | State::Push(_))
    }

    /// Whether what went on was more than a click.
    pub(super) fn is_over(&self) -> bool {
        self.state.get() == State::Over
    }
}

/// Listens to the pointers over the canvases.
pub(super) fn listen(shared: &Rc<Shared>, on: &Callback<Action>) {
    type React = fn(&Shared, &PointerEvent, &Callback<Action>);
    let Some(canvas) = browser::element::<Element>(CANVASES[1]) else { return };
    let reactions: [(&str, React); 5] = [
        ("pointerdown", Shared::pointer_down),
        ("pointermove", Shared::pointer_move),
        ("pointerup", Shared::pointer_up),
        ("pointercancel", Shared::pointer_up),
        ("pointerleave", Shared::pointer_leave),
    ];
    for (event, react) in reactions {
        let (shared, on) = (Rc::clone(shared), on.clone());
        let react = move |event: &Event| {
            if let Some(event) = event.dyn_ref::<PointerEvent>() {
                react(&shared, event, &on);
            }
        };
        browser::listen(&canvas, event, Box::new(react));
    }
    let reset = on.clone();
    browser::listen(&canvas, "dblclick", Box::new(move |_| reset.emit(Action::Zoom(Step::Reset))));
    let (turned, ask) = (Rc::clone(shared), on.clone());
    let wheel = move |event: &Event| {
        if let Some(event) = event.dyn_ref::<WheelEvent>() {
            turned.wheel(event, &ask);
        }
    };
    browser::listen(&canvas, "wheel", Box::new(wheel));
    if let Some(stage) = browser::element::<Element>(CANVASES[0]) {
        let (shared, on) = (Rc::clone(shared), on.clone());
        let leave = move |_: &Event| shared.light(Hover::default(), &on);
        browser::listen(&stage, "pointerleave", Box::new(leave));
    }
}

fn is_touch(event: &PointerEvent) -> bool {
    event.pointer_type() == "touch"
}

impl Shared {
    /// Whether the mouse is where the playhead can be taken.
    pub(super) fn is_handle(&self, event: &Event) -> bool {
        let Some(event) = event.dyn_ref::<web_sys::MouseEvent>() else { return false };
        let at = Point::new(event.offset_x().into(), event.offset_y().into());
        let screen = self.screen.borrow();
        let handle =
            session::with_player(|player| screen.as_ref().map(|screen| screen.is_handle(player, at)));
        handle.flatten().unwrap_or(false)
    }

    fn time_at(&self, x: f64) -> Option<SimTime> {
        let screen = self.screen.borrow();
        session::with_player(|player| screen.as_ref()?.time_at(player, x)).flatten()
    }

    fn show(&self, pointer: Option<Pointer>) {
        if let Some(screen) = self.screen.borrow_mut().as_mut() {
            screen.point(pointer);
        }
    }

    fn pointer_down(&self, event: &PointerEvent, on: &Callback<Action>) {
        let x = f64::from(event.offset_x());
        if event.button() != 0 || self.ui.borrow().cut.is_some() {
            return;
        }
        self.gesture.state.set(State::Pressed(x));
        if let Some(canvas) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
            // Without it a gesture ends at the edge of the picture.
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
        if is_touch(event) {
            let Some(holds) = self.time_at(x) else { return };
            let finger = Finger { id: event.pointer_id(), x, holds };
            self.gesture.fingers.borrow_mut().push(finger);
        }
        if self.is_handle(event) {
            self.gesture.state.set(State::Scrub);
            self.seek(x, on);
        }
    }

    fn pointer_move(&self, event: &PointerEvent, on: &Callback<Action>) {
        let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let state = self.gesture.state.get();
        if is_touch(event) && self.spread(event, x, on) {
            return;
        }
        match state {
            State::Pressed(from) if (x - from).abs() >= MOVED => {
                let next = match (is_touch(event), self.time_at(from)) {
                    (true, Some(held)) => State::Push(held),
                    (true, None) => State::Over,
                    (false, _) => State::Window(from),
                };
                self.gesture.state.set(next);
            }
            State::Scrub => self.seek(x, on),
            State::Push(held) => {
                if let Some(to) = self.time_at(x) {
                    on.emit(Action::Zoom(Step::Drag(held, to)));
                }
            }
            State::Pressed(_) | State::Window(_) | State::Idle | State::Over => {}
        }
        if !is_touch(event) {
            let pressed = if let State::Window(from) = self.gesture.state.get() { Some(from) } else { None };
            self.show(Some(Pointer { at: Point::new(x, y), pressed }));
        }
    }

    /// Two fingers: each keeps its moment. Whether there are two.
    fn spread(&self, event: &PointerEvent, x: f64, on: &Callback<Action>) -> bool {
        let mut fingers = self.gesture.fingers.borrow_mut();
        if let Some(finger) = fingers.iter_mut().find(|finger| finger.id == event.pointer_id()) {
            finger.x = x;
        }
        let [one, other] = fingers[..] else { return fingers.len() > 1 };
        drop(fingers);
        self.gesture.state.set(State::Over);
        let screen = self.screen.borrow();
        let held = [(one.holds, one.x), (other.holds, other.x)];
        let window = session::with_player(|player| {
            screen.as_ref()?.of_timeline(player, |picture| timeline::pinched(picture, held)).flatten()
        });
        drop(screen);
        if let Some((from, to)) = window.flatten() {
            on.emit(Action::Zoom(Step::To(from, to)));
        }
        true
    }

    fn pointer_up(&self, event: &PointerEvent, on: &Callback<Action>) {
        self.gesture.fingers.borrow_mut().retain(|finger| finger.id != event.pointer_id());
        let x = f64::from(event.offset_x());
        let next = match self.gesture.state.get() {
            State::Window(from) => {
                if let (Some(from), Some(to)) = (self.time_at(from), self.time_at(x)) {
                    on.emit(Action::Zoom(Step::To(from, to)));
                }
                self.show(None);
                State::Over
            }
            State::Scrub | State::Push(_) | State::Over => State::Over,
            State::Pressed(_) | State::Idle => State::Idle,
        };
        self.gesture.state.set(next);
    }

    fn pointer_leave(&self, _: &PointerEvent, on: &Callback<Action>) {
        self.show(None);
        self.light(Hover::default(), on);
    }

    fn seek(&self, x: f64, on: &Callback<Action>) {
        if let Some(t) = self.time_at(x) {
            on.emit(Action::SeekTo(t));
        }
    }

    fn wheel(&self, event: &WheelEvent, on: &Callback<Action>) {
        // Where the page scrolls, the wheel is the page's.
        if self.ui.borrow().narrow && !event.ctrl_key() {
            return;
        }
        event.prevent_default();
        let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { LINE };
        let along = event.delta_x().abs() > event.delta_y().abs();
        let delta = if along { event.delta_x() } else { event.delta_y() } * unit;
        let turned = self.gesture.wheel.get() + delta;
        if turned.abs() < WHEEL {
            return self.gesture.wheel.set(turned);
        }
        self.gesture.wheel.set(0.0);
        let forward = if along { turned > 0.0 } else { turned < 0.0 };
        let direction = if forward { Direction::Forward } else { Direction::Back };
        let step = match (along, self.time_at(event.offset_x().into())) {
            (false, Some(t)) => Step::Around(t, direction),
            (true, _) | (false, None) => Step::Pan(direction),
        };
        on.emit(Action::Zoom(step));
    }
}

//! One loop of animation frames: the only reader of real time.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::browser;

/// Calls `tick` in every animation frame, for the life of the page, with the milliseconds since the frame before
/// and since the page's start. What takes too long is the next frame's business: `Player::advance` clamps.
pub(super) fn run(tick: Box<dyn Fn(f64, f64)>) {
    let before = Cell::new(None);
    let frame = Rc::new(OnceCell::new());
    let again = Rc::clone(&frame);
    let turn: Box<dyn Fn(f64)> = Box::new(move |stamp| {
        let elapsed = stamp - before.replace(Some(stamp)).unwrap_or(stamp);
        tick(elapsed, stamp);
        again.get().map(request);
    });
    request(frame.get_or_init(|| Closure::wrap(turn).into_js_value().unchecked_into()));
}

fn request(frame: &Function) {
    if let Some(window) = browser::window() {
        // Fails only for what is no function.
        let _ = window.request_animation_frame(frame);
    }
}

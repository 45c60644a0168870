//! One loop of animation frames: the only reader of real time.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_render::{AnimationFrame, request_animation_frame};

/// Calls `tick` in every animation frame, for the life of the page, with the milliseconds since the frame before
/// and since the page's start. What takes too long is the next frame's business: `Player::advance` clamps.
pub(super) fn run(tick: impl FnMut(f64, f64) + 'static) {
    schedule(Rc::new(RefCell::new(Loop { tick: Box::new(tick), before: None, next: None })));
}

struct Loop {
    tick: Box<dyn FnMut(f64, f64)>,
    before: Option<f64>,
    /// Dropping it would cancel the frame.
    next: Option<AnimationFrame>,
}

fn schedule(frames: Rc<RefCell<Loop>>) {
    let again = Rc::clone(&frames);
    let next = request_animation_frame(move |stamp| {
        {
            let mut frames = again.borrow_mut();
            let elapsed = stamp - frames.before.replace(stamp).unwrap_or(stamp);
            (frames.tick)(elapsed, stamp);
        }
        schedule(again);
    });
    frames.borrow_mut().next = Some(next);
}

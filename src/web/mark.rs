//! Small pieces that several parts share: a partition key's mark, a click, a button to an object.
//!
//! The parts of the page are plain functions from values to markup with one callback for actions, not components:
//! only the root has a state, and each component of its own would cost the first load several kilobytes.

use yew::prelude::*;

use crate::view::panels::KeyMark;
use crate::view::scene::Object;
use crate::view::ui::Action;

/// A partition key: its hue, and its label so that the hue is never alone.
pub(super) fn key_mark(key: &KeyMark) -> Html {
    html! { <span class={format!("key hue-{}", key.hue)}>{&key.label}</span> }
}

/// A click that asks for this.
pub(super) fn act(on: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    on.reform(move |_: MouseEvent| action.clone())
}

/// What a click on an object's button does.
pub(super) fn select(on: &Callback<Action>, object: Object) -> Callback<MouseEvent> {
    act(on, Action::Select(Some(object)))
}

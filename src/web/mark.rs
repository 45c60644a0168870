//! Small pieces that several panels share: a partition key's mark, and a button to an object.

use yew::prelude::*;

use crate::view::panels::KeyMark;
use crate::view::scene::Object;
use crate::view::ui::Action;

/// A partition key: its hue, and its label so that the hue is never alone.
pub(super) fn key_mark(key: &KeyMark) -> Html {
    html! { <span class={classes!("key", format!("hue-{}", key.hue))}>{&key.label}</span> }
}

/// What a click on an object's button does.
pub(super) fn select(on: &Callback<Action>, object: Object) -> Callback<MouseEvent> {
    on.reform(move |_: MouseEvent| Action::Select(Some(object)))
}

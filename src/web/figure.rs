//! A scene that stands in a panel, as SVG. It changes with the panel, not with every frame.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, MouseEvent};
use yew::AttrValue;

use super::mark::{Attr, Element, On, Page, classy};
use crate::view::scene::Scene;
use crate::view::ui::Action;

/// The scene, with its words for those who cannot see it. What it stands for is selected by a click; a table beside
/// it does the same for the keyboard.
pub(super) fn figure(page: &Page, test_id: &'static str, scene: &Rc<Scene>, label: String) -> Element {
    let (on, clicked) = (page.on.clone(), Rc::clone(scene));
    let click = move |event: &Event| {
        let Some(event) = event.dyn_ref::<MouseEvent>() else { return };
        let object = clicked.object_at(event.offset_x().into(), event.offset_y().into());
        if object.is_some() {
            on.emit(Action::Select(object));
        }
    };
    let (width, height) = scene.size();
    classy("div", "figure")
        .test_id(test_id)
        .attr(Attr::Role, "img")
        .attr(Attr::AriaLabel, label)
        .attr(Attr::Style, format!("width:{width}px;height:{height}px"))
        .on(On::Click, Box::new(click))
        .markup(AttrValue::from(scene.write_svg()))
}

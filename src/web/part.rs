//! Parts of the page that are rendered again only when they show something else.
//!
//! Everything else is rendered anew whenever the panels are refreshed, which Yew compares element by element: with a long
//! table that costs more than the pictures.

use std::rc::Rc;

use yew::virtual_dom::VComp;
use yew::{Component, Context, Html, Properties};

use super::mark::{Content, Element};

/// How a part is rendered.
type Render = Rc<dyn Fn() -> Element>;

/// What Yew is told of a part.
#[derive(Properties)]
pub(super) struct Kept {
    /// Another one with each change of what the part shows.
    version: u32,
    render: Render,
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version
    }
}

/// A part.
pub(super) struct Part;

impl Component for Part {
    type Message = ();
    type Properties = Kept;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        (ctx.props().render)().into()
    }
}

/// A part with the version of what it shows.
pub(super) struct Versioned(pub(super) u32, pub(super) Render);

impl Content for Versioned {
    fn add_to(self, element: Element) -> Element {
        let Self(version, render) = self;
        element.add(VComp::new::<Part>(Rc::new(Kept { version, render }), None).into())
    }
}

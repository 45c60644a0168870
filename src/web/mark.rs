//! The page's markup: a builder of elements, what all parts are given, and a partition key's mark.
//!
//! The parts of the page are plain functions from values to an [`Element`], not components: only the root has a
//! state. They call this builder rather than Yew's `html!`, which writes out each element at each place it is used:
//! its markup was half as large again as the library that renders it (figures: ARCHITECTURE.md, "Dependencies").
//! So nothing here that is called often is generic, or it only picks a function that is not.

use std::rc::Rc;

use web_sys::Event;
use yew::virtual_dom::{
    AttributeOrProperty, Attributes, Key, Listener, ListenerKind, VList, VNode, VTag, VText,
};
use yew::{AttrValue, Callback, Html};

use crate::lang::Lang;
use crate::view::address;
use crate::view::hover::Lit;
use crate::view::panels::KeyMark;
use crate::view::scene::Object;
use crate::view::text::MessageId;
use crate::view::ui::Action;

macro_rules! attributes {
    ($($name:ident: $text:literal,)*) => {
        /// An attribute in use on the page, or a property.
        #[derive(Clone, Copy)]
        pub(super) enum Attr { $($name,)* }

        /// Their names. All elements have the same list of names with values for a few of them: Yew compares such
        /// elements value by value, without a map, and the builder writes to a fixed place.
        const NAMES: &[&str] = &[$($text,)*];
    };
}

attributes! {
    Accept: "accept",
    AriaControls: "aria-controls",
    AriaCurrent: "aria-current",
    AriaDescribedby: "aria-describedby",
    AriaExpanded: "aria-expanded",
    AriaHaspopup: "aria-haspopup",
    AriaHidden: "aria-hidden",
    AriaLabel: "aria-label",
    AriaLabelledby: "aria-labelledby",
    AriaLive: "aria-live",
    AriaPressed: "aria-pressed",
    AriaSelected: "aria-selected",
    Autocapitalize: "autocapitalize",
    Autocomplete: "autocomplete",
    Class: "class",
    Colspan: "colspan",
    Cx: "cx",
    Cy: "cy",
    D: "d",
    DataAgreement: "data-agreement",
    DataAt: "data-at",
    DataKind: "data-kind",
    DataLit: "data-lit",
    DataObject: "data-object",
    Datetime: "datetime",
    DefaultValue: "defaultValue",
    Disabled: "disabled",
    Height: "height",
    Id: "id",
    Label: "label",
    Lang: "lang",
    Max: "max",
    Min: "min",
    Name: "name",
    Points: "points",
    Popover: "popover",
    Popovertarget: "popovertarget",
    Popovertargetaction: "popovertargetaction",
    PreserveAspectRatio: "preserveAspectRatio",
    R: "r",
    Role: "role",
    Rows: "rows",
    Rx: "rx",
    Scope: "scope",
    Selected: "selected",
    Spellcheck: "spellcheck",
    Step: "step",
    Style: "style",
    Tabindex: "tabindex",
    TestId: "data-testid",
    Title: "title",
    Type: "type",
    Value: "value",
    ViewBox: "viewBox",
    Width: "width",
    X: "x",
    Y: "y",
}

/// An event in use on the page.
#[derive(Clone, Copy)]
pub(super) enum On {
    /// An input has another value.
    Change,
    /// A click, or its like by keyboard.
    Click,
    /// A dialog was closed.
    Close,
    /// An input is being changed.
    Input,
    /// A key was pressed.
    Keydown,
    /// The mouse was moved.
    Mousemove,
}

/// What every part of the page is given: the language, and where actions go.
pub(super) struct Page {
    /// The language.
    pub(super) lang: Lang,
    /// Takes actions.
    pub(super) on: Callback<Action>,
    /// What is lit, since it is pointed at somewhere.
    pub(super) lit: Option<Lit>,
}

impl Page {
    /// A text in the page's language.
    pub(super) fn say(&self, id: MessageId) -> Phrase {
        Phrase { id, lang: self.lang }
    }

    /// A text in the page's language with its arguments.
    pub(super) fn fill(&self, id: MessageId, arguments: &[&dyn std::fmt::Display]) -> String {
        id.fill(self.lang, arguments)
    }
}

/// A text in a language, looked up where it is used.
#[derive(Clone, Copy)]
pub(super) struct Phrase {
    id: MessageId,
    lang: Lang,
}

/// An element that is being built, or a fragment: a list of nodes in the place of one.
pub(super) struct Element(Box<Open>);

struct Open {
    /// Without a name for a fragment.
    tag: VTag,
    children: Vec<VNode>,
}

/// An element.
#[inline(never)]
pub(super) fn el(tag: &'static str) -> Element {
    Element(Box::new(Open { tag: VTag::new(tag), children: Vec::new() }))
}

/// A fragment.
pub(super) fn fragment() -> Element {
    el("")
}

/// An element of these classes, if any.
#[inline(never)]
pub(super) fn classy(tag: &'static str, classes: &'static str) -> Element {
    let element = el(tag);
    if classes.is_empty() { element } else { element.class(classes) }
}

/// A button that asks for this. One that selects an object stands for it: it lights it, and is lit with it.
#[inline(never)]
pub(super) fn button(page: &Page, class: &'static str, action: Action) -> Element {
    let object = if let Action::Select(object) = action { object } else { None };
    let button = classy("button", class).attr(Attr::Type, "button");
    let button =
        if matches!(action, Action::Open(_)) { button.attr(Attr::AriaHaspopup, "dialog") } else { button };
    let button = button.ask(page, On::Click, action);
    match object {
        Some(object) => button.standing_for(page, object),
        None => button,
    }
}

impl Element {
    /// Sets an attribute; `None` leaves it away.
    #[inline(always)]
    pub(super) fn attr(self, name: Attr, value: impl Value) -> Self {
        value.set_on(self, name)
    }

    /// Sets the classes.
    #[inline(always)]
    pub(super) fn class(self, classes: impl Value) -> Self {
        self.attr(Attr::Class, classes)
    }

    /// Sets the name by which tests find the element.
    #[inline(always)]
    pub(super) fn test_id(self, name: impl Value) -> Self {
        self.attr(Attr::TestId, name)
    }

    /// Makes the element stand for an object.
    #[inline(never)]
    pub(super) fn standing_for(self, page: &Page, object: Object) -> Self {
        let element = self.attr(Attr::DataObject, address::code(object));
        match page.lit.as_ref().and_then(|lit| lit.state(object)) {
            Some(itself) => element.attr(Attr::DataLit, if itself { "itself" } else { "with" }),
            None => element,
        }
    }

    /// Hides the element from assistive technology.
    #[inline(never)]
    pub(super) fn hidden(self) -> Self {
        self.attr(Attr::AriaHidden, "true")
    }

    /// Sets an attribute that says by its presence that something holds.
    #[inline(never)]
    pub(super) fn flag(self, name: Attr, holds: bool) -> Self {
        if holds { self.attr(name, NAMES[name as usize]) } else { self }
    }

    /// Sets a property, which is not an attribute.
    #[inline(never)]
    pub(super) fn property(self, name: Attr, value: &str) -> Self {
        self.set(name, AttributeOrProperty::Property(value.into()))
    }

    /// Sets whether an input is checked.
    #[inline(never)]
    pub(super) fn checked(mut self, checked: bool) -> Self {
        self.0.tag.set_checked(checked);
        self
    }

    /// Sets what stands in a field, also after something else was typed there.
    #[inline(never)]
    pub(super) fn value(mut self, text: &str) -> Self {
        self.0.tag.set_value(AttrValue::from(text.to_owned()));
        self
    }

    /// Makes this markup its content. It is taken as it is: texts in it have to be escaped.
    #[inline(never)]
    pub(super) fn markup(mut self, html: AttrValue) -> Self {
        self.0.children.push(Html::from_html_unchecked(html));
        self
    }

    /// Names the element among its siblings, so that it stays the same where their order changes.
    #[inline(never)]
    pub(super) fn key(mut self, key: u32) -> Self {
        self.0.tag.key = Some(Key::from(key));
        self
    }

    /// Adds a child. What is `None` keeps a place, so that the children after it stay what they are.
    #[inline(always)]
    pub(super) fn child(self, child: impl Content) -> Self {
        child.add_to(self)
    }

    /// Adds a list of children, one for each item.
    pub(super) fn each<T>(self, items: impl IntoIterator<Item = T>, part: impl Fn(T) -> Self) -> Self {
        let mut list = fragment();
        for item in items {
            list = list.child(part(item));
        }
        self.child(list)
    }

    /// Asks for something at each such event.
    #[inline(never)]
    pub(super) fn ask(mut self, page: &Page, event: On, action: Action) -> Self {
        self.0.tag.add_listener(Rc::new(Question { event, on: page.on.clone(), action }));
        self
    }

    /// Does something at each such event.
    #[inline(never)]
    pub(super) fn on(mut self, event: On, react: Box<dyn Fn(&Event)>) -> Self {
        self.0.tag.add_listener(Rc::new(Reaction { event, react }));
        self
    }

    #[inline(never)]
    fn set(mut self, name: Attr, value: AttributeOrProperty) -> Self {
        let attributes = &mut self.0.tag.attributes;
        if matches!(attributes, Attributes::Static(_)) {
            *attributes = Attributes::Dynamic { keys: NAMES, values: vec![None; NAMES.len()].into() };
        }
        if let Attributes::Dynamic { values, .. } = attributes {
            values[name as usize] = Some(value);
        }
        self
    }

    /// Adds a child that is no element of the builder.
    #[inline(never)]
    pub(super) fn add(mut self, child: VNode) -> Self {
        self.0.children.push(child);
        self
    }
}

impl From<Element> for Html {
    #[inline(never)]
    fn from(element: Element) -> Self {
        let Open { mut tag, mut children } = *element.0;
        if tag.tag().is_empty() {
            return VList::from(children).into();
        }
        if let Some(place) = tag.children_mut() {
            *place = if children.len() == 1 { children.swap_remove(0) } else { VList::from(children).into() };
        }
        tag.into()
    }
}

/// An attribute's value.
pub(super) trait Value {
    /// Sets it.
    fn set_on(self, element: Element, name: Attr) -> Element;
}

impl Value for &'static str {
    #[inline(never)]
    fn set_on(self, element: Element, name: Attr) -> Element {
        element.set(name, AttributeOrProperty::Static(self))
    }
}

impl Value for String {
    #[inline(never)]
    fn set_on(self, element: Element, name: Attr) -> Element {
        element.set(name, AttributeOrProperty::Attribute(AttrValue::from(self)))
    }
}

impl Value for Phrase {
    #[inline(never)]
    fn set_on(self, element: Element, name: Attr) -> Element {
        self.id.text(self.lang).set_on(element, name)
    }
}

impl Value for bool {
    #[inline(never)]
    fn set_on(self, element: Element, name: Attr) -> Element {
        (if self { "true" } else { "false" }).set_on(element, name)
    }
}

/// What stands in an element.
pub(super) trait Content {
    /// Adds it.
    fn add_to(self, element: Element) -> Element;
}

impl Content for Element {
    #[inline(never)]
    fn add_to(self, element: Element) -> Element {
        element.add(self.into())
    }
}

impl Content for AttrValue {
    #[inline(never)]
    fn add_to(self, element: Element) -> Element {
        element.add(VText::new(self).into())
    }
}

impl Content for &'static str {
    #[inline(never)]
    fn add_to(self, element: Element) -> Element {
        AttrValue::Static(self).add_to(element)
    }
}

impl Content for String {
    #[inline(never)]
    fn add_to(self, element: Element) -> Element {
        AttrValue::from(self).add_to(element)
    }
}

impl Content for &String {
    #[inline(never)]
    fn add_to(self, element: Element) -> Element {
        self.clone().add_to(element)
    }
}

impl Content for Phrase {
    #[inline(never)]
    fn add_to(self, element: Element) -> Element {
        self.id.text(self.lang).add_to(element)
    }
}

impl<T: Content> Content for Option<T> {
    fn add_to(self, element: Element) -> Element {
        match self {
            Some(content) => content.add_to(element),
            None => fragment().add_to(element),
        }
    }
}

impl From<On> for ListenerKind {
    #[inline(never)]
    fn from(event: On) -> Self {
        match event {
            On::Change => Self::onchange,
            On::Click => Self::onclick,
            On::Close => Self::onclose,
            On::Input => Self::oninput,
            On::Keydown => Self::onkeydown,
            On::Mousemove => Self::onmousemove,
        }
    }
}

/// Asks for something.
struct Question {
    event: On,
    on: Callback<Action>,
    action: Action,
}

impl Listener for Question {
    fn kind(&self) -> ListenerKind {
        self.event.into()
    }

    fn handle(&self, _: Event) {
        self.on.emit(self.action.clone());
    }

    fn passive(&self) -> bool {
        false
    }
}

/// Does something.
struct Reaction {
    event: On,
    react: Box<dyn Fn(&Event)>,
}

impl Listener for Reaction {
    fn kind(&self) -> ListenerKind {
        self.event.into()
    }

    fn handle(&self, event: Event) {
        (self.react)(&event);
    }

    fn passive(&self) -> bool {
        false
    }
}

/// A partition key: its hue, and its label so that the hue is never alone.
pub(super) fn key_mark(key: &KeyMark) -> Element {
    el("span").class(format!("key hue-{}", key.hue)).child(&key.label)
}

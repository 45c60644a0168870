//! Typed access to an object of the document, by the same tables that the checker uses.
//!
//! A value that is not there reads as its default. One that breaks its rule reads as a neutral value (0, an
//! empty text): the checker has reported it, so nobody will see it, and the readers of the parts need no error
//! paths. [`Reading`] keeps note of it, to catch a value that could not be read without any problem.
//!
//! The accessors are kept out of line: they are called at some hundred places, once per document.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::{Map, Value};

use super::check;
use super::report::{Report, Step};
use crate::scenario::problem::{Allowed, Field, Presence, ProblemKind};
use crate::units::{Ratio, SimDuration, SimTime, WallTime};

/// What happened while reading.
#[derive(Default)]
pub(super) struct Reading {
    /// Whether a value could not be read.
    pub(super) failed: Cell<bool>,
}

impl Reading {
    fn or_failed<T>(&self, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.failed.set(true);
        }
        value
    }
}

/// An object of the document, or the defaults in its place.
#[derive(Clone)]
pub(super) struct Node<'a> {
    object: Option<&'a Map<String, Value>>,
    fields: &'static [Field],
    /// Where it is.
    pub(super) path: Vec<Step<'a>>,
    reading: &'a Reading,
}

/// A value of the document: a member of a list or map.
pub(super) struct Item<'a> {
    /// The value; it may break its rule.
    pub(super) value: &'a Value,
    /// Where it is.
    pub(super) path: Vec<Step<'a>>,
    reading: &'a Reading,
}

impl<'a> Item<'a> {
    /// The item as an object with these fields.
    #[inline(never)]
    pub(super) fn object(self, fields: &'static [Field]) -> Option<Node<'a>> {
        let object = self.reading.or_failed(self.value.as_object())?;
        Some(Node { object: Some(object), fields, path: self.path, reading: self.reading })
    }

    /// The item as one of several kinds of object, with the kind's name.
    #[inline(never)]
    pub(super) fn variant(self, rule: &Allowed) -> Option<(&'static str, Node<'a>)> {
        let Allowed::Variants { by, of } = *rule else { return None };
        let object = self.reading.or_failed(self.value.as_object())?;
        let chosen = of[self.reading.or_failed(check::choose(object, by, of))?];
        let node =
            Node { object: Some(object), fields: chosen.fields, path: self.path, reading: self.reading };
        Some((chosen.name, node))
    }

    /// The item as a text that obeys `rule`.
    #[inline(never)]
    pub(super) fn text(&self, rule: &'static Allowed) -> Option<&'a str> {
        let text = self.value.as_str().filter(|_| check::own(self.value, rule).is_ok());
        self.reading.or_failed(text)
    }
}

impl<'a> Node<'a> {
    /// The document's root.
    pub(super) fn root(value: &'a Value, fields: &'static [Field], reading: &'a Reading) -> Self {
        Self { object: value.as_object(), fields, path: Vec::new(), reading }
    }

    #[inline(never)]
    fn field(&self, name: &str) -> &'static Field {
        self.fields.iter().find(|field| field.name == name).expect("the table has the field")
    }

    /// The field's rule.
    pub(super) fn rule(&self, name: &str) -> &'static Allowed {
        &self.field(name).allowed
    }

    /// The fields of a list's items, where those are objects.
    pub(super) fn item_fields(&self, name: &str) -> &'static [Field] {
        let Allowed::List { of: Allowed::Object(fields), .. } = *self.rule(name) else {
            unreachable!("the table says that {name} is a list of objects");
        };
        fields
    }

    /// The keys that are there, in file order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.object.into_iter().flat_map(|object| object.keys().map(String::as_str))
    }

    /// What stands in the document, right or wrong.
    #[inline(never)]
    pub(super) fn raw(&self, name: &str) -> Option<&'a Value> {
        self.object?.get(name)
    }

    /// Whether the field is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// Whether the field is there with a list that is not empty.
    pub(super) fn has_items(&self, name: &str) -> bool {
        self.raw(name).and_then(Value::as_array).is_some_and(|list| !list.is_empty())
    }

    /// Where the field is, or would be.
    #[inline(never)]
    pub(super) fn path_to(&self, name: &'static str) -> Vec<Step<'a>> {
        let mut path = self.path.clone();
        path.push(Step::Key(name));
        path
    }

    /// Reports a problem with a field; where its default is at fault, that is what is found.
    #[inline(never)]
    pub(super) fn problem(&self, report: &mut Report<'_>, name: &'static str, kind: ProblemKind) {
        let default = match self.fields.iter().find(|field| field.name == name).map(|field| field.presence) {
            Some(Presence::Default(json)) if !self.has(name) => Some(check::json(json)),
            Some(Presence::Default(_) | Presence::Required | Presence::Optional) | None => None,
        };
        report.add_found(&self.path_to(name), default.as_ref(), kind);
    }

    /// The field's value or default, without what is inside it; `None` where neither is there, and where it
    /// breaks its rule.
    #[inline(never)]
    pub(super) fn value(&self, name: &str) -> Option<Cow<'a, Value>> {
        let field = self.field(name);
        let value = match (self.raw(name), field.presence) {
            (Some(value), _) => Some(Cow::Borrowed(value)),
            (None, Presence::Default(json)) => Some(Cow::Owned(check::json(json))),
            (None, Presence::Optional) => return None,
            (None, Presence::Required) => None,
        };
        self.reading.or_failed(value.filter(|value| check::own(value, &field.allowed).is_ok()))
    }

    /// A Boolean.
    #[inline(never)]
    pub(super) fn boolean(&self, name: &str) -> bool {
        self.reading.or_failed(self.value(name).and_then(|value| value.as_bool())).unwrap_or_default()
    }

    /// An integer, not negative; `None` where it is not there, `null`, or wrong.
    #[inline(never)]
    pub(super) fn some_u64(&self, name: &str) -> Option<u64> {
        u64::try_from(check::integer(&*self.value(name)?)?).ok()
    }

    /// An integer of 32 bits, not negative; `None` where it is not there, `null`, or wrong.
    #[inline(never)]
    pub(super) fn some_u32(&self, name: &str) -> Option<u32> {
        u32::try_from(self.some_u64(name)?).ok()
    }

    /// An integer, not negative.
    #[inline(never)]
    pub(super) fn u64(&self, name: &str) -> u64 {
        self.reading.or_failed(self.some_u64(name)).unwrap_or_default()
    }

    /// An integer of 32 bits, not negative.
    #[inline(never)]
    pub(super) fn u32(&self, name: &str) -> u32 {
        self.reading.or_failed(self.some_u32(name)).unwrap_or_default()
    }

    /// An instant in milliseconds from the start.
    pub(super) fn time(&self, name: &str) -> SimTime {
        SimTime(self.u64(name))
    }

    /// A span in milliseconds.
    pub(super) fn span(&self, name: &str) -> SimDuration {
        SimDuration(self.u64(name))
    }

    /// A decimal.
    #[inline(never)]
    pub(super) fn decimal(&self, name: &str) -> Ratio {
        let ratio = self.value(name).and_then(|value| check::decimal(&value));
        self.reading.or_failed(ratio).unwrap_or(Ratio::whole(0))
    }

    /// A text; `None` where it is not there, `null`, or wrong.
    #[inline(never)]
    pub(super) fn some_text(&self, name: &str) -> Option<String> {
        Some(self.value(name)?.as_str()?.to_owned())
    }

    /// A text.
    #[inline(never)]
    pub(super) fn text(&self, name: &str) -> String {
        self.reading.or_failed(self.some_text(name)).unwrap_or_default()
    }

    /// One of several texts, as what it stands for.
    pub(super) fn choice<T: Copy>(&self, name: &str, values: &[(&str, T)]) -> T {
        let text = self.text(name);
        let chosen = values.iter().position(|(value, _)| *value == text);
        values[self.reading.or_failed(chosen).unwrap_or_default()].1
    }

    /// A wall-clock instant; `None` where it is wrong.
    pub(super) fn wall(&self, name: &str) -> Option<WallTime> {
        self.reading.or_failed(WallTime::parse(&self.text(name)))
    }

    /// An object; its defaults where it is left out or wrong.
    #[inline(never)]
    pub(super) fn object(&self, name: &'static str) -> Node<'a> {
        let value = self.raw(name);
        let mut rule = value.map_or(self.rule(name), |value| check::resolve(value, self.rule(name)));
        if let Allowed::Nullable(inner) = rule {
            rule = inner;
        }
        let Allowed::Object(fields) = *rule else {
            unreachable!("the table says that {name} is an object");
        };
        let object = value.and_then(|value| self.reading.or_failed(value.as_object()));
        Node { object, fields, path: self.path_to(name), reading: self.reading }
    }

    /// A field that is there, as an item.
    #[inline(never)]
    pub(super) fn item(&self, name: &'static str) -> Option<Item<'a>> {
        Some(Item { value: self.raw(name)?, path: self.path_to(name), reading: self.reading })
    }

    /// The items of a list; `None` where it is wrong, none where it is left out.
    #[inline(never)]
    pub(super) fn some_items(&self, name: &'static str) -> Option<Vec<Item<'a>>> {
        let whole = self.path_to(name);
        let item = |(idx, value)| {
            let mut path = whole.clone();
            path.push(Step::Index(idx));
            Item { value, path, reading: self.reading }
        };
        match self.value(name)? {
            Cow::Borrowed(value) => Some(value.as_array()?.iter().enumerate().map(item).collect()),
            Cow::Owned(_) => Some(Vec::new()),
        }
    }

    /// The items of a list; none where it is left out or wrong.
    pub(super) fn items(&self, name: &'static str) -> Vec<Item<'a>> {
        self.some_items(name).unwrap_or_default()
    }

    /// The objects of a list; those that are none are left out.
    #[inline(never)]
    pub(super) fn objects(&self, name: &'static str) -> Vec<Node<'a>> {
        let fields = self.item_fields(name);
        self.items(name).into_iter().filter_map(|item| item.object(fields)).collect()
    }

    /// The entries of a map, in file order; none where it is left out or wrong.
    #[inline(never)]
    pub(super) fn entries(&self, name: &'static str) -> Vec<(&'a str, Item<'a>)> {
        let Some(Cow::Borrowed(value)) = self.value(name) else { return Vec::new() };
        let whole = self.path_to(name);
        let entry = |(key, value): (&'a String, &'a Value)| {
            let mut path = whole.clone();
            path.push(Step::Key(key));
            (key.as_str(), Item { value, path, reading: self.reading })
        };
        value.as_object().into_iter().flatten().map(entry).collect()
    }
}

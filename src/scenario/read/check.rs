//! The table-driven checker: every value of the document against its field's rule.
//!
//! It looks at one value at a time; what depends on two of them is in the readers of the parts.

use serde_json::{Map, Value};

use super::report::{Report, Step};
use crate::scenario::problem::{Allowed, By, Field, Presence, ProblemKind, Support, Variant};
use crate::units::Ratio;

/// Levels of nested values. Own limit; serde_json itself reads 128.
pub const DEPTH_MAX: usize = 100;

/// Checks the whole document.
pub(super) fn check<'a>(report: &mut Report<'a>, root: &'a Value, fields: &'static [Field]) {
    static ROOT: Allowed = Allowed::AnyObject;
    let mut checker = Checker { report, path: Vec::new() };
    match root.as_object() {
        Some(object) => checker.fields(object, Lookup { chosen: Some(fields), others: &[] }),
        None => checker.report.add(&[], ProblemKind::WrongType(&ROOT)),
    }
}

struct Checker<'r, 'a> {
    report: &'r mut Report<'a>,
    path: Vec<Step<'a>>,
}

/// Where an object's fields are looked up.
#[derive(Clone, Copy)]
struct Lookup {
    /// The fields, where it is known what the object is.
    chosen: Option<&'static [Field]>,
    /// Where it is not, all that it can be.
    others: &'static [Variant],
}

impl Lookup {
    fn all(self) -> impl Iterator<Item = &'static Field> {
        let others = if self.chosen.is_some() { &[] } else { self.others };
        self.chosen.unwrap_or(&[]).iter().chain(others.iter().flat_map(|variant| variant.fields))
    }

    fn find(self, name: &str) -> Option<&'static Field> {
        self.all().find(|field| field.name == name)
    }

    fn names(self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for field in self.all() {
            if !names.contains(&field.name) {
                names.push(field.name);
            }
        }
        names
    }
}

impl<'a> Checker<'_, 'a> {
    /// Checks a value and all inside it; whether the value itself is right.
    fn value(&mut self, value: &'a Value, allowed: &'static Allowed) -> bool {
        if self.path.len() > DEPTH_MAX {
            self.report.add(&self.path, ProblemKind::TooDeep(DEPTH_MAX));
            return false;
        }
        let own = own(value, allowed);
        let right = own.is_ok();
        if let Err(kind) = own {
            self.report.add(&self.path, kind);
        }
        match *resolve(value, allowed) {
            Allowed::Object(fields) => self.object(value, Lookup { chosen: Some(fields), others: &[] }),
            Allowed::Variants { by, of } => self.variants(value, by, of),
            Allowed::Map { key, of, max, .. } => {
                for (name, member) in value.as_object().into_iter().flatten().take(max as usize) {
                    self.path.push(Step::Key(name));
                    if key.accepts(name) {
                        self.value(member, of);
                    } else {
                        let kind = ProblemKind::BadText(key_rule(key));
                        self.report.add_found(&self.path, Some(&name.as_str().into()), kind);
                    }
                    self.path.pop();
                }
            }
            Allowed::List { of, max, .. } => {
                for (idx, item) in value.as_array().into_iter().flatten().take(max as usize).enumerate() {
                    self.path.push(Step::Index(idx));
                    self.value(item, of);
                    self.path.pop();
                }
            }
            Allowed::Boolean
            | Allowed::Integer { .. }
            | Allowed::Limit { .. }
            | Allowed::Decimal { .. }
            | Allowed::Number
            | Allowed::Text { .. }
            | Allowed::OneOf(_)
            | Allowed::Nullable(_)
            | Allowed::Either(_)
            | Allowed::AnyObject
            | Allowed::Any => {}
        }
        right
    }

    fn object(&mut self, value: &'a Value, lookup: Lookup) {
        if let Some(object) = value.as_object() {
            self.fields(object, lookup);
        }
    }

    fn variants(&mut self, value: &'a Value, by: By, of: &'static [Variant]) {
        let Some(object) = value.as_object() else { return };
        let chosen = choose(object, by, of).map(|idx| of[idx].fields);
        if chosen.is_none() {
            match by {
                By::Value(tag) => self.missing_tag(object, tag, of),
                By::Presence => self.rivals(object, of),
            }
        }
        self.fields(object, Lookup { chosen, others: of });
    }

    /// The deciding field is not there; where it is there and wrong, its own check says so.
    fn missing_tag(&mut self, object: &'a Map<String, Value>, tag: &'static str, of: &'static [Variant]) {
        let field = of[0].fields.iter().find(|field| field.name == tag);
        if let (Some(field), false) = (field, object.contains_key(tag)) {
            self.at(tag, |report, path| report.add(path, ProblemKind::Missing(&field.allowed)));
        }
    }

    /// Several deciding fields are there.
    fn rivals(&mut self, object: &'a Map<String, Value>, of: &'static [Variant]) {
        let mut present = object.keys().filter_map(|key| of.iter().find(|variant| variant.name == key));
        if let Some(first) = present.next() {
            for rival in present {
                let kind = ProblemKind::Conflict { with: first.name };
                self.at(rival.name, |report, path| report.add(path, kind));
            }
        }
    }

    fn fields(&mut self, object: &'a Map<String, Value>, lookup: Lookup) {
        for (name, value) in object {
            self.path.push(Step::Key(name));
            match lookup.find(name) {
                Some(field) => {
                    if self.value(value, &field.allowed) {
                        self.support(value, field);
                    }
                }
                None => {
                    let allowed = lookup.names();
                    let nearest = if self.report.is_full() { None } else { nearest(name, &allowed) };
                    self.report.add(&self.path, ProblemKind::UnknownField { allowed, nearest });
                }
            }
            self.path.pop();
        }
        for field in lookup.chosen.unwrap_or(&[]) {
            let required = matches!(field.presence, Presence::Required);
            if required && !object.contains_key(field.name) {
                self.at(field.name, |report, path| report.add(path, ProblemKind::Missing(&field.allowed)));
            }
        }
    }

    fn support(&mut self, value: &Value, field: &'static Field) {
        let only = match field.support {
            Support::Full => return,
            Support::Only(only) if json(only) == *value => return,
            Support::Only(only) => Some(only.into()),
            Support::Not => None,
        };
        self.report.add(&self.path, ProblemKind::NotSupported { only });
    }

    fn at(&mut self, name: &'static str, act: impl FnOnce(&mut Report<'a>, &[Step<'a>])) {
        self.path.push(Step::Key(name));
        act(self.report, &self.path);
        self.path.pop();
    }
}

/// Which variant an object is; `None` where nothing, or more than one thing, says so.
pub(super) fn choose(object: &Map<String, Value>, by: By, of: &[Variant]) -> Option<usize> {
    match by {
        By::Value(tag) => {
            let name = object.get(tag)?.as_str()?;
            of.iter().position(|variant| variant.name == name)
        }
        By::Presence => {
            let mut present = (0..of.len()).filter(|&idx| object.contains_key(of[idx].name));
            let first = present.next().unwrap_or(0);
            present.next().is_none().then_some(first)
        }
    }
}

/// Steps through `null` and alternatives to the rule that this value falls under.
pub(super) fn resolve(value: &Value, allowed: &'static Allowed) -> &'static Allowed {
    match allowed {
        Allowed::Nullable(inner) if !value.is_null() => resolve(value, inner),
        Allowed::Either(rules) => rules
            .iter()
            .find(|rule| !matches!(own(value, rule), Err(ProblemKind::WrongType(_))))
            .map_or(allowed, |rule| resolve(value, rule)),
        Allowed::Boolean
        | Allowed::Integer { .. }
        | Allowed::Limit { .. }
        | Allowed::Decimal { .. }
        | Allowed::Number
        | Allowed::Text { .. }
        | Allowed::OneOf(_)
        | Allowed::Object(_)
        | Allowed::Variants { .. }
        | Allowed::Map { .. }
        | Allowed::List { .. }
        | Allowed::Nullable(_)
        | Allowed::AnyObject
        | Allowed::Any => allowed,
    }
}

/// Checks a value itself, without what is inside it.
pub(super) fn own(value: &Value, allowed: &'static Allowed) -> Result<(), ProblemKind> {
    own_as(value, allowed, allowed)
}

/// Checks a value against `rule`; a problem names `allowed`, the rule around it.
fn own_as(value: &Value, rule: &'static Allowed, allowed: &'static Allowed) -> Result<(), ProblemKind> {
    let is = |right: bool| right.then_some(()).ok_or(ProblemKind::WrongType(allowed));
    let in_range = |right: bool| right.then_some(()).ok_or(ProblemKind::OutOfRange(allowed));
    match *rule {
        Allowed::Any => Ok(()),
        Allowed::Boolean => is(value.is_boolean()),
        Allowed::Number => is(value.is_number()),
        Allowed::Object(_) | Allowed::Variants { .. } | Allowed::AnyObject => is(value.is_object()),
        Allowed::Nullable(_) if value.is_null() => Ok(()),
        Allowed::Nullable(inner) => own_as(value, inner, allowed),
        Allowed::Either(_) => {
            let chosen = resolve(value, rule);
            if std::ptr::eq(chosen, rule) { is(false) } else { own(value, chosen) }
        }
        Allowed::Integer { min, max } => {
            is(is_integer(value))?;
            in_range(integer(value).is_some_and(|number| (min..=max).contains(&number)))
        }
        Allowed::Limit { min, max } => {
            is(is_integer(value))?;
            in_range(integer(value).is_some_and(|number| number == -1 || (min..=max).contains(&number)))
        }
        Allowed::Decimal { min, above, max } => {
            is(value.is_number())?;
            in_range(decimal(value).is_some_and(|ratio| {
                let (numerator, one) = (u128::from(ratio.numerator()), u128::from(ratio.denominator()));
                let (least, most) = (u128::from(min) * one, u128::from(max) * one);
                numerator <= most && if above { numerator > least } else { numerator >= least }
            }))
        }
        Allowed::Text { min, max, format } => {
            let Some(text) = value.as_str() else { return is(false) };
            let chars = text.chars().take(max as usize + 1).count();
            let right = (min as usize..=max as usize).contains(&chars) && format.accepts(text);
            right.then_some(()).ok_or(ProblemKind::BadText(allowed))
        }
        Allowed::OneOf(values) => {
            let Some(text) = value.as_str() else { return is(false) };
            values.contains(&text).then_some(()).ok_or(ProblemKind::NotOneOf(allowed))
        }
        Allowed::Map { min, max, .. } => {
            let Some(object) = value.as_object() else { return is(false) };
            in_range((min as usize..=max as usize).contains(&object.len()))
        }
        Allowed::List { min, max, .. } => {
            let Some(list) = value.as_array() else { return is(false) };
            in_range((min as usize..=max as usize).contains(&list.len()))
        }
    }
}

fn key_rule(format: crate::scenario::problem::Format) -> &'static Allowed {
    use crate::scenario::problem::Format;
    static VERSION: Allowed = Allowed::Text { min: 1, max: 9, format: Format::Version };
    static OTHER: Allowed = Allowed::Text { min: 1, max: 128, format: Format::Any };
    if format == Format::Version { &VERSION } else { &OTHER }
}

/// Plain digits, with a minus sign or not: what counts as an integer, whatever its size.
fn is_integer(value: &Value) -> bool {
    value.as_number().is_some_and(|number| {
        let digits = number.as_str();
        let digits = digits.strip_prefix('-').filter(|rest| *rest != "0").unwrap_or(digits);
        digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// The integer, where it has at most 64 bits.
pub(super) fn integer(value: &Value) -> Option<i64> {
    is_integer(value).then(|| value.as_number()?.as_str().parse().ok()).flatten()
}

/// The decimal, where it has at most [`Allowed::DECIMALS_MAX`] decimals.
pub(super) fn decimal(value: &Value) -> Option<Ratio> {
    let ratio = Ratio::parse_decimal(value.as_number()?.as_str())?;
    (ratio.denominator() <= 10u64.pow(Allowed::DECIMALS_MAX)).then_some(ratio)
}

/// A text of the tables as JSON.
pub(super) fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("the tables hold JSON")
}

/// The name nearest in spelling, where it differs by letter case or in at most two letters.
fn nearest(name: &str, among: &[&'static str]) -> Option<&'static str> {
    const NAME_CHARS_MAX: usize = 64;
    const LETTERS_MAX: usize = 2;
    if name.len() > NAME_CHARS_MAX {
        return None;
    }
    let by_case = among.iter().find(|candidate| candidate.eq_ignore_ascii_case(name));
    let by_letters = || {
        let distances = among.iter().map(|candidate| (distance(name, candidate), candidate));
        let near = distances.filter(|(letters, name)| *letters <= LETTERS_MAX && *letters < name.len() / 2);
        near.min_by_key(|(letters, _)| *letters).map(|(_, candidate)| candidate)
    };
    by_case.or_else(by_letters).copied()
}

/// Letters to insert, remove or replace (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, letter) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (idx, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[idx + 1];
            row[idx + 1] = replaced.min(diagonal + 1).min(row[idx] + 1);
        }
    }
    row[right.len()]
}

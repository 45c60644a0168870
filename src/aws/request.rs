//! Reads the members of a request that was checked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::validation;
use crate::units::WallTime;

/// A request, or a structure in one. What is not there, null or of another type is `None`: the check comes before.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a>(pub &'a Value);

impl<'a> Request<'a> {
    /// A text.
    #[must_use]
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str()
    }

    /// A text that has to be there; empty where it is not.
    #[must_use]
    pub fn required(self, name: &str) -> &'a str {
        self.text(name).unwrap_or_default()
    }

    /// An integer whose shape has a non-negative lower bound.
    #[must_use]
    pub fn integer(self, name: &str) -> Option<u32> {
        let number = self.0.get(name)?.as_number()?;
        Some(u32::try_from(validation::integer(number).max(0)).unwrap_or(u32::MAX))
    }

    /// An integer, of which -1 stands for no limit: that, or at least 0.
    #[must_use]
    pub fn limit(self, name: &str) -> Option<Option<u32>> {
        let number = self.0.get(name)?.as_number()?;
        Some(u32::try_from(validation::integer(number)).ok())
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    /// `true` or `false`; false where it is not there.
    #[must_use]
    pub fn flag(self, name: &str) -> bool {
        self.boolean(name).unwrap_or(false)
    }

    /// A moment; what lies before 1970 is 1970.
    #[must_use]
    pub fn timestamp(self, name: &str) -> Option<WallTime> {
        let number = self.0.get(name)?.as_number()?;
        Some(WallTime(validation::millis(number).unwrap_or(0)))
    }

    /// Bytes; none where they are not there.
    #[must_use]
    pub fn blob(self, name: &str) -> Vec<u8> {
        STANDARD.decode(self.required(name)).unwrap_or_default()
    }

    /// A structure.
    #[must_use]
    pub fn structure(self, name: &str) -> Option<Self> {
        self.0.get(name).filter(|value| value.is_object()).map(Self)
    }

    /// The texts of a list; none where it is not there.
    pub fn texts(self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.items(name).filter_map(|item| item.0.as_str())
    }

    /// The items of a list; none where it is not there.
    pub fn items(self, name: &str) -> impl Iterator<Item = Self> + use<'a> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten().map(Self)
    }
}

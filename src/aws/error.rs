//! The error of an API call.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use super::answer::Answer;

/// What AWS answers instead of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The type's name, such as `ResourceNotFoundException`.
    pub kind: &'static str,
    /// The message, in AWS's words.
    pub message: Cow<'static, str>,
}

impl ApiError {
    /// An error of this type with this message.
    #[must_use]
    pub fn new(kind: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, message: message.into() }
    }

    /// The body of the HTTP answer: `{"__type": …, "message": …}`.
    ///
    /// AWS: `SerializationException` alone spells the second member `Message`; kinesalite, whose author checked
    /// it against AWS.
    #[must_use]
    pub fn body(&self) -> Value {
        let member = if self.kind == "SerializationException" { "Message" } else { "message" };
        Answer::default().text("__type", self.kind).text(member, &self.message).done()
    }
}

/// `ResourceNotFoundException: Stream s under account 123456789012 not found.`
impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

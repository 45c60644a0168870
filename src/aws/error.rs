//! The error of an API call.

use std::fmt;

use serde_json::Value;

use super::answer::Answer;

/// What AWS answers instead of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The type's name, such as `ResourceNotFoundException`.
    pub type_name: &'static str,
    /// The message, in AWS's words.
    pub message: String,
}

impl ApiError {
    /// An error of any type.
    #[must_use]
    pub fn new(type_name: &'static str, message: String) -> Self {
        Self { type_name, message }
    }

    /// `InvalidArgumentException`.
    #[must_use]
    pub fn invalid_argument(message: String) -> Self {
        Self::new("InvalidArgumentException", message)
    }

    /// `LimitExceededException`.
    #[must_use]
    pub fn limit_exceeded(message: String) -> Self {
        Self::new("LimitExceededException", message)
    }

    /// `ResourceNotFoundException`.
    #[must_use]
    pub fn not_found(message: String) -> Self {
        Self::new("ResourceNotFoundException", message)
    }

    /// `ResourceInUseException`.
    #[must_use]
    pub fn in_use(message: String) -> Self {
        Self::new("ResourceInUseException", message)
    }

    /// `ValidationException`.
    #[must_use]
    pub fn validation(message: String) -> Self {
        Self::new("ValidationException", message)
    }

    /// The body of the HTTP answer: `{"__type": …, "message": …}`.
    ///
    /// AWS: `SerializationException` alone spells the second member `Message`; kinesalite, whose author checked
    /// it against AWS.
    #[must_use]
    pub fn body(&self) -> Value {
        let member = if self.type_name == "SerializationException" { "Message" } else { "message" };
        let message = Some(self.message.as_str()).filter(|message| !message.is_empty());
        Answer::default().text("__type", self.type_name).optional_text(member, message).done()
    }
}

/// `ResourceNotFoundException: Stream s under account 123456789012 not found.`
impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.type_name, self.message)
    }
}

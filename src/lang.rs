//! The languages of the page and of every message.

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Lang {
    /// `en` or `ja`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// The language of a code such as `ja` or `ja-JP`.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        match code.split('-').next() {
            Some("en") => Some(Self::En),
            Some("ja") => Some(Self::Ja),
            _ => None,
        }
    }
}

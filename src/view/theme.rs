//! Light or dark, and how that is chosen.

use super::text::MessageId;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system is set.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// How it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of [`Theme::code`].
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark].into_iter().find(|theme| theme.code() == code)
    }

    /// The one that the theme button goes to.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }

    /// What the theme button says.
    #[must_use]
    pub fn label(self) -> MessageId {
        match self {
            Self::Auto => MessageId::ThemeAuto,
            Self::Light => MessageId::ThemeLight,
            Self::Dark => MessageId::ThemeDark,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_are_stored_and_turn_in_a_circle() {
        for theme in [Theme::Auto, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::of_code(theme.code()), Some(theme));
            assert_eq!(theme.next().next().next(), theme);
        }
    }
}

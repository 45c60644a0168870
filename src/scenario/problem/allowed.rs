//! What a field may hold: the vocabulary of the reader's tables, and its words in both languages.

use std::fmt;

use super::Format;
use crate::lang::Lang;

/// What a place in the document may hold.
#[derive(Clone, Copy)]
pub enum Allowed {
    /// `true` or `false`.
    Boolean,
    /// An integer in plain digits, both bounds inclusive.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// -1, which means no limit, or an integer with inclusive bounds.
    Limit {
        /// Smallest but for -1.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A non-negative decimal of at most [`Allowed::DECIMALS_MAX`] decimals.
    Decimal {
        /// Smallest.
        min: u64,
        /// Whether `min` itself is excluded.
        above: bool,
        /// Largest, inclusive.
        max: u64,
    },
    /// Any number.
    Number,
    /// A text, its length in characters, both bounds inclusive.
    Text {
        /// Shortest.
        min: u32,
        /// Longest.
        max: u32,
        /// What it consists of.
        format: Format,
    },
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// An object with these fields.
    Object(&'static [Field]),
    /// An object whose fields depend on what it is.
    Variants {
        /// What decides.
        by: By,
        /// The kinds; the first is taken where none of the deciding fields is there ([`By::Presence`]).
        of: &'static [Variant],
    },
    /// An object with keys of one's own.
    Map {
        /// Form of the keys.
        key: Format,
        /// Every value.
        of: &'static Allowed,
        /// Fewest entries.
        min: u32,
        /// Most entries.
        max: u32,
    },
    /// A list.
    List {
        /// Every item.
        of: &'static Allowed,
        /// Fewest items.
        min: u32,
        /// Most items.
        max: u32,
    },
    /// `null`, or this.
    Nullable(&'static Allowed),
    /// One of these, told apart by their JSON types.
    Either(&'static [Allowed]),
    /// Any object.
    AnyObject,
    /// Anything.
    Any,
}

/// What decides between the variants of an object.
#[derive(Clone, Copy)]
pub enum By {
    /// The text in this field is the variant's name.
    Value(&'static str),
    /// The field of the variant's name is there.
    Presence,
}

/// One kind of an object.
#[derive(Clone, Copy)]
pub struct Variant {
    /// Its name.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// A field of an object.
#[derive(Clone, Copy)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// Its value.
    pub allowed: Allowed,
    /// Whether it has to be there.
    pub presence: Presence,
    /// Which of its values the engine can play.
    pub support: Support,
}

/// Whether a field has to be there.
#[derive(Clone, Copy)]
pub enum Presence {
    /// It has to.
    Required,
    /// Nothing takes its place.
    Optional,
    /// This takes its place, as JSON.
    Default(&'static str),
}

/// Which values of a field the engine can play.
#[derive(Clone, Copy)]
pub enum Support {
    /// All.
    Full,
    /// This one, as JSON: the others are "not supported yet".
    Only(&'static str),
    /// None: the field is "not supported yet".
    Not,
}

impl Field {
    /// A field that has to be there.
    #[must_use]
    pub const fn required(name: &'static str, allowed: Allowed) -> Self {
        Self { name, allowed, presence: Presence::Required, support: Support::Full }
    }

    /// A field that may be left out.
    #[must_use]
    pub const fn optional(name: &'static str, allowed: Allowed) -> Self {
        Self { name, allowed, presence: Presence::Optional, support: Support::Full }
    }

    /// A field that holds `json` where it is left out.
    #[must_use]
    pub const fn default(name: &'static str, allowed: Allowed, json: &'static str) -> Self {
        Self { name, allowed, presence: Presence::Default(json), support: Support::Full }
    }

    /// The same field, of whose values only `json` can be played.
    #[must_use]
    pub const fn only(mut self, json: &'static str) -> Self {
        self.support = Support::Only(json);
        self
    }

    /// The same field, none of whose values can be played.
    #[must_use]
    pub const fn not_supported(mut self) -> Self {
        self.support = Support::Not;
        self
    }
}

impl Allowed {
    /// Decimals of a decimal number. Own limit: exact ratios then stay far from the end of 64 bits.
    pub const DECIMALS_MAX: u32 = 6;

    /// The rule as a phrase.
    #[must_use]
    pub fn describe(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.describe_en(),
            Lang::Ja => self.describe_ja(),
        }
    }

    fn describe_en(&self) -> String {
        let decimals = Self::DECIMALS_MAX;
        match *self {
            Self::Boolean => "true or false".into(),
            Self::Integer { min, max } if min == max => min.to_string(),
            Self::Integer { min, max } => format!("an integer from {min} to {max}"),
            Self::Limit { min, max } => format!("-1, or an integer from {min} to {max}"),
            Self::Decimal { min, above: true, max } => {
                format!("a number above {min}, at most {max}, of up to {decimals} decimals")
            }
            Self::Decimal { min, above: false, max } => {
                format!("a number from {min} to {max}, of up to {decimals} decimals")
            }
            Self::Number => "a number".into(),
            Self::Text { min, max, format } => format.describe(min, max, Lang::En),
            Self::OneOf(values) => format!("one of {}", quoted(values, ", ")),
            Self::Object(_) | Self::Variants { .. } | Self::AnyObject => "an object".into(),
            Self::Map { min: 0, max, .. } => format!("an object of at most {max} entries"),
            Self::Map { min, max, .. } => format!("an object of {min} to {max} entries"),
            Self::List { min: 0, max, .. } => format!("a list of at most {max} items"),
            Self::List { min, max, .. } if min == max => format!("a list of {max} items"),
            Self::List { min, max, .. } => format!("a list of {min} to {max} items"),
            Self::Nullable(inner) => format!("null, or {}", inner.describe_en()),
            Self::Either(rules) => rules.iter().map(Self::describe_en).collect::<Vec<_>>().join(", or "),
            Self::Any => "any JSON value".into(),
        }
    }

    fn describe_ja(&self) -> String {
        let decimals = Self::DECIMALS_MAX;
        match *self {
            Self::Boolean => "trueまたはfalse".into(),
            Self::Integer { min, max } if min == max => min.to_string(),
            Self::Integer { min, max } => format!("{min}～{max}の整数"),
            Self::Limit { min, max } => format!("-1、または{min}～{max}の整数"),
            Self::Decimal { min, above: true, max } => {
                format!("{min}より大きく{max}以下の数（小数は{decimals}桁まで）")
            }
            Self::Decimal { min, above: false, max } => {
                format!("{min}～{max}の数（小数は{decimals}桁まで）")
            }
            Self::Number => "数".into(),
            Self::Text { min, max, format } => format.describe(min, max, Lang::Ja),
            Self::OneOf(values) => format!("{}のいずれか", quoted(values, "、")),
            Self::Object(_) | Self::Variants { .. } | Self::AnyObject => "オブジェクト".into(),
            Self::Map { min: 0, max, .. } => format!("項目が{max}個以下のオブジェクト"),
            Self::Map { min, max, .. } => format!("項目が{min}～{max}個のオブジェクト"),
            Self::List { min: 0, max, .. } => format!("要素が{max}個以下の配列"),
            Self::List { min, max, .. } if min == max => format!("要素が{max}個の配列"),
            Self::List { min, max, .. } => format!("要素が{min}～{max}個の配列"),
            Self::Nullable(inner) => format!("null、または{}", inner.describe_ja()),
            Self::Either(rules) => rules.iter().map(Self::describe_ja).collect::<Vec<_>>().join("、または"),
            Self::Any => "任意のJSON値".into(),
        }
    }
}

/// The phrase, since the tables refer to themselves (a condition holds conditions).
impl fmt::Debug for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe_en())
    }
}

fn quoted(values: &[&str], comma: &str) -> String {
    values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(comma)
}

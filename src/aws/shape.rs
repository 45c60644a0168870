//! The model of requests: which operations a service has, and what each member may hold.

/// A service's operations.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Its name on the command line, such as `kinesis`.
    pub name: &'static str,
    /// Its operations, in alphabetical order.
    pub operations: &'static [Operation],
    /// Members of answers that hold a timestamp, wherever they stand: the console prints them as dates.
    pub timestamps: &'static [&'static str],
    /// Operations whose answers the console joins from all pages.
    pub paginators: &'static [Paginator],
}

/// How an operation's answer comes in pages.
#[derive(Clone, Copy, Debug)]
pub struct Paginator {
    /// The operation.
    pub operation: &'static str,
    /// The member of the answer that holds everything else; empty where there is none.
    pub inside: &'static str,
    /// The lists that pages have parts of.
    pub results: &'static [&'static str],
    /// The members that the console shows besides.
    pub kept: &'static [&'static str],
    /// The member that says whether there is another page; empty where the token says it.
    pub more: &'static str,
    /// Where an answer has what the next request takes.
    pub token: Token,
    /// The member of the request that takes it.
    pub input: &'static str,
    /// Members of the first request that must not stand beside it.
    pub replaced: &'static [&'static str],
    /// The member of the request that bounds a page.
    pub limit: &'static str,
}

/// Where an answer has what the next page is asked for by.
#[derive(Clone, Copy, Debug)]
pub enum Token {
    /// In this member.
    Member(&'static str),
    /// In this member of the last item of the first list.
    LastItem(&'static str),
}

impl Service {
    /// The operation of this name, such as `PutRecord`.
    #[must_use]
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.name == name)
    }
}

/// An operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// AWS's name, such as `PutRecord`.
    pub name: &'static str,
    /// The request's members, in the model's order.
    pub input: &'static [Member],
    /// Members in the order in which their failures are reported, those of structures included: it is that of
    /// AWS's hash tables, and another one for each operation. Members that do not stand here come last.
    pub failures: &'static [&'static str],
}

/// A member of a request or of a structure in it.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// AWS's name, such as `StreamName`.
    pub name: &'static str,
    /// Whether it has to be there.
    pub presence: Presence,
    /// What it may hold.
    pub shape: Shape,
}

impl Member {
    /// A member that has to be there.
    #[must_use]
    pub const fn required(name: &'static str, shape: Shape) -> Self {
        Self { name, presence: Presence::Required, shape }
    }

    /// A member that has to be there where `other` is not.
    #[must_use]
    pub const fn unless(other: &'static str, name: &'static str, shape: Shape) -> Self {
        Self { name, presence: Presence::Unless(other), shape }
    }

    /// A member that may be there.
    #[must_use]
    pub const fn optional(name: &'static str, shape: Shape) -> Self {
        Self { name, presence: Presence::Optional, shape }
    }
}

/// Whether a member has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Yes.
    Required,
    /// No.
    Optional,
    /// Yes, unless this other member is.
    Unless(&'static str),
}

/// What a member may hold. All bounds are inclusive.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A text.
    String {
        /// What it has to look like.
        pattern: Option<&'static Pattern>,
        /// Fewest characters.
        min: u32,
        /// Most characters; `u32::MAX`: no limit.
        max: u32,
    },
    /// One of these texts, in the order in which the message lists them.
    Enum(&'static [&'static str]),
    /// An integer of 32 bits; bounds at the type's own limits are none.
    Integer {
        /// Least.
        min: i32,
        /// Greatest.
        max: i32,
    },
    /// A number, with decimals or without.
    Double,
    /// `true` or `false`.
    Boolean,
    /// Bytes, as base64.
    Blob {
        /// Most bytes.
        max: u32,
    },
    /// A moment, as seconds since 1970.
    Timestamp,
    /// An object with these members.
    Structure(&'static [Member]),
    /// A list.
    List {
        /// Every item.
        of: &'static Shape,
        /// Fewest items.
        min: u32,
        /// Most items.
        max: u32,
        /// What a message prints for an item that is a structure: the Java object's default text.
        printed: &'static str,
    },
    /// A map from texts to texts.
    Map {
        /// Fewest entries.
        min: u32,
        /// Most entries.
        max: u32,
        /// Fewest and most characters of a key.
        key: (u32, u32),
        /// Fewest and most characters of a value.
        value: (u32, u32),
    },
    /// A map from texts to numbers, which the operation itself checks.
    Numbers,
}

impl Shape {
    /// A text of any length and content.
    pub const TEXT: Self = Self::String { pattern: None, min: 0, max: u32::MAX };
    /// An integer without bounds of its own.
    pub const INTEGER: Self = Self::Integer { min: i32::MIN, max: i32::MAX };

    /// A text of `min` to `max` characters.
    #[must_use]
    pub const fn text(min: u32, max: u32) -> Self {
        Self::String { pattern: None, min, max }
    }
}

/// A regular expression that a text has to match as a whole, with the function that does it.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// The expression, as messages print it.
    pub text: &'static str,
    /// Whether a text matches.
    pub matches: fn(&str) -> bool,
}

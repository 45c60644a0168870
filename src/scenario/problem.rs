//! What is wrong with a scenario: the place, what was found, what is allowed.
//!
//! A problem is data; its text is made on demand, in English and in Japanese. `Allowed` and `Format` are also
//! what the reader's tables are made of (`read::fields`), so a message says the very rule that was applied.

mod allowed;
mod format;

pub use allowed::{Allowed, By, Field, Presence, Support, Variant};
pub use format::Format;
pub(crate) use format::FunctionName;

use crate::kinesis::import::ImportFault;
use crate::lang::Lang;

/// One mistake in a scenario document.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Where: a JSON path such as `$.eventSourceMappings[0].BatchSize`.
    pub path: String,
    /// What stands there, as JSON of at most [`FOUND_CHARS_MAX`] characters; empty where nothing does.
    pub found: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// Characters of [`Problem::found`]; what is longer ends in `…`.
pub const FOUND_CHARS_MAX: usize = 60;

/// What is wrong at a place.
#[derive(Clone, Debug)]
pub enum ProblemKind {
    /// The text is no JSON.
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1; 0 at the end of a line.
        column: usize,
        /// What the parser says, in English.
        detail: String,
    },
    /// The document is longer than this many bytes.
    TooLarge(usize),
    /// Values are nested deeper than this many levels.
    TooDeep(usize),
    /// There are more problems than this; the others are not listed.
    TooMany(usize),
    /// The field stands more than once in its object; the last one was read.
    RepeatedKey,
    /// The field does not exist.
    UnknownField {
        /// The fields that do.
        allowed: Vec<&'static str>,
        /// One of them, where the spelling is near.
        nearest: Option<&'static str>,
    },
    /// A required field is not there.
    Missing(&'static Allowed),
    /// None of these fields is there, and one has to be.
    NoneOf(Vec<&'static str>),
    /// A value of another JSON type.
    WrongType(&'static Allowed),
    /// A number outside its range, or a list, map or object with too few or too many members.
    OutOfRange(&'static Allowed),
    /// A text that is not one of the values.
    NotOneOf(&'static Allowed),
    /// A text of the wrong length or form.
    BadText(&'static Allowed),
    /// A value that depends on another one.
    Bound {
        /// How the two compare.
        relation: Relation,
        /// The other value.
        limit: String,
        /// What it counts.
        unit: Unit,
        /// The field it comes from.
        because: &'static str,
    },
    /// The value stands elsewhere already, and must differ.
    Duplicate {
        /// Path of the first.
        first: String,
    },
    /// The value names something that is not there.
    NoSuch {
        /// What it names.
        what: Target,
        /// What there is.
        among: Vec<String>,
    },
    /// A key of `versions` breaks the sequence "1", "2", … up to this number.
    VersionGap(usize),
    /// The field cannot stand together with this one.
    Conflict {
        /// The other field.
        with: &'static str,
    },
    /// The field is allowed only together with this one.
    OnlyWith {
        /// The other field, and its value where that matters.
        with: &'static str,
    },
    /// Shards that no stream can have.
    Shards(ImportFault),
    /// What AWS refuses, with what it says.
    Refused(String),
    /// A valid value whose capability is not built yet.
    NotSupported {
        /// What can stand here so far; `None`: the field has to go.
        only: Option<String>,
    },
}

/// How a value has to compare with its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `>`
    Above,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A plain value.
    None,
    /// Bytes.
    Bytes,
    /// Members of a list.
    Items,
}

/// What a value can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A stream, by its ARN.
    Stream,
    /// A function, by its name.
    Function,
    /// A version of a function.
    Version,
    /// A published version of a function.
    PublishedVersion,
    /// An alias of a function.
    Alias,
    /// An operation of a service.
    Operation,
    /// An SNS topic.
    Topic,
}

impl Problem {
    /// The kind as one word, for programs: `outOfRange`, `missing`, ….
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            ProblemKind::Syntax { .. } => "syntax",
            ProblemKind::TooLarge(_) => "tooLarge",
            ProblemKind::TooDeep(_) => "tooDeep",
            ProblemKind::TooMany(_) => "tooMany",
            ProblemKind::RepeatedKey => "repeatedKey",
            ProblemKind::UnknownField { .. } => "unknownField",
            ProblemKind::Missing(_) | ProblemKind::NoneOf(_) => "missing",
            ProblemKind::WrongType(_) => "wrongType",
            ProblemKind::OutOfRange(_) | ProblemKind::Bound { .. } => "outOfRange",
            ProblemKind::NotOneOf(_) => "notOneOf",
            ProblemKind::BadText(_) => "badText",
            ProblemKind::Duplicate { .. } => "duplicate",
            ProblemKind::NoSuch { .. } => "noSuch",
            ProblemKind::VersionGap(_) => "versionGap",
            ProblemKind::Conflict { .. } | ProblemKind::OnlyWith { .. } => "conflict",
            ProblemKind::Shards(_) => "shards",
            ProblemKind::Refused(_) => "refused",
            ProblemKind::NotSupported { .. } => "notSupported",
        }
    }

    /// What is allowed there, as a phrase; empty where the message says all.
    #[must_use]
    pub fn allowed(&self, lang: Lang) -> String {
        match lang {
            Lang::En => allowed_en(&self.kind),
            Lang::Ja => allowed_ja(&self.kind),
        }
    }

    /// The whole message: path, what was found, what is allowed.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        let fields = matches!(self.kind, ProblemKind::UnknownField { .. } | ProblemKind::NoneOf(_));
        let (fault, label) = match (lang, fields) {
            (Lang::En, false) => (fault_en(&self.kind, &self.found), "; allowed: "),
            (Lang::En, true) => (fault_en(&self.kind, &self.found), "; allowed fields: "),
            (Lang::Ja, false) => (fault_ja(&self.kind, &self.found), "指定できる値: "),
            (Lang::Ja, true) => (fault_ja(&self.kind, &self.found), "指定できる項目: "),
        };
        let allowed = self.allowed(lang);
        let label = if allowed.is_empty() { "" } else { label };
        format!("{}: {fault}{label}{allowed}", self.path)
    }
}

fn allowed_en(kind: &ProblemKind) -> String {
    match kind {
        ProblemKind::Syntax { .. }
        | ProblemKind::TooMany(_)
        | ProblemKind::RepeatedKey
        | ProblemKind::Conflict { .. }
        | ProblemKind::OnlyWith { .. }
        | ProblemKind::Shards(_)
        | ProblemKind::Refused(_)
        | ProblemKind::NotSupported { only: None } => String::new(),
        ProblemKind::TooLarge(bytes) => format!("at most {bytes} bytes"),
        ProblemKind::TooDeep(levels) => format!("at most {levels} levels"),
        ProblemKind::UnknownField { allowed, .. } => allowed.join(", "),
        ProblemKind::NoneOf(fields) => fields.join(", "),
        ProblemKind::Missing(allowed)
        | ProblemKind::WrongType(allowed)
        | ProblemKind::OutOfRange(allowed)
        | ProblemKind::NotOneOf(allowed)
        | ProblemKind::BadText(allowed) => allowed.describe(Lang::En),
        ProblemKind::Bound { relation, limit, unit, because } => {
            let relation = match relation {
                Relation::Below => "less than",
                Relation::AtMost => "at most",
                Relation::AtLeast => "at least",
                Relation::Above => "more than",
            };
            let unit = match unit {
                Unit::None => "",
                Unit::Bytes => " bytes",
                Unit::Items => " items",
            };
            format!("{relation} {limit}{unit} ({because})")
        }
        ProblemKind::Duplicate { .. } => "a value used nowhere else".into(),
        ProblemKind::NoSuch { among, .. } => list(among, ", ", "none"),
        ProblemKind::VersionGap(count) => format!("versions \"1\" to \"{count}\" without a gap"),
        ProblemKind::NotSupported { only: Some(only) } => format!("{only}, for now"),
    }
}

fn allowed_ja(kind: &ProblemKind) -> String {
    match kind {
        ProblemKind::Syntax { .. }
        | ProblemKind::TooMany(_)
        | ProblemKind::RepeatedKey
        | ProblemKind::Conflict { .. }
        | ProblemKind::OnlyWith { .. }
        | ProblemKind::Shards(_)
        | ProblemKind::Refused(_)
        | ProblemKind::NotSupported { only: None } => String::new(),
        ProblemKind::TooLarge(bytes) => format!("{bytes}バイト以下"),
        ProblemKind::TooDeep(levels) => format!("{levels}段以下"),
        ProblemKind::UnknownField { allowed, .. } => allowed.join("、"),
        ProblemKind::NoneOf(fields) => fields.join("、"),
        ProblemKind::Missing(allowed)
        | ProblemKind::WrongType(allowed)
        | ProblemKind::OutOfRange(allowed)
        | ProblemKind::NotOneOf(allowed)
        | ProblemKind::BadText(allowed) => allowed.describe(Lang::Ja),
        ProblemKind::Bound { relation, limit, unit, because } => {
            let unit = match unit {
                Unit::None => "",
                Unit::Bytes => "バイト",
                Unit::Items => "個",
            };
            let relation = match relation {
                Relation::Below => "未満",
                Relation::AtMost => "以下",
                Relation::AtLeast => "以上",
                Relation::Above => "より大きい値",
            };
            format!("{limit}{unit}{relation}（{because}による）")
        }
        ProblemKind::Duplicate { .. } => "ほかと重複しない値".into(),
        ProblemKind::NoSuch { among, .. } => list(among, "、", "なし"),
        ProblemKind::VersionGap(count) => format!("\"1\"から\"{count}\"までの連番"),
        ProblemKind::NotSupported { only: Some(only) } => format!("現在は{only}のみ"),
    }
}

fn fault_en(kind: &ProblemKind, found: &str) -> String {
    match kind {
        ProblemKind::Syntax { line, column, detail } => {
            format!("not JSON at line {line}, column {column}: {detail}")
        }
        ProblemKind::TooLarge(_) => format!("the document has {found} bytes"),
        ProblemKind::TooDeep(_) => "nested too deep".into(),
        ProblemKind::TooMany(count) => format!("more than {count} problems; the others are not listed"),
        ProblemKind::RepeatedKey => "the field stands more than once in its object".into(),
        ProblemKind::UnknownField { nearest: Some(nearest), .. } => {
            format!("unknown field (did you mean {nearest}?)")
        }
        ProblemKind::UnknownField { nearest: None, .. } => "unknown field".into(),
        ProblemKind::Missing(_) => "required, but missing".into(),
        ProblemKind::NoneOf(_) => "found no field that says what it is".into(),
        ProblemKind::WrongType(_)
        | ProblemKind::OutOfRange(_)
        | ProblemKind::NotOneOf(_)
        | ProblemKind::BadText(_)
        | ProblemKind::Bound { .. }
        | ProblemKind::VersionGap(_) => match found {
            "" => "nothing found".into(),
            found => format!("found {found}"),
        },
        ProblemKind::Duplicate { first } => format!("found {found}, as at {first}"),
        ProblemKind::NoSuch { what, .. } => {
            let what = match what {
                Target::Stream => "stream",
                Target::Function => "function",
                Target::Version => "version",
                Target::PublishedVersion => "published version",
                Target::Alias => "alias",
                Target::Operation => "operation",
                Target::Topic => "topic",
            };
            format!("found {found}: no such {what}")
        }
        ProblemKind::Conflict { with } => format!("found {found}: cannot stand together with {with}"),
        ProblemKind::OnlyWith { with } => format!("found {found}: only together with {with}"),
        ProblemKind::Shards(fault) => fault.to_string(),
        ProblemKind::Refused(said) => format!("found {found}: {said}"),
        ProblemKind::NotSupported { .. } => format!("found {found}: not supported yet"),
    }
}

fn fault_ja(kind: &ProblemKind, found: &str) -> String {
    match kind {
        ProblemKind::Syntax { line, column, detail } => {
            format!("{line}行{column}列でJSONとして読めません（{detail}）。")
        }
        ProblemKind::TooLarge(_) => format!("文書が大きすぎます（{found}バイト）。"),
        ProblemKind::TooDeep(_) => "入れ子が深すぎます。".into(),
        ProblemKind::TooMany(count) => format!("問題が{count}件を超えたため、残りは省略しました。"),
        ProblemKind::RepeatedKey => "同じ項目が2回以上書かれています。".into(),
        ProblemKind::UnknownField { nearest: Some(nearest), .. } => {
            format!("この項目はありません。{nearest}の間違いではありませんか？")
        }
        ProblemKind::UnknownField { nearest: None, .. } => "この項目はありません。".into(),
        ProblemKind::Missing(_) => "必須の項目がありません。".into(),
        ProblemKind::NoneOf(_) => "種類を決める項目がありません。".into(),
        ProblemKind::WrongType(_)
        | ProblemKind::OutOfRange(_)
        | ProblemKind::NotOneOf(_)
        | ProblemKind::BadText(_)
        | ProblemKind::Bound { .. }
        | ProblemKind::VersionGap(_) => match found {
            "" => "値がありません。".into(),
            found => format!("{found}は使えません。"),
        },
        ProblemKind::Duplicate { first } => format!("{found}は{first}ですでに使われています。"),
        ProblemKind::NoSuch { what, .. } => {
            let what = match what {
                Target::Stream => "ストリーム",
                Target::Function => "関数",
                Target::Version => "バージョン",
                Target::PublishedVersion => "公開済みのバージョン",
                Target::Alias => "エイリアス",
                Target::Operation => "操作",
                Target::Topic => "トピック",
            };
            format!("{found}が指す{what}が見つかりません。")
        }
        ProblemKind::Conflict { with } => format!("{with}と同時には指定できません（{found}）。"),
        ProblemKind::OnlyWith { with } => format!("{with}と一緒のときだけ指定できます（{found}）。"),
        ProblemKind::Shards(fault) => fault.ja(),
        ProblemKind::Refused(said) => format!("{found}は受け付けられません（{said}）。"),
        ProblemKind::NotSupported { .. } => format!("{found}にはまだ対応していません。"),
    }
}

/// The items as JSON texts, at most eight of them.
fn list(items: &[String], comma: &str, none: &str) -> String {
    const SHOWN_MAX: usize = 8;
    if items.is_empty() {
        return none.into();
    }
    let mut shown: Vec<String> = items.iter().take(SHOWN_MAX).map(|item| format!("\"{item}\"")).collect();
    if items.len() > SHOWN_MAX {
        shown.push("…".into());
    }
    shown.join(comma)
}

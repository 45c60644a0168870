//! What a text may consist of.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::aws::lambda::filter::FilterCriteria;
use crate::kinesis::shard::parse_shard_id;
use crate::lang::Lang;
use crate::scenario::Destination;
use crate::units::WallTime;

/// What a text may consist of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Any characters.
    Any,
    /// `a-z 0-9 -`
    Id,
    /// `a-z A-Z 0-9 _ -`
    Word,
    /// `a-z A-Z 0-9 _ . -`
    Dotted,
    /// `a-z A-Z`
    Letters,
    /// As [`Format::Word`], and not digits alone.
    Alias,
    /// 12 digits.
    Account,
    /// Such as `us-east-1`.
    Region,
    /// A number from 1, without leading zeros.
    Version,
    /// A version's number, or `$LATEST`.
    VersionOrLatest,
    /// A decimal below 2^128.
    HashKey,
    /// A decimal of up to 129 digits.
    SequenceNumber,
    /// RFC 3339 to the millisecond, in the years 2000 to 2099.
    Instant,
    /// A day of the years 2000 to 2099.
    Date,
    /// A UUID.
    Uuid,
    /// Base64 with padding.
    Base64,
    /// ARN of a stream, or of one of its consumers.
    StreamArn,
    /// Name or ARN of a function, with or without a qualifier.
    FunctionName,
    /// An ARN.
    Arn,
    /// An ARN, or nothing.
    ArnOrEmpty,
    /// ARN of a queue, a topic or a bucket, or nothing.
    DestinationArn,
    /// Not beginning with a colon.
    Namespace,
    /// Beginning with `aws `.
    AwsLine,
    /// A pattern of a filter, JSON as text.
    FilterPattern,
    /// The id of a shard.
    ShardId,
}

/// The day of the prices that scenarios have unless they say otherwise: known, as [`WallTime::parse`] knows when they start.
const USUAL_DAY: &str = "2026-11-21";

fn is_day(text: &str) -> bool {
    text.len() == 10 && Format::Instant.accepts(&format!("{text}T00:00:00Z"))
}

impl Format {
    /// Whether the text is of this form; its length is not looked at.
    #[must_use]
    pub fn accepts(self, text: &str) -> bool {
        let only = |extra: &str, byte: u8| byte.is_ascii_alphanumeric() || extra.as_bytes().contains(&byte);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Self::Any => true,
            Self::Id => text.bytes().all(|byte| only("-", byte) && !byte.is_ascii_uppercase()),
            Self::Word => text.bytes().all(|byte| only("_-", byte)),
            Self::Dotted => text.bytes().all(|byte| only("_.-", byte)),
            Self::Letters => text.bytes().all(|byte| byte.is_ascii_alphabetic()),
            Self::Alias => text.bytes().all(|byte| only("_-", byte)) && !digits(text),
            Self::Account => text.len() == 12 && digits(text),
            Self::Region => is_region(text),
            Self::Version => digits(text) && !text.starts_with('0'),
            Self::VersionOrLatest => text == "$LATEST" || Self::Version.accepts(text),
            Self::HashKey => plain_decimal(text) && text.parse::<u128>().is_ok(),
            Self::SequenceNumber => plain_decimal(text) && text.len() <= 129,
            Self::Instant => text.starts_with("20") && WallTime::parse(text).is_some_and(in_range),
            Self::Date => text == USUAL_DAY || is_day(text),
            Self::Uuid => is_uuid(text),
            Self::Base64 => STANDARD.decode(text).is_ok(),
            Self::StreamArn => is_stream_arn(text),
            Self::FunctionName => FunctionName::parse(text).is_some(),
            Self::Arn => is_arn(text),
            Self::ArnOrEmpty => text.is_empty() || is_arn(text),
            Self::DestinationArn => text.is_empty() || Destination::parse(text).is_some(),
            Self::Namespace => !text.starts_with(':'),
            Self::AwsLine => text.starts_with("aws "),
            Self::FilterPattern => FilterCriteria::parse([text]).is_ok(),
            Self::ShardId => parse_shard_id(text).is_some(),
        }
    }

    /// The rule as a phrase, for a text of `min..=max` characters.
    pub(super) fn describe(self, min: u32, max: u32, lang: Lang) -> String {
        match (lang, self.words(lang)) {
            (_, (words, false)) => words.into(),
            (Lang::En, (words, true)) => match min {
                0 => format!("a text of at most {max} characters{words}"),
                min => format!("a text of {min} to {max} characters{words}"),
            },
            (Lang::Ja, (words, true)) => match min {
                0 => format!("{max}文字以下の文字列{words}"),
                min => format!("{min}～{max}文字の文字列{words}"),
            },
        }
    }

    /// The words for this form, and whether they follow the length.
    fn words(self, lang: Lang) -> (&'static str, bool) {
        let (en, ja, with_length) = match self {
            Self::Any => ("", "", true),
            Self::Id => (" from a-z, 0-9, -", "（a-z、0-9、-）", true),
            Self::Word => (" from a-z, A-Z, 0-9, _, -", "（a-z、A-Z、0-9、_、-）", true),
            Self::Dotted => (" from a-z, A-Z, 0-9, _, ., -", "（a-z、A-Z、0-9、_、.、-）", true),
            Self::Letters => (" from a-z, A-Z", "（a-z、A-Z）", true),
            Self::Alias => (
                " from a-z, A-Z, 0-9, _, -, not digits alone",
                "（a-z、A-Z、0-9、_、-。数字だけは不可）",
                true,
            ),
            Self::Account => ("a text of 12 digits", "12桁の数字の文字列", false),
            Self::Region => ("a region such as \"us-east-1\"", "\"us-east-1\"のようなリージョン名", false),
            Self::Version => ("a version number such as \"1\"", "\"1\"のようなバージョン番号", false),
            Self::VersionOrLatest => (
                "a version number such as \"1\", or \"$LATEST\"",
                "\"1\"のようなバージョン番号、または\"$LATEST\"",
                false,
            ),
            Self::HashKey => ("a decimal text below 2^128", "2^128未満の10進数の文字列", false),
            Self::SequenceNumber => {
                ("a decimal text of at most 129 digits", "129桁以下の10進数の文字列", false)
            }
            Self::Instant => (
                "an instant such as \"2020-01-14T06:23:03.100Z\", to the millisecond, in 2000 to 2099",
                "\"2020-01-14T06:23:03.100Z\"のような日時（ミリ秒まで、2000～2099年）",
                false,
            ),
            Self::Date => (
                "a day such as \"2026-11-21\", in 2000 to 2099",
                "\"2026-11-21\"のような日付（2000～2099年）",
                false,
            ),
            Self::Uuid => (
                "a UUID such as \"91eaeb7e-c976-4939-9c2e-1b1a2a3b4c5d\"",
                "\"91eaeb7e-c976-4939-9c2e-1b1a2a3b4c5d\"のようなUUID",
                false,
            ),
            Self::Base64 => ("a base64 text with padding", "パディング付きのBase64文字列", false),
            Self::StreamArn => (
                "the ARN of a stream, arn:aws:kinesis:REGION:ACCOUNT:stream/NAME",
                "ストリームのARN（arn:aws:kinesis:REGION:ACCOUNT:stream/NAME）",
                false,
            ),
            Self::FunctionName => (
                "NAME, NAME:ALIAS, NAME:VERSION, or the ARN of a function",
                "NAME、NAME:ALIAS、NAME:VERSION、または関数のARN",
                false,
            ),
            Self::Arn => ("an ARN", "ARN", false),
            Self::ArnOrEmpty => ("an ARN, or an empty text", "ARN、または空の文字列", false),
            Self::DestinationArn => (
                "the ARN of an SQS queue, an SNS topic or an S3 bucket, or an empty text",
                "SQSキュー、SNSトピック、S3バケットのいずれかのARN、または空の文字列",
                false,
            ),
            Self::Namespace => (", not beginning with a colon", "（先頭のコロンは不可）", true),
            Self::AwsLine => (" that begins with \"aws \"", "（先頭は\"aws \"）", true),
            Self::FilterPattern => (
                " that is a filter pattern: a JSON object whose fields hold lists of rules",
                "（フィルターパターン: 各フィールドがルールの配列を持つJSONオブジェクト）",
                true,
            ),
            Self::ShardId => (", such as shardId-000000000000", "（例: shardId-000000000000）", true),
        };
        match lang {
            Lang::En => (en, with_length),
            Lang::Ja => (ja, with_length),
        }
    }

    /// The form as a regular expression, where one can say it.
    #[must_use]
    pub fn pattern(self) -> Option<&'static str> {
        Some(match self {
            Self::Any | Self::FilterPattern => return None,
            Self::Id => "^[a-z0-9-]*$",
            Self::ShardId => "-[0-9]+$",
            Self::Word => "^[a-zA-Z0-9_-]*$",
            Self::Dotted => "^[a-zA-Z0-9_.-]*$",
            Self::Letters => "^[a-zA-Z]*$",
            Self::Alias => "^(?![0-9]+$)[a-zA-Z0-9_-]+$",
            Self::Account => "^[0-9]{12}$",
            Self::Region => "^[a-z]{2}(-[a-z]+)+-[0-9]$",
            Self::Version => "^[1-9][0-9]*$",
            Self::VersionOrLatest => "^(\\$LATEST|[1-9][0-9]*)$",
            Self::HashKey => "^(0|[1-9][0-9]{0,38})$",
            Self::SequenceNumber => "^(0|[1-9][0-9]{0,128})$",
            Self::Instant => "^20[0-9]{2}-[0-9]{2}-[0-9]{2}T",
            Self::Date => "^20[0-9]{2}-[0-9]{2}-[0-9]{2}$",
            Self::Uuid => "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
            Self::Base64 => "^[A-Za-z0-9+/]*={0,2}$",
            Self::StreamArn => "^arn:aws:kinesis:[a-z0-9-]+:[0-9]{12}:stream/[a-zA-Z0-9_.-]{1,128}(/.+)?$",
            Self::FunctionName => {
                "^(arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:)?[a-zA-Z0-9_-]{1,64}(:(\\$LATEST|[a-zA-Z0-9_-]{1,128}))?$"
            }
            Self::Arn => "^arn:[^:]+:[^:]+:[^:]*:[^:]*:",
            Self::ArnOrEmpty => "^(arn:[^:]+:[^:]+:[^:]*:[^:]*:|$)",
            Self::DestinationArn => "^(arn:[^:]*:(sqs|sns|s3):[^:]*:[^:]*:.|$)",
            Self::Namespace => "^[^:]",
            Self::AwsLine => "^aws ",
        })
    }
}

/// `arn:aws:kinesis:region:account:stream/name[/consumer/name:timestamp]`
fn is_stream_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", "aws", "kinesis", region, account, path] = parts[..] else { return false };
    let Some(path) = path.strip_prefix("stream/") else { return false };
    let (name, consumer) = path.split_once('/').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let word = |text: &str| !text.is_empty() && text.len() <= 128 && Format::Dotted.accepts(text);
    let created =
        |named: &str| named.split_once(':').is_some_and(|(name, at)| word(name) && plain_decimal(at));
    let consumer_ok = consumer.is_none_or(|consumer| consumer.strip_prefix("consumer/").is_some_and(created));
    is_region(region) && Format::Account.accepts(account) && word(name) && consumer_ok
}

/// A function's name in an event source mapping, taken apart.
pub(crate) struct FunctionName<'a> {
    /// Region and account, where it is an ARN.
    pub(crate) place: Option<(&'a str, &'a str)>,
    /// The name.
    pub(crate) name: &'a str,
    /// What follows the name.
    pub(crate) qualifier: Option<&'a str>,
}

impl<'a> FunctionName<'a> {
    /// Takes `name[:qualifier]` or `arn:aws:lambda:region:account:function:name[:qualifier]` apart.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (place, rest) = match text.strip_prefix("arn:aws:lambda:") {
            Some(rest) => {
                let (region, rest) = rest.split_once(':')?;
                let (account, rest) = rest.split_once(':')?;
                let rest = rest.strip_prefix("function:")?;
                (is_region(region) && Format::Account.accepts(account)).then_some(())?;
                (Some((region, account)), rest)
            }
            None => (None, text),
        };
        let (name, qualifier) = rest.split_once(':').map_or((rest, None), |(name, tail)| (name, Some(tail)));
        let word = |text: &str, max: usize| (1..=max).contains(&text.len()) && Format::Word.accepts(text);
        let valid = word(name, 64) && qualifier.is_none_or(|tail| tail == "$LATEST" || word(tail, 128));
        valid.then_some(Self { place, name, qualifier })
    }
}

fn plain_decimal(text: &str) -> bool {
    text == "0" || Format::Version.accepts(text)
}

/// `[a-z]{2}(-[a-z]+)+-\d`
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let [first, middle @ .., last] = parts.as_slice() else { return false };
    let number = last.len() == 1 && last.bytes().all(|byte| byte.is_ascii_digit());
    first.len() == 2
        && letters(first)
        && !middle.is_empty()
        && middle.iter().all(|part| letters(part))
        && number
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(idx, byte)| match idx {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, _region, _account, rest] = parts.as_slice() else { return false };
    *arn == "arn" && !partition.is_empty() && !service.is_empty() && !rest.is_empty()
}

/// Sequence numbers and dates stay printable through every run that starts in these years.
fn in_range(wall: WallTime) -> bool {
    const YEAR_2000: u64 = 946_684_800_000;
    const YEAR_2100: u64 = 4_102_444_800_000;
    (YEAR_2000..YEAR_2100).contains(&wall.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_of_the_calendar() {
        assert!([USUAL_DAY, "2000-02-29", "2099-12-31"].into_iter().all(is_day));
        assert!(!["1999-12-31", "2001-02-29", "2026-1-1", "2026-11-211", ""].into_iter().any(is_day));
    }
}

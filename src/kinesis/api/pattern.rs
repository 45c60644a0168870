//! The regular expressions of Kinesis's model, each as a function.
//!
//! AWS: texts as messages of 2013 to 2020 print them. Today's model writes some between `^` and `$`; whether
//! messages do is not known, and the meaning is the same, since a text has to match as a whole.

use crate::aws::Pattern;

/// Names of streams and consumers, ids of shards.
pub(super) const NAME: Pattern = Pattern { text: "[a-zA-Z0-9_.-]+", matches: is_name };
/// A hash key.
pub(super) const HASH_KEY: Pattern =
    Pattern { text: r"0|([1-9]\d{0,38})", matches: |text| is_number(text, 39) };
/// A hash key of a put. AWS: a negative number is not refused here, but by the service as out of its range;
/// observed of kinesalite only.
pub(super) const EXPLICIT_HASH_KEY: Pattern = Pattern {
    text: HASH_KEY.text,
    matches: |text| is_number(text, 39) || text.strip_prefix('-').is_some_and(|text| is_positive(text, 39)),
};
/// A sequence number.
pub(super) const SEQUENCE_NUMBER: Pattern =
    Pattern { text: r"0|([1-9]\d{0,128})", matches: |text| is_number(text, 129) };
/// A stream's ARN.
pub(super) const STREAM_ARN: Pattern =
    Pattern { text: r"arn:aws.*:kinesis:.*:\d{12}:stream/\S+", matches: is_stream_arn };
/// A consumer's ARN.
pub(super) const CONSUMER_ARN: Pattern = Pattern {
    text: r"^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+",
    matches: is_consumer_arn,
};
/// A stream's id, which is reserved.
pub(super) const STREAM_ID: Pattern = Pattern { text: "[a-z0-9]{20}-[a-z0-9]{3}", matches: is_stream_id };

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

fn is_number(text: &str, digits_max: usize) -> bool {
    text == "0" || is_positive(text, digits_max)
}

fn is_positive(text: &str, digits_max: usize) -> bool {
    let digits = text.as_bytes();
    digits.first().is_some_and(|&first| first != b'0')
        && digits.len() <= digits_max
        && digits.iter().all(u8::is_ascii_digit)
}

fn is_stream_id(text: &str) -> bool {
    let part = |part: &str, len: usize| {
        part.len() == len && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.split_once('-').is_some_and(|(first, second)| part(first, 20) && part(second, 3))
}

/// Whether a text is `arn:aws`, anything, `:kinesis:`, anything, `:` and twelve digits.
fn is_arn_head(text: &str) -> bool {
    let Some((head, account)) = text.rsplit_once(':') else { return false };
    account.len() == 12
        && account.bytes().all(|digit| digit.is_ascii_digit())
        && head.strip_prefix("arn:aws").is_some_and(|rest| rest.contains(":kinesis:"))
}

fn is_stream_arn(text: &str) -> bool {
    text.match_indices(":stream/").any(|(at, mark)| {
        let name = &text[at + mark.len()..];
        !name.is_empty() && !name.contains(char::is_whitespace) && is_arn_head(&text[..at])
    })
}

fn is_consumer_arn(text: &str) -> bool {
    let parts = || {
        let (rest, created) = text.rsplit_once(':')?;
        let (rest, consumer) = rest.rsplit_once("/consumer/")?;
        let (head, stream) = rest.rsplit_once("stream/")?;
        Some((head, stream, consumer, created))
    };
    let Some((head, stream, consumer, created)) = parts() else { return false };
    let digits = !created.is_empty() && created.bytes().all(|digit| digit.is_ascii_digit());
    let arn = head.match_indices(':').any(|(at, _)| is_arn_head(&head[..at]));
    digits && arn && is_name(consumer) && is_name(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &Pattern, text: &str, expect: bool) {
        assert_eq!((pattern.matches)(text), expect, "{text:?} and {}", pattern.text);
    }

    #[test]
    fn patterns_match_whole_texts() {
        for (text, expect) in [("a", true), ("A-z_0.9", true), ("", false), ("a;b", false), ("é", false)] {
            check(&NAME, text, expect);
        }
        let digits = "9".repeat(39);
        for (text, expect) in
            [("0", true), ("10", true), (&digits, true), ("01", false), ("", false), ("-1", false)]
        {
            check(&HASH_KEY, text, expect);
        }
        check(&HASH_KEY, &"9".repeat(40), false);
        for (text, expect) in [("0", true), ("-1", true), ("-0", false), ("01", false), ("-", false)] {
            check(&EXPLICIT_HASH_KEY, text, expect);
        }
        check(&SEQUENCE_NUMBER, &"9".repeat(129), true);
        check(&SEQUENCE_NUMBER, &"9".repeat(130), false);
        check(&STREAM_ID, "abcdefghij0123456789-x1z", true);
        check(&STREAM_ID, "abcdefghij0123456789-X1z", false);
    }

    #[test]
    fn arns_match() {
        for (text, expect) in [
            ("arn:aws:kinesis:us-east-1:123456789012:stream/s", true),
            ("arn:aws-cn:kinesis:cn-north-1:123456789012:stream/s", true),
            ("arn:aws:kinesis:us-east-1:12345678901:stream/s", false),
            ("arn:aws:kinesis:us-east-1:123456789012:stream/", false),
            ("arn:aws:kinesis:us-east-1:123456789012:stream/a b", false),
            ("arn:aws:lambda:us-east-1:123456789012:stream/s", false),
            ("s", false),
        ] {
            check(&STREAM_ARN, text, expect);
        }
        for (text, expect) in [
            ("arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c:1579011783", true),
            ("arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c", false),
            ("arn:aws:kinesis:us-east-1:123456789012:stream/s", false),
        ] {
            check(&CONSUMER_ARN, text, expect);
        }
    }
}

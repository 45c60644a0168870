//! The regular expressions of Lambda's model, each as a function.
//!
//! AWS: botocore 1.43.11, `lambda/2015-03-31/service-2.json`, read 2026-11-22.

use crate::aws::Pattern;

/// A function's name, partial ARN or ARN, with or without a qualifier.
pub(super) const FUNCTION_NAME: Pattern = Pattern {
    text: r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?",
    matches: is_function_name,
};
/// Any ARN of a service, region and account.
pub(super) const ARN: Pattern = Pattern {
    text: r"arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)",
    matches: |text| is_arn(text, &["", "-gov"]),
};
/// The ARN of a destination; empty for none.
pub(super) const DESTINATION_ARN: Pattern = Pattern {
    text: r"$|kafka://([^.]([a-zA-Z0-9\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1})?:(\d{12})?:(.*)",
    matches: |text| text.is_empty() || is_kafka_topic(text) || is_arn(text, &["", "-gov", "-iso"]),
};
/// The ARN of a key; empty for none.
pub(super) const KEY_ARN: Pattern =
    Pattern { text: r"(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()", matches: is_key_arn };

fn is_function_name(text: &str) -> bool {
    let mut rest = text;
    if let Some(behind) = rest.strip_prefix("arn:") {
        let Some((partition, behind)) = behind.split_once(":lambda:") else { return false };
        let known = partition.is_empty()
            || partition
                .strip_prefix("aws")
                .is_some_and(|more| all(more, |byte| byte.is_ascii_alphabetic() || byte == b'-'));
        if !known {
            return false;
        }
        rest = behind;
    }
    if let Some((region, behind)) = rest.split_once(':')
        && is_region(region, &["", "-gov", "-iso"])
    {
        rest = behind;
    }
    if let Some((account, behind)) = rest.split_once(':')
        && is_account(account)
    {
        rest = behind;
    }
    rest = rest.strip_prefix("function:").unwrap_or(rest);
    let (name, qualifier) = rest.split_once(':').map_or((rest, None), |(name, tail)| (name, Some(tail)));
    let word = |text: &str, dot: bool| {
        !text.is_empty()
            && all(text, |byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || dot && byte == b'.')
    };
    word(name, true)
        && qualifier.is_none_or(|tail| ["$LATEST", "$LATEST.PUBLISHED"].contains(&tail) || word(tail, false))
}

/// `kinds`: what may stand behind a region's first two letters.
fn is_arn(text: &str, kinds: &[&str]) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, _] = parts[..] else { return false };
    let word = |text: &str| all(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    arn == "arn"
        && partition.strip_prefix("aws").is_some_and(word)
        && !service.is_empty()
        && word(service)
        && (region.is_empty() || is_region(region, kinds))
        && (account.is_empty() || is_account(account))
}

/// `us-east-1`, `us-gov-west-1`.
fn is_region(text: &str, kinds: &[&str]) -> bool {
    let lower = |text: &str| !text.is_empty() && all(text, |byte| byte.is_ascii_lowercase());
    let Some((_, rest)) = text.split_at_checked(2).filter(|(country, _)| lower(country)) else {
        return false;
    };
    kinds.iter().any(|kind| {
        let Some(rest) = rest.strip_prefix(kind) else { return false };
        // AWS: `-iso` may be followed by one more letter.
        let letter = usize::from(*kind == "-iso" && !rest.starts_with('-'));
        let behind = rest.split_at_checked(letter).filter(|(letter, _)| letter.is_empty() || lower(letter));
        let Some(rest) = behind.and_then(|(_, rest)| rest.strip_prefix('-')) else { return false };
        rest.split_once('-').is_some_and(|(place, number)| {
            lower(place) && number.len() == 1 && all(number, |byte| byte.is_ascii_digit())
        })
    })
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && all(text, |byte| byte.is_ascii_digit())
}

fn is_kafka_topic(text: &str) -> bool {
    let Some(topic) = text.strip_prefix("kafka://") else { return false };
    let mut chars = topic.chars();
    let first = chars.next().is_some_and(|first| first != '.');
    let rest = chars.as_str();
    first && rest.len() <= 248 && all(rest, |byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn is_key_arn(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let parts: Vec<&str> = text.splitn(4, ':').collect();
    let [arn, partition, service, _] = parts[..] else { return false };
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    let more = |more: &str| all(more, |byte| byte.is_ascii_alphabetic() || byte == b'-');
    arn == "arn"
        && (partition.is_empty() || partition.strip_prefix("aws").is_some_and(more))
        && !service.is_empty()
        && all(service, lower)
}

fn all(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_what_their_expressions_match() {
        #[track_caller]
        fn check(pattern: &Pattern, matching: &[&str], others: &[&str]) {
            matching.iter().for_each(|text| assert!((pattern.matches)(text), "{text}"));
            others.iter().for_each(|text| assert!(!(pattern.matches)(text), "{text}"));
        }
        check(
            &FUNCTION_NAME,
            &[
                "f",
                "f:live",
                "f:$LATEST",
                "f:$LATEST.PUBLISHED",
                "function:f",
                "123456789012:function:f",
                "us-east-1:123456789012:function:f:1",
                "arn:aws:lambda:us-gov-west-1:123456789012:function:f:live",
                "arn:aws:lambda:us-isob-east-1:123456789012:function:f",
            ],
            &[
                "",
                "f:",
                "f g",
                "f:a.b",
                "f:$NEWEST",
                "arn:aws:lambda:",
                "arn:aws:kinesis:us-east-1:1:f:g",
                "a:b:c:d",
            ],
        );
        check(
            &ARN,
            &[
                "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                "arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/c:1",
                "arn:aws-cn:s3:::bucket",
            ],
            &[
                "stream/s",
                "arn:aws:kinesis:us-east-1",
                "arn:aws::us-east-1:123456789012:x",
                "arn:aws:s3:east:1:x",
            ],
        );
        check(
            &DESTINATION_ARN,
            &["", "kafka://t", "arn:aws:sqs:us-iso-east-1:123456789012:q"],
            &["kafka://", "kafka://.t", "queue"],
        );
        check(&KEY_ARN, &["", "arn:aws:kms:us-east-1:123456789012:key/k"], &["key", "arn:aws:KMS:x"]);
    }
}

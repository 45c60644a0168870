//! Names as the command line writes them.

/// `put-record` for `PutRecord`, `stream-arn` for `StreamARN`.
///
/// AWS: botocore's rule: a dash before each capital that ends a word of small letters, or begins one.
#[must_use]
pub fn kebab(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut text = String::with_capacity(name.len() + 4);
    for (place, &c) in chars.iter().enumerate() {
        let after_small = place > 0 && !chars[place - 1].is_ascii_uppercase();
        let before_small = place > 0 && chars.get(place + 1).is_some_and(char::is_ascii_lowercase);
        if c.is_ascii_uppercase() && (after_small || before_small) {
            text.push('-');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_command_line() {
        for (name, expect) in [
            ("DescribeStream", "describe-stream"),
            ("StreamARN", "stream-arn"),
            ("StreamId", "stream-id"),
            ("UUID", "uuid"),
            ("MaxRecordSizeInKiB", "max-record-size-in-ki-b"),
            ("WarmThroughputMiBps", "warm-throughput-mi-bps"),
            ("KMSMasterKeyArn", "kms-master-key-arn"),
            ("S3Bucket", "s3-bucket"),
        ] {
            assert_eq!(kebab(name), expect);
        }
    }
}

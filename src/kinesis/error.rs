//! What a caller of the Kinesis API sees when a call is refused.
//!
//! AWS: type names from the API model (botocore 1.44.5, kinesis 2013-12-02, read 2026-11-21). Each text says
//! where it was seen: "observed" in real output, "validated" in an emulator whose author ran its tests against
//! AWS (kinesalite, 2013 to 2020), or it is an assumption.

use super::hash_key::HashKeyRange;
use super::shard::shard_id;
use crate::aws::ApiError;
use crate::units::WallTime;

/// Whose stream an error text speaks about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The stream's name.
    pub stream: &'a str,
    /// 12 digits.
    pub account: &'a str,
}

impl ApiError {
    /// `ExplicitHashKey` is 2^128 or more. AWS: text validated.
    #[must_use]
    pub fn explicit_hash_key(value: &str) -> Self {
        Self::invalid_argument(format!(
            "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. \
             Specified value was {value}"
        ))
    }

    /// No shard iterator of ours. AWS: text validated.
    #[must_use]
    pub fn shard_iterator() -> Self {
        Self::invalid_argument("Invalid ShardIterator.".into())
    }

    /// A shard iterator that is too old. AWS: text validated.
    #[must_use]
    pub fn expired_iterator(issued: WallTime, now: WallTime) -> Self {
        let (issued, now) = (java_date(issued), java_date(now));
        let tolerance = crate::quota::ITERATOR_VALID_MS;
        Self::new(
            "ExpiredIteratorException",
            format!(
                "Iterator expired. The iterator was created at time {issued} while right now it is {now} which \
                 is further in the future than the tolerated delay of {tolerance} milliseconds."
            ),
        )
    }

    /// No `NextToken` of ours. Assumption: text.
    #[must_use]
    pub fn next_token() -> Self {
        Self::invalid_argument("Invalid NextToken.".into())
    }

    /// A `NextToken` that is too old. Assumption: text, after the shard iterator's.
    #[must_use]
    pub fn expired_next_token(issued: WallTime, now: WallTime) -> Self {
        let (issued, now) = (java_date(issued), java_date(now));
        let tolerance = crate::quota::NEXT_TOKEN_VALID_MS;
        Self::new(
            "ExpiredNextTokenException",
            format!(
                "NextToken expired. The token was created at time {issued} while right now it is {now} which \
                 is further in the future than the tolerated delay of {tolerance} milliseconds."
            ),
        )
    }

    /// A stream known by its ARN alone is not there. AWS: text of an emulator (moto).
    #[must_use]
    pub fn arn_not_found(arn: &str) -> Self {
        Self::not_found(format!("Stream arn {arn} not found"))
    }

    /// More shards than the account may have. AWS: text validated.
    #[must_use]
    pub fn shard_quota(account: &str, region: &str, current: u32, limit: u32, additional: u32) -> Self {
        Self::limit_exceeded(format!(
            "This request would exceed the shard limit for the account {account} in {region}. Current shard \
             count for the account: {current}. Limit: {limit}. Number of additional shards that would have \
             resulted from this request: {additional}. Refer to the AWS Service Limits page \
             (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how \
             to request higher limits."
        ))
    }
}

impl Subject<'_> {
    /// AWS: text validated.
    #[must_use]
    pub fn not_found(self) -> ApiError {
        ApiError::not_found(format!("Stream {} under account {} not found.", self.stream, self.account))
    }

    /// AWS: text validated.
    #[must_use]
    pub fn exists(self) -> ApiError {
        ApiError::in_use(format!("Stream {} under account {} already exists.", self.stream, self.account))
    }

    /// AWS: text validated.
    #[must_use]
    pub fn not_active(self, status: &str) -> ApiError {
        let Self { stream, account } = self;
        ApiError::in_use(format!(
            "Stream {stream} under account {account} not ACTIVE, instead in state {status}"
        ))
    }

    /// A shard that does not exist, or a malformed id. AWS: text validated.
    #[must_use]
    pub fn no_such_shard(self, shard: &str) -> ApiError {
        let Self { stream, account } = self;
        ApiError::not_found(format!(
            "Could not find shard {shard} in stream {stream} under account {account}."
        ))
    }

    /// The same where a shard is to be read. AWS: text validated.
    #[must_use]
    pub fn shard_does_not_exist(self, shard: &str) -> ApiError {
        let Self { stream, account } = self;
        ApiError::not_found(format!(
            "Shard {shard} in stream {stream} under account {account} does not exist"
        ))
    }

    /// AWS: text observed (kinesalite issue 109).
    #[must_use]
    pub fn shard_closed(self, shard: u32) -> ApiError {
        let (Self { stream, account }, shard) = (self, shard_id(shard));
        ApiError::invalid_argument(format!(
            "Shard {shard} in stream {stream} under account {account} has already been merged or split, and \
             thus is not eligible for merging or splitting."
        ))
    }

    /// AWS: text validated.
    #[must_use]
    pub fn split_point(self, shard: u32, key: &str, range: HashKeyRange) -> ApiError {
        let (Self { stream, account }, shard) = (self, shard_id(shard));
        ApiError::invalid_argument(format!(
            "NewStartingHashKey {key} used in SplitShard() on shard {shard} in stream {stream} under account \
             {account} is not both greater than one plus the shard's StartingHashKey {} and less than the \
             shard's EndingHashKey {}.",
            range.start(),
            range.end()
        ))
    }

    /// AWS: text validated.
    #[must_use]
    pub fn not_adjacent(self, lower: u32, upper: u32) -> ApiError {
        let (Self { stream, account }, lower, upper) = (self, shard_id(lower), shard_id(upper));
        ApiError::invalid_argument(format!(
            "Shards {lower} and {upper} in stream {stream} under account {account} are not an adjacent pair of \
             shards eligible for merging"
        ))
    }

    /// A shard's limit of reads or writes. AWS: text observed, 2015 to 2019.
    #[must_use]
    pub fn shard_rate(self, shard: u32) -> ApiError {
        let (Self { stream, account }, shard) = (self, shard_id(shard));
        ApiError::new(
            "ProvisionedThroughputExceededException",
            format!("Rate exceeded for shard {shard} in stream {stream} under account {account}."),
        )
    }

    /// Too many calls. AWS: text observed (article D, 2016, for UpdateShardCount; others for describing).
    #[must_use]
    pub fn rate(self) -> ApiError {
        let Self { stream, account } = self;
        ApiError::limit_exceeded(format!("Rate exceeded for stream {stream} under account {account}."))
    }

    /// AWS: text of an emulator (moto).
    #[must_use]
    pub fn on_demand(self) -> ApiError {
        let Self { stream, account } = self;
        ApiError::validation(format!(
            "Request is invalid. Stream {stream} under account {account} is in On-Demand mode."
        ))
    }

    /// A number that is none of this layout. AWS: text validated.
    #[must_use]
    pub fn sequence_number(self, shard: u32, number: &str) -> ApiError {
        ApiError::invalid_argument(format!("{} is invalid.", self.sequence_number_used(shard, number)))
    }

    /// A number with another epoch than the shard's. AWS: text validated.
    #[must_use]
    pub fn foreign_sequence_number(self, shard: u32, number: &str) -> ApiError {
        let used = self.sequence_number_used(shard, number);
        ApiError::invalid_argument(format!("{used} is invalid because it did not come from this stream."))
    }

    fn sequence_number_used(self, shard: u32, number: &str) -> String {
        let (Self { stream, account }, shard) = (self, shard_id(shard));
        format!(
            "StartingSequenceNumber {number} used in GetShardIterator on shard {shard} in stream {stream} \
             under account {account}"
        )
    }

    /// AWS: text validated.
    #[must_use]
    pub fn ordering(self, number: &str) -> ApiError {
        let Self { stream, account } = self;
        ApiError::invalid_argument(format!(
            "ExclusiveMinimumSequenceNumber {number} used in PutRecord on stream {stream} under account \
             {account} is invalid."
        ))
    }
}

/// `Thu Jan 22 01:22:02 UTC 2015`.
fn java_date(wall: WallTime) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = wall.to_string();
    // 1970-01-01 was a Thursday. The text is `2015-01-22T01:22:02.000Z`.
    let day = DAYS[(wall.seconds() / 86_400 % 7) as usize];
    let month = text[5..7].parse::<usize>().map_or("", |month| MONTHS[month - 1]);
    format!("{day} {month} {} {} UTC {}", &text[8..10], &text[11..19], &text[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expired_iterator_names_both_times_as_java_does() {
        let issued = WallTime::parse("2015-01-22T01:22:02Z").unwrap();
        let error = ApiError::expired_iterator(issued, WallTime(issued.0 + 86_400_000 * 40));
        assert_eq!(error.type_name, "ExpiredIteratorException");
        assert_eq!(
            error.message,
            "Iterator expired. The iterator was created at time Thu Jan 22 01:22:02 UTC 2015 while right now \
             it is Tue Mar 03 01:22:02 UTC 2015 which is further in the future than the tolerated delay of \
             300000 milliseconds."
        );
    }
}

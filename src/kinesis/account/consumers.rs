//! Enhanced fan-out consumers: their registration with a stream.
//!
//! A consumer is CREATING, then ACTIVE, and DELETING until it is gone; its state follows from the time alone, so that
//! nothing has to happen.
//!
//! AWS: botocore RegisterStreamConsumer and its like. Assumption: becoming active and going each take one step of a
//! reshard (`reshardStep`), as other changes do; limits that AWS has by stream are kept by account.

use super::{Call, Kinesis};
use crate::aws::ApiError;
use crate::kinesis::stream::StreamStatus;
use crate::kinesis::token::NextToken;
use crate::quota;
use crate::units::{SimDuration, SimTime, WallTime};

/// A consumer that was registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consumer {
    /// Index of the stream.
    pub stream: u32,
    /// `ConsumerName`.
    pub name: String,
    /// When it was registered.
    pub registered: SimTime,
    /// When it becomes ACTIVE.
    pub active_at: SimTime,
    /// When it was deregistered, or its stream deleted.
    pub deregistered: Option<SimTime>,
}

/// `ConsumerStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerStatus {
    /// Cannot read yet.
    Creating,
    /// Can read.
    Active,
    /// Cannot read any more.
    Deleting,
}

impl ConsumerStatus {
    /// As AWS writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Creating => "CREATING",
            Self::Active => "ACTIVE",
            Self::Deleting => "DELETING",
        }
    }
}

/// What marks a token of ListStreamConsumers among those of ListShards.
const TOKEN_KIND: u8 = 200;

impl Kinesis {
    /// A consumer's state; `None` once it is gone.
    #[must_use]
    pub fn consumer_status(&self, now: SimTime, consumer: &Consumer) -> Option<ConsumerStatus> {
        let step = self.dials.reshard_step;
        match consumer.deregistered {
            Some(at) if at + step <= now => None,
            Some(_) => Some(ConsumerStatus::Deleting),
            None if now < consumer.active_at => Some(ConsumerStatus::Creating),
            None => Some(ConsumerStatus::Active),
        }
    }

    /// `ConsumerARN`.
    #[must_use]
    pub fn consumer_arn(&self, consumer: &Consumer) -> String {
        let stream = self.arn(&self.streams[consumer.stream as usize].name);
        format!("{stream}/consumer/{}:{}", consumer.name, self.consumer_created(consumer).seconds())
    }

    /// `ConsumerCreationTimestamp`: whole seconds, as the ARN has them.
    #[must_use]
    pub fn consumer_created(&self, consumer: &Consumer) -> WallTime {
        WallTime((self.start() + consumer.registered).seconds() * 1000)
    }

    /// The consumers of a stream that are not gone, by index.
    #[must_use]
    pub fn consumers_of(&self, now: SimTime, stream: u32) -> Vec<u32> {
        let there =
            |consumer: &Consumer| consumer.stream == stream && self.consumer_status(now, consumer).is_some();
        (0..).zip(&self.consumers).filter(|(_, consumer)| there(consumer)).map(|(idx, _)| idx).collect()
    }

    /// RegisterStreamConsumer; gives the consumer's index.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound, ResourceInUse (the stream is CREATING or DELETING; the name is
    /// taken), LimitExceeded (consumers being created; consumers of the stream).
    pub fn register_consumer(&mut self, now: SimTime, arn: &str, name: &str) -> Result<u32, ApiError> {
        let stream = self.stream_of_call(now, Call::RegisterConsumer, arn)?;
        match self.streams[stream as usize].status {
            StreamStatus::Active | StreamStatus::Updating => {}
            StreamStatus::Absent | StreamStatus::Creating | StreamStatus::Deleting => {
                self.check_active(stream)?;
            }
        }
        if self.find_consumer(now, stream, name).is_some() {
            // Assumption: text.
            return Err(ApiError::in_use(format!("{} already exists.", self.consumer_words(stream, name))));
        }
        self.check_consumer_counts(now, stream)?;
        self.consumers.push(Consumer {
            stream,
            name: name.to_owned(),
            registered: now,
            active_at: now + self.dials.reshard_step,
            deregistered: None,
        });
        Ok(self.consumers.len() as u32 - 1)
    }

    /// A consumer of the first stream that is ACTIVE at the start.
    pub fn add_consumer(&mut self, name: &str) {
        self.consumers.push(Consumer {
            stream: 0,
            name: name.to_owned(),
            registered: SimTime::ZERO,
            active_at: SimTime::ZERO,
            deregistered: None,
        });
    }

    /// LimitExceededException where there are too many consumers. Assumption: texts.
    fn check_consumer_counts(&self, now: SimTime, stream: u32) -> Result<(), ApiError> {
        let creating =
            |consumer: &&Consumer| self.consumer_status(now, consumer) == Some(ConsumerStatus::Creating);
        let account = &self.account;
        if self.consumers.iter().filter(creating).count() >= quota::CREATING_CONSUMERS_MAX as usize {
            return Err(ApiError::limit_exceeded(format!(
                "This request would exceed the number of consumers in CREATING state for the account {account}. \
                 Limit: {}.",
                quota::CREATING_CONSUMERS_MAX
            )));
        }
        if self.consumers_of(now, stream).len() >= quota::CONSUMERS_PER_STREAM_MAX as usize {
            return Err(ApiError::limit_exceeded(format!(
                "This request would exceed the number of consumers of stream {} under account {account}. Limit: {}.",
                self.streams[stream as usize].name,
                quota::CONSUMERS_PER_STREAM_MAX
            )));
        }
        if self.consumers.len() >= quota::CONSUMERS_MAX as usize {
            let text = format!("A run registers at most {} consumers.", quota::CONSUMERS_MAX);
            return Err(ApiError::limit_exceeded(text));
        }
        Ok(())
    }

    /// DescribeStreamConsumer: a consumer by its ARN, or by its stream's and its name; gives its index.
    ///
    /// # Errors
    /// LimitExceeded (calls), InvalidArgument (neither, or they disagree), ResourceNotFound.
    pub fn describe_consumer(
        &mut self,
        now: SimTime,
        consumer_arn: Option<&str>,
        stream_arn: Option<&str>,
        name: Option<&str>,
    ) -> Result<u32, ApiError> {
        self.admit_account(now, Call::DescribeConsumer)?;
        self.resolve_consumer(now, consumer_arn, stream_arn, name)
    }

    /// DeregisterStreamConsumer. One that is being deregistered already is left alone.
    ///
    /// # Errors
    /// LimitExceeded (calls), InvalidArgument (neither ARN nor name, or they disagree), ResourceNotFound.
    pub fn deregister_consumer(
        &mut self,
        now: SimTime,
        consumer_arn: Option<&str>,
        stream_arn: Option<&str>,
        name: Option<&str>,
    ) -> Result<(), ApiError> {
        self.admit_account(now, Call::DeregisterConsumer)?;
        let idx = self.resolve_consumer(now, consumer_arn, stream_arn, name)?;
        self.consumers[idx as usize].deregistered.get_or_insert(now);
        Ok(())
    }

    /// Deregisters all consumers of a stream.
    pub fn deregister_consumers_of(&mut self, now: SimTime, stream: u32) {
        for consumer in self.consumers.iter_mut().filter(|consumer| consumer.stream == stream) {
            consumer.deregistered.get_or_insert(now);
        }
    }

    /// ListStreamConsumers: at most `max_results` consumers by index, and the token for more.
    ///
    /// # Errors
    /// LimitExceeded (calls), ResourceNotFound, InvalidArgument (no token of ours, or another stream's),
    /// ExpiredNextToken.
    pub fn list_consumers(
        &mut self,
        now: SimTime,
        arn: &str,
        token: Option<&str>,
        max_results: Option<u32>,
    ) -> Result<(Vec<u32>, Option<String>), ApiError> {
        let stream = self.stream_of_call(now, Call::ListConsumers, arn)?;
        let mut consumers = self.consumers_of(now, stream);
        if let Some(token) = token {
            let token = NextToken::decode(token)
                .filter(|token| (token.filter, token.stream) == (TOKEN_KIND, stream))
                .ok_or_else(ApiError::next_token)?;
            if token.issued + SimDuration(quota::NEXT_TOKEN_VALID_MS) < now {
                return Err(ApiError::expired_next_token(self.start() + token.issued, self.start() + now));
            }
            consumers.retain(|&consumer| consumer > token.after);
        }
        let limit = max_results.unwrap_or(quota::LIST_CONSUMERS_DEFAULT) as usize;
        let more = consumers.len() > limit;
        consumers.truncate(limit);
        let token = consumers
            .last()
            .filter(|_| more)
            .map(|&after| NextToken { stream, filter: TOKEN_KIND, value: 0, after, issued: now }.encode());
        Ok((consumers, token))
    }

    /// Whether DeleteStream has to be told that it may delete consumers.
    ///
    /// # Errors
    /// ResourceInUse, where the stream has consumers. AWS: text observed (2019, a provider's issue).
    pub fn check_without_consumers(&self, name: &str) -> Result<(), ApiError> {
        let stream = self.find(name);
        let stays = |consumer: &Consumer| Some(consumer.stream) == stream && consumer.deregistered.is_none();
        if !self.consumers.iter().any(stays) {
            return Ok(());
        }
        Err(ApiError::in_use(format!(
            "DeleteStream can't delete {}:{name} because there are consumers associated with this data stream. To \
             delete {name} anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the \
             consumers that are associated with it.",
            self.account
        )))
    }

    fn stream_of_call(&mut self, now: SimTime, call: Call, arn: &str) -> Result<u32, ApiError> {
        let name = self.name_of_arn(arn).ok_or_else(|| ApiError::arn_not_found(arn))?;
        self.admit(now, call, name)?;
        self.found(name)
    }

    fn find_consumer(&self, now: SimTime, stream: u32, name: &str) -> Option<u32> {
        let named = |&idx: &u32| self.consumers[idx as usize].name == name;
        self.consumers_of(now, stream).into_iter().find(named)
    }

    /// Assumption: texts.
    fn resolve_consumer(
        &self,
        now: SimTime,
        consumer_arn: Option<&str>,
        stream_arn: Option<&str>,
        name: Option<&str>,
    ) -> Result<u32, ApiError> {
        let by_name = match (stream_arn, name) {
            (Some(arn), Some(name)) => {
                let stream = self.name_of_arn(arn).ok_or_else(|| ApiError::arn_not_found(arn))?;
                let stream = self.found(stream)?;
                let found = self.find_consumer(now, stream, name);
                Some(found.ok_or_else(|| self.no_such_consumer(&self.consumer_words(stream, name)))?)
            }
            _ => None,
        };
        let Some(arn) = consumer_arn else {
            let text = "Either ConsumerARN or both StreamARN and ConsumerName should be provided.";
            return by_name.ok_or_else(|| ApiError::invalid_argument(text.to_owned()));
        };
        let is = |&(_, consumer): &(u32, &Consumer)| {
            self.consumer_status(now, consumer).is_some() && self.consumer_arn(consumer) == arn
        };
        let found = (0..).zip(&self.consumers).find(is).map(|(idx, _)| idx);
        let found = found.ok_or_else(|| self.no_such_consumer(&format!("Consumer {arn}")))?;
        let consumer = &self.consumers[found as usize];
        let other_name = name.is_some_and(|name| name != consumer.name);
        let stream = self.arn(&self.streams[consumer.stream as usize].name);
        if other_name
            || stream_arn.is_some_and(|arn| arn != stream)
            || by_name.is_some_and(|idx| idx != found)
        {
            let text = format!("ConsumerARN {arn} does not agree with StreamARN and ConsumerName.");
            return Err(ApiError::invalid_argument(text));
        }
        Ok(found)
    }

    /// `Consumer c under stream s and account 123456789012`: AWS's words, as far as they were observed.
    fn consumer_words(&self, stream: u32, name: &str) -> String {
        let stream = &self.streams[stream as usize].name;
        format!("Consumer {name} under stream {stream} and account {}", self.account)
    }

    fn no_such_consumer(&self, words: &str) -> ApiError {
        ApiError::not_found(format!("{words} not found."))
    }
}

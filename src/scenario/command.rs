//! Commands: calls of AWS's API at a time of the run.
//!
//! A request is kept as it stands: whether it is right is for AWS's own answer to say, when the call is made.

use serde_json::{Value, json};

use crate::units::SimTime;

/// A call at a time.
#[derive(Clone, Debug)]
pub struct Command {
    /// When.
    pub at: SimTime,
    /// What.
    pub action: CommandAction,
}

impl Command {
    /// The command as a scenario writes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let at = self.at.0;
        match &self.action {
            CommandAction::Operation { service, operation, request } => {
                json!({"at": at, "service": service.name(), "operation": operation, "request": request})
            }
            CommandAction::Cli(line) => json!({"at": at, "cli": line}),
        }
    }
}

impl CommandAction {
    /// The call of an operation, by the names of service and operation; `None` where there is none.
    #[must_use]
    pub fn operation(service: &str, operation: &str, request: Value) -> Option<Self> {
        let &(_, service) = Service::ALL.iter().find(|&&(name, _)| name == service)?;
        let &operation = service.operations().iter().find(|&&name| name == operation)?;
        Some(Self::Operation { service, operation, request })
    }
}

/// What a command does.
#[derive(Clone, Debug)]
pub enum CommandAction {
    /// Calls an operation.
    Operation {
        /// The service.
        service: Service,
        /// One of the service's operations ([`Service::operations`]).
        operation: &'static str,
        /// The request: an object, not looked into.
        request: Value,
    },
    /// A command line of the AWS CLI; begins with `aws `.
    Cli(String),
}

/// A service whose operations a command can call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Kinesis Data Streams.
    Kinesis,
    /// CloudWatch.
    CloudWatch,
}

impl Service {
    /// All, with the names that commands and command lines have for them.
    pub const ALL: [(&'static str, Self); 2] = [("kinesis", Self::Kinesis), ("cloudwatch", Self::CloudWatch)];

    /// Its name in commands and command lines.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].0
    }

    /// The operations that a command can call, by AWS's names.
    #[must_use]
    pub const fn operations(self) -> &'static [&'static str] {
        match self {
            Self::Kinesis => &[
                "CreateStream",
                "DecreaseStreamRetentionPeriod",
                "DeleteStream",
                "DescribeLimits",
                "DescribeStream",
                "DescribeStreamSummary",
                "GetRecords",
                "GetShardIterator",
                "IncreaseStreamRetentionPeriod",
                "ListShards",
                "ListStreams",
                "MergeShards",
                "PutRecord",
                "PutRecords",
                "SplitShard",
                "UpdateMaxRecordSize",
                "UpdateShardCount",
                "UpdateStreamMode",
            ],
            Self::CloudWatch => &["DeleteAlarms", "DescribeAlarms", "PutMetricAlarm"],
        }
    }
}

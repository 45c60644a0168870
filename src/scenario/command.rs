//! Commands: calls of AWS's API at a time of the run.
//!
//! A request is kept as it stands: whether it is right is for AWS's own answer to say, when the call is made.

use serde_json::{Value, json};

use crate::aws::lambda;
use crate::aws::shape::{Operation, Service};
use crate::cloudwatch;
use crate::kinesis;
use crate::kinesis::shard::shard_id;
use crate::units::SimTime;

/// The services that can be called.
pub const SERVICES: [&Service; 3] = [&cloudwatch::api::SERVICE, &kinesis::api::SERVICE, &lambda::SERVICE];

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
                json!({"at": at, "service": service.name, "operation": operation.name, "request": request})
            }
            CommandAction::Cli(line) => json!({"at": at, "cli": line}),
            CommandAction::PollerRestart { shard } => {
                json!({"at": at, "fault": "pollerRestart", "shardId": shard_id(*shard)})
            }
            CommandAction::DestinationFailure { destination, until } => {
                let until = until.map(|until| until.0);
                json!({"at": at, "fault": "destinationFailure", "destination": destination, "until": until})
            }
            CommandAction::Redrive { document } => json!({"at": at, "redrive": {"document": document}}),
        }
    }
}

impl CommandAction {
    /// The call of an operation, by the names of service and operation; `None` where there is none.
    #[must_use]
    pub fn operation(service: &str, operation: &str, request: Value) -> Option<Self> {
        let service = SERVICES.into_iter().find(|known| known.name == service)?;
        let operation = service.operation(operation)?;
        Some(Self::Operation { service, operation, request })
    }
}

/// What a command does.
#[derive(Clone, Debug)]
pub enum CommandAction {
    /// Calls an operation.
    Operation {
        /// The service.
        service: &'static Service,
        /// The operation.
        operation: &'static Operation,
        /// The request: an object, not looked into.
        request: Value,
    },
    /// A command line of the AWS CLI; begins with `aws `.
    Cli(String),
    /// The pollers of a shard lose what they have read and is not done.
    PollerRestart {
        /// The shard.
        shard: u32,
    },
    /// A destination takes no documents for a while.
    DestinationFailure {
        /// Its ARN.
        destination: String,
        /// From when on it takes them again; `None`: never.
        until: Option<SimTime>,
    },
    /// The records that a document tells of are read again, and the function is invoked with them.
    Redrive {
        /// The document, by the index of what was discarded.
        document: u32,
    },
}

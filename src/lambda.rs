//! AWS Lambda's side, passive: lane → batch → invocation → outcome → decision.
//!
//! ```text
//! poller ─ records of a shard ─▶ lane (by partition key) ─ batch ─▶ invocation ─▶ decision
//!                                  ▲                                               │
//!                                  └────────── retry, remainder, halves ◀──────────┘
//! ```
//!
//! Nothing here schedules, logs or draws random numbers. AWS: Lambda developer guide, "Using Lambda with
//! Kinesis", and recorded behaviour; each rule names its source.

pub mod account;
pub mod api;
pub mod batcher;
pub mod concurrency;
pub mod document;
pub mod environment;
mod error;
pub mod event;
pub mod function;
pub mod handler;
pub mod queue;
pub mod response;
pub mod retry;
pub mod rollout;

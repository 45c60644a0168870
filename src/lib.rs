//! Shardlab: a deterministic simulation of what happens between an Amazon Kinesis data stream and the AWS
//! Lambda function that consumes it, and the page that shows it.
//!
//! Module order, each importing only from the left (checked by `tests/tidy.rs`):
//! `units, rng, column, lang, quota` < `aws` < `kinesis` < `cloudwatch` < `scenario` < `lambda` < `event_log` <
//! `sim` < `exchange` < `view` < `web`. Everything below `web` is pure: it knows no browser, no clock, no global
//! state, no floats in its state and no hash-ordered iteration, so that the same scenario gives the same bytes
//! natively and in every browser. ARCHITECTURE.md tells the rest.

pub mod aws;
pub mod cloudwatch;
pub mod column;
pub mod event_log;
pub mod exchange;
pub mod kinesis;
pub mod lambda;
pub mod lang;
pub mod quota;
pub mod rng;
pub mod scenario;
pub mod sim;
pub mod units;
pub mod view;

#[cfg(target_arch = "wasm32")]
pub mod web;

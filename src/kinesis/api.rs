//! Kinesis's operations by AWS's names, with AWS's JSON in and out.

pub mod operations;
mod pattern;

pub use operations::SERVICE;

//! What every AWS service has in common: tables of operations, the check of a request against them, errors.
//!
//! A request and an answer are JSON as AWS's JSON 1.1 protocol has them: members by AWS's names, `Blob` as
//! base64 text, `Timestamp` as a number of seconds since 1970 with decimals. The tables are data, because they
//! are read three times: by the check here, by the console (options, help, completion), and by tests.
//!
//! Nothing here knows a service's state.

pub mod answer;
pub mod cli;
pub mod error;
pub mod lambda;
pub mod request;
pub mod shape;
pub mod validation;

pub use answer::{Answer, timestamp};
pub use error::ApiError;
pub use request::Request;
pub use shape::{Member, Operation, Paginator, Pattern, Presence, Service, Shape, Token};

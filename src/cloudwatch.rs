//! Amazon CloudWatch, passive: data points → buckets of a minute → alarms → notifications by SNS → the function
//! that scales the stream.
//!
//! Nothing here schedules or logs; methods take the time and return what happened.
//! AWS: Kinesis Data Streams developer guide, "Monitoring with CloudWatch"; CloudWatch user guide, "Alarm
//! evaluation" and "Configuring how CloudWatch alarms treat missing data"; API model (botocore,
//! `cloudwatch/2010-08-01`); read 2026-11-22. Texts that AWS does not document are those of published
//! notifications, and say so.
//!
//! Periods follow the wall clock, not the scenario's start: CloudWatch stamps a data point with a whole minute,
//! and its texts show the stamp. Where a scenario starts within a minute, its first period is a short one.

/// An enumeration whose cases have AWS's names.
macro_rules! words {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$doc:meta])* $case:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $case,)+ }

        impl $name {
            /// Every case with its name, in AWS's order.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$case, $text),)+];

            /// AWS's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                Self::ALL[self as usize].1
            }

            /// The case of that name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().find(|(_, other)| *other == name).map(|&(case, _)| case)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}

pub mod alarm;
pub mod api;
pub mod decimal;
pub mod metric;
pub mod notification;
pub mod sample;
pub mod scaling;
pub mod series;

mod reason;

pub use alarm::{Alarm, Alarms, Definition, State, StateChange};
pub use decimal::Threshold;
pub use metric::{Metric, Statistic, Unit};
pub use series::{Bucket, Clock, Datapoint, Group, Metrics, Subjects};

//! Aliases, and the versions that they stand for.

use std::fmt;

use super::FunctionConfig;
use crate::units::Ratio;

/// An alias of a function.
#[derive(Clone, Debug)]
pub struct AliasConfig {
    /// `Name`, 1..=128 of `[a-zA-Z0-9_-]`, not a number.
    pub name: String,
    /// What it stands for.
    pub routing: Routing,
}

/// What an alias stands for: one version, or two with a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Routing {
    /// `FunctionVersion`.
    pub version: Version,
    /// `RoutingConfig.AdditionalVersionWeights`: a published version, by index, and the part of the
    /// invocations that run it, 0..=1.
    pub additional: Option<(u32, Ratio)>,
}

impl Routing {
    /// Whether Lambda takes it: a second version is another one than the first, which is a published one.
    ///
    /// # Errors
    /// AWS's text; that of an emulator whose tests are validated against AWS (LocalStack).
    pub fn check(self) -> Result<(), String> {
        let version = self.version;
        match (version, self.additional) {
            (_, None) => Ok(()),
            (Version::Latest, Some(_)) => {
                Err("$LATEST is not supported for an alias pointing to more than 1 version".into())
            }
            (Version::Published(idx), Some((same, _))) if idx == same => Err(format!(
                "Invalid function version {version}. Function version {version} is already included in routing \
                 configuration."
            )),
            (Version::Published(_), Some(_)) => Ok(()),
        }
    }

    /// Index of the highest published version that it names.
    #[must_use]
    pub fn highest(self) -> Option<u32> {
        let version = match self.version {
            Version::Latest => None,
            Version::Published(idx) => Some(idx),
        };
        version.max(self.additional.map(|(idx, _)| idx))
    }
}

/// Which of a function's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `$LATEST`.
    Latest,
    /// A published version: index into the function's `versions`.
    Published(u32),
}

/// `$LATEST`, or the version's number, from 1.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => f.write_str("$LATEST"),
            Self::Published(idx) => write!(f, "{}", idx + 1),
        }
    }
}

impl FunctionConfig {
    /// Number of versions published at t = 0: up to the highest that an alias names, or all where none is named.
    #[must_use]
    pub fn published(&self) -> u32 {
        let highest = self.aliases.iter().filter_map(|alias| alias.routing.highest()).max();
        highest.map_or(self.versions.len() as u32, |idx| idx + 1)
    }
}

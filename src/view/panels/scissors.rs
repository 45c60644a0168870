//! The scissors: what they would do where they are.

use crate::kinesis::HashKey;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::view::cut::{Target, command, target};
use crate::view::text::MessageId;
use crate::view::{roster, stage};

/// The scissors, while they are up.
#[derive(Clone, Debug, PartialEq)]
pub struct Scissors {
    /// What would be done, in words.
    pub what: String,
    /// Where they are, as a hash key.
    pub at: String,
    /// What the button that does it is called.
    pub verb: MessageId,
    /// The line that does it; `None` where nothing can be done.
    pub line: Option<String>,
}

/// The scissors at a hash key.
#[must_use]
pub fn build(sim: &Simulation, at: HashKey, lang: Lang) -> Scissors {
    let stream = sim.stream();
    let target = target(stream, at);
    let verb = match target {
        Some(Target::Merge { .. }) => MessageId::Merge,
        Some(Target::Split { .. }) | None => MessageId::Split,
    };
    let what = stage::what(target, roster::share(at), lang);
    Scissors { what, at: at.to_string(), verb, line: target.map(|target| command(stream, target)) }
}

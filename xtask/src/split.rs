//! Splits the page's wasm: what the first picture needs, and the rest, which is fetched right after.
//!
//! Before that regions of functions that the first picture does run become functions of their own ([`outline`]): from
//! a point that was not reached to the end of what encloses it, so that the branches of a function that are not taken
//! go to the rest, too.
//!
//! Both parts work on the memory, the tables and the globals of the first. Where the first part calls a function of
//! the rest, it asks the loader for the rest, if that is not there yet, and then calls the function by its slot in the
//! table. So whatever is put into the rest, the program does the same: the choice, `late.txt` and `cold.txt`, only
//! decides how soon the rest is needed. What the first part imports from the loader, and how the loader fills the
//! rest's imports, is what `www/boot.js` implements:
//! - the first part imports the function `rest`.`load`, and exports its memory, tables and globals as `rest:…`;
//! - the rest imports those by the same names from `rest`, functions of the first part from `slot` by their place
//!   in the table, and the browser's functions as the whole program did. Its start sets `rest:loaded`.
//!
//! The code map: [`module`] reads a module, [`body`] a function; [`live`] says which locals may still be read, [`mod@cut`]
//! makes a function of a region, [`outline`] does so with all that are chosen; [`plan`] says what goes where, [`data`]
//! which data does, [`likeness`] in which order functions stand; [`mod@write`] writes the two parts.

#[expect(clippy::wildcard_enum_match_arm, reason = "wasm has hundreds of kinds, of which few matter here")]
mod body;
#[cfg(test)]
mod cases;
#[expect(clippy::wildcard_enum_match_arm, reason = "wasm has hundreds of kinds, of which few matter here")]
mod cut;
#[expect(clippy::wildcard_enum_match_arm, reason = "wasm has hundreds of kinds, of which few matter here")]
mod data;
mod likeness;
#[expect(clippy::wildcard_enum_match_arm, reason = "wasm has hundreds of kinds, of which few matter here")]
mod live;
#[cfg(test)]
#[expect(clippy::wildcard_enum_match_arm, reason = "wasm has hundreds of kinds, of which few matter here")]
mod machine;
#[expect(clippy::wildcard_enum_match_arm, reason = "wasm has hundreds of kinds, of which few matter here")]
mod module;
#[expect(clippy::wildcard_enum_match_arm, reason = "wasm has hundreds of kinds, of which few matter here")]
mod outline;
mod plan;
mod write;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::process::Result;
use module::Module;
use plan::Plan;

/// The two modules.
pub(crate) struct Parts {
    /// What the page starts with.
    pub(crate) first: Vec<u8>,
    /// What is fetched then.
    pub(crate) rest: Vec<u8>,
    /// What the names that are shared with the script have become in both.
    pub(crate) names: Vec<(String, String)>,
}

/// What of a program is late.
pub(crate) trait Choice {
    /// A region is cut out only if what is left gets at least so many bytes shorter.
    const SAVED_BYTES_MIN: isize = 0;

    /// Whether a function is, by its name.
    fn is_late(&self, function: &str) -> bool;

    /// The points of another function whose regions are, by the places of points in it.
    fn cold(&self, function: &Shape) -> BTreeSet<usize>;
}

/// A function as far as it stays the same when addresses and indices move.
pub(crate) struct Shape {
    /// Its name; empty if it has none.
    pub(crate) name: String,
    /// A digest of its instructions without immediates, but with the depths of branches.
    pub(crate) digest: String,
    /// Its points.
    pub(crate) points: Vec<Region>,
}

/// What follows a point up to the end of its construct.
pub(crate) struct Region {
    /// The instructions' places in the function.
    pub(crate) range: Range<usize>,
    /// The length of their code.
    pub(crate) bytes: usize,
}

/// Splits a module that has the names of its functions; the parts have none. `linked` is the program as it was
/// linked, with relocations; without it data is not split.
pub(crate) fn split(wasm: &[u8], linked: Option<&[u8]>, choice: &impl Choice) -> Result<Parts> {
    let outlined = cut(wasm, choice)?;
    let module = Module::parse(&outlined)?;
    let plan = Plan::new(&module, linked, |name| name.ends_with(outline::REGION) || choice.is_late(name))?;
    parts(&module, &plan)
}

/// A module that does the same in one piece, with functions for the regions that are chosen.
pub(crate) fn cut(wasm: &[u8], choice: &impl Choice) -> Result<Vec<u8>> {
    outline::outline(wasm, choice)
}

/// The parts if nothing is late, and every point that is reached sets a byte of the last memory: in the order of the
/// functions and of their points.
pub(crate) fn watched(wasm: &[u8]) -> Result<Parts> {
    let watched = outline::watch(wasm)?;
    let module = Module::parse(&watched)?;
    let plan = Plan::new(&module, None, |_| false)?;
    parts(&module, &plan)
}

fn parts(module: &Module<'_>, plan: &Plan) -> Result<Parts> {
    let names = module.short_names();
    let (first, rest) = (write::first(module, plan, &names)?, write::rest(module, plan, &names)?);
    let names = names.into_iter().map(|(name, short)| (name.to_owned(), short)).collect();
    Ok(Parts { first, rest, names })
}

/// The functions of a module that are not imported.
pub(crate) fn shapes(wasm: &[u8]) -> Result<Vec<Shape>> {
    let module = Module::parse(wasm)?;
    let bodies = body::read_all(wasm, &module.types)?;
    let functions = module.functions[module.imports.len()..].iter();
    Ok(functions.zip(bodies).map(|(function, body)| body.shape(function.name)).collect())
}

//! Splits the page's wasm: what the first picture needs, and the rest, which is fetched right after.
//!
//! Both parts work on the memory, the tables and the globals of the first. A function of the rest that the first
//! part calls has a *stub* there: it asks the loader for the rest, if that is not there yet, and then calls the
//! function by its slot in the table. So whatever is put into the rest, the program does the same: the choice,
//! `late.txt`, only decides how soon the rest is needed. What the first part imports from the loader, and how
//! the loader fills the rest's imports, is what `www/boot.js` implements:
//! - the first part imports the function `rest`.`load`, and exports its memory, tables and globals as `rest:…`;
//! - the rest imports those by the same names from `rest`, functions of the first part from `slot` by their place
//!   in the table, and the browser's functions as the whole program did. Its start sets `rest:loaded`.

#[expect(clippy::wildcard_enum_match_arm, reason = "wasm has hundreds of kinds, of which few matter here")]
mod data;
#[expect(clippy::wildcard_enum_match_arm, reason = "wasm has hundreds of kinds, of which few matter here")]
mod module;
mod plan;
mod write;

use crate::process::Result;
use module::{Function, Module};
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

/// Splits a module that has the names of its functions; the parts have none. `linked` is the program as it was
/// linked, with relocations.
pub(crate) fn split(wasm: &[u8], linked: &[u8], is_late: impl Fn(&str) -> bool) -> Result<Parts> {
    let module = Module::parse(wasm)?;
    let plan = Plan::new(&module, linked, is_late)?;
    parts(&module, &plan, false)
}

/// The parts if nothing is late, with functions that tell when they run.
pub(crate) fn watched(wasm: &[u8], linked: &[u8]) -> Result<Parts> {
    let module = Module::parse(wasm)?;
    let plan = Plan::new(&module, linked, |_| false)?;
    parts(&module, &plan, true)
}

fn parts(module: &Module<'_>, plan: &Plan, watched: bool) -> Result<Parts> {
    let names = module.short_names();
    let (first, rest) = (write::first(module, plan, &names, watched)?, write::rest(module, plan, &names)?);
    let names = names.into_iter().map(|(name, short)| (name.to_owned(), short)).collect();
    Ok(Parts { first, rest, names })
}

/// Each function's name and the length of its code, by index; imported ones have none.
pub(crate) fn functions(wasm: &[u8]) -> Result<Vec<(&str, usize)>> {
    let module = Module::parse(wasm)?;
    let code = |function: &Function<'_>| function.body.as_ref().map_or(0, |body| body.range().len());
    Ok(module.functions.iter().map(|function| (function.name, code(function))).collect())
}

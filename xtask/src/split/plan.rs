//! What goes where.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::data;
use super::module::{Module, index};
use crate::process::Result;

/// The place of everything that both parts know of.
pub(crate) struct Plan {
    /// Functions of the first part.
    pub(crate) first: BTreeSet<u32>,
    /// Functions of the rest that the first part calls, exports or has in its table, by the slot to call them.
    pub(super) stubs: BTreeMap<u32, u32>,
    /// The slots by which the rest calls functions of the first part.
    pub(super) shared: BTreeMap<u32, u32>,
    /// New slots of the table for functions of the first part.
    pub(super) added: Vec<u32>,
    /// The table's size.
    pub(super) slots: u32,
    /// Index of the table of functions.
    pub(super) table: u32,
    /// Places in memory that only the rest's data fills, in order.
    pub(super) late_data: Vec<Range<u32>>,
}

impl Plan {
    /// The first part has what is reached from outside and through the table by calls, but no late function.
    pub(crate) fn new(module: &Module<'_>, linked: &[u8], is_late: impl Fn(&str) -> bool) -> Result<Self> {
        let late: Vec<bool> = module.functions.iter().map(|function| is_late(function.name)).collect();
        let exported = module.exports.iter().filter(|export| export.kind == wasmparser::ExternalKind::Func);
        let outside: BTreeSet<u32> = exported
            .map(|export| export.index)
            .chain(module.start)
            .chain(module.slots.values().copied())
            .collect();
        let imported = index(module.imports.len());
        let is_first = |&function: &u32| function >= imported && !late[function as usize];
        let mut first = BTreeSet::new();
        let mut open: Vec<u32> = outside.iter().copied().filter(is_first).collect();
        while let Some(function) = open.pop() {
            if first.insert(function) {
                open.extend(module.functions[function as usize].calls.iter().copied().filter(is_first));
            }
        }
        let table = module.table_of_functions()?;
        let size = u32::try_from(module.tables[table as usize].initial).map_err(super::module::text)?;
        let mut plan = Self {
            first,
            stubs: BTreeMap::new(),
            shared: BTreeMap::new(),
            added: Vec::new(),
            slots: size,
            table,
            late_data: Vec::new(),
        };
        plan.add_slots(module, &outside);
        plan.late_data = data::late_places(linked, module, &plan)?;
        Ok(plan)
    }

    fn add_slots(&mut self, module: &Module<'_>, outside: &BTreeSet<u32>) {
        let slots: BTreeMap<u32, u32> =
            module.slots.iter().map(|(&slot, &function)| (function, slot)).collect();
        let imported = index(module.imports.len());
        let is_rest = |function: &u32| *function >= imported && !self.first.contains(function);
        let called = |&function: &u32| module.functions[function as usize].calls.iter().copied();
        let called_by_first: BTreeSet<u32> = self.first.iter().flat_map(called).collect();
        let stubbed: BTreeSet<u32> = called_by_first.union(outside).copied().filter(is_rest).collect();
        let rest: Vec<u32> = (imported..index(module.functions.len())).filter(is_rest).collect();
        let shared: BTreeSet<u32> =
            rest.iter().flat_map(called).filter(|function| self.first.contains(function)).collect();
        for function in shared {
            let slot = slots.get(&function).copied().unwrap_or_else(|| {
                self.added.push(function);
                self.slots + index(self.added.len()) - 1
            });
            self.shared.insert(function, slot);
        }
        self.slots += index(self.added.len());
        for function in stubbed {
            let slot = slots.get(&function).copied().unwrap_or_else(|| {
                self.slots += 1;
                self.slots - 1
            });
            self.stubs.insert(function, slot);
        }
    }
}

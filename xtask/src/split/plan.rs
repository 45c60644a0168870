//! What goes where.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::data;
use super::module::{Module, index};
use crate::process::Result;

/// The place of everything that both parts know of.
pub(crate) struct Plan {
    /// Functions of the first part.
    pub(super) first: BTreeSet<u32>,
    /// The same in the order in which they are written.
    pub(super) order: Vec<u32>,
    /// Functions of the rest that the first part calls, exports or has in its table, by the slot to call them.
    pub(super) stubs: BTreeMap<u32, u32>,
    /// Those of them that it exports or has in its table, but for those in slots that it does not know of.
    pub(super) entries: BTreeSet<u32>,
    /// The slots by which the rest calls functions of the first part.
    pub(super) shared: BTreeMap<u32, u32>,
    /// Short functions of the first part that the rest has, too: a slot would take as much of the first load.
    pub(super) copied: BTreeSet<u32>,
    /// New slots of the table for functions of the first part.
    pub(super) added: Vec<u32>,
    /// The table's size.
    pub(super) slots: u32,
    /// Index of the table of functions.
    pub(super) table: u32,
    /// Places in memory that only the rest's data fills, in order.
    pub(super) late_data: Vec<Range<u32>>,
}

/// Longer functions are not copied.
const COPIED_BYTES_MAX: usize = 400;

impl Plan {
    /// A plan with the data that only the rest refers to.
    pub(crate) fn new(
        module: &Module<'_>,
        linked: Option<&[u8]>,
        is_late: impl Fn(&str) -> bool,
    ) -> Result<Self> {
        let mut plan = Self::of_functions(module, is_late)?;
        if let Some(linked) = linked {
            let late = data::late(linked, module, &plan)?;
            plan.late_data = late.places;
            let late: BTreeSet<u32> = late.slots.iter().map(|slot| module.slots[slot]).collect();
            let exported: BTreeSet<u32> = module.exported().collect();
            plan.entries.retain(|function| exported.contains(function) || !late.contains(function));
        }
        Ok(plan)
    }

    /// The first part has what is reached from outside and through the table by calls, but no late function.
    fn of_functions(module: &Module<'_>, is_late: impl Fn(&str) -> bool) -> Result<Self> {
        let late: Vec<bool> = module.functions.iter().map(|function| is_late(function.name)).collect();
        let outside: BTreeSet<u32> =
            module.exported().chain(module.start).chain(module.slots.values().copied()).collect();
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
            order: module.by_likeness(first.iter().copied()),
            first,
            stubs: BTreeMap::new(),
            entries: BTreeSet::new(),
            shared: BTreeMap::new(),
            copied: BTreeSet::new(),
            added: Vec::new(),
            slots: size,
            table,
            late_data: Vec::new(),
        };
        plan.add_slots(module, &outside);
        Ok(plan)
    }

    fn add_slots(&mut self, module: &Module<'_>, outside: &BTreeSet<u32>) {
        let slots: BTreeMap<u32, u32> =
            module.slots.iter().map(|(&slot, &function)| (function, slot)).collect();
        let imported = index(module.imports.len());
        let is_rest = |function: &u32| *function >= imported && !self.first.contains(function);
        let called = |&function: &u32| module.functions[function as usize].calls.iter().copied();
        let rest: BTreeSet<u32> = (imported..index(module.functions.len())).filter(is_rest).collect();
        let mut called_by_rest = BTreeSet::new();
        let mut open: Vec<u32> = rest.iter().flat_map(called).collect();
        while let Some(function) = open.pop() {
            if self.first.contains(&function) && called_by_rest.insert(function) {
                let body = module.functions[function as usize].body.as_ref();
                if body.is_some_and(|body| body.range().len() <= COPIED_BYTES_MAX) {
                    self.copied.insert(function);
                    open.extend(called(&function));
                }
            }
        }
        let is_shared =
            |function: &&u32| called_by_rest.contains(*function) && !self.copied.contains(*function);
        for &function in self.order.iter().filter(is_shared) {
            let slot = slots.get(&function).copied().unwrap_or_else(|| {
                self.added.push(function);
                self.slots + index(self.added.len()) - 1
            });
            self.shared.insert(function, slot);
        }
        self.slots += index(self.added.len());
        // In the order of the calls, so that the numbers in a function's calls are alike.
        for function in self.order.iter().flat_map(called).chain(outside.iter().copied()).filter(is_rest) {
            self.stubs.entry(function).or_insert_with(|| {
                slots.get(&function).copied().unwrap_or_else(|| {
                    self.slots += 1;
                    self.slots - 1
                })
            });
        }
        self.entries = outside.iter().copied().filter(|function| self.stubs.contains_key(function)).collect();
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function,
        FunctionSection, NameMap, NameSection, RefType, TableSection, TableType, TypeSection,
    };

    use super::*;

    /// Functions that call those behind them; `run` is exported, `listed` is in slot 1, and `long` is too long to copy.
    fn module(functions: &[(&str, &[u32])]) -> Vec<u8> {
        let (mut types, mut tables, mut exports) =
            (TypeSection::new(), TableSection::new(), ExportSection::new());
        types.ty().function([], []);
        let (minimum, maximum) = (2, Some(2));
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum,
            maximum,
            shared: false,
        });
        let (mut declarations, mut code, mut elements) =
            (FunctionSection::new(), CodeSection::new(), ElementSection::new());
        let mut names = NameMap::new();
        for (idx, (name, calls)) in (0..).zip(functions) {
            declarations.function(0);
            let mut body = Function::new([]);
            for &call in *calls {
                body.instructions().call(call);
            }
            for _ in 0..if *name == "long" { COPIED_BYTES_MAX } else { 0 } {
                body.instructions().nop();
            }
            body.instructions().end();
            code.function(&body);
            names.append(idx, name);
            match *name {
                "run" => drop(exports.export("run", ExportKind::Func, idx)),
                "listed" => drop(elements.active(
                    None,
                    &ConstExpr::i32_const(1),
                    Elements::Functions([idx][..].into()),
                )),
                _ => {}
            }
        }
        let mut section = NameSection::new();
        section.functions(&names);
        let mut module = wasm_encoder::Module::new();
        module.section(&types).section(&declarations).section(&tables).section(&exports).section(&elements);
        module.section(&code).section(&section);
        module.finish()
    }

    #[test]
    fn what_only_late_functions_call_is_late() {
        let wasm =
            module(&[("run", &[1, 2]), ("long", &[]), ("late", &[3, 4]), ("listed", &[1]), ("deep", &[])]);
        let plan = Plan::of_functions(&Module::parse(&wasm).unwrap(), |name| name == "late").unwrap();
        assert_eq!(plan.first, BTreeSet::from([0, 1, 3]));
        // The rest has a `listed` of its own, which calls `long` by a new slot; the stub's follows.
        assert_eq!(plan.copied, BTreeSet::from([3]));
        assert_eq!(plan.shared, BTreeMap::from([(1, 2)]));
        assert_eq!((plan.stubs, plan.slots), (BTreeMap::from([(2, 3)]), 4));
        assert_eq!(plan.entries, BTreeSet::new());
    }

    #[test]
    fn a_slot_is_late_if_nothing_early_names_what_it_has_held_since_linking() {
        let (linked, renamed) =
            (module(&[("run", &[]), ("listed", &[])]), module(&[("listed", &[]), ("run", &[])]));
        let [linked, renamed] = [&linked, &renamed].map(|wasm| Module::parse(wasm).unwrap());
        let late = |module: &Module<'_>, named: &[u32]| {
            data::unnamed_slots(&linked, module, &named.iter().copied().collect())
        };
        assert_eq!(late(&linked, &[]), BTreeSet::from([1]));
        // The same function by another index.
        assert_eq!(late(&renamed, &[0]), BTreeSet::from([1]));
        assert_eq!(late(&linked, &[1]), BTreeSet::new());
        let other = module(&[("run", &[])]);
        assert_eq!(late(&Module::parse(&other).unwrap(), &[]), BTreeSet::new());
    }

    #[test]
    fn a_late_function_in_the_table_is_called_by_its_slot() {
        let wasm = module(&[("run", &[]), ("listed", &[])]);
        let plan = Plan::of_functions(&Module::parse(&wasm).unwrap(), |name| name == "listed").unwrap();
        assert_eq!((plan.stubs, plan.slots), (BTreeMap::from([(1, 1)]), 2));
        assert_eq!(plan.entries, BTreeSet::from([1]));
    }
}

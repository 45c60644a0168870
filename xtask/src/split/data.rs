//! Which data only the rest of the program refers to, and which slots of the table.
//!
//! Who refers to what is known where the program was linked, from its relocations (`--emit-relocs`). Later steps
//! keep the places of data and the names of functions, but wasm-opt inlines functions and drops them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    Data, DataKind, KnownCustom, Linking, Parser, Payload, RelocationEntry, RelocationType, SymbolInfo,
};

use super::module::{Module, constant, index, numbers, text};
use super::outline::REGION;
use super::plan::Plan;
use crate::process::Result;

/// A piece of data: a symbol of the linker, by its index there.
type Symbol = u32;

/// The linked program's data, and who refers to it.
#[derive(Default)]
struct References {
    /// Where each piece of data lies in memory.
    places: BTreeMap<Symbol, Range<u32>>,
    /// The data that each function's code names, by the function's index, and the addresses by which it does.
    by_code: BTreeMap<u32, BTreeMap<Symbol, BTreeSet<u32>>>,
    /// The data that data points to.
    by_data: BTreeMap<Symbol, BTreeSet<Symbol>>,
    /// The functions of symbols that are no data.
    functions: BTreeMap<Symbol, u32>,
    /// The functions whose slots each function's code names.
    slots_by_code: BTreeMap<u32, BTreeSet<u32>>,
    /// The functions whose slots stand in data.
    slots_by_data: BTreeMap<Symbol, BTreeSet<u32>>,
}

/// What no function of the first part can reach.
pub(super) struct Late {
    /// Places in memory, in order.
    pub(super) places: Vec<Range<u32>>,
    /// Slots of the table.
    pub(super) slots: BTreeSet<u32>,
}

/// What no function of the first part can reach.
///
/// # Errors
/// The linked program holds no relocations.
pub(super) fn late(linked: &[u8], module: &Module<'_>, plan: &Plan) -> Result<Late> {
    let program = Module::parse(linked)?;
    let references = References::read(linked, &program)?;
    let cut: BTreeSet<&str> =
        module.functions.iter().filter_map(|function| function.name.strip_suffix(REGION)).collect();
    let is_whole = |function: &&u32| !cut.contains(module.functions[**function as usize].name);
    let whole: BTreeSet<u32> = plan.first.iter().filter(is_whole).copied().collect();
    let named = |function: u32| references.by_code.get(&function).into_iter().flatten();
    let mut open: Vec<Symbol> = Vec::new();
    for function in linked_functions(&program, module, &whole) {
        open.extend(named(function).map(|(&symbol, _)| symbol));
    }
    // A function whose regions are elsewhere may refer to less than it did: what its code still has an address of.
    let numbers = all_numbers(module, plan)?;
    let is_named = |symbol: &Symbol, addresses: &BTreeSet<u32>| {
        numbers.range(references.places[symbol].clone()).next().is_some() || !addresses.is_disjoint(&numbers)
    };
    let named = references.by_code.values().flatten();
    open.extend(named.filter(|(symbol, addresses)| is_named(symbol, addresses)).map(|(&symbol, _)| symbol));
    let mut early = BTreeSet::new();
    while let Some(symbol) = open.pop() {
        if early.insert(symbol) {
            open.extend(references.by_data.get(&symbol).into_iter().flatten());
        }
    }
    let is_early = |symbol: &Symbol| early.contains(symbol);
    let of = |wanted: bool| {
        let places = references.places.iter().filter(move |(symbol, _)| is_early(symbol) == wanted);
        places.map(|(_, place)| place.clone()).collect::<Vec<_>>()
    };
    let mut named: BTreeSet<u32> = BTreeSet::new();
    for function in linked_functions(&program, module, &plan.first) {
        named.extend(references.slots_by_code.get(&function).into_iter().flatten());
    }
    for (_, functions) in references.slots_by_data.iter().filter(|(symbol, _)| is_early(symbol)) {
        named.extend(functions);
    }
    let places = without(of(false), of(true));
    Ok(Late { places, slots: unnamed_slots(&program, module, &named) })
}

/// Slots that hold the same function as when the program was linked, which is none of those that are named.
pub(super) fn unnamed_slots(
    program: &Module<'_>,
    module: &Module<'_>,
    named: &BTreeSet<u32>,
) -> BTreeSet<u32> {
    let is_unnamed = |&(slot, function): &(&u32, &u32)| {
        program.slots.get(slot).is_some_and(|linked| {
            let [linked_name, name] =
                [&program.functions[*linked as usize], &module.functions[*function as usize]]
                    .map(|function| function.name);
            linked_name == name && !named.contains(linked)
        })
    };
    module.slots.iter().filter(is_unnamed).map(|(&slot, _)| slot).collect()
}

/// All numbers that the first part's code has and that may be addresses.
fn all_numbers(module: &Module<'_>, plan: &Plan) -> Result<BTreeSet<u32>> {
    let mut found = BTreeSet::new();
    for &function in &plan.first {
        let body =
            module.functions[function as usize].body.as_ref().ok_or("an imported function has no body")?;
        for operator in body.get_operators_reader().map_err(text)? {
            found.extend(numbers(&operator.map_err(text)?));
        }
    }
    Ok(found)
}

/// The functions of the linked program whose code is in these functions: those of the same names, and whatever of
/// the functions they call is no longer there, since its code may stand in theirs. A function that was made after
/// linking stands for an exported one.
fn linked_functions(program: &Module<'_>, module: &Module<'_>, functions: &BTreeSet<u32>) -> BTreeSet<u32> {
    let by_name: BTreeMap<&str, u32> =
        program.functions.iter().map(|function| function.name).zip(0..).collect();
    let kept: BTreeSet<&str> = module.functions.iter().map(|function| function.name).collect();
    let is_gone = |&function: &u32| !kept.contains(program.functions[function as usize].name);
    let mut open = Vec::new();
    let mut made = false;
    for &function in functions {
        match by_name.get(module.functions[function as usize].name) {
            Some(&linked) => open.push(linked),
            None => made = true,
        }
    }
    if made {
        open.extend(program.exported().filter(is_gone));
    }
    let mut functions = BTreeSet::new();
    while let Some(function) = open.pop() {
        if functions.insert(function) {
            open.extend(program.functions[function as usize].calls.iter().copied().filter(is_gone));
        }
    }
    functions
}

impl References {
    fn read(linked: &[u8], program: &Module<'_>) -> Result<Self> {
        let mut references = Self::default();
        let (mut code, mut data, mut segments) = (0, 0, Vec::new());
        for payload in Parser::new(0).parse_all(linked) {
            match payload.map_err(text)? {
                Payload::CodeSectionStart { range, .. } => code = range.start,
                Payload::DataSection(section) => {
                    data = section.range().start;
                    for segment in section {
                        segments.push(segment.map_err(text)?);
                    }
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Linking(linking) => references.take_symbols(linking, &segments)?,
                    KnownCustom::Reloc(relocations) => {
                        let name = section.name();
                        for entry in relocations.entries() {
                            let entry = entry.map_err(text)?;
                            match (name, entry.ty) {
                                (
                                    "reloc.CODE",
                                    RelocationType::MemoryAddrLeb | RelocationType::MemoryAddrSleb,
                                ) => {
                                    references.add_from_code(program, code, &entry)?;
                                }
                                ("reloc.CODE", RelocationType::TableIndexSleb) => {
                                    let named = references.functions.get(&entry.index);
                                    let named = *named.ok_or("a slot holds no function")?;
                                    let holder = function_at(program, code + entry.offset as usize)?;
                                    references.slots_by_code.entry(holder).or_default().insert(named);
                                }
                                ("reloc.DATA", RelocationType::TableIndexI32) => {
                                    let named = references.functions.get(&entry.index);
                                    let named = *named.ok_or("a slot holds no function")?;
                                    let place = data + entry.offset as usize;
                                    for holder in references.data_at(&segments, place)? {
                                        references.slots_by_data.entry(holder).or_default().insert(named);
                                    }
                                }
                                ("reloc.DATA", RelocationType::MemoryAddrI32) => {
                                    references.add_from_data(
                                        &segments,
                                        data + entry.offset as usize,
                                        entry.index,
                                    )?;
                                }
                                _ => {}
                            }
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        if references.by_code.is_empty() {
            return Err("the linked program holds no relocations".into());
        }
        Ok(references)
    }

    fn take_symbols(
        &mut self,
        linking: wasmparser::LinkingSectionReader<'_>,
        segments: &[Data<'_>],
    ) -> Result {
        for subsection in linking.subsections() {
            let Linking::SymbolTable(symbols) = subsection.map_err(text)? else { continue };
            for (idx, symbol) in (0..).zip(symbols) {
                match symbol.map_err(text)? {
                    SymbolInfo::Data { symbol: Some(place), .. } => {
                        let start = segment_start(&segments[place.index as usize])? + place.offset;
                        self.places.insert(idx, start..start + place.size);
                    }
                    SymbolInfo::Func { index, .. } => drop(self.functions.insert(idx, index)),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Notes that code names data.
    fn add_from_code(&mut self, program: &Module<'_>, start: usize, entry: &RelocationEntry) -> Result {
        let function = function_at(program, start + entry.offset as usize)?;
        let symbol = self.places.get(&entry.index).ok_or("a relocation names no data")?;
        let address = i64::from(symbol.start) + entry.addend;
        let address = u32::try_from(address).map_err(text)?;
        self.by_code.entry(function).or_default().entry(entry.index).or_default().insert(address);
        Ok(())
    }

    /// Notes that the data at a place in the file points to data.
    fn add_from_data(&mut self, segments: &[Data<'_>], place: usize, symbol: Symbol) -> Result {
        for holder in self.data_at(segments, place)? {
            self.by_data.entry(holder).or_default().insert(symbol);
        }
        Ok(())
    }

    /// The data at a place in the file.
    fn data_at(&self, segments: &[Data<'_>], place: usize) -> Result<Vec<Symbol>> {
        let mut found = Vec::new();
        for segment in segments {
            let bytes = segment.range.end - segment.data.len()..segment.range.end;
            if bytes.contains(&place) {
                let address = segment_start(segment)? + index(place - bytes.start);
                let holders = self.places.iter().filter(|(_, range)| range.contains(&address));
                found.extend(holders.map(|(&holder, _)| holder));
            }
        }
        Ok(found)
    }
}

/// The function whose code is at a place in the file.
fn function_at(program: &Module<'_>, place: usize) -> Result<u32> {
    let after = program
        .functions
        .partition_point(|function| function.body.as_ref().is_none_or(|body| body.range().start <= place));
    Ok(index(after.checked_sub(1).ok_or("a relocation lies in no function")?))
}

/// Where a segment begins in memory.
fn segment_start(segment: &Data<'_>) -> Result<u32> {
    match &segment.kind {
        DataKind::Active { offset_expr, .. } => constant(offset_expr),
        DataKind::Passive => Err("the linked program has passive data".into()),
    }
}

/// What the first ranges cover and the others do not, in order.
fn without(places: Vec<Range<u32>>, others: Vec<Range<u32>>) -> Vec<Range<u32>> {
    let mut edges: Vec<(u32, i32, i32)> = Vec::new();
    for (ranges, one, other) in [(places, 1, 0), (others, 0, 1)] {
        for Range { start, end } in ranges {
            edges.extend([(start, one, other), (end, -one, -other)]);
        }
    }
    edges.sort_unstable();
    let mut left: Vec<Range<u32>> = Vec::new();
    let (mut inside, mut excluded, mut from) = (0, 0, 0);
    for (at, one, other) in edges {
        if inside > 0 && excluded == 0 && from < at {
            match left.last_mut() {
                Some(last) if last.end == from => last.end = at,
                _ => left.push(from..at),
            }
        }
        (inside, excluded, from) = (inside + one, excluded + other, at);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(places: &[(u32, u32)], others: &[(u32, u32)], expected: &[(u32, u32)]) {
        let ranges = |pairs: &[(u32, u32)]| pairs.iter().map(|&(start, end)| start..end).collect::<Vec<_>>();
        assert_eq!(without(ranges(places), ranges(others)), ranges(expected));
    }

    #[test]
    fn late_places_are_those_that_nothing_early_covers() {
        check(&[(10, 20), (20, 30), (40, 50)], &[], &[(10, 30), (40, 50)]);
        check(&[(10, 20)], &[(12, 14), (19, 30)], &[(10, 12), (14, 19)]);
        check(&[(10, 20), (15, 25)], &[(16, 17)], &[(10, 16), (17, 25)]);
        check(&[(10, 20)], &[(0, 30)], &[]);
    }
}

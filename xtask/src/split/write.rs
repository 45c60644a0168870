//! Writes the two modules of a plan.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;

use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection, Instruction,
    MemorySection, StartSection, TableSection, TableType, TypeSection, ValType,
};
use wasmparser::Operator;

use super::module::{Module, index, text};
use super::plan::Plan;
use crate::process::Result;

/// Short names.
pub(super) type Names<'a> = BTreeMap<&'a str, String>;

/// What functions and types of the whole are in the part that is written; everything else keeps its own index.
struct Part<'a> {
    module: &'a Module<'a>,
    functions: BTreeMap<u32, u32>,
    /// The types that the part has come to need so far.
    types: TypeSection,
    known_types: BTreeMap<(Vec<ValType>, Vec<ValType>), u32>,
}

impl Reencode for Part<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> std::result::Result<u32, Error<Infallible>> {
        Ok(self.functions[&function])
    }

    fn type_index(&mut self, type_idx: u32) -> std::result::Result<u32, Error<Infallible>> {
        let ty = RoundtripReencoder.func_type(self.module.types[type_idx as usize].clone())?;
        Ok(self.ty(ty.params(), ty.results()))
    }
}

impl<'a> Part<'a> {
    fn new(module: &'a Module<'a>) -> Self {
        let (functions, known_types) = (BTreeMap::new(), BTreeMap::new());
        Self { module, functions, types: TypeSection::new(), known_types }
    }

    /// The index of a type.
    fn ty(&mut self, params: &[ValType], results: &[ValType]) -> u32 {
        let next = self.types.len();
        *self.known_types.entry((params.to_vec(), results.to_vec())).or_insert_with(|| {
            self.types.ty().function(params.iter().copied(), results.iter().copied());
            next
        })
    }

    /// The index of a function's type.
    fn type_of(&mut self, function: u32) -> Result<u32> {
        self.type_index(self.module.functions[function as usize].type_idx).map_err(text)
    }
}

/// How the first part calls functions of the rest: by their slots, after it has made sure that the rest is there.
struct Calls<'a> {
    plan: &'a Plan,
    /// The function that makes sure.
    ensure: u32,
}

/// The module that the page starts with.
pub(super) fn first(module: &Module<'_>, plan: &Plan, names: &Names<'_>) -> Result<Vec<u8>> {
    let mut part = Part::new(module);
    let mut import_section = ImportSection::new();
    let imports = imports_of_first(module, plan);
    for &import in &imports {
        let (from, name) = module.imports[import as usize];
        import_section.import(from, short(names, name), EntityType::Function(part.type_of(import)?));
    }
    let load = index(imports.len());
    import_section.import("rest", "load", EntityType::Function(part.ty(&[], &[])));

    let ensure = load + 1;
    let calls = Calls { plan, ensure };
    let own = plan.order.iter().chain(&plan.entries).copied().zip(ensure + 1..);
    part.functions = imports.iter().copied().zip(0..).chain(own).collect();

    let mut declarations = FunctionSection::new();
    let mut code = CodeSection::new();
    declarations.function(part.ty(&[], &[]));
    code.function(&ensure_body(index(module.globals.len()), load));
    for &function in &plan.order {
        part.add_body(function, Some(&calls), &mut declarations, &mut code)?;
    }
    for &function in &plan.entries {
        declarations.function(part.type_of(function)?);
        code.function(&calls.stub(&mut part, function)?);
    }

    let in_slots = module.slots.iter();
    let in_slots = in_slots.filter_map(|(&slot, function)| Some((slot, *part.functions.get(function)?)));
    let added = plan.added.iter().map(|function| (plan.shared[function], part.functions[function]));
    let elements = elements(plan.table, in_slots.chain(added));
    let (globals, exports) = (globals(&mut part)?, exports(&mut part, names, plan.table)?);
    let mut out = wasm_encoder::Module::new();
    out.section(&part.types).section(&import_section).section(&declarations);
    out.section(&tables(module, plan)?).section(&memories(module)?).section(&globals).section(&exports);
    if let Some(start) = module.start {
        out.section(&StartSection { function_index: part.functions[&start] });
    }
    out.section(&elements).section(&code).section(&early_data(module, plan));
    Ok(out.finish())
}

/// The imported functions that the first part calls, exports or has in its table.
fn imports_of_first(module: &Module<'_>, plan: &Plan) -> Vec<u32> {
    let is_used = |import: &u32| {
        let calls = |function: &u32| module.functions[*function as usize].calls.contains(import);
        plan.first.iter().any(calls)
            || module.slots.values().any(|function| function == import)
            || module.exported().any(|function| function == *import)
    };
    (0..index(module.imports.len())).filter(is_used).collect()
}

/// The module that is fetched then.
pub(super) fn rest(module: &Module<'_>, plan: &Plan, names: &Names<'_>) -> Result<Vec<u8>> {
    let imported = index(module.imports.len());
    let is_own = |function: &u32| !plan.first.contains(function) || plan.copied.contains(function);
    let own = module.by_likeness((imported..index(module.functions.len())).filter(is_own));
    let is_used = |import: &u32| own.iter().any(|&own| module.functions[own as usize].calls.contains(import));
    let mut part = Part::new(module);
    let mut imports = ImportSection::new();
    for import in (0..imported).filter(is_used) {
        let (from, name) = module.imports[import as usize];
        imports.import(from, short(names, name), EntityType::Function(part.type_of(import)?));
        part.functions.insert(import, index(part.functions.len()));
    }
    for (&function, slot) in &plan.shared {
        imports.import("slot", &slot.to_string(), EntityType::Function(part.type_of(function)?));
        part.functions.insert(function, index(part.functions.len()));
    }
    import_state(module, plan, &mut imports)?;
    let first = index(part.functions.len());
    part.functions.extend(own.iter().copied().zip(first..));
    let start = index(part.functions.len());

    let mut declarations = FunctionSection::new();
    let mut code = CodeSection::new();
    for &function in &own {
        part.add_body(function, None, &mut declarations, &mut code)?;
    }
    declarations.function(part.ty(&[], &[]));
    let loaded = index(module.globals.len());
    let mut body = Function::new([]);
    body.instructions().i32_const(1).global_set(loaded).end();
    code.function(&body);

    let in_slots = module.slots.iter().map(|(&slot, &function)| (slot, function));
    let others = plan.stubs.iter().map(|(&function, &slot)| (slot, function));
    let late = in_slots.chain(others).filter(|(_, function)| plan.stubs.contains_key(function));
    let filled: BTreeMap<u32, u32> = late.map(|(slot, function)| (slot, part.functions[&function])).collect();

    let mut out = wasm_encoder::Module::new();
    out.section(&part.types).section(&imports).section(&declarations);
    out.section(&StartSection { function_index: start });
    out.section(&elements(plan.table, filled.into_iter()));
    out.section(&code);
    out.section(&late_data(module, plan));
    Ok(out.finish())
}

/// Calls the loader unless the rest is there.
fn ensure_body(loaded: u32, load: u32) -> Function {
    let mut body = Function::new([]);
    body.instructions().global_get(loaded).i32_eqz().if_(BlockType::Empty).call(load).end().end();
    body
}

impl Calls<'_> {
    /// Calls a function of the rest; none if it is another one.
    fn call(&self, part: &mut Part<'_>, function: u32) -> Result<Option<[Instruction<'static>; 3]>> {
        let Some(slot) = self.plan.stubs.get(&function) else { return Ok(None) };
        let (type_index, table_index) = (part.type_of(function)?, self.plan.table);
        Ok(Some([
            Instruction::Call(self.ensure),
            Instruction::I32Const(slot.cast_signed()),
            Instruction::CallIndirect { type_index, table_index },
        ]))
    }

    /// Stands for a function of the rest where it is exported or in the table.
    fn stub(&self, part: &mut Part<'_>, function: u32) -> Result<Function> {
        let mut body = Function::new([]);
        let ty = &part.module.types[part.module.functions[function as usize].type_idx as usize];
        for parameter in 0..index(ty.params().len()) {
            body.instruction(&Instruction::LocalGet(parameter));
        }
        for instruction in self.call(part, function)?.iter().flatten() {
            body.instruction(instruction);
        }
        body.instructions().end();
        Ok(body)
    }
}

impl Part<'_> {
    /// Adds a function; what it calls of the rest it calls by `calls`.
    fn add_body(
        &mut self,
        function: u32,
        calls: Option<&Calls<'_>>,
        declarations: &mut FunctionSection,
        code: &mut CodeSection,
    ) -> Result {
        declarations.function(self.type_of(function)?);
        let body = self.module.functions[function as usize].body.as_ref();
        let body = body.ok_or("an imported function has no body")?;
        let mut written = self.new_function_with_parsed_locals(body).map_err(text)?;
        for operator in body.get_operators_reader().map_err(text)? {
            let operator = operator.map_err(text)?;
            let late = match (&operator, calls) {
                (Operator::Call { function_index }, Some(calls)) => calls.call(self, *function_index)?,
                _ => None,
            };
            match late {
                Some(instructions) => {
                    for instruction in &instructions {
                        written.instruction(instruction);
                    }
                }
                None => {
                    written.instruction(&self.instruction(operator).map_err(text)?);
                }
            }
        }
        code.function(&written);
        Ok(())
    }
}

/// The name in use.
fn short<'a>(names: &'a Names<'_>, name: &'a str) -> &'a str {
    names.get(name).map_or(name, String::as_str)
}

/// Elements of a table, one for each run of slots.
fn elements(table: u32, slots: impl Iterator<Item = (u32, u32)>) -> ElementSection {
    let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
    for (slot, function) in slots {
        match runs.last_mut() {
            Some((start, run)) if *start + index(run.len()) == slot => run.push(function),
            _ => runs.push((slot, vec![function])),
        }
    }
    let mut section = ElementSection::new();
    for (start, run) in runs {
        let offset = ConstExpr::i32_const(start.cast_signed());
        section.active((table != 0).then_some(table), &offset, Elements::Functions(Cow::Owned(run)));
    }
    section
}

/// The shortest gap between two pieces of data that is cheaper as a new piece than as zeros.
const GAP_BYTES_MIN: usize = 32;

/// The first part's data: zeros where the rest will put something.
fn early_data(module: &Module<'_>, plan: &Plan) -> DataSection {
    let mut section = DataSection::new();
    for &(start, bytes) in &module.data {
        let mut bytes = bytes.to_vec();
        for place in inside(plan, start, bytes.len()) {
            bytes[place].fill(0);
        }
        for piece in pieces(&bytes) {
            let place = ConstExpr::i32_const((start + index(piece.start)).cast_signed());
            section.active(0, &place, bytes[piece].iter().copied());
        }
    }
    section
}

/// The rest's data.
fn late_data(module: &Module<'_>, plan: &Plan) -> DataSection {
    let mut section = DataSection::new();
    for &(start, bytes) in &module.data {
        for piece in inside(plan, start, bytes.len()) {
            let place = ConstExpr::i32_const((start + index(piece.start)).cast_signed());
            section.active(0, &place, bytes[piece].iter().copied());
        }
    }
    section
}

/// The late places inside of a segment, counted from its start.
fn inside(plan: &Plan, start: u32, length: usize) -> impl Iterator<Item = Range<usize>> {
    let end = start + index(length);
    let places = plan.late_data.iter().map(move |place| place.start.max(start)..place.end.min(end));
    places
        .filter(|place| place.start < place.end)
        .map(move |place| (place.start - start) as usize..(place.end - start) as usize)
}

/// What lies between long runs of zeros.
fn pieces(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for place in (0..bytes.len()).filter(|&place| bytes[place] != 0) {
        match pieces.last_mut() {
            Some(last) if place - last.end < GAP_BYTES_MIN => last.end = place + 1,
            _ => pieces.push(place..place + 1),
        }
    }
    pieces
}

/// The tables of a plan, with room for its slots.
fn table_types(module: &Module<'_>, plan: &Plan) -> Result<Vec<TableType>> {
    let mut types = Vec::new();
    for &ty in &module.tables {
        types.push(RoundtripReencoder.table_type(ty).map_err(text)?);
    }
    let table = &mut types[plan.table as usize];
    table.minimum = plan.slots.into();
    table.maximum = table.maximum.map(|_| plan.slots.into());
    Ok(types)
}

fn tables(module: &Module<'_>, plan: &Plan) -> Result<TableSection> {
    let mut section = TableSection::new();
    for ty in table_types(module, plan)? {
        section.table(ty);
    }
    Ok(section)
}

fn memories(module: &Module<'_>) -> Result<MemorySection> {
    let mut section = MemorySection::new();
    for &ty in &module.memories {
        section.memory(RoundtripReencoder.memory_type(ty).map_err(text)?);
    }
    Ok(section)
}

/// Whether the rest is there.
const LOADED: GlobalType = GlobalType { val_type: ValType::I32, mutable: true, shared: false };

fn globals(part: &mut Part<'_>) -> Result<GlobalSection> {
    let mut section = GlobalSection::new();
    for global in &part.module.globals {
        part.parse_global(&mut section, global.clone()).map_err(text)?;
    }
    section.global(LOADED, &ConstExpr::i32_const(0));
    Ok(section)
}

fn exports(part: &mut Part<'_>, names: &Names<'_>, table: u32) -> Result<ExportSection> {
    let module = part.module;
    let mut section = ExportSection::new();
    for export in &module.exports {
        let short = wasmparser::Export { name: short(names, export.name), ..*export };
        part.parse_export(&mut section, short).map_err(text)?;
    }
    let kinds = [
        ("memory", ExportKind::Memory, module.memories.len()),
        ("table", ExportKind::Table, module.tables.len()),
        ("global", ExportKind::Global, module.globals.len()),
    ];
    for (name, kind, count) in kinds {
        for idx in 0..index(count) {
            section.export(&format!("rest:{name}{idx}"), kind, idx);
        }
    }
    section.export("rest:slots", ExportKind::Table, table);
    section.export("rest:loaded", ExportKind::Global, index(module.globals.len()));
    Ok(section)
}

/// The rest's side of [`exports`].
fn import_state(module: &Module<'_>, plan: &Plan, imports: &mut ImportSection) -> Result {
    for (idx, &ty) in module.memories.iter().enumerate() {
        imports.import(
            "rest",
            &format!("rest:memory{idx}"),
            RoundtripReencoder.memory_type(ty).map_err(text)?,
        );
    }
    for (idx, ty) in table_types(module, plan)?.into_iter().enumerate() {
        imports.import("rest", &format!("rest:table{idx}"), ty);
    }
    for (idx, global) in module.globals.iter().enumerate() {
        imports.import(
            "rest",
            &format!("rest:global{idx}"),
            RoundtripReencoder.global_type(global.ty).map_err(text)?,
        );
    }
    imports.import("rest", "rest:loaded", LOADED);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_left_out_where_that_is_shorter() {
        let mut bytes = [0; 100];
        (bytes[3], bytes[34], bytes[90]) = (1, 1, 1);
        assert_eq!(pieces(&bytes), [3..35, 90..91]);
        assert_eq!(pieces(&[0; 50]), []);
    }
}

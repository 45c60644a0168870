//! Writes the two modules of a plan.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection, Instruction,
    MemorySection, StartSection, TableSection, TableType, TypeSection, ValType,
};
use wasmparser::ExternalKind;

use super::module::{Module, index, text};
use super::plan::Plan;
use crate::process::Result;

/// What stands for a function in the module that is written.
type Functions = BTreeMap<u32, u32>;

/// Short names.
pub(super) type Names<'a> = BTreeMap<&'a str, String>;

/// Gives functions their new indices; everything else keeps its own.
struct Renumber<'a>(&'a Functions);

impl Reencode for Renumber<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> std::result::Result<u32, Error<Infallible>> {
        Ok(self.0[&function])
    }
}

/// The module that the page starts with. If it is `watched`, every function tells its index to `rest`.`ran`.
pub(super) fn first(module: &Module<'_>, plan: &Plan, names: &Names<'_>, watched: bool) -> Result<Vec<u8>> {
    let imported = index(module.imports.len());
    let is_used = |import: &u32| {
        let calls = |function: &u32| module.functions[*function as usize].calls.contains(import);
        plan.first.iter().any(calls)
            || module.slots.values().any(|function| function == import)
            || module
                .exports
                .iter()
                .any(|export| export.kind == ExternalKind::Func && export.index == *import)
    };
    let imports: Vec<u32> = (0..imported).filter(is_used).collect();
    let order = module.by_likeness(plan.first.iter().copied());
    let stubs = module.by_likeness(plan.stubs.keys().copied());
    let load = index(imports.len());
    let ran = watched.then_some(load + 1);
    let ensure = load + 1 + u32::from(watched);
    let functions =
        imports.iter().copied().zip(0..).chain(order.iter().chain(&stubs).copied().zip(ensure + 1..));
    let functions: Functions = functions.collect();

    let (mut types, nothing) = types(module)?;
    let mut import_section = ImportSection::new();
    for &import in &imports {
        let (from, name) = module.imports[import as usize];
        import_section.import(
            from,
            short(names, name),
            EntityType::Function(module.functions[import as usize].type_idx),
        );
    }
    import_section.import("rest", "load", EntityType::Function(nothing));
    if watched {
        import_section.import("rest", "ran", EntityType::Function(types.len()));
        types.ty().function([ValType::I32], []);
    }

    let mut declarations = FunctionSection::new();
    let mut code = CodeSection::new();
    declarations.function(nothing);
    code.function(&ensure_body(index(module.globals.len()), load));
    for &function in &order {
        add_body(module, function, &functions, ran, &mut declarations, &mut code)?;
    }
    for &function in &stubs {
        let (type_idx, slot) = (module.functions[function as usize].type_idx, plan.stubs[&function]);
        declarations.function(type_idx);
        code.function(&stub(module, plan, type_idx, slot, ensure));
    }

    let mut out = wasm_encoder::Module::new();
    out.section(&types).section(&import_section).section(&declarations);
    out.section(&tables(module, plan)?).section(&memories(module)?).section(&globals(module, &functions)?);
    out.section(&exports(module, &functions, names, plan.table)?);
    if let Some(start) = module.start {
        out.section(&StartSection { function_index: functions[&start] });
    }
    let in_slots = module.slots.iter().map(|(&slot, function)| (slot, functions[function]));
    let added = plan.added.iter().map(|function| (plan.shared[function], functions[function]));
    out.section(&elements(plan.table, in_slots.chain(added)));
    out.section(&code);
    out.section(&early_data(module, plan));
    Ok(out.finish())
}

/// The module that is fetched then.
pub(super) fn rest(module: &Module<'_>, plan: &Plan, names: &Names<'_>) -> Result<Vec<u8>> {
    let imported = index(module.imports.len());
    let own: Vec<u32> =
        (imported..index(module.functions.len())).filter(|function| !plan.first.contains(function)).collect();
    let is_used = |import: &u32| own.iter().any(|&own| module.functions[own as usize].calls.contains(import));
    let mut functions = Functions::new();
    let (types, nothing) = types(module)?;
    let mut imports = ImportSection::new();
    for import in (0..imported).filter(is_used) {
        let (from, name) = module.imports[import as usize];
        imports.import(
            from,
            short(names, name),
            EntityType::Function(module.functions[import as usize].type_idx),
        );
        functions.insert(import, index(functions.len()));
    }
    for (&function, slot) in &plan.shared {
        let type_idx = module.functions[function as usize].type_idx;
        imports.import("slot", &slot.to_string(), EntityType::Function(type_idx));
        functions.insert(function, index(functions.len()));
    }
    import_state(module, plan, &mut imports)?;
    functions.extend(own.iter().copied().zip(index(functions.len())..));
    let start = index(functions.len());

    let mut declarations = FunctionSection::new();
    let mut code = CodeSection::new();
    for &function in &own {
        add_body(module, function, &functions, None, &mut declarations, &mut code)?;
    }
    declarations.function(nothing);
    let loaded = index(module.globals.len());
    let mut body = Function::new([]);
    body.instructions().i32_const(1).global_set(loaded).end();
    code.function(&body);

    let stubbed = |function: &u32| plan.stubs.contains_key(function);
    let in_slots = module
        .slots
        .iter()
        .filter(|(_, function)| stubbed(function))
        .map(|(&slot, &function)| (slot, function));
    let others = plan.stubs.iter().map(|(&function, &slot)| (slot, function));
    let filled: BTreeMap<u32, u32> =
        in_slots.chain(others).map(|(slot, function)| (slot, functions[&function])).collect();

    let mut out = wasm_encoder::Module::new();
    out.section(&types).section(&imports).section(&declarations);
    out.section(&StartSection { function_index: start });
    out.section(&elements(plan.table, filled.into_iter()));
    out.section(&code);
    out.section(&late_data(module, plan));
    Ok(out.finish())
}

/// All types, and the index of the one without parameters and results.
fn types(module: &Module<'_>) -> Result<(TypeSection, u32)> {
    let mut section = TypeSection::new();
    for ty in &module.types {
        section.ty().func_type(&Renumber(&Functions::new()).func_type(ty.clone()).map_err(text)?);
    }
    let is_nothing = |ty: &wasmparser::FuncType| ty.params().is_empty() && ty.results().is_empty();
    let nothing = module.types.iter().position(is_nothing).map_or_else(
        || {
            section.ty().function([], []);
            index(module.types.len())
        },
        index,
    );
    Ok((section, nothing))
}

/// Calls the loader unless the rest is there.
fn ensure_body(loaded: u32, load: u32) -> Function {
    let mut body = Function::new([]);
    body.instructions().global_get(loaded).i32_eqz().if_(BlockType::Empty).call(load).end().end();
    body
}

/// Stands for a function of the rest.
fn stub(module: &Module<'_>, plan: &Plan, type_idx: u32, slot: u32, ensure: u32) -> Function {
    let mut body = Function::new([]);
    body.instruction(&Instruction::Call(ensure));
    for parameter in 0..index(module.types[type_idx as usize].params().len()) {
        body.instruction(&Instruction::LocalGet(parameter));
    }
    body.instructions().i32_const(slot.cast_signed()).call_indirect(plan.table, type_idx).end();
    body
}

/// Adds a function; it begins with a call of `ran`, if that is given.
fn add_body(
    module: &Module<'_>,
    idx: u32,
    functions: &Functions,
    ran: Option<u32>,
    declarations: &mut FunctionSection,
    code: &mut CodeSection,
) -> Result {
    let function = &module.functions[idx as usize];
    declarations.function(function.type_idx);
    let body = function.body.as_ref().ok_or("an imported function has no body")?;
    let mut renumber = Renumber(functions);
    let mut written = renumber.new_function_with_parsed_locals(body).map_err(text)?;
    if let Some(ran) = ran {
        written.instructions().i32_const(idx.cast_signed()).call(ran);
    }
    let mut operators = body.get_operators_reader().map_err(text)?;
    while !operators.eof() {
        written.instruction(&renumber.parse_instruction(&mut operators).map_err(text)?);
    }
    code.function(&written);
    Ok(())
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
        types.push(Renumber(&Functions::new()).table_type(ty).map_err(text)?);
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
        section.memory(Renumber(&Functions::new()).memory_type(ty).map_err(text)?);
    }
    Ok(section)
}

/// Whether the rest is there.
const LOADED: GlobalType = GlobalType { val_type: ValType::I32, mutable: true, shared: false };

fn globals(module: &Module<'_>, functions: &Functions) -> Result<GlobalSection> {
    let mut section = GlobalSection::new();
    for global in &module.globals {
        Renumber(functions).parse_global(&mut section, global.clone()).map_err(text)?;
    }
    section.global(LOADED, &ConstExpr::i32_const(0));
    Ok(section)
}

fn exports(
    module: &Module<'_>,
    functions: &Functions,
    names: &Names<'_>,
    table: u32,
) -> Result<ExportSection> {
    let mut section = ExportSection::new();
    for export in &module.exports {
        let short = wasmparser::Export { name: short(names, export.name), ..*export };
        Renumber(functions).parse_export(&mut section, short).map_err(text)?;
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
    let none = Functions::new();
    for (idx, &ty) in module.memories.iter().enumerate() {
        imports.import("rest", &format!("rest:memory{idx}"), Renumber(&none).memory_type(ty).map_err(text)?);
    }
    for (idx, ty) in table_types(module, plan)?.into_iter().enumerate() {
        imports.import("rest", &format!("rest:table{idx}"), ty);
    }
    for (idx, global) in module.globals.iter().enumerate() {
        imports.import(
            "rest",
            &format!("rest:global{idx}"),
            Renumber(&none).global_type(global.ty).map_err(text)?,
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

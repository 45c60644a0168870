//! Rewrites a module: regions that never ran become functions of their own, or every point tells when it is reached.

use std::collections::BTreeSet;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, Function, FunctionSection, GlobalSection, GlobalType, MemArg, MemorySection,
    MemoryType, NameMap, NameSection, RawSection, SectionId, TypeSection, ValType,
};
use wasmparser::{Parser, Payload};

use super::Choice;
use super::body::{self, Body};
use super::cut::{Cut, Stock, encoded, zero};
use super::live::{Locals, live};
use super::module::{Module, index, text};
use crate::process::Result;

/// The end of the names of functions that were regions.
pub(super) const REGION: &str = " (region)";

/// A module that does the same, in which the regions that are chosen are functions of their own; of those in one
/// another the outermost.
pub(super) fn outline<C: Choice>(wasm: &[u8], choice: &C) -> Result<Vec<u8>> {
    let module = Module::parse(wasm)?;
    let mut change = Change::new(&module);
    let functions = &module.functions[module.imports.len()..];
    for (function, body) in functions.iter().zip(body::read_all(wasm, &module.types)?) {
        let cold = match choice.is_late(function.name) {
            true => BTreeSet::new(),
            false => choice.cold(&body.shape(function.name)),
        };
        change.outline::<C>(function.name, &body, &cold)?;
    }
    change.write(wasm, &module)
}

/// A module whose every point, when it is reached, sets a byte of a memory of its own, the last one: in the order of
/// functions and of their points.
pub(super) fn watch(wasm: &[u8]) -> Result<Vec<u8>> {
    let module = Module::parse(wasm)?;
    let mut change = Change::new(&module);
    let memory = index(module.memories.len());
    let mut points = 0;
    for body in body::read_all(wasm, &module.types)? {
        let mut watched = same_locals(&body, false)?;
        let mut starts: BTreeSet<usize> = body.points.iter().map(|point| point.at).collect();
        for (at, bytes) in body.bytes.iter().enumerate() {
            if starts.remove(&at) {
                watched.instructions().i32_const(points).i32_const(1).i32_store8(MemArg {
                    offset: 0,
                    align: 0,
                    memory_index: memory,
                });
                points += 1;
            }
            watched.raw(bytes.iter().copied());
        }
        change.bodies.push(watched);
    }
    change.memory_bytes = Some(points.cast_unsigned());
    change.write(wasm, &module)
}

/// What a module becomes.
struct Change<'a> {
    stock: Stock,
    bodies: Vec<Function>,
    /// New functions, with the indices of their types and their names.
    added: Vec<(u32, Function, String)>,
    module: &'a Module<'a>,
    memory_bytes: Option<u32>,
}

impl<'a> Change<'a> {
    fn new(module: &'a Module<'a>) -> Self {
        let stock = Stock::new(module.types.clone(), index(module.globals.len()));
        Self { stock, bodies: Vec::new(), added: Vec::new(), module, memory_bytes: None }
    }

    /// Adds a function, and those that the regions of some of its points become.
    fn outline<C: Choice>(&mut self, name: &str, body: &Body<'_>, cold: &BTreeSet<usize>) -> Result {
        let all = 0..body.operators.len();
        let live_after = match cold.is_empty() {
            true => Vec::new(),
            false => live(body, all.clone(), &Locals::none(body.locals.len())),
        };
        let (mut cuts, mut free): (Vec<Cut>, usize) = (Vec::new(), 0);
        for point in cold.iter().map(|&place| &body.points[place]) {
            if point.at < free {
                continue;
            }
            let globals = self.stock.globals().len();
            if let Some(cut) = Cut::new(body, point, &live_after, &mut self.stock)?
                && cut.saved_bytes(body) >= C::SAVED_BYTES_MIN
            {
                free = point.end;
                cuts.push(cut);
            } else {
                self.stock.forget_globals(globals);
            }
        }
        let mut outlined = same_locals(body, cuts.iter().any(|cut| cut.uses_scratch))?;
        let mut next = 0;
        for cut in cuts {
            outlined.raw(body.bytes[next..cut.range.start].concat());
            outlined.raw(cut.call(index(self.module.functions.len() + self.added.len())));
            next = cut.range.end;
            self.added.push((cut.type_idx, cut.function, format!("{name}{REGION}")));
        }
        outlined.raw(body.bytes[next..].concat());
        self.bodies.push(outlined);
        Ok(())
    }

    fn write(self, wasm: &[u8], module: &Module<'_>) -> Result<Vec<u8>> {
        let mut out = wasm_encoder::Module::new();
        let mut globals = Some(self.globals(module)?);
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.map_err(text)?;
            if let Some((id, _)) = payload.as_section()
                && id > SectionId::Global as u8
                && let Some(globals) = globals.take_if(|globals| !globals.is_empty())
            {
                out.section(&globals);
            }
            match &payload {
                Payload::TypeSection(_) => {
                    let mut types = TypeSection::new();
                    for ty in self.stock.types() {
                        types.ty().func_type(&RoundtripReencoder.func_type(ty.clone()).map_err(text)?);
                    }
                    out.section(&types);
                }
                Payload::FunctionSection(_) => {
                    let mut declarations = FunctionSection::new();
                    for function in &module.functions[module.imports.len()..] {
                        declarations.function(function.type_idx);
                    }
                    for &(type_idx, ..) in &self.added {
                        declarations.function(type_idx);
                    }
                    out.section(&declarations);
                }
                Payload::MemorySection(_) => {
                    out.section(&self.memories(module)?);
                }
                Payload::CodeSectionStart { .. } => {
                    let mut code = CodeSection::new();
                    let added = self.added.iter().map(|(_, function, _)| function);
                    for function in self.bodies.iter().chain(added) {
                        code.function(function);
                    }
                    out.section(&code);
                }
                Payload::GlobalSection(_) | Payload::CodeSectionEntry(_) | Payload::CustomSection(_) => {}
                other => {
                    if let Some((id, range)) = other.as_section() {
                        out.section(&RawSection { id, data: &wasm[range] });
                    }
                }
            }
        }
        let mut names = NameMap::new();
        let old = module.functions.iter().map(|function| function.name);
        let new = self.added.iter().map(|(_, _, name)| &**name);
        for (function, name) in (0..).zip(old.chain(new)) {
            names.append(function, name);
        }
        let mut section = NameSection::new();
        section.functions(&names);
        out.section(&section);
        Ok(out.finish())
    }

    /// The globals there were, and those that are added.
    fn globals(&self, module: &Module<'_>) -> Result<GlobalSection> {
        let mut section = GlobalSection::new();
        for global in &module.globals {
            RoundtripReencoder.parse_global(&mut section, global.clone()).map_err(text)?;
        }
        for &ty in self.stock.globals() {
            let first = ConstExpr::extended([zero(ty).ok_or("a reference has no zero")?]);
            section.global(GlobalType { val_type: encoded(ty)?, mutable: true, shared: false }, &first);
        }
        Ok(section)
    }

    fn memories(&self, module: &Module<'_>) -> Result<MemorySection> {
        const PAGE_BYTES: u32 = 1 << 16;
        let mut section = MemorySection::new();
        for &ty in &module.memories {
            section.memory(RoundtripReencoder.memory_type(ty).map_err(text)?);
        }
        if let Some(bytes) = self.memory_bytes {
            let minimum = bytes.div_ceil(PAGE_BYTES).into();
            let (maximum, memory64, shared, page_size_log2) = (None, false, false, None);
            section.memory(MemoryType { minimum, maximum, memory64, shared, page_size_log2 });
        }
        Ok(section)
    }
}

/// A function with the locals of another one, and perhaps one more.
fn same_locals(body: &Body<'_>, scratch: bool) -> Result<Function> {
    let own = body.locals[body.parameters..].iter().map(|&ty| encoded(ty));
    let mut locals: Vec<ValType> = own.collect::<Result<_>>()?;
    locals.extend(scratch.then_some(ValType::I32));
    Ok(Function::new_with_locals_types(locals))
}

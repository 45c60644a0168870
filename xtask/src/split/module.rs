//! A module as the splitter sees it.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{
    Data, DataKind, Element, ElementItems, ElementKind, Export, ExternalKind, FuncType, FunctionBody, Global,
    KnownCustom, MemoryType, Name, NameSectionReader, Operator, Parser, Payload, RefType, TableType, TypeRef,
};

use super::likeness;
use crate::process::Result;

/// A function of the module.
pub(crate) struct Function<'a> {
    /// Index of its type.
    pub(super) type_idx: u32,
    /// Its code; none if it is imported.
    pub(super) body: Option<FunctionBody<'a>>,
    /// The functions that it calls.
    pub(super) calls: Vec<u32>,
    /// Its name; empty if it has none.
    pub(crate) name: &'a str,
}

/// Everything of a module, by index.
#[derive(Default)]
pub(crate) struct Module<'a> {
    /// All types, each a function's.
    pub(super) types: Vec<FuncType>,
    /// Modules and names of the imported functions, which are the first of `functions`.
    pub(super) imports: Vec<(&'a str, &'a str)>,
    /// Functions, imported ones first.
    pub(crate) functions: Vec<Function<'a>>,
    /// Tables.
    pub(super) tables: Vec<TableType>,
    /// Memories.
    pub(super) memories: Vec<MemoryType>,
    /// Globals.
    pub(super) globals: Vec<Global<'a>>,
    /// Exports.
    pub(super) exports: Vec<Export<'a>>,
    /// The function in each slot of the table of functions.
    pub(super) slots: BTreeMap<u32, u32>,
    /// The start function.
    pub(super) start: Option<u32>,
    /// Data, and where each piece goes in memory.
    pub(super) data: Vec<(u32, &'a [u8])>,
}

impl<'a> Module<'a> {
    /// Reads a module.
    ///
    /// # Errors
    /// What stands in it that the splitter does not know, or that is no wasm.
    pub(crate) fn parse(wasm: &'a [u8]) -> Result<Self> {
        let mut module = Self::default();
        let mut bodies = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            module.take(payload.map_err(text)?, &mut bodies)?;
        }
        let imported = module.imports.len();
        for (function, body) in module.functions[imported..].iter_mut().zip(bodies) {
            function.calls = calls(&body)?;
            function.body = Some(body);
        }
        Ok(module)
    }

    /// The functions that are exported.
    pub(super) fn exported(&self) -> impl Iterator<Item = u32> {
        let functions = self.exports.iter().filter(|export| export.kind == ExternalKind::Func);
        functions.map(|export| export.index)
    }

    /// Index of the table that indirect calls go through.
    pub(super) fn table_of_functions(&self) -> Result<u32> {
        let place = self.tables.iter().position(|table| table.element_type == RefType::FUNCREF);
        place.map(index).ok_or("the page's wasm has no table of functions".into())
    }

    /// Functions in the order that compresses best.
    pub(super) fn by_likeness(&self, functions: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let functions: Vec<u32> = functions.into_iter().collect();
        let code = |&function: &u32| {
            self.functions[function as usize].body.as_ref().map_or(&[][..], FunctionBody::as_bytes)
        };
        let code: Vec<&[u8]> = functions.iter().map(code).collect();
        likeness::order(&code).into_iter().map(|place| functions[place]).collect()
    }

    /// Short names for those that wasm-bindgen made for its script.
    pub(super) fn short_names(&self) -> BTreeMap<&'a str, String> {
        let exports = self.exports.iter().map(|export| export.name);
        let names = self.imports.iter().map(|&(_, name)| name).chain(exports);
        let names: BTreeSet<&str> =
            names.filter(|name| name.starts_with("__wb") || name.starts_with("_R")).collect();
        names.into_iter().zip(0..).map(|(name, idx)| (name, format!("${idx}"))).collect()
    }

    fn take(&mut self, payload: Payload<'a>, bodies: &mut Vec<FunctionBody<'a>>) -> Result {
        match payload {
            Payload::TypeSection(section) => {
                self.types = section
                    .into_iter_err_on_gc_types()
                    .collect::<std::result::Result<_, _>>()
                    .map_err(text)?;
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(text)?;
                    let TypeRef::Func(type_idx) = import.ty else {
                        return Err(format!("the page's wasm imports {}, which is no function", import.name));
                    };
                    self.imports.push((import.module, import.name));
                    self.add_function(type_idx);
                }
            }
            Payload::FunctionSection(section) => {
                for type_idx in section {
                    self.add_function(type_idx.map_err(text)?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table.map_err(text)?.ty);
                }
            }
            Payload::MemorySection(section) => self.memories = all(section)?,
            Payload::GlobalSection(section) => self.globals = all(section)?,
            Payload::ExportSection(section) => self.exports = all(section)?,
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(section) => {
                for element in section {
                    self.add_slots(element.map_err(text)?)?;
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            Payload::DataSection(section) => {
                for Data { kind, data, .. } in all(section)? {
                    let DataKind::Active { memory_index: 0, offset_expr } = kind else {
                        return Err("the page's wasm has passive data".into());
                    };
                    self.data.push((constant(&offset_expr)?, data));
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    self.take_names(names)?;
                }
            }
            Payload::Version { .. }
            | Payload::DataCountSection { .. }
            | Payload::CodeSectionStart { .. }
            | Payload::End(_) => {}
            other => return Err(format!("the page's wasm has {other:?}, which cannot be split")),
        }
        Ok(())
    }

    fn add_function(&mut self, type_idx: u32) {
        self.functions.push(Function { type_idx, body: None, calls: Vec::new(), name: "" });
    }

    fn add_slots(&mut self, element: Element<'a>) -> Result {
        match (element.kind, element.items) {
            (ElementKind::Active { offset_expr, .. }, ElementItems::Functions(functions)) => {
                self.slots.extend((constant(&offset_expr)?..).zip(all(functions)?));
                Ok(())
            }
            (ElementKind::Active { .. } | ElementKind::Passive | ElementKind::Declared, _) => {
                Err("the page's wasm has elements other than functions in slots".into())
            }
        }
    }

    fn take_names(&mut self, names: NameSectionReader<'a>) -> Result {
        for subsection in names {
            if let Name::Function(map) = subsection.map_err(text)? {
                for naming in map {
                    let naming = naming.map_err(text)?;
                    self.functions[naming.index as usize].name = naming.name;
                }
            }
        }
        Ok(())
    }
}

/// The functions that a body calls directly.
fn calls(body: &FunctionBody<'_>) -> Result<Vec<u32>> {
    let mut calls = Vec::new();
    for operator in body.get_operators_reader().map_err(text)? {
        match operator.map_err(text)? {
            Operator::Call { function_index } => calls.push(function_index),
            Operator::ReturnCall { .. }
            | Operator::RefFunc { .. }
            | Operator::MemoryInit { .. }
            | Operator::DataDrop { .. }
            | Operator::TableInit { .. }
            | Operator::ElemDrop { .. } => {
                return Err("the page's wasm has an instruction that cannot be split".into());
            }
            _ => {}
        }
    }
    calls.sort_unstable();
    calls.dedup();
    Ok(calls)
}

/// The value of an expression that is one constant.
pub(super) fn constant(expression: &wasmparser::ConstExpr<'_>) -> Result<u32> {
    match expression.get_operators_reader().read().map_err(text)? {
        Operator::I32Const { value } => Ok(value.cast_unsigned()),
        other => Err(format!("a place in the page's wasm is not constant: {other:?}")),
    }
}

/// The numbers that may be addresses in an instruction: a constant, or the offset of a load or store.
pub(super) fn numbers(operator: &Operator<'_>) -> Vec<u32> {
    match operator {
        Operator::I32Const { value } => vec![value.cast_unsigned()],
        // Two addresses may have been put together.
        Operator::I64Const { value } => vec![*value as u32, (*value >> 32) as u32],
        Operator::I32Load { memarg }
        | Operator::I64Load { memarg }
        | Operator::F32Load { memarg }
        | Operator::F64Load { memarg }
        | Operator::I32Load8S { memarg }
        | Operator::I32Load8U { memarg }
        | Operator::I32Load16S { memarg }
        | Operator::I32Load16U { memarg }
        | Operator::I64Load8S { memarg }
        | Operator::I64Load8U { memarg }
        | Operator::I64Load16S { memarg }
        | Operator::I64Load16U { memarg }
        | Operator::I64Load32S { memarg }
        | Operator::I64Load32U { memarg }
        | Operator::I32Store { memarg }
        | Operator::I64Store { memarg }
        | Operator::F32Store { memarg }
        | Operator::F64Store { memarg }
        | Operator::I32Store8 { memarg }
        | Operator::I32Store16 { memarg }
        | Operator::I64Store8 { memarg }
        | Operator::I64Store16 { memarg }
        | Operator::I64Store32 { memarg } => vec![memarg.offset as u32],
        _ => Vec::new(),
    }
}

fn all<'a, T: wasmparser::FromReader<'a>>(section: wasmparser::SectionLimited<'a, T>) -> Result<Vec<T>> {
    section.into_iter().collect::<std::result::Result<_, _>>().map_err(text)
}

/// An index as wasm counts.
pub(super) fn index(place: usize) -> u32 {
    u32::try_from(place).expect("wasm counts in 32 bits")
}

/// What is wrong with a module.
pub(super) fn text(error: impl std::fmt::Display) -> String {
    format!("the page's wasm cannot be split: {error}")
}

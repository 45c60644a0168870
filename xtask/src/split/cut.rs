//! Cuts a region out of a function: makes a function of it, and what calls that in its place.
//!
//! The region's function gets what stands on the stack and the locals that the region reads, and returns the values
//! that the region leaves, a number that says by which *exit* control left, and the locals that it wrote and that may
//! be read after it. An exit is a label to which the region branches or in whose construct's end it falls. With one
//! exit there is no number. Locals for which there is no room among the results are passed in globals.

use std::collections::BTreeMap;
use std::ops::Range;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{BlockType, Encode, Function, Instruction};
use wasmparser::{FuncType, Operator, ValType};

use super::body::{Body, Point};
use super::live::{Locals, live, written};
use super::module::{index, text};
use crate::process::Result;

/// A function returns no more values than fit in registers. V8 as in Node 18 and 20, and so in browsers of their time,
/// loses others once it begins to optimize (observed where everything is cut; V8 as in Node 22 does not).
const RESULTS_MAX: usize = 2;

/// The types of a module, which can become more, and globals that are added to it.
pub(super) struct Stock {
    types: Vec<FuncType>,
    /// How many globals there were.
    own_globals: u32,
    globals: Vec<ValType>,
}

impl Stock {
    pub(super) fn new(types: Vec<FuncType>, own_globals: u32) -> Self {
        Self { types, own_globals, globals: Vec::new() }
    }

    /// The index of a type, which is added if there is none.
    fn ty(&mut self, params: &[ValType], results: &[ValType]) -> u32 {
        let known = self.types.iter().position(|ty| ty.params() == params && ty.results() == results);
        index(known.unwrap_or_else(|| {
            self.types.push(FuncType::new(params.iter().copied(), results.iter().copied()));
            self.types.len() - 1
        }))
    }

    /// The index of an added global of a type beyond those that are taken, which is added if there is none.
    fn global(&mut self, ty: ValType, taken: &[u32]) -> u32 {
        let places = (self.own_globals..).zip(&self.globals);
        let mut free = places.filter(|(global, of)| **of == ty && !taken.contains(global));
        free.next().map(|(global, _)| global).unwrap_or_else(|| {
            self.globals.push(ty);
            self.own_globals + index(self.globals.len()) - 1
        })
    }

    /// All types, by index.
    pub(super) fn types(&self) -> &[FuncType] {
        &self.types
    }

    /// The types of the globals that are added.
    pub(super) fn globals(&self) -> &[ValType] {
        &self.globals
    }

    /// Leaves only so many of them.
    pub(super) fn forget_globals(&mut self, count: usize) {
        self.globals.truncate(count);
    }
}

/// A region that can be cut out.
pub(super) struct Cut {
    /// Its instructions.
    pub(super) range: Range<usize>,
    /// Its function.
    pub(super) function: Function,
    /// The index of that function's type.
    pub(super) type_idx: u32,
    /// What passes the locals to its function.
    before: Vec<u8>,
    /// What takes them back and goes where the region would have gone.
    after: Vec<u8>,
    /// Whether that uses a local of its own: the first behind all others.
    pub(super) uses_scratch: bool,
}

/// How control leaves a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Behind the region's construct.
    Behind,
    /// To the label of the construct so many levels around the region's, if that leads elsewhere.
    Label(usize),
}

/// What is passed between a region's function and its caller.
struct Passed {
    /// The exits, that behind the region first.
    exits: Vec<Exit>,
    /// Whether no branch leads behind the region, since its construct is a loop.
    in_loop: bool,
    /// What each exit takes along.
    exit_values: Vec<Vec<ValType>>,
    /// What the exits that take something along do: all the same.
    values: Vec<ValType>,
    /// The locals that the region gets.
    read: Vec<u32>,
    /// The locals that it returns.
    returned: Vec<u32>,
    /// Those that it gives back, too, with the global that holds each meanwhile.
    held: Vec<(u32, u32)>,
}

impl Cut {
    /// Cuts the region of a point out; none if that cannot be done. `live_after` holds the locals that may be read
    /// from each instruction of the body on.
    pub(super) fn new(
        body: &Body<'_>,
        point: &Point,
        live_after: &[Locals],
        stock: &mut Stock,
    ) -> Result<Option<Self>> {
        let range = point.at..point.end;
        let (Some(stack), false) = (&point.stack, range.is_empty()) else { return Ok(None) };
        let Some(passed) = Passed::new(body, point, live_after, stock) else { return Ok(None) };
        let local = |&local: &u32| body.locals[local as usize];
        let params: Vec<ValType> = stack.iter().copied().chain(passed.read.iter().map(local)).collect();
        let code = (passed.exits.len() > 1).then_some(ValType::I32);
        let results: Vec<ValType> =
            passed.values.iter().copied().chain(code).chain(passed.returned.iter().map(local)).collect();
        let mut before = Vec::new();
        for &local in &passed.read {
            Instruction::LocalGet(local).encode(&mut before);
        }
        let (after, uses_scratch) = passed.after_call(index(body.locals.len()));
        let function = passed.function(body, point, params.len() - passed.read.len(), stock)?;
        let type_idx = stock.ty(&params, &results);
        Ok(Some(Self { range, function, type_idx, before, after, uses_scratch }))
    }

    /// What stands for the region, whose function has this index.
    pub(super) fn call(&self, function: u32) -> Vec<u8> {
        let mut bytes = self.before.clone();
        Instruction::Call(function).encode(&mut bytes);
        bytes.extend(&self.after);
        bytes
    }

    /// How many bytes shorter the body gets.
    pub(super) fn saved_bytes(&self, body: &Body<'_>) -> isize {
        let region: usize = body.bytes[self.range.clone()].iter().map(|bytes| bytes.len()).sum();
        region.cast_signed() - (self.before.len() + CALL_BYTES + self.after.len()).cast_signed()
    }
}

/// What a call of another part's function takes: its slot, and the function that calls it.
const CALL_BYTES: usize = 6;

impl Passed {
    fn new(body: &Body<'_>, point: &Point, live_after: &[Locals], stock: &mut Stock) -> Option<Self> {
        let own = &body.constructs[point.construct];
        let branches =
            (point.at..point.end).flat_map(|at| body.branches(at).into_iter().map(move |to| (at, to)));
        let mut exits: Vec<Exit> = branches.filter_map(|(at, depth)| body.exit(point, at, depth)).collect();
        exits.extend(body.falls[point.end].then_some(Exit::Behind));
        exits.sort_unstable();
        exits.dedup();
        let exit_values: Vec<Vec<ValType>> = exits
            .iter()
            .map(|exit| match *exit {
                Exit::Behind => own.results.clone(),
                Exit::Label(levels) => body.constructs[body.around(point.end, levels)].label.clone(),
            })
            .collect();
        let values = exit_values.iter().max_by_key(|values| values.len()).cloned().unwrap_or_default();
        let fits =
            |other: &Vec<ValType>| *other == values || (other.is_empty() && values.iter().all(is_number));
        if !exit_values.iter().all(fits) {
            return None;
        }
        let mut needed = Locals::none(body.locals.len());
        for exit in &exits {
            let landing = match *exit {
                Exit::Behind => own.end + 1,
                Exit::Label(levels) => body.landing(body.around(point.end, levels)),
            };
            // Behind the last instruction nothing is read.
            if let Some(live) = live_after.get(landing) {
                needed.add(live);
            }
        }
        needed.keep(&written(body, point.at..point.end));
        let read = live(body, point.at..point.end, &needed).into_iter().next().unwrap_or_default();
        let room = RESULTS_MAX.checked_sub(values.len() + usize::from(exits.len() > 1))?;
        let mut returned = by_type(body, &needed);
        let held = returned.split_off(room.min(returned.len()));
        let mut globals = Vec::new();
        for &local in &held {
            globals.push(stock.global(body.locals[local as usize], &globals));
        }
        Some(Self {
            exits,
            in_loop: own.is_loop,
            exit_values,
            values,
            read: by_type(body, &read),
            returned,
            held: held.into_iter().zip(globals).collect(),
        })
    }

    /// What follows the call; `scratch` is a local to use. Also whether it is used.
    fn after_call(&self, scratch: u32) -> (Vec<u8>, bool) {
        let mut bytes = Vec::new();
        let mut add = |instruction: Instruction<'_>| instruction.encode(&mut bytes);
        for &local in self.returned.iter().rev() {
            add(Instruction::LocalSet(local));
        }
        for &(local, global) in &self.held {
            add(Instruction::GlobalGet(global));
            add(Instruction::LocalSet(local));
        }
        let labels = self.exits.iter().map(|exit| match *exit {
            Exit::Behind => (!self.in_loop).then_some(0),
            Exit::Label(levels) => Some(index(levels)),
        });
        let table: Option<Vec<u32>> = labels.collect();
        let all_alike = self.exit_values.iter().all(|values| *values == self.values);
        match (&*self.exits, table) {
            ([], _) => add(Instruction::Unreachable),
            ([_, _, _, ..], Some(table)) if all_alike => {
                let (last, others) = table.split_last().expect("there are three or more");
                add(Instruction::BrTable(others.into(), *last));
            }
            ([first, others @ ..], _) => {
                let uses_scratch = others.len() > 1;
                if uses_scratch {
                    add(Instruction::LocalSet(scratch));
                }
                for (number, exit) in (1..).zip(others) {
                    if uses_scratch {
                        add(Instruction::LocalGet(scratch));
                        add(Instruction::I32Const(number));
                        add(Instruction::I32Eq);
                    }
                    if let Exit::Label(levels) = *exit {
                        add(Instruction::BrIf(index(levels)));
                    }
                }
                match *first {
                    Exit::Behind => {
                        let unused = self.values.len() - self.exit_values[0].len();
                        (0..unused).for_each(|_| add(Instruction::Drop));
                    }
                    Exit::Label(levels) => add(Instruction::Br(index(levels))),
                }
                return (bytes, uses_scratch);
            }
        }
        (bytes, false)
    }

    /// The region's function. Around the region there is a block for each exit, the first innermost.
    fn function(
        &self,
        body: &Body<'_>,
        point: &Point,
        stacked: usize,
        stock: &mut Stock,
    ) -> Result<Function> {
        let (names, locals) = self.locals(body, point, stacked)?;
        let mut function = Function::new_with_locals_types(locals);
        for values in self.exit_values.iter().rev() {
            let ty = match &**values {
                [] => BlockType::Empty,
                &[value] => BlockType::Result(encoded(value)?),
                values => BlockType::FunctionType(stock.ty(&[], values)),
            };
            function.instruction(&Instruction::Block(ty));
        }
        for value in 0..index(stacked) {
            function.instruction(&Instruction::LocalGet(value));
        }
        let level = body.constructs[point.construct].level;
        for at in point.at..point.end {
            let nesting = body.constructs[body.within[at]].level - level;
            self.copy(body, point, at, nesting, &names, &mut function)?;
        }
        for (number, values) in (0..).zip(&self.exit_values) {
            function.instruction(&Instruction::End);
            if values.is_empty() {
                for value in &self.values {
                    function.instruction(&zero(*value).ok_or("a reference has no zero")?);
                }
            }
            if self.exits.len() > 1 {
                function.instruction(&Instruction::I32Const(number));
            }
            for local in &self.returned {
                function.instruction(&Instruction::LocalGet(names[local]));
            }
            for (local, global) in &self.held {
                function.instruction(&Instruction::LocalGet(names[local]));
                function.instruction(&Instruction::GlobalSet(*global));
            }
            if number + 1 < self.exits.len().cast_signed() as i32 {
                function.instruction(&Instruction::Return);
            }
        }
        function.instruction(&Instruction::End);
        Ok(function)
    }

    /// The region's locals by what they become, and the types of those that are no parameters.
    fn locals(
        &self,
        body: &Body<'_>,
        point: &Point,
        stacked: usize,
    ) -> Result<(BTreeMap<u32, u32>, Vec<wasm_encoder::ValType>)> {
        let mut names: BTreeMap<u32, u32> = self.read.iter().copied().zip(index(stacked)..).collect();
        let mut others = Locals::none(body.locals.len());
        for operator in &body.operators[point.at..point.end] {
            if let Operator::LocalGet { local_index: local }
            | Operator::LocalSet { local_index: local }
            | Operator::LocalTee { local_index: local } = operator
                && !names.contains_key(local)
            {
                others.insert(*local);
            }
        }
        let others = by_type(body, &others);
        let locals =
            others.iter().map(|&local| encoded(body.locals[local as usize])).collect::<Result<_>>()?;
        names.extend(others.into_iter().zip(index(stacked + self.read.len())..));
        Ok((names, locals))
    }

    /// Copies an instruction into the region's function.
    fn copy(
        &self,
        body: &Body<'_>,
        point: &Point,
        at: usize,
        nesting: usize,
        names: &BTreeMap<u32, u32>,
        function: &mut Function,
    ) -> Result {
        let depth = |depth: u32| match body.exit(point, at, depth as usize) {
            Some(exit) => {
                let number = self.exits.iter().position(|other| *other == exit);
                index(nesting + number.expect("every exit is known"))
            }
            None => depth,
        };
        let instruction = match &body.operators[at] {
            Operator::LocalGet { local_index } => Instruction::LocalGet(names[local_index]),
            Operator::LocalSet { local_index } => Instruction::LocalSet(names[local_index]),
            Operator::LocalTee { local_index } => Instruction::LocalTee(names[local_index]),
            Operator::Br { relative_depth } => Instruction::Br(depth(*relative_depth)),
            Operator::BrIf { relative_depth } => Instruction::BrIf(depth(*relative_depth)),
            Operator::BrTable { targets } => {
                let depths = targets.targets().map(|target| target.map(depth).map_err(text));
                let depths: Vec<u32> = depths.collect::<Result<_>>()?;
                Instruction::BrTable(depths.into(), depth(targets.default()))
            }
            Operator::Return => {
                let function_label = body.constructs[body.within[at]].level;
                Instruction::Br(depth(index(function_label)))
            }
            _ => {
                function.raw(body.bytes[at].iter().copied());
                return Ok(());
            }
        };
        function.instruction(&instruction);
        Ok(())
    }
}

impl Body<'_> {
    /// The exit of a region that a branch inside of it takes; none if it stays there.
    fn exit(&self, point: &Point, at: usize, depth: usize) -> Option<Exit> {
        let inside = self.constructs[self.within[at]].level - self.constructs[point.construct].level;
        match depth.checked_sub(inside)? {
            0 if !self.constructs[point.construct].is_loop => Some(Exit::Behind),
            levels => Some(Exit::Label(levels)),
        }
    }
}

/// Locals, those of one type together: so there are fewer types of functions, and shorter lists of locals.
fn by_type(body: &Body<'_>, locals: &Locals) -> Vec<u32> {
    let mut locals: Vec<u32> = locals.iter().collect();
    locals.sort_by_key(|&local| match body.locals[local as usize] {
        ValType::I32 => 0,
        ValType::I64 => 1,
        ValType::F32 => 2,
        ValType::F64 => 3,
        ValType::V128 | ValType::Ref(_) => 4,
    });
    locals
}

fn is_number(ty: &ValType) -> bool {
    zero(*ty).is_some()
}

/// A value that nobody reads; none for references.
pub(super) fn zero(ty: ValType) -> Option<Instruction<'static>> {
    match ty {
        ValType::I32 => Some(Instruction::I32Const(0)),
        ValType::I64 => Some(Instruction::I64Const(0)),
        ValType::F32 => Some(Instruction::F32Const(0.0.into())),
        ValType::F64 => Some(Instruction::F64Const(0.0.into())),
        ValType::V128 | ValType::Ref(_) => None,
    }
}

/// A type for the encoder.
pub(super) fn encoded(ty: ValType) -> Result<wasm_encoder::ValType> {
    RoundtripReencoder.val_type(ty).map_err(text)
}

//! Runs functions, so that tests can compare what they do before and after they are cut.

use std::cell::RefCell;

use wasmparser::{Operator, ValType};

use super::body::{self, Body};
use super::module::Module;

/// A value's bits, whatever its type.
pub(super) type Value = u64;

/// Why a function did not return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Trap;

/// A module's functions, none of which is imported.
pub(super) struct Machine<'a> {
    module: Module<'a>,
    bodies: Vec<Body<'a>>,
    globals: RefCell<Vec<Value>>,
}

/// A construct that was entered, and how much was on the stack.
struct Entered {
    construct: usize,
    height: usize,
}

impl<'a> Machine<'a> {
    pub(super) fn new(wasm: &'a [u8]) -> Self {
        let module = Module::parse(wasm).unwrap();
        let bodies = body::read_all(wasm, &module.types).unwrap();
        let globals = RefCell::new(vec![0; module.globals.len()]);
        Self { module, bodies, globals }
    }

    pub(super) fn functions(&self) -> usize {
        self.bodies.len()
    }

    /// Calls a function; of what it works on only the globals outlive the call.
    pub(super) fn call(&self, function: u32, arguments: &[Value]) -> Result<Vec<Value>, Trap> {
        let body = &self.bodies[function as usize];
        let mut locals = arguments.to_vec();
        locals.resize(body.locals.len(), 0);
        let mut stack = Vec::new();
        let mut entered = vec![Entered { construct: 0, height: 0 }];
        let mut at = 0;
        while !entered.is_empty() {
            at = self.step(body, at, &mut locals, &mut stack, &mut entered)?;
        }
        Ok(stack)
    }

    /// Runs an instruction; returns the next one.
    fn step(
        &self,
        body: &Body<'_>,
        at: usize,
        locals: &mut [Value],
        stack: &mut Vec<Value>,
        entered: &mut Vec<Entered>,
    ) -> Result<usize, Trap> {
        let mut pop = || stack.pop().expect("the module is valid");
        match &body.operators[at] {
            Operator::Block { .. } | Operator::Loop { .. } => {
                entered.push(Entered { construct: body.opened(at), height: stack.len() });
            }
            Operator::If { .. } => {
                let (taken, opened) = (pop() != 0, body.opened(at));
                entered.push(Entered { construct: opened, height: stack.len() });
                let construct = &body.constructs[opened];
                if !taken {
                    return Ok(construct.otherwise.map_or(construct.end, |otherwise| otherwise + 1));
                }
            }
            Operator::Else => return Ok(body.constructs[body.within[at]].end),
            Operator::End => drop(entered.pop()),
            Operator::Br { .. } | Operator::Return => {
                return Ok(branch(body, body.branches(at)[0], stack, entered));
            }
            Operator::BrIf { relative_depth } => {
                if pop() != 0 {
                    return Ok(branch(body, *relative_depth as usize, stack, entered));
                }
            }
            Operator::BrTable { .. } => {
                let (chosen, labels) = (pop(), body.branches(at));
                let label = labels[(chosen as usize).min(labels.len() - 1)];
                return Ok(branch(body, label, stack, entered));
            }
            Operator::Unreachable => return Err(Trap),
            Operator::Drop => drop(pop()),
            Operator::LocalGet { local_index } => stack.push(locals[*local_index as usize]),
            Operator::LocalSet { local_index } => locals[*local_index as usize] = pop(),
            Operator::LocalTee { local_index } => locals[*local_index as usize] = stack[stack.len() - 1],
            Operator::GlobalGet { global_index } => {
                stack.push(self.globals.borrow()[*global_index as usize]);
            }
            Operator::GlobalSet { global_index } => {
                self.globals.borrow_mut()[*global_index as usize] = pop();
            }
            Operator::I32Const { value } => stack.push(value.cast_unsigned().into()),
            Operator::I64Const { value } => stack.push(value.cast_unsigned()),
            Operator::F32Const { value } => stack.push(value.bits().into()),
            Operator::F64Const { value } => stack.push(value.bits()),
            Operator::I32Eq => {
                let equal = pop() == pop();
                stack.push(equal.into());
            }
            Operator::I32Add => {
                let sum = (pop() as u32).wrapping_add(pop() as u32);
                stack.push(sum.into());
            }
            Operator::I64Add => {
                let sum = pop().wrapping_add(pop());
                stack.push(sum);
            }
            Operator::I32WrapI64 | Operator::I32ReinterpretF32 => {
                let bits = pop() as u32;
                stack.push(bits.into());
            }
            Operator::I64ReinterpretF64 => {}
            Operator::Call { function_index } => {
                let ty =
                    &self.module.types[self.module.functions[*function_index as usize].type_idx as usize];
                let arguments = stack.split_off(stack.len() - ty.params().len());
                stack.extend(self.call(*function_index, &arguments)?);
            }
            other => unreachable!("no test has {other:?}"),
        }
        Ok(at + 1)
    }
}

/// Leaves constructs by a branch; returns the next instruction.
fn branch(body: &Body<'_>, depth: usize, stack: &mut Vec<Value>, entered: &mut Vec<Entered>) -> usize {
    entered.truncate(entered.len() - depth);
    let last = entered.last().expect("a branch leads to something that was entered");
    let construct = &body.constructs[last.construct];
    let values = stack.split_off(stack.len() - construct.label.len());
    stack.truncate(last.height);
    stack.extend(values);
    if construct.is_loop {
        return construct.start.map_or(0, |start| start + 1);
    }
    let next = construct.end + 1;
    entered.pop();
    next
}

/// A value of a type for tests, made of a number.
pub(super) fn sample(ty: ValType, number: u32) -> Value {
    match ty {
        ValType::F32 => (number as f32).to_bits().into(),
        ValType::F64 => f64::from(number).to_bits(),
        ValType::I32 | ValType::I64 | ValType::V128 | ValType::Ref(_) => number.into(),
    }
}

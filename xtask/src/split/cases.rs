//! Functions that are cut: by hand, each for one way in which control leaves a region, and many made at random.

use std::cell::Cell;
use std::collections::BTreeSet;

use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, Instruction, TypeSection,
    ValType,
};

use super::machine::{Machine, sample};
use super::module::Module;
use super::outline::outline;
use super::{Choice, Shape};

/// A module of one function, whose parameters are followed by other locals.
fn module(params: &[ValType], results: &[ValType], locals: &[ValType], code: &[Instruction<'_>]) -> Vec<u8> {
    let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
    types.ty().function(params.iter().copied(), results.iter().copied());
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("run", ExportKind::Func, 0);
    let mut body = Function::new_with_locals_types(locals.iter().copied());
    for instruction in code {
        body.instruction(instruction);
    }
    body.instruction(&Instruction::End);
    let mut bodies = CodeSection::new();
    bodies.function(&body);
    let mut module = wasm_encoder::Module::new();
    module.section(&types).section(&functions).section(&exports).section(&bodies);
    module.finish()
}

/// Cuts what a function says of the number of functions seen before and of a point's place, however short it is.
struct Cuts<F>(F, Cell<usize>);

impl<F: Fn(usize, usize) -> bool> Choice for Cuts<F> {
    const SAVED_BYTES_MIN: isize = isize::MIN;

    fn is_late(&self, _: &str) -> bool {
        false
    }

    fn cold(&self, function: &Shape) -> BTreeSet<usize> {
        let seen = self.1.replace(self.1.get() + 1);
        (0..function.points.len()).filter(|&point| self.0(seen, point)).collect()
    }
}

fn cut(wasm: &[u8], is_cold: impl Fn(usize, usize) -> bool) -> Vec<u8> {
    outline(wasm, &Cuts(is_cold, Cell::new(0))).unwrap()
}

/// Numbers that make control take every way of the cases below.
const NUMBERS: std::ops::Range<u32> = 0..6;

/// Compares what two modules return, or whether they trap.
#[track_caller]
fn compare(whole: &[u8], cut: &[u8], params: &[wasmparser::ValType]) {
    let (whole, cut) = (Machine::new(whole), Machine::new(cut));
    for number in NUMBERS {
        let arguments: Vec<u64> = (number..).zip(params).map(|(number, &ty)| sample(ty, number)).collect();
        assert_eq!(whole.call(0, &arguments), cut.call(0, &arguments), "{arguments:?}");
    }
}

/// Cuts each region alone, and all at once, and what that made again.
#[track_caller]
fn check(
    params: &[wasmparser::ValType],
    results: &[ValType],
    locals: &[ValType],
    code: &[Instruction<'_>],
    regions: usize,
) {
    let encoded: Vec<ValType> = params.iter().map(|&ty| super::cut::encoded(ty).unwrap()).collect();
    let whole = module(&encoded, results, locals, code);
    let mut found = 0;
    for chosen in 0..20 {
        let alone = cut(&whole, |_, point| point == chosen);
        found += Machine::new(&alone).functions() - 1;
        compare(&whole, &alone, params);
    }
    assert_eq!(found, regions);
    let mut all = whole.clone();
    for _ in 0..4 {
        all = cut(&all, |_, point| point > 0);
        compare(&whole, &all, params);
    }
    let module = Module::parse(&all).unwrap();
    for function in &module.functions[1..] {
        assert!(module.types[function.type_idx as usize].results().len() <= 2);
    }
}

use Instruction::{
    Block, Br, BrIf, Drop, Else, End, I32Add, I32Const, I32Eq, I64Add, I64Const, If, LocalGet, LocalSet,
    LocalTee, Loop, Return, Unreachable,
};

const VOID: BlockType = BlockType::Empty;
const I32: ValType = ValType::I32;
const NUMBER: wasmparser::ValType = wasmparser::ValType::I32;

#[test]
fn a_region_gives_back_the_locals_that_it_wrote() {
    let code = [LocalGet(0), If(VOID), LocalGet(0), I32Const(7), I32Add, LocalSet(1), End, LocalGet(1)];
    check(&[NUMBER], &[I32], &[I32], &code, 2 + 1);
}

#[test]
fn locals_of_every_type_go_in_and_out() {
    use wasmparser::ValType::{F32, F64, I64};
    let mut code = vec![LocalGet(0), If(VOID)];
    for local in 1..4 {
        code.extend([LocalGet(local), LocalSet(local + 3)]);
    }
    code.extend([End, LocalGet(4), LocalGet(5), LocalGet(6)]);
    let results = [ValType::F64, ValType::I64, ValType::F32];
    // The regions that end with the function would return three values.
    check(&[NUMBER, F64, I64, F32], &results, &results, &code, 1);
}

#[test]
fn a_region_may_leave_two_levels_or_one() {
    let code = [
        Block(VOID),
        Block(VOID),
        LocalGet(0),
        If(VOID),
        LocalGet(0),
        I32Const(1),
        I32Eq,
        BrIf(2),
        I32Const(5),
        LocalSet(1),
        Br(1),
        Else,
        I32Const(6),
        LocalSet(1),
        End,
        I32Const(8),
        LocalSet(2),
        End,
        LocalGet(1),
        I32Const(10),
        I32Add,
        LocalSet(1),
        End,
        LocalGet(1),
        LocalGet(2),
        I32Add,
    ];
    check(&[NUMBER], &[I32], &[I32, I32], &code, 7);
}

#[test]
fn a_region_may_return_a_value_go_on_or_trap() {
    let code = [
        LocalGet(0),
        If(VOID),
        LocalGet(0),
        I32Const(1),
        I32Eq,
        If(VOID),
        I32Const(40),
        Return,
        End,
        LocalGet(0),
        I32Const(2),
        I32Eq,
        If(VOID),
        Unreachable,
        End,
        LocalGet(0),
        LocalSet(1),
        End,
        LocalGet(1),
    ];
    check(&[NUMBER], &[I32], &[I32], &code, 7);
}

#[test]
fn a_region_of_a_loop_may_go_on_go_back_or_leave() {
    let code = [
        Block(VOID),
        Loop(VOID),
        LocalGet(1),
        I32Const(1),
        I32Add,
        LocalTee(1),
        I32Const(4),
        I32Eq,
        BrIf(1),
        LocalGet(1),
        LocalGet(0),
        I32Eq,
        BrIf(0),
        LocalGet(2),
        I32Const(100),
        I32Add,
        LocalTee(2),
        I32Const(300),
        I32Eq,
        If(VOID),
        I32Const(7),
        LocalSet(1),
        End,
        LocalGet(1),
        I32Const(7),
        I32Eq,
        BrIf(0),
        I32Const(1000),
        LocalSet(2),
        End,
        End,
        LocalGet(1),
        LocalGet(2),
        I32Add,
    ];
    check(&[NUMBER], &[I32], &[I32, I32], &code, 7);
}

#[test]
fn a_region_may_leave_by_a_table() {
    let code = [
        Block(VOID),
        Block(VOID),
        Block(VOID),
        Block(VOID),
        LocalGet(0),
        BrIf(0),
        LocalGet(0),
        Instruction::BrTable((&[1, 3, 2][..]).into(), 0),
        End,
        LocalGet(0),
        Instruction::BrTable((&[0, 1, 2, 1][..]).into(), 2),
        End,
        I32Const(1),
        LocalSet(1),
        End,
        LocalGet(1),
        I32Const(10),
        I32Add,
        LocalSet(1),
        End,
        LocalGet(1),
    ];
    check(&[NUMBER], &[I32], &[I32], &code, 6);
}

#[test]
fn values_on_the_stack_go_in_and_out() {
    let long = BlockType::Result(ValType::I64);
    let code = [
        I32Const(3),
        Block(long),
        I64Const(20),
        LocalGet(0),
        BrIf(0),
        I64Const(1),
        I64Add,
        LocalGet(1),
        BrIf(0),
        I64Const(2),
        I64Add,
        End,
        Instruction::I32WrapI64,
        I32Add,
        LocalGet(0),
        If(BlockType::Result(I32)),
        I32Const(50),
        Else,
        I32Const(60),
        End,
        I32Add,
    ];
    check(&[NUMBER, NUMBER], &[I32], &[], &code, 7);
}

#[test]
fn exits_that_take_values_of_several_types_are_not_cut() {
    let code = [
        Block(BlockType::Result(ValType::I64)),
        LocalGet(0),
        BrIf(1),
        Drop,
        I64Const(1),
        End,
        Drop,
        I32Const(2),
    ];
    let mut values = vec![I32Const(1)];
    values.extend(code);
    // Of the whole, of the rest of the block, and of what follows it: that one leaves with an i64, and by no branch.
    check(
        &[NUMBER],
        &[I32],
        &[],
        &[&[I32Const(9)][..], &[Drop], &values[1..2], &[I32Const(5)], &values[2..]].concat(),
        3,
    );
}

/// Makes functions at random: any statements, in which loops end by themselves.
struct Maker {
    state: u64,
    code: Vec<Instruction<'static>>,
    /// What a branch to each label takes along; none if nothing may branch to it.
    labels: Vec<Option<Option<ValType>>>,
}

/// Parameters and other locals of what is made. The last are counters of loops.
const MADE_PARAMS: [wasmparser::ValType; 4] =
    [NUMBER, NUMBER, wasmparser::ValType::I64, wasmparser::ValType::F64];
const MADE_LOCALS: [ValType; 10] = [I32, I32, ValType::I64, ValType::F64, I32, I32, I32, I32, I32, I32];
const COUNTERS: u32 = 8;

impl Maker {
    fn below(&mut self, end: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 20) % end
    }

    fn add(&mut self, instruction: Instruction<'static>) {
        self.code.push(instruction);
    }

    /// A local of a type that is no counter.
    fn local(&mut self, ty: ValType) -> u32 {
        let of_type: &[u32] = match ty {
            ValType::I64 => &[2, 6],
            ValType::F64 => &[3, 7],
            ValType::I32 | ValType::F32 | ValType::V128 | ValType::Ref(_) => &[0, 1, 4, 5],
        };
        of_type[self.below(of_type.len() as u64) as usize]
    }

    fn ty(&mut self) -> ValType {
        [I32, I32, ValType::I64, ValType::F64][self.below(4) as usize]
    }

    /// Leaves a value of a type.
    fn value(&mut self, ty: ValType, depth: u64) {
        match (self.below(if depth > 0 { 8 } else { 4 }), ty) {
            (0, I32) => self.add(I32Const(7)),
            (0 | 1, ValType::I64) => self.add(I64Const(9)),
            (0 | 1, ValType::F64) => self.add(Instruction::F64Const(1.5.into())),
            (4, I32 | ValType::I64) => {
                self.value(ty, depth - 1);
                self.value(ty, depth - 1);
                self.add(if ty == I32 { I32Add } else { I64Add });
            }
            (5, I32) => {
                self.value(ValType::I64, depth - 1);
                self.add(Instruction::I32WrapI64);
            }
            (6, _) => {
                self.add(Block(BlockType::Result(ty)));
                self.labels.push(Some(Some(ty)));
                self.statements(depth - 1);
                self.value(ty, depth - 1);
                self.labels.pop();
                self.add(End);
            }
            (7, _) => {
                self.condition();
                self.add(If(BlockType::Result(ty)));
                self.labels.push(Some(Some(ty)));
                self.statements(depth - 1);
                self.value(ty, 0);
                self.add(Else);
                self.value(ty, depth - 1);
                self.labels.pop();
                self.add(End);
            }
            _ => {
                let local = self.local(ty);
                self.add(LocalGet(local));
            }
        }
    }

    /// Leaves something that is often zero and often not.
    fn condition(&mut self) {
        let (local, number) = (self.local(I32), self.below(6) as i32);
        self.code.extend([LocalGet(local), I32Const(number), I32Eq]);
    }

    fn statements(&mut self, depth: u64) {
        for _ in 0..self.below(4) {
            self.statement(depth);
        }
    }

    fn statement(&mut self, depth: u64) {
        match self.below(if depth > 0 { 9 } else { 4 }) {
            3 => self.branch(),
            4 => {
                self.condition();
                self.add(If(VOID));
                self.labels.push(Some(None));
                self.statements(depth - 1);
                self.leave();
                self.add(Else);
                self.statements(depth - 1);
                self.labels.pop();
                self.add(End);
            }
            5 | 6 => {
                self.add(Block(VOID));
                self.labels.push(Some(None));
                self.statements(depth - 1);
                self.leave();
                self.labels.pop();
                self.add(End);
            }
            7 => {
                let counter = COUNTERS + self.labels.iter().filter(|label| label.is_none()).count() as u32;
                self.code.extend([I32Const(2), LocalSet(counter), Loop(VOID)]);
                self.labels.push(None);
                self.statements(depth - 1);
                self.code.extend([LocalGet(counter), I32Const(-1), I32Add, LocalTee(counter), BrIf(0)]);
                self.statements(depth - 1);
                self.labels.pop();
                self.add(End);
            }
            _ => {
                let ty = self.ty();
                self.value(ty, depth);
                let local = self.local(ty);
                self.add(LocalSet(local));
            }
        }
    }

    /// Branches perhaps.
    fn branch(&mut self) {
        let depth = self.below(self.labels.len() as u64) as usize;
        let Some(value) = self.labels[self.labels.len() - 1 - depth] else { return };
        if let Some(ty) = value {
            self.value(ty, 0);
        }
        self.condition();
        self.add(BrIf(depth as u32));
        self.code.extend(value.map(|_| Drop));
    }

    /// Ends a list of statements, perhaps by going elsewhere.
    fn leave(&mut self) {
        let void: Vec<u32> = (0..)
            .zip(self.labels.iter().rev())
            .filter(|(_, label)| **label == Some(None))
            .map(|(depth, _)| depth)
            .collect();
        match self.below(6) {
            0 => self.code.extend([I32Const(11), Return]),
            1 if self.below(4) == 0 => self.add(Unreachable),
            2 => {
                let local = self.local(I32);
                let last = void[void.len() - 1];
                self.code.extend([LocalGet(local), Instruction::BrTable(void.into(), last)]);
            }
            3 => {
                let depth = void[self.below(void.len() as u64) as usize];
                self.add(Br(depth));
            }
            _ => {}
        }
    }
}

#[test]
fn functions_made_at_random_do_the_same_whatever_is_cut() {
    let params: Vec<ValType> = MADE_PARAMS.iter().map(|&ty| super::cut::encoded(ty).unwrap()).collect();
    let (mut regions, mut traps) = (0, 0);
    for seed in 1..120_u64 {
        let mut maker = Maker {
            state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            code: Vec::new(),
            labels: vec![Some(Some(I32))],
        };
        (0..4).for_each(|_| maker.statement(4));
        maker.value(I32, 3);
        let whole = module(&params, &[I32], &MADE_LOCALS, &maker.code);
        compare(&whole, &cut(&whole, |_, _| true), &MADE_PARAMS);
        let mut parted = whole.clone();
        for round in 1..4 {
            parted = cut(&parted, |function, point| (seed + point as u64 * 7 + function as u64) % 3 < round);
            compare(&whole, &parted, &MADE_PARAMS);
        }
        regions += Machine::new(&parted).functions() - 1;
        traps += usize::from(Machine::new(&whole).call(0, &[1, 2, 3, 4]).is_err());
    }
    assert!(regions > 1_000, "only {regions} regions were cut");
    assert!((1..60).contains(&traps), "{traps} functions trap");
}

//! A function's code as the cutter sees it: its instructions, what encloses them, where control goes, and the points
//! from which a region may be cut.

use sha2::{Digest, Sha256};
use wasmparser::{
    BlockType, FuncToValidate, FuncType, FuncValidator, FuncValidatorAllocations, FunctionBody, Operator,
    Parser, ValType, ValidPayload, Validator, WasmFeatures, WasmModuleResources,
};

use super::module::text;
use super::{Region, Shape};
use crate::process::Result;

/// A function itself, or a `block`, a `loop` or an `if` in it.
pub(super) struct Construct {
    /// The instruction that opens it; none for the function.
    pub(super) start: Option<usize>,
    /// Its `else`.
    pub(super) otherwise: Option<usize>,
    /// Its `end`.
    pub(super) end: usize,
    /// How many others enclose it.
    pub(super) level: usize,
    /// Whether a branch to it goes back to its start.
    pub(super) is_loop: bool,
    /// What stands on the stack when it ends.
    pub(super) results: Vec<ValType>,
    /// What a branch to it takes along.
    pub(super) label: Vec<ValType>,
    parent: usize,
}

/// An instruction that control comes to only if it takes a certain way: the first of a function or of an arm, or one
/// after an `end` or a branch that is not always taken. From there to the end of the construct is a *region*: nothing
/// else leads into it, so it never ran if its point was never reached.
pub(super) struct Point {
    /// The instruction.
    pub(super) at: usize,
    /// The `end` or `else` behind the region.
    pub(super) end: usize,
    /// The construct, by its place in `Body::constructs`.
    pub(super) construct: usize,
    /// What stands on the stack there, as far as it belongs to the construct; none if that cannot be told.
    pub(super) stack: Option<Vec<ValType>>,
}

/// A function's code.
pub(super) struct Body<'a> {
    /// Its instructions, the last of which is its `end`.
    pub(super) operators: Vec<Operator<'a>>,
    /// Their bytes.
    pub(super) bytes: Vec<&'a [u8]>,
    /// The types of its parameters and then of its other locals.
    pub(super) locals: Vec<ValType>,
    /// How many of these are parameters.
    pub(super) parameters: usize,
    /// What encloses instructions; the function is the first.
    pub(super) constructs: Vec<Construct>,
    /// The construct that each instruction is in. One that opens a construct is in that one's parent.
    pub(super) within: Vec<usize>,
    /// Whether control can come to an instruction from the one before it.
    pub(super) falls: Vec<bool>,
    /// The points, in order. The first is the function's start.
    pub(super) points: Vec<Point>,
}

/// What code may use: nothing that a browser of the last years does not have, and no instruction that the splitter does
/// not know (but the memory that the watched page has beside its own).
const FEATURES: WasmFeatures =
    WasmFeatures::WASM2.difference(WasmFeatures::SIMD).union(WasmFeatures::MULTI_MEMORY);

/// Reads the code of all functions that are not imported.
///
/// # Errors
/// The module is not valid.
pub(super) fn read_all<'a>(wasm: &'a [u8], types: &[FuncType]) -> Result<Vec<Body<'a>>> {
    let mut validator = Validator::new_with_features(FEATURES);
    let mut allocations = FuncValidatorAllocations::default();
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let ValidPayload::Func(function, code) =
            validator.payload(&payload.map_err(text)?).map_err(text)?
        {
            let (body, used) = Body::read(wasm, types, function, allocations, &code)?;
            allocations = used;
            bodies.push(body);
        }
    }
    Ok(bodies)
}

impl<'a> Body<'a> {
    fn read(
        wasm: &'a [u8],
        types: &[FuncType],
        function: FuncToValidate<impl WasmModuleResources>,
        allocations: FuncValidatorAllocations,
        code: &FunctionBody<'a>,
    ) -> Result<(Self, FuncValidatorAllocations)> {
        let ty = &types[function.ty as usize];
        let mut checker = function.into_validator(allocations);
        checker.read_locals(&mut code.get_binary_reader()).map_err(text)?;
        let mut body = Self {
            operators: Vec::new(),
            bytes: Vec::new(),
            locals: (0..checker.len_locals()).filter_map(|local| checker.get_local_type(local)).collect(),
            parameters: ty.params().len(),
            constructs: vec![Construct {
                start: None,
                otherwise: None,
                end: 0,
                level: 0,
                is_loop: false,
                results: ty.results().to_vec(),
                label: ty.results().to_vec(),
                parent: 0,
            }],
            within: Vec::new(),
            falls: Vec::new(),
            points: Vec::new(),
        };
        let mut reader = code.get_operators_reader().map_err(text)?;
        let mut innermost = 0;
        while !reader.eof() {
            let start = reader.original_position();
            let operator = reader.read().map_err(text)?;
            body.add_point(innermost, &checker);
            body.bytes.push(&wasm[start..reader.original_position()]);
            checker.op(start, &operator).map_err(text)?;
            innermost = body.add(types, operator, innermost);
        }
        for point in &mut body.points {
            let Construct { otherwise, end, .. } = body.constructs[point.construct];
            point.end = otherwise.filter(|&otherwise| point.at <= otherwise).unwrap_or(end);
        }
        Ok((body, checker.into_allocations()))
    }

    /// Notes whether the next instruction can be come to, and whether it is a point.
    fn add_point(&mut self, construct: usize, checker: &FuncValidator<impl WasmModuleResources>) {
        let frame = checker.get_control_frame(0).expect("the function's end is its last instruction");
        self.falls.push(!frame.unreachable);
        let begins_way = matches!(
            self.operators.last(),
            None | Some(Operator::If { .. } | Operator::Else | Operator::BrIf { .. } | Operator::End)
        );
        if begins_way && !frame.unreachable {
            let values = checker.operand_stack_height() as usize - frame.height;
            let stack = (0..values).rev().map(|depth| checker.get_operand_type(depth).flatten()).collect();
            self.points.push(Point { at: self.operators.len(), end: 0, construct, stack });
        }
    }

    /// Adds an instruction; returns the construct that the next one is in.
    fn add(&mut self, types: &[FuncType], operator: Operator<'a>, innermost: usize) -> usize {
        let at = self.operators.len();
        self.within.push(innermost);
        let inner = match &operator {
            Operator::Block { blockty } | Operator::If { blockty } => {
                self.open(at, innermost, false, types, *blockty)
            }
            Operator::Loop { blockty } => self.open(at, innermost, true, types, *blockty),
            Operator::Else => {
                self.constructs[innermost].otherwise = Some(at);
                innermost
            }
            Operator::End => {
                self.constructs[innermost].end = at;
                self.constructs[innermost].parent
            }
            _ => innermost,
        };
        self.operators.push(operator);
        inner
    }

    fn open(&mut self, at: usize, parent: usize, is_loop: bool, types: &[FuncType], ty: BlockType) -> usize {
        let (params, results) = match ty {
            BlockType::Empty => (Vec::new(), Vec::new()),
            BlockType::Type(result) => (Vec::new(), vec![result]),
            BlockType::FuncType(idx) => {
                (types[idx as usize].params().to_vec(), types[idx as usize].results().to_vec())
            }
        };
        let label = if is_loop { params } else { results.clone() };
        let level = self.constructs[parent].level + 1;
        let (start, otherwise, end) = (Some(at), None, 0);
        self.constructs.push(Construct { start, otherwise, end, level, is_loop, results, label, parent });
        self.constructs.len() - 1
    }

    /// The construct so many levels around an instruction.
    pub(super) fn around(&self, at: usize, depth: usize) -> usize {
        (0..depth).fold(self.within[at], |construct, _| self.constructs[construct].parent)
    }

    /// The construct that an instruction opens. They stand in the order in which they open.
    pub(super) fn opened(&self, at: usize) -> usize {
        self.constructs.partition_point(|construct| construct.start < Some(at))
    }

    /// How deep the labels are that an instruction may branch to; `return` branches to the function's.
    pub(super) fn branches(&self, at: usize) -> Vec<usize> {
        match &self.operators[at] {
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                vec![*relative_depth as usize]
            }
            Operator::BrTable { targets } => {
                let depths = targets.targets().map_while(std::result::Result::ok);
                depths.chain([targets.default()]).map(|depth| depth as usize).collect()
            }
            Operator::Return => vec![self.constructs[self.within[at]].level],
            _ => Vec::new(),
        }
    }

    /// Where a branch to a construct leads; behind the last instruction is where the function has returned.
    pub(super) fn landing(&self, construct: usize) -> usize {
        let construct = &self.constructs[construct];
        if construct.is_loop { construct.start.unwrap_or_default() } else { construct.end + 1 }
    }

    /// Where control may go from an instruction.
    pub(super) fn successors(&self, at: usize) -> Vec<usize> {
        let mut next: Vec<usize> =
            self.branches(at).into_iter().map(|depth| self.landing(self.around(at, depth))).collect();
        match &self.operators[at] {
            Operator::Br { .. } | Operator::BrTable { .. } | Operator::Return | Operator::Unreachable => {}
            Operator::If { .. } => {
                let construct = &self.constructs[self.opened(at)];
                next.extend([at + 1, construct.otherwise.map_or(construct.end, |otherwise| otherwise + 1)]);
            }
            Operator::Else => next.push(self.constructs[self.within[at]].end),
            _ => next.push(at + 1),
        }
        next
    }

    /// What stays the same of the function when addresses and indices move.
    pub(super) fn shape(&self, name: &str) -> Shape {
        let mut digest = Sha256::new();
        for (operator, bytes) in self.operators.iter().zip(&self.bytes) {
            let length = match operator {
                Operator::Br { .. } | Operator::BrIf { .. } | Operator::BrTable { .. } => bytes.len(),
                // The instructions of later versions of wasm begin with such a byte.
                _ if bytes[0] >= 0xfb => 2,
                _ => 1,
            };
            digest.update(&bytes[..length]);
        }
        let digest = digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let points = self.points.iter().map(|point| Region {
            range: point.at..point.end,
            bytes: self.bytes[point.at..point.end].iter().map(|bytes| bytes.len()).sum(),
        });
        Shape { name: name.to_owned(), digest, points: points.collect() }
    }
}

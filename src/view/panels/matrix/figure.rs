//! The picture of a batch's attempts: a box for each, torn where it was split, cut where an answer cut it.

use super::{Batch, COLUMNS_MAX, Column, End, Fate};
use crate::lambda::batcher::Reason;
use crate::lang::Lang;
use crate::sim::Simulation;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Object, Point, Scene, Segment, Token};
use crate::view::text::MessageId;

/// Size and places. The panel is as wide as this, or wider.
const WIDTH: f64 = 256.0;
const LEFT: f64 = 24.0;
const RIGHT: f64 = 28.0;
const TOP: f64 = 26.0;
/// From one record to the next, and more where a part ends.
const PITCH: f64 = 17.0;
const TEAR: f64 = 11.0;
const CELL: f64 = 13.0;
/// Between two columns.
const GAP: f64 = 5.0;
/// The widest column.
const COLUMN_MAX: f64 = 44.0;

/// Where rows and columns lie.
struct Grid {
    /// Middles of the rows.
    rows: Vec<f64>,
    width: f64,
}

/// Draws all columns but the first `skipped`.
pub(super) fn draw(sim: &Simulation, batch: &Batch, skipped: usize, lang: Lang) -> Scene {
    let columns = &batch.columns[skipped..];
    let grid = Grid {
        rows: rows(batch),
        width: ((WIDTH - LEFT - RIGHT) / columns.len().clamp(1, COLUMNS_MAX) as f64).min(COLUMN_MAX),
    };
    let mut scene = Scene::default();
    scene.clear(WIDTH, grid.rows.last().map_or(TOP, |last| last + PITCH));
    draw_rows(sim, batch, &grid, lang, &mut scene);
    for (place, column) in columns.iter().enumerate() {
        let x = LEFT + grid.width * place as f64;
        let size = Point::new(x + (grid.width - GAP) / 2.0, 13.0);
        scene.text(Class::Strong, size, Anchor::Middle, column.count);
        for (after, next) in columns.iter().enumerate().skip(place + 1) {
            if follows(columns, place, after) {
                arrow(&grid, next, (x + grid.width - GAP, LEFT + grid.width * after as f64), &mut scene);
            }
        }
        draw_column(sim, batch, &grid, column, x, &mut scene);
    }
    scene
}

/// Middles of the rows: those at both sides of a tear stand apart.
fn rows(batch: &Batch) -> Vec<f64> {
    let mut y = TOP;
    let mut rows = Vec::new();
    for place in 0..batch.records.len() as u32 {
        if place > 0 {
            let torn = batch.columns.iter().any(|column| column.torn == Some(place));
            y += if torn { PITCH + TEAR } else { PITCH };
        } else {
            y += PITCH / 2.0;
        }
        rows.push(y);
    }
    rows
}

/// The records, and what became of each: a tick or a cross, and how often it was handled where that is more than once,
/// or where it has to be handled again.
fn draw_rows(sim: &Simulation, batch: &Batch, grid: &Grid, lang: Lang, scene: &mut Scene) {
    for (&Fate { record, times, end }, &y) in batch.records.iter().zip(&grid.rows) {
        let hue = Hue::of(sim.stream().records.get(record).key);
        let mut token = Token::new(Point::new(9.0, y), 15.0, hue);
        token.record = Some(record);
        scene.token(token, sim.stream().records.get(record).number);
        let (mark, text) = (Point::new(WIDTH - 7.0, y), Point::new(WIDTH - 2.0, y + 4.0));
        let beside = Point::new(WIDTH - 14.0, text.y);
        let at = match end {
            End::Open if times == 0 => {
                scene.text(Class::Label, text, Anchor::End, "–");
                continue;
            }
            End::Open => text,
            End::Done => {
                scene.tick(Class::CapOk, mark, 13.0);
                beside
            }
            End::GivenUp => {
                scene.cross(Class::CapFailed, mark, 12.0, 1.0);
                beside
            }
        };
        if times > 1 || end == End::Open {
            let class = if times > 1 { Class::MatrixAgain } else { Class::Label };
            scene.text(class, at, Anchor::End, format!("×{times}"));
        }
    }
    let title = Point::new(WIDTH - 2.0, 13.0);
    scene.text(Class::Label, title, Anchor::End, MessageId::MatrixTimes.text(lang));
}

/// Whether the column `after` works at what `place` left: its next attempt, a half, or the rest.
fn follows(columns: &[Column], place: usize, after: usize) -> bool {
    let (one, next) = (&columns[place], &columns[after]);
    let adjacent = after == place + 1;
    match (next.reason, one.torn) {
        (Reason::Bisect, Some(torn)) => {
            let second = next.first == torn && next.first + next.count == one.first + one.count;
            // Of the columns with this half, the first one.
            let first = !columns[place + 1..after].iter().any(|between| between.first == next.first);
            (adjacent && next.first == one.first) || (second && first)
        }
        (Reason::Remainder | Reason::Retry, _) => adjacent,
        _ => false,
    }
}

/// Top and bottom of some rows' cells.
fn span(grid: &Grid, first: u32, end: u32) -> (f64, f64) {
    let (first, last) = (grid.rows[first as usize], grid.rows[end as usize - 1]);
    (first - PITCH / 2.0 - 1.0, last + PITCH / 2.0 + 1.0)
}

fn arrow(grid: &Grid, next: &Column, (from, to): (f64, f64), scene: &mut Scene) {
    let (top, bottom) = span(grid, next.first, next.first + next.count);
    let y = (top + bottom) / 2.0;
    let (start, tip) = (Point::new(from, y), Point::new(to - 1.0, y));
    let head = |dy: f64| Point::new(tip.x - 3.5, tip.y + dy);
    scene.line(Class::MatrixArrow, Hue::NONE, start, tip);
    let head = [Segment::Move(head(-3.0)), Segment::Line(tip), Segment::Line(head(3.0))];
    scene.path(Class::MatrixArrow, Hue::NONE, &head);
}

fn draw_column(sim: &Simulation, batch: &Batch, grid: &Grid, column: &Column, x: f64, scene: &mut Scene) {
    let end = column.first + column.count;
    let width = grid.width - GAP;
    let latest = batch.columns.iter().rev().find(|column| column.ended);
    let class = match column.invocation {
        None => Class::FrameNext,
        // Red is for what has just happened.
        Some(idx) if column.failed.is_some() && latest.and_then(|latest| latest.invocation) == Some(idx) => {
            Class::FrameFailed
        }
        Some(_) => Class::Frame,
    };
    if let Some(idx) = column.invocation {
        let (top, bottom) = span(grid, column.first, end);
        let around = Bounds::new(x, top, width, bottom - top);
        scene.rect(Class::MatrixGround, Hue::NONE, around, 4.0).object(Object::Invocation(idx));
    }
    let ragged = batch.columns.iter().any(|next| next.reason == Reason::Bisect);
    match column.torn {
        Some(torn) => {
            piece(grid, (column.first, torn), (x, width), (false, ragged), class, scene);
            piece(grid, (torn, end), (x, width), (ragged, false), class, scene);
        }
        None => piece(grid, (column.first, end), (x, width), (false, false), class, scene),
    }
    for place in column.first..end {
        let bounds = Bounds::new(x + 1.5, grid.rows[place as usize] - CELL / 2.0, width - 3.0, CELL);
        let record = batch.records[place as usize].record;
        draw_cell(sim, column, place, record, bounds, scene);
    }
}

/// The outline of some rows, ragged at its top or bottom where it was torn off there.
fn piece(
    grid: &Grid,
    (first, end): (u32, u32),
    (x, width): (f64, f64),
    (above, below): (bool, bool),
    class: Class,
    scene: &mut Scene,
) {
    let (top, bottom) = span(grid, first, end);
    if !above && !below {
        scene.rect(class, Hue::NONE, Bounds::new(x, top, width, bottom - top), 4.0);
        return;
    }
    let mut path = vec![Segment::Move(Point::new(x, top))];
    edge(&mut path, (x, x + width), top, above);
    path.push(Segment::Line(Point::new(x + width, bottom)));
    edge(&mut path, (x + width, x), bottom, below);
    path.push(Segment::Close);
    scene.path(class, Hue::NONE, &path);
}

/// An edge from one corner to the other, which a tear makes a zigzag.
fn edge(path: &mut Vec<Segment>, (from, to): (f64, f64), y: f64, ragged: bool) {
    const TEETH: u32 = 8;
    const DEPTH: f64 = 3.0;
    if ragged {
        for tooth in 1..TEETH {
            let x = from + (to - from) * f64::from(tooth) / f64::from(TEETH);
            let away = if tooth % 2 == 1 { DEPTH } else { 0.0 };
            // Teeth point out of the piece: up at its top, drawn to the right, down at its bottom, to the left.
            path.push(Segment::Line(Point::new(x, if to > from { y - away } else { y + away })));
        }
    }
    path.push(Segment::Line(Point::new(to, y)));
}

fn draw_cell(sim: &Simulation, column: &Column, place: u32, record: u32, bounds: Bounds, scene: &mut Scene) {
    let within = place - column.first;
    let record = sim.stream().records.get(record);
    let (hue, number) = (Hue::of(record.key), record.number);
    let wrote = column.wrote.get(within as usize).is_some_and(|&wrote| wrote);
    let failed = column.failed == Some(place);
    let mark = Point::new(bounds.right() - 5.5, bounds.center().y);
    let size = if bounds.width < 30.0 { 9.0 } else { 10.0 };
    let at = Point::new(bounds.x + (bounds.width - 9.0) / 2.0, bounds.center().y + size * 0.36);
    if failed {
        scene.rect(Class::TokenFailed, Hue::NONE, bounds, 3.0);
        scene.text_sized(Class::Warning, Hue::NONE, size, at, Anchor::Middle, number);
        scene.cross(Class::Cross, mark, 11.0, 1.0);
    } else if wrote {
        scene.rect(Class::Token, hue, bounds, 3.0);
        scene.text_sized(Class::TokenText, hue, size, at, Anchor::Middle, number);
        scene.tick(Class::CheckOn, mark, 10.0).hue = hue;
    } else {
        let class = if column.ended || column.invocation.is_none() { Class::Hair } else { Class::MatrixTodo };
        scene.rect(class, hue, bounds, 3.0);
        scene.text_sized(Class::CellTextNext, Hue::NONE, size, at, Anchor::Middle, number);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{batch, tree};
    use super::*;
    use crate::scenario::Scenario;
    use crate::units::SimTime;
    use crate::view::scene::Form;
    use crate::view::shipped;

    fn drawn(id: &str) -> Scene {
        let mut sim = Simulation::new(Scenario::from_json(shipped::text_of(id).unwrap()).unwrap());
        sim.run_until(SimTime(60_000));
        let batch = batch(&sim, &tree::story(&sim, 0).unwrap());
        draw(&sim, &batch, 0, Lang::En)
    }

    #[test]
    fn bisect_tears_and_a_checkpoint_cuts() {
        let count =
            |scene: &Scene, class: Class| scene.shapes().iter().filter(|shape| shape.class == class).count();
        let torn = |scene: &Scene| {
            let ragged = |form| matches!(form, Form::Path { count, .. } if count > 8);
            scene.shapes().iter().filter(|shape| ragged(shape.form)).count()
        };
        let bisect = drawn("checkpoint-bisect");
        // Three attempts were torn in two; each half leads to its own attempt, by a line and a head.
        assert_eq!((torn(&bisect), count(&bisect, Class::MatrixArrow)), (6, 12));
        assert_eq!((count(&bisect, Class::CheckOn), count(&bisect, Class::Cross)), (19, 3));
        let report = drawn("checkpoint-report");
        assert_eq!((torn(&report), count(&report, Class::MatrixArrow)), (0, 6));
        assert_eq!((count(&report, Class::CheckOn), count(&report, Class::Cross)), (10, 3));
    }

    #[test]
    fn everything_lies_within_the_picture() {
        let scene = drawn("checkpoint-bisect");
        let (width, height) = scene.size();
        for shape in scene.shapes() {
            let bounds = scene.bounds(shape);
            assert!(bounds.x >= 0.0 && bounds.right() <= width && bounds.bottom() <= height, "{shape:?}");
        }
    }
}

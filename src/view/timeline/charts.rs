//! Charts: figures of the run, small and one below the other, on the time axis of everything else.
//!
//! What is known to follow is faint, as it is in the other parts. A figure is taken over bins whose length is a round
//! number of milliseconds and whose borders are its multiples, so that a chart keeps its shape while the window slides,
//! and so that its shapes are as many as the picture is wide.
//!
//! Where nothing was asked for, only charts that say something about this run are drawn.

use super::axis::{Axis, STEPS_MS};
use super::figures::{Chart, Line, Look, unit_text};
use crate::units::SimTime;
use crate::view::hover;
use crate::view::picture::Picture;
use crate::view::scene::{Anchor, Bounds, Class, Hue, Point, Scene, Segment, measure};
use crate::view::series::Figure;
use crate::view::text::MessageId;

/// Least height of a chart: its line of text, its plot, and what keeps it from the next one.
pub(super) const HEIGHT_MIN: f64 = 34.0;
/// The height of a chart that is one of few, and of one that stands for itself.
pub(super) const HEIGHT: f64 = 41.0;
const TITLE: f64 = 17.0;
/// Where that line begins in a narrow picture.
const TALL_LEFT: f64 = 16.0;
const GAP: f64 = 8.0;
/// Least width of a bin, of lines and of bars.
const BIN: f64 = 2.0;
const BAR_BIN: f64 = 6.0;
/// Least distance of two ticks of a scale, and of their labels.
const TICK_PITCH: f64 = 13.0;

/// A chart's plot: what of time and values it shows.
struct Plot<'a> {
    picture: &'a Picture<'a>,
    axis: &'a Axis,
    /// Upper and lower edge.
    top: f64,
    bottom: f64,
    /// The value at the upper edge; above zero.
    highest: u64,
}

/// A value over a bin: from and to when, in pixels, and how high.
struct Bin {
    left: f64,
    right: f64,
    value: u64,
}

/// The charts that say something about this run, the most telling first.
pub(super) fn telling(picture: &Picture) -> Vec<Chart> {
    Chart::ALL.into_iter().filter(|chart| chart.is_telling(picture.player)).collect()
}

/// Draws charts between two heights.
pub(super) fn draw(
    picture: &Picture,
    axis: &Axis,
    charts: &[Chart],
    (top, bottom): (f64, f64),
    scene: &mut Scene,
) {
    let pitch = (bottom - top) / charts.len().max(1) as f64;
    for (place, &chart) in charts.iter().enumerate() {
        let top = top + pitch * place as f64;
        draw_chart(picture, axis, chart, (top, top + pitch - GAP), scene);
    }
    if let Some((from, to)) = hover::moment(picture.player, picture.hover) {
        let (left, right) = (axis.x(from.0 as f64), axis.x(to.0 as f64));
        if right >= axis.left && left <= axis.right {
            let (left, right) = (left.max(axis.left), right.min(axis.right));
            let band = Bounds::new(left - 0.5, top, (right - left).max(1.0) + 1.0, bottom - top - GAP);
            scene.rect(Class::Moment, Hue::NONE, band, 0.0);
        }
    }
}

fn draw_chart(picture: &Picture, axis: &Axis, chart: Chart, (top, bottom): (f64, f64), scene: &mut Scene) {
    let bin = bin_length(axis, if chart.has_bars() { BAR_BIN } else { BIN });
    let lines = chart.lines();
    let bins: Vec<(Vec<Bin>, Vec<Bin>)> =
        lines.iter().map(|line| bins(picture, axis, line.figure, bin)).collect();
    let values = bins.iter().flat_map(|(past, next)| past.iter().chain(next)).map(|bin| bin.value);
    let limit = chart.limit(picture.player.sim());
    let largest = values.max().unwrap_or(0).max(limit.unwrap_or(0));
    let plot_top = top + TITLE;
    let step = tick_step(chart, largest, bottom - plot_top);
    let highest = largest.div_ceil(step).max(1) * step;
    let plot = Plot { picture, axis, top: plot_top, bottom, highest };
    plot.draw_scale(chart, step, scene);
    if let Some(limit) = limit {
        let y = plot.y(limit);
        scene.line(Class::ChartLimit, Hue::NONE, Point::new(axis.left, y), Point::new(axis.right, y));
    }
    for (line, (past, next)) in lines.iter().zip(&bins).rev() {
        plot.draw_line(line.look, past, next, scene);
    }
    draw_title(picture, axis, chart, (top + 10.0, bin), scene);
}

/// The shortest round length of a bin that is wide enough to be drawn.
fn bin_length(axis: &Axis, width: f64) -> u64 {
    STEPS_MS.into_iter().find(|&step| step as f64 * axis.scale >= width).unwrap_or(864_000_000)
}

/// The step between ticks of a scale: the smallest round one for which they have room.
fn tick_step(chart: Chart, largest: u64, height: f64) -> u64 {
    let steps = (height / TICK_PITCH).floor().max(1.0) as u64;
    let least = largest.div_ceil(steps).max(chart.unit_value());
    // Where there is room for the highest one only, it may be any round number.
    let factors: &[u64] = if steps == 1 { &[1, 2, 3, 4, 5, 6, 7, 8, 9] } else { &[1, 2, 5] };
    let mut power = 1;
    loop {
        if let Some(factor) = factors.iter().find(|&&factor| power * factor >= least) {
            return power * factor;
        }
        power *= 10;
    }
}

/// A figure over the visible time: what has been, and what is known to come.
fn bins(picture: &Picture, axis: &Axis, figure: Figure, length: u64) -> (Vec<Bin>, Vec<Bin>) {
    let (player, series) = (picture.player, picture.player.series());
    let (from, to) = axis.range();
    // The playhead's own millisecond has been.
    let now = player.now().0 + 1;
    let known = player.ahead().now().0 + 1;
    let to = (to.0 + 1).min(player.end().0.max(now));
    let bin = |from: u64, to: u64| {
        let left = axis.within(from as f64);
        let value = series.value(player.ahead(), figure, (from, to));
        Bin { left, right: axis.within(to as f64), value }
    };
    let cut = |from: u64, to: u64| {
        let starts = (from / length..=to.saturating_sub(1) / length).map(move |place| place * length);
        starts.map(move |start| (start.max(from), (start + length).min(to)))
    };
    let (from, past_to, next_to) = (from.0, to.min(now), to.min(known));
    let past = if from < past_to { cut(from, past_to).map(|(a, b)| bin(a, b)).collect() } else { Vec::new() };
    let from = from.max(now);
    let next = if from < next_to { cut(from, next_to).map(|(a, b)| bin(a, b)).collect() } else { Vec::new() };
    (past, next)
}

impl Plot<'_> {
    fn y(&self, value: u64) -> f64 {
        self.bottom - (self.bottom - self.top) * value as f64 / self.highest as f64
    }

    /// Hairs and labels of the values.
    fn draw_scale(&self, chart: Chart, step: u64, scene: &mut Scene) {
        for value in (0..=self.highest).step_by(step as usize) {
            let y = self.y(value);
            scene.line(Class::Hair, Hue::NONE, Point::new(self.axis.left, y), Point::new(self.axis.right, y));
            // In a low chart the highest value tells the scale by itself.
            if value == 0 && y - self.y(step) < TICK_PITCH {
                continue;
            }
            let at = Point::new(self.axis.left - 8.0, y + 4.0);
            let unit = chart.tick(value, self.picture.lang);
            scene.text_sized(Class::Label, Hue::NONE, 10.0, at, Anchor::End, unit);
        }
    }

    fn draw_line(&self, look: Look, past: &[Bin], next: &[Bin], scene: &mut Scene) {
        match look {
            Look::Main | Look::Other => {
                let line = if look == Look::Main { Class::ChartLine } else { Class::ChartOther };
                if look == Look::Main {
                    self.draw_area(past, scene);
                }
                // What follows goes on from where the past ends.
                let last = past.last().map(|bin| Point::new(bin.right, self.y(bin.value)));
                self.draw_steps(line, None, past, 1.0, scene);
                self.draw_steps(line, last, next, 0.4, scene);
                if let Some(last) = past.last().filter(|_| self.axis.sees_now()) {
                    let at = Point::new(self.axis.x_now(), self.y(last.value));
                    scene.circle(Class::ChartDot, Hue::NONE, at, 2.5);
                }
            }
            Look::Bars | Look::OtherBars => {
                let bar = if look == Look::Bars { Class::ChartBar } else { Class::ChartOtherBar };
                self.draw_bars(bar, past, 1.0, scene);
                self.draw_bars(bar, next, 0.4, scene);
            }
        }
    }

    fn steps(&self, from: Option<Point>, bins: &[Bin]) -> Vec<Segment> {
        let mut steps: Vec<Segment> = from.map(Segment::Move).into_iter().collect();
        let mut last = None;
        for bin in bins {
            let y = self.y(bin.value);
            let (left, right) = (Point::new(bin.left, y), Point::new(bin.right, y));
            match (last, steps.last_mut()) {
                // A level that stays needs one line.
                (Some(value), Some(Segment::Line(end))) if value == bin.value => *end = right,
                (_, Some(_)) => steps.extend([Segment::Line(left), Segment::Line(right)]),
                (_, None) => steps.extend([Segment::Move(left), Segment::Line(right)]),
            }
            last = Some(bin.value);
        }
        steps
    }

    fn draw_steps(&self, class: Class, from: Option<Point>, bins: &[Bin], opacity: f64, scene: &mut Scene) {
        if !bins.is_empty() {
            scene.path(class, Hue::NONE, &self.steps(from, bins)).opacity(opacity);
        }
    }

    /// The ground below a line.
    fn draw_area(&self, past: &[Bin], scene: &mut Scene) {
        let (Some(first), Some(last)) = (past.first(), past.last()) else { return };
        let mut area = self.steps(None, past);
        area.extend([
            Segment::Line(Point::new(last.right, self.bottom)),
            Segment::Line(Point::new(first.left, self.bottom)),
            Segment::Close,
        ]);
        scene.path(Class::ChartArea, Hue::NONE, &area);
    }

    fn draw_bars(&self, class: Class, bins: &[Bin], opacity: f64, scene: &mut Scene) {
        let mut bars = Vec::new();
        for bin in bins.iter().filter(|bin| bin.value > 0) {
            // A pixel apart where they are wide; the shape of the second kind is narrower, so that both show.
            let wide = (bin.right - bin.left - 1.0).max(2.0);
            let left = if class == Class::ChartOtherBar { bin.left + wide * 0.5 } else { bin.left };
            let right = bin.left + wide;
            let y = self.y(bin.value).min(self.bottom - 2.0);
            bars.extend([
                Segment::Move(Point::new(left, self.bottom)),
                Segment::Line(Point::new(left, y)),
                Segment::Line(Point::new(right, y)),
                Segment::Line(Point::new(right, self.bottom)),
                Segment::Close,
            ]);
        }
        if !bars.is_empty() {
            scene.path(class, Hue::NONE, &bars).opacity(opacity);
        }
    }
}

/// The moment that values are read at: where the mouse is, else the playhead.
fn read_at(picture: &Picture, axis: &Axis) -> SimTime {
    let pointer = picture.pointer.filter(|pointer| axis.over_plot(pointer.at.x));
    pointer.map_or(picture.player.now(), |pointer| axis.time_at(pointer.at.x))
}

/// What the chart shows, and its values at the moment that is looked at.
fn draw_title(picture: &Picture, axis: &Axis, chart: Chart, (y, bin): (f64, u64), scene: &mut Scene) {
    let lang = picture.lang;
    let at = read_at(picture, axis);
    let mut x = if picture.tall() { TALL_LEFT } else { axis.left };
    let mut write = |class: Class, text: &str, gap: f64, scene: &mut Scene| {
        if x + measure::width_of(class, text) <= axis.right {
            scene.text(class, Point::new(x, y), Anchor::Start, text);
        }
        x += measure::width_of(class, text) + gap;
        x
    };
    // A narrow picture has room for all of it if nothing is wasted.
    let (first, after_sample, after_name, after) =
        if picture.tall() { (10.0, 16.0, 4.0, 8.0) } else { (20.0, 18.0, 6.0, 14.0) };
    let mut next = write(Class::Strong, chart.title().text(lang), first, scene);
    let lines = chart.lines();
    for Line { figure, look, name } in lines {
        if lines.len() > 1 {
            draw_sample(*look, Point::new(next, y - 4.0), scene);
            write(Class::Label, "", after_sample, scene);
            write(Class::Label, name.text(lang), after_name, scene);
        }
        let known = at.0 <= picture.player.ahead().now().0;
        let value = if known { value_text(picture, chart, *figure, (at, bin)) } else { "–".to_owned() };
        next = write(Class::Strong, &value, after, scene);
    }
    if chart.has_bars() {
        let length = unit_text(bin, lang);
        write(Class::Label, &MessageId::ChartBin.fill(lang, &[&length]), 0.0, scene);
    }
}

/// A figure's value at a moment: of bars how many there have been up to the playhead, or in the bin that is pointed at.
fn value_text(picture: &Picture, chart: Chart, figure: Figure, (at, bin): (SimTime, u64)) -> String {
    let series = picture.player.series();
    let value = match (chart.has_bars(), picture.pointer.is_some()) {
        (true, false) => series.count_before(figure, at.0 + 1),
        (true, true) => {
            let from = at.0 / bin * bin;
            series.value(picture.player.ahead(), figure, (from, from + bin))
        }
        (false, _) => series.value(picture.player.ahead(), figure, (at.0, at.0 + 1)),
    };
    chart.value(value, picture.lang)
}

/// How a line looks, beside its name.
fn draw_sample(look: Look, at: Point, scene: &mut Scene) {
    let end = Point::new(at.x + 14.0, at.y);
    let square = Bounds::new(at.x + 3.0, at.y - 4.0, 8.0, 8.0);
    match look {
        Look::Main => drop(scene.line(Class::ChartLine, Hue::NONE, at, end)),
        Look::Other => drop(scene.line(Class::ChartOther, Hue::NONE, at, end)),
        Look::Bars => drop(scene.rect(Class::ChartBar, Hue::NONE, square, 0.0)),
        Look::OtherBars => {
            let right = Bounds::new(square.center().x, square.y, square.width / 2.0, square.height);
            scene.rect(Class::ChartOtherBar, Hue::NONE, right, 0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_round_steps_with_room_for_their_labels() {
        #[track_caller]
        fn check(chart: Chart, largest: u64, height: f64, expect: u64) {
            assert_eq!(tick_step(chart, largest, height), expect);
        }
        check(Chart::Age, 66_075, 20.0, 70_000);
        check(Chart::Age, 66_075, 26.0, 50_000);
        check(Chart::Age, 66_075, 60.0, 20_000);
        check(Chart::Age, 0, 26.0, 100);
        check(Chart::Concurrency, 3, 20.0, 3);
        check(Chart::Concurrency, 3, 26.0, 2);
        check(Chart::Concurrency, 3, 60.0, 1);
        check(Chart::Errors, 0, 26.0, 1);
        check(Chart::Throughput, 1_000_000, 26.0, 500_000);
    }
}

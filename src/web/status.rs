//! The status line: figures with their course, and what the run kept.

use super::icon::svg;
use super::mark::{Attr, Element, Page, classy, el};
use crate::view::panels::status::{self, Kept, Metric};

/// The status line.
pub(super) fn status(page: &Page, status: &status::Status) -> Element {
    let metric = |metric: &Metric| {
        classy("div", "metric")
            .child(el("dt").child(page.say(metric.label)))
            .child(el("dd").child(&metric.value))
            .child(sparkline(&metric.course))
    };
    let kept = |kept: &Kept| {
        let (class, mark) = if kept.good { ("kept good", "✓") } else { ("kept bad", "✕") };
        classy("li", class).child(el("span").hidden().child(mark)).child(" ").child(&kept.text)
    };
    classy("footer", "status")
        .child(classy("dl", "metrics").each(&status.metrics, metric))
        .child(classy("ul", "verdicts").test_id("verdicts").each(&status.verdicts, kept))
}

/// The course of a figure, 64 × 20 pixels; drawn in tenths of a pixel.
fn sparkline(course: &[u16]) -> Element {
    const WIDTH: usize = 600;
    const BASE: usize = 180;
    const HEIGHT: usize = 150;
    let last = course.len().max(2) - 1;
    let (mut x, mut y) = (10, BASE);
    let mut line = String::new();
    for (idx, &value) in course.iter().enumerate() {
        (x, y) = (10 + idx * WIDTH / last, BASE - usize::from(value) * HEIGHT / 1000);
        line += &format!("{x},{y} ");
    }
    let area = format!("10,{BASE} {line} {x},{BASE}");
    let end = el("circle").attr(Attr::Cx, x.to_string()).attr(Attr::Cy, y.to_string()).attr(Attr::R, "20");
    svg("sparkline", "0 0 640 200", "64", "20")
        .child(el("polygon").attr(Attr::Points, area))
        .child(el("polyline").attr(Attr::Points, line))
        .child(end)
}

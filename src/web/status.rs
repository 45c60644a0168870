//! The status line: figures with their course, and what the run kept.

use yew::prelude::*;

use crate::lang::Lang;
use crate::view::panels::status::{self, Kept, Metric};

/// The status line.
pub(super) fn status(lang: Lang, status: &status::Status) -> Html {
    let metric = |metric: &Metric| {
        html! {
            <div class="metric">
                <dt>{metric.label.text(lang)}</dt>
                <dd>{&metric.value}</dd>
                {sparkline(&metric.course)}
            </div>
        }
    };
    let kept = |kept: &Kept| {
        let (class, mark) = if kept.good { ("kept good", "✓") } else { ("kept bad", "✕") };
        html! { <li {class}><span aria-hidden="true">{mark}</span>{" "}{&kept.text}</li> }
    };
    html! {
        <footer class="status">
            <dl class="metrics">{for status.metrics.iter().map(metric)}</dl>
            <ul class="verdicts" data-testid="verdicts">{for status.verdicts.iter().map(kept)}</ul>
        </footer>
    }
}

/// The course of a figure, 64 × 20 pixels; drawn in tenths of a pixel.
fn sparkline(course: &[u16]) -> Html {
    const WIDTH: usize = 600;
    const BASE: usize = 180;
    const HEIGHT: usize = 150;
    let last = course.len().max(2) - 1;
    let point =
        |(idx, &value): (usize, &u16)| (10 + idx * WIDTH / last, BASE - usize::from(value) * HEIGHT / 1000);
    let points: Vec<(usize, usize)> = course.iter().enumerate().map(point).collect();
    let line: String = points.iter().map(|(x, y)| format!("{x},{y} ")).collect();
    let (x, y) = points.last().copied().unwrap_or((10, BASE));
    html! {
        <svg class="sparkline" viewBox="0 0 640 200" width="64" height="20" aria-hidden="true">
            <polygon points={format!("10,{BASE} {line} {x},{BASE}")} />
            <polyline points={line} />
            <circle cx={x.to_string()} cy={y.to_string()} r="20" />
        </svg>
    }
}

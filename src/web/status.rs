//! The status line: figures with their course, and what the run kept.

use std::rc::Rc;

use yew::prelude::*;

use crate::lang::Lang;
use crate::view::panels::status::{self, Kept, Metric};

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) lang: Lang,
    pub(super) status: Rc<status::Status>,
}

#[component]
pub(super) fn Status(props: &Props) -> Html {
    let metric = |metric: &Metric| {
        html! {
            <div class="metric">
                <dt>{metric.label.text(props.lang)}</dt>
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
            <dl class="metrics">{for props.status.metrics.iter().map(metric)}</dl>
            <ul class="verdicts" data-testid="verdicts">{for props.status.verdicts.iter().map(kept)}</ul>
        </footer>
    }
}

/// The course of a figure, 64 × 20 pixels.
fn sparkline(course: &[f32]) -> Html {
    const WIDTH: f32 = 60.0;
    const BASE: f32 = 18.0;
    const HEIGHT: f32 = 15.0;
    let step = WIDTH / (course.len().max(2) - 1) as f32;
    let point = |(idx, value): (usize, &f32)| (1.0 + idx as f32 * step, BASE - value * HEIGHT);
    let points: Vec<(f32, f32)> = course.iter().enumerate().map(point).collect();
    let line: String = points.iter().map(|(x, y)| format!("{x:.1},{y:.1} ")).collect();
    let (x, y) = points.last().copied().unwrap_or((1.0, BASE));
    html! {
        <svg class="sparkline" viewBox="0 0 64 20" width="64" height="20" aria-hidden="true">
            <polygon points={format!("1,{BASE} {line} {x:.1},{BASE}")} />
            <polyline points={line} />
            <circle cx={format!("{x:.1}")} cy={format!("{y:.1}")} r="2" />
        </svg>
    }
}

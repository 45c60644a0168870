//! Replays a scene on a canvas.
//!
//! Looks come from `www/scene.css`: a hidden SVG element takes a class, and its computed style is read once
//! for each class and hue, and again after [`Painter::refresh_style`]. So CSS is the one source for the canvas and
//! for SVG files, and themes, contrast and forced colors work in both.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement};

use crate::view::scene::{Anchor, Bounds, Class, Form, Hue, Point, Scene, Segment, Shape, measure};

const SVG: &str = "http://www.w3.org/2000/svg";
const HUES: usize = Hue::COUNT as usize + 1;

/// How a class with a hue looks.
#[derive(Clone, Debug, Default)]
struct Look {
    fill: Option<String>,
    fill_opacity: f64,
    stroke: Option<String>,
    stroke_opacity: f64,
    stroke_width: f64,
    dashes: Vec<f64>,
    cap: String,
    join: String,
    weight: String,
    family: String,
}

/// A canvas with the looks of everything that is painted on it.
pub struct Painter {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    /// The hidden elements whose style is read: a path, and a text.
    probes: [Element; 2],
    /// By class and hue.
    looks: Vec<Option<Look>>,
    scale: f64,
    /// Whose properties the context has: a place in `looks`, and the size of the font.
    current: Option<(usize, f64)>,
}

impl Painter {
    /// A painter for a canvas; `None` where the browser gives no context.
    #[must_use]
    pub fn new(canvas: &HtmlCanvasElement) -> Option<Self> {
        let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
        let document = canvas.owner_document()?;
        let root = document.create_element_ns(Some(SVG), "svg").ok()?;
        let path = document.create_element_ns(Some(SVG), "path").ok()?;
        let text = document.create_element_ns(Some(SVG), "text").ok()?;
        set(&root, "class", "scene")?;
        set(&root, "aria-hidden", "true")?;
        set(&root, "width", "0")?;
        set(&root, "height", "0")?;
        set(&root, "style", "position:absolute;visibility:hidden")?;
        root.append_child(&path).ok()?;
        root.append_child(&text).ok()?;
        canvas.parent_element().or_else(|| document.document_element())?.append_child(&root).ok()?;
        let looks = vec![None; Class::ALL.len() * HUES];
        Some(Self { canvas: canvas.clone(), context, probes: [path, text], looks, scale: 1.0, current: None })
    }

    /// Sets the size in CSS pixels and the device's pixels for each; painting follows.
    pub fn resize(&mut self, width: f64, height: f64, device_pixel_ratio: f64) {
        let pixels = |length: f64| (length * device_pixel_ratio).round().max(1.0) as u32;
        let (wide, high) = (pixels(width), pixels(height));
        if self.canvas.width() != wide || self.canvas.height() != high {
            self.canvas.set_width(wide);
            self.canvas.set_height(high);
        }
        self.scale = device_pixel_ratio;
    }

    /// Forgets all looks: to be called when the theme, the contrast or the fonts change.
    pub fn refresh_style(&mut self) {
        self.looks.fill(None);
    }

    /// Paints a scene.
    pub fn paint(&mut self, scene: &Scene) {
        // A failing transform leaves a picture of the wrong size: nothing else can be done about it.
        let _ = self.context.set_transform(self.scale, 0.0, 0.0, self.scale, 0.0, 0.0);
        let (width, height) = (f64::from(self.canvas.width()), f64::from(self.canvas.height()));
        self.context.clear_rect(0.0, 0.0, width / self.scale, height / self.scale);
        self.current = None;
        for shape in scene.shapes() {
            self.paint_shape(scene, shape);
        }
        self.context.set_global_alpha(1.0);
    }

    fn paint_shape(&mut self, scene: &Scene, shape: &Shape) {
        let place = shape.class as usize * HUES + usize::from(shape.hue.0);
        if self.looks[place].is_none() {
            self.looks[place] = Some(self.read_look(shape.class, shape.hue));
        }
        let size = if let Form::Text { size, .. } = shape.form { size } else { 0.0 };
        let Some(look) = &self.looks[place] else { return };
        if self.current != Some((place, size)) {
            apply(&self.context, look, size);
            self.current = Some((place, size));
        }
        match shape.form {
            Form::Text { at, anchor, first, count, .. } => {
                let text = scene.text_of(first, count);
                let most = measure::width(shape.class, size, text);
                self.paint_text(look, shape.opacity, (at, anchor, most), text);
            }
            Form::Rect { bounds, radius } => {
                self.context.begin_path();
                trace_rect(&self.context, bounds, radius);
                self.finish(look, shape.opacity);
            }
            Form::Circle { center, radius } => {
                self.context.begin_path();
                let _ = self.context.arc(center.x, center.y, radius, 0.0, std::f64::consts::TAU);
                self.finish(look, shape.opacity);
            }
            Form::Path { first, count } => {
                self.context.begin_path();
                trace_path(&self.context, scene.segments(first, count));
                self.finish(look, shape.opacity);
            }
        }
    }

    fn finish(&self, look: &Look, opacity: f64) {
        if look.fill.is_some() {
            self.context.set_global_alpha(look.fill_opacity * opacity);
            self.context.fill();
        }
        if look.stroke.is_some() {
            self.context.set_global_alpha(look.stroke_opacity * opacity);
            self.context.stroke();
        }
    }

    /// A font that is wider than the layout takes fonts to be is condensed, so that no text covers another or is cut off.
    fn paint_text(&self, look: &Look, opacity: f64, (at, anchor, most): (Point, Anchor, f64), text: &str) {
        self.context.set_text_align(match anchor {
            Anchor::Start => "left",
            Anchor::Middle => "center",
            Anchor::End => "right",
        });
        if look.stroke.is_some() {
            self.context.set_global_alpha(look.stroke_opacity * opacity);
            let _ = self.context.stroke_text_with_max_width(text, at.x, at.y, most);
        }
        self.context.set_global_alpha(look.fill_opacity * opacity);
        let _ = self.context.fill_text_with_max_width(text, at.x, at.y, most);
    }

    fn read_look(&self, class: Class, hue: Hue) -> Look {
        let name = if hue == Hue::NONE {
            class.name().to_owned()
        } else {
            format!("{} hue-{}", class.name(), hue.0)
        };
        let probe = &self.probes[usize::from(class.is_text())];
        let style = set(probe, "class", &name)
            .and_then(|()| web_sys::window())
            .and_then(|window| window.get_computed_style(probe).ok().flatten());
        style.map_or_else(Look::default, |style| Look::of(&style, class))
    }
}

/// The hidden elements go with their painter.
impl Drop for Painter {
    fn drop(&mut self) {
        if let Some(root) = self.probes[0].parent_element() {
            root.remove();
        }
    }
}

impl Look {
    fn of(style: &CssStyleDeclaration, class: Class) -> Self {
        let value = |name: &str| style.get_property_value(name).unwrap_or_default();
        let color = |name: &str| Some(value(name)).filter(|color| !color.is_empty() && color != "none");
        let number = |name: &str, otherwise: f64| length(&value(name)).unwrap_or(otherwise);
        let dashes = value("stroke-dasharray");
        let text = |name: &str| if class.is_text() { value(name) } else { String::new() };
        Self {
            fill: color("fill"),
            fill_opacity: number("fill-opacity", 1.0),
            stroke: color("stroke").filter(|_| number("stroke-width", 1.0) > 0.0),
            stroke_opacity: number("stroke-opacity", 1.0),
            stroke_width: number("stroke-width", 1.0),
            dashes: dashes.split([',', ' ']).filter_map(length).collect(),
            cap: value("stroke-linecap"),
            join: value("stroke-linejoin"),
            weight: text("font-weight"),
            family: text("font-family"),
        }
    }
}

/// A number, in pixels if it has a unit. The browser reads it: Rust's own tables for that are 11 kB of the page.
fn length(text: &str) -> Option<f64> {
    Some(js_sys::parse_float(text)).filter(|number| !number.is_nan())
}

fn set(element: &Element, name: &str, value: &str) -> Option<()> {
    element.set_attribute(name, value).ok()
}

/// Sets everything that shapes of one look share.
fn apply(context: &CanvasRenderingContext2d, look: &Look, size: f64) {
    if let Some(fill) = &look.fill {
        context.set_fill_style_str(fill);
    }
    if let Some(stroke) = &look.stroke {
        context.set_stroke_style_str(stroke);
        context.set_line_width(look.stroke_width);
        context.set_line_cap(&look.cap);
        context.set_line_join(&look.join);
        let dashes: js_sys::Array = look.dashes.iter().map(|&dash| JsValue::from_f64(dash)).collect();
        let _ = context.set_line_dash(&dashes);
    }
    if size > 0.0 {
        // Tenths of a pixel, in integers: printing a float takes tables, too.
        let tenths = (size * 10.0).round() as u32;
        context.set_font(&format!("{} {}.{}px {}", look.weight, tenths / 10, tenths % 10, look.family));
    }
}

fn trace_rect(context: &CanvasRenderingContext2d, bounds: Bounds, radius: f64) {
    let Bounds { x, y, width, height } = bounds;
    let radius = radius.min(width / 2.0).min(height / 2.0);
    if radius <= 0.0 || context.round_rect_with_f64(x, y, width, height, radius).is_err() {
        context.rect(x, y, width, height);
    }
}

fn trace_path(context: &CanvasRenderingContext2d, segments: &[Segment]) {
    for segment in segments {
        match *segment {
            Segment::Move(to) => context.move_to(to.x, to.y),
            Segment::Line(to) => context.line_to(to.x, to.y),
            Segment::Cubic(a, b, to) => context.bezier_curve_to(a.x, a.y, b.x, b.y, to.x, to.y),
            Segment::Close => context.close_path(),
        }
    }
}

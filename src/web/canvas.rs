//! Replays a scene on a canvas.
//!
//! Looks come from `www/scene.css`: a hidden SVG element takes a class, and its computed style is read once
//! for each class and hue, and again after [`Painter::refresh_style`]. So CSS is the one source for the canvas and
//! for SVG files, and themes, contrast and forced colors work in both.
//!
//! Each command to the canvas costs a call out of WebAssembly, and each text in one costs decoding it. So a property is
//! set only where it changes, and texts are kept as those of JavaScript.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement};

use crate::view::scene::{Anchor, Bounds, Class, Form, Hue, Point, Scene, Segment, Shape, measure};

const SVG: &str = "http://www.w3.org/2000/svg";
const HUES: usize = Hue::COUNT as usize + 1;

#[wasm_bindgen]
extern "C" {
    /// A context's commands that are given most. `web_sys` has them, too, but decodes a text or a color at every call and
    /// catches exceptions, which none of these throws: radii are no less than 0.
    type Pencil;

    #[wasm_bindgen(method, getter, js_name = "roundRect")]
    fn has_round_rect(this: &Pencil) -> JsValue;
    #[wasm_bindgen(method, js_name = "roundRect")]
    fn round_rect(this: &Pencil, x: f64, y: f64, width: f64, height: f64, radius: f64);
    #[wasm_bindgen(method)]
    fn arc(this: &Pencil, x: f64, y: f64, radius: f64, from: f64, to: f64);
    #[wasm_bindgen(method, js_name = "fillText")]
    fn fill_text(this: &Pencil, text: &JsValue, x: f64, y: f64, width_most: f64);
    #[wasm_bindgen(method, js_name = "strokeText")]
    fn stroke_text(this: &Pencil, text: &JsValue, x: f64, y: f64, width_most: f64);
    #[wasm_bindgen(method, setter, js_name = "fillStyle")]
    fn set_fill_style(this: &Pencil, color: &JsValue);
    #[wasm_bindgen(method, setter, js_name = "strokeStyle")]
    fn set_stroke_style(this: &Pencil, color: &JsValue);
    #[wasm_bindgen(method, setter, js_name = "lineCap")]
    fn set_line_cap(this: &Pencil, cap: &JsValue);
    #[wasm_bindgen(method, setter, js_name = "lineJoin")]
    fn set_line_join(this: &Pencil, join: &JsValue);
    #[wasm_bindgen(method, setter, js_name = "font")]
    fn set_font(this: &Pencil, font: &JsValue);
    #[wasm_bindgen(method, setter, js_name = "textAlign")]
    fn set_text_align(this: &Pencil, align: &JsValue);
}

/// How a class with a hue looks.
#[derive(Clone, Debug, Default)]
struct Look {
    /// The color, by its place in the painter's words.
    fill: Option<usize>,
    fill_opacity: f64,
    /// The same.
    stroke: Option<usize>,
    stroke_opacity: f64,
    line: Line,
    weight: String,
    family: String,
}

/// How a line looks besides its color.
#[derive(Clone, Debug, Default, PartialEq)]
struct Line {
    width: f64,
    dashes: Vec<f64>,
    /// Words.
    cap: usize,
    join: usize,
}

/// Colors and other words of CSS, each once, with what it is in JavaScript.
type Words = Vec<(String, JsValue)>;

fn place_in(words: &mut Words, word: String) -> usize {
    words.iter().position(|(known, _)| *known == word).unwrap_or_else(|| {
        let value = JsValue::from_str(&word);
        words.push((word, value));
        words.len() - 1
    })
}

/// Texts as JavaScript has them: of those with the same place, the latest.
struct Texts(Vec<(String, JsValue)>);

impl Texts {
    /// Places: more than there are texts in a picture.
    const PLACES: usize = 512;

    fn new() -> Self {
        Self(vec![(String::new(), JsValue::from_str("")); Self::PLACES])
    }

    fn get(&mut self, text: &str) -> &JsValue {
        let fold = |hash: u32, &byte: &u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        let hash = text.as_bytes().iter().fold(0x811c_9dc5, fold);
        let (known, value) = &mut self.0[hash as usize % Self::PLACES];
        if known != text {
            text.clone_into(known);
            *value = JsValue::from_str(text);
        }
        value
    }
}

/// A canvas with the looks of everything that is painted on it.
pub struct Painter {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    /// The context once more.
    pencil: Pencil,
    /// Whether the browser knows rectangles with round corners.
    rounds: bool,
    /// The hidden elements whose style is read: a path, and a text.
    probes: [Element; 2],
    /// By class and hue.
    looks: Vec<Option<Look>>,
    words: Words,
    /// By look and size in tenths of a pixel.
    fonts: Vec<((usize, u32), JsValue)>,
    texts: Texts,
    /// By anchor.
    aligns: [JsValue; 3],
    /// The canvas's pixels, and how many there are for each CSS pixel.
    size: (u32, u32),
    scale: f64,
    pen: Pen,
}

/// What the context is set to.
#[derive(Clone, Copy, Default, PartialEq)]
struct Pen {
    /// Colors.
    fill: Option<usize>,
    stroke: Option<usize>,
    /// The look whose line it is.
    line: Option<usize>,
    /// The look whose font it is, and its size in tenths of a pixel.
    font: Option<(usize, u32)>,
    opacity: Option<f64>,
    anchor: Option<Anchor>,
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
        let (canvas, pen) = (canvas.clone(), Pen::default());
        let pencil: Pencil = context.clone().unchecked_into();
        let rounds = !pencil.has_round_rect().is_undefined();
        let (probes, texts) = ([path, text], Texts::new());
        let (words, fonts) = (Words::new(), Vec::new());
        // In the order of `Anchor`.
        let aligns = ["left", "center", "right"].map(JsValue::from_str);
        let (size, scale) = ((canvas.width(), canvas.height()), 1.0);
        Some(Self {
            canvas,
            context,
            pencil,
            rounds,
            probes,
            looks,
            words,
            fonts,
            texts,
            aligns,
            size,
            scale,
            pen,
        })
    }

    /// Sets the size in CSS pixels and the device's pixels for each; painting follows.
    pub fn resize(&mut self, width: f64, height: f64, device_pixel_ratio: f64) {
        let pixels = |length: f64| (length * device_pixel_ratio).round().max(1.0) as u32;
        let size = (pixels(width), pixels(height));
        if self.size != size {
            self.size = size;
            self.canvas.set_width(size.0);
            self.canvas.set_height(size.1);
        }
        self.scale = device_pixel_ratio;
    }

    /// Forgets all looks: to be called when the theme, the contrast or the fonts change.
    pub fn refresh_style(&mut self) {
        self.looks.fill(None);
        self.words.clear();
        self.fonts.clear();
    }

    /// Paints a scene.
    pub fn paint(&mut self, scene: &Scene) {
        // A failing transform leaves a picture of the wrong size: nothing else can be done about it.
        let _ = self.context.set_transform(self.scale, 0.0, 0.0, self.scale, 0.0, 0.0);
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        self.context.clear_rect(0.0, 0.0, width / self.scale, height / self.scale);
        // A canvas that got another size has lost what it was set to.
        self.pen = Pen::default();
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
        let Self { context, pencil, pen, looks, words, fonts, texts, rounds, aligns, .. } = self;
        let Some(look) = &looks[place] else { return };
        let mut brush =
            Brush { context, pencil, pen, looks, words, aligns, look, place, opacity: shape.opacity };
        match shape.form {
            Form::Text { at, anchor, size, first, count } => {
                let text = scene.text_of(first, count);
                let most = measure::width(shape.class, size, text);
                brush.font(size, fonts);
                brush.text(at, anchor, most, texts.get(text));
            }
            // Too small for its corners to be seen.
            Form::Rect { bounds, radius } if radius <= 1.0 && look.stroke.is_none() => {
                brush.plain_rect(bounds)
            }
            Form::Rect { bounds, radius } => {
                context.begin_path();
                let Bounds { x, y, width, height } = bounds;
                let radius = radius.min(width / 2.0).min(height / 2.0);
                if radius > 0.0 && *rounds {
                    pencil.round_rect(x, y, width, height, radius);
                } else {
                    context.rect(x, y, width, height);
                }
                brush.finish();
            }
            Form::Circle { center, radius } => {
                context.begin_path();
                pencil.arc(center.x, center.y, radius.max(0.0), 0.0, std::f64::consts::TAU);
                brush.finish();
            }
            Form::Path { first, count } => {
                context.begin_path();
                trace_path(context, scene.segments(first, count));
                brush.finish();
            }
        }
    }

    fn read_look(&mut self, class: Class, hue: Hue) -> Look {
        let name = if hue == Hue::NONE {
            class.name().to_owned()
        } else {
            format!("{} hue-{}", class.name(), hue.0)
        };
        let probe = &self.probes[usize::from(class.is_text())];
        let style = set(probe, "class", &name)
            .and_then(|()| web_sys::window())
            .and_then(|window| window.get_computed_style(probe).ok().flatten());
        style.map_or_else(Look::default, |style| Look::of(&style, class, &mut self.words))
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
    fn of(style: &CssStyleDeclaration, class: Class, words: &mut Words) -> Self {
        let value = |name: &str| style.get_property_value(name).unwrap_or_default();
        let mut color = |name: &str| {
            let color = Some(value(name)).filter(|color| !color.is_empty() && color != "none")?;
            Some(place_in(words, color))
        };
        let (fill, stroke) = (color("fill"), color("stroke"));
        let number = |name: &str, otherwise: f64| length(&value(name)).unwrap_or(otherwise);
        let dashes = value("stroke-dasharray");
        let text = |name: &str| if class.is_text() { value(name) } else { String::new() };
        Self {
            fill,
            fill_opacity: number("fill-opacity", 1.0),
            stroke: stroke.filter(|_| number("stroke-width", 1.0) > 0.0),
            stroke_opacity: number("stroke-opacity", 1.0),
            line: Line {
                width: number("stroke-width", 1.0),
                dashes: dashes.split([',', ' ']).filter_map(length).collect(),
                cap: place_in(words, value("stroke-linecap")),
                join: place_in(words, value("stroke-linejoin")),
            },
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

/// A context that paints with one look.
struct Brush<'a> {
    context: &'a CanvasRenderingContext2d,
    pencil: &'a Pencil,
    pen: &'a mut Pen,
    looks: &'a [Option<Look>],
    words: &'a Words,
    aligns: &'a [JsValue; 3],
    look: &'a Look,
    place: usize,
    opacity: f64,
}

impl Brush<'_> {
    fn opacity(&mut self, of_look: f64) {
        let opacity = of_look * self.opacity;
        if self.pen.opacity.replace(opacity) != Some(opacity) {
            self.context.set_global_alpha(opacity);
        }
    }

    /// Makes ready to fill; false where the look fills nothing.
    fn fills(&mut self) -> bool {
        let Some(fill) = self.look.fill else { return false };
        if self.pen.fill.replace(fill) != Some(fill) {
            self.pencil.set_fill_style(&self.words[fill].1);
        }
        self.opacity(self.look.fill_opacity);
        true
    }

    /// Makes ready to stroke; false where the look has no line.
    fn strokes(&mut self) -> bool {
        let look = self.look;
        let Some(stroke) = look.stroke else { return false };
        if self.pen.stroke.replace(stroke) != Some(stroke) {
            self.pencil.set_stroke_style(&self.words[stroke].1);
        }
        let before = self.pen.line.replace(self.place);
        let before = before.and_then(|before| self.looks[before].as_ref()).map(|before| &before.line);
        if before != Some(&look.line) {
            self.line(&look.line, before);
        }
        self.opacity(look.stroke_opacity);
        true
    }

    /// Sets what of a line is not as before.
    fn line(&self, line: &Line, before: Option<&Line>) {
        if before.is_none_or(|before| before.width != line.width) {
            self.context.set_line_width(line.width);
        }
        if before.is_none_or(|before| before.cap != line.cap) {
            self.pencil.set_line_cap(&self.words[line.cap].1);
        }
        if before.is_none_or(|before| before.join != line.join) {
            self.pencil.set_line_join(&self.words[line.join].1);
        }
        if before.is_none_or(|before| before.dashes != line.dashes) {
            let dashes: js_sys::Array = line.dashes.iter().map(|&dash| JsValue::from_f64(dash)).collect();
            let _ = self.context.set_line_dash(&dashes);
        }
    }

    /// Fills and strokes the path.
    fn finish(&mut self) {
        if self.fills() {
            self.context.fill();
        }
        if self.strokes() {
            self.context.stroke();
        }
    }

    fn plain_rect(&mut self, bounds: Bounds) {
        if self.fills() {
            self.context.fill_rect(bounds.x, bounds.y, bounds.width, bounds.height);
        }
    }

    /// Sets the look's font in a size.
    fn font(&mut self, size: f64, fonts: &mut Vec<((usize, u32), JsValue)>) {
        // Tenths of a pixel, in integers: printing a float takes tables.
        let font = (self.place, (size * 10.0).round() as u32);
        if self.pen.font.replace(font) == Some(font) {
            return;
        }
        let place = fonts.iter().position(|(known, _)| *known == font).unwrap_or_else(|| {
            let (Look { weight, family, .. }, (_, tenths)) = (self.look, font);
            let text = format!("{weight} {}.{}px {family}", tenths / 10, tenths % 10);
            fonts.push((font, JsValue::from_str(&text)));
            fonts.len() - 1
        });
        self.pencil.set_font(&fonts[place].1);
    }

    /// A text. A font that is wider than the layout takes fonts to be is condensed to what that takes it to be, so that no
    /// text covers another or is cut off.
    fn text(&mut self, at: Point, anchor: Anchor, most: f64, text: &JsValue) {
        if self.pen.anchor.replace(anchor) != Some(anchor) {
            self.pencil.set_text_align(&self.aligns[anchor as usize]);
        }
        if self.strokes() {
            self.pencil.stroke_text(text, at.x, at.y, most);
        }
        if self.fills() {
            self.pencil.fill_text(text, at.x, at.y, most);
        }
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

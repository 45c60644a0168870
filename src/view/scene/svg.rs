//! A scene as a standalone SVG document, for golden tests and posters. Looks come from `www/scene.css` by class.

use std::fmt::{Display, Formatter, Result, Write};

use super::{Anchor, Form, Point, Scene, Segment, Shape};

impl Scene {
    /// The scene as SVG; the same scene gives the same bytes.
    #[must_use]
    pub fn write_svg(&self) -> String {
        let (width, height) = (Number(self.width), Number(self.height));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"scene\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">\n"
        );
        for shape in &self.shapes {
            // Writing to a `String` cannot fail.
            let _ = self.write_shape(&mut svg, shape);
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn write_shape(&self, svg: &mut String, shape: &Shape) -> Result {
        match shape.form {
            Form::Rect { bounds, radius } => {
                let (x, y) = (Number(bounds.x), Number(bounds.y));
                let (width, height) = (Number(bounds.width), Number(bounds.height));
                write!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")?;
                if radius > 0.0 {
                    write!(svg, " rx=\"{}\"", Number(radius))?;
                }
            }
            Form::Circle { center, radius } => {
                let (x, y, radius) = (Number(center.x), Number(center.y), Number(radius));
                write!(svg, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"")?;
            }
            Form::Path { first, count } => {
                svg.push_str("<path d=\"");
                for segment in self.segments(first, count) {
                    write!(svg, "{}", Step(*segment))?;
                }
                svg.push('"');
            }
            Form::Text { at, size, anchor, .. } => {
                let (x, y, size) = (Number(at.x), Number(at.y), Number(size));
                write!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"")?;
                match anchor {
                    Anchor::Start => {}
                    Anchor::Middle => svg.push_str(" text-anchor=\"middle\""),
                    Anchor::End => svg.push_str(" text-anchor=\"end\""),
                }
            }
        }
        write!(svg, " class=\"{}", shape.class.name())?;
        if shape.hue.0 > 0 {
            write!(svg, " hue-{}", shape.hue.0)?;
        }
        svg.push('"');
        if shape.opacity < 1.0 {
            write!(svg, " opacity=\"{}\"", Number(shape.opacity))?;
        }
        if let Form::Text { first, count, .. } = shape.form {
            writeln!(svg, ">{}</text>", Escaped(self.text_of(first, count)))
        } else {
            writeln!(svg, "/>")
        }
    }
}

/// A number with at most three decimals.
struct Number(f64);

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let rounded = (self.0 * 1000.0).round() / 1000.0;
        // No minus before a zero.
        write!(f, "{}", if rounded == 0.0 { 0.0 } else { rounded })
    }
}

struct Step(Segment);

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let pair = |f: &mut Formatter<'_>, point: Point| write!(f, "{} {}", Number(point.x), Number(point.y));
        match self.0 {
            Segment::Move(to) => {
                f.write_char('M')?;
                pair(f, to)
            }
            Segment::Line(to) => {
                f.write_char('L')?;
                pair(f, to)
            }
            Segment::Cubic(first, second, to) => {
                f.write_char('C')?;
                pair(f, first)?;
                f.write_char(' ')?;
                pair(f, second)?;
                f.write_char(' ')?;
                pair(f, to)
            }
            Segment::Close => f.write_char('Z'),
        }
    }
}

struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::view::scene::{Anchor, Bounds, Class, Hue, Point, Scene};

    #[test]
    fn numbers_are_rounded_and_texts_escaped() {
        let mut scene = Scene::default();
        scene.clear(20.0, 10.5);
        scene.rect(Class::Card, Hue::NONE, Bounds::new(1.0 / 3.0, -0.000_1, 2.0, 3.0), 1.5);
        scene.text(Class::Label, Point::new(1.0, 2.0), Anchor::End, "<k&>").opacity(0.25);
        scene.line(Class::Thread, Hue::of(9), Point::default(), Point::new(4.0, 5.0));
        let expect = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"scene\" width=\"20\" height=\"10.5\" \
                      viewBox=\"0 0 20 10.5\">\n\
                      <rect x=\"0.333\" y=\"0\" width=\"2\" height=\"3\" rx=\"1.5\" class=\"card\"/>\n\
                      <text x=\"1\" y=\"2\" font-size=\"12\" text-anchor=\"end\" class=\"label\" \
                      opacity=\"0.25\">&lt;k&amp;&gt;</text>\n\
                      <path d=\"M0 0L4 5\" class=\"thread hue-2\"/>\n</svg>\n";
        assert_eq!(scene.write_svg(), expect);
    }
}

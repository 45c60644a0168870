//! How wide a text is, estimated: the layout is pure and knows no fonts.
//!
//! The widths are those of a rather wide system font, so that what fits here fits on the screen.

use super::Class;

/// Width of a monospaced character, in ems.
const MONO_EM: f64 = 0.61;
/// How much wider semi-bold is.
const BOLD: f64 = 1.05;

/// Estimated width of a text in pixels.
#[must_use]
pub fn width(class: Class, size: f64, text: &str) -> f64 {
    let em: f64 = if class.is_mono() {
        text.chars().map(|c| if is_wide(c) { 1.0 } else { MONO_EM }).sum()
    } else {
        text.chars().map(advance).sum::<f64>() * if class.is_bold() { BOLD } else { 1.0 }
    };
    em * size
}

/// Estimated width of a text of the class's own size.
#[must_use]
pub fn width_of(class: Class, text: &str) -> f64 {
    width(class, class.font_size(), text)
}

/// Width of a character of a sans-serif font, in ems.
fn advance(c: char) -> f64 {
    match c {
        _ if is_wide(c) => 1.0,
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.29,
        ' ' => 0.31,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 0.39,
        'm' | 'w' | 'M' | 'W' | '%' => 0.9,
        'A'..='Z' => 0.69,
        _ => 0.6,
    }
}

/// Whether a character fills a square, as Japanese ones do.
#[must_use]
pub fn is_wide(c: char) -> bool {
    c >= '\u{2e80}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_grow_with_text_and_weight() {
        let label = width_of(Class::Label, "34 waiting");
        assert!((55.0..75.0).contains(&label), "{label}");
        assert!(width_of(Class::Strong, "34 waiting") > label);
        assert_eq!(width_of(Class::Label, "待機中"), 36.0);
        assert_eq!(width_of(Class::Mono, "c4ca"), 4.0 * 0.61 * 11.0);
    }
}

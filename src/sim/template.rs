//! `Data` templates: what the data of a producer's records is made of.

use crate::units::SimTime;

/// A `Data` template: text with `{n}`, `{n:04}`, `{key}`, `{t}` and `{record}` in it.
#[derive(Clone, Debug)]
pub struct Template(Vec<Segment>);

#[derive(Clone, Debug)]
enum Segment {
    Text(String),
    Number { width: usize },
    Key,
    Arrival,
    Record,
}

/// What a template is filled with.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'a> {
    /// The key's records counted from 1 in arrival order.
    pub number: u32,
    /// The partition key.
    pub key: &'a str,
    /// Arrival.
    pub arrival: SimTime,
    /// Index in the stream, from 0.
    pub record: u32,
}

impl Template {
    /// Reads a template; braces that are none of its forms stay text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut segments = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            plain.push_str(&rest[..open]);
            let form =
                rest[open + 1..].split_once('}').and_then(|(form, after)| Some((segment(form)?, after)));
            if let Some((segment, after)) = form {
                segments.push(Segment::Text(std::mem::take(&mut plain)));
                segments.push(segment);
                rest = after;
            } else {
                plain.push('{');
                rest = &rest[open + 1..];
            }
        }
        plain.push_str(rest);
        segments.push(Segment::Text(plain));
        Self(segments)
    }

    /// The text for one record.
    #[must_use]
    pub fn fill(&self, filling: Filling) -> String {
        let mut text = String::new();
        for segment in &self.0 {
            match segment {
                Segment::Text(plain) => text.push_str(plain),
                Segment::Number { width } => text.push_str(&format!("{:0width$}", filling.number)),
                Segment::Key => text.push_str(filling.key),
                Segment::Arrival => text.push_str(&filling.arrival.0.to_string()),
                Segment::Record => text.push_str(&filling.record.to_string()),
            }
        }
        text
    }
}

fn segment(form: &str) -> Option<Segment> {
    match form {
        "n" => Some(Segment::Number { width: 0 }),
        "key" => Some(Segment::Key),
        "t" => Some(Segment::Arrival),
        "record" => Some(Segment::Record),
        other => {
            let digits = other.strip_prefix("n:0")?;
            let digit = digits.len() == 1 && digits.as_bytes()[0].is_ascii_digit();
            digit.then(|| Segment::Number { width: usize::from(digits.as_bytes()[0] - b'0') })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_replace_their_forms_only() {
        #[track_caller]
        fn check(template: &str, expect: &str) {
            let filling = Filling { number: 7, key: "k", arrival: SimTime(1250), record: 31 };
            assert_eq!(Template::parse(template).fill(filling), expect);
        }
        check("{n}", "7");
        check("{\"todoId\":\"t01-{n:04}\"}", "{\"todoId\":\"t01-0007\"}");
        check("{key}/{t}/{record}{", "k/1250/31{");
        check("{x} {n:4} {n:012} {}", "{x} {n:4} {n:012} {}");
        check("", "");
    }
}

//! The shorthand of lists, structures and maps: `key=value,key=[a,b],key={inner=value}`.
//!
//! AWS: CLI user guide, "Using shorthand syntax with the AWS CLI", read 2026-11-22.

use serde_json::{Map, Value};

/// What is wrong with a text, with the place as the command line shows it.
pub(super) type Wrong = String;

/// Reads `key=value,…`. All scalars are texts; `key=a,b` is a list.
pub(super) fn parse(text: &str) -> Result<Value, Wrong> {
    let mut parser = Parser { chars: text.chars().collect(), at: 0 };
    let mut entries = Map::new();
    loop {
        let at = parser.at;
        let key = parser.key()?;
        parser.expect('=')?;
        let value = parser.values()?;
        if entries.contains_key(&key) {
            let reason = format!("Second instance of key \"{key}\" encountered for input:");
            let hint = "\nThis is often because there is a preceding \",\" instead of a space.";
            return Err(parser.wrong(&reason, at) + hint);
        }
        entries.insert(key, value);
        if parser.peek().is_none() {
            return Ok(Value::Object(entries));
        }
        parser.expect(',')?;
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Steps over `expected` and the spaces after it.
    fn expect(&mut self, expected: char) -> Result<(), Wrong> {
        if self.peek() != Some(expected) {
            let received = self.peek().map_or_else(|| "EOF".to_owned(), String::from);
            let reason = format!("Expected: '{expected}', received: '{received}' for input:");
            return Err(self.wrong(&reason, self.at));
        }
        self.at += 1;
        self.skip_spaces();
        Ok(())
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn key(&mut self) -> Result<String, Wrong> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.#/:@".contains(c);
        let start = self.at;
        while self.peek().is_some_and(allowed) {
            self.at += 1;
        }
        let key: String = self.chars[start..self.at].iter().collect();
        self.skip_spaces();
        Ok(key)
    }

    /// One value, or several with commas between: a value before `=` is the next key instead.
    fn values(&mut self) -> Result<Value, Wrong> {
        let first = self.value()?;
        let mut values = vec![first];
        while self.peek() == Some(',') && !self.key_follows() {
            self.at += 1;
            self.skip_spaces();
            if self.peek().is_some() {
                values.push(self.value()?);
            }
        }
        let single = values.len() == 1;
        Ok(if single { values.swap_remove(0) } else { Value::Array(values) })
    }

    /// Whether `, key =` comes next.
    fn key_follows(&self) -> bool {
        let rest = &self.chars[self.at + 1..];
        let stop = rest.iter().position(|c| ",='\"[{".contains(*c));
        stop.is_some_and(|stop| rest[stop] == '=')
    }

    fn value(&mut self) -> Result<Value, Wrong> {
        match self.peek() {
            Some('[') => self.list(),
            Some('{') => self.map(),
            Some(quote @ ('\'' | '"')) => self.quoted(quote).map(Value::String),
            _ => Ok(Value::String(self.plain(","))),
        }
    }

    /// A text up to one of `stops`; a backslash escapes one.
    fn plain(&mut self, stops: &str) -> String {
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|&c| !stops.contains(c)) {
            self.at += 1;
            match self.peek() {
                Some(next) if c == '\\' && stops.contains(next) => {
                    self.at += 1;
                    text.push(next);
                }
                _ => text.push(c),
            }
        }
        text.truncate(text.trim_end().len());
        text
    }

    fn quoted(&mut self, quote: char) -> Result<String, Wrong> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else {
                let name = if quote == '"' { "double" } else { "single" };
                let reason = format!("Expected: '<{name} quoted>', received: '<none>' for input:");
                return Err(self.wrong(&reason, start));
            };
            self.at += 1;
            match self.peek() {
                Some(next) if c == '\\' && (next == quote || next == '\\') => {
                    self.at += 1;
                    text.push(next);
                }
                _ if c == quote => break,
                _ => text.push(c),
            }
        }
        self.skip_spaces();
        Ok(text)
    }

    fn list(&mut self) -> Result<Value, Wrong> {
        self.expect('[')?;
        let mut items = Vec::new();
        while self.peek() != Some(']') {
            items.push(self.inner(",]")?);
            if self.peek() != Some(']') {
                self.expect(',')?;
            }
        }
        self.expect(']')?;
        Ok(Value::Array(items))
    }

    fn map(&mut self) -> Result<Value, Wrong> {
        self.expect('{')?;
        let mut entries = Map::new();
        while self.peek() != Some('}') {
            let key = self.key()?;
            self.expect('=')?;
            let value = self.inner(",}")?;
            entries.insert(key, value);
            if self.peek() != Some('}') {
                self.expect(',')?;
            }
        }
        self.expect('}')?;
        Ok(Value::Object(entries))
    }

    /// A value inside brackets. Their depth is bounded by the line's length and each level costs one character;
    /// a line nested too deep for the stack is refused before it is read.
    fn inner(&mut self, stops: &str) -> Result<Value, Wrong> {
        match self.peek() {
            Some('[' | '{' | '\'' | '"') => self.value(),
            _ => Ok(Value::String(self.plain(stops))),
        }
    }

    /// The reason, the input, and a mark below the place.
    fn wrong(&self, reason: &str, at: usize) -> Wrong {
        let text: String = self.chars.iter().collect();
        format!("{reason}\n{text}\n{}^", " ".repeat(at))
    }
}

/// Whether brackets are nested deeper than [`DEPTH_MAX`].
pub(super) fn is_too_deep(text: &str) -> bool {
    let mut depth = 0u32;
    text.chars().any(|c| {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEPTH_MAX
    })
}

/// Most levels of brackets, also of JSON. Own limit.
const DEPTH_MAX: u32 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let found = parse(text).map_or_else(|wrong| wrong, |value| value.to_string());
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn shorthand_is_read() {
        check("StreamMode=ON_DEMAND", r#"{"StreamMode":"ON_DEMAND"}"#);
        check("Data=eA==,PartitionKey=a", r#"{"Data":"eA==","PartitionKey":"a"}"#);
        check("a=b, c = d", r#"{"a":"b","c":"d"}"#);
        check("a=b,c,d=e", r#"{"a":["b","c"],"d":"e"}"#);
        check("a=[b,c],d={e=f,g=[h]}", r#"{"a":["b","c"],"d":{"e":"f","g":["h"]}}"#);
        check(r#"a="b,c=d",e='f'"#, r#"{"a":"b,c=d","e":"f"}"#);
        check(r"a=b\,c", r#"{"a":"b,c"}"#);
        check("a=", r#"{"a":""}"#);
        check("a=[]", r#"{"a":[]}"#);
    }

    #[test]
    fn the_place_of_a_mistake_is_shown() {
        check("Foo", "Expected: '=', received: 'EOF' for input:\nFoo\n   ^");
        check(",", "Expected: '=', received: ',' for input:\n,\n^");
        check("a=[b", "Expected: ',', received: 'EOF' for input:\na=[b\n    ^");
        check("a=\"b", "Expected: '<double quoted>', received: '<none>' for input:\na=\"b\n  ^");
        let hint = "This is often because there is a preceding \",\" instead of a space.";
        check(
            "a=b,a=c",
            &format!("Second instance of key \"a\" encountered for input:\na=b,a=c\n    ^\n{hint}"),
        );
        assert!(!is_too_deep(&"[".repeat(64)) && is_too_deep(&"{".repeat(65)));
    }
}

//! Splits a command into words as a POSIX shell does: quotes, escapes, continued lines, comments.

/// The words of a simple command.
///
/// # Errors
/// A quote that is not closed, a second command, or syntax that only a real shell has: pipes, redirections,
/// expansions. The text is what goes to standard error.
pub fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return Err(unclosed('\'')),
                    }
                }
            }
            '"' => double_quoted(&mut chars, word.get_or_insert_default())?,
            '\\' => match chars.next() {
                Some('\n') => {}
                Some(c) => word.get_or_insert_default().push(c),
                None => word.get_or_insert_default().push('\\'),
            },
            '#' if word.is_none() => while chars.next_if(|&c| c != '\n').is_some() {},
            '\n' => {
                words.extend(word.take());
                let rest: String = if words.is_empty() { String::new() } else { chars.by_ref().collect() };
                if rest.lines().map(str::trim_start).any(|line| !line.is_empty() && !line.starts_with('#')) {
                    return Err("this console runs one command at a time\n".to_owned());
                }
            }
            '|' | '&' | ';' | '<' | '>' | '(' | ')' | '$' | '`' => return Err(unsupported(c)),
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Reads the rest of a text in double quotes, in which a backslash escapes `"`, `\`, `$`, a backtick or the end of
/// the line, and is itself elsewhere.
fn double_quoted(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    word: &mut String,
) -> Result<(), String> {
    while let Some(c) = chars.next() {
        match c {
            '"' => return Ok(()),
            '$' | '`' => return Err(unsupported(c)),
            '\\' => match chars.next_if(|&c| "\"\\$`\n".contains(c)) {
                Some('\n') => {}
                Some(c) => word.push(c),
                None => word.push('\\'),
            },
            c => word.push(c),
        }
    }
    Err(unclosed('"'))
}

fn unclosed(quote: char) -> String {
    format!("unexpected EOF while looking for matching `{quote}'\n")
}

fn unsupported(c: char) -> String {
    format!("unquoted `{c}': this console runs single commands, without pipes, redirections and expansions\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        #[track_caller]
        fn check(line: &str, expect: &[&str]) {
            assert_eq!(split(line).unwrap(), expect, "{line}");
        }
        check("", &[]);
        check(" \n aws \t kinesis list-streams \n# done\n\n", &["aws", "kinesis", "list-streams"]);
        check(r#"a "b c" 'd "e"' f\ g ''"#, &["a", "b c", "d \"e\"", "f g", ""]);
        check(r#"--data "{\"a\":\"\\n\"}" x"y"'z'"#, &["--data", r#"{"a":"\n"}"#, "xyz"]);
        check(r#""\a" '\'"#, &[r"\a", r"\"]);
        check("# first\naws \\\n  kinesis \\\nlist-streams # a comment", &["aws", "kinesis", "list-streams"]);
        check("a#b 'é'", &["a#b", "é"]);
    }

    #[test]
    fn what_only_a_shell_can_do_is_refused() {
        for line in
            ["a 'b", "a \"b", "a \"b'", "a | b", "a > b", "a; b", "echo $HOME", "\"`x`\"", "a && b", "a\nb"]
        {
            assert!(split(line).is_err(), "{line}");
        }
    }
}

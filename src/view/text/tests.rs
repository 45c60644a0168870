//! Every text is there in both languages.

use super::*;

#[test]
fn both_languages_take_the_same_arguments() {
    for &id in MessageId::ALL {
        let arguments = |lang| {
            let text = id.text(lang);
            assert!(!text.is_empty(), "{id:?}");
            let mut found: Vec<&str> = text.match_indices('{').map(|(at, _)| &text[at..at + 3]).collect();
            found.sort_unstable();
            found.dedup();
            found.iter().map(|form| form.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(arguments(Lang::En), arguments(Lang::Ja), "{id:?}");
    }
}

//! Every text is there in both languages.

use super::*;

#[test]
fn both_languages_take_the_same_arguments() {
    for &id in MessageId::ALL {
        let arguments = |lang| {
            let text = id.text(lang);
            assert!(!text.is_empty(), "{id:?}");
            let mut found: Vec<&str> = text.match_indices('{').map(|(at, _)| &text[at..at + 2]).collect();
            found.sort_unstable();
            found.dedup();
            found.iter().map(|form| form.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(arguments(Lang::En), arguments(Lang::Ja), "{id:?}");
    }
}

#[test]
fn one_thing_has_no_plural() {
    let text = |count: u32| MessageId::ProducerRecords.fill(Lang::En, &[&count]);
    assert_eq!(
        [0, 1, 2, 11].map(text),
        ["0 listed records", "1 listed record", "2 listed records", "11 listed records"]
    );
}

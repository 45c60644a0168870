//! The sentence and the five figures above the picture.

use super::caption;
use super::layout::{Flow, Layout};
use super::state::State;
use super::tray::{self, Told};
use crate::lang::Lang;
use crate::view::scene::{Anchor, Class, Hue, Point, Scene, measure};
use crate::view::text::MessageId;

/// Draws the sentence and the figures.
pub(super) fn draw(state: &State, layout: &Layout, scene: &mut Scene) {
    draw_sentence(state, layout, scene);
    let lang = state.picture.lang;
    let heading = &layout.heading;
    let figures = figures(state);
    // The last label may be wider than its column.
    let mut columns = heading.columns;
    columns[4] =
        columns[4].min(heading.right + 12.0 - measure::width_of(Class::Label, figures[4].0.text(lang)));
    if let (false, (_, number, [Some(extra), _])) = (state.picture.tall(), &figures[4]) {
        columns[4] = moved(columns, heading.right + 12.0, &grouped(*number), extra);
    }
    for (place, (label, number, extras)) in figures.into_iter().enumerate() {
        let x = columns[place];
        let end = columns.get(place + 1).map_or(heading.right + 12.0, |next| next - 8.0);
        let label = label.text(lang).to_owned();
        // Among several mappings the function tells the one that is drawn.
        let named = (place == WAITING).then(|| function(state).map(|name| format!("{label} · {name}")));
        let named = fitting(Class::Label, end - x, named.flatten()).unwrap_or(label);
        scene.text(Class::Label, Point::new(x, heading.labels), Anchor::Start, named);
        let number = grouped(number);
        let width = measure::width_of(Class::Figure, &number);
        let (at, shrunk) = (Point::new(x, heading.figures), ((end - x) / width).min(1.0));
        let size = (Class::Figure.font_size() * shrunk).floor();
        scene.text_sized(Class::Figure, Hue::NONE, size, at, Anchor::Start, &number);
        let from = x + width * shrunk + 8.0;
        let beside = fitting(Class::Label, end - from, extras.iter().flatten().cloned());
        if layout.flow == Flow::Down && beside != extras[0] {
            draw_below(extras[0].clone(), (x, end), heading.figures, scene);
        }
        if let Some(extra) = beside {
            scene.text(Class::Label, Point::new(from, heading.figures), Anchor::Start, extra);
        }
    }
}

/// Where the last figure begins: somewhat to the left of its column, where what stands beside it needs that.
fn moved(columns: [f64; 5], right: f64, number: &str, extra: &str) -> f64 {
    const MOST: f64 = 0.25;
    let wide = measure::width_of(Class::Figure, number) + 9.0 + measure::width_of(Class::Label, extra);
    let least = columns[4] - (columns[4] - columns[3]) * MOST;
    columns[4].min((right - wide).max(least))
}

/// Writes below a figure what does not fit beside it, where records fall: so that no record is left out of the sum.
fn draw_below(extra: Option<String>, (left, right): (f64, f64), figures: f64, scene: &mut Scene) {
    if let Some(extra) = fitting(Class::Label, right - left, extra) {
        scene.text(Class::Label, Point::new(left, figures + 13.0), Anchor::Start, extra);
    }
}

/// Place of the figure that stands above the lanes.
const WAITING: usize = 2;

/// The function that the mapping invokes, where it is one of several.
fn function(state: &State) -> Option<String> {
    let mapping = state.mapping().filter(|_| state.sim.mappings().len() > 1)?;
    Some(state.sim.scenario().functions[mapping.config().function_idx as usize].name.clone())
}

type Figure = (MessageId, u64, [Option<String>; 2]);

fn figures(state: &State) -> [Figure; 5] {
    use MessageId as Id;
    let lang = state.picture.lang;
    let counts = &state.counts;
    let counted = |one: Id, many: Id, count: u64| match count {
        0 => None,
        1 => Some(one.text(lang).to_owned()),
        count => Some(many.fill(lang, &[&grouped(count)])),
    };
    let some = |id: Id, count: u64| (count > 0).then(|| id.fill(lang, &[&grouped(count)]));
    let by_keys = counted(Id::ByOneKey, Id::ByKeys, state.roster.total);
    let in_batchers = counted(Id::InOneBatcher, Id::InBatchers, counts.lanes_waiting);
    let in_invocations = counted(Id::InOneInvocation, Id::InInvocations, counts.running);
    [
        (Id::Put, counts.put, [some(Id::BeforeStart, counts.skipped), by_keys]),
        (Id::Shards, counts.shards, shards_extra(state)),
        (Id::Waiting, counts.waiting(), [some(Id::Unread, counts.unread), in_batchers]),
        (Id::InFlight, counts.in_flight(), [some(Id::ToRetry, counts.backing_off), in_invocations]),
        (Id::Stored, counts.stored, if counts.left_out() > 0 { not_stored(state) } else { [None, None] }),
    ]
}

/// What has become of the records that are done with and not stored: all of it, or what weighs most.
fn not_stored(state: &State) -> [Option<String>; 2] {
    use MessageId as Id;
    let (counts, lang) = (&state.counts, state.picture.lang);
    let gone = match tray::told(state) {
        Told::Yes => Id::InQueueCount,
        Told::Failed | Told::Nobody => Id::Gone,
    };
    let all = [
        (Id::UnhandledCount, counts.unhandled),
        (gone, counts.discarded),
        (Id::ExpiredCount, counts.expired),
        (Id::FilteredCount, counts.filtered),
    ];
    let some = all.iter().filter(|&&(_, count)| count > 0);
    let texts: Vec<String> = some.map(|&(id, count)| id.fill(lang, &[&grouped(count)])).collect();
    [Some(texts.join(Id::ListComma.text(lang))), texts.into_iter().next()]
}

/// How many shards are not drawn, and how many are closed and being drained.
fn shards_extra(state: &State) -> [Option<String>; 2] {
    use MessageId as Id;
    let lang = state.picture.lang;
    let hidden = state.counts.shards + state.family.draining - state.shards.len() as u64;
    let closed = state.family.draining;
    match (closed, hidden) {
        (0, 0) => [None, None],
        (0, hidden) => [Some(Id::NotShown.fill(lang, &[&grouped(hidden)])), None],
        (closed, 0) => [Some(Id::ClosedCount.fill(lang, &[&grouped(closed)])), None],
        (closed, hidden) => [
            Some(Id::DrainingNotShown.fill(lang, &[&grouped(closed), &grouped(hidden)])),
            Some(Id::NotShown.fill(lang, &[&grouped(hidden)])),
        ],
    }
}

/// The first text that is no wider than `room`.
pub(super) fn fitting(class: Class, room: f64, texts: impl IntoIterator<Item = String>) -> Option<String> {
    texts.into_iter().find(|text| measure::width_of(class, text) <= room)
}

/// `12,345`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn draw_sentence(state: &State, layout: &Layout, scene: &mut Scene) {
    let heading = &layout.heading;
    let (x, (y, leading)) = (heading.columns[0], heading.sentence);
    let room = heading.right - x;
    let lang = state.picture.lang;
    let (mut first, second) = caption::sentences(state);
    // A tall picture has no room for the function's name above the lanes.
    if let Some(name) = function(state).filter(|_| leading > 0.0) {
        first = format!("{name}: {first}");
    }
    let between = if lang == Lang::En { " " } else { "" };
    let both = second.as_ref().map(|second| format!("{first}{between}{second}"));
    let class = if leading > 0.0 { Class::HeadlineSmall } else { Class::Headline };
    let fits = |text: &String| measure::width_of(class, text) <= room;
    if leading > 0.0 && fits(&first) && second.as_ref().is_some_and(fits) {
        scene.text(class, Point::new(x, y), Anchor::Start, &first);
        scene.text(class, Point::new(x, y + leading), Anchor::Start, second.unwrap_or_default());
        return;
    }
    if let Some(text) = fitting(class, room, both.into_iter().chain([first.clone()])) {
        scene.text(class, Point::new(x, y), Anchor::Start, text);
        return;
    }
    let small = Class::HeadlineSmall;
    if leading == 0.0 && measure::width_of(small, &first) <= room {
        scene.text(small, Point::new(x, y), Anchor::Start, first);
        return;
    }
    let lines = broken(small, room, &first);
    for (place, line) in lines.iter().take(if leading > 0.0 { 2 } else { 1 }).enumerate() {
        scene.text(small, Point::new(x, y + place as f64 * leading), Anchor::Start, line);
    }
}

/// A sentence in lines no wider than `room`: broken at spaces, in Japanese anywhere but before a full stop.
fn broken(class: Class, room: f64, text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let words: Vec<&str> = if !text.chars().any(measure::is_wide) {
        text.split_inclusive(' ').collect()
    } else {
        let starts =
            text.char_indices().filter(|&(at, c)| at == 0 || !is_joined(text[..at].chars().last(), c));
        let mut starts: Vec<usize> = starts.map(|(at, _)| at).collect();
        starts.push(text.len());
        starts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
    };
    for word in words {
        let line = lines.last_mut().expect("there is a first line");
        if !line.is_empty() && measure::width_of(class, &format!("{line}{}", word.trim_end())) > room {
            lines.push(word.to_owned());
        } else {
            line.push_str(word);
        }
    }
    lines.into_iter().map(|line| line.trim().to_owned()).collect()
}

/// Whether there is no line break between two characters of Japanese: only between a phrase's end, which is
/// hiragana or punctuation, and the next one's beginning.
fn is_joined(before: Option<char>, after: char) -> bool {
    let hiragana = |c: char| ('\u{3040}'..='\u{309f}').contains(&c);
    let ends = before.is_some_and(|before| hiragana(before) || matches!(before, '。' | '、'));
    !ends || hiragana(after) || matches!(after, '。' | '、' | 'ー' | ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let texts: Vec<String> = [0, 999, 1000, 12_345, 1_234_567].map(grouped).into();
        assert_eq!(texts, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn sentences_are_broken_between_words() {
        assert_eq!(broken(Class::Label, 64.0, "One two three four."), ["One two", "three four."]);
        let lines = broken(Class::Label, 72.0, "3 つのバッチャーが処理。");
        assert_eq!(lines, ["3 つの", "バッチャーが", "処理。"]);
    }
}

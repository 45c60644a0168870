//! Keys of the page. They can be turned off (WCAG 2.1.4), and never act while a text is typed.

use super::cut::Step;
use super::knob::Knob;
use super::player::{Direction, StepUnit};
use super::text::MessageId;
use super::ui::{Action, Dialog, SPEEDS, UiState};
use super::zoom;
use crate::lang::Lang;
use crate::units::SimTime;

/// What has the focus while a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// Nothing that takes keys.
    Page,
    /// A text field or a list of choices: all keys are its own.
    Text,
    /// A button or link: Space and Enter are its own.
    Button,
    /// A tab, radio button or the like: Space, Enter, arrows, Home and End are its own.
    Choice,
    /// The scrub bar: its arrows step as everywhere.
    Scrub,
}

/// What a key does; `None` leaves it to the browser.
#[must_use]
pub fn action(key: &str, shift: bool, focus: Focus, ui: &UiState) -> Option<Action> {
    if !ui.shortcuts || ui.dialog.is_some() || focus == Focus::Text {
        return None;
    }
    if matches!(focus, Focus::Button | Focus::Choice) && matches!(key, " " | "Enter") {
        return None;
    }
    if focus == Focus::Choice && matches!(key, "ArrowLeft" | "ArrowRight" | "Home" | "End") {
        return None;
    }
    if ui.cut.is_some()
        && let Some(step) = cut_step(key, shift)
    {
        return Some(Action::Cut(step));
    }
    let unit = if shift { StepUnit::Batch } else { StepUnit::Event };
    Some(match key {
        " " | "k" | "K" => Action::TogglePlay,
        "ArrowRight" => Action::Step(unit, Direction::Forward),
        "ArrowLeft" => Action::Step(unit, Direction::Back),
        "]" => Action::Step(StepUnit::Second, Direction::Forward),
        "[" => Action::Step(StepUnit::Second, Direction::Back),
        "}" => Action::Step(StepUnit::Poll, Direction::Forward),
        "{" => Action::Step(StepUnit::Poll, Direction::Back),
        ")" => Action::Zoom(zoom::Step::Pan(Direction::Forward)),
        "(" => Action::Zoom(zoom::Step::Pan(Direction::Back)),
        "z" => Action::Zoom(zoom::Step::In),
        "Z" => Action::Zoom(zoom::Step::Out),
        "0" => Action::Zoom(zoom::Step::Reset),
        "b" | "B" => Action::Bookmark(None),
        "g" | "G" => Action::ShowPart(ui.part.next()),
        "Home" => Action::SeekTo(SimTime::ZERO),
        "End" => Action::SeekToEnd,
        "+" | "=" => Action::Turn(Knob::ParallelizationFactor, Direction::Forward),
        "-" => Action::Turn(Knob::ParallelizationFactor, Direction::Back),
        "l" | "L" => Action::SetLanguage(match ui.lang {
            Lang::En => Lang::Ja,
            Lang::Ja => Lang::En,
        }),
        "t" | "T" => Action::SetTheme(ui.theme.next()),
        "s" | "S" => Action::Cut(Step::Begin),
        "m" | "M" => Action::Cut(Step::Join),
        "d" | "D" => Action::Deploy,
        "w" | "W" => Action::ToggleSpan,
        "<" | "," => Action::Page(Direction::Back),
        ">" | "." => Action::Page(Direction::Forward),
        "?" => Action::Open(Dialog::Help),
        "/" => Action::OpenConsole,
        "1" | "2" | "3" | "4" | "5" | "6" | "7" => {
            let idx = usize::from(key.as_bytes()[0] - b'1');
            Action::SetSpeed(SPEEDS[idx].0)
        }
        _ => return None,
    })
}

/// What a key does while a shard is being cut: a tenth of a percent of the bar with each arrow across it, a whole one
/// with each along it, ten times that with Shift.
fn cut_step(key: &str, shift: bool) -> Option<Step> {
    let times = if shift { 10 } else { 1 };
    Some(match key {
        "ArrowUp" => Step::By(-10 * times),
        "ArrowDown" => Step::By(10 * times),
        "ArrowLeft" => Step::By(-times),
        "ArrowRight" => Step::By(times),
        "Enter" => Step::Confirm,
        "Escape" | "s" | "S" => Step::Leave,
        _ => return None,
    })
}

/// The keys as the help sheet lists them.
pub const LIST: [(&[&str], MessageId); 23] = [
    (&["Space", "K"], MessageId::KeyPlay),
    (&["←", "→"], MessageId::KeyEvent),
    (&["Shift ←", "Shift →"], MessageId::KeyBatch),
    (&["[", "]"], MessageId::KeySecond),
    (&["{", "}"], MessageId::KeyPoll),
    (&["Home", "End"], MessageId::KeyEnds),
    (&["1", "…", "7"], MessageId::KeySpeed),
    (&["+", "−"], MessageId::KeyFactor),
    (&["L"], MessageId::KeyLanguage),
    (&["T"], MessageId::KeyTheme),
    (&["/"], MessageId::KeyConsole),
    (&["S"], MessageId::KeyCut),
    (&["M"], MessageId::KeyJoin),
    (&["←", "→", "↑", "↓", "Enter", "Esc"], MessageId::KeyCutMove),
    (&["D"], MessageId::KeyDeploy),
    (&["B"], MessageId::KeyBookmark),
    (&["G"], MessageId::KeyPart),
    (&["W"], MessageId::KeySpan),
    (&["Z", "Shift Z"], MessageId::KeyZoom),
    (&["(", ")"], MessageId::KeyPan),
    (&["0"], MessageId::KeyZoomReset),
    (&["<", ">"], MessageId::KeyPage),
    (&["?"], MessageId::KeyHelp),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys that do the same as one of the sheet: of the same cap, or of another one for the same sign.
    const SAME: [(&str, &str); 4] = [("=", "+"), (",", "<"), (".", ">"), ("Escape", "Esc")];

    /// A key as the sheet prints it.
    fn cap(key: &str) -> String {
        let same = SAME.iter().find(|same| same.0 == key).map_or(key, |same| same.1);
        match same {
            " " => "Space".to_owned(),
            "-" => "−".to_owned(),
            "ArrowLeft" => "←".to_owned(),
            "ArrowRight" => "→".to_owned(),
            "ArrowUp" => "↑".to_owned(),
            "ArrowDown" => "↓".to_owned(),
            letter if letter.chars().count() == 1 => letter.to_uppercase(),
            name => name.to_owned(),
        }
    }

    #[test]
    fn the_help_sheet_lists_every_key_that_does_something_and_no_other() {
        let named = [
            "ArrowLeft",
            "ArrowRight",
            "ArrowUp",
            "ArrowDown",
            "Home",
            "End",
            "Enter",
            "Escape",
            "Tab",
            "PageUp",
            "PageDown",
            "Backspace",
            "Delete",
            "Insert",
            "F1",
            "F5",
        ];
        let printed = (' '..='~').map(String::from);
        let keys: Vec<String> = printed.chain(named.map(str::to_owned)).collect();
        let ui = UiState { shortcuts: true, ..UiState::default() };
        let cutting = ui.apply(&Action::Cut(Step::Begin));
        let acts = |key: &str, shift: bool| {
            [&ui, &cutting].into_iter().any(|ui| action(key, shift, Focus::Page, ui).is_some())
        };
        let listed: Vec<String> = LIST
            .iter()
            .flat_map(|(caps, _)| match caps {
                [first, "…", last] => {
                    let (first, last) = (first.chars().next().unwrap(), last.chars().next().unwrap());
                    (first..=last).map(String::from).collect()
                }
                caps => {
                    caps.iter().map(|cap| cap.trim_start_matches("Shift ").to_owned()).collect::<Vec<_>>()
                }
            })
            .collect();
        for key in &keys {
            let acts = acts(key, false) || acts(key, true);
            assert_eq!(acts, listed.contains(&cap(key)), "{key:?}");
        }
        for cap_of in &listed {
            assert!(
                keys.iter().any(|key| cap(key) == *cap_of),
                "the sheet lists {cap_of:?}, which is no key"
            );
        }
    }

    #[test]
    fn keys_act_only_where_they_may() {
        let ui = UiState { shortcuts: true, ..UiState::default() };
        assert_eq!(action(" ", false, Focus::Page, &ui), Some(Action::TogglePlay));
        assert_eq!(action(" ", false, Focus::Button, &ui), None);
        assert_eq!(action("k", false, Focus::Button, &ui), Some(Action::TogglePlay));
        assert_eq!(action("k", false, Focus::Text, &ui), None);
        assert_eq!(action("ArrowLeft", false, Focus::Choice, &ui), None);
        let batch = Action::Step(StepUnit::Batch, Direction::Back);
        assert_eq!(action("ArrowLeft", true, Focus::Scrub, &ui), Some(batch));
        assert_eq!(action("7", false, Focus::Page, &ui), Some(Action::SetSpeed(SPEEDS[6].0)));
        assert_eq!(action("/", false, Focus::Page, &ui), Some(Action::OpenConsole));
        assert_eq!(action("/", false, Focus::Text, &ui), None);
        assert_eq!(action(">", true, Focus::Page, &ui), Some(Action::Page(Direction::Forward)));
        assert_eq!(action("d", false, Focus::Page, &ui), Some(Action::Deploy));
        let zoom = |step| Some(Action::Zoom(step));
        assert_eq!(action("z", false, Focus::Button, &ui), zoom(zoom::Step::In));
        assert_eq!(action("Z", true, Focus::Page, &ui), zoom(zoom::Step::Out));
        assert_eq!(action("(", true, Focus::Page, &ui), zoom(zoom::Step::Pan(Direction::Back)));
        let poll = Action::Step(StepUnit::Poll, Direction::Forward);
        assert_eq!(action("}", true, Focus::Page, &ui), Some(poll));
        assert_eq!(action("b", false, Focus::Page, &ui), Some(Action::Bookmark(None)));
        assert_eq!(action("F5", false, Focus::Page, &ui), None);
        let cutting = ui.apply(&Action::Cut(Step::Begin));
        let left = Action::Step(StepUnit::Event, Direction::Back);
        assert_eq!(action("ArrowLeft", false, Focus::Page, &ui), Some(left));
        assert_eq!(action("ArrowLeft", false, Focus::Page, &cutting), Some(Action::Cut(Step::By(-1))));
        assert_eq!(action("ArrowDown", true, Focus::Page, &cutting), Some(Action::Cut(Step::By(100))));
        assert_eq!(action("Enter", false, Focus::Page, &cutting), Some(Action::Cut(Step::Confirm)));
        assert_eq!(action("Escape", false, Focus::Page, &cutting), Some(Action::Cut(Step::Leave)));
        let off = UiState { shortcuts: false, ..ui.clone() };
        assert_eq!(action("k", false, Focus::Page, &off), None);
        let open = UiState { dialog: Some(Dialog::Help), ..ui };
        assert_eq!(action("k", false, Focus::Page, &open), None);
    }
}

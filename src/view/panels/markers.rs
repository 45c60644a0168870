//! Marks on the scrub bar: commands, deploys, failures, bookmarks. Those that are close to each other are one, so that
//! each can be hit.

use std::rc::Rc;

use crate::units::SimTime;
use crate::view::number::short_clock;
use crate::view::player::Player;
use crate::view::scene::Class;
use crate::view::series::Figure;
use crate::view::text::MessageId;
use crate::view::timeline::commands;
use crate::view::ui::UiState;

/// Marks side by side at most: each has its part of the bar.
pub const PLACES: u64 = 20;
/// Commands that are looked at.
const COMMANDS_MAX: usize = 1024;
/// Kinds of things named in a mark's label.
const NAMES_MAX: usize = 4;

/// What a mark stands for, the most wanted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A bookmark.
    Bookmark,
    /// A deploy.
    Deploy,
    /// A command that was refused.
    Refused,
    /// A command.
    Command,
    /// Failed invocations.
    Failure,
}

impl Kind {
    /// Its name for style and tests.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Bookmark => "bookmark",
            Self::Deploy => "deploy",
            Self::Refused => "refused",
            Self::Command => "command",
            Self::Failure => "failure",
        }
    }
}

/// A mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Marker {
    /// Its moment: of several things, the first one's.
    pub at: SimTime,
    /// The most wanted kind of what it stands for.
    pub kind: Kind,
    /// When and what.
    pub label: String,
}

/// Something that is marked, so many times.
struct Item {
    at: SimTime,
    kind: Kind,
    name: String,
    count: u64,
}

/// The marks of what is known of the run.
#[must_use]
pub fn build(player: &Player, ui: &UiState) -> Rc<[Marker]> {
    let lang = ui.lang;
    let place = (player.end().0 / PLACES).max(1);
    let mut items = Vec::new();
    let item = |at, kind, name: &str| Item { at, kind, name: name.to_owned(), count: 1 };
    let bookmark = MessageId::BookmarkName.text(lang);
    items.extend(ui.bookmarks.iter().map(|&at| item(at, Kind::Bookmark, bookmark)));
    let deploys = player.series().deploys();
    items.extend(deploys.iter().map(|&at| item(at, Kind::Deploy, MessageId::MarkerDeploy.text(lang))));
    let sim = player.sim();
    for (number, command) in sim.commands().iter().enumerate().take(COMMANDS_MAX) {
        if !deploys.contains(&command.at) {
            let refused = commands::class(player.ahead(), number) == Class::CommandFailed;
            let kind = if refused { Kind::Refused } else { Kind::Command };
            items.push(item(command.at, kind, &commands::name(&command.action)));
        }
    }
    let name = MessageId::MarkerFailure.text(lang);
    for number in 0..PLACES {
        let (from, to) = (number * place, (number + 1) * place);
        let Some(at) = player.series().next_failure(SimTime(from)).filter(|at| at.0 < to) else { continue };
        let before = |t| player.series().count_before(Figure::Errors, t);
        items.push(Item { at, kind: Kind::Failure, name: name.to_owned(), count: before(to) - before(from) });
    }
    items.sort_by_key(|item| (item.at, item.kind));
    let mut groups: Vec<Vec<Item>> = Vec::new();
    for item in items {
        match groups.last_mut() {
            Some(group) if item.at.0 < group[0].at.0 + place => group.push(item),
            _ => groups.push(vec![item]),
        }
    }
    groups.iter().map(|group| marker(group, ui)).collect()
}

fn marker(group: &[Item], ui: &UiState) -> Marker {
    let lang = ui.lang;
    let mut names: Vec<(&str, u64)> = Vec::new();
    for item in group {
        match names.iter_mut().find(|(name, _)| *name == item.name) {
            Some((_, count)) => *count += item.count,
            None => names.push((&item.name, item.count)),
        }
    }
    let more = names.len() > NAMES_MAX;
    let name = |&(name, count): &(&str, u64)| match count {
        1 => name.to_owned(),
        _ => MessageId::MarkerTimes.fill(lang, &[&name, &count]),
    };
    let mut names: Vec<String> = names.iter().take(NAMES_MAX).map(name).collect();
    names.extend(more.then(|| "…".to_owned()));
    let (first, last) = (group[0].at, group[group.len() - 1].at);
    let when = match first == last {
        true => short_clock(first),
        false => format!("{}–{}", short_clock(first), short_clock(last)),
    };
    let names = names.join(MessageId::ListComma.text(lang));
    let kind = group.iter().map(|item| item.kind).min().unwrap_or(Kind::Command);
    Marker { at: first, kind, label: format!("{when} {names}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::view::bookmark;
    use crate::view::shipped;

    fn markers(id: &str, bookmarks: &[u64]) -> Vec<(Kind, String)> {
        let text = shipped::text_of(id).unwrap();
        let mut player = Player::new(Scenario::from_json(text).unwrap());
        while player.ahead().now() < player.sim().scenario().until {
            player.advance(16.0);
        }
        let times: Vec<SimTime> = bookmarks.iter().copied().map(SimTime).collect();
        let ui = UiState { bookmarks: bookmark::of(&times), ..UiState::default() };
        let marks = build(&player, &ui);
        let place = player.end().0 / PLACES;
        assert!(marks.windows(2).all(|pair| pair[1].at.0 - pair[0].at.0 >= place), "{marks:?}");
        marks.iter().map(|marker| (marker.kind, marker.label.clone())).collect()
    }

    #[test]
    fn commands_deploys_failures_and_bookmarks_are_marked() {
        let split = markers("hot-shard-split", &[]);
        assert!(split.iter().any(|(kind, label)| *kind == Kind::Command && label.ends_with("split-shard")));
        let deploy = markers("deploy-1-shard", &[]);
        assert!(deploy.iter().any(|(kind, _)| *kind == Kind::Deploy), "{deploy:?}");
        assert!(deploy.iter().all(|(_, label)| !label.contains("update-alias")), "{deploy:?}");
        let failing = markers("parallelization-3-error", &[]);
        assert!(failing.iter().any(|(kind, _)| *kind == Kind::Failure), "{failing:?}");
        let marked = markers("parallelization-3", &[60_000, 60_400, 120_000]);
        let marked: Vec<&str> = marked.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(marked, ["1:00.0–1:00.4 Bookmark ×2", "2:00.0 Bookmark"]);
    }
}

//! What is open and typed in the settings.

use std::rc::Rc;

use crate::view::knob::{Scope, Since};

/// A part of the settings that shows once it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// More settings of the mapping.
    More,
    /// The mapping's filter.
    Filter,
    /// What is assumed, to be turned.
    Model,
}

/// The settings' own state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The mapping that is looked at, anywhere on the page, and from when on a setting that is turned counts.
    pub scope: Scope,
    /// Which parts show, by [`Fold`].
    unfolded: [bool; 3],
    /// Patterns as they are being typed; `None`: those in force.
    pub patterns: Option<Rc<[Rc<str>]>>,
}

/// What can be done to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Let settings that are turned count from then on.
    Since(Since),
    /// Look at this mapping.
    Mapping(u16),
    /// Show a part, or fold it.
    Toggle(Fold),
    /// Type these patterns; `None` goes back to those in force.
    Patterns(Option<Rc<[Rc<str>]>>),
}

impl State {
    /// Whether a part shows.
    #[must_use]
    pub fn shows(&self, fold: Fold) -> bool {
        self.unfolded[fold as usize]
    }

    /// Does something to it.
    pub fn edit(&mut self, edit: &Edit) {
        match edit {
            Edit::Since(since) => self.scope.since = *since,
            Edit::Mapping(mapping) => {
                self.scope.mapping = *mapping;
                // They were typed for the other one.
                self.patterns = None;
            }
            Edit::Toggle(fold) => self.unfolded[*fold as usize] ^= true,
            Edit::Patterns(patterns) => self.patterns.clone_from(patterns),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_open_and_close_by_themselves() {
        let mut state = State::default();
        state.edit(&Edit::Toggle(Fold::Filter));
        state.edit(&Edit::Since(Since::Start));
        assert_eq!(
            (state.shows(Fold::Filter), state.shows(Fold::More), state.scope.since),
            (true, false, Since::Start)
        );
        state.edit(&Edit::Toggle(Fold::Filter));
        assert!(!state.shows(Fold::Filter));
    }
}

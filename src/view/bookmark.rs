//! Moments that a person has marked.

use std::rc::Rc;

use crate::units::SimTime;

/// Bookmarks at most: beyond that no new one is set.
pub const BOOKMARKS_MAX: usize = 32;

/// Bookmarks, ascending, none twice.
pub type Bookmarks = Rc<[SimTime]>;

/// The bookmarks with this moment marked, or no longer if it was.
#[must_use]
pub fn toggled(bookmarks: &Bookmarks, t: SimTime) -> Bookmarks {
    match bookmarks.binary_search(&t) {
        Ok(_) => bookmarks.iter().copied().filter(|&other| other != t).collect(),
        Err(_) if bookmarks.len() >= BOOKMARKS_MAX => Rc::clone(bookmarks),
        Err(place) => {
            let (before, after) = bookmarks.split_at(place);
            before.iter().copied().chain([t]).chain(after.iter().copied()).collect()
        }
    }
}

/// Bookmarks from a list in any order.
#[must_use]
pub fn of(times: &[SimTime]) -> Bookmarks {
    let add = |bookmarks: Bookmarks, &t: &SimTime| match bookmarks.binary_search(&t) {
        Ok(_) => bookmarks,
        Err(_) => toggled(&bookmarks, t),
    };
    times.iter().fold(Bookmarks::default(), add)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(times: &[u64]) -> Bookmarks {
        times.iter().copied().map(SimTime).collect()
    }

    #[test]
    fn marks_are_set_and_taken_away_in_order() {
        let marks = of(&[SimTime(7), SimTime(3), SimTime(7), SimTime(5)]);
        assert_eq!(marks, times(&[3, 5, 7]));
        assert_eq!(toggled(&marks, SimTime(5)), times(&[3, 7]));
        assert_eq!(toggled(&marks, SimTime(4)), times(&[3, 4, 5, 7]));
    }

    #[test]
    fn there_is_a_last_one() {
        let many: Vec<SimTime> = (0..99).map(SimTime).collect();
        let marks = of(&many);
        assert_eq!(marks.len(), BOOKMARKS_MAX);
        assert_eq!(toggled(&marks, SimTime(1000)), marks);
        assert_eq!(toggled(&marks, SimTime(4)).len(), BOOKMARKS_MAX - 1);
    }
}

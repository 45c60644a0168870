//! What the table of texts becomes: an enumeration, and a list of texts for each part.

macro_rules! messages {
    ($($part:ident { $($id:ident: $en:literal, $ja:literal;)* })*) => {
        /// A text of the page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the English text is the documentation")]
        pub enum MessageId { $($($id,)*)* }

        impl MessageId {
            /// All texts.
            pub const ALL: &[Self] = &[$($(Self::$id,)*)*];

            /// The text, arguments still open.
            #[must_use]
            pub fn text(self, lang: Lang) -> &'static str {
                // A table for each part, each with its function, so that a part that is not needed for the first
                // picture comes after it. As a `match` the page would be 5 kB larger.
                let place = self as usize;
                $(
                    let texts = [$([$en, $ja],)*].len();
                    if place < texts {
                        return $part(place, lang);
                    }
                    let place = place - texts;
                )*
                unreachable!("there is no text {place} behind the last one");
            }
        }

        $(
            #[inline(never)]
            fn $part(place: usize, lang: Lang) -> &'static str {
                const TEXTS: &[[&str; 2]] = &[$([$en, $ja],)*];
                TEXTS[place][lang as usize]
            }
        )*
    };
}

pub(super) use messages;

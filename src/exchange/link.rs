//! The link: the whole state of a page in the fragment of its address.
//!
//! `#1.<payload>&t=…&lang=…&select=…&tab=…&span=…&part=…&marks=…&mapping=…&shards=…&embed=1&autoplay=1`, where the payload is base64url of a
//! checksum (XXH3-64 of what follows, first four bytes) and the raw-deflated text: a scenario's JSON, or the id of a
//! shipped one. In `#2.<payload>` the text is a [`Change`] of a shipped scenario. The page makes the text small first
//! (ids, changes, no white space), so that a link to a shipped scenario stays short.
//! Unknown parameters are ignored, so that older pages read newer links as far as they can.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use xxhash_rust::xxh3::xxh3_64;

use super::change::Change;
use crate::lang::Lang;
use crate::quota;
use crate::units::SimTime;

/// Version of a link that holds a scenario, and of one that holds the change of one.
const WHOLE: &str = "1";
const CHANGED: &str = "2";
const CHECKSUM_BYTES: usize = 4;
/// Moments of a link that are looked at.
const MARKS_MAX: usize = 256;
const COMPRESSION_LEVEL: u8 = 9;

/// The scenario of a link.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A scenario's JSON text, or the id of a shipped scenario.
    Whole(String),
    /// A shipped scenario with changes.
    Changed(Change),
}

/// What a link says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// The scenario; `None` where the link names none.
    pub scenario: Option<Shown>,
    /// The playhead.
    pub t: Option<SimTime>,
    /// The language.
    pub lang: Option<Lang>,
    /// What is selected, by a code of the view's.
    pub select: Option<String>,
    /// Which tab shows, by a code of the view's.
    pub tab: Option<String>,
    /// How much time the time line shows, by a code of the view's.
    pub span: Option<String>,
    /// Which parts of the time line show, by a code of the view's.
    pub part: Option<String>,
    /// Moments that are marked.
    pub marks: Vec<SimTime>,
    /// The mapping that is looked at, if not the first.
    pub mapping: Option<u16>,
    /// The first of the shards that are drawn, if not the picture's own choice.
    pub shards: Option<u32>,
    /// Only the picture and the transport.
    pub embed: bool,
    /// Starts playing.
    pub autoplay: bool,
}

/// Why a link cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// Made by a newer program, or no link at all.
    Version,
    /// Cut off or changed on its way.
    Damaged,
    /// The scenario is larger than [`quota::SCENARIO_BYTES_MAX`].
    TooLarge,
}

impl Link {
    /// The fragment, without the leading `#`.
    #[must_use]
    pub fn write(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.scenario.as_ref().map(Shown::write));
        parts.extend(self.t.map(|t| format!("t={}", t.0)));
        parts.extend(self.lang.map(|lang| format!("lang={}", lang.code())));
        let codes =
            [("select", &self.select), ("tab", &self.tab), ("span", &self.span), ("part", &self.part)];
        for (name, code) in codes {
            parts.extend(code.as_ref().map(|code| format!("{name}={code}")));
        }
        if !self.marks.is_empty() {
            let times: Vec<String> = self.marks.iter().map(|t| t.0.to_string()).collect();
            parts.push(format!("marks={}", times.join(".")));
        }
        parts.extend(self.mapping.map(|mapping| format!("mapping={mapping}")));
        parts.extend(self.shards.map(|first| format!("shards={first}")));
        parts.extend(self.embed.then(|| "embed=1".to_owned()));
        parts.extend(self.autoplay.then(|| "autoplay=1".to_owned()));
        parts.join("&")
    }

    /// Reads a fragment, with or without the leading `#`.
    ///
    /// # Errors
    /// The payload cannot be read; parameters that cannot are left out instead.
    pub fn read(fragment: &str) -> Result<Self, LinkError> {
        let mut link = Self::default();
        for part in fragment.trim_start_matches('#').split('&').filter(|part| !part.is_empty()) {
            link.take(part)?;
        }
        Ok(link)
    }

    fn take(&mut self, part: &str) -> Result<(), LinkError> {
        match part.split_once('=') {
            Some(("t", value)) => self.t = time(value),
            Some(("lang", value)) => self.lang = Lang::of_code(value),
            Some(("select", value)) => self.select = Some(value.to_owned()),
            Some(("tab", value)) => self.tab = Some(value.to_owned()),
            Some(("span", value)) => self.span = Some(value.to_owned()),
            Some(("part", value)) => self.part = Some(value.to_owned()),
            Some(("marks", value)) => {
                self.marks = value.split('.').take(MARKS_MAX).filter_map(time).collect();
            }
            Some(("mapping", value)) => self.mapping = value.parse().ok(),
            Some(("shards", value)) => self.shards = value.parse().ok(),
            Some(("embed", value)) => self.embed = value == "1",
            Some(("autoplay", value)) => self.autoplay = value == "1",
            Some(_) => {}
            None => self.scenario = Some(read_payload(part)?),
        }
        Ok(())
    }
}

impl Shown {
    /// The shorter of a scenario's text and of its change of the shipped scenario of this id and text.
    #[must_use]
    pub fn of(text: &str, shipped: Option<(&str, &str)>) -> Self {
        let same = shipped.filter(|&(_, shipped)| shipped == text);
        let whole = Self::Whole(match same {
            Some((id, _)) => id.to_owned(),
            None => serde_json::from_str::<serde_json::Value>(text)
                .map_or_else(|_| text.to_owned(), |document| document.to_string()),
        });
        let change =
            shipped.filter(|_| same.is_none()).and_then(|(id, base)| Change::between(id, base, text));
        let changed = change.map(Self::Changed).filter(|changed| changed.write().len() < whole.write().len());
        changed.unwrap_or(whole)
    }

    fn write(&self) -> String {
        let (version, text) = match self {
            Self::Whole(text) => (WHOLE, text.clone()),
            Self::Changed(change) => (CHANGED, change.write()),
        };
        let packed = compress_to_vec(text.as_bytes(), COMPRESSION_LEVEL);
        let mut payload = checksum(&packed).to_vec();
        payload.extend(packed);
        format!("{version}.{}", URL_SAFE_NO_PAD.encode(payload))
    }
}

fn time(text: &str) -> Option<SimTime> {
    text.parse().ok().map(SimTime).filter(|&t| t <= SimTime::MAX)
}

fn read_payload(part: &str) -> Result<Shown, LinkError> {
    match part.split_once('.') {
        Some((WHOLE, payload)) => Ok(Shown::Whole(unpacked(payload)?)),
        Some((CHANGED, payload)) => {
            Change::read(&unpacked(payload)?).map(Shown::Changed).ok_or(LinkError::Damaged)
        }
        Some(_) | None => Err(LinkError::Version),
    }
}

fn unpacked(payload: &str) -> Result<String, LinkError> {
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| LinkError::Damaged)?;
    let (sum, packed) = payload.split_at_checked(CHECKSUM_BYTES).ok_or(LinkError::Damaged)?;
    if sum != checksum(packed) {
        return Err(LinkError::Damaged);
    }
    let text = decompress_to_vec_with_limit(packed, quota::SCENARIO_BYTES_MAX).map_err(|error| {
        let too_large = error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput;
        if too_large { LinkError::TooLarge } else { LinkError::Damaged }
    })?;
    String::from_utf8(text).map_err(|_| LinkError::Damaged)
}

fn checksum(packed: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let [a, b, c, d, ..] = xxh3_64(packed).to_le_bytes();
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(scenario: &str) -> Link {
        Link { scenario: Some(Shown::Whole(scenario.into())), ..Link::default() }
    }

    #[test]
    fn what_is_written_is_read() {
        let full = Link {
            t: Some(SimTime(60_000)),
            lang: Some(Lang::Ja),
            select: Some("record-5".into()),
            tab: Some("log".into()),
            span: Some("12000-34000".into()),
            part: Some("charts".into()),
            marks: vec![SimTime(1), SimTime(60_000)],
            mapping: Some(1),
            shards: Some(3),
            embed: true,
            autoplay: true,
            ..link(include_str!("../../www/scenarios/parallelization-3.json"))
        };
        let text = full.write();
        assert!(text.len() < 1600, "{} bytes", text.len());
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.=&".contains(&byte)));
        assert_eq!(Link::read(&text), Ok(full.clone()));
        assert_eq!(Link::read(&format!("#{text}&new=thing")), Ok(full));
        assert_eq!(Link::read(""), Ok(Link::default()));
        assert_eq!(
            Link::read("#t=5&lang=xx&embed=0&marks=.x.7.99999999999999"),
            Ok(Link { t: Some(SimTime(5)), marks: vec![SimTime(7)], ..Link::default() })
        );
    }

    /// Written by the first version of this program.
    #[test]
    fn old_links_are_read() {
        let link = Link { t: Some(SimTime(60_000)), ..link("parallelization-1") };
        assert_eq!(Link::read("#1.DP9E8itILErMyUnNyaxKLMnMz9M1BAA&t=60000"), Ok(link));
    }

    #[test]
    fn a_changed_shipped_scenario_has_a_short_link() {
        let base = include_str!("../../www/scenarios/parallelization-3.json");
        let text = base.replace("\"BatchSize\": 50", "\"BatchSize\": 20");
        assert_ne!(text, base);
        let shipped = Some(("parallelization-3", base));
        let shown = Shown::of(&text, shipped);
        let link = Link { scenario: Some(shown.clone()), ..Link::default() };
        let written = link.write();
        assert!(written.starts_with("2.") && written.len() < 400, "{written}");
        assert_eq!(Link::read(&written), Ok(link));
        let Shown::Changed(change) = shown else { panic!("{shown:?}") };
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&change.applied_to(base).unwrap()), value(&text));
        assert_eq!(Shown::of(base, shipped), Shown::Whole("parallelization-3".into()));
        assert_eq!(Shown::of("{ }", None), Shown::Whole("{}".into()));
        // What has nothing in common with the shipped one goes as it is.
        assert_eq!(Shown::of(r#"{"a": null}"#, shipped), Shown::Whole(r#"{"a":null}"#.into()));
    }

    #[test]
    fn bad_links_are_told_apart() {
        let text = link("parallelization-1").write();
        assert_eq!(Link::read(&text.replacen("1.", "3.", 1)), Err(LinkError::Version));
        assert_eq!(Link::read(&text.replacen("1.", "2.", 1)), Err(LinkError::Damaged));
        assert_eq!(Link::read("scenario"), Err(LinkError::Version));
        assert_eq!(Link::read("1."), Err(LinkError::Damaged));
        assert_eq!(Link::read(&text[..text.len() - 2]), Err(LinkError::Damaged));
        assert_eq!(Link::read(&format!("{text}!")), Err(LinkError::Damaged));
        for place in 2..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            assert!(Link::read(std::str::from_utf8(&bytes).unwrap()).is_err(), "{place}");
        }
        let bomb = link(&"a".repeat(quota::SCENARIO_BYTES_MAX + 1)).write();
        assert_eq!(Link::read(&bomb), Err(LinkError::TooLarge));
        assert!(Link::read(&link(&"a".repeat(quota::SCENARIO_BYTES_MAX)).write()).is_ok());
    }
}

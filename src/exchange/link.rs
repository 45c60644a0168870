//! The link: the whole state of a page in the fragment of its address.
//!
//! `#1.<payload>&t=…&lang=…&embed=1&autoplay=1`, where the payload is base64url of a checksum (XXH3-64 of what
//! follows, first four bytes) and the raw-deflated text: a scenario's JSON, or the id of a shipped one. The
//! page makes the text small first (ids, no white space), so that a link to a shipped scenario stays short.
//! Unknown parameters are ignored, so that older pages read newer links as far as they can.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use xxhash_rust::xxh3::xxh3_64;

use crate::lang::Lang;
use crate::quota;
use crate::units::SimTime;

/// The version this program writes, and the only one it reads.
const VERSION: &str = "1";
const CHECKSUM_BYTES: usize = 4;
const COMPRESSION_LEVEL: u8 = 9;

/// What a link says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The scenario's JSON text, or the id of a shipped scenario; `None` where the link names none.
    pub scenario: Option<String>,
    /// The playhead.
    pub t: Option<SimTime>,
    /// The language.
    pub lang: Option<Lang>,
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
        if let Some(scenario) = &self.scenario {
            let packed = compress_to_vec(scenario.as_bytes(), COMPRESSION_LEVEL);
            let mut payload = checksum(&packed).to_vec();
            payload.extend(packed);
            parts.push(format!("{VERSION}.{}", URL_SAFE_NO_PAD.encode(payload)));
        }
        parts.extend(self.t.map(|t| format!("t={}", t.0)));
        parts.extend(self.lang.map(|lang| format!("lang={}", lang.code())));
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
            match part.split_once('=') {
                Some(("t", value)) => link.t = value.parse().ok().map(SimTime).filter(|&t| t <= SimTime::MAX),
                Some(("lang", value)) => link.lang = Lang::of_code(value),
                Some(("embed", value)) => link.embed = value == "1",
                Some(("autoplay", value)) => link.autoplay = value == "1",
                Some(_) => {}
                None => link.scenario = Some(read_payload(part)?),
            }
        }
        Ok(link)
    }
}

fn read_payload(part: &str) -> Result<String, LinkError> {
    let payload =
        part.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix('.')).ok_or(LinkError::Version)?;
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
        Link { scenario: Some(scenario.into()), ..Link::default() }
    }

    #[test]
    fn what_is_written_is_read() {
        let full = Link {
            t: Some(SimTime(60_000)),
            lang: Some(Lang::Ja),
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
        assert_eq!(Link::read("#t=5&lang=xx&embed=0"), Ok(Link { t: Some(SimTime(5)), ..Link::default() }));
    }

    #[test]
    fn bad_links_are_told_apart() {
        let text = link("parallelization-1").write();
        assert_eq!(Link::read(&text.replacen("1.", "2.", 1)), Err(LinkError::Version));
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

//! Serves `dist/` on loopback, as a plain static host would: with what compresses well compressed.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use flate2::Compression;
use flate2::read::GzEncoder;

use crate::process::Result;
use crate::site;

const PORT_DEFAULT: u16 = 8080;

/// A longer request is cut off, and so not understood.
const REQUEST_BYTES_MAX: u64 = 64 * 1024;

/// What `cargo xtask serve` is asked for.
#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    /// None: [`PORT_DEFAULT`], or any free one if that is taken.
    port: Option<u16>,
    /// The path under which `dist/` appears; begins and ends with a slash.
    base: String,
    /// Whether to build what changed first.
    build: bool,
}

impl Options {
    /// Reads the arguments after `serve`.
    pub(crate) fn parse(mut arguments: &[&str]) -> Result<Self> {
        let mut options = Self { port: None, base: "/".into(), build: true };
        loop {
            arguments = match arguments {
                [] => return Ok(options),
                ["--no-build", rest @ ..] => {
                    options.build = false;
                    rest
                }
                ["--port", port, rest @ ..] => {
                    let port = port.parse().map_err(|_| format!("--port takes 0 to 65535, not `{port}`"))?;
                    options.port = Some(port);
                    rest
                }
                ["--base", base, rest @ ..] if base.starts_with('/') && base.ends_with('/') => {
                    options.base = (*base).into();
                    rest
                }
                ["--base", ..] => return Err("--base takes a path that begins and ends with `/`".into()),
                [unknown, ..] => return Err(format!("serve does not know `{unknown}`")),
            }
        }
    }
}

/// Builds the page if asked to and serves it until the program is stopped.
pub(crate) fn run(options: &Options) -> Result {
    if options.build {
        site::build_if_stale()?;
    }
    let listener = match options.port {
        Some(port) => listen(port),
        None => listen(PORT_DEFAULT).or_else(|_| listen(0)),
    }
    .map_err(|error| format!("cannot listen: {error}; choose another port by `--port N`"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("\nShardlab: http://{address}{}  (stop with Ctrl+C)", options.base);
    // One thread a connection: a browser also opens connections in advance, which then stay silent.
    for connection in listener.incoming().flatten() {
        let base = options.base.clone();
        // A client that goes away is no concern of the server.
        thread::spawn(move || answer(&connection, &base).ok());
    }
    Ok(())
}

/// A port of loopback that nothing listens on at the moment.
pub(crate) fn free_port() -> Result<u16> {
    let address = listen(0).and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|error| format!("no port is free: {error}"))
}

fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port))
}

/// Reads one request and answers it; the connection ends with the answer.
fn answer(mut connection: &TcpStream, base: &str) -> io::Result<()> {
    let mut lines = BufReader::new(connection.take(REQUEST_BYTES_MAX)).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let mut takes_gzip = false;
    // The head is read to its end, so that closing the connection does not cut off the answer.
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        takes_gzip |= line.starts_with("accept-encoding:") && line.contains("gzip");
    }
    let (head, content) = response(&request, base, takes_gzip);
    connection.write_all(head.as_bytes())?;
    connection.write_all(&content)
}

/// The head and the content of the answer to a request's first line, of a client that may take gzip.
fn response(request: &str, base: &str, takes_gzip: bool) -> (String, Vec<u8>) {
    let (method, url) = request.split_once(' ').unwrap_or_default();
    let url = url.split(' ').next().unwrap_or_default();
    let file = file_of(url, base, &site::dist());
    let (status, kind, caching, content) = match (method, &file, file.as_ref().map(fs::read)) {
        ("GET" | "HEAD", Some(file), Some(Ok(content))) => {
            ("200 OK", media_type(file), cache_control(file), content)
        }
        ("GET" | "HEAD", ..) => ("404 Not Found", "text/plain", "no-cache", b"not found\n".to_vec()),
        _ => ("405 Method Not Allowed", "text/plain", "no-cache", b"only GET and HEAD\n".to_vec()),
    };
    let packed = if takes_gzip && kind != "image/png" { gzip(&content) } else { None };
    let encoding = if packed.is_some() { "Content-Encoding: gzip\r\n" } else { "" };
    let content = packed.unwrap_or(content);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{encoding}Vary: Accept-Encoding\r\nContent-Length: {}\r\n\
         Cache-Control: {caching}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
        content.len()
    );
    (head, if method == "HEAD" { Vec::new() } else { content })
}

/// A file as gzip, packed as well as it can be; none if that fails.
pub(crate) fn gzip(content: &[u8]) -> Option<Vec<u8>> {
    let mut packed = Vec::new();
    GzEncoder::new(content, Compression::best()).read_to_end(&mut packed).ok()?;
    Some(packed)
}

/// The file that a request's address names; none if it lies outside `base` or could lead out of `folder`.
fn file_of(url: &str, base: &str, folder: &Path) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix(base)?;
    let mut file = folder.to_path_buf();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        // Trunk writes names of these characters only, so nothing needs decoding.
        let is_plain = part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if !is_plain || part.starts_with('.') {
            return None;
        }
        file.push(part);
    }
    Some(if path.is_empty() || path.ends_with('/') { file.join("index.html") } else { file })
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Trunk puts a digest of 16 hex digits into the names of files; such a file never changes.
fn cache_control(file: &Path) -> &'static str {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let is_digest = |part: &str| part.len() == 16 && part.chars().all(|c| c.is_ascii_hexdigit());
    if name.split(['-', '_', '.']).any(is_digest) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_file(url: &str, base: &str, expected: Option<&str>) {
        let file = file_of(url, base, Path::new("dist"));
        assert_eq!(file, expected.map(|path| Path::new("dist").join(path)), "{url}");
    }

    #[test]
    fn addresses_name_files_below_the_base() {
        check_file("/", "/", Some("index.html"));
        check_file("/?q=1", "/", Some("index.html"));
        check_file("/scenarios/a-1.json", "/", Some("scenarios/a-1.json"));
        check_file("/scenarios/", "/", Some("scenarios/index.html"));
        check_file("/deep/path/", "/deep/path/", Some("index.html"));
        check_file("/deep/path/x.js", "/deep/path/", Some("x.js"));
        check_file("/x.js", "/deep/path/", None);
        check_file("/deep/path", "/deep/path/", None);
    }

    #[test]
    fn addresses_do_not_lead_out_of_the_folder() {
        for url in ["/../Cargo.toml", "/a/../../b", "/%2e%2e/x", "/..%2fx", "/..\\x", "/C:/x", "/.git/config"]
        {
            check_file(url, "/", None);
        }
    }

    #[test]
    fn only_reading_is_answered() {
        let status = |request| response(request, "/", false).0.lines().next().unwrap_or_default().to_string();
        assert_eq!(status("GET /no-such-file HTTP/1.1"), "HTTP/1.1 404 Not Found");
        for wrong in ["POST / HTTP/1.1", "GET", ""] {
            assert_eq!(status(wrong), "HTTP/1.1 405 Method Not Allowed", "{wrong}");
        }
    }

    #[test]
    fn who_takes_gzip_gets_it() {
        let (head, content) = response("GET /nowhere HTTP/1.1", "/", true);
        assert!(head.contains("\r\nContent-Encoding: gzip\r\n"), "{head}");
        assert_eq!(content[..2], [0x1f, 0x8b]);
        assert!(!response("GET /nowhere HTTP/1.1", "/", false).0.contains("gzip"));
    }

    #[test]
    fn types_and_caching_follow_the_name() {
        let check = |name: &str, kind: &str, is_immutable: bool| {
            assert_eq!(media_type(Path::new(name)), kind, "{name}");
            assert_eq!(cache_control(Path::new(name)).ends_with("immutable"), is_immutable, "{name}");
        };
        check("index.html", "text/html; charset=utf-8", false);
        check("shardlab-1cf745dda5516383.js", "text/javascript; charset=utf-8", true);
        check("shardlab_rest-1cf745dda5516383.wasm", "application/wasm", true);
        check("parallelization-1.json", "application/json", false);
        check("favicon-df709e5593db54f8.svg", "image/svg+xml", true);
    }

    #[test]
    fn options_are_read_in_any_order() {
        let expected = Options { port: Some(81), base: "/a/".into(), build: false };
        assert_eq!(Options::parse(&["--no-build", "--base", "/a/", "--port", "81"]), Ok(expected));
        assert_eq!(Options::parse(&[]), Ok(Options { port: None, base: "/".into(), build: true }));
        for wrong in [&["--port", "x"][..], &["--port", "65536"], &["--port"], &["--base", "a"], &["--what"]]
        {
            assert!(Options::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}

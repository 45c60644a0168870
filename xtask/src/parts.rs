//! Turns what Trunk made into the page that is published: its program and its styles in two parts, with short names
//! between the wasm and its JavaScript, each file named for its content and with its digest.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha384};

use crate::late::Lists;
use crate::process::{Result, target_dir};
use crate::site::dist;
use crate::split::{self, Choice, Parts, Shape};
use crate::styles::Styles;

/// Where the page's program and style sheet are kept as Trunk made them, by the extension of the file.
pub(crate) fn whole(extension: &str) -> PathBuf {
    target_dir().join("whole").join("shardlab").with_extension(extension)
}

/// Publishes what Trunk wrote to `dist/`.
pub(crate) fn publish() -> Result {
    let html = read_page(&dist())?;
    fs::create_dir_all(target_dir().join("whole")).map_err(|error| format!("target/whole: {error}"))?;
    for (kind, extension) in [(SCRIPT, "js"), (WASM, "wasm")] {
        let file = dist().join(file(link(&html, kind)?)?);
        let moved = fs::copy(&file, whole(extension)).and_then(|_| fs::remove_file(&file));
        moved.map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let (html, styles) = take_styles(&dist(), html)?;
    fs::write(whole("css"), styles).map_err(|error| format!("target/whole: {error}"))?;
    write_split(&html)
}

/// Publishes the program and the styles that are kept anew, after the lists of what is late have changed.
pub(crate) fn publish_again() -> Result {
    let (html, _) = take_styles(&dist(), read_page(&dist())?)?;
    let wasm = link(&html, WASM)?;
    let late = ["data-rest=./", "data-styles=./"].map(|name| attribute(wasm, name));
    for file in [file(link(&html, SCRIPT)?), file(wasm)].into_iter().chain(late) {
        let file = file?;
        fs::remove_file(dist().join(file)).map_err(|error| format!("{file}: {error}"))?;
    }
    write_split(&html)
}

/// Writes the page to `dist/` with its program and styles in two parts.
fn write_split(html: &str) -> Result {
    let lists = Lists::read()?;
    let parts = split::split(&read(&whole("wasm"))?, Some(&read(&linked())?), &lists)?;
    write(&dist(), html, &parts, &loading(&script()?, CALL_REST)?, &lists.styles)
}

/// Writes the page to another folder, with its program in one piece, which notes the points of its code that it comes
/// to: `window.shardlabReached()` is a list of bytes. It starts with all styles. `dist/` holds the published page.
pub(crate) fn publish_watched(folder: &Path) -> Result {
    let copy = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        for file in dist().read_dir()?.flatten().filter(|file| file.path().is_file()) {
            fs::copy(file.path(), folder.join(file.file_name()))?;
        }
        Ok(())
    };
    copy().map_err(|error| format!("{}: {error}", folder.display()))?;
    let script = loading(&script()?, "rest: { load() {} }")?
        + "window.shardlabReached = () => new Uint8Array(wasm[\"rest:memory1\"].buffer);\n";
    let (html, _) = take_styles(folder, read_page(folder)?)?;
    write(folder, &html, &split::watched(&read(&whole("wasm"))?)?, &script, &Styles::none())
}

/// How often what was cut out of functions is cut again.
const CUT_ROUNDS: usize = 3;

/// Writes the module for programs to another folder, in two parts: every region of its functions that can be cut out is
/// one of the rest's functions, and so are regions of these. Tests find out whether it does the same.
pub(crate) fn publish_cut(module: &Path, folder: &Path) -> Result {
    let mut wasm = read(&module.join("shardlab_bg.wasm"))?;
    for _ in 1..CUT_ROUNDS {
        wasm = split::cut(&wasm, &Everything)?;
    }
    let parts = split::split(&wasm, None, &Everything)?;
    let script = String::from_utf8(read(&module.join("shardlab.js"))?).map_err(|error| error.to_string())?;
    let script = shorter(&loading(&script, CALL_REST)?, &parts.names);
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, content) in
        [("shardlab.mjs", script.as_bytes()), ("first.wasm", &parts.first), ("rest.wasm", &parts.rest)]
    {
        fs::write(folder.join(name), content).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

/// The choice that cuts all there is.
struct Everything;

impl Choice for Everything {
    const SAVED_BYTES_MIN: isize = isize::MIN;

    fn is_late(&self, _: &str) -> bool {
        false
    }

    fn cold(&self, function: &Shape) -> BTreeSet<usize> {
        (1..function.points.len()).collect()
    }
}

/// The first part's import that fetches the rest.
const CALL_REST: &str = "rest: { load: () => rest.load(wasm) }";

/// The page's style sheet.
pub(crate) fn styles() -> Result<String> {
    String::from_utf8(read(&whole("css"))?).map_err(|error| format!("the styles: {error}"))
}

/// wasm-bindgen's script.
fn script() -> Result<String> {
    String::from_utf8(read(&whole("js"))?).map_err(|error| format!("the script: {error}"))
}

/// The program as the linker left it.
fn linked() -> PathBuf {
    target_dir().join("wasm32-unknown-unknown/page/shardlab.wasm")
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn read_page(folder: &Path) -> Result<String> {
    String::from_utf8(read(&folder.join("index.html"))?).map_err(|error| format!("index.html: {error}"))
}

/// What the links of the page's head are that name the program's two files, and the style sheets.
const SCRIPT: &str = "modulepreload";
const WASM: &str = "preload";
const STYLES: &str = "stylesheet";

/// The link of a kind: `<link …>`.
fn link<'a>(html: &'a str, kind: &str) -> Result<&'a str> {
    let mut links =
        html.split("<link ").skip(1).filter_map(|rest| rest.split_once('>').map(|(link, _)| link));
    let is_kind = |link: &&str| link.split(' ').any(|attribute| attribute == format!("rel={kind}"));
    links.find(is_kind).ok_or(format!("index.html has no link of the kind {kind}"))
}

/// The file that a link names.
fn file(link: &str) -> Result<&str> {
    attribute(link, "href=./")
}

/// What follows the beginning of an attribute of a link.
fn attribute<'a>(link: &'a str, start: &str) -> Result<&'a str> {
    let value = link.split(' ').find_map(|attribute| attribute.strip_prefix(start));
    value.ok_or(format!("no {start} in <link {link}>"))
}

/// Writes the program's and the styles' files to a folder, and the page with links to them.
fn write(folder: &Path, html: &str, parts: &Parts, script: &str, late: &Styles) -> Result {
    let script = shorter(script, &parts.names);
    let [script, script_digest] = add(folder, "shardlab", "js", script.as_bytes())?;
    let [first, first_digest] = add(folder, "shardlab_bg", "wasm", &parts.first)?;
    let [rest, rest_digest] = add(folder, "shardlab_rest", "wasm", &parts.rest)?;
    let styles = styles()?;
    let [style, style_digest] = add(folder, "style", "css", late.first(&styles).as_bytes())?;
    let [styles, styles_digest] = add(folder, "style_whole", "css", styles.as_bytes())?;
    let script_link = format!("rel={SCRIPT} href=./{script} integrity={script_digest} crossorigin");
    // Browsers neither check the integrity of a preloaded wasm file nor accept it silently: www/boot.js checks it.
    let wasm_link = format!(
        "rel={WASM} href=./{first} data-integrity={first_digest} data-rest=./{rest} \
         data-rest-integrity={rest_digest} data-styles=./{styles} data-styles-integrity={styles_digest} crossorigin \
         as=fetch type=application/wasm"
    );
    let style_link = format!("<link rel={STYLES} href=./{style} integrity={style_digest}></head>");
    let html = shorten_start(folder, html)?.replace("</head>", &style_link);
    let html = html.replace(link(&html, SCRIPT)?, &script_link);
    let html = html.replace(link(&html, WASM)?, &wasm_link);
    let page = folder.join("index.html");
    fs::write(&page, html).map_err(|error| format!("{}: {error}", page.display()))
}

/// Writes a file named for its content; returns its name and its digest.
fn add(folder: &Path, name: &str, extension: &str, content: &[u8]) -> Result<[String; 2]> {
    let digest = Sha384::digest(content);
    let mark: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let file = format!("{name}-{mark}.{extension}");
    fs::write(folder.join(&file), content).map_err(|error| format!("{file}: {error}"))?;
    Ok([file, format!("sha384-{}", BASE64_STANDARD.encode(digest))])
}

/// Takes the style sheets out of a page: the page without them, and one sheet of all. Together they compress better.
fn take_styles(folder: &Path, mut html: String) -> Result<(String, Vec<u8>)> {
    let mut styles = Vec::new();
    while let Ok(found) = link(&html, STYLES) {
        let sheet = folder.join(file(found)?);
        styles.extend(read(&sheet)?);
        fs::remove_file(&sheet).map_err(|error| format!("{}: {error}", sheet.display()))?;
        html = html.replace(&format!("<link {found}>"), "");
    }
    Ok((html, styles))
}

/// Leaves the comments out of the script that starts the page.
fn shorten_start(folder: &Path, html: &str) -> Result<String> {
    let script = html.split("<script ").nth(1).and_then(|rest| rest.split_once('>'));
    let attributes = script.ok_or("index.html starts no script")?.0;
    let name = attributes.split(' ').find_map(|attribute| attribute.strip_prefix("src=./"));
    let path = folder.join(name.ok_or("index.html does not say where its script is")?);
    let long = String::from_utf8_lossy(&read(&path)?).into_owned();
    let [short, digest] = add(folder, "boot", "js", shorter(&long, &[]).as_bytes())?;
    if path != folder.join(&short) {
        fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(html.replace(attributes, &format!("defer integrity={digest} src=./{short}")))
}

/// wasm-bindgen's script with the import that fetches the rest, and an export by which `www/boot.js` does so.
fn loading(script: &str, imports: &str) -> Result<String> {
    const IMPORTS: &str = "\"./shardlab_bg.js\": import0,";
    if script.matches(IMPORTS).count() != 1 {
        return Err("wasm-bindgen's script passes its imports in another way than it used to".into());
    }
    Ok(script
        .replace(IMPORTS, &format!("{IMPORTS} {imports},"))
        .replace("const import0 = {", "const import0 = rest.browser = {")
        + "\nexport const rest = {};\n")
}

/// A script with short names, and without its comments and the spaces before its lines.
fn shorter(script: &str, names: &[(String, String)]) -> String {
    let is_code = |line: &&str| {
        !line.is_empty() && !line.starts_with("//") && !line.starts_with('*') && !line.starts_with("/*")
    };
    let lines: Vec<&str> = script.lines().map(str::trim).filter(is_code).collect();
    let script = lines.join("\n");
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    let mut out = String::new();
    let mut rest = &*script;
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let known = names.binary_search_by(|(name, _)| (**name).cmp(word));
        out += known.map_or(word, |place| &names[place].1);
        let between = after.find(is_word).unwrap_or(after.len());
        out += &after[..between];
        rest = &after[between..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_by_their_kind() {
        let html = "<link href=./a.css rel=stylesheet><link crossorigin href=./b.js rel=modulepreload>";
        assert_eq!(link(html, SCRIPT).and_then(file), Ok("b.js"));
        assert!(link(html, WASM).is_err());
    }

    #[test]
    fn names_become_short_as_whole_words() {
        let names = [("__wbg_a".to_owned(), "$0".to_owned()), ("__wbg_b".to_owned(), "$1".to_owned())];
        let script = "/**\n * Says __wbg_a.\n */\n  __wbg_a: x__wbg_a, // kept\n\n  f(\"__wbg_b\")\n";
        assert_eq!(shorter(script, &names), "$0: x__wbg_a, // kept\nf(\"$1\")");
    }

    #[test]
    fn a_script_of_another_form_is_refused() {
        let script = "const import0 = {};\nreturn {\n\"./shardlab_bg.js\": import0,\n};";
        let changed = loading(script, "rest: {}").unwrap();
        assert!(changed.contains("\"./shardlab_bg.js\": import0, rest: {},"), "{changed}");
        assert!(changed.contains("const import0 = rest.browser = {"), "{changed}");
        assert!(loading("return {};", "").is_err());
    }
}

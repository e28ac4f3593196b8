//! Second opinions: libyaml (through `serde_yaml`) and `saphyr-parser` on real files and on damaged
//! ones. Every known difference has a name and a reason here; any other fails the test.
//!
//! The real files are those of `corpus/` in the directory that `PROMOLINT_SHARED` names (`../shared`
//! beside the checkout by default); where it is missing, only `testdata/` is read, and it is said.

use std::fs;
use std::path::{Path, PathBuf};

use promolint_syntax::{Document, NodeKind, SyntaxErrorKind, parse};
use saphyr_parser::{Event, Parser};
use serde::Deserialize;

/// Why one of the others may see a text differently.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Difference {
    /// `serde_yaml` refuses repeated keys while it parses; here a rule reports them.
    RepeatedKey,
    /// Line breaks of YAML 1.1 (NEL, LS, PS), tabs and indicators that YAML 1.2 reads otherwise.
    Yaml12,
    /// Behind the first document nobody reads on, and what stands there is no error.
    BehindFirstDocument,
}

fn yaml_files(directory: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml");
        if path.is_dir() {
            yaml_files(&path, found);
        } else if is_yaml && path.metadata().is_ok_and(|metadata| metadata.len() < 100_000) {
            found.push(path);
        }
    }
}

fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("PROMOLINT_SHARED").map_or(root.join("../shared"), PathBuf::from);
    let mut files = Vec::new();
    yaml_files(&root.join("testdata"), &mut files);
    let own = files.len();
    yaml_files(&shared.join("corpus"), &mut files);
    if files.len() == own {
        eprintln!("skipped: there is no corpus here");
    }
    files.sort();
    assert!(own > 10, "testdata is read");
    files.into_iter().filter_map(|file| fs::read_to_string(file).ok()).collect()
}

/// The text of every scalar, in order.
fn scalars(document: &Document) -> Vec<String> {
    document.nodes().filter(|node| node.kind() == NodeKind::Scalar).map(|node| node.value().into_owned()).collect()
}

fn saphyr(text: &str) -> Result<Vec<String>, String> {
    let mut values = Vec::new();
    for event in Parser::new_from_str(text) {
        match event.map_err(|error| error.to_string())?.0 {
            // An empty value reads as `~` there.
            Event::Scalar(value, ..) => values.push(if value == "~" { String::new() } else { value.into_owned() }),
            Event::DocumentEnd => break,
            _ => {}
        }
    }
    Ok(values)
}

fn libyaml(text: &str) -> Result<(), String> {
    match serde_yaml::Deserializer::from_str(text).next() {
        Some(document) => serde_yaml::Value::deserialize(document).map(|_| ()).map_err(|error| error.to_string()),
        None => Ok(()),
    }
}

fn explain_libyaml(document: &Document, verdict: &Result<(), String>) -> Option<Difference> {
    match verdict {
        Err(error) if error.contains("duplicate entry") => Some(Difference::RepeatedKey),
        _ if !document.constructs().is_empty() => Some(Difference::BehindFirstDocument),
        _ => None,
    }
}

/// One change by a number: a byte replaced, a line dropped, doubled or indented.
fn damaged(text: &str, seed: u64) -> String {
    let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = |limit: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % limit.max(1) as u64).unwrap_or(0)
    };
    let mut lines: Vec<String> = text.lines().take(60).map(str::to_owned).collect();
    let at = next(lines.len());
    match next(5) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => lines[at].insert(0, ' '),
        3 => {
            let indentation = lines[at].len() - lines[at].trim_start().len();
            lines[at].drain(..indentation);
        }
        _ => {
            let place = (0..=lines[at].len()).filter(|place| lines[at].is_char_boundary(*place)).nth(next(lines[at].len())).unwrap_or(0);
            let marks = [":", "\"", "'", "[", "]", "{", ",", "#", "- ", " ", ": ", "\\"];
            lines[at].insert_str(place, marks[next(marks.len())]);
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn intact_files_read_alike() {
    for text in texts() {
        let document = parse(text.as_str());
        assert_eq!(document.errors(), [], "{text}");
        assert_eq!(saphyr(&text).as_ref(), Ok(&scalars(&document)), "{text}");
        let verdict = libyaml(&text);
        assert!(verdict.is_ok() || explain_libyaml(&document, &verdict) == Some(Difference::RepeatedKey), "{verdict:?}\n{text}");
    }
}

#[test]
fn damaged_files_are_judged_alike() {
    let (mut judged, mut unexplained) = (0, Vec::new());
    let mut classes = std::collections::BTreeMap::<String, usize>::new();
    for (number, text) in texts().iter().filter(|text| !text.is_empty()).enumerate() {
        for round in 0..6 {
            let text = damaged(text, (number * 6 + round) as u64 + 1);
            let document = parse(text.as_str());
            let is_ours = document.errors().iter().all(|error| error.kind == SyntaxErrorKind::TooDeep);
            judged += 1;
            let verdict = libyaml(&text);
            if is_ours != verdict.is_ok() {
                match explain_libyaml(&document, &verdict) {
                    Some(class) => *classes.entry(format!("libyaml {class:?}")).or_default() += 1,
                    None => unexplained.push(format!("libyaml {verdict:?}, ours {:?}\n{text}", document.errors())),
                }
            }
            // YAML 1.2 draws many lines elsewhere: there only what both accept must read alike.
            match saphyr(&text) {
                Ok(values) if is_ours && document.constructs().is_empty() && values != scalars(&document) => {
                    unexplained.push(format!("saphyr reads {values:?}\nours {:?}\n{text}", scalars(&document)));
                }
                Ok(_) if is_ours => {}
                Err(_) if !is_ours => {}
                _ => *classes.entry(format!("saphyr {:?}", Difference::Yaml12)).or_default() += 1,
            }
        }
    }
    eprintln!("{judged} damaged files, differences by class: {classes:?}");
    assert!(
        judged > 50 && unexplained.is_empty(),
        "{} unexplained of {judged}:\n{}",
        unexplained.len(),
        unexplained[..unexplained.len().min(3)].join("\n")
    );
}

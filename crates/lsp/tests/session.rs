//! The session without a transport: random edits in all encodings, and half-typed text.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod support;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use promolint_analysis::{Diagnostic, check};
use promolint_lsp::position::Encoding;
use promolint_lsp::session::Session;
use promolint_lsp::session::document::Change;
use promolint_lsp::session::settings::ClientSettings;
use proptest::prelude::*;
use tower_lsp_server::ls_types::{Position, Range, Uri};

const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";

fn session(root: &Path, encoding: Encoding) -> Session {
    let session = Session::default();
    session.initialize(encoding, vec![root.to_owned()], ClientSettings::default(), None);
    session
}

fn open(session: &Session, path: &Path, text: &str) {
    session.open(Uri::from_file_path(path).unwrap(), path.to_owned(), 1, text.to_owned());
}

fn findings(session: &Session, path: &Path) -> Vec<Diagnostic> {
    session.state_of(path).unwrap().0.diagnostics().to_vec()
}

fn tree() -> &'static tempfile::TempDir {
    static TREE: OnceLock<tempfile::TempDir> = OnceLock::new();
    TREE.get_or_init(|| support::copy_of("sample"))
}

/// Splits a text into lines as the protocol does, line ends kept.
fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        lines.last_mut().unwrap().push(character);
        if character == '\n' || (character == '\r' && characters.peek() != Some(&'\n')) {
            lines.push(String::new());
        }
    }
    lines
}

fn width(character: char, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => character.len_utf8(),
        Encoding::Utf16 => character.len_utf16(),
        Encoding::Utf32 => 1,
    }
}

/// The position before the character of this number, told by counting.
fn position(text: &str, number: usize, encoding: Encoding) -> Position {
    let before: String = text.chars().take(number).collect();
    let mut all = lines(&before);
    // Between CR and LF no line has ended yet.
    if before.ends_with('\r') && text.chars().nth(number) == Some('\n') {
        let last = all.pop().unwrap();
        all.last_mut().unwrap().push_str(&last);
    }
    let character = all.last().unwrap().chars().map(|character| width(character, encoding)).sum::<usize>();
    Position { line: u32::try_from(all.len() - 1).unwrap(), character: u32::try_from(character).unwrap() }
}

#[derive(Clone, Debug)]
struct Edit {
    start: prop::sample::Index,
    length: usize,
    text: String,
}

fn edits() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let words = prop_oneof![
        Just("\""),
        Just("'"),
        Just(":"),
        Just(" "),
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("\t"),
        Just("- name: x\n"),
        Just("é"),
        Just("\u{1f600}"),
        Just("["),
        Just("]"),
        Just("dmap:"),
        Just("v1.0.0"),
        Just("sha256:"),
        Just("# promolint: allow(tag-shape) x\n"),
        Just("\u{2028}"),
        Just(""),
        Just("&a"),
    ];
    let edit =
        (any::<prop::sample::Index>(), 0..12_usize, words).prop_map(|(start, length, text)| Edit { start, length, text: text.to_owned() });
    prop::collection::vec(prop::collection::vec(edit, 1..4), 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// After any edits, the session knows the text, and says what opening it anew says, and what a
    /// check of everything says.
    #[test]
    fn edits_lead_where_opening_leads(rounds in edits(), encoding in prop_oneof![Just(Encoding::Utf8), Just(Encoding::Utf16), Just(Encoding::Utf32)]) {
        let path = tree().path().join(IMAGES);
        let mut text = std::fs::read_to_string(&path).unwrap();
        let session = session(tree().path(), encoding);
        open(&session, &path, &text);
        for (version, round) in (2..).zip(rounds) {
            let mut changes = Vec::new();
            for edit in round {
                let characters: Vec<char> = text.chars().collect();
                let mut start = edit.start.index(characters.len() + 1);
                let mut end = (start + edit.length).min(characters.len());
                // No client can name the place between CR and LF.
                let splits = |at: usize| at > 0 && at < characters.len() && characters[at - 1] == '\r' && characters[at] == '\n';
                start -= usize::from(splits(start));
                end += usize::from(splits(end));
                let range = Range { start: position(&text, start, encoding), end: position(&text, end, encoding) };
                text = characters[..start].iter().chain(edit.text.chars().collect::<Vec<_>>().iter()).chain(&characters[end..]).collect();
                changes.push(Change { range: Some(range), text: edit.text });
            }
            prop_assert!(session.change(&path, version, &changes));
            prop_assert_eq!(&*session.document(&path).unwrap().text, text.as_str());
            let (state, name) = session.state_of(&path).unwrap();
            let found = state.diagnostics().to_vec();
            prop_assert_eq!(&found, &check(state.snapshot(), &state.judging.settings));
            // Every place can be written and read again.
            let positions = state.positions(&name);
            for finding in state.diagnostics_of(&name) {
                let range = positions.range(finding.range);
                let near = |there: u32, back: u32| text[there.min(back) as usize..there.max(back) as usize].trim_matches(['\r', '\n']).is_empty();
                prop_assert!(near(positions.text_range(range).start(), finding.range.start()), "{:?} {:?}", finding, range);
            }
        }
        let found = findings(&session, &path);
        let anew = self::session(tree().path(), encoding);
        open(&anew, &path, &text);
        prop_assert_eq!(found, findings(&anew, &path));
    }
}

/// The largest real file, or one of its shape.
fn large_file() -> String {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("PROMOLINT_SHARED").map_or(beside, PathBuf::from);
    std::fs::read_to_string(shared.join("corpus/k8s.io/registry.k8s.io/images/k8s-staging-kubernetes/images.yaml")).unwrap_or_else(|_| {
        eprintln!("no corpus here: a generated file stands in");
        let mut text = String::new();
        for image in 0..18 {
            let _ = write!(text, "- name: component-{image}\n  dmap:\n");
            for version in 0..700 {
                let seed = (image * 1000 + version) * 7919 + 1;
                let _ = writeln!(text, "    \"sha256:{seed:064x}\": [\"v1.{}.{}\"]", version / 20, version % 20);
            }
        }
        text
    })
}

/// Half of an entry must cost nothing but that entry and its neighbours.
#[test]
fn half_typed_text_keeps_findings_elsewhere_and_invents_none() {
    let tree = support::copy_of("good");
    let path = tree.path().join(IMAGES);
    let mut rows: Vec<String> = large_file().lines().map(str::to_owned).collect();
    // Something to find, far from the edits: a digit too few in every two-hundredth digest.
    for row in rows.iter_mut().skip(100).step_by(200).filter(|row| row.contains("sha256:")) {
        row.remove(row.find("sha256:").unwrap() + 7);
    }
    let is_plain = |row: &String| row.contains("    \"sha256:") && row.contains("\": [\"v") && row.trim_end().ends_with("\"]");
    let at = (rows.len() / 2..rows.len() - 9)
        .find(|at| at % 200 > 110 && at % 200 < 190 && (at - 2..=at + 2).all(|at| is_plain(&rows[at])))
        .unwrap();
    let session = session(tree.path(), Encoding::Utf16);
    open(&session, &path, &format!("{}\n", rows.join("\n")));
    let before = findings(&session, &path);
    assert!(before.len() > 20, "{}", before.len());
    let row = rows[at].clone();
    let half = row.len() / 2;
    let edits = [
        ("a missing quote", row.replacen("\":", ":", 1)),
        ("a missing bracket", row.replacen(']', "", 1)),
        ("a missing colon", row.replacen("\":", "\"", 1)),
        ("an extra blank", format!(" {row}")),
        ("a tab", format!("\t{row}")),
        ("half a key", row[..half].to_owned()),
        ("half a word", row[..=row.rfind('v').unwrap()].to_owned()),
        ("a line break in a tag", row.replacen("[\"v1", "[\"v\n1", 1)),
        ("a deleted digit", row.chars().enumerate().filter(|(number, _)| *number != 20).map(|(_, character)| character).collect()),
    ];
    let key = |finding: &Diagnostic, text: &str| {
        let (start, end) = (finding.range.start() as usize, finding.range.end() as usize);
        (finding.rule, text[start..end].to_owned(), finding.message.clone())
    };
    let original = format!("{}\n", rows.join("\n"));
    for (version, (name, edited)) in (2..).zip(edits) {
        let mut edited_rows = rows.clone();
        edited_rows[at] = edited;
        let text = format!("{}\n", edited_rows.join("\n"));
        assert!(session.change(&path, version, &[Change { range: None, text: text.clone() }]));
        let after = findings(&session, &path);
        let lines_before: usize = rows[..at - 1].iter().map(|row| row.len() + 1).sum();
        let added = text.matches('\n').count() - original.matches('\n').count();
        let end_line = at + 2 + added;
        let lines_end: usize = text.split_inclusive('\n').take(end_line).map(str::len).sum();
        let is_near = |finding: &Diagnostic| finding.range.start() as usize >= lines_before && (finding.range.start() as usize) < lines_end;
        let known: Vec<_> = before.iter().map(|finding| key(finding, &original)).collect();
        let now: Vec<_> = after.iter().map(|finding| key(finding, &text)).collect();
        for finding in &known {
            assert!(now.contains(finding), "{name} hides {finding:?}");
        }
        for (finding, key) in after.iter().zip(&now) {
            assert!(known.contains(key) || (finding.path.ends_with("images.yaml") && is_near(finding)), "{name} invents {finding:?}");
        }
    }
}

/// Whatever happens first.
#[test]
fn settings_that_come_while_a_tree_is_read_count() {
    let path = tree().path().join(IMAGES);
    let none = ClientSettings { ignore: vec!["all".to_owned()], ..ClientSettings::default() };
    for pause in 0..20 {
        let session = session(tree().path(), Encoding::Utf8);
        std::thread::scope(|threads| {
            threads.spawn(|| session.states(true));
            std::thread::sleep(Duration::from_micros(50 * pause));
            if session.take_settings(none.clone()) {
                session.judge_anew();
            }
        });
        let state = session.state_of(&path).unwrap().0;
        assert_eq!(state.diagnostics().len(), 0, "{pause}");
    }
}

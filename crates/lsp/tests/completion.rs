//! Completion through one door: a text with its cursor, what is accepted, and the text that comes out.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod support;

use std::path::Path;
use std::sync::Arc;

use promolint_analysis::SourceFile;
use promolint_lsp::features::completion::{Item, complete};
use promolint_lsp::position::Encoding;
use promolint_lsp::session::Session;
use promolint_lsp::session::settings::ClientSettings;
use promolint_lsp::session::state::State;
use tower_lsp_server::ls_types::Uri;

const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const MANIFEST: &str = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml";
const FILESTORE: &str = "artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml";
const FILES: &str = "artifacts/manifests/k8s-staging-tool/v1.3.0.yaml";
const OWNERS: &str = "registry.k8s.io/images/k8s-staging-widget/OWNERS";
const ALIASES: &str = "OWNERS_ALIASES";
const ACCOUNT: &str = "k8s-infra-gcr-promoter@k8s-artifacts-prod.iam.gserviceaccount.com";

/// A tree in which one file is open.
struct Desk {
    session: Session,
    tree: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let tree = support::copy_of("good");
        let session = Session::default();
        session.initialize(Encoding::Utf8, vec![tree.path().to_owned()], ClientSettings::default(), None);
        Self { session, tree }
    }

    fn with(&self, path: &str, text: &str) -> (Arc<State>, Arc<SourceFile>) {
        let full = self.tree.path().join(path);
        self.session.open(Uri::from_file_path(&full).unwrap(), full.clone(), 1, text.to_owned());
        let state = self.session.state_of(Path::new(&full)).unwrap().0;
        let file = Arc::clone(state.file(path).unwrap());
        (state, file)
    }

    fn items(&self, path: &str, typed: &str) -> Vec<Item> {
        let (text, offset) = parted(typed);
        let (state, file) = self.with(path, &text);
        complete(&state, &file, offset)
    }

    fn labels(&self, path: &str, typed: &str) -> Vec<String> {
        self.items(path, typed).into_iter().map(|item| item.label).collect()
    }

    /// What the findings of a text say of what.
    fn findings(&self, path: &str, text: &str) -> Vec<String> {
        let (state, file) = self.with(path, text);
        let found = state.diagnostics_of(path).iter();
        found.map(|found| format!("{} {}", found.rule, file.slice(found.range))).collect()
    }
}

fn parted(typed: &str) -> (String, u32) {
    let at = typed.find('▌').unwrap_or_else(|| panic!("no cursor in {typed}"));
    (typed.replace('▌', ""), u32::try_from(at).unwrap())
}

/// A snippet with what its places hold.
fn filled(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\\' => {
                text.extend(rest.chars().next());
                rest = &rest[1..];
            }
            '$' if rest.starts_with('{') => {
                let (inside, behind) = rest[1..].split_once('}').unwrap();
                text.push_str(inside.split_once(':').map_or("", |(_, held)| held));
                rest = behind;
            }
            '$' => rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit()),
            other => text.push(other),
        }
    }
    text
}

/// The text once an item is accepted, as editors do it: further lines get the blanks and the line ends of the cursor's.
fn accepted(text: &str, item: &Item, line_end: &str) -> String {
    let range = item.replaces.to_usize();
    let start = text[..range.start].rfind('\n').map_or(0, |before| before + 1);
    let blanks: String = text[start..].chars().take_while(|character| *character == ' ').collect();
    let new = if item.is_snippet {
        filled(&item.text).replace('\n', &format!("{line_end}{}", &blanks[..blanks.len().min(range.start - start)]))
    } else {
        item.text.clone()
    };
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}

fn syntax_errors(text: &str) -> usize {
    promolint_syntax::parse(text).errors().len()
}

/// `·` stands for a line break, so that a case is one line.
fn spread(text: &str) -> String {
    text.replace('·', "\n")
}

/// Of each case: what is typed, the label that is accepted, what comes out; whether that is complete.
fn check(path: &str, cases: &[(&str, &str, &str, bool)]) {
    let desk = Desk::new();
    let mut failures = Vec::new();
    for (typed, label, expected, is_complete) in cases {
        for line_end in ["\n", "\r\n"] {
            let lines = |text: &str| spread(text).replace('\n', line_end);
            let (typed, expected) = (lines(typed), lines(expected));
            let items = desk.items(path, &typed);
            let Some(item) = items.iter().find(|item| item.label == *label) else {
                let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
                failures.push(format!("{typed}\n  no {label} in {labels:?}"));
                continue;
            };
            let (text, _) = parted(&typed);
            let result = accepted(&text, item, line_end);
            if result != expected {
                failures.push(format!("{typed}\n-- became\n{result}\n-- not\n{expected}"));
            }
            if syntax_errors(&result) > syntax_errors(&text) || *is_complete && syntax_errors(&result) > 0 {
                failures.push(format!("{typed}\n-- is broken by {label}:\n{result}"));
            }
            if *is_complete && line_end == "\n" {
                let before = desk.findings(path, &text);
                let new: Vec<String> = desk.findings(path, &result).into_iter().filter(|found| !before.contains(found)).collect();
                if !new.is_empty() {
                    failures.push(format!("{typed}\n-- with {label} has {new:#?}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A digest of a hex digit and `0` by turns.
fn digest(digit: char) -> String {
    format!("sha256:{}", format!("{digit}0").repeat(32))
}

/// Two architectures, one of which lacks the newest tag, and what follows.
fn widgets(tags: [&str; 2], end: &str) -> String {
    let [old, new] = tags;
    format!(
        "- name: widget·  dmap:·    \"{}\": {old}·    \"{}\": {new}·- name: widget-arm64·  dmap:·    \"{}\": {old}·{end}",
        digest('a'),
        digest('b'),
        digest('c')
    )
}

#[test]
fn digests_and_tags_in_the_style_of_the_file() {
    let (key, half) = (format!("    \"{}\":", digest('d')), format!("    \"{}▌", digest('d')));
    let mut cases: Vec<(String, &str, String, bool)> = Vec::new();
    for style in
        [["[\"v1.0.0\"]", "[\"v1.1.0\"]"], ["[ \"v1.0.0\" ]", "[ \"v1.1.0\" ]"], ["['v1.0.0']", "['v1.1.0']"], ["[v1.0.0]", "[v1.1.0]"]]
    {
        let new = style[1];
        let file = |end: &str| widgets(style, end);
        let mut case =
            |typed: &str, label: &'static str, becomes: &str, complete: bool| cases.push((file(typed), label, file(becomes), complete));
        let draft = format!("    \"sha256:digest\": {new}");
        for typed in
            ["    ▌", "    \"▌", "    \"▌\"", "    \"sha256:▌", "    \"sha256:▌\"", "    sha▌", "    sha256:▌", "    '▌'", "    dig▌"]
        {
            case(typed, "digest", &draft, false);
        }
        case("    \"sha256:0▌", "digest", &format!("    \"sha256:0\": {new}"), false);
        case(&half, "digest", &format!("{key} {new}"), false);
        for typed in [" ▌", "▌", " v▌", " [▌", " [▌]", " [\"▌", " \"▌\""] {
            // An open quote is the user's own.
            if typed.contains('"') && !new.contains('"') {
                continue;
            }
            case(&format!("{key}{typed}·"), "v1.1.0", &format!("{key} {new}·"), true);
        }
    }
    let cases: Vec<(&str, &str, &str, bool)> = cases.iter().map(|(a, b, c, d)| (a.as_str(), *b, c.as_str(), *d)).collect();
    check(IMAGES, &cases);
}

#[test]
fn lists_of_tags() {
    let key = format!("    \"{}\":", digest('d'));
    let file = |end: &str| widgets(["[\"v1.0.0\"]", "[\"v1.1.0\", \"v1.1\"]"], &format!("{key}{end}"));
    let block = |end: &str| widgets(["·    - v1.0.0", "·    - v1.1.0"], &format!("{key}{end}"));
    let indented = |end: &str| widgets(["·      - \"v1.0.0\"", "·      - \"v1.1.0\""], &format!("{key}{end}"));
    let cases = [
        (file(" [\"v1.1\",▌]·"), "v1.1.0", file(" [\"v1.1\", \"v1.1.0\"]·")),
        (file(" [\"v1.1\", ▌·"), "v1.1.0", file(" [\"v1.1\", \"v1.1.0\"]·")),
        (file(" [\"v1.1\", \"▌\"]·"), "v1.1.0", file(" [\"v1.1\", \"v1.1.0\"]·")),
        (file(" [\"v1.1\", v▌]·"), "v1.1.0", file(" [\"v1.1\", \"v1.1.0\"]·")),
        (file(" ['▌']·"), "v1.1.0", file(" ['v1.1.0']·")),
        (file(" [\"v1▌.1\"] # why·"), "v1.1.0", file(" [\"v1.1.0\"] # why·")),
        (file(" [·      \"v1.1\",·      ▌·    ]·"), "v1.1.0", file(" [·      \"v1.1\",·      \"v1.1.0\"·    ]·")),
        (block(" ▌·"), "v1.1.0", block("·    - v1.1.0·")),
        (block("▌·"), "v1.1.0", block("·    - v1.1.0·")),
        (block("·    -▌·"), "v1.1.0", block("·    - v1.1.0·")),
        (block("·    - ▌·"), "v1.1.0", block("·    - v1.1.0·")),
        (block("·    - \"▌·"), "v1.1.0", block("·    - \"v1.1.0\"·")),
        (indented(" ▌·"), "v1.1.0", indented("·      - \"v1.1.0\"·")),
        (indented("·      ▌·"), "v1.1.0", indented("·      - \"v1.1.0\"·")),
        (indented("·      - v1▌·"), "v1.1.0", indented("·      - \"v1.1.0\"·")),
    ];
    let cases: Vec<(&str, &str, &str, bool)> = cases.iter().map(|(a, b, c)| (a.as_str(), *b, c.as_str(), true)).collect();
    check(IMAGES, &cases);
}

#[test]
fn images_and_their_keys() {
    let snippet = "- name: image·  dmap:·    \"sha256:digest\": [\"v1.0.0\"]";
    let file = |end: &str| widgets(["[\"v1.0.0\"]", "[\"v1.1.0\"]"], end);
    let wide = "-   name: a·    dmap:·        \"sha256:0\": [\"v1.0.0\"]·";
    let indented = "  - name: a·    dmap:·      \"sha256:0\": [\"v1.0.0\"]·";
    let cases = [
        ("▌".to_owned(), "image", snippet.to_owned()),
        ("-▌".to_owned(), "image", snippet.to_owned()),
        ("- ▌".to_owned(), "image", snippet.to_owned()),
        ("- im▌".to_owned(), "image", snippet.to_owned()),
        (file("▌"), "image", file(snippet)),
        (file("▌"), "name", file("- name: ")),
        (file("-▌"), "name", file("- name: ")),
        (file("-na▌"), "name", file("- name: ")),
        (file("- n▌"), "name", file("- name: ")),
        (file("- n▌me: x·  dmap: {}·"), "name", file("- name: x·  dmap: {}·")),
        (file("- name: x·  ▌·"), "dmap", file("- name: x·  dmap:·    \"sha256:digest\": [\"v1.0.0\"]·")),
        (file("- name: x·  d▌:·"), "dmap", file("- name: x·  dmap:·")),
        (format!("{wide}▌"), "image", format!("{wide}-   name: image·    dmap:·        \"sha256:digest\": [\"v1.0.0\"]")),
        (format!("{wide}-▌"), "name", format!("{wide}-   name: ")),
        (format!("{wide}        ▌"), "digest", format!("{wide}        \"sha256:digest\": [\"v1.0.0\"]")),
        (format!("{indented}  ▌"), "image", format!("{indented}  - name: image·    dmap:·      \"sha256:digest\": [\"v1.0.0\"]")),
        (format!("{indented}  -▌"), "name", format!("{indented}  - name: ")),
    ];
    let cases: Vec<(&str, &str, &str, bool)> = cases.iter().map(|(a, b, c)| (a.as_str(), *b, c.as_str(), false)).collect();
    check(IMAGES, &cases);
}

#[test]
fn nothing_where_nothing_can_stand() {
    let desk = Desk::new();
    let key = format!("    \"{}\":", digest('d'));
    let file = |end: &str| spread(&widgets(["[\"v1.0.0\"]", "[\"v1.1.0\"]"], end));
    for end in [
        format!("{key} [\"v1.0.0\"] ▌"),
        format!("{key} [\"v1.0.0\"]▌"),
        format!("{key} [\"v1.0.0\" ▌"),
        format!("{key} ▌·    - v1.0.0·"),
        format!("    \"sha2▌56:{}\": [\"v1.0.0\"]", "d0".repeat(32)),
        format!("    sha2▌56:{}: [\"v1.0.0\"]", "d0".repeat(32)),
        "  ▌".to_owned(),
        "   ▌".to_owned(),
        "      ▌".to_owned(),
        "--▌".to_owned(),
        "- name: ▌".to_owned(),
        "- name: x·▌  dmap:".to_owned(),
    ] {
        assert_eq!(desk.labels(IMAGES, &file(&spread(&end))), [""; 0], "{end}");
    }
    assert_eq!(desk.labels(OWNERS, "approvers:\n- alice ▌"), [""; 0]);
    assert_eq!(desk.labels(MANIFEST, "registries:\n- name: x\n  src: true ▌"), [""; 0]);
}

#[test]
fn people() {
    let people = "widget-maintainers";
    let cases = [
        ("approvers:·- alice·-▌", people, "approvers:·- alice·- widget-maintainers"),
        ("approvers:·- alice·- ▌", people, "approvers:·- alice·- widget-maintainers"),
        ("approvers:·- alice·- wid▌", people, "approvers:·- alice·- widget-maintainers"),
        ("approvers:·- alice·- wid▌get", people, "approvers:·- alice·- widget-maintainers"),
        ("approvers:·- alice·-wid▌", people, "approvers:·- alice·- widget-maintainers"),
        ("approvers:·- alice·▌", people, "approvers:·- alice·- widget-maintainers"),
        ("approvers:·- alice·- \"▌", people, "approvers:·- alice·- \"widget-maintainers\""),
        ("approvers:·- alice·-\"▌", people, "approvers:·- alice·- \"widget-maintainers\""),
        ("approvers:·  - alice·  -▌", people, "approvers:·  - alice·  - widget-maintainers"),
        ("approvers:·  - alice·  ▌", people, "approvers:·  - alice·  - widget-maintainers"),
        ("approvers:·    - 'alice'·    - ▌", people, "approvers:·    - 'alice'·    - 'widget-maintainers'"),
        ("approvers: [alice,▌]", people, "approvers: [alice, widget-maintainers]"),
        ("approvers: [alice]·reviewers: ▌", people, "approvers: [alice]·reviewers: [widget-maintainers]"),
        ("approvers:·- alice·reviewers: ▌", people, "approvers:·- alice·reviewers:·- widget-maintainers"),
        ("approvers:·  - alice·reviewers:▌", people, "approvers:·  - alice·reviewers:·  - widget-maintainers"),
        ("filters:·  \".*\":·    approvers:·    -▌", people, "filters:·  \".*\":·    approvers:·    - widget-maintainers"),
    ];
    let cases = cases.map(|(typed, label, result)| (format!("{typed}·"), label, format!("{result}·")));
    let cases: Vec<(&str, &str, &str, bool)> = cases.iter().map(|(a, b, c)| (a.as_str(), *b, c.as_str(), true)).collect();
    check(OWNERS, &cases);
    check(
        OWNERS,
        &[
            ("approvers:·- alice·requ▌", "required_reviewers", "approvers:·- alice·required_reviewers:·- ", false),
            ("approvers:·  - alice·▌", "labels", "approvers:·  - alice·labels:·  - ", false),
            ("approvers:·- alice·r▌:·- bob·", "reviewers", "approvers:·- alice·reviewers:·- bob·", true),
            ("approvers:·- alice·r▌·- bob·", "reviewers", "approvers:·- alice·reviewers:·- bob·", true),
            ("▌", "OWNERS", "approvers:·- alias·reviewers:·- alias", false),
            ("approvers: [alice]·rev▌", "reviewers", "approvers: [alice]·reviewers: []", false),
            ("options:·  ▌", "no_parent_owners", "options:·  no_parent_owners: true", false),
        ],
    );
    check(
        ALIASES,
        &[("aliases:·  a-leads:·  - alice·  b-leads:·  -▌·", "alice", "aliases:·  a-leads:·  - alice·  b-leads:·  - alice·", true)],
    );
    let desk = Desk::new();
    let labels = desk.labels(OWNERS, "approvers:\n- alice\n- widget-m▌\n- carol\n");
    assert!(labels.contains(&"widget-maintainers".to_owned()) && labels.contains(&"bob".to_owned()), "{labels:?}");
    assert!(!labels.contains(&"alice".to_owned()) && !labels.contains(&"carol".to_owned()), "{labels:?}");
    assert!(!labels.contains(&"widget-m".to_owned()), "{labels:?}");
}

#[test]
fn manifests() {
    let source = "registries:·- name: gcr.io/k8s-staging-widget·  src: true·";
    let name = "us-west1-docker.pkg.dev/k8s-artifacts-prod/images/widget";
    let cases = [
        (format!("{source}- name:▌"), name, format!("{source}- name: {name}")),
        (format!("{source}- name: us-w▌"), name, format!("{source}- name: {name}")),
        (format!("{source}- name: \"▌"), name, format!("{source}- name: \"{name}\"")),
        (format!("{source}- name: {name}·  service-account:▌"), ACCOUNT, format!("{source}- name: {name}·  service-account: {ACCOUNT}")),
        (
            format!("{source}- name: {name}·  service-account: k8s▌"),
            ACCOUNT,
            format!("{source}- name: {name}·  service-account: {ACCOUNT}"),
        ),
        (format!("{source}- name: {name}·  ser▌"), "service-account", format!("{source}- name: {name}·  service-account: ")),
        (format!("{source}-▌"), "name", format!("{source}- name: ")),
        (format!("{source}▌"), "name", format!("{source}- name: ")),
        ("reg▌".to_owned(), "registries", "registries:·- name: ".to_owned()),
        (
            "registries:·- name: gcr.io/k8s-staging-widget·  ▌".to_owned(),
            "src",
            "registries:·- name: gcr.io/k8s-staging-widget·  src: true".to_owned(),
        ),
    ];
    let cases: Vec<(&str, &str, &str, bool)> = cases.iter().map(|(a, b, c)| (a.as_str(), *b, c.as_str(), false)).collect();
    check(MANIFEST, &cases);
    check(
        FILESTORE,
        &[
            ("filestores:·- ▌", "base", "filestores:·- base: ", false),
            ("filestores:·- base:▌", "gs://", "filestores:·- base: gs://", false),
            ("filestores:·- base: gs://a/b·  sr▌", "src", "filestores:·- base: gs://a/b·  src: true", false),
        ],
    );
    check(FILES, &[("files:·- name: a·  ▌", "sha256", "files:·- name: a·  sha256: ", false), ("▌", "files", "files:·- name: ", false)]);
    let desk = Desk::new();
    for (typed, start) in [("-▌", "- name: "), ("- ▌", "- name: "), ("▌", "- name: ")] {
        let typed = spread(&format!("{source}{typed}"));
        let items = desk.items(MANIFEST, &typed);
        let item = items.iter().find(|item| item.label == "destinations").unwrap();
        let result = accepted(&parted(&typed).0, item, "\n");
        assert_eq!(result.matches("\n- name: ").count(), 23, "{result}");
        assert!(result.starts_with(&spread(&format!("{source}{start}"))) && !result.ends_with('\n'), "{result}");
        assert!(desk.findings(MANIFEST, &format!("{result}\n")).iter().all(|found| found.starts_with("header-comment")), "{result}");
    }
}

#[test]
fn rules_with_findings_come_first() {
    let desk = Desk::new();
    let text = spread(&widgets(["[\"v1.0.0\"]", "[\"v1.1.0\"]"], "    # promolint: allow(▌·    \"sha256:12\": [\"V2.0.0\"]·"));
    let labels = desk.labels(IMAGES, &text);
    let mut first = labels[..2].to_vec();
    first.sort();
    assert_eq!(first, ["digest-syntax", "tag-shape"]);
    assert!(labels.len() > 60);
    let text = text.replace("allow(▌", "allow(tag-shape, dig▌");
    let items = desk.items(IMAGES, &text);
    assert_eq!(items[0].label, "digest-syntax");
    assert!(accepted(&parted(&text).0, &items[0], "\n").contains("# promolint: allow(tag-shape, digest-syntax\n"));
    assert!(!items.iter().any(|item| item.label == "tag-shape"));
    check(
        IMAGES,
        &[
            ("#▌", "promolint: allow(…)", "# promolint: allow(rule) reason", false),
            ("# pro▌", "promolint: allow(…)", "# promolint: allow(rule) reason", false),
        ],
    );
}

#[test]
fn tags_of_what_moves_together() {
    let desk = Desk::new();
    let image = |name: &str, tags: &[&str]| {
        let entries = tags.iter().map(|tag| format!("    \"sha256:{name}{tag}\": [\"{tag}\"]\n"));
        format!("- name: {name}\n  dmap:\n{}", entries.collect::<String>())
    };
    let old = ["v0.1.0", "v0.2.0", "v0.3.0", "v0.4.0", "v0.5.0"];
    let text = format!(
        "{}{}{}    \"sha256:0\": [▌",
        image("driver", &[&old[..], &["v0.4.9", "v0.6.0", "v0.7.0"]].concat()),
        image("other", &["v9.0.0"]),
        image("driver-s390x", &old)
    );
    assert_eq!(desk.labels(IMAGES, &text), ["v0.7.0", "v0.6.0"]);
    // What is half typed is no tag of any image.
    assert_eq!(desk.labels(IMAGES, &text.replace("[▌", "[\"v0.7.0▌\"]")), ["v0.7.0", "v0.6.0"]);
}

/// Whatever is accepted wherever a line of a good file is cut off, no text gets worse by it.
#[test]
fn no_text_is_broken_anywhere() {
    let desk = Desk::new();
    for path in [IMAGES, MANIFEST, OWNERS, ALIASES, FILESTORE, FILES] {
        let whole = std::fs::read_to_string(support::testdata("good").join(path)).unwrap();
        let mut start = 0;
        // Further down, it is the same again.
        for line in whole.split_inclusive('\n').take(12) {
            let content = line.trim_end();
            for cut in (0..=content.len().min(84)).filter(|cut| content.is_char_boundary(*cut)) {
                for rest in ["", &whole[start + line.len()..]] {
                    let before = &whole[..start + cut];
                    let typed = format!("{before}▌\n{rest}");
                    let (text, _) = parted(&typed);
                    let items = desk.items(path, &typed);
                    for item in items.iter().filter(|item| item.kind != promolint_lsp::features::completion::ItemKind::Rule) {
                        let result = accepted(&text, item, "\n");
                        assert!(syntax_errors(&result) <= syntax_errors(&text), "{} in\n{text}\n-- gives\n{result}", item.label);
                    }
                }
            }
            start += line.len();
        }
    }
}

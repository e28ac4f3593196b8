//! What the rules on the form of manifests say, and what their fixes make of it.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::sync::Arc;

use promolint_analysis::{Diagnostic, FileKind, Level, Policy, Settings, Severity, Snapshot, SourceFile, check, rules};
use promolint_syntax::apply_edits;

const IMAGES: &str = "registry.k8s.io/images/k8s-staging-widget/images.yaml";
const THIN: &str = "registry.k8s.io/manifests/k8s-staging-widget/promoter-manifest.yaml";
const PLAIN: &str = "plain/promoter-manifest.yaml";
const STORES: &str = "artifacts/filestores/k8s-staging-tool/filepromoter-manifest.yaml";
const FILES: &str = "artifacts/manifests/k8s-staging-tool/v1.2.3.yaml";

/// What the rules of this category say of one file.
fn found(path: &str, text: &str) -> Vec<Diagnostic> {
    let kind = promolint_analysis::file::kind_of_named_file(path, text).unwrap();
    let mut settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    for rule in rules::ALL {
        settings
            .levels
            .rules
            .insert(rule.name, if rule.category == promolint_analysis::Category::Form { Level::Default } else { Level::Off });
    }
    let source = SourceFile::new(path, kind, text);
    // Something that shows how the lines of the tree end.
    let neighbour = SourceFile::new("registry.k8s.io/images/a/OWNERS", FileKind::Owners, "# c\n");
    check(&Snapshot::new(vec![Arc::new(source), Arc::new(neighbour)], false), &settings)
}

/// `rule severity text at the place`
fn told(path: &str, text: &str) -> Vec<String> {
    let tell = |diagnostic: &Diagnostic| format!("{} {} {:?}", diagnostic.rule, diagnostic.severity, &text[diagnostic.range.to_usize()]);
    found(path, text).iter().map(tell).collect()
}

/// The text with the first fix of every finding.
fn fixed(path: &str, text: &str) -> String {
    let fixes = found(path, text).into_iter().filter_map(|diagnostic| diagnostic.fixes.into_iter().next());
    let edits: Vec<_> = fixes.flat_map(|fix| fix.edits).map(|edit| edit.edit).collect();
    apply_edits(text, &edits).unwrap()
}

#[test]
fn keys() {
    for (path, text, expected) in [
        (IMAGES, "- nmae: a\n", &["unknown-key error \"nmae\""][..]),
        (IMAGES, "- name: a\n  name: a\n", &["duplicate-key error \"name\""]),
        (IMAGES, "- name: a\n  dmap: {d: [], 'd': []}\n", &["duplicate-key error \"'d'\""]),
        (IMAGES, "- <<: {name: a}\n  name: b\n", &["unsupported-yaml warning \"<<\""]),
        (IMAGES, "- name: a\n  dmap: [b]\n", &["wrong-type error \"[b]\""]),
        (IMAGES, "- ~\n", &["missing-key error \"~\""]),
        (IMAGES, "- name: a\n- name: [\n", &["yaml-syntax error \"[\""]),
        (THIN, "registries:\n- name: a\n  src: \"true\"\n", &["wrong-type error \"\\\"true\\\"\""]),
        (THIN, "registries:\n- name: a\n  ser: b\n", &["unknown-key error \"ser\""]),
        (THIN, "imagesPath: [a]\nregistries: [{name: a}]\n", &["deprecated-key hint \"imagesPath\"", "wrong-type error \"[a]\""]),
        (THIN, "registries:\n", &["missing-key error \"registries\""]),
        (THIN, "", &["missing-key error \"\""]),
        (
            PLAIN,
            "registries: [{name: a}]\nimages: [{name: b}]\nrenames: []\n",
            &["missing-key error \"b\"", "deprecated-key hint \"renames\""],
        ),
        (STORES, "filestores:\n- base: gs://a\n  extra: .inf\n", &["unknown-key warning \"extra\"", "wrong-type error \".inf\""]),
        (STORES, "FileStores:\n- BASE: gs://a\n", &[]),
        (FILES, "files:\n- name: a\n  name: b\n  sha256: 0\n", &["duplicate-key warning \"name\""]),
        (FILES, "files:\n- name: a\n  sha256:\n", &["missing-key error \"name: a\""]),
        (FILES, "files: []\n", &["missing-key error \"files\""]),
        // What a syntax error swallowed is not missing.
        (FILES, "files:\n- name: a\n  sha256: \"0\n", &["yaml-syntax error \"\\\"0\""]),
    ] {
        assert_eq!(told(path, text), expected, "{text}");
    }
}

#[test]
fn layout() {
    for (path, text, expected, repaired) in [
        (IMAGES, "- name: a\r\n  dmap:\r\n", &["line-endings warning \"- name: a\""][..], "- name: a\n  dmap:\n"),
        (IMAGES, "- name: a\n  dmap:\r\n", &["line-endings warning \"dmap:\""], "- name: a\n  dmap:\n"),
        (IMAGES, "- name: a # c\u{2028}  dmap:\n", &["line-endings warning \"- name: a # c\""], "- name: a # c\n  dmap:\n"),
        (
            IMAGES,
            "- name: a\n\n \n  dmap: \t\n",
            &["trailing-whitespace warning \" \"", "trailing-whitespace warning \" \\t\""],
            "- name: a\n\n\n  dmap:\n",
        ),
        (IMAGES, "- name: a\n  dmap:", &["final-newline warning \"dmap:\""], "- name: a\n  dmap:\n"),
        (IMAGES, "- name: a\n\n\n", &["blank-lines-at-end hint \"\\n\\n\""], "- name: a\n"),
        (IMAGES, "- name: a\n", &[], "- name: a\n"),
        (IMAGES, "", &[], ""),
        (IMAGES, "\n\n", &[], "\n\n"),
        (IMAGES, "# No images yet", &["final-newline warning \"# No images yet\""], "# No images yet\n"),
        ("registry.k8s.io/images/b/OWNERS", "approvers:\n- a ", &["final-newline hint \"- a \"", "trailing-whitespace hint \" \""], ""),
        ("groups/groups.yaml", "groups: []  \r\n\n\n", &[], "groups: []  \r\n\n\n"),
    ] {
        let mut told = told(path, text);
        told.sort_unstable();
        if let [finding, ..] = expected {
            assert!(told.iter().any(|told| told == finding), "{text:?} {told:?}");
        }
        assert_eq!(told.len(), expected.len(), "{text:?} {told:?}");
        if !repaired.is_empty() {
            assert_eq!(fixed(path, text), repaired);
        }
    }
}

#[test]
fn fixes() {
    for (path, text, repaired) in [
        (THIN, "imagesPath: a\nregistries: [{name: a}]\n", "registries: [{name: a}]\n"),
        (THIN, "registries: [{name: a}]\n# c\nimagesPath: a # b\n", "registries: [{name: a}]\n# c\n"),
        (THIN, "registries:\n- name: a\n  ser: b\n", "registries:\n- name: a\n  service-account: b\n"),
        (THIN, "registries: [{name: a}]\n-name: b\n", "registries: [{name: a}]\n- name: b\n"),
        (THIN, "registries:\n- name: a\n  src: 'true'\n", "registries:\n- name: a\n  src: true\n"),
        (IMAGES, "- name: a\n  dmap:\n    sha256:0: v1\n", "- name: a\n  dmap:\n    sha256:0: [\"v1\"]\n"),
        (IMAGES, "- name: a\n  dmap:\n    d: [a]\n    d: [a]\n    e: [b]\n", "- name: a\n  dmap:\n    d: [a]\n    e: [b]\n"),
        (IMAGES, "- name: a\n  dmap:\n    d: [a]\n    d: [b]\n", "- name: a\n  dmap:\n    d: [a]\n    d: [b]\n"),
    ] {
        assert_eq!(fixed(path, text), repaired);
    }
}

#[test]
fn rare_yaml() {
    for (text, expected) in [
        ("- name: &n a\n- name: *n\n", &["unsupported-yaml warning \"&n\"", "unsupported-yaml warning \"*n\""][..]),
        ("- &n {name: a}\n- <<: *n\n  name: '<<'\n", &["unsupported-yaml warning \"&n\"", "unsupported-yaml warning \"<<\""]),
        ("- name: !!str a\n", &["unsupported-yaml warning \"!!str\""]),
        ("- name: |-\n   a\n", &["unsupported-yaml warning \"|\""]),
        ("---\n- name: a\n---\n- name: b\n- name: c\n", &["unsupported-yaml error \"- name: b\""]),
        ("- name: a\n---\n", &[]),
        ("%YAML 1.1\n---\n- name: a\n", &["unsupported-yaml warning \"%YAML 1.1\""]),
        ("%YAML 1.2\n---\n- name: a\n", &["yaml-syntax error \"%YAML 1.2\""]),
    ] {
        assert_eq!(told(IMAGES, text), expected, "{text}");
    }
}

#[test]
fn bytes_that_are_no_text() {
    let source = SourceFile::from_bytes(IMAGES, FileKind::Images, b"- name: a # \xfc\xfc\n".to_vec());
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let found = check(&Snapshot::new(vec![Arc::new(source)], false), &settings);
    let found: Vec<_> = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].rule, found[0].range.start()), ("yaml-syntax", 12));
}

#[test]
fn marks_of_a_merge_and_characters_that_look_alike() {
    let digest = "5ab6b54bdbce06ac98fb7c66f2f6ac0ce9de30b3cc6ff4ac5b8a0f3a9ee95df9";
    let line = |tag: &str| format!("    \"sha256:{digest}\": [\"{tag}\"]\n");
    let text = format!("- name: a\n  dmap:\n<<<<<<< HEAD\n{}=======\n{}>>>>>>> other/main\n", line("v1"), line("v2"));
    let syntax = |text: &str| found(IMAGES, text).into_iter().filter(|found| found.rule == "yaml-syntax").collect::<Vec<_>>();
    let conflict = syntax(&text);
    assert_eq!(conflict.len(), 1, "{conflict:#?}");
    assert_eq!(&text[conflict[0].range.to_usize()], "<<<<<<< HEAD");
    for (wrong, help) in [
        (line("v1").replace("\": [", "\":\u{a0}["), "no-break space"),
        (line("v1").replace("\": [", "\"\u{ff1a} ["), "full-width"),
        (line("v1").replace("[\"v1\"]", "[\u{201c}v1\u{201d}, \"v2]"), "typographic"),
    ] {
        let found = syntax(&format!("- name: a\n  dmap:\n{wrong}"));
        assert!(found.iter().any(|found| found.help.as_ref().is_some_and(|told| told.contains(help))), "{wrong} {found:#?}");
    }
}

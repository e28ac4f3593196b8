//! Judging anew only what a change touches finds what judging everything finds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use promolint_analysis::{Checker, FileKind, Policy, Settings, Snapshot, SourceFile, check, check_change};

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn kind(path: &str) -> Option<FileKind> {
    promolint_analysis::file::kind_by_place(path, &|directory| {
        ["registry.k8s.io", "k8s.gcr.io"]
            .iter()
            .any(|tree| [format!("{tree}/images"), format!("{tree}/manifests")].contains(&directory.to_owned()))
            || ["artifacts/filestores", "artifacts/manifests"].contains(&directory)
    })
}

fn load(root: &Path) -> Vec<Arc<SourceFile>> {
    let mut files = Vec::new();
    for path in files_below(root) {
        let name = path.strip_prefix(root).expect("below the root").to_str().expect("UTF-8").replace('\\', "/");
        if let Some(kind) = kind(&name) {
            files.push(Arc::new(SourceFile::new(name, kind, std::fs::read_to_string(&path).expect("a text"))));
        }
    }
    files
}

/// Variants of a text that touch what rules look at.
fn variants(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let half = lines.len() / 2;
    let without =
        |at: usize| lines.iter().enumerate().filter(|(line, _)| *line != at).flat_map(|(_, line)| [*line, "\n"]).collect::<String>();
    vec![
        String::new(),
        without(0),
        without(half),
        without(lines.len().saturating_sub(1)),
        text.replacen("widget", "gadget", 1),
        text.replace("widget", "sprocket"),
        text.replacen("v1", "v2", 1),
        text.replace("1.2.3", "1.3.0"),
        text.replacen("alice", "alise", 1),
        text.replacen("sha256:", "sha256:0", 1),
        text.replace('\n', "\r\n"),
        format!("# promolint: allow(missing-owners, tag-shape) known\n{text}"),
        format!("{text}{text}"),
        format!("{text}- {{"),
    ]
}

#[test]
fn incremental_findings_are_those_of_a_whole_check() {
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    for tree in ["../../testdata/good", "../../testdata/sample"] {
        let files = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(tree));
        assert!(files.len() > 10);
        let mut checker = Checker::new(settings.clone());
        let whole = Arc::new(Snapshot::new(files.clone(), true));
        let mut changes = Checker::new(settings.clone());
        assert_eq!(checker.check(&whole), check(&whole, &settings));
        for (at, file) in files.iter().enumerate() {
            for text in variants(file.text()) {
                let edited = Arc::new(SourceFile::new(file.path().clone(), file.kind(), text));
                let snapshot = whole.with([edited]);
                assert_eq!(
                    checker.check(&snapshot),
                    check(&snapshot, &settings),
                    "{}\n{}",
                    file.path(),
                    snapshot.get(file.path()).unwrap().text()
                );
                let expected = check_change(&whole, &snapshot, &settings);
                assert_eq!(changes.check_change(&whole, &snapshot), expected, "{} as a change", file.path());
            }
            let mut fewer = files.clone();
            fewer.remove(at);
            let snapshot = Snapshot::new(fewer, true);
            assert_eq!(checker.check(&snapshot), check(&snapshot, &settings), "without {}", file.path());
            let expected = check_change(&whole, &snapshot, &settings);
            assert_eq!(changes.check_change(&whole, &snapshot), expected, "without {} as a change", file.path());
        }
    }
}

#[test]
fn incremental_findings_on_a_real_tree() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("PROMOLINT_SHARED").map_or(beside, PathBuf::from).join("corpus/k8s.io");
    if !root.exists() {
        eprintln!("skipped: no corpus here");
        return;
    }
    let settings = Settings { policy: Policy::builtin(), ..Settings::default() };
    let files = load(&root);
    let mut checker = Checker::new(settings.clone());
    let before = Arc::new(Snapshot::new(files.clone(), true));
    let mut changes = Checker::new(settings.clone());
    let mut snapshot = Snapshot::new(files.clone(), true);
    // The states follow one another: each keeps what the ones before changed.
    for (at, file) in files.iter().enumerate().step_by(files.len() / 12 + 1) {
        let variants = variants(file.text());
        let text = variants[at % variants.len()].clone();
        snapshot = snapshot.with([Arc::new(SourceFile::new(file.path().clone(), file.kind(), text))]);
        assert_eq!(checker.check(&snapshot), check(&snapshot, &settings), "{}", file.path());
        assert_eq!(changes.check_change(&before, &snapshot), check_change(&before, &snapshot, &settings), "{} as a change", file.path());
    }
}

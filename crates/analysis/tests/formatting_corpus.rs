//! Formatting on real files, in place: those of `corpus/` in the directory that `PROMOLINT_SHARED` names
//! (`../shared` beside the checkout by default). Skipped, saying so, where it is missing.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use promolint_analysis::formatting::{Style, format};
use promolint_analysis::{FileKind, SourceFile};
use promolint_syntax::{Node, apply_edits};

/// The images.yaml files of the live tree.
fn files() -> Vec<(PathBuf, String)> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("PROMOLINT_SHARED").map_or(beside, PathBuf::from);
    let Ok(directories) = fs::read_dir(shared.join("corpus/k8s.io/registry.k8s.io/images")) else {
        eprintln!("skipped: there is no corpus k8s.io here");
        return Vec::new();
    };
    let paths = directories.filter_map(|entry| Some(entry.ok()?.path().join("images.yaml")));
    paths.filter_map(|path| fs::read_to_string(&path).ok().map(|text| (path, text))).collect()
}

/// What the promoter's tool would write: a small writer of its own, straight from the tree.
fn rewritten(file: &SourceFile) -> Option<String> {
    let value = |node: Node<'_>| node.value().into_owned();
    let mut images = Vec::new();
    for item in file.document().root()?.as_sequence()?.items() {
        let fields = item.as_mapping()?;
        let mut digests = Vec::new();
        for entry in fields.get("dmap")?.as_mapping()?.entries() {
            let mut tags: Vec<String> = entry.value.as_sequence()?.items().map(value).collect();
            tags.sort();
            digests.push((tags, value(entry.key)));
        }
        digests.sort_by(|a, b| a.0.first().cmp(&b.0.first()));
        images.push((value(fields.get("name")?), digests));
    }
    images.sort_by(|a, b| a.0.cmp(&b.0));
    let mut text = String::new();
    for (name, digests) in images {
        let _ = write!(text, "- name: {name}\n  dmap:\n");
        for (tags, digest) in digests {
            let _ = writeln!(text, "    \"{digest}\": [\"{}\"]", tags.join("\",\""));
        }
    }
    Some(text)
}

#[test]
fn what_the_promoters_tool_wrote_stays_as_it_is() {
    let files = files();
    if files.is_empty() {
        return;
    }
    let mut written_by_tool = 0;
    for (path, text) in &files {
        let file = SourceFile::new("images.yaml", FileKind::Images, text.as_str());
        let rewritten = rewritten(&file);
        let edits = format(&file, Style::Promoter).unwrap_or_else(|refusal| panic!("{}: {refusal}", path.display()));
        if rewritten.as_ref() == Some(text) {
            written_by_tool += 1;
            assert_eq!(edits, [], "{}", path.display());
            assert_eq!(format(&file, Style::File), Ok(Vec::new()), "{}", path.display());
        } else if let Some(rewritten) = rewritten.filter(|_| file.document().comments().is_empty()) {
            // Without comments and repeated names, the tool and the formatter write the same.
            assert_eq!(apply_edits(text, &edits).as_ref(), Ok(&rewritten), "{}", path.display());
        }
    }
    assert_eq!((written_by_tool, files.len()), (37, 75));
}

#[test]
fn files_in_their_own_style_change_little() {
    let (mut changed, mut lines, mut total) = (0, 0, 0);
    let files = files();
    for (path, text) in &files {
        let file = SourceFile::new("images.yaml", FileKind::Images, text.as_str());
        let edits = format(&file, Style::File).unwrap_or_else(|refusal| panic!("{}: {refusal}", path.display()));
        let touched: usize = edits.iter().map(|edit| file.slice(edit.range).lines().count().max(1)).sum();
        total += text.lines().count();
        lines += touched;
        changed += usize::from(touched > 0);
        if touched > 0 {
            println!("{}: {touched} lines", path.display());
        }
    }
    println!("{changed} of {} files, {lines} of {total} lines", files.len());
    assert!(changed <= 8 && lines <= 60, "{changed} files, {lines} lines");
}

#[test]
fn the_largest_file_is_formatted_at_once() {
    let Some((_, text)) = files().into_iter().max_by_key(|(_, text)| text.len()) else { return };
    let file = SourceFile::new("images.yaml", FileKind::Images, text.as_str());
    for style in [Style::File, Style::Promoter] {
        let start = Instant::now();
        format(&file, style).expect("it has no syntax errors");
        let time = start.elapsed();
        println!("{} bytes, {style:?}: {time:?}", text.len());
        // A generous limit: this is a debug build on a shared machine.
        assert!(time.as_millis() < 3000, "{time:?}");
    }
}

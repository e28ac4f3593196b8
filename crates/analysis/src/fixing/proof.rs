//! The door: edits become a new text only if that means what was declared.
//!
//! What is proved: the edits lie in the text, apart from each other, and on lines of what they
//! declare; those without a declaration change white space only. The new text has no syntax error that
//! was not there before. Its meaning is the old one with the declared operations carried out – of the
//! stretches that cannot be read, their text. All other comments are the same. Line breaks and the
//! byte order mark stay, unless declared. Bytes outside the edits are the same by construction.

use foldhash::HashSet;
use promolint_syntax::{Construct, Document, SyntaxError, SyntaxErrorKind, TextEdit, TextRange, apply_edits};

use super::meaning::{Meaning, without_blanks};
use super::moves::Moves;
use super::refusal::Refusal;
use super::repair::Operation;
use crate::diagnostic::Fix;
use crate::file::{FileKind, Snapshot, SourceFile};

/// The part of a fix that is about one file.
struct Part<'f> {
    edits: Vec<&'f TextEdit>,
    operations: Vec<&'f Operation>,
}

impl<'f> Part<'f> {
    fn of(fix: &'f Fix, file: &SourceFile) -> Self {
        let edits = fix.edits.iter().filter(|edit| edit.path == *file.path()).map(|edit| &edit.edit);
        let operations = fix.changes.iter().filter(|change| change.path == *file.path()).map(|change| &change.operation);
        Self { edits: edits.collect(), operations: operations.collect() }
    }
}

/// The file with edits that change nothing but what is declared.
pub fn prove(before: &SourceFile, edits: &[TextEdit], operations: &[Operation]) -> Result<SourceFile, Refusal> {
    prove_parts(before, &[Part { edits: edits.iter().collect(), operations: operations.iter().collect() }])
}

/// The files that a fix changes, as they are after it. Whether its finding is gone then, only a check tells,
/// as [`super::fix_all`] makes it.
pub fn prove_fix(snapshot: &Snapshot, fix: &Fix) -> Result<Vec<SourceFile>, Refusal> {
    fix.paths().into_iter().map(|path| prove_all(snapshot.get(path).ok_or(Refusal::NotEditable)?, &[fix])).collect()
}

/// The file with all these fixes, each of which changes what it declares and nothing else.
pub fn prove_all(before: &SourceFile, fixes: &[&Fix]) -> Result<SourceFile, Refusal> {
    prove_parts(before, &fixes.iter().map(|fix| Part::of(fix, before)).collect::<Vec<_>>())
}

fn prove_parts(before: &SourceFile, parts: &[Part<'_>]) -> Result<SourceFile, Refusal> {
    if !before.invalid_bytes().is_empty() {
        return Err(Refusal::NotUtf8);
    }
    if before.kind() == FileKind::RegistriesTf {
        return Err(Refusal::NotEditable);
    }
    let edits: Vec<TextEdit> = parts.iter().flat_map(|part| &part.edits).copied().cloned().collect();
    let text = apply_edits(before.text(), &edits).map_err(Refusal::Conflict)?;
    if text == before.text() {
        return Err(Refusal::NoEffect);
    }
    for part in parts {
        check_reach(before, part)?;
        check_line_ends(before, part)?;
    }
    if text.starts_with('\u{feff}') != before.text().starts_with('\u{feff}') {
        return Err(Refusal::ByteOrderMark);
    }
    let after = SourceFile::new(before.path().clone(), before.kind(), text);
    let operations: Vec<&Operation> = parts.iter().flat_map(|part| &part.operations).copied().collect();
    check_syntax(before, &after, &edits)?;
    check_further_documents(before.document(), after.document())?;
    check_comments(before, &after, &operations)?;
    let expected = Meaning::with(before.document(), &operations)?;
    match expected.difference(&Meaning::of(after.document())) {
        Some(difference) => Err(Refusal::Meaning(difference)),
        None => Ok(after),
    }
}

/// Edits stay where their fix has to do something.
fn check_reach(before: &SourceFile, part: &Part<'_>) -> Result<(), Refusal> {
    let has_line_ends = part.operations.iter().any(|operation| matches!(operation, Operation::LineEnds));
    let mut regions = Vec::new();
    for operation in &part.operations {
        regions.extend(region(before, operation)?);
    }
    if regions.is_empty() {
        let content = |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
        let is_layout = |edit: &&TextEdit| content(before.slice(edit.range)) == content(&edit.text);
        return if part.edits.iter().all(is_layout) { Ok(()) } else { Err(Refusal::NotLayout) };
    }
    let is_near = |edit: &TextEdit| regions.iter().any(|region| region.contains_range(edit.range));
    if has_line_ends || !part.edits.iter().all(|edit| is_near(edit)) { Err(Refusal::Elsewhere) } else { Ok(()) }
}

/// The lines that an operation is about, with the line breaks around them; none for line breaks themselves.
fn region(before: &SourceFile, operation: &Operation) -> Result<Option<TextRange>, Refusal> {
    let document = before.document();
    let node = |id| document.get(id).ok_or(Refusal::Undeclared);
    let range = match operation {
        Operation::LineEnds => return Ok(None),
        Operation::Comment(range, _) => {
            return Ok(Some(lines_around(before, *range)));
        }
        Operation::Set(id, _) | Operation::RemoveItem(id) | Operation::InsertAfter(id, _) | Operation::AddEntry(id, ..) => {
            node(*id)?.range()
        }
        Operation::RemoveEntry(id) => {
            let key = node(*id)?;
            key.following().map_or(key.range(), |value| key.range().cover(value.range()))
        }
    };
    let region = lines_around(before, range);
    let end = further_documents(document).map_or(region.end(), |further| region.end().min(further));
    Ok(Some(TextRange::new(region.start(), end.max(region.start()))))
}

/// The line on which what stands behind the first document begins. It is no part of the tree, for nobody reads it.
fn further_documents(document: &Document) -> Option<u32> {
    let further = document.constructs().iter().find(|(construct, _)| *construct == Construct::FurtherDocument);
    further.map(|(_, range)| document.lines().line_start(document.lines().line(range.start())))
}

/// What nobody reads stays as it is, but for blanks at the ends of its lines, and these.
fn check_further_documents(before: &Document, after: &Document) -> Result<(), Refusal> {
    let lines = |document: &Document| {
        let start = further_documents(document)?;
        Some(without_blanks(&document.text()[start as usize..]))
    };
    if lines(before) == lines(after) { Ok(()) } else { Err(Refusal::FurtherDocument) }
}

fn lines_around(before: &SourceFile, range: TextRange) -> TextRange {
    let (text, lines) = (before.text(), before.lines());
    let (first, last) = (lines.line(range.start()), lines.line(range.end()));
    let start = first.checked_sub(1).map_or(0, |previous| lines.line_range(text, previous).end());
    let end = if last + 1 < lines.line_count() { lines.line_start(last + 1) } else { lines.line_range(text, last).end() };
    TextRange::new(start, end)
}

/// What is added ends its lines as the lines around it; only declared changes of line breaks change them.
fn check_line_ends(before: &SourceFile, part: &Part<'_>) -> Result<(), Refusal> {
    let is_declared = part.operations.iter().any(|operation| matches!(operation, Operation::LineEnds));
    let keeps = |edit: &&&TextEdit| {
        let old = before.slice(edit.range);
        if is_declared {
            return is_line_break(old) && matches!(edit.text.as_str(), "\n" | "\r\n");
        }
        let mut there: Vec<&str> = line_breaks(old).collect();
        if there.is_empty() {
            there.push(before.line_break());
        }
        line_breaks(&edit.text).all(|line_break| there.contains(&line_break))
    };
    if part.edits.iter().all(|edit| keeps(&edit)) { Ok(()) } else { Err(Refusal::LineEnds) }
}

fn is_line_break(text: &str) -> bool {
    matches!(text, "\n" | "\r\n" | "\r" | "\u{85}" | "\u{2028}" | "\u{2029}")
}

fn line_breaks(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).filter_map(move |(at, found)| match found {
        "\r" if text[at + 1..].starts_with('\n') => None,
        "\n" if text[..at].ends_with('\r') => Some(&text[at - 1..=at]),
        other => Some(other),
    })
}

/// No syntax error but those that were there, at their places.
fn check_syntax(before: &SourceFile, after: &SourceFile, edits: &[TextEdit]) -> Result<(), Refusal> {
    let errors = after.document().errors();
    if errors.is_empty() {
        return Ok(());
    }
    let moves = Moves::new(edits);
    let now = |error: &SyntaxError| (error.kind, moves.new_place(error.range.start()));
    let known: HashSet<(SyntaxErrorKind, u32)> = before.document().errors().iter().map(now).collect();
    match errors.iter().find(|error| !known.contains(&(error.kind, error.range.start()))) {
        Some(error) => Err(Refusal::Syntax(error.kind)),
        None => Ok(()),
    }
}

/// All comments are those of before, but for the declared ones; blanks at their ends do not count.
fn check_comments(before: &SourceFile, after: &SourceFile, operations: &[&Operation]) -> Result<(), Refusal> {
    let mut declared: Vec<(TextRange, Option<&str>)> = operations
        .iter()
        .filter_map(|operation| if let Operation::Comment(range, text) = operation { Some((*range, text.as_deref())) } else { None })
        .collect();
    declared.sort_unstable();
    let mut declared = declared.into_iter().peekable();
    let mut found = after.document().comments().iter().map(|range| after.slice(*range).trim_end());
    for range in before.document().comments() {
        let old = before.slice(*range).trim_end();
        let expected = match declared.next_if(|(declared, _)| declared == range) {
            Some((_, None)) => continue,
            Some((_, Some(text))) => text.trim_end(),
            None => old,
        };
        if found.next() != Some(expected) {
            return Err(Refusal::Comment(old.to_owned()));
        }
    }
    match found.next() {
        Some(new) => Err(Refusal::Comment(new.to_owned())),
        None if declared.next().is_some() => Err(Refusal::Undeclared),
        None => Ok(()),
    }
}

//! Formats promotion files: [`format()`] gives the edits that mend what departs from a file's own conventions.
//!
//! Opt-in and never part of a check: every style of YAML is legal in a manifest. What a file does
//! nearly everywhere is its convention; an entry that departs from it is mended, and where a file has no
//! clear convention everything stays. [`Style::Promoter`] writes what the promoter's own tool writes
//! instead, with the comments that the tool would drop.
//!
//! - `outline`: the lists of a file, `places`: everything in it that could be written in another way,
//! - `conventions`: what the file does, or the style wants, at such a place,
//! - `layout`, `indentation`, `line_ends`: the edits, entry by entry,
//! - `units`, `order`: what moves together, and where to; `compose` puts both kinds of edits together,
//! - `proof`: meaning and comments are the same afterwards, or nothing is written.

mod compose;
mod conventions;
mod indentation;
mod layout;
mod line_ends;
mod lines;
mod order;
mod outline;
mod places;
mod plan;
mod proof;
mod refusal;
mod units;

#[cfg(test)]
mod tests;

use promolint_syntax::{Document, TextEdit, TextRange, apply_edits, parse};

use crate::file::{FileKind, SourceFile};

pub use refusal::Refusal;

/// Whose conventions a file follows afterwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Its own: what nearly all of its entries do.
    #[default]
    File,
    /// In images.yaml those of the promoter's own tool: names in byte order, digests by their smallest
    /// tag, `["a","b"]`. Other files keep their own.
    Promoter,
}

/// After so many rounds a file must be stable. One is the rule; a second one where mended entries make a convention clear.
const ROUNDS: usize = 4;

/// The edits that format a file, none where it is in order already. Never done by halves: what cannot
/// be formatted with its meaning and comments proved to be kept is refused.
pub fn format(file: &SourceFile, style: Style) -> Result<Vec<TextEdit>, Refusal> {
    refusal::check(file)?;
    let document = file.document();
    let mut edits = plan::edits(document, file.kind(), style, None);
    if edits.is_empty() {
        return Ok(edits);
    }
    let mut formatted = applied(document.text(), &edits)?;
    for round in 1.. {
        let further = plan::edits(&formatted, file.kind(), style, None);
        if further.is_empty() {
            break;
        }
        if round == ROUNDS {
            return Err(Refusal::Unsettled);
        }
        formatted = applied(formatted.text(), &further)?;
        edits = vec![difference(document.text(), formatted.text())];
    }
    proof::prove(document, &formatted, file.kind()).map_err(|refusal| refusal::explained(file, refusal))?;
    Ok(edits)
}

/// As [`format()`], but only what lies wholly inside `range` (widened to whole lines); an entry moves only
/// if all places that it moves between are inside.
pub fn format_range(file: &SourceFile, style: Style, range: TextRange) -> Result<Vec<TextEdit>, Refusal> {
    refusal::check(file)?;
    let document = file.document();
    let lines = document.lines();
    let start = lines.line_start(lines.line(range.start()));
    let last = lines.line(range.end().max(range.start() + 1) - 1);
    let end = if last + 1 < lines.line_count() { lines.line_start(last + 1) } else { lines.line_range(document.text(), last).end() };
    let edits = plan::edits(document, file.kind(), style, Some(TextRange::new(start, end.max(start))));
    if !edits.is_empty() {
        let formatted = applied(document.text(), &edits)?;
        proof::prove(document, &formatted, file.kind()).map_err(|refusal| refusal::explained(file, refusal))?;
    }
    Ok(edits)
}

/// Whether files of a kind are formatted at all; others are only read for what they declare.
pub fn is_formatted(kind: FileKind) -> bool {
    !matches!(kind, FileKind::Groups | FileKind::Infra | FileKind::RegistriesTf)
}

fn applied(text: &str, edits: &[TextEdit]) -> Result<Document, Refusal> {
    apply_edits(text, edits).map(parse).map_err(|conflict| Refusal::Unproved(conflict.to_string()))
}

/// One edit from the first to the last difference, in whole lines.
fn difference(before: &str, after: &str) -> TextEdit {
    let common =
        |pairs: &mut dyn Iterator<Item = (&str, &str)>| pairs.take_while(|(a, b)| a == b).map(|(line, _)| line.len()).sum::<usize>();
    let start = common(&mut before.split_inclusive('\n').zip(after.split_inclusive('\n')));
    let (before_rest, after_rest) = (&before[start..], &after[start..]);
    let reversed = |text: &'_ str| text.split_inclusive('\n').rev().map(str::to_owned).collect::<Vec<_>>();
    let (a, b) = (reversed(before_rest), reversed(after_rest));
    let end = common(&mut a.iter().map(String::as_str).zip(b.iter().map(String::as_str)));
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let range = TextRange::new(offset(start), offset(before.len() - end));
    TextEdit::replace(range, &after_rest[..after_rest.len() - end])
}

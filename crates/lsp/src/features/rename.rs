//! Renames aliases everywhere, and images in their file.

use promolint_analysis::SourceFile;
use promolint_analysis::model::Word;
use promolint_syntax::{Style, TextEdit, TextRange};

use super::subject::{self, Subject};
use super::{Change, Place};
use crate::session::state::State;

/// What would be renamed at an offset: its place and its present name.
pub fn prepare(state: &State, file: &SourceFile, offset: u32) -> Option<(TextRange, String)> {
    let found = subject::at(file, offset)?;
    let name = match &found {
        Subject::Image(_, name) => name.as_str(),
        Subject::Alias(list) => list.key.as_str(),
        Subject::Person(_, name) if subject::alias_definition(state, name.as_str()).is_some() => name.as_str(),
        _ => return None,
    };
    Some((found.range(), name.to_owned()))
}

/// The change; an error says why the name cannot be used.
pub fn rename(state: &State, file: &SourceFile, offset: u32, new: &str) -> Result<Change, String> {
    let (_, old) = prepare(state, file, offset).ok_or("only aliases and images can be renamed")?;
    let is_image = matches!(subject::at(file, offset), Some(Subject::Image(..)));
    let allowed = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character) || (is_image && character == '/');
    if new.is_empty() || !new.chars().all(allowed) {
        return Err(format!("`{new}` is no name: letters, digits, `-`, `_` and `.` only"));
    }
    let mut change = Change::default();
    if is_image {
        let names = file.image_list().iter().filter_map(|image| image.name.as_ref());
        if file.image_list().iter().any(|image| image.name_str() == new) {
            return Err(format!("there is an image `{new}` in this file already"));
        }
        let edits = names.filter(|name| name.value == old).map(|name| replacement(name, new)).collect();
        change.edits.insert(file.path().clone(), edits);
        return Ok(change);
    }
    if subject::alias_definition(state, new).is_some() && !new.eq_ignore_ascii_case(&old) {
        return Err(format!("there is an alias `{new}` already"));
    }
    for Place { path, range } in subject::people(state, &old) {
        change.edits.entry(path).or_default().push(TextEdit::replace(range, new));
    }
    Ok(change)
}

/// The name in the style that it has; a plain one gets quotes where it would mean something else.
fn replacement(name: &Word<'_>, new: &str) -> TextEdit {
    let is_plain = name.node.style() == Style::Plain;
    let means_more = promolint_syntax::resolve::resolve(new, Style::Plain, None) != promolint_syntax::Resolved::Text;
    let text = if is_plain && means_more { format!("\"{new}\"") } else { new.to_owned() };
    TextEdit::replace(name.inner_range(), text)
}

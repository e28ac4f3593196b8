//! Renames aliases everywhere, and images in their file.

use promolint_analysis::SourceFile;
use promolint_analysis::model::{Word, is_image_name};
use promolint_syntax::resolve::resolve;
use promolint_syntax::{Resolved, Style, TextEdit, TextRange};

use super::subject::{self, Subject, people};
use super::{Change, listed};
use crate::session::state::State;

/// What would be renamed at an offset: its place and its present name.
pub fn prepare(state: &State, file: &SourceFile, offset: u32) -> Option<(TextRange, String)> {
    let found = subject::at(file, offset)?;
    let name = match &found {
        Subject::Image(_, name) => name.as_str(),
        Subject::Alias(list) => list.key.as_str(),
        Subject::Person(_, name) if people::alias(state, name.as_str()).is_some() => name.as_str(),
        _ => return None,
    };
    Some((found.range(), name.to_owned()))
}

/// The change; an error says why the name cannot be used.
pub fn rename(state: &State, file: &SourceFile, offset: u32, new: &str) -> Result<Change, String> {
    let (_, old) = prepare(state, file, offset).ok_or("only aliases and images can be renamed")?;
    if matches!(subject::at(file, offset), Some(Subject::Image(..))) {
        rename_image(state, file, &old, new)
    } else {
        rename_alias(state, &old, new)
    }
}

fn rename_image(state: &State, file: &SourceFile, old: &str, new: &str) -> Result<Change, String> {
    if !is_image_name(new) {
        return Err(format!("`{new}` is no image name: lower-case letters and digits with `.`, `_`, `-` or `/` between them"));
    }
    if state.judging.settings.policy.images.source(new).is_some() {
        return Err(format!("`{new}` names the registry too, which stands in the promoter manifest"));
    }
    let names = || listed::images(file).filter_map(listed::Listed::name);
    if names().any(|name| name.value == new) {
        return Err(format!("there is an image `{new}` in this file already"));
    }
    let edits = names().filter(|name| name.value == old).map(|name| replacement(name, new)).collect();
    Ok(Change::in_file(file.path().clone(), edits))
}

fn rename_alias(state: &State, old: &str, new: &str) -> Result<Change, String> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    if !new.starts_with(|first: char| first.is_ascii_alphanumeric()) || !new.chars().all(is_part) {
        return Err(format!("`{new}` is no name of an alias: a letter or digit, then letters, digits, `-`, `_` and `.`"));
    }
    if !new.eq_ignore_ascii_case(old) {
        if people::alias(state, new).is_some() {
            return Err(format!("there is an alias `{new}` already"));
        }
        if !people::words(state, new).is_empty() {
            return Err(format!("`{new}` is the name of somebody already"));
        }
    }
    let mut change = Change::default();
    for (path, word) in people::words(state, old) {
        change.edits.entry(path.clone()).or_default().push(replacement(word, new));
    }
    Ok(change)
}

/// The name in the style that it has; a plain one gets quotes where it would mean something else.
fn replacement(name: &Word<'_>, new: &str) -> TextEdit {
    let is_plain = name.node.style() == Style::Plain;
    let means_more = resolve(new, Style::Plain, None) != Resolved::Text;
    let text = if is_plain && means_more { format!("\"{new}\"") } else { new.to_owned() };
    TextEdit::replace(name.inner_range(), text)
}

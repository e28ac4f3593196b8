//! Completion: what can stand at a place, and the edit that puts it there.
//!
//! - `line`, `token`: the line and the token of the cursor; `place`, `levels`: the keys around them,
//! - `style`: how the file is written; `cursor`: the edits that put something in the token's place,
//! - `keys`, `lists`: keys and values in all files; the others: what is known of each kind of file.

mod comment;
mod cursor;
mod documentation;
mod images;
mod keys;
mod levels;
mod line;
mod lists;
mod owners;
mod place;
mod promoter;
mod style;
mod token;
mod toml;

use promolint_analysis::{FileKind, Rule, SourceFile};
use promolint_syntax::TextRange;

use crate::session::state::State;
use cursor::{Cursor, Insertion};
use style::Style;

pub use toml::complete as complete_configuration;

/// What an item stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemKind {
    /// A key.
    Key,
    /// A value.
    Value,
    /// A person or an alias.
    Person,
    /// A rule or category.
    Rule,
    /// Several lines with places to fill in.
    Snippet,
}

/// Something that can stand at the place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Item {
    /// What is shown.
    pub label: String,
    /// What it stands for.
    pub kind: ItemKind,
    /// What replaces [`Item::replaces`].
    pub text: String,
    /// Whether the text has places to fill in (`$1`) and perhaps several lines. Those are parted by LF, whatever
    /// the file's line ends are, and indented as if the line of the cursor were not: clients add both.
    pub is_snippet: bool,
    /// What a client without snippets puts there; `None` if the item is nothing for it.
    pub plain: Option<String>,
    /// What goes.
    pub replaces: TextRange,
    /// What clients compare with what is typed, where that is not the label.
    pub filter: Option<String>,
    /// A few words.
    pub detail: String,
    /// In Markdown.
    pub documentation: String,
    /// What of the replaced text is no part of the word.
    before_word: String,
}

impl Item {
    fn new(kind: ItemKind, label: &str, insertion: Insertion) -> Self {
        let Insertion { replaces, text, before_word } = insertion;
        let filter = (!before_word.is_empty()).then(|| format!("{before_word}{label}"));
        // Lines of further text are only indented alike by all clients in a snippet.
        let is_snippet = text.contains('\n');
        Self {
            label: label.to_owned(),
            kind,
            text: if is_snippet && kind != ItemKind::Key && kind != ItemKind::Snippet { escaped(&text) } else { text },
            is_snippet,
            plain: None,
            replaces,
            filter,
            detail: String::new(),
            documentation: String::new(),
            before_word,
        }
    }

    fn snippet(self, plain: Option<String>) -> Self {
        Self { is_snippet: true, plain, ..self }
    }
}

/// A text as it is written in a snippet.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// Everything that can stand at an offset.
pub fn complete(state: &State, file: &SourceFile, offset: u32) -> Vec<Item> {
    let has_tags = matches!(file.kind(), FileKind::Images | FileKind::PlainManifest);
    let cursor = Cursor::new(file.text(), offset, Style::of(file.document(), offset, &Style::usual(has_tags)));
    if let Some(comment) = cursor.comment() {
        return comment::complete(state, file, comment, offset);
    }
    let mut items: Vec<Item> = Vec::new();
    for place in &cursor.places {
        for item in at_place(state, file, &cursor, place) {
            if !items.iter().any(|other| other.label == item.label) {
                items.push(item);
            }
        }
    }
    items
}

fn at_place(state: &State, file: &SourceFile, cursor: &Cursor<'_>, place: &place::Place) -> Vec<Item> {
    let policy = &state.judging.settings.policy;
    let keys = |keys: &[&str]| keys::in_mapping(cursor, place, keys);
    match (file.kind(), place.path().first().copied()) {
        (FileKind::Images, _) | (FileKind::PlainManifest, Some("images")) => images::complete(&policy.images, file, cursor, place),
        (FileKind::PromoterManifest, None) => keys(&["registries"]),
        (FileKind::PlainManifest, None) => keys(&["registries", "images"]),
        (FileKind::PromoterManifest | FileKind::PlainManifest, Some("registries")) => promoter::registries(policy, file, cursor, place),
        (FileKind::FilePromoterManifest, None) => keys(&["filestores"]),
        (FileKind::FilePromoterManifest, Some("filestores")) => promoter::filestores(policy, file, cursor, place),
        (FileKind::FileManifest, None) => keys(&["files"]),
        (FileKind::FileManifest, Some("files")) => keys::in_items(cursor, place, &["name", "sha256"]),
        (FileKind::Owners, _) => owners::complete(state, file, cursor, place),
        (FileKind::OwnersAliases, _) => owners::aliases(state, file, cursor, place),
        _ => Vec::new(),
    }
}

/// A rule with its page.
fn rule(replaces: TextRange, rule: &Rule) -> Item {
    let insertion = Insertion { replaces, text: rule.name.to_owned(), before_word: String::new() };
    let item = Item::new(ItemKind::Rule, rule.name, insertion);
    Item { detail: rule.category.name().to_owned(), documentation: rule.summary(), ..item }
}

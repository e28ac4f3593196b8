//! One file for each thing that the server can do: from a state and a place in bytes to an answer.

pub mod actions;
pub mod completion;
pub mod formatting;
pub mod hover;
pub mod lenses;
pub mod listed;
pub mod navigation;
pub mod rename;
pub mod semantic_tokens;
pub mod structure;
pub mod subject;
pub mod symbols;
pub mod text;
pub mod version_order;

use std::collections::BTreeMap;

use promolint_analysis::FilePath;
use promolint_syntax::{TextEdit, TextRange};

/// Reads all trees again.
pub const RELOAD: &str = "promolint.reload";
/// Repairs a file: its argument is the file's URI.
pub const FIX_FILE: &str = "promolint.fixFile";
/// The page of a rule: its argument is the rule's name; answers with Markdown.
pub const EXPLAIN: &str = "promolint.explain";
/// All commands.
pub const COMMANDS: [&str; 3] = [RELOAD, FIX_FILE, EXPLAIN];

/// A change of several files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Edits by file.
    pub edits: BTreeMap<FilePath, Vec<TextEdit>>,
    /// Files that do not exist yet, with their text.
    pub creations: Vec<(FilePath, String)>,
}

impl Change {
    /// Edits in one file.
    pub fn in_file(path: FilePath, edits: Vec<TextEdit>) -> Self {
        Self { edits: BTreeMap::from([(path, edits)]), creations: Vec::new() }
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub path: FilePath,
    /// Where in it.
    pub range: TextRange,
}

impl Place {
    /// A place.
    pub fn new(path: &FilePath, range: TextRange) -> Self {
        Self { path: path.clone(), range }
    }
}

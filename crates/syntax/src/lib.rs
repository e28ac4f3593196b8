//! YAML text to a lossless tree, and edits on the text.
//!
//! [`parse`] never fails: it returns a [`Document`] with every node that is intact and a list of
//! [`SyntaxError`]s. The grammar is the one of YAML 1.1 as the promotion tools read it
//! (libyaml's, line breaks included); positions are byte offsets. This crate knows YAML and
//! nothing of manifests.
//!
//! - [`text`]: ranges and lines,
//! - `scanner`: text to tokens, `parser`: tokens to the tree, with recovery,
//! - [`tree`]: the flat node table and its views,
//! - [`resolve`]: what a plain scalar means (YAML 1.1),
//! - [`edit`]: byte-range edits.

pub mod edit;
mod error;
mod parser;
pub mod resolve;
mod scalar;
mod scanner;
pub mod text;
pub mod tree;

pub use edit::{EditConflict, TextEdit, apply_edits};
pub use error::{SyntaxError, SyntaxErrorKind};
pub use parser::{parse, without_tree};
pub use resolve::Resolved;
pub use text::{LineColumn, LineIndex, TextRange, mark_length};
pub use tree::{Construct, Document, Entry, Mapping, Node, NodeId, NodeKind, Sequence, Style};

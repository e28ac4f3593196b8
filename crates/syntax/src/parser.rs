//! Tokens to the tree, with recovery.
use std::sync::Arc;
use crate::text::LineIndex;
use crate::tree::Document;

/// Parses a text. Never fails.
pub fn parse(text: impl Into<Arc<str>>) -> Document {
    let text = text.into();
    let lines = LineIndex::new(&text);
    Document { text, lines, nodes: Vec::new(), roots: Vec::new(), properties: Vec::new(), comments: Vec::new(), constructs: Vec::new(), errors: Vec::new() }
}

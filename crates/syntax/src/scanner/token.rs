//! What the scanner makes: tokens, with the place where each stands.

use crate::text::TextRange;
use crate::tree::Style;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenKind {
    End,
    YamlDirective,
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    BlockEntry,
    /// `?`
    Key,
    /// `:`
    Value,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    FlowEntry,
    Anchor,
    Alias,
    Tag,
    Scalar,
    /// A line where a key must be, and is none.
    Unreadable,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    /// Starts a key: what follows, up to its `:`, is one.
    pub(crate) key: bool,
    /// Starts a block mapping with that key.
    pub(crate) opens_mapping: bool,
    /// For scalars: the value is the text (between the quotes).
    pub(crate) verbatim: bool,
    pub(crate) style: Style,
    /// Line from 0.
    pub(crate) line: u32,
    /// Bytes since the start of the line.
    pub(crate) column: i32,
    pub(crate) range: TextRange,
}

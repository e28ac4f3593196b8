//! Why a fix was not applied.

use std::fmt;

use promolint_syntax::{EditConflict, SyntaxErrorKind};

use super::meaning::Difference;

/// Why a fix was not applied; shown to people.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Bytes of the file are no UTF-8, and would be lost.
    NotUtf8,
    /// The file is not among those that were read, or is no YAML.
    NotEditable,
    /// Edits overlap or lie outside the text.
    Conflict(EditConflict),
    /// The text stays as it is.
    NoEffect,
    /// An edit reaches beyond what the fix declares.
    Elsewhere,
    /// An edit reaches behind the first document.
    FurtherDocument,
    /// What is declared is not in the file.
    Undeclared,
    /// An edit of white space changes other characters.
    NotLayout,
    /// Line breaks of another kind than the file's.
    LineEnds,
    /// The byte order mark at the start.
    ByteOrderMark,
    /// A syntax error that was not there before.
    Syntax(SyntaxErrorKind),
    /// An anchor carries the change to other places.
    Anchored,
    /// A comment that nobody declared changes or goes.
    Comment(String),
    /// Another meaning than declared.
    Meaning(Difference),
    /// The finding is still there afterwards.
    FindingStays,
    /// Fixes undo each other.
    Unsettled,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("the file has bytes that are no UTF-8, and writing it would change them"),
            Self::NotEditable => f.write_str("the file cannot be changed"),
            Self::Conflict(conflict) => write!(f, "{conflict}"),
            Self::NoEffect => f.write_str("it would change nothing"),
            Self::Elsewhere => f.write_str("it would change lines that have nothing to do with the finding"),
            Self::FurtherDocument => f.write_str("it would change what stands behind the first YAML document"),
            Self::Undeclared => f.write_str("what it is about is not in the file"),
            Self::NotLayout => f.write_str("it would change more than white space"),
            Self::LineEnds => f.write_str("it would change how lines end"),
            Self::ByteOrderMark => f.write_str("it would change the byte order mark"),
            Self::Syntax(kind) => write!(f, "it would break the file: {kind}"),
            Self::Anchored => f.write_str("an anchor carries the change to other places"),
            Self::Comment(comment) => write!(f, "it would change or drop the comment `{comment}`"),
            Self::Meaning(difference) => write!(f, "it would change more than it should: {difference}"),
            Self::FindingStays => f.write_str("the finding would still be there"),
            Self::Unsettled => f.write_str("it and other fixes would undo each other"),
        }
    }
}

impl std::error::Error for Refusal {}

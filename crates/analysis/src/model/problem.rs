//! What does not fit the shape of a file; the rules of the category "form" tell it.

use std::borrow::Cow;

use promolint_syntax::{Entry, Node, TextRange};

use super::Word;

/// Something that does not fit the shape of its file.
#[derive(Debug)]
pub struct Problem<'a> {
    /// What does not fit.
    pub kind: ProblemKind<'a>,
    /// Where.
    pub range: TextRange,
}

/// What does not fit.
#[derive(Debug)]
pub enum ProblemKind<'a> {
    /// A value of another type than the promoter expects.
    WrongType {
        /// What it should be the value of: "`dmap`", "the tags of a digest".
        what: Cow<'static, str>,
        /// The type it must have.
        expected: Shape,
        /// The value that stands there.
        found: Node<'a>,
    },
    /// A key that the promoter does not know.
    UnknownKey {
        /// The key.
        key: Word<'a>,
        /// Those that could stand here.
        known: &'static [&'static str],
        /// Those of them that do not stand here yet.
        free: Vec<&'static str>,
        /// What it is a key of: "an image".
        what: &'static str,
    },
    /// A key that stands twice in one mapping.
    DuplicateKey {
        /// The second one.
        key: Word<'a>,
        /// `key: value` of the second one.
        entry: Entry<'a>,
        /// `key: value` of the first one.
        first: Entry<'a>,
        /// What it is a key of: "an image", "`dmap`".
        what: &'static str,
    },
    /// A key without which the thing has no use.
    MissingKey {
        /// The key.
        key: &'static str,
        /// What lacks it: "an image".
        what: &'static str,
        /// Whether the key is there, with an empty value.
        is_empty: bool,
    },
    /// A key of older versions.
    DeprecatedKey {
        /// `key: value` in full.
        entry: Entry<'a>,
        /// The key.
        key: &'static str,
    },
}

/// Types of values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Keys with values.
    Mapping,
    /// A list.
    List,
    /// A word.
    Text,
    /// true or false.
    Bool,
    /// A number other than infinity.
    Number,
}

impl Shape {
    /// For messages: "a list".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Mapping => "keys with values",
            Self::List => "a list",
            Self::Text => "text",
            Self::Bool => "true or false",
            Self::Number => "a finite number",
        }
    }
}

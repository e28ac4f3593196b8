//! What can be wrong with the form of a text.

use std::fmt;

use crate::text::TextRange;

/// One place where the text is no YAML as the promotion tools read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// Where; the cause, not the place where a reader stumbles.
    pub range: TextRange,
}

/// The kinds of syntax errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// A quote is opened and not closed (on its line).
    UnclosedQuote,
    /// `[` or `{` is not closed.
    UnclosedBracket,
    /// `]` or `}` without its opening counterpart.
    UnmatchedBracket,
    /// Two items of a flow collection without a comma between them, or something else where `,` or the end must come.
    MissingComma,
    /// A comma with nothing before it.
    MissingItem,
    /// A line in a mapping that is no `key: value`.
    MissingColon,
    /// `key: value` after a value on the same line.
    UnexpectedMappingValue,
    /// `- ` where no list may begin.
    UnexpectedSequenceEntry,
    /// `? ` where no key may begin.
    UnexpectedKeyIndicator,
    /// The line's indentation fits none of the open levels.
    BadIndentation,
    /// A tab in the indentation.
    TabIndentation,
    /// A line that should start with `-`.
    ExpectedSequenceEntry,
    /// Content after a complete value.
    ExpectedKey,
    /// Nothing where a value must be.
    ExpectedValue,
    /// A character that no value starts with without quotes (`@`, a backquote, `%` …).
    UnexpectedCharacter,
    /// A control character, or another that YAML does not allow.
    ForbiddenCharacter,
    /// An escape in double quotes that does not exist.
    BadEscape,
    /// `---` or `...` inside quotes or brackets.
    DocumentMarkerInside,
    /// Content behind the end of a document.
    ExpectedDocumentStart,
    /// A `%` line that is none, or comes twice.
    BadDirective,
    /// `%YAML` with a version other than 1.1.
    UnsupportedVersion,
    /// `&`, `*` without a name.
    BadAnchor,
    /// An alias to an anchor that does not stand before it.
    UnknownAnchor,
    /// A tag that is none, or whose handle is not declared.
    BadTag,
    /// The head of a block scalar, or its indentation.
    BadBlockScalar,
    /// Nested more deeply than the parser follows.
    TooDeep,
}

impl fmt::Display for SyntaxErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnclosedQuote => "this quote is not closed",
            Self::UnclosedBracket => "this bracket is not closed",
            Self::UnmatchedBracket => "this bracket closes nothing",
            Self::MissingComma => "a comma or the closing bracket is missing here",
            Self::MissingItem => "there is nothing before this comma",
            Self::MissingColon => "`:` and a blank are missing after this key",
            Self::UnexpectedMappingValue => "a second `: ` on this line; quote the value if the colon belongs to it",
            Self::UnexpectedSequenceEntry => "no list can start here",
            Self::UnexpectedKeyIndicator => "no key can start here",
            Self::BadIndentation => "this line is indented differently from its siblings",
            Self::TabIndentation => "a tab is used for indentation; YAML allows blanks only",
            Self::ExpectedSequenceEntry => "this line should start with `- `",
            Self::ExpectedKey => "this does not belong to the value before it",
            Self::ExpectedValue => "a value is missing here",
            Self::UnexpectedCharacter => "no value can start with this character unless it is quoted",
            Self::ForbiddenCharacter => "this character is not allowed in YAML",
            Self::BadEscape => "this escape does not exist",
            Self::DocumentMarkerInside => "a document marker inside quotes or brackets",
            Self::ExpectedDocumentStart => "only `---` can start another document here",
            Self::BadDirective => "this is no YAML directive",
            Self::UnsupportedVersion => "the promotion tools read YAML 1.1 only and refuse this version",
            Self::BadAnchor => "`&` and `*` need a name of letters and digits",
            Self::UnknownAnchor => "no anchor of this name stands before this alias",
            Self::BadTag => "this is no YAML tag",
            Self::BadBlockScalar => "this block scalar is malformed",
            Self::TooDeep => "nested too deeply to be a manifest",
        })
    }
}

//! Why a file is not formatted.

use std::fmt;

use super::is_formatted;
use crate::file::SourceFile;
use crate::model::ProblemKind;

/// Why a file is not formatted; it stays as it is, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is only read for what it declares.
    Foreign,
    /// It has syntax errors; the first one.
    Syntax(String),
    /// It has bytes that are no UTF-8.
    InvalidBytes,
    /// A lone carriage return, U+0085, U+2028 or U+2029 ends a line.
    OddLineBreaks,
    /// This digest stands twice under one image, and its entries would change places: which of them counts depends on
    /// their order.
    DigestTwice(String),
    /// It would be different again after each run.
    Unsettled,
    /// Meaning or comments would not be the same; what differs.
    Unproved(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("it is only read for what it declares"),
            Self::Syntax(error) => write!(f, "it has a syntax error: {error}"),
            Self::InvalidBytes => f.write_str("it has bytes that are no UTF-8"),
            Self::OddLineBreaks => f.write_str("a line ends in a character that only YAML takes for a line break"),
            Self::DigestTwice(digest) => write!(f, "digest {digest} stands twice under one image; remove one of the entries first"),
            Self::Unsettled => f.write_str("its layout does not settle, which is a defect of promolint"),
            Self::Unproved(what) => write!(f, "its meaning would not be provably the same ({what}), which is a defect of promolint"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Whether the file can be formatted at all.
pub(super) fn check(file: &SourceFile) -> Result<(), Refusal> {
    if !is_formatted(file.kind()) {
        return Err(Refusal::Foreign);
    }
    if !file.invalid_bytes().is_empty() {
        return Err(Refusal::InvalidBytes);
    }
    if let Some(error) = file.document().errors().first() {
        return Err(Refusal::Syntax(error.kind.to_string()));
    }
    if has_odd_line_break(file.text()) { Err(Refusal::OddLineBreaks) } else { Ok(()) }
}

/// The refusal that the file itself explains, where the proof fails.
pub(super) fn explained(file: &SourceFile, refusal: Refusal) -> Refusal {
    let twice = file.reading().problems.iter().find_map(|problem| match &problem.kind {
        ProblemKind::DuplicateKey { key, what: "`dmap`", .. } => Some(key.as_str().to_owned()),
        _ => None,
    });
    twice.map_or(refusal, Refusal::DigestTwice)
}

fn has_odd_line_break(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
        || !text.is_ascii() && text.contains(['\u{85}', '\u{2028}', '\u{2029}'])
}

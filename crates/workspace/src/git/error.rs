//! Why the state before a change could not be read.

use std::fmt;

/// What went wrong, and what helps.
#[derive(Debug)]
pub struct GitError {
    /// One sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What kind of error it is.
    pub kind: GitErrorKind,
}

/// Kinds of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitErrorKind {
    /// The request itself is wrong: no such revision.
    Usage,
    /// There is no repository at all.
    NoRepository,
    /// Something could not be read.
    Unreadable,
}

impl GitError {
    pub(super) fn unreadable(message: impl Into<String>, help: Option<String>) -> Self {
        Self { message: message.into(), help, kind: GitErrorKind::Unreadable }
    }

    pub(super) fn usage(message: impl Into<String>, help: Option<String>) -> Self {
        Self { message: message.into(), help, kind: GitErrorKind::Usage }
    }
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for GitError {}

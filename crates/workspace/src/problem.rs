//! What could not be read.

use std::io;
use std::path::{Path, PathBuf};

/// A file or directory that could not be read.
#[derive(Debug)]
pub struct Problem {
    /// As the user would write it.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

impl Problem {
    /// A problem of a walk that began at `start`.
    pub(crate) fn from_walk(start: &Path, error: ignore::Error) -> Self {
        let path = path_of(&error).unwrap_or(start).to_owned();
        let text = error.to_string();
        Self { path, error: error.into_io_error().unwrap_or_else(|| io::Error::other(text)) }
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

//! What paths looked like when they were read, for whoever asks later whether they changed.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What stands at a path, as far as can be told without reading it; none where nothing does.
type Look = Option<(u64, Option<SystemTime>)>;

/// Files and directories with what they looked like.
#[derive(Clone, Debug, Default)]
pub struct Seen(HashMap<PathBuf, Look>);

impl Seen {
    /// Looks at a path. To be done before it is read, so that no change falls between.
    pub fn look_at(&mut self, path: PathBuf) {
        let look = look(&path);
        self.0.insert(path, look);
    }

    /// Whether something has come, gone or been written since.
    pub fn is_outdated(&self) -> bool {
        self.0.iter().any(|(path, seen)| look(path) != *seen)
    }

    /// Whether a path was looked at.
    pub fn holds(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    /// All paths that were looked at.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }
}

fn look(path: &Path) -> Look {
    let metadata = path.metadata().ok()?;
    Some((metadata.len(), metadata.modified().ok()))
}

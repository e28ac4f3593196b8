//! Walks directories for files that may be manifests.

use std::collections::{BTreeMap, HashSet};
use std::fs::FileType;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};
use promolint_analysis::file::may_matter;

use crate::paths;
use crate::problem::Problem;
use crate::seen::Seen;

/// What the walks found. Paths are relative to the root, with `/`.
#[derive(Debug, Default)]
pub(crate) struct Discovery {
    /// Files whose name can matter, with where they really are.
    pub(crate) files: BTreeMap<String, Candidate>,
    /// All directories.
    pub(crate) directories: HashSet<String>,
    /// Directories that could not be read.
    pub(crate) problems: Vec<Problem>,
    /// What the files looked like, and the directories before they were listed; where somebody wants to know.
    pub(crate) seen: Option<Seen>,
}

/// A file that may be a manifest.
#[derive(Debug)]
pub(crate) struct Candidate {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What the directory says it is; none if that has to be asked.
    pub(crate) file_type: Option<FileType>,
    /// Whether the user named it.
    pub(crate) named: bool,
}

impl Discovery {
    /// Walks a directory at or below `root`: no hidden files, nothing that git would ignore, no
    /// symbolic links to directories.
    pub(crate) fn walk(&mut self, root: &Path, start: &Path) {
        let mut builder = WalkBuilder::new(start);
        // The ignore files of a repository count without git, too; those above it, and the ones of
        // the user's home, would make findings depend on the machine.
        let in_repository = !start.join(".git").exists() && start.ancestors().any(|above| above.join(".git").exists());
        builder.require_git(false).git_global(false).parents(in_repository).filter_entry(|entry| !is_machine_made(entry));
        for entry in builder.build() {
            match entry {
                Ok(entry) => self.add(root, entry),
                Err(error) => self.problems.push(Problem::from_walk(start, error)),
            }
        }
    }

    fn add(&mut self, root: &Path, entry: DirEntry) {
        let Some(path) = paths::below(root, entry.path()) else { return };
        let file_type = entry.file_type();
        let is_directory = entry.depth() == 0 || file_type.is_some_and(|kind| kind.is_dir());
        let matters = entry.file_name().to_str().is_some_and(may_matter);
        if let Some(seen) = self.seen.as_mut().filter(|_| is_directory || matters) {
            seen.look_at(entry.path().to_owned());
        }
        // The start may itself be a symbolic link.
        if is_directory {
            if matters && entry.depth() > 0 {
                self.files.insert(path.clone(), Candidate { path: entry.path().to_owned(), file_type, named: false });
            }
            self.directories.insert(path);
        } else if matters {
            self.files.insert(path, Candidate { path: entry.into_path(), file_type, named: false });
        }
    }
}

/// Directories full of other people's files, which not every repository tells git to ignore.
fn is_machine_made(entry: &DirEntry) -> bool {
    entry.depth() > 0
        && entry.file_type().is_some_and(|kind| kind.is_dir())
        && (entry.file_name() == "node_modules" || (entry.file_name() == "target" && entry.path().join("CACHEDIR.TAG").exists()))
}

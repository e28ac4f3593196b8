//! Trees that stay loaded while their files change, for whoever judges them again and again.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use promolint_analysis::file::{kind_by_content, kind_by_place, may_matter};
use promolint_analysis::{FileKind, FilePath, Settings, SourceFile};

use crate::discovery::{Candidate, Discovery};
use crate::git::{self, After, Before, Comparison, GitError};
use crate::reading::{self, Outcome};
use crate::scope::Scope;
use crate::seen::Seen;
use crate::{Configuration, ConfigurationError, Request, configuration, paths};

/// What is judged together with a file or directory.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Surroundings {
    /// The directory that paths are relative to.
    pub root: PathBuf,
    /// Whether everything below the root is judged together; if not, the file stands alone.
    pub whole: bool,
}

impl Surroundings {
    /// Of a file, or of a text that would stand there.
    pub fn of_file(file: &Path) -> Self {
        let Scope { root, whole } = Scope::of_file(file);
        Self { root, whole }
    }

    /// Of a directory.
    pub fn of_directory(directory: &Path) -> Self {
        let Scope { root, whole } = Scope::of_directory(directory);
        Self { root, whole }
    }

    /// A path as the analysis names it; none outside the root.
    pub fn name(&self, path: &Path) -> Option<String> {
        paths::below(&self.root, path)
    }

    /// Where a configuration would be in force, nearest first.
    pub fn configuration_places(&self) -> impl Iterator<Item = PathBuf> {
        self.root.ancestors().map(|above| above.join(configuration::FILE_NAME))
    }

    /// The configuration in force, with rules from elsewhere selected or ignored over it.
    pub fn configure(&self, select: &[String], ignore: &[String]) -> Result<(Configuration, Settings), ConfigurationError> {
        crate::configure(&Request { directory: self.root.clone(), select: select.to_vec(), ignore: ignore.to_vec(), ..Request::default() })
    }
}

/// The files of a tree as they are on disk.
#[derive(Clone, Debug, Default)]
pub struct DiskTree {
    root: PathBuf,
    whole: bool,
    files: BTreeMap<FilePath, Arc<SourceFile>>,
    directories: HashSet<String>,
    lacks_files: bool,
    seen: Seen,
}

impl DiskTree {
    /// Reads everything that is judged together. Files of `known` whose text is the same stay the same objects.
    pub fn read(surroundings: &Surroundings, known: Option<&Self>) -> Self {
        let root = surroundings.root.clone();
        let mut tree = Self { root: root.clone(), whole: surroundings.whole, ..Self::default() };
        if !surroundings.whole {
            return tree;
        }
        let mut seen = Seen::default();
        if let Some(log) = head_log(&root) {
            seen.look_at(log);
        }
        let mut discovery = Discovery { seen: Some(seen), ..Discovery::default() };
        discovery.walk(&root, &root);
        tree.seen = discovery.seen.unwrap_or_default();
        tree.lacks_files = !discovery.problems.is_empty();
        tree.directories = discovery.directories;
        for (path, candidate) in discovery.files {
            tree.put(&path, &candidate, known.and_then(|known| known.files.get(path.as_str())));
        }
        tree
    }

    /// Reads one file again: it may have changed, come or gone.
    pub fn reread(&mut self, path: &str) {
        let known = self.files.remove(path);
        if !self.whole || !may_matter(path.rsplit('/').next().unwrap_or_default()) {
            return;
        }
        let candidate = Candidate { path: self.root.join(path), file_type: None, named: false };
        self.seen.look_at(candidate.path.clone());
        if candidate.path.is_file() {
            self.put(path, &candidate, known.as_ref());
        }
    }

    /// Gives a file away that is held elsewhere now; [`DiskTree::reread`] brings it back.
    pub fn give(&mut self, path: &str) -> Option<Arc<SourceFile>> {
        self.files.remove(path)
    }

    /// Takes a file back that was given away, as it is known elsewhere; what is on disk, [`DiskTree::reread`] tells.
    pub fn take_back(&mut self, file: Arc<SourceFile>) {
        self.files.insert(file.path().clone(), file);
    }

    /// Whether reading a file again tells all of its change: it stands in a directory that was read, and is none itself.
    pub fn is_single(&self, path: &str) -> bool {
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let is_directory = self.directories.contains(path) || self.root.join(path).is_dir();
        self.directories.contains(directory) && !is_directory
    }

    /// Whether files or directories have come, gone or been written since they were read, or a commit was made.
    pub fn is_outdated(&self) -> bool {
        self.seen.is_outdated()
    }

    /// What stood before a change, of which `open` files are a part that is not on disk. None if it is the state
    /// of a commit that is known.
    pub fn before(&self, comparison: &Comparison, open: Vec<Arc<SourceFile>>, known: Option<&str>) -> Result<Option<Before>, GitError> {
        let mut files = self.files.clone();
        let replaced: HashSet<String> = open.iter().map(|file| file.path().to_string()).collect();
        files.extend(open.into_iter().map(|file| (file.path().clone(), file)));
        let seen: HashSet<String> = files.keys().map(ToString::to_string).collect();
        let after = After {
            root: &self.root,
            files: &mut files,
            seen: &seen,
            directories: &self.directories,
            replaced: &replaced,
            complete: self.is_complete(),
        };
        git::read_unknown(comparison, after, known)
    }

    fn put(&mut self, path: &str, candidate: &Candidate, known: Option<&Arc<SourceFile>>) {
        let outcome = reading::read(path, candidate, &|path| self.directories.contains(path), known);
        match outcome {
            Outcome::File(file) => {
                self.files.insert(file.path().clone(), file);
            }
            Outcome::Foreign => {}
            Outcome::Unreadable(_) => self.lacks_files = true,
        }
    }

    /// The directory that paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The files by path.
    pub fn files(&self) -> &BTreeMap<FilePath, Arc<SourceFile>> {
        &self.files
    }

    /// Whether a file that is not here does not exist either.
    pub fn is_complete(&self) -> bool {
        self.whole && !self.lacks_files
    }

    /// What a text at this path would be; none for what is no promotion file.
    pub fn kind(&self, path: &str, text: &str) -> Option<FileKind> {
        if !may_matter(path.rsplit('/').next().unwrap_or_default()) {
            return None;
        }
        kind_by_place(path, &|path| self.directories.contains(path)).or_else(|| kind_by_content(path, text))
    }
}

/// The file that git writes to with every commit and checkout.
fn head_log(root: &Path) -> Option<PathBuf> {
    let git = root.ancestors().map(|above| above.join(".git")).find(|git| git.exists())?;
    // In a linked work tree it is a file that names the directory.
    let linked = fs::read_to_string(&git).ok().and_then(|text| Some(git.parent()?.join(text.strip_prefix("gitdir:")?.trim())));
    Some(linked.unwrap_or(git).join("logs/HEAD"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_are_seen_in_linked_work_trees_too() {
        let directory = tempfile::tempdir().unwrap();
        let (plain, linked) = (directory.path().join("plain"), directory.path().join("linked"));
        fs::create_dir_all(plain.join(".git")).unwrap();
        fs::create_dir_all(plain.join("images")).unwrap();
        fs::create_dir_all(&linked).unwrap();
        fs::write(linked.join(".git"), "gitdir: ../plain/.git/worktrees/linked\n").unwrap();
        assert_eq!(head_log(&plain.join("images")), Some(plain.join(".git/logs/HEAD")));
        assert_eq!(head_log(&linked), Some(linked.join("../plain/.git/worktrees/linked/logs/HEAD")));
    }
}

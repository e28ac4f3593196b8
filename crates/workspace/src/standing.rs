//! Trees that stay loaded while their files change, for whoever judges them again and again.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use promolint_analysis::file::{kind_by_content, kind_by_place, may_matter};
use promolint_analysis::{FileKind, FilePath, Settings, SourceFile};

use crate::discovery::{Candidate, Discovery};
use crate::git::{self, After, Before, Comparison, GitError};
use crate::reading::{self, Outcome};
use crate::scope::Scope;
use crate::{Configuration, ConfigurationError, Request, paths};

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
}

impl DiskTree {
    /// Reads everything that is judged together. Files of `known` whose text is the same stay the same objects.
    pub fn read(surroundings: &Surroundings, known: Option<&Self>) -> Self {
        let root = surroundings.root.clone();
        let mut tree = Self { root: root.clone(), whole: surroundings.whole, ..Self::default() };
        if !surroundings.whole {
            return tree;
        }
        let mut discovery = Discovery::default();
        discovery.walk(&root, &root);
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
        let candidate = Candidate { path: self.root.join(path), file_type: None, named: false };
        if self.whole && may_matter(path.rsplit('/').next().unwrap_or_default()) && candidate.path.is_file() {
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

    /// A number that is another one when files or directories have come, gone or been written since.
    pub fn stamp(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let directories: BTreeSet<&str> = self.directories.iter().map(String::as_str).collect();
        for path in self.files.keys().map(AsRef::as_ref).chain(directories) {
            let metadata = self.root.join(path).metadata().ok();
            let state = metadata.map(|metadata| (metadata.len(), metadata.modified().ok()));
            (path, state).hash(&mut hasher);
        }
        hasher.finish()
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

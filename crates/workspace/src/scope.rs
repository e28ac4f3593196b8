//! What is judged together with a path that was asked for.
//!
//! A single manifest can only be judged with the tree around it, and a tree with the people and
//! projects that are declared beside it. So the *root* of a path is the repository it lies in, told
//! by `.git` or `OWNERS_ALIASES` beside a promotion tree, or by `promolint.toml` where there is no `.git` above; without one, the
//! directory of its promotion tree, or the one above if that declares people or projects.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use promolint_analysis::FileKind;
use promolint_analysis::file::{Half, kind_of_named_file};

use crate::configuration::FILE_NAME;
use crate::paths;

/// The surroundings of a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The directory that holds everything that is judged together with it.
    pub(crate) root: PathBuf,
    /// Whether the root is read. If not, the file stands alone, and what is missing may well exist.
    pub(crate) whole: bool,
}

impl Scope {
    /// The scope of a directory.
    pub(crate) fn of_directory(directory: &Path) -> Self {
        Self { root: root(directory).unwrap_or_else(|| directory.to_owned()), whole: true }
    }

    /// The scope of a file, or of a text that would stand there.
    pub(crate) fn of_file(file: &Path) -> Self {
        let directory = file.parent().unwrap_or(file);
        let Some(root) = root(directory) else {
            return Self { root: implied_root(directory).to_owned(), whole: false };
        };
        // A manifest outside any tree has no surroundings, and what else the repository holds has
        // nothing to do with it.
        let name = paths::below(&root, file).unwrap_or_default();
        let needs_tree = matches!(
            kind_of_named_file(&name, ""),
            Some(FileKind::Images | FileKind::PromoterManifest | FileKind::FilePromoterManifest | FileKind::FileManifest)
        );
        let whole = if needs_tree { tree(directory).is_some_and(|tree| tree.starts_with(&root)) } else { directory.is_dir() };
        Self { root, whole }
    }
}

fn root(directory: &Path) -> Option<PathBuf> {
    // A configuration inside a repository is one for a part of it, whose people and projects are declared above.
    let is_in_repository = directory.ancestors().any(is_repository);
    let marked = |above: &&Path| is_marked(above) || !is_in_repository && above.join(FILE_NAME).is_file();
    if let Some(marked) = directory.ancestors().find(marked) {
        return Some(marked.to_owned());
    }
    let tree = tree(directory)?;
    let above = tree.parent().filter(|above| ["OWNERS_ALIASES", "groups", "infra"].iter().any(|fact| above.join(fact).exists()));
    Some(above.unwrap_or(tree).to_owned())
}

/// The root that the names of the directories speak of, so that they stand in the file's path and tell
/// what it is: above `live` for `live/images/widget`, whether that exists or not.
fn implied_root(directory: &Path) -> &Path {
    let telling = |part: &&Path| part.file_name().and_then(OsStr::to_str).and_then(Half::named).is_some();
    let tree = directory.ancestors().find(telling).and_then(Path::parent);
    tree.map_or(directory, |tree| tree.parent().unwrap_or(tree))
}

fn is_marked(directory: &Path) -> bool {
    is_repository(directory) || (directory.join("OWNERS_ALIASES").is_file() && has_tree(directory))
}

fn is_repository(directory: &Path) -> bool {
    directory.join(".git").exists()
}

fn has_tree(directory: &Path) -> bool {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    is_tree(directory) || entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).any(|entry| is_tree(&entry.path()))
}

/// The promotion tree that a directory lies in.
fn tree(directory: &Path) -> Option<&Path> {
    directory.ancestors().find(|above| is_tree(above))
}

fn is_tree(directory: &Path) -> bool {
    directory.join("manifests").is_dir() && (directory.join("images").is_dir() || directory.join("filestores").is_dir())
}

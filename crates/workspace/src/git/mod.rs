//! What stood before a change, read from git without a checkout.
//!
//! The `git` program is asked, no library: it alone knows the user's attributes, partial clones and
//! credentials. `program` runs it, `revision` finds the commit to compare with, `tree` lists and reads
//! files.

mod error;
mod program;
mod revision;
mod tree;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use promolint_analysis::file::{kind_by_place, may_matter};
use promolint_analysis::{FilePath, Policy, Snapshot, SourceFile};

pub use error::{GitError, GitErrorKind};
pub use program::guarded_command;

use self::program::Git;
use self::revision::Base;
use self::tree::Blob;
use crate::reading;

/// What the files on disk are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The files on disk with what `HEAD` and this revision have in common.
    Since(String),
    /// The files on disk with the base of a pull request: where `HEAD` merges its head into a branch, with
    /// the state of that branch, else as [`Comparison::Since`] with the base that was recorded.
    PullRequest {
        /// The commit that the pull request names as its base.
        base: String,
        /// The last commit of the pull request.
        head: String,
    },
    /// The files on disk with what `HEAD` and the main branch have in common, whatever that is called and
    /// wherever it is known best.
    Branch,
    /// What is staged with the last commit.
    Staged,
}

/// The state before a change.
#[derive(Debug)]
pub struct Before {
    /// The files as they were; those that did not change are the same objects as afterwards.
    pub snapshot: Snapshot,
    /// The commit, abbreviated; none where there is no commit yet.
    pub commit: Option<String>,
    /// What is to be known about the choice of the commit.
    pub note: Option<String>,
    /// The policy that was in force, where the configuration says another one now.
    pub policy: Option<Box<Policy>>,
}

/// The files that are judged, and what is known about where they are from.
pub(crate) struct After<'c> {
    /// Absolute directory that the paths are relative to.
    pub(crate) root: &'c Path,
    /// The files by path. [`Comparison::Staged`] replaces them by what is staged.
    pub(crate) files: &'c mut BTreeMap<FilePath, Arc<SourceFile>>,
    /// All paths that were looked at.
    pub(crate) seen: &'c HashSet<String>,
    /// All directories.
    pub(crate) directories: &'c HashSet<String>,
    /// The paths whose text is not the one on disk.
    pub(crate) replaced: &'c HashSet<String>,
    /// Whether a file that is not here does not exist either.
    pub(crate) complete: bool,
}

/// Finds the state before the change.
pub(crate) fn read_before(comparison: &Comparison, after: After<'_>) -> Result<Before, GitError> {
    let git = Git::find(after.root)?;
    let base = base(&git, comparison)?;
    read(&git, comparison, base, after)
}

/// The text that a file had in a commit; none if it was not there. `path` is relative to `root`, with `/`, and may
/// lead out of it.
pub(crate) fn text_before(root: &Path, commit: &str, path: &str) -> Option<String> {
    let git = Git::find(root).ok()?;
    // Of a path that does not begin so, git thinks as seen from the top of the repository.
    let path = if path.starts_with("../") { path.to_owned() } else { format!("./{path}") };
    let bytes = git.output(&["cat-file", "blob", &format!("{commit}:{path}")]).ok()?;
    String::from_utf8(bytes).ok()
}

/// Finds the state before the change; none if it is that of a commit which is known. Nothing runs that the
/// repository names.
pub(crate) fn read_unknown(comparison: &Comparison, after: After<'_>, known: Option<&str>) -> Result<Option<Before>, GitError> {
    let git = Git::find_guarded(after.root)?;
    let base = base(&git, comparison)?;
    if known.is_some() && base.commit.as_deref() == known {
        return Ok(None);
    }
    read(&git, comparison, base, after).map(Some)
}

fn base(git: &Git, comparison: &Comparison) -> Result<Base, GitError> {
    match comparison {
        Comparison::Since(revision) => revision::base(git, revision),
        Comparison::PullRequest { base, head } => {
            let merged = revision::merged_into(git, head)?;
            revision::base(git, merged.as_ref().unwrap_or(base))
        }
        Comparison::Branch => revision::branch(git),
        Comparison::Staged => revision::head(git),
    }
}

fn read(git: &Git, comparison: &Comparison, base: Base, mut after: After<'_>) -> Result<Before, GitError> {
    let old = tree::of_commit(git, &base.tree)?;
    let now = match comparison {
        Comparison::Staged => take_staged(git, &mut after)?,
        Comparison::Since(_) | Comparison::PullRequest { .. } | Comparison::Branch => on_disk(git, &after, &old)?,
    };
    let files = files_before(git, &after, &old, &now)?;
    Ok(Before { snapshot: Snapshot::new(files, after.complete), commit: base.commit, note: base.note, policy: None })
}

/// The contents that git would store for the files. Not from its index: the times that it remembers do not
/// tell of every change.
fn on_disk(git: &Git, after: &After<'_>, old: &BTreeMap<String, Blob>) -> Result<BTreeMap<String, Blob>, GitError> {
    let read = after.files.values().filter(|file| old.contains_key(&**file.path()) && !after.replaced.contains(&**file.path()));
    let mut now = tree::of_files(git, read)?;
    // What is not read belongs to neither side, unless it is gone. A file can be left out of a sparse checkout, too.
    let unread = old.keys().filter(|path| !now.contains_key(*path));
    let unread = unread.filter(|path| may_matter(name(path)) && !after.seen.contains(*path));
    let (there, missing): (Vec<&String>, Vec<&String>) = unread.partition(|path| after.root.join(path).symlink_metadata().is_ok());
    let left_out = if missing.is_empty() { BTreeSet::new() } else { tree::left_out(git)? };
    let kept = there.into_iter().chain(missing.into_iter().filter(|path| left_out.contains(*path)));
    now.extend(kept.map(|path| (path.clone(), old[path].clone())));
    Ok(now)
}

/// Puts what is staged in the place of what is on disk, and tells the contents of all that is staged.
fn take_staged(git: &Git, after: &mut After<'_>) -> Result<BTreeMap<String, Blob>, GitError> {
    let staged = tree::of_index(git)?;
    after.files.retain(|path, _| staged.contains_key(&**path));
    let on_disk = tree::of_files(git, after.files.values())?;
    let is_wanted =
        |path: &str| after.files.contains_key(path) || (after.complete && may_matter(name(path)) && !after.root.join(path).exists());
    let changed = staged.iter().filter(|(path, blob)| on_disk.get(*path) != Some(*blob) && is_wanted(path));
    let changed: Vec<(&str, &Blob)> = changed.map(|(path, blob)| (path.as_str(), blob)).collect();
    let directories = directories(&staged);
    let is_directory = |directory: &str| directories.contains(directory);
    for (path, bytes) in tree::read(git, &changed)? {
        match parsed(path, bytes, &is_directory) {
            Some(file) => after.files.insert(file.path().clone(), file),
            None => after.files.remove(path),
        };
    }
    Ok(staged)
}

/// The files of the base: the same objects where nothing changed, else as git has them.
fn files_before(
    git: &Git,
    after: &After<'_>,
    old: &BTreeMap<String, Blob>,
    now: &BTreeMap<String, Blob>,
) -> Result<Vec<Arc<SourceFile>>, GitError> {
    let mut files = Vec::new();
    let mut changed: Vec<(&str, &Blob)> = Vec::new();
    for (path, blob) in old.iter().filter(|(path, _)| may_matter(name(path))) {
        let is_same = now.get(path) == Some(blob) && !after.replaced.contains(path);
        match after.files.get(path.as_str()) {
            Some(file) if is_same || blob.is_link => files.push(Arc::clone(file)),
            Some(_) => changed.push((path, blob)),
            None if !is_same && !blob.is_link && after.complete => changed.push((path, blob)),
            None => {}
        }
    }
    let directories = directories(old);
    // A file whose directories vanished is still what it was among them.
    let is_directory = |path: &str| directories.contains(path) || after.directories.contains(path);
    for (path, bytes) in tree::read(git, &changed)? {
        let bytes = match after.files.get(path) {
            Some(now) if has_carriage_returns(now.text().as_bytes()) && !has_carriage_returns(&bytes) => {
                tree::read_as_checked_out(git, path, &old[path])?
            }
            _ => bytes,
        };
        let file = parsed(path, bytes, &is_directory);
        // A text that is not the one on disk may still be what it was.
        let same =
            after.files.get(path).filter(|now| file.as_ref().is_some_and(|file| file.kind() == now.kind() && file.text() == now.text()));
        files.extend(same.cloned().or(file));
    }
    Ok(files)
}

fn parsed(path: &str, bytes: Vec<u8>, is_directory: &dyn Fn(&str) -> bool) -> Option<Arc<SourceFile>> {
    let kind = kind_by_place(path, is_directory).or_else(|| reading::kind_of_bytes(path, &bytes, false))?;
    Some(Arc::new(SourceFile::from_bytes(path, kind, bytes)))
}

/// Every directory above the files.
fn directories<T>(files: &BTreeMap<String, T>) -> BTreeSet<&str> {
    let mut directories = BTreeSet::from([""]);
    for mut path in files.keys().map(String::as_str) {
        while let Some((above, _)) = path.rsplit_once('/') {
            if !directories.insert(above) {
                break;
            }
            path = above;
        }
    }
    directories
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn has_carriage_returns(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair == b"\r\n")
}

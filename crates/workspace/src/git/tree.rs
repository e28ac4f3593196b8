//! Which files a commit, the index and the disk have, and what is in them.
//!
//! Paths are relative to the directory that is checked, with `/`; what lies outside of it is left out.

use std::collections::{BTreeMap, BTreeSet};

use super::error::GitError;
use super::program::{Git, text};

/// The name of a file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blob {
    name: String,
    /// Whether the content is the path of another file.
    pub(super) is_link: bool,
}

/// The files of a commit or tree.
pub(super) fn of_commit(git: &Git, tree: &str) -> Result<BTreeMap<String, Blob>, GitError> {
    let listed = git.output(&["ls-tree", "-r", "-z", tree])?;
    // `mode type name\tpath`
    Ok(records(&listed).filter_map(|record| file(&record, 2)).collect())
}

/// The files of the index. Where a merge left conflicts, it does not say what a commit would hold.
pub(super) fn of_index(git: &Git) -> Result<BTreeMap<String, Blob>, GitError> {
    let listed = git.output(&["ls-files", "--stage", "-z"])?;
    // `mode name stage\tpath`
    let is_settled = |record: &String| record.split('\t').next().is_some_and(|fields| fields.ends_with(" 0"));
    if let Some(conflict) = records(&listed).find(|record| !is_settled(record)) {
        let path = conflict.split_once('\t').map_or("", |(_, path)| path);
        let help = Some("resolve the conflict and `git add` the file first".to_owned());
        return Err(GitError::unreadable(format!("{path} is in conflict, so what is staged cannot be told"), help));
    }
    Ok(records(&listed).filter_map(|record| file(&record, 1)).collect())
}

fn file(record: &str, name_field: usize) -> Option<(String, Blob)> {
    let (fields, path) = record.split_once('\t')?;
    let (mode, name) = (fields.split(' ').next()?, fields.split(' ').nth(name_field)?);
    // Submodules have another mode.
    let is_link = mode == "120000";
    (is_link || mode.starts_with("100")).then(|| (path.to_owned(), Blob { name: name.to_owned(), is_link }))
}

/// The contents of files on disk, under the names that git would give them, line breaks converted as
/// when they are added; as they are where the repository is not to be trusted.
pub(super) fn on_disk<'p>(git: &Git, paths: impl Iterator<Item = &'p str>) -> Result<BTreeMap<String, Blob>, GitError> {
    // One path a line; a path with a line break in it counts as changed.
    let paths: Vec<&str> = paths.filter(|path| !path.contains('\n')).collect();
    if paths.is_empty() {
        return Ok(BTreeMap::new());
    }
    let input: String = paths.iter().flat_map(|path| [git.prefix.as_str(), path, "\n"]).collect();
    let arguments: &[&str] =
        if git.is_guarded { &["hash-object", "--no-filters", "--stdin-paths"] } else { &["hash-object", "--stdin-paths"] };
    let names = text(&git.filter(arguments, input.as_bytes())?);
    let blobs = names.lines().map(|name| Blob { name: name.to_owned(), is_link: false });
    Ok(paths.into_iter().map(str::to_owned).zip(blobs).collect())
}

/// The files that a sparse checkout leaves out.
pub(super) fn left_out(git: &Git) -> Result<BTreeSet<String>, GitError> {
    let listed = git.output(&["ls-files", "-t", "-z"])?;
    // `S path`
    Ok(records(&listed).filter_map(|record| record.strip_prefix("S ").map(str::to_owned)).collect())
}

/// The contents of files as git keeps them. In a partial clone, git fetches them.
pub(super) fn read<'p>(git: &Git, files: &[(&'p str, &Blob)]) -> Result<Vec<(&'p str, Vec<u8>)>, GitError> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let names: String = files.iter().flat_map(|(_, blob)| [blob.name.as_str(), "\n"]).collect();
    let output = git.filter(&["cat-file", "--batch"], names.as_bytes())?;
    let mut rest = output.as_slice();
    let mut contents = Vec::with_capacity(files.len());
    for (path, _) in files {
        // `name type size`, the content, a line break.
        let content = header(rest).and_then(|(size, body)| Some((body.get(..size)?, body.get(size + 1..)?)));
        let Some((content, behind)) = content else {
            let message = format!("the earlier text of {path} is not in this clone");
            return Err(GitError::unreadable(message, Some("fetch it with `git fetch --refetch`, or clone anew".to_owned())));
        };
        contents.push((*path, content.to_vec()));
        rest = behind;
    }
    Ok(contents)
}

/// The size of the next content, and what stands behind the line that tells it.
fn header(output: &[u8]) -> Option<(usize, &[u8])> {
    let end = output.iter().position(|byte| *byte == b'\n')?;
    let line = text(&output[..end]);
    let mut words = line.split(' ').skip(1);
    words.next().filter(|kind| *kind == "blob")?;
    Some((words.next()?.parse().ok()?, &output[end + 1..]))
}

/// A file as a checkout would write it, with the line breaks of the user's platform.
pub(super) fn read_as_checked_out(git: &Git, path: &str, blob: &Blob) -> Result<Vec<u8>, GitError> {
    if git.is_guarded {
        let content = read(git, &[(path, blob)])?.into_iter().next().map(|(_, content)| content).unwrap_or_default();
        return Ok(content.split_inclusive(|byte| *byte == b'\n').flat_map(with_carriage_return).collect());
    }
    git.output(&["cat-file", "--filters", &format!("--path={}{path}", git.prefix), &blob.name])
}

fn with_carriage_return(line: &[u8]) -> Vec<u8> {
    line.strip_suffix(b"\n").map_or_else(|| line.to_vec(), |line| [line, b"\r\n"].concat())
}

fn records(listed: &[u8]) -> impl Iterator<Item = String> {
    listed.split(|byte| *byte == 0).filter(|record| !record.is_empty()).map(text)
}

//! Which files a commit, the index and the disk have, and what is in them.
//!
//! Paths are relative to the directory that is checked, with `/`; what lies outside of it is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use promolint_analysis::SourceFile;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::error::GitError;
use super::program::{Git, text};

/// The name of a file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blob {
    name: String,
    /// Whether the content is the path of another file.
    pub(super) is_link: bool,
}

impl Blob {
    fn file(name: &str) -> Self {
        Self { name: name.to_owned(), is_link: false }
    }
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

/// The contents of files under the names that git would give them, line breaks converted as when they are added.
/// Where the repository is not to be trusted, as they are in memory: a disk that is ahead of it tells nothing.
pub(super) fn of_files<'f>(git: &Git, files: impl Iterator<Item = &'f Arc<SourceFile>>) -> Result<BTreeMap<String, Blob>, GitError> {
    if git.is_guarded {
        return in_memory(git, files);
    }
    // One path a line, which a quote at its start would make another one; such a path counts as changed.
    let paths = files.map(|file| &**file.path()).filter(|path| !path.contains('\n') && !format!("{}{path}", git.prefix).starts_with('"'));
    let paths: Vec<&str> = paths.collect();
    if paths.is_empty() {
        return Ok(BTreeMap::new());
    }
    let input: String = paths.iter().flat_map(|path| [git.prefix.as_str(), path, "\n"]).collect();
    let names = text(&git.filter(&["hash-object", "--stdin-paths"], input.as_bytes())?);
    Ok(paths.into_iter().map(str::to_owned).zip(names.lines().map(Blob::file)).collect())
}

fn in_memory<'f>(git: &Git, files: impl Iterator<Item = &'f Arc<SourceFile>>) -> Result<BTreeMap<String, Blob>, GitError> {
    let name: fn(&[u8]) -> String = match git.line(&["rev-parse", "--show-object-format"])?.as_deref() {
        Some("sha256") => blob_name::<Sha256>,
        _ => blob_name::<Sha1>,
    };
    // What was replaced in a text is not there to be named.
    let whole = files.filter(|file| file.invalid_bytes().is_empty());
    Ok(whole.map(|file| (file.path().to_string(), Blob::file(&name(file.text().as_bytes())))).collect())
}

fn blob_name<D: Digest>(content: &[u8]) -> String {
    let digest = D::new().chain_update(format!("blob {}\0", content.len())).chain_update(content).finalize();
    digest.iter().fold(String::new(), |name, byte| name + &format!("{byte:02x}"))
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

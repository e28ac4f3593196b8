//! The commit that a change is compared with.
//!
//! It is the merge base of `HEAD` and the revision that was asked for, so that a branch is not judged for
//! what others added meanwhile. A shallow clone may lack it: then the command that fetches it is told.

use super::error::GitError;
use super::program::Git;

/// The commit that a change is compared with.
pub(super) struct Base {
    /// The name of its tree, or of the commit.
    pub(super) tree: String,
    /// The commit, abbreviated; none where there is no commit yet.
    pub(super) commit: Option<String>,
    /// What is to be known about the choice.
    pub(super) note: Option<String>,
}

/// What `HEAD` and a revision have in common.
pub(super) fn base(git: &Git, revision: &str) -> Result<Base, GitError> {
    let Some(asked) = commit(git, revision)? else { return Err(missing(git, revision)?) };
    let shared = git.line(&["merge-base", &asked, "HEAD"])?;
    let note = match shared {
        Some(_) => None,
        None if git.is_shallow => {
            Some(format!("this clone is too shallow to tell what HEAD and {revision} have in common; compared with {revision} itself"))
        }
        None => Some(format!("HEAD and {revision} have nothing in common; compared with {revision} itself")),
    };
    let commit = shared.unwrap_or(asked);
    Ok(Base { commit: Some(abbreviated(&commit)), tree: commit, note })
}

/// Names of main branches, the local ones last: a clone of a fork knows several.
const MAIN: [&str; 6] =
    ["refs/remotes/*/HEAD", "refs/remotes/*/main", "refs/remotes/*/master", "refs/heads/main", "refs/heads/master", "refs/heads/trunk"];

/// What `HEAD` and the main branch have in common: of all branches that may be it, with the one that `HEAD` left
/// last. Where there is none, or `HEAD` is on it, the last commit.
pub(super) fn branch(git: &Git) -> Result<Base, GitError> {
    let current = git.line(&["symbolic-ref", "--quiet", "HEAD"])?;
    let listed = super::program::text(&git.output(&[&["for-each-ref", "--format=%(objectname) %(refname)"][..], &MAIN].concat())?);
    let mut commits: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(_, name)| Some(*name) != current.as_deref())
        .map(|(commit, _)| commit)
        .collect();
    commits.sort_unstable();
    commits.dedup();
    let mut nearest: Option<(u64, String)> = None;
    for commit in commits {
        let Some(shared) = git.line(&["merge-base", commit, "HEAD"])? else { continue };
        let count = git.line(&["rev-list", "--count", &format!("{shared}..HEAD")])?;
        let distance = count.and_then(|count| count.parse().ok()).unwrap_or(u64::MAX);
        if nearest.as_ref().is_none_or(|(known, _)| distance < *known) {
            nearest = Some((distance, shared));
        }
    }
    match nearest {
        Some((_, commit)) => Ok(Base { commit: Some(abbreviated(&commit)), tree: commit, note: None }),
        None => head(git),
    }
}

/// The last commit, or nothing where there is none yet.
pub(super) fn head(git: &Git) -> Result<Base, GitError> {
    if let Some(commit) = commit(git, "HEAD")? {
        return Ok(Base { commit: Some(abbreviated(&commit)), tree: commit, note: None });
    }
    let empty = git.filter(&["hash-object", "-t", "tree", "--stdin"], b"")?;
    Ok(Base { tree: super::program::text(&empty).trim().to_owned(), commit: None, note: None })
}

/// The commit into which `HEAD` merges a pull request's head, by what the commit says: a shallow clone
/// knows the names of the parents without having them.
pub(super) fn merged_into(git: &Git, head: &str) -> Result<Option<String>, GitError> {
    let Some(text) = git.line(&["cat-file", "commit", "HEAD"])? else { return Ok(None) };
    let mut parents = text.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("parent "));
    let (first, second) = (parents.next(), parents.next());
    Ok(first.filter(|_| second == Some(head)).map(str::to_owned))
}

fn commit(git: &Git, revision: &str) -> Result<Option<String>, GitError> {
    git.line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])
}

fn abbreviated(commit: &str) -> String {
    commit.chars().take(12).collect()
}

/// Why there is no such commit here, and how to get it.
fn missing(git: &Git, revision: &str) -> Result<GitError, GitError> {
    let remote = remote(git)?;
    if is_full_name(revision) {
        let depth = if git.is_shallow { " --depth=1" } else { "" };
        let help = format!("fetch it: git fetch{depth} {remote} {revision}");
        return Ok(GitError::unreadable(format!("commit {revision} is not in this clone"), Some(help)));
    }
    let (start, generations) = ancestors(revision);
    if generations > 0 && git.is_shallow && commit(git, start)?.is_some() {
        let help = format!("fetch it: git fetch --deepen={generations} {remote}");
        return Ok(GitError::unreadable(format!("{revision} is not in this shallow clone"), Some(help)));
    }
    let help = if generations > 0 && commit(git, start)?.is_some() {
        Some(format!("the history of {start} does not reach back that far: before its first commit there is nothing to compare with"))
    } else {
        let is_named = revision.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.+".contains(&byte)) && !revision.starts_with('-');
        let is_remote_known = is_named && git.line(&["remote"])?.is_some_and(|remotes| !remotes.is_empty());
        let fetch = |branch: &str| format!("git fetch {remote} {branch}:refs/remotes/{remote}/{branch}");
        is_remote_known.then(|| match revision.strip_prefix(&format!("{remote}/")) {
            Some(branch) => format!("if the branch is not in this clone: {}", fetch(branch)),
            None => format!("if it is a branch that is not in this clone: {}, and name {remote}/{revision}", fetch(revision)),
        })
    };
    Ok(GitError::usage(format!("`{revision}` is no revision of this repository"), help))
}

/// `origin`, or the first remote if there is no such one.
fn remote(git: &Git) -> Result<String, GitError> {
    let remotes = super::program::text(&git.output(&["remote"])?);
    let first = remotes.lines().next().unwrap_or("origin");
    Ok(if remotes.lines().any(|remote| remote == "origin") { "origin" } else { first }.to_owned())
}

fn is_full_name(revision: &str) -> bool {
    matches!(revision.len(), 40 | 64) && revision.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Where a revision like `HEAD~2^` starts, and how many commits back it leads.
fn ancestors(revision: &str) -> (&str, u32) {
    let start = revision.find(['~', '^']).unwrap_or(revision.len());
    let mut generations = 0;
    let mut rest = &revision[start..];
    while let Some(step) = rest.chars().next() {
        let number = &rest[1..];
        let end = number.find(|character: char| !character.is_ascii_digit()).unwrap_or(number.len());
        generations += match (step, number[..end].parse::<u32>()) {
            ('~', Ok(number)) => number,
            // `^2` is the second parent, one commit back.
            _ => 1,
        };
        rest = &number[end..];
    }
    (&revision[..start], generations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generations_are_counted() {
        for (revision, expected) in
            [("HEAD", ("HEAD", 0)), ("HEAD~1", ("HEAD", 1)), ("HEAD^", ("HEAD", 1)), ("main~3^2~", ("main", 5)), ("HEAD^^", ("HEAD", 2))]
        {
            assert_eq!(ancestors(revision), expected, "{revision}");
        }
    }
}

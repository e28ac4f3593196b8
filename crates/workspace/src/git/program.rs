//! Runs the `git` program, so that what it says can be relied on.
//!
//! Hooks set variables that name the repository and its index. The repository is found from the checked
//! directory instead, as the hook's may be another one; the index counts if it belongs to it, because a
//! commit of single files has an index of its own.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::error::{GitError, GitErrorKind};

/// Variables that say which repository is meant.
const REPOSITORY: [&str; 5] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"];

/// Settings by which a repository has programs run for what looks like reading, with values that have none run.
const HARMLESS: [&str; 4] = ["-c", "core.fsmonitor=false", "-c", "log.showSignature=false"];

/// git, in a directory, such that nothing runs that a repository names: whoever looks at a file in an editor has
/// not agreed to what stands in `.git/config` and attributes. Nothing is fetched or written, and nobody asked.
/// What a command would run because of attributes (filters, `textconv`), its own options must prevent.
pub fn guarded_command(directory: &Path) -> Command {
    let mut command = quiet_command(directory);
    command.args(HARMLESS).env("GIT_ALLOW_PROTOCOL", "none").env("GIT_NO_LAZY_FETCH", "1");
    command
}

/// git, in a directory, such that what it says can be read.
fn quiet_command(directory: &Path) -> Command {
    let mut command = Command::new("git");
    // Words that are read must not be translated, and nothing is to be written or asked.
    command.current_dir(directory).env("LC_ALL", "C").env_remove("LANGUAGE");
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
    command
}

/// git, in a directory of a repository.
pub(super) struct Git {
    directory: PathBuf,
    /// The top of the working tree.
    top: PathBuf,
    /// The directory below the top, with a slash behind it; empty at the top.
    pub(super) prefix: String,
    /// The index, where it is not the usual one.
    index: Option<PathBuf>,
    /// Whether the repository is the one that the environment names.
    by_environment: bool,
    /// Whether earlier commits may be missing.
    pub(super) is_shallow: bool,
    /// Whether nothing may run that the repository names.
    pub(super) is_guarded: bool,
}

impl Git {
    /// The repository that a directory lies in.
    pub(super) fn find(directory: &Path) -> Result<Self, GitError> {
        Self::find_as(directory, false)
    }

    /// As [`Git::find`], for a repository that nobody vouches for: see [`guarded_command`].
    pub(super) fn find_guarded(directory: &Path) -> Result<Self, GitError> {
        Self::find_as(directory, true)
    }

    fn find_as(directory: &Path, is_guarded: bool) -> Result<Self, GitError> {
        let start = |by_environment| {
            let (directory, top) = (directory.to_owned(), directory.to_owned());
            Self { directory, top, prefix: String::new(), index: None, by_environment, is_shallow: false, is_guarded }
        };
        let mut git = start(false);
        let asked =
            ["rev-parse", "--is-shallow-repository", "--is-inside-work-tree", "--absolute-git-dir", "--show-prefix", "--show-toplevel"];
        let mut output = git.run(&asked)?;
        if !output.status.success() && env::var_os("GIT_DIR").is_some() {
            let named = start(true);
            let answer = named.run(&asked)?;
            if answer.status.success() {
                (git, output) = (named, answer);
            }
        }
        if !output.status.success() {
            return Err(no_repository(directory, &output));
        }
        let answer = text(&output.stdout);
        let mut lines = answer.lines();
        git.is_shallow = lines.next() == Some("true");
        if lines.next() != Some("true") {
            return Err(GitError::unreadable(format!("{} lies in the inside of a git repository", directory.display()), None));
        }
        let git_directory = lines.next().map(PathBuf::from).unwrap_or_default();
        lines.next().unwrap_or_default().clone_into(&mut git.prefix);
        git.top = lines.next().map_or_else(|| directory.to_owned(), PathBuf::from);
        git.index = env::var_os("GIT_INDEX_FILE").map(absolute).filter(|index| index.starts_with(&git_directory));
        Ok(git)
    }

    /// The output of a command, which must succeed.
    pub(super) fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = self.run(arguments)?;
        if output.status.success() { Ok(output.stdout) } else { Err(failed(arguments, &output)) }
    }

    /// The single line that a command prints; none if it fails.
    pub(super) fn line(&self, arguments: &[&str]) -> Result<Option<String>, GitError> {
        let output = self.run(arguments)?;
        let line = text(&output.stdout).trim_end().to_owned();
        Ok((output.status.success() && !line.is_empty()).then_some(line))
    }

    /// The output of a command that reads `input`. It runs at the top of the working tree.
    pub(super) fn filter(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        let run = || -> io::Result<Output> {
            let mut child = self
                .command(arguments)
                .current_dir(&self.top)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()?;
            let stdin = child.stdin.take();
            std::thread::scope(|scope| {
                // Beside reading: git answers before it has read everything.
                let writer = scope.spawn(move || stdin.map_or(Ok(()), |mut stdin| stdin.write_all(input)));
                let output = child.wait_with_output();
                // A git that ends early says why itself.
                let _ = writer.join();
                output
            })
        };
        let output = run().map_err(|error| not_started(&error))?;
        if output.status.success() { Ok(output.stdout) } else { Err(failed(arguments, &output)) }
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, GitError> {
        self.command(arguments).stdin(Stdio::null()).output().map_err(|error| not_started(&error))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = if self.is_guarded { guarded_command(&self.directory) } else { quiet_command(&self.directory) };
        command.args(arguments);
        for name in REPOSITORY {
            match env::var_os(name) {
                Some(value) if self.by_environment && name != "GIT_PREFIX" => command.env(name, absolute(value)),
                _ => command.env_remove(name),
            };
        }
        match &self.index {
            Some(index) => command.env("GIT_INDEX_FILE", index),
            None => command.env_remove("GIT_INDEX_FILE"),
        };
        if let Some(objects) = env::var_os("GIT_OBJECT_DIRECTORY") {
            command.env("GIT_OBJECT_DIRECTORY", absolute(objects));
        }
        command
    }
}

/// A path of the environment, which is relative to the working directory of the process.
fn absolute(path: OsString) -> PathBuf {
    std::path::absolute(&path).unwrap_or_else(|_| PathBuf::from(path))
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn not_started(error: &io::Error) -> GitError {
    let help = "install git, or judge the tree as it stands with --no-since";
    GitError::unreadable(format!("cannot run git: {error}"), Some(help.to_owned()))
}

fn no_repository(directory: &Path, output: &Output) -> GitError {
    let said = text(&output.stderr);
    if said.contains("dubious ownership") {
        let help = said.lines().map(str::trim).find(|line| line.starts_with("git config --global --add safe.directory"));
        let message = format!("git does not trust the repository of {}: it belongs to another user", directory.display());
        return GitError::unreadable(message, help.map(|command| format!("run `{command}`")));
    }
    if said.contains("not a git repository") {
        return GitError {
            message: format!("{} lies in no git repository, so there is nothing to compare with", directory.display()),
            help: None,
            kind: GitErrorKind::NoRepository,
        };
    }
    failed(&["rev-parse"], output)
}

/// What git itself says, without its first word.
fn failed(arguments: &[&str], output: &Output) -> GitError {
    let said = text(&output.stderr);
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let telling = lines.iter().find(|line| line.starts_with("fatal: ") || line.starts_with("error: ")).or(lines.last());
    let said = telling.map_or("it ended without a word", |line| line.trim_start_matches("fatal: ").trim_start_matches("error: "));
    GitError::unreadable(format!("git {} failed: {said}", arguments.first().unwrap_or(&"")), None)
}

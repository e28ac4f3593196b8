//! What git knows of a line: asked only when somebody looks, with a time limit, and remembered.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use promolint_workspace::git::guarded_command;
use tokio::process::Command;
use tokio::time::timeout;

/// How long an answer may take; then there is none.
const LIMIT: Duration = Duration::from_millis(2500);

/// Answers of git.
#[derive(Debug, Default)]
pub(crate) struct Git {
    first: Mutex<HashMap<(PathBuf, String), Option<String>>>,
}

impl Git {
    /// The commit that brought a word into a file, in Markdown.
    pub(crate) async fn first_commit(&self, file: &Path, word: &str) -> Option<String> {
        let key = (file.to_owned(), word.to_owned());
        if let Some(known) = self.first.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let mut command = guarded_command(file.parent()?);
        command.args(["log", "--no-textconv", "--no-ext-diff", "--reverse", "--format=%h%x09%as%x09%an%x09%s"]);
        command.arg(format!("-S{word}")).arg("--").arg(file.file_name()?);
        let output = timeout(LIMIT, output(command)).await.ok()??;
        let line = output.lines().next();
        let parts: Option<[&str; 4]> = line.and_then(|line| line.splitn(4, '\t').collect::<Vec<_>>().try_into().ok());
        let text = parts.map(|[hash, day, author, subject]| {
            let safe = |text: &str| text.replace(['`', '<', '>'], "'");
            format!("First seen {day} in `{hash}` by {}: {}", safe(author), safe(subject))
        });
        self.first.lock().unwrap_or_else(PoisonError::into_inner).insert(key, text.clone());
        text
    }

    /// When each line from `first` to `last` (from 1) of a file came into its last commit, in seconds since 1970: by
    /// the text of the line, as the file may have been edited since. The work tree is not looked at.
    pub(crate) async fn times(&self, file: &Path, first: u32, last: u32) -> Option<HashMap<String, i64>> {
        let mut command = guarded_command(file.parent()?);
        command.args(["blame", "--no-textconv", "--line-porcelain", "-L"]);
        command.arg(format!("{first},{last}")).args(["HEAD", "--"]).arg(file.file_name()?);
        let output = timeout(LIMIT, output(command)).await.ok()??;
        let (mut times, mut time) = (HashMap::new(), None);
        for line in output.lines() {
            if let Some(seconds) = line.strip_prefix("author-time ") {
                time = seconds.parse().ok();
            } else if let Some((text, time)) = line.strip_prefix('\t').zip(time) {
                times.insert(text.to_owned(), time);
            }
        }
        Some(times)
    }
}

async fn output(command: std::process::Command) -> Option<String> {
    let mut command = Command::from(command);
    command.stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
